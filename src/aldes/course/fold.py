"""Fold events into the state of a course: state is always `replay(events)`, and no rule is asked here."""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import TypeVar, assert_never

from aldes.course.events import (
    Admitted,
    AnyEvent,
    ClinicianHeld,
    ClinicianHoldLifted,
    CourseEnded,
    CycleOpened,
    Died,
    Discharged,
    DoubtsSettled,
    EntryRetracted,
    FindingCharted,
    HoldLifted,
    HoldOpened,
    MedicationListed,
    NoticeAcknowledged,
    RecordDoubted,
    SlotClosed,
    StatementMade,
    StopConfirmed,
    StopRaised,
    StopRefuted,
)
from aldes.course.state import Acknowledged, Course, Hold, Slot, Stop
from aldes.findings.charted import Charted
from aldes.findings.moment import Statement
from aldes.scope import Scope

PHYSICIAN, RULE = "physician", "rule"  # what anybody else writes is kept, and lifts or refutes nothing

_Value = TypeVar("_Value")


def replay(events: Iterable[AnyEvent], course: Course | None = None) -> Course:
    """The state after these events, from the beginning or from an earlier state."""
    return reduce(evolve, events, course or Course())


def evolve(course: Course, event: AnyEvent) -> Course:
    """The state after one more event."""
    return replace(_after(course, event), version=course.version + 1)


def _after(course: Course, event: AnyEvent) -> Course:
    match event:
        case FindingCharted(entry=entry):
            return replace(course, entries=_with_entry(course.entries, entry))
        case StatementMade():
            return replace(course, statements=_with_statement(course.statements, event))
        case EntryRetracted():
            return _without(course, event)
        case SlotClosed():
            slot = Slot(
                cycle=event.cycle,
                number=event.number,
                at=event.happened_at,
                state=event.state,
                ended_at=event.ended_at,
                rows=event.rows,
            )
            return replace(course, slots=(*course.slots, slot))
        case CycleOpened(cycle=cycle):
            return replace(course, cycle=cycle, discharged_at=None)
        case CourseEnded():
            return _next_course(course)
        case Admitted():
            return replace(course, admitted_at=event.happened_at, discharged_at=None)
        case Discharged():
            return replace(course, discharged_at=event.happened_at)
        case Died():
            return replace(course, deceased=True)
        case RecordDoubted():
            return replace(course, doubts=course.doubts + 1)
        case DoubtsSettled():
            return replace(course, doubts=0)
        case HoldOpened(row=row):
            retracted = course.waits_for_physician(row)
            hold = Hold(row=row, onset=event.happened_at, because=event.because, retracted=retracted)
            return replace(course, holds=_with(course.holds, row, hold))
        case HoldLifted(row=row):
            return _lifted(course, event) if row in course.holds and event.by in (PHYSICIAN, RULE) else course
        case StopRaised(row=row):
            stop = Stop(
                row=row, raised_at=event.happened_at, cycle=course.cycle, scope=event.scope, because=event.because
            )
            return replace(course, stops=_with(course.stops, row, stop))
        case StopConfirmed(row=row, scope=scope):
            known = course if row in course.stops else _raised_by_review(course, event)
            return _reviewed(known, event, row, lambda stop: replace(stop, confirmed=True, scope=scope))
        case StopRefuted(row=row):
            return _reviewed(course, event, row, lambda stop: replace(stop, refuted_at=event.happened_at))
        case ClinicianHeld():
            return replace(course, clinician_hold=True)
        case ClinicianHoldLifted():
            return replace(course, clinician_hold=course.clinician_hold and event.by != PHYSICIAN)
        case NoticeAcknowledged(row=row):
            taken = Acknowledged(at=event.happened_at, by=event.by)
            return replace(course, acknowledged=_with(course.acknowledged, row, taken))
        case MedicationListed(medication=drug):
            return replace(course, medications=_with(course.medications, drug.id, drug))
    assert_never(event)


def _with(mapping: Mapping[str, _Value], key: str, value: _Value) -> dict[str, _Value]:
    return {**mapping, key: value}


def _with_entry(entries: Mapping[str, tuple[Charted, ...]], entry: Charted) -> dict[str, tuple[Charted, ...]]:
    """Charted in its place in time; an entry with the same id is a newer version of it."""
    series = [each for each in entries.get(entry.finding, ()) if each.id != entry.id]
    insort(series, entry, key=lambda each: each.time)
    return {**entries, entry.finding: tuple(series)}


def _with_statement(statements: Mapping[str, Statement], event: StatementMade) -> Mapping[str, Statement]:
    """The newest statement of a system counts, a faulty one too: it shows that something was meant."""
    newest = statements.get(event.system)
    if newest and newest.time > event.happened_at:
        return statements
    made = Statement(system=event.system, time=event.happened_at, id=event.id, fault=event.fault)
    return {**statements, event.system: made}


def _without(course: Course, event: EntryRetracted) -> Course:
    """The entry or statement is gone from what rows see; holds and stops that it opened stay.

    A hold that rested on it is marked: no later value answers for a finding that should never have been charted.
    """
    entries = {
        name: tuple(each for each in series if not event.withdraws(each.id)) for name, series in course.entries.items()
    }
    statements = {name: each for name, each in course.statements.items() if not event.withdraws(each.id)}
    holds = {
        row: replace(hold, retracted=True) if hold.standing and any(map(event.withdraws, hold.because)) else hold
        for row, hold in course.holds.items()
    }
    return replace(course, entries=entries, statements=statements, holds=holds)


def _lifted(course: Course, event: HoldLifted) -> Course:
    hold = replace(course.holds[event.row], standing=False, lifted_by=event.because)
    return replace(course, holds=_with(course.holds, event.row, hold))


def _raised_by_review(course: Course, event: StopConfirmed) -> Course:
    """A physician confirmed a stop that no row asked here raised: under another protocol, or from another record."""
    if event.by != PHYSICIAN:
        return course
    stop = Stop(row=event.row, raised_at=event.happened_at, cycle=course.cycle, scope=event.scope)
    return replace(course, stops=_with(course.stops, event.row, stop))


def _reviewed(course: Course, event: StopConfirmed | StopRefuted, row: str, review: Callable[[Stop], Stop]) -> Course:
    """A physician's word on a raised stop; one that was confirmed for good stays so."""
    stop = course.stops.get(row)
    if stop is None or event.by != PHYSICIAN or (stop.confirmed and stop.scope is Scope.GOOD):
        return course
    return replace(course, stops=_with(course.stops, row, review(stop)))


def _next_course(course: Course) -> Course:
    """A new course begins; what was charted, permanent and unreviewed stops and the last discharge stay known."""
    stops = {row: each for row, each in course.stops.items() if _goes_on(each)}
    return Course(
        version=course.version,
        entries=course.entries,  # a rhythm that still fibrillates does so in the next course too
        medications=course.medications,
        stops=stops,
        courses_before=course.courses_before + 1,
        last_course_discharged_at=course.discharged_at,
        deceased=course.deceased,
        doubts=course.doubts,
    )


def _goes_on(stop: Stop) -> bool:
    return stop.refuted_at is None and (not stop.confirmed or stop.scope is Scope.GOOD)
