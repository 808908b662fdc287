"""The published outcomes that ship with the program: series, their figures, and what stands beside them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.evidence.context import (
    Check,
    Conflict,
    Dataset,
    Guideline,
    NewerTrial,
    read_checks,
    read_conflicts,
    read_datasets,
    read_guidelines,
    read_newer,
)
from aldes.evidence.fields import Fields
from aldes.evidence.read_series import read_definitions, read_overlaps, read_series
from aldes.evidence.register import Register, read_register
from aldes.evidence.series import Definition, Endpoint, Overlap, Series

TRIALS, NEWER, CONTEXT = "trials.toml", "newer_therapies.toml", "outcome_context.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Everything published that the program knows of outcomes."""

    definitions: tuple[Definition, ...]
    series: Mapping[str, Series]
    overlaps: tuple[Overlap, ...]
    newer: tuple[NewerTrial, ...]
    conflicts: tuple[Conflict, ...]
    guidelines: tuple[Guideline, ...]
    datasets: tuple[Dataset, ...]
    checks: tuple[Check, ...]
    gaps: tuple[str, ...]

    def endpoints(self) -> Iterator[Endpoint]:
        """Every figure, in the order of the file."""
        for each in self.series.values():
            yield from each.endpoints

    def endpoint(self, id: str) -> Endpoint:
        """The figure of this id.

        Raises
        ------
        ProtocolError
            With the nearest known id.
        """
        known = {each.id: each for each in self.endpoints()}
        if id not in known:
            raise ProtocolError(f"Endpoint '{id}' is not in the register.{nearest(id, known)}")
        return known[id]


@cache
def read_outcomes() -> Outcomes:
    """The outcomes that ship with the program, read once."""
    folder = files("aldes.evidence")
    texts = {name: folder.joinpath(name).read_text(encoding="utf-8") for name in (TRIALS, NEWER, CONTEXT)}
    return parse_outcomes(texts[TRIALS], texts[NEWER], texts[CONTEXT], read_register())


def parse_outcomes(trials: str, newer: str, context: str, register: Register) -> Outcomes:
    """Outcomes from the texts of their three files, cited against a register.

    Raises
    ------
    ProtocolError
        Naming file, entry and fault.
    """
    own, others, beside = _toml(trials, TRIALS), _toml(newer, NEWER), _toml(context, CONTEXT)
    _only(own, TRIALS, ("definition", "overlap", "series"))
    _only(others, NEWER, ("trial",))
    _only(beside, CONTEXT, ("conflict", "guideline", "dataset", "check", "gap"))
    series = read_series(own.get("series", []), TRIALS, register.cite)
    _check_marks(series, register)
    return Outcomes(
        definitions=read_definitions(own.get("definition", []), TRIALS),
        series=series,
        overlaps=read_overlaps(own.get("overlap", []), TRIALS, series),
        newer=read_newer(others.get("trial", []), NEWER),
        conflicts=read_conflicts(beside.get("conflict", []), CONTEXT, lambda key: register.source(key).key),
        guidelines=read_guidelines(beside.get("guideline", []), CONTEXT),
        datasets=read_datasets(beside.get("dataset", []), CONTEXT),
        checks=read_checks(beside.get("check", []), CONTEXT, series),
        gaps=tuple(_gap(each) for each in beside.get("gap", [])),
    )


def _check_marks(series: Mapping[str, Series], register: Register) -> None:
    for each in series.values():
        for endpoint in each.endpoints:
            if register.source(endpoint.source.source).reference_only:
                raise ProtocolError(
                    f"{TRIALS}: '{endpoint.id}' rests on '{endpoint.source.source}', which is marked reference_only; "
                    "remove the mark."
                )


def _toml(text: str, file: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ProtocolError(f"{file}: this cannot be read as TOML: {fault}.") from None


def _only(data: Mapping[str, Any], file: str, names: tuple[str, ...]) -> None:
    for name, tables in data.items():
        if name not in names or not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            accepted = ", ".join(f"[[{each}]]" for each in names)
            raise ProtocolError(f"{file}: '{name}' is no list of tables; write {accepted}.")


def _gap(table: Mapping[str, Any]) -> str:
    fields = Fields(f"{CONTEXT}: gap", table)
    words = fields.needed("words")
    fields.end()
    return words
