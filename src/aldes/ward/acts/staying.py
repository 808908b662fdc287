"""The course around the doses: who the patient is, what is pinned, cycles, phases and what happens in the stay."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from aldes import __version__
from aldes.course.ended import before_another
from aldes.course.events import (
    Admitted,
    AnyEvent,
    CareTaken,
    CourseEnded,
    CourseOpened,
    CycleOpened,
    Died,
    Discharged,
    FindingCharted,
    PatientRegistered,
    PinChanged,
    Stay,
    StayChanged,
    TargetPinned,
    WeightPinned,
)
from aldes.course.patient import Patient
from aldes.course.pins import Pins
from aldes.errors import ActError, nearest
from aldes.findings.charted import Charted
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.protocols.pin import content_of
from aldes.protocols.verdict import Verdict
from aldes.selection.document import answer as selection
from aldes.units import show
from aldes.ward.acts.act import BEDSIDE, CLINICIANS, PHYSICIAN, PRESCRIBING, Act
from aldes.ward.bed import Bed, need_why

MOST_YEARS = 120
WEIGHT_DIFFERS = Fraction(1, 10)  # hazard H01: more than 10 % from what was weighed needs a reason
KINDS_OF_WEIGHT = ("actual", "ideal", "adjusted")
_SUPPORT = {  # what a change of the stay charts as well, so that rows see it
    Stay.DIALYSIS: ("dialysis", True),
    Stay.DIALYSIS_ENDED: ("dialysis", False),
    Stay.INTUBATION: ("intubated", True),
    Stay.EXTUBATION: ("intubated", False),
    Stay.LINE_IN: ("central_line", True),
    Stay.LINE_OUT: ("central_line", False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Act):
    """The ward learns who the patient is, or corrects it."""

    words: ClassVar[str] = "registering a patient"
    patient: Patient
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        _check_patient(self.patient, bed.now.date())
        if bed.course.patient is not None:
            need_why(self.why, "Correcting who the patient is")
        yield PatientRegistered(**bed.signed(why=self.why), patient=self.patient)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCourse(Act):
    """A physician opens a course under the ward's protocol, which is pinned with everything that it says."""

    words: ClassVar[str] = "opening a course"
    signed = True
    may = PHYSICIAN
    why: str = ""  # needed where selection does not say that no listed criterion excludes

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if bed.course.patient is None:
            raise ActError("Register the patient first.")
        if bed.course.pins is not None:
            raise ActError("A course is open already. End it before another one.")
        if not bed.protocol.bedside:
            raise ActError(f"{bed.protocol.id} is no bedside protocol here. Choose one that is.")
        verdict = selection(before_another(bed.course, bed.now), bed.protocol, bed.now)["verdict"]
        if verdict != Verdict.NONE_LISTED.value:
            need_why(self.why, f"Opening a course while selection says '{verdict}'")
        pins = _pins(bed)
        yield CourseOpened(**bed.signed(why=self.why), pins=pins, verdict=verdict)
        if not bed.course.in_cycle:
            yield CycleOpened(**bed.signed(), cycle=bed.cycle)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRules(Act):
    """Physician and pharmacist take over the protocol as it now stands, in the middle of a course."""

    words: ClassVar[str] = "taking over a changed protocol"
    signed = True
    may = PRESCRIBING
    second = PRESCRIBING
    roles_differ = True
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Taking over a changed protocol")
        if bed.course.pins is None or bed.course.pins.pin == bed.protocol.pin:
            raise ActError("The protocol is the one that this course pinned.")
        yield PinChanged(**bed.signed(why=why), pins=_pins(bed))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCycle(Act):
    """The next cycle of the course begins; its first dose waits for readiness."""

    words: ClassVar[str] = "opening a cycle"
    may = PHYSICIAN

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if bed.course.pins is None or not bed.course.in_cycle:
            raise ActError("The present cycle has no closed slot yet: it is open.")
        if bed.course.infusing is not None:
            raise ActError("A dose is running. End or interrupt it first.")
        yield CycleOpened(**bed.signed(), cycle=bed.cycle + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCourse(Act):
    """The course is over; what stops for good goes on."""

    words: ClassVar[str] = "ending a course"
    may = PHYSICIAN
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if bed.course.discharged_at is None:
            raise ActError("A course ends after the patient went home: record the discharge first.")
        yield CourseEnded(**bed.signed(why=need_why(self.why, "Ending a course")))


@dataclass(frozen=True, slots=True, kw_only=True)
class PinWeight(Act):
    """Prescriber and pharmacist settle the dosing weight of the cycle."""

    words: ClassVar[str] = "settling the dosing weight"
    signed = True
    may = PRESCRIBING
    second = PRESCRIBING
    roles_differ = True
    kg: Decimal
    kind: str = "actual"
    why: str = ""  # needed where it differs by more than 10 % from what was weighed last

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if self.kind not in KINDS_OF_WEIGHT:
            raise ActError(f"The kind of weight is one of {', '.join(KINDS_OF_WEIGHT)}. Choose one.")
        entry = _settled(bed, "dosing_weight", self.kg, "kg")
        weighed = [each.valid for each in bed.course.entries.get("weight", ()) if isinstance(each.valid, Decimal)]
        if weighed and abs(Fraction(self.kg) - Fraction(weighed[-1])) > WEIGHT_DIFFERS * Fraction(weighed[-1]):
            need_why(self.why, f"A dosing weight more than 10 % from the {show(weighed[-1], 'kg')} weighed last")
        yield WeightPinned(**bed.signed(entry.time, self.why), entry=entry, cycle=bed.cycle, kind=self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTarget(Act):
    """A physician settles the patient's own systolic target."""

    words: ClassVar[str] = "settling the systolic target"
    may = PHYSICIAN
    mmhg: Decimal
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        entry = _settled(bed, "systolic_target", self.mmhg, "mm[Hg]")
        yield TargetPinned(**bed.signed(entry.time, self.why), entry=entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit(Act):
    """The patient came in."""

    words: ClassVar[str] = "admitting a patient"
    may = CLINICIANS
    at: datetime | None = None

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        yield Admitted(**bed.signed(bed.past(self.at, "the admission")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Discharge(Act):
    """The patient goes home."""

    words: ClassVar[str] = "a discharge"
    may = PHYSICIAN
    at: datetime | None = None

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if bed.course.infusing is not None:
            raise ActError("A dose is running. End or interrupt it first.")
        yield Discharged(**bed.signed(bed.past(self.at, "the discharge")))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeath(Act):
    """The patient died."""

    words: ClassVar[str] = "recording a death"
    signed = True
    may = PHYSICIAN
    at: datetime | None = None

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        yield Died(**bed.signed(bed.past(self.at, "the death")))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStay(Act):
    """Something around the doses began, ended or was done; what rows ask is charted with it."""

    words: ClassVar[str] = "a change of the stay"
    may = BEDSIDE
    what: Stay
    detail: str = ""
    at: datetime | None = None

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        at = bed.past(self.at, self.what.value)
        yield StayChanged(**bed.signed(at), what=self.what, words=self.detail)
        if self.what in _SUPPORT:
            name, value = _SUPPORT[self.what]
            role = bed.signature.role.value
            raw = Raw(finding=vocabulary()[name], id=f"stay-{bed.course.version}", value=value, time=at, role=role)
            yield FindingCharted(**bed.signed(at), entry=chart(raw, bed.now))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCare(Act):
    """A step of care was done."""

    words: ClassVar[str] = "recording a step of care"
    may = BEDSIDE
    row: str
    what: str = ""
    at: datetime | None = None

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        known = [each.id for each in bed.protocol.care]
        if self.row not in known:
            raise ActError(f"No step of care has this id.{nearest(self.row, known)}")
        yield CareTaken(**bed.signed(bed.past(self.at, "the step of care")), row=self.row, what=self.what)


def _pins(bed: Bed) -> Pins:
    """The protocol by content; the content itself is kept beside the journal."""
    bed.documents[bed.protocol.pin] = content_of(bed.protocol)
    return Pins(
        protocol=bed.protocol.id,
        site=bed.protocol.site,
        pin=bed.protocol.pin,
        ctcae=bed.protocol.grading.version or "",
        engine=f"aldes {__version__}",
        demo=bed.protocol.demo,
    )


def _settled(bed: Bed, name: str, value: Decimal, unit: str) -> Charted:
    finding = vocabulary()[name]
    raw = Raw(finding=finding, id=f"{name}-{bed.course.version}", value=value, unit=unit, time=bed.now)
    entry = chart(replace(raw, role=bed.signature.role.value), bed.now)
    if entry.fault:
        raise ActError(f"{entry.fault}")
    return entry


def _check_patient(patient: Patient, today: date) -> None:
    if not patient.identifiers or not all(system.strip() and value.strip() for system, value in patient.identifiers):
        raise ActError("A patient needs an identifier with its system, such as a record number.")
    if not patient.family.strip() or not patient.given.strip():
        raise ActError("A patient needs a family name and a given name.")
    if not today - timedelta(days=MOST_YEARS * 366) < patient.born <= today:
        raise ActError("The birth date is none that a patient has. Check it.")
