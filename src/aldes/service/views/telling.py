"""What an event says, in words: one case for each, counted by the type checker."""

from dataclasses import dataclass
from typing import assert_never

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
    TargetPinned,
    WeightPinned,
)
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.numbers import number
from aldes.questions.words import value_words
from aldes.units import Dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An event in words, and the sort of it that a reader looks for."""

    sort: str
    words: str


SORTS = ("entry", "dose", "slot", "hold or stop", "decision", "stay", "settled", "record")


def told(event: AnyEvent) -> Told:
    """What it says."""
    match event:
        case FindingCharted() | StatementMade() | EntryRetracted() | GradeRecorded() | MedicationListed():
            return _entry(event)
        case GoGiven() | GoWithdrawn() | DosePrepared() | BagDiscarded() | DoseStarted() | DoseEnded():
            return _dose(event)
        case DoseInterrupted(volume_ml=volume):
            given = "volume not measured yet" if volume is None else f"{number(volume)} mL given"
            return Told(sort="dose", words=f"infusion of {_slot(event)} interrupted, {given}")
        case SlotClosed() | SlotRetracted():
            return _of_slot(event)
        case HoldOpened() | HoldLifted() | StopRaised() | StopConfirmed() | StopRefuted():
            return Told(sort="hold or stop", words=_standing(event))
        case ClinicianHeld():
            return Told(sort="hold or stop", words="a clinician holds the dose")
        case ClinicianHoldLifted():
            return Told(sort="hold or stop", words="the clinician's hold was lifted")
        case DecisionShown() | DecisionOverridden():
            return Told(sort="decision", words=_decision(event))
        case _:
            return _around(event)


def _entry(event: FindingCharted | StatementMade | EntryRetracted | GradeRecorded | MedicationListed) -> Told:
    match event:
        case WeightPinned(entry=entry, cycle=cycle, kind=kind):
            words = f"dosing weight of cycle {cycle} settled: {_said(entry)} ({kind})"
            return Told(sort="settled", words=words)
        case TargetPinned(entry=entry):
            return Told(sort="settled", words=f"the patient's systolic target settled: {_said(entry)}")
        case FindingCharted(entry=entry, corrects=corrects):
            found = vocabulary().findings.get(entry.finding)
            words = f"{found.words if found else entry.finding}: {_said(entry)}"
            fault = f"; answers no question with no: {entry.fault}" if entry.fault else ""
            return Told(sort="entry", words=f"{words}{f', corrects entry {corrects}' if corrects else ''}{fault}")
        case StatementMade(system=system, fault=fault):
            answers = f"; it answers nothing: {fault}" if fault else ""
            return Told(sort="entry", words=f"{system}: none of the listed since the last check{answers}")
        case EntryRetracted(id=id):
            return Told(sort="entry", words=f"entry {id} was charted in error")
        case GradeRecorded(term=term, grade=grade, version=version):
            return Told(sort="entry", words=f"{term.replace('_', ' ')}: grade {grade} by CTCAE {version}")
        case MedicationListed(medication=drug):
            codes = ", ".join(code for _, code in drug.codes) or "without a code"
            return Told(sort="entry", words=f"drug {drug.kind.value}: {codes}")
        case _:
            assert_never(event)


def _dose(event: GoGiven | GoWithdrawn | DosePrepared | BagDiscarded | DoseStarted | DoseEnded) -> Told:
    match event:
        case GoGiven():
            words = f"go for {_slot(event)}"
        case GoWithdrawn():
            words = f"go for {_slot(event)} taken back"
        case DosePrepared(bag=bag, iu=iu):
            words = f"bag {bag} prepared for {_slot(event)}: {Dose.from_iu(iu).words}"
        case BagDiscarded(bag=bag):
            words = f"bag {bag} thrown away unused"
        case DoseStarted(bag=bag, iu=iu):
            words = f"infusion of {_slot(event)} began: {Dose.from_iu(iu).words} from bag {bag}"
        case DoseEnded():
            words = f"infusion of {_slot(event)} was given whole"
        case _:
            assert_never(event)
    return Told(sort="dose", words=words)


def _of_slot(event: SlotClosed | SlotRetracted) -> Told:
    match event:
        case SlotClosed(state=state, rows=rows, deviation=deviation):
            because = f" by {', '.join(rows)}" if rows else ""
            words = f"{_slot(event)}: {state.value}{because}{f'; deviation: {deviation}' if deviation else ''}"
        case SlotRetracted():
            words = f"{_slot(event)} was charted in error and waits to be accounted for again"
        case _:
            assert_never(event)
    return Told(sort="slot", words=words)


def _standing(event: HoldOpened | HoldLifted | StopRaised | StopConfirmed | StopRefuted) -> str:
    match event:
        case HoldOpened(row=row):
            return f"hold {row} opened"
        case HoldLifted(row=row):
            return f"hold {row} lifted"
        case StopRaised(row=row, scope=scope):
            return f"stop {row} raised ({scope.value}), unconfirmed"
        case StopConfirmed(row=row, scope=scope):
            return f"stop {row} confirmed ({scope.value})"
        case StopRefuted(row=row):
            return f"stop {row} refuted"
        case _:
            assert_never(event)


def _decision(event: DecisionShown | DecisionOverridden) -> str:
    rows = f": {', '.join(event.rows)}" if event.rows else ""
    if isinstance(event, DecisionOverridden):
        return f"{event.decision} overridden for {_slot(event)}{rows}; {event.reason}"
    return f"decision shown for {_slot(event)}: {event.decision}{f' ({event.scope})' if event.scope else ''}{rows}"


_Around = (
    Admitted
    | Discharged
    | Died
    | RecordDoubted
    | DoubtsSettled
    | RecordRead
    | RecordEnded
    | RecordJoined
    | RecordParted
    | CycleOpened
    | CourseEnded
    | PatientRegistered
    | CourseOpened
    | PinChanged
    | CareTaken
    | StayChanged
    | NoticeAcknowledged
)


def _around(event: _Around) -> Told:
    match event:
        case Admitted():
            return Told(sort="stay", words="the patient came in")
        case Discharged():
            return Told(sort="stay", words="the patient went home")
        case Died():
            return Told(sort="stay", words="the patient died")
        case StayChanged(what=what, words=words):
            return Told(sort="stay", words=f"{what.value}{f', {words}' if words else ''}")
        case CareTaken(row=row, what=what):
            return Told(sort="stay", words=f"step of care {row} done{f': {what}' if what else ''}")
        case NoticeAcknowledged(row=row):
            return Told(sort="stay", words=f"notice {row} acknowledged")
        case RecordDoubted():
            return Told(sort="record", words="something in the record must be settled before a dose")
        case RecordEnded(into=into):
            return Told(sort="record", words=f"this record ended: the person's record goes on in {into}")
        case RecordJoined(other=other):
            return Told(sort="record", words=f"record {other} of the same person was joined to this one")
        case RecordParted(other=other):
            return Told(sort="record", words=f"record {other} was parted from this one")
        case RecordRead(used=used, unused=unused):
            return Told(sort="record", words=f"another record was read: {used} parts count, {unused} could not be used")
        case DoubtsSettled():
            return Told(sort="record", words="what was doubtful in the record was settled")
        case CycleOpened(cycle=cycle):
            return Told(sort="record", words=f"cycle {cycle} began")
        case CourseEnded():
            return Told(sort="record", words="the course is over")
        case PatientRegistered():
            return Told(sort="record", words="the patient was registered, or the registration corrected")
        case CourseOpened(pins=pins, verdict=verdict):
            selection = f"; selection then: {verdict}" if verdict else ""
            return Told(sort="record", words=f"course opened under {_pinned(pins.protocol, pins.site)}{selection}")
        case PinChanged(pins=pins):
            return Told(sort="record", words=f"changed rules taken over: {_pinned(pins.protocol, pins.site)}")
        case _:
            assert_never(event)


def _pinned(protocol: str, site: str | None) -> str:
    return f"{protocol}, site {site}" if site else protocol


def _slot(
    event: GoGiven
    | GoWithdrawn
    | DosePrepared
    | DoseStarted
    | DoseEnded
    | DoseInterrupted
    | SlotClosed
    | SlotRetracted
    | DecisionShown
    | DecisionOverridden,
) -> str:
    return f"slot {event.number} of cycle {event.cycle}"


def _said(entry: Charted) -> str:
    """The value in the finding's own unit; beside it as it came, where it came otherwise."""
    found = vocabulary().findings.get(entry.finding)
    value = entry.valid if entry.valid is not None else entry.worst
    if found is None or value is None:
        return entry.text or "no value"
    words = value_words(value, entry.finding, vocabulary())
    return words if entry.text in ("", words) else f"{words} (came as {entry.text})"
