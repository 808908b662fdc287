"""FHIR R4: the one room that knows its spelling. It reads plain dictionaries strictly and follows no link outside."""

from aldes.exchange.fhir.bundle import read_bundle

__all__ = ["read_bundle"]
