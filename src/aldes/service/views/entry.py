"""The routine check before a dose: what is measured, what is tested, one key for each organ system."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aldes.course.state import Course
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind
from aldes.protocols.row import Protocol
from aldes.units import UNITS

VITALS = ("systolic", "diastolic", "heart_rate", "spo2", "respiratory_rate", "temperature")
SHIFT_AMOUNTS = ("urine", "fluid_intake")  # charted with the hours over which they were collected
ORDER = ("cardiac", "lungs", "neuro", "gut", "liver", "skin", "infection", "support")  # as a nurse walks round the bed


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value to enter."""

    name: str
    words: str
    kind: str  # number, flag, code
    units: tuple[tuple[str, str], ...] = ()  # UCUM code and how people read it, the usual one first
    codes: tuple[str, ...] = ()
    last: str = ""  # as it was charted last, for one key to repeat
    last_unit: str = ""
    last_time: datetime | None = None
    owed: bool = False  # the decision waits for it
    over_h: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One organ system: a statement that none of its items is there, or the items that are."""

    name: str
    items: tuple[Field, ...]
    stated: datetime | None  # the newest statement


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryForm:
    """The whole check."""

    vitals: tuple[Field, ...]
    amounts: tuple[Field, ...]
    tests: tuple[Field, ...]
    systems: tuple[System, ...]
    results: tuple[Field, ...]
    ready: tuple[Field, ...]  # what must be in place before dose 1


def entry_form(course: Course, protocol: Protocol, owed: frozenset[str]) -> EntryForm:
    """What the check before the next dose asks, under this protocol."""
    known = vocabulary().findings
    required = [known[name] for name in protocol.required if name in known and known[name].derived is None]
    numbers = [each for each in required if each.kind is Kind.NUMBER and each.name not in (*VITALS, *SHIFT_AMOUNTS)]
    labs = [each for each in known.values() if each.group is Group.LAB and not each.derived and each not in numbers]
    return EntryForm(
        vitals=tuple(field_of(course, known[name], owed) for name in VITALS if name in known),
        amounts=tuple(field_of(course, known[name], owed) for name in SHIFT_AMOUNTS),
        tests=tuple(field_of(course, each, owed) for each in required if each.kind is Kind.CODE),
        systems=tuple(_systems(course, owed)),
        results=tuple(field_of(course, each, owed) for each in (*numbers, *labs)),
        ready=tuple(field_of(course, each, owed) for each in known.values() if each.group is Group.READINESS),
    )


def _systems(course: Course, owed: frozenset[str]) -> Iterator[System]:
    names = [*ORDER, *sorted(vocabulary().systems - set(ORDER))]
    for name in names:
        items = [each for each in vocabulary().in_system(name) if not each.derived]
        made = course.statements.get(name)
        if items:
            fields = tuple(field_of(course, each, owed) for each in items)
            yield System(name=name, items=fields, stated=made.time if made else None)


def field_of(course: Course, finding: Finding, owed: frozenset[str] = frozenset()) -> Field:
    """How a value of this finding is entered."""
    last = _last(course, finding)
    units = [finding.unit, *(each for each in finding.units if each != finding.unit)] if finding.unit else []
    return Field(
        name=finding.name,
        words=finding.words,
        kind=finding.kind.value,
        units=_told_apart(units),
        codes=finding.codes,
        last=str(last.valid) if last and last.valid is not None else "",
        last_unit=finding.unit,
        last_time=last.time if last else None,
        owed=finding.name in owed,
        over_h=finding.group is Group.FLUID,
    )


def _last(course: Course, finding: Finding) -> Charted | None:
    entries = course.entries.get(finding.name, ())
    return entries[-1] if entries else None


def _told_apart(units: list[str]) -> tuple[tuple[str, str], ...]:
    """Units by their words, each once: two codes that people read alike are one choice."""
    words = {UNITS[each].words if each in UNITS else each: each for each in reversed(units)}
    return tuple((code, text) for text, code in reversed(words.items()))
