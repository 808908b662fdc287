"""What happened, in the past tense. Events carry no rules; all else is computed from them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from aldes.course.medication import Medication
from aldes.course.patient import Patient
from aldes.course.pins import Pins
from aldes.findings.charted import Charted
from aldes.scope import Scope


class SlotState(StrEnum):
    """How a slot of the schedule closed; it counts once, when it closes."""

    GIVEN = "given"
    GIVEN_PARTLY = "given partly"
    HELD = "held"  # by a row, or for a clinician's reason
    OMITTED = "omitted"  # logistics, patient, order


class Stay(StrEnum):
    """What happens to a patient around the doses."""

    ICU_IN = "came to intensive care"
    ICU_OUT = "left intensive care"
    LINE_IN = "central line placed"
    LINE_OUT = "central line removed"
    CULTURE = "culture taken"
    ANTIBIOTIC = "antibiotic begun"
    ANTIBIOTIC_ENDED = "antibiotic ended"
    TRANSFUSION = "transfusion"
    DIALYSIS = "dialysis begun"
    DIALYSIS_ENDED = "dialysis ended"
    INTUBATION = "intubated"
    EXTUBATION = "extubated"
    CONSENT = "consent changed"
    CODE_STATUS = "code status changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Two times, because bedside entries arrive late: when it was so, and when the record learned it."""

    happened_at: datetime
    recorded_at: datetime
    by: str = ""  # a role or a signature, as it came
    why: str = ""
    person: str = ""  # the id of the named person who signed it on the ward
    second: str = ""  # the id of the second person who looked and signed with them


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted(Event):
    """The patient came in for a cycle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharged(Event):
    """The patient left the hospital after a cycle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Died(Event):
    """The patient died."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDoubted(Event):
    """Something in the record must be settled before a dose: a dose that cannot be counted, a linked patient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtsSettled(Event):
    """Somebody looked at what was doubtful in the record, and settled it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRead(Event):
    """Another record was read into this one: how much of it counts, and how much could not be used (hazard H33)."""

    used: int  # values, statements and drugs that were new here
    unused: int  # parts that did not count, or only against a dose


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEnded(Event):
    """This record is of the same person as another one, and goes on there (hazard H10)."""

    into: str  # the key of the record that goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJoined(Event):
    """Another record of the same person has ended into this one."""

    other: str  # its key


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordParted(Event):
    """Two records were joined in error: each is its own again."""

    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleOpened(Event):
    """A cycle began: its slots count from 1."""

    cycle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEnded(Event):
    """An earlier course is over; its last discharge counts for retreatment, its permanent stops for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingCharted(Event):
    """A value was charted."""

    entry: Charted
    corrects: str = ""  # the id of the entry that this one corrects, which was retracted


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightPinned(FindingCharted):
    """Prescriber and pharmacist settled the dosing weight of a cycle; no daily weight moves it."""

    cycle: int
    kind: str  # actual, ideal or adjusted body weight


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPinned(FindingCharted):
    """A physician settled the patient's own systolic target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMade(Event):
    """A clinician signed, for one organ system: none of the listed, no new result or event since the last check."""

    id: str
    system: str
    fault: str | None = None  # why it answers nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRetracted(Event):
    """An entry or statement was charted in error; holds it opened stay until a physician lifts them."""

    id: str

    def withdraws(self, id: str) -> bool:
        """Whether this is the entry, or a part of it: a panel is charted as `id#finding` for each component."""
        return id == self.id or id.startswith(f"{self.id}#")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotClosed(Event):
    """A slot was given, given partly, held or omitted; it happened when the infusion began, or at the slot's time."""

    cycle: int
    number: int  # position in the cycle, from 1
    state: SlotState
    ended_at: datetime | None = None
    rows: tuple[str, ...] = ()  # why it was held, where rows said so
    deviation: str = ""  # how what happened differs from what was authorised


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotRetracted(Event):
    """A closed slot was charted in error; its place waits to be accounted for again."""

    cycle: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRegistered(Event):
    """The ward learned who the patient is, or corrected it."""

    patient: Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseOpened(Event):
    """A course began under a protocol that is pinned by its content."""

    pins: Pins
    verdict: str = ""  # of selection, as it was then


@dataclass(frozen=True, slots=True, kw_only=True)
class PinChanged(Event):
    """Physician and pharmacist took over a changed protocol in the middle of a course."""

    pins: Pins


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionShown(Event):
    """A decision was shown to somebody; its document is kept beside the journal under `digest`."""

    cycle: int
    number: int
    decision: str
    rows: tuple[str, ...] = ()
    scope: str = ""
    version: int  # how many events the course had when it was asked
    asked_at: datetime
    engine: str
    pin: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoGiven(Event):
    """The prescriber's go for one dose."""

    cycle: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoWithdrawn(Event):
    """The prescriber took the go back."""

    cycle: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionOverridden(Event):
    """A physician lets one dose run against a hold, or before everything is known; a stop has no override."""

    cycle: int
    number: int
    decision: str  # what is overridden: hold or insufficient
    rows: tuple[str, ...]  # those and no others
    reason: str  # one of the listed reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePrepared(Event):
    """A bag was made; it happened when the first vial was reconstituted."""

    bag: str
    cycle: int
    number: int
    iu: Decimal
    volume_ml: Decimal  # drawn from the vials
    expires_at: datetime  # the infusion must have ended


@dataclass(frozen=True, slots=True, kw_only=True)
class BagDiscarded(Event):
    """A bag was thrown away unused."""

    bag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseStarted(Event):
    """An infusion began at the bedside; from now on the dose counts."""

    cycle: int
    number: int
    bag: str
    iu: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseEnded(Event):
    """The infusion was given whole."""

    cycle: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseInterrupted(Event):
    """The infusion was broken off; it counts as a dose."""

    cycle: int
    number: int
    volume_ml: Decimal | None = None  # given; None while nobody has measured it


@dataclass(frozen=True, slots=True, kw_only=True)
class CareTaken(Event):
    """A step of care was done."""

    row: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayChanged(Event):
    """Something around the doses began, ended or was done."""

    what: Stay
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOpened(Event):
    """A row asked for a hold; from `happened_at` (its onset) on, earlier values do not lift it."""

    row: str
    because: tuple[str, ...] = ()  # ids of the deciding entries


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Event):
    """A standing hold ended: its resume question was answered yes, or a physician lifted it."""

    row: str
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRaised(Event):
    """A stop row was answered yes; the dose is blocked until a physician confirms or refutes it."""

    row: str
    scope: Scope
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopConfirmed(Event):
    """A physician confirmed a stop and set its scope."""

    row: str
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRefuted(Event):
    """A physician refuted a stop, with a reason."""

    row: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianHeld(Event):
    """Any nurse may hold without a listed reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicianHoldLifted(Event):
    """A physician lifted a clinician's hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAcknowledged(Event):
    """Somebody, whose name is `by`, has taken note of a condition of which a clinician is told."""

    row: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicationListed(Event):
    """A drug other than aldesleukin came onto the patient's list."""

    medication: Medication


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRecorded(Event):
    """Somebody signed how severe an adverse event was, by a version of the criteria."""

    term: str  # the name of its ladder
    grade: int  # 0 to 5
    version: str
    findings: tuple[str, ...] = ()  # ids of the entries that it rests on


WithinCourse = (
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
    | FindingCharted  # and what is pinned: WeightPinned, TargetPinned
    | StatementMade
    | EntryRetracted
    | SlotClosed
    | HoldOpened
    | HoldLifted
    | StopRaised
    | StopConfirmed
    | StopRefuted
    | ClinicianHeld
    | ClinicianHoldLifted
    | NoticeAcknowledged
    | MedicationListed
    | GradeRecorded
    | SlotRetracted
    | PatientRegistered
    | CourseOpened
    | PinChanged
    | DecisionShown
    | GoGiven
    | GoWithdrawn
    | DecisionOverridden
    | DosePrepared
    | BagDiscarded
    | DoseStarted
    | DoseEnded
    | DoseInterrupted
    | CareTaken
    | StayChanged
)
AnyEvent = WithinCourse | CourseEnded  # the one event after which another course is told
