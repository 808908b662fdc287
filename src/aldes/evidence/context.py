"""Beside the figures: newer therapies, conflicts, guidelines, data sets, what to check a model against, and gaps."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from aldes.errors import ProtocolError
from aldes.evidence.fields import Fields
from aldes.evidence.series import Missing
from aldes.evidence.source import Status

NOT_COMPARABLE = (
    "Figures of different trials stand beside each other and are not compared: risk mix, criteria, selection and later "
    "therapy differ."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerRow:
    """One figure of a randomised trial of a newer therapy, at its data cut; second-hand."""

    population: str
    words: str
    newer: Decimal | None
    control: Decimal | None
    finding: str
    unit: str
    hr: Decimal | None
    hr_ci: tuple[Decimal, Decimal] | None
    cut: str
    note: str
    missing: Missing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerTrial:
    """A randomised trial of a newer therapy."""

    id: str
    name: str
    line: str
    population: str
    arms: tuple[str, ...]
    identifiers: Mapping[str, str]
    pages: tuple[str, ...]
    rows: tuple[NewerRow, ...]
    status: Status = Status.SECOND_HAND


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Where reports disagree."""

    topic: str
    words: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guideline:
    """What a guideline says of interleukin-2, or that nobody could read it."""

    body: str
    edition: str
    words: str
    strength: str
    doi: str
    pages: tuple[str, ...]
    note: str
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What our own code found in an arm of a rebuilt data set, by the fact base."""

    n: int
    events: int
    km_median_months: Decimal
    os12: Decimal
    os24: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Data that somebody published, and how far it was looked at."""

    name: str
    where: str
    commit: str
    licence: str
    words: str
    use: str
    seen: str
    note: str
    rebuilt: Mapping[str, Rebuilt]
    published_medians: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Which figures a model is held against, and why."""

    topic: str
    targets: str
    why: str
    series: tuple[str, ...]


def read_newer(tables: Iterable[Mapping[str, Any]], file: str) -> tuple[NewerTrial, ...]:
    """The trials of newer therapies, in the order of the file.

    Raises
    ------
    ProtocolError
        Naming the trial with a fault.
    """
    return tuple(_newer(Fields(f"{file}: trial '{table.get('id', '?')}'", table)) for table in tables)


def _newer(fields: Fields) -> NewerTrial:
    made = NewerTrial(
        id=fields.needed("id"),
        name=fields.needed("name"),
        line=fields.needed("line"),
        population=fields.needed("population"),
        arms=fields.texts("arms"),
        identifiers=MappingProxyType(dict(fields.any("identifiers") or {})),
        pages=fields.texts("pages"),
        rows=tuple(_newer_row(Fields(f"{fields.where}: row", each)) for each in fields.tables("row")),
    )
    fields.end()
    return made


def _newer_row(fields: Fields) -> NewerRow:
    made = NewerRow(
        population=fields.needed("population"),
        words=fields.needed("words"),
        newer=fields.number("newer"),
        control=fields.number("control"),
        finding=fields.text("finding"),
        unit=fields.text("unit"),
        hr=fields.number("hr"),
        hr_ci=fields.pair("hr_ci"),
        cut=fields.text("cut"),
        note=fields.text("note"),
        missing=fields.member("missing", Missing) if "missing" in fields.table else None,
    )
    fields.end()
    if (made.newer, made.control, made.hr) == (None, None, None) and not (made.missing or made.finding):
        raise ProtocolError(f"{fields.where} '{made.words}' says nothing; give a figure or 'missing'.")
    if made.hr_ci and made.hr is not None and not made.hr_ci[0] <= made.hr <= made.hr_ci[1]:
        raise fields.fault("hr_ci", "limits on both sides of the hazard ratio")
    return made


def read_conflicts(tables: Iterable[Mapping[str, Any]], file: str, known: Callable[[str], str]) -> tuple[Conflict, ...]:
    """Where reports disagree; `known` refuses a source that is not in the register."""
    found = []
    for table in tables:
        fields = Fields(f"{file}: conflict '{table.get('topic', '?')}'", table)
        sources = tuple(known(each) for each in fields.texts("sources"))
        found.append(Conflict(topic=fields.needed("topic"), words=fields.needed("words"), sources=sources))
        fields.end()
    return tuple(found)


def read_guidelines(tables: Iterable[Mapping[str, Any]], file: str) -> tuple[Guideline, ...]:
    """What guidelines say; one without words is unknown, never silent consent."""
    found = []
    for table in tables:
        fields = Fields(f"{file}: guideline '{table.get('body', '?')}'", table)
        made = Guideline(
            body=fields.needed("body"),
            edition=fields.text("edition"),
            words=fields.text("words"),
            strength=fields.text("strength"),
            doi=fields.text("doi"),
            pages=fields.texts("pages"),
            note=fields.text("note"),
            status=fields.member("status", Status),
        )
        fields.end()
        if (not made.words) != (made.status is Status.UNKNOWN):
            raise fields.fault("status", "unknown where there are no words, and only there")
        found.append(made)
    return tuple(found)


def read_datasets(tables: Iterable[Mapping[str, Any]], file: str) -> tuple[Dataset, ...]:
    """Published data, and how far each was looked at."""
    found = []
    for table in tables:
        fields = Fields(f"{file}: dataset '{table.get('name', '?')}'", table)
        arms = {arm: fields.any(arm) for arm in ("interferon", "sunitinib") if arm in table}
        found.append(
            Dataset(
                name=fields.needed("name"),
                where=fields.text("where"),
                commit=fields.text("commit"),
                licence=fields.text("licence"),
                words=fields.needed("words"),
                use=fields.text("use"),
                seen=fields.needed("seen"),
                note=fields.text("note"),
                rebuilt=MappingProxyType({arm: Rebuilt(**values) for arm, values in arms.items()}),
                published_medians=MappingProxyType(dict(fields.any("published_medians") or {})),
            )
        )
        fields.end()
    return tuple(found)


def read_checks(tables: Iterable[Mapping[str, Any]], file: str, known: Mapping[str, object]) -> tuple[Check, ...]:
    """What a model is held against.

    Raises
    ------
    ProtocolError
        When one names a series that is not here.
    """
    found = []
    for table in tables:
        fields = Fields(f"{file}: check '{table.get('topic', '?')}'", table)
        series = tuple(fields.any("series") or ())
        for each in series:
            if each not in known:
                raise fields.fault("series", "ids of series of trials.toml")
        found.append(
            Check(
                topic=fields.needed("topic"), targets=fields.needed("targets"), why=fields.needed("why"), series=series
            )
        )
        fields.end()
    return tuple(found)
