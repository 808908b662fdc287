"""An old course by another version of the criteria: each difference, and nothing changed silently."""

from dataclasses import dataclass
from datetime import date, datetime

from aldes.course.state import Course
from aldes.protocols.row import Protocol
from aldes.toxicity.ctcae.chart import chart
from aldes.toxicity.ctcae.days import Cell, as_of, day_of, days
from aldes.toxicity.ctcae.grade import grade
from aldes.toxicity.ctcae.ladder import Criteria


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One term on one day that two versions grade differently; None: the version does not grade it so."""

    name: str
    words: str
    day: date
    before: Cell | None
    after: Cell | None
    recorded: bool = False  # whether the first is a grade that somebody recorded
    why: str = ""


def differences(
    course: Course, before: Criteria, after: Criteria, protocol: Protocol, now: datetime
) -> tuple[Difference, ...]:
    """The days' grades that differ between two versions, then the recorded grades that the second gives otherwise."""
    old, new = (days(course, each, protocol, now) for each in (before, after))
    found = []
    for name in dict.fromkeys((*old, *new)):
        for day in sorted({*old.get(name, ()), *new.get(name, ())}):
            was, becomes = old.get(name, {}).get(day), new.get(name, {}).get(day)
            if was != becomes:
                found.append(_difference(name, day, (was, becomes), before, after))
    return (*found, *_of_recorded(course, after, protocol))


def _of_recorded(course: Course, criteria: Criteria, protocol: Protocol) -> list[Difference]:
    """Each recorded grade beside what the version gives for the same instant."""
    found = []
    for each in course.grades:
        ladder, day = criteria.ladder(each.term), day_of(each.at, protocol)
        was, becomes = Cell(each.grade, each.grade), None
        if ladder is not None:
            now = grade(ladder, criteria.version, chart(as_of(course, each.at), criteria, protocol, each.at))
            becomes = Cell(now.grade, now.at_least)
        if becomes != was:
            found.append(_difference(each.term, day, (was, becomes), criteria, criteria, recorded=True))
    return found


def _difference(
    name: str,
    day: date,
    cells: tuple[Cell | None, Cell | None],
    before: Criteria,
    after: Criteria,
    *,
    recorded: bool = False,
) -> Difference:
    ladder = after.ladder(name) or before.ladder(name)
    why = next((each.why for each in after.removed if each.name == name), "")
    return Difference(
        name=name,
        words=ladder.words if ladder else name,
        day=day,
        before=cells[0],
        after=cells[1],
        recorded=recorded,
        why=why,
    )
