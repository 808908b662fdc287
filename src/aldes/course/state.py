"""The state of a course: finished values that events fold into. It knows no rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from aldes.course.events import RecordRead, SlotState, Stay
from aldes.course.medication import Medication
from aldes.course.patient import Patient
from aldes.course.pins import Pins
from aldes.findings.charted import Charted
from aldes.findings.moment import Statement
from aldes.scope import Scope

GIVEN = (SlotState.GIVEN, SlotState.GIVEN_PARTLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One closed slot of the schedule."""

    cycle: int
    number: int
    at: datetime
    state: SlotState
    ended_at: datetime | None = None
    rows: tuple[str, ...] = ()
    bag: str = ""
    iu: Decimal | None = None  # in the bag; None where only the drug chart knows
    volume_ml: Decimal | None = None  # given of an interrupted infusion; None while nobody has measured it
    why: str = ""
    deviation: str = ""  # how it differs from what was authorised

    @property
    def given(self) -> bool:
        """Whether a dose began, wholly or partly given."""
        return self.state in GIVEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A hold that a row opened. Only values later than its onset lift it, and later ones answer the row again."""

    row: str
    onset: datetime
    standing: bool = True
    because: tuple[str, ...] = ()
    lifted_by: tuple[str, ...] = ()  # the entries that lifted it
    retracted: bool = False  # an entry that opened it was charted in error: no measurement lifts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop that a row raised: unconfirmed, confirmed with its scope, or refuted."""

    row: str
    raised_at: datetime
    cycle: int
    scope: Scope
    confirmed: bool = False
    refuted_at: datetime | None = None
    because: tuple[str, ...] = ()

    def in_force(self, cycle: int) -> bool:
        """Whether it blocks doses of this cycle of the course it was raised in."""
        if self.refuted_at is not None:
            return False
        return not self.confirmed or self.scope in (Scope.COURSE, Scope.GOOD) or self.cycle == cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """What lets one dose run: a prescriber's go, or a physician's override of a decision with its rows."""

    cycle: int
    number: int
    at: datetime
    by: str  # the person
    decision: str = ""  # overridden; empty of a go
    rows: tuple[str, ...] = ()
    reason: str = ""
    why: str = ""


class BagState(StrEnum):
    """Where a prepared bag is."""

    READY = "ready"
    HANGING = "hanging"
    USED = "used"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """A prepared dose."""

    id: str
    cycle: int  # the slot that it was made for
    number: int
    iu: Decimal
    volume_ml: Decimal
    prepared_at: datetime
    expires_at: datetime
    by: str = ""
    second: str = ""
    state: BagState = BagState.READY


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The newest decision that was shown."""

    at: datetime
    cycle: int
    number: int
    decision: str
    rows: tuple[str, ...]
    scope: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CareDone:
    """A step of care that somebody did."""

    row: str
    at: datetime
    by: str
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StayPart:
    """What happened around the doses, and when."""

    what: Stay
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """When and by whom a condition was last taken note of."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedGrade:
    """A grade that somebody signed, with the version of the criteria that it was given by."""

    term: str
    grade: int
    version: str
    at: datetime
    by: str
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One patient's course so far: what the record knows after some events."""

    version: int = 0  # how many events were folded
    cycle: int = 1
    slots: tuple[Slot, ...] = ()
    entries: Mapping[str, tuple[Charted, ...]] = field(default_factory=dict)  # finding → entries in order of time
    statements: Mapping[str, Statement] = field(default_factory=dict)  # system → the newest
    holds: Mapping[str, Hold] = field(default_factory=dict)
    stops: Mapping[str, Stop] = field(default_factory=dict)
    acknowledged: Mapping[str, Acknowledged] = field(default_factory=dict)  # row → the newest
    medications: Mapping[str, Medication] = field(default_factory=dict)  # by id: drugs other than aldesleukin
    clinician_hold: bool = False
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    courses_before: int = 0
    last_course_discharged_at: datetime | None = None
    deceased: bool = False
    grades: tuple[RecordedGrade, ...] = ()  # in the order in which they were recorded
    doubts: int = 0  # what must be settled in the record before a dose
    records_read: tuple[RecordRead, ...] = ()  # from other systems, in the order in which they came
    ended_into: str = ""  # the key of the record in which this person's record goes on
    joined: tuple[str, ...] = ()  # the keys of records that have ended into this one
    patient: Patient | None = None
    pins: Pins | None = None  # of a course that was opened on the ward
    opened_at: datetime | None = None
    verdict: str = ""  # of selection, when the course was opened
    go: Leave | None = None  # the newest; it counts for its own slot alone
    override: Leave | None = None
    bags: Mapping[str, Bag] = field(default_factory=dict)
    shown: Shown | None = None
    assessed_as_held: frozenset[tuple[int, int]] = frozenset()  # cycle and number of a slot
    care: tuple[CareDone, ...] = ()
    stay: tuple[StayPart, ...] = ()
    weight_pinned: int = 0  # the cycle for which the dosing weight was settled last

    @property
    def in_cycle(self) -> tuple[Slot, ...]:
        """The closed slots of the present cycle."""
        return tuple(each for each in self.slots if each.cycle == self.cycle)

    @property
    def last_dose(self) -> Slot | None:
        """The last slot of the course in which a dose began."""
        return max((each for each in self.slots if each.given), key=lambda each: each.at, default=None)

    @property
    def infusing(self) -> Slot | None:
        """The dose that runs now, as far as the record says."""
        hanging = {each.id for each in self.bags.values() if each.state is BagState.HANGING}
        return next((each for each in self.slots if each.bag in hanging and each.ended_at is None), None)

    def standing(self) -> tuple[Hold, ...]:
        """The holds that no one has lifted."""
        return tuple(each for each in self.holds.values() if each.standing)

    def stops_in_force(self) -> tuple[Stop, ...]:
        """The stops that block the next dose."""
        return tuple(each for each in self.stops.values() if each.in_force(self.cycle))

    def waits_for_physician(self, row: str) -> bool:
        """Whether a hold of this row stands that no measurement lifts: what opened it was charted in error."""
        hold = self.holds.get(row)
        return hold is not None and hold.standing and hold.retracted

    def asked_after(self, row: str) -> datetime | None:
        """From when on values answer this row: later than the onset of a hold that was lifted, or than a refutation."""
        stop, hold = self.stops.get(row), self.holds.get(row)
        lifted = hold.onset if hold and not hold.standing else None
        times = [time for time in (stop.refuted_at if stop else None, lifted) if time]
        return max(times, default=None)

    def lifted_after(self, row: str) -> datetime | None:
        """From when on values can lift a standing hold of this row: later than its onset."""
        hold = self.holds.get(row)
        return hold.onset if hold and hold.standing else None
