"""Other ways in which the drug is given, in words: they are shown and never ordered."""

from dataclasses import dataclass

from aldes.protocols.fields import Fields
from aldes.protocols.row import Cited


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen(Cited):
    """A regimen that this program does not run."""


def read_regimen(fields: Fields) -> Regimen:
    """A block [[regimen]]: words, source and status, and nothing that could be computed with."""
    fields.known({"id", "words", "source", "status", "signed"})
    return Regimen(**fields.cited())
