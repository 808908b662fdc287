"""Fold events into the state of a course: state is always `replay(events)`, and no rule is asked here."""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import TypedDict, TypeVar, assert_never

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
    GradeRecorded,
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
    WithinCourse,
)
from aldes.course.medication import Medication
from aldes.course.state import Acknowledged, Course, Hold, RecordedGrade, Slot, Stop
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
    if isinstance(event, CourseEnded):
        return _next_course(course)
    return replace(course, version=course.version + 1, **_changes(course, event))


class _Changes(TypedDict, total=False):
    """The fields of a course that an event changes."""

    cycle: int
    slots: tuple[Slot, ...]
    entries: Mapping[str, tuple[Charted, ...]]
    statements: Mapping[str, Statement]
    holds: Mapping[str, Hold]
    stops: Mapping[str, Stop]
    acknowledged: Mapping[str, Acknowledged]
    medications: Mapping[str, Medication]
    clinician_hold: bool
    grades: tuple[RecordedGrade, ...]
    admitted_at: datetime | None
    discharged_at: datetime | None
    deceased: bool
    doubts: int


def _changes(course: Course, event: WithinCourse) -> _Changes:
    match event:
        case FindingCharted(entry=entry):
            return {"entries": _with_entry(course.entries, entry)}
        case StatementMade():
            return {"statements": _with_statement(course.statements, event)}
        case EntryRetracted():
            return _without(course, event)
        case SlotClosed():
            return {"slots": (*course.slots, _slot(event))}
        case CycleOpened(cycle=cycle):
            return {"cycle": cycle, "discharged_at": None}
        case Admitted():
            return {"admitted_at": event.happened_at, "discharged_at": None}
        case Discharged():
            return {"discharged_at": event.happened_at}
        case Died():
            return {"deceased": True}
        case RecordDoubted():
            return {"doubts": course.doubts + 1}
        case DoubtsSettled():
            return {"doubts": 0}
        case HoldOpened(row=row):
            retracted = course.waits_for_physician(row)
            hold = Hold(row=row, onset=event.happened_at, because=event.because, retracted=retracted)
            return {"holds": _with(course.holds, row, hold)}
        case HoldLifted(row=row):
            return _lifted(course, event) if row in course.holds and event.by in (PHYSICIAN, RULE) else {}
        case StopRaised(row=row):
            stop = Stop(
                row=row, raised_at=event.happened_at, cycle=course.cycle, scope=event.scope, because=event.because
            )
            return {"stops": _with(course.stops, row, stop)}
        case StopConfirmed(row=row, scope=scope):
            known = course if row in course.stops else _raised_by_review(course, event)
            return _reviewed(known, event, row, lambda stop: replace(stop, confirmed=True, scope=scope))
        case StopRefuted(row=row):
            return _reviewed(course, event, row, lambda stop: replace(stop, refuted_at=event.happened_at))
        case ClinicianHeld():
            return {"clinician_hold": True}
        case ClinicianHoldLifted():
            return {"clinician_hold": course.clinician_hold and event.by != PHYSICIAN}
        case NoticeAcknowledged(row=row):
            taken = Acknowledged(at=event.happened_at, by=event.by)
            return {"acknowledged": _with(course.acknowledged, row, taken)}
        case MedicationListed(medication=drug):
            return {"medications": _with(course.medications, drug.id, drug)}
        case GradeRecorded():
            return {"grades": (*course.grades, _recorded(event))}
    assert_never(event)


def _recorded(event: GradeRecorded) -> RecordedGrade:
    return RecordedGrade(
        term=event.term,
        grade=event.grade,
        version=event.version,
        at=event.happened_at,
        by=event.by,
        findings=event.findings,
    )


def _slot(event: SlotClosed) -> Slot:
    return Slot(
        cycle=event.cycle,
        number=event.number,
        at=event.happened_at,
        state=event.state,
        ended_at=event.ended_at,
        rows=event.rows,
    )


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


def _without(course: Course, event: EntryRetracted) -> _Changes:
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
    return {"entries": entries, "statements": statements, "holds": holds}


def _lifted(course: Course, event: HoldLifted) -> _Changes:
    hold = replace(course.holds[event.row], standing=False, lifted_by=event.because)
    return {"holds": _with(course.holds, event.row, hold)}


def _raised_by_review(course: Course, event: StopConfirmed) -> Course:
    """A physician confirmed a stop that no row asked here raised: under another protocol, or from another record."""
    if event.by != PHYSICIAN:
        return course
    stop = Stop(row=event.row, raised_at=event.happened_at, cycle=course.cycle, scope=event.scope)
    return replace(course, stops=_with(course.stops, event.row, stop))


def _reviewed(course: Course, event: StopConfirmed | StopRefuted, row: str, review: Callable[[Stop], Stop]) -> _Changes:
    """A physician's word on a raised stop; one that was confirmed for good stays so."""
    stop = course.stops.get(row)
    if stop is None or event.by != PHYSICIAN or (stop.confirmed and stop.scope is Scope.GOOD):
        return {}
    return {"stops": _with(course.stops, row, review(stop))}


def _next_course(course: Course) -> Course:
    """A new course begins; what was charted, permanent and unreviewed stops and the last discharge stay known."""
    stops = {row: each for row, each in course.stops.items() if _goes_on(each)}
    return Course(
        version=course.version + 1,
        entries=course.entries,  # a rhythm that still fibrillates does so in the next course too
        medications=course.medications,
        stops=stops,
        courses_before=course.courses_before + 1,
        last_course_discharged_at=course.discharged_at,
        deceased=course.deceased,
        grades=course.grades,
        doubts=course.doubts,
    )


def _goes_on(stop: Stop) -> bool:
    return stop.refuted_at is None and (not stop.confirmed or stop.scope is Scope.GOOD)
