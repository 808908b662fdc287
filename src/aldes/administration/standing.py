"""What a new entry does to standing holds and stops: the events that follow it in the same commit.

Asked of each row that looks at what was charted: it opens a hold, moves the onset of a standing one to a newer bad
value, lifts it when its resume question is yes on later values and the row itself is no, or raises a stop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from aldes.administration.asking import Asking
from aldes.course.events import (
    AnyEvent,
    EntryRetracted,
    FindingCharted,
    HoldLifted,
    HoldOpened,
    StatementMade,
    StopRaised,
)
from aldes.course.fold import replay
from aldes.course.state import Course
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.protocols.compile import Compiled
from aldes.questions.answer import NO, YES
from aldes.questions.ask import explain
from aldes.questions.tree import Question, names
from aldes.scope import Scope


def consequences(course: Course, compiled: Compiled, event: AnyEvent) -> tuple[AnyEvent, ...]:
    """The holds opened and lifted and the stops raised by `event`, which `course` already holds.

    A late entry is asked as of its own time first: it opens what it would have opened at the bedside.
    """
    if isinstance(event, EntryRetracted):
        return tuple(_reopened(course, event))
    rows = _rows_asking(compiled, event)
    if not rows:
        return ()
    late: tuple[AnyEvent, ...] = ()
    if event.happened_at < event.recorded_at:
        asking = Asking(course, compiled, event.happened_at, lifting=True)
        late = tuple(each for row in rows for each in _of_row(asking, row, event) if not isinstance(each, HoldLifted))
        course = replay(late, course)
    lifting = Asking(course, compiled, event.recorded_at, lifting=True)
    found = [each for row in rows for each in _of_row(lifting, row, event)]
    return (*late, *found, *_of_counts(lifting.without_lifting(), event))


def _reopened(course: Course, event: EntryRetracted) -> Iterator[AnyEvent]:
    """A hold whose lifting rested on what is now retracted stands again."""
    for hold in course.holds.values():
        if not hold.standing and any(map(event.withdraws, hold.lifted_by)):
            yield HoldOpened(
                happened_at=hold.onset, recorded_at=event.recorded_at, by="rule", row=hold.row, because=hold.because
            )


def _of_row(asking: Asking, row: str, event: AnyEvent) -> Iterator[AnyEvent]:
    if asking.is_yes(row):
        because = _deciding(asking, asking.compiled.asked[row])
        if scope := asking.compiled.stops.get(row):
            yield from _raise(asking, row, scope, because, event)
        if row in asking.compiled.resume:
            yield HoldOpened(
                happened_at=because.onset, recorded_at=event.recorded_at, by="rule", row=row, because=because.ids
            )
    elif _may_lift(asking, row):
        ids = tuple(each.id for each in _resumed_by(asking, row))
        yield HoldLifted(happened_at=event.happened_at, recorded_at=event.recorded_at, by="rule", row=row, because=ids)


def _may_lift(asking: Asking, row: str) -> bool:
    """A standing hold whose row is no and whose resume question is yes; a recalled row has none: a physician lifts."""
    hold, resume = asking.course.holds.get(row), asking.compiled.resume.get(row)
    if hold is None or not hold.standing or resume is None:
        return False
    return asking.answer(row) is NO and asking.ask(resume) is YES


def _of_counts(asking: Asking, event: AnyEvent) -> Iterator[AnyEvent]:
    """Counting rules that discontinue: three relative groups at one assessment, or what a condition makes of them."""
    for id, (question, scope) in asking.compiled.counted_stops.items():
        if not _in_force(asking, id) and asking.is_yes(id):
            yield from _raise(asking, id, scope, _deciding(asking, question), event)


def _raise(asking: Asking, row: str, scope: Scope, because: "_Because", event: AnyEvent) -> Iterator[AnyEvent]:
    if _in_force(asking, row):
        return
    yield StopRaised(
        happened_at=because.onset, recorded_at=event.recorded_at, by="rule", row=row, scope=scope, because=because.ids
    )


def _in_force(asking: Asking, row: str) -> bool:
    return row in asking.course.stops and asking.course.stops[row].in_force(asking.course.cycle)


@dataclass(frozen=True, slots=True)
class _Because:
    """The entries that decided, and the time of the newest of them: the onset."""

    ids: tuple[str, ...]
    onset: datetime


def _deciding(asking: Asking, question: Question) -> _Because:
    found = explain(question, asking.look).because
    entries = {entry.id: entry for each in found for name in names(each.leaf) for entry in asking.seen(name).entries}
    times = [entry.time for entry in entries.values()]
    return _Because(tuple(entries), max(times, default=asking.now))


def _resumed_by(asking: Asking, row: str) -> list[Charted]:
    resume = asking.compiled.resume[row]
    if resume is None:
        return []
    return [entry for name in names(resume) for entry in asking.seen(name).entries]


def _rows_asking(compiled: Compiled, event: AnyEvent) -> tuple[str, ...]:
    match event:
        case FindingCharted(entry=entry):
            return _by_finding(compiled).get(entry.finding, ())
        case StatementMade(system=system):
            covered = (each.name for each in vocabulary().in_system(system) if not each.derived)
            asking = {row for name in covered for row in _by_finding(compiled).get(name, ())}
            return tuple(row for row in compiled.rows if row in asking)  # in the protocol's order, on every run
        case _:
            return ()


@cache
def _by_finding(compiled: Compiled) -> dict[str, tuple[str, ...]]:
    """For each charted finding the rows that look at it, directly or through derived ones."""
    index: dict[str, list[str]] = {}
    for id, row in compiled.rows.items():
        asked = {name.finding for question in (row.question, row.resume) if question for name in names(question)}
        for name in {source for each in asked for source in sources_of(each)}:
            index.setdefault(name, []).append(id)
    return {name: tuple(rows) for name, rows in index.items()}
