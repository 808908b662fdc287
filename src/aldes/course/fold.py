"""Fold events into the state of a course: state is always `replay(events)`, and no rule is asked here."""

from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict, TypeVar, assert_never

from aldes.course import doses
from aldes.course.events import (
    Admitted,
    AnyEvent,
    BagDiscarded,
    CareTaken,
    ClinicianHeld,
    ClinicianHoldLifted,
    CourseEnded,
    CourseOpened,
    CycleOpened,
    DecisionOverridden,
    DecisionShown,
    Died,
    Discharged,
    DoseEnded,
    DoseInterrupted,
    DosePrepared,
    DoseStarted,
    DoubtsSettled,
    EntryRetracted,
    FindingCharted,
    GoGiven,
    GoWithdrawn,
    GradeRecorded,
    HoldLifted,
    HoldOpened,
    MedicationListed,
    NoticeAcknowledged,
    PatientRegistered,
    PinChanged,
    RecordDoubted,
    RecordEnded,
    RecordJoined,
    RecordParted,
    RecordRead,
    SlotClosed,
    SlotRetracted,
    StatementMade,
    StayChanged,
    StopConfirmed,
    StopRaised,
    StopRefuted,
    WeightPinned,
    WithinCourse,
)
from aldes.course.medication import Medication
from aldes.course.patient import Patient
from aldes.course.pins import Pins
from aldes.course.state import (
    Acknowledged,
    Bag,
    BagState,
    CareDone,
    Course,
    Hold,
    Leave,
    RecordedGrade,
    Shown,
    Slot,
    StayPart,
    Stop,
)
from aldes.findings.charted import Charted
from aldes.findings.moment import Statement
from aldes.scope import Scope

PHYSICIAN, RULE = "physician", "rule"  # what anybody else writes is kept, and lifts or refutes nothing

_Value = TypeVar("_Value")


def replay(events: Iterable[AnyEvent], course: Course | None = None) -> Course:
    """The state after these events, from the beginning or from an earlier state.

    As `evolve` for one after the other; entries in a row are put in their places together (hazard H89). Others that
    come between do not look at entries, or say so here.
    """
    folded, waiting = course or Course(), list[Charted]()
    for event in events:
        if type(event) is FindingCharted:
            waiting.append(event.entry)
            continue
        if waiting and isinstance(event, LOOKS_AT_ENTRIES):
            folded, waiting = _charted(folded, waiting), []
        folded = evolve(folded, event)
    return _charted(folded, waiting) if waiting else folded


LOOKS_AT_ENTRIES = (FindingCharted, EntryRetracted, CourseEnded)


def _charted(course: Course, entries: Sequence[Charted]) -> Course:
    version = course.version + len(entries)
    return replace(course, version=version, entries=_with_entries(course.entries, entries))


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
    patient: Patient
    pins: Pins
    opened_at: datetime
    verdict: str
    go: Leave | None
    override: Leave | None
    bags: Mapping[str, Bag]
    shown: Shown
    assessed_as_held: frozenset[tuple[int, int]]
    care: tuple[CareDone, ...]
    stay: tuple[StayPart, ...]
    weight_pinned: int
    admitted_at: datetime | None
    discharged_at: datetime | None
    deceased: bool
    doubts: int
    records_read: tuple[RecordRead, ...]
    ended_into: str
    joined: tuple[str, ...]


def _changes(course: Course, event: WithinCourse) -> _Changes:
    match event:
        case WeightPinned(entry=entry, cycle=cycle):
            return {"entries": _with_entry(course.entries, entry), "weight_pinned": cycle}
        case FindingCharted(entry=entry):
            return {"entries": _with_entry(course.entries, entry)}
        case StatementMade():
            return {"statements": _with_statement(course.statements, event)}
        case EntryRetracted():
            return _without(course, event)
        case SlotClosed():
            return {"slots": (*course.slots, doses.closed(event))}
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
        case RecordRead():
            return {"records_read": (*course.records_read, event)}
        case RecordEnded(into=into):
            return {"ended_into": into, "clinician_hold": True}
        case RecordJoined(other=other):
            return {"joined": (*course.joined, other)}
        case RecordParted(other=other):
            joined = tuple(each for each in course.joined if each != other)
            return {"joined": joined, "ended_into": "" if course.ended_into == other else course.ended_into}
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
            return _reviewed(
                known, event, row, lambda stop: replace(stop, confirmed=True, scope=scope, refuted_at=None)
            )
        case StopRefuted(row=row):
            return _reviewed(course, event, row, lambda stop: replace(stop, refuted_at=event.happened_at))
        case ClinicianHeld():
            return {"clinician_hold": True}
        case ClinicianHoldLifted():
            ended = bool(course.ended_into)  # a record that has ended gives no dose, whoever lifts what
            return {"clinician_hold": ended or (course.clinician_hold and event.by != PHYSICIAN)}
        case NoticeAcknowledged(row=row):
            taken = Acknowledged(at=event.happened_at, by=event.person or event.by)
            return {"acknowledged": _with(course.acknowledged, row, taken)}
        case MedicationListed(medication=drug):
            return {"medications": _with(course.medications, drug.id, drug)}
        case GradeRecorded():
            return {"grades": (*course.grades, _recorded(event))}
        case SlotRetracted():
            return _of_doses(doses.without(course.slots, course.bags, event))
        case PatientRegistered(patient=patient):
            return {"patient": patient}
        case CourseOpened(pins=pins, verdict=verdict):
            return {"pins": pins, "verdict": verdict, "opened_at": event.happened_at}
        case PinChanged(pins=pins):
            return {"pins": pins}
        case DecisionShown():
            return {"shown": doses.shown(event), "assessed_as_held": doses.assessed(course.assessed_as_held, event)}
        case GoGiven():
            return {"go": doses.leave(event)}
        case GoWithdrawn():
            return {"go": None}
        case DecisionOverridden(decision=decision, rows=rows, reason=reason):
            return {"override": replace(doses.leave(event), decision=decision, rows=rows, reason=reason)}
        case DosePrepared():
            return {"bags": _with(course.bags, event.bag, doses.prepared(event))}
        case BagDiscarded(bag=bag):
            return {"bags": doses.bag_is(course.bags, bag, BagState.DISCARDED)}
        case DoseStarted():
            return _of_doses(doses.started(course.slots, course.bags, event))
        case DoseEnded() | DoseInterrupted():
            return _of_doses(doses.ended(course.slots, course.bags, event))
        case CareTaken():
            done = CareDone(row=event.row, at=event.happened_at, by=event.person or event.by, what=event.what)
            return {"care": (*course.care, done)}
        case StayChanged():
            part = StayPart(what=event.what, at=event.happened_at, words=event.words)
            return {"stay": (*course.stay, part)}
    assert_never(event)


def _of_doses(changed: doses.Changed) -> _Changes:
    slots, bags = changed
    return {"slots": slots, "bags": bags}


def _recorded(event: GradeRecorded) -> RecordedGrade:
    return RecordedGrade(
        term=event.term,
        grade=event.grade,
        version=event.version,
        at=event.happened_at,
        by=event.person or event.by,
        findings=event.findings,
    )


def _with(mapping: Mapping[str, _Value], key: str, value: _Value) -> dict[str, _Value]:
    return {**mapping, key: value}


def _with_entry(entries: Mapping[str, tuple[Charted, ...]], entry: Charted) -> dict[str, tuple[Charted, ...]]:
    return _with_entries(entries, (entry,))


def _with_entries(
    entries: Mapping[str, tuple[Charted, ...]], charted: Sequence[Charted]
) -> dict[str, tuple[Charted, ...]]:
    """Charted in their places in time; an entry with the same id is a newer version of it."""
    by_finding: dict[str, list[Charted]] = {}
    for entry in charted:
        by_finding.setdefault(entry.finding, []).append(entry)
    changed = {name: _in_order(entries.get(name, ()), new) for name, new in by_finding.items()}
    return {**entries, **changed}


def _in_order(series: Sequence[Charted], new: Sequence[Charted]) -> tuple[Charted, ...]:
    """A series with newer entries of it, in order of time; of one time in the order in which they came."""
    found, ids = list(series), {each.id for each in series}
    for entry in new:
        if entry.id in ids:
            found = [each for each in found if each.id != entry.id]
        ids.add(entry.id)
        if not found or entry.time >= found[-1].time:
            found.append(entry)
        else:
            insort(found, entry, key=lambda each: each.time)
    return tuple(found)


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
        records_read=course.records_read,
        ended_into=course.ended_into,
        joined=course.joined,
        clinician_hold=bool(course.ended_into),
        patient=course.patient,
        care=course.care,
        stay=course.stay,
    )


def _goes_on(stop: Stop) -> bool:
    return stop.refuted_at is None and (not stop.confirmed or stop.scope is Scope.GOOD)
