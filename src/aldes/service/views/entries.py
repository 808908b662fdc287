"""What was charted lately, each entry with what it takes to correct or retract it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aldes.course.state import Course
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.service.views.entry import Field, field_of

LATELY = 16  # entries on the page; older ones are corrected through the JSON interface
_PINNED = ("dosing_weight", "systolic_target")  # settled, not charted: settling anew replaces them


@dataclass(frozen=True, slots=True, kw_only=True)
class Charting:
    """One entry or statement as it was charted."""

    id: str
    words: str
    text: str  # as it came
    time: datetime
    fault: str = ""
    field: Field | None = None  # how another value is entered; a statement can be retracted alone


def lately(course: Course) -> list[Charting]:
    """The newest entries and statements, the newest first."""
    return sorted((*_entries(course), *_statements(course)), key=lambda each: each.time, reverse=True)[:LATELY]


def _entries(course: Course) -> Iterator[Charting]:
    for name, series in course.entries.items():
        if name in _PINNED or name not in vocabulary().findings:
            continue
        finding = vocabulary()[name]
        field = field_of(course, finding)
        for entry in series[-LATELY:]:
            yield Charting(
                id=entry.id,
                words=finding.words,
                text=as_it_came(entry),
                time=entry.time,
                fault=entry.fault or "",
                field=field,
            )


def _statements(course: Course) -> Iterator[Charting]:
    for system, made in course.statements.items():
        yield Charting(id=made.id, words=system, text="none of the listed", time=made.time)


def as_it_came(entry: Charted) -> str:
    """The text as it was charted, or the value where no text came."""
    if entry.text:
        return entry.text
    value = entry.valid if entry.valid is not None else entry.worst
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "no value" if value is None else str(value)
