"""How a slot closes without a dose started here, and how a slot charted wrongly is taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from aldes.administration.decision import Word
from aldes.course.events import AnyEvent, ClinicianHeld, ClinicianHoldLifted, SlotClosed, SlotRetracted, SlotState
from aldes.course.facts import INTERVAL, SLOTS_IN_CYCLE, next_slot
from aldes.course.state import GIVEN, Slot
from aldes.errors import ActError
from aldes.ward.acts.act import BEDSIDE, CLINICIANS, PHYSICIAN, PRESCRIBING, Act
from aldes.ward.bed import Bed, need_why

OUT_OF_PLACE = timedelta(hours=4)  # our policy: half an interval away from its place, a slot is said to deviate
MOST = 99  # a number of a slot beyond this was mistyped


class Omission(StrEnum):
    """Why a slot was left out; it never counts as held."""

    LOGISTICS = "logistics"
    PATIENT = "the patient's wish"
    ORDER = "ordered so"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldSlot(Act):
    """The slot that is due is held: for the rows that say so, or for a clinician's reason."""

    words: ClassVar[str] = "holding a dose"
    may = BEDSIDE
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        decision = bed.decision()
        rows = tuple(each.row for each in decision.because) if decision.word in (Word.HOLD, Word.STOP) else ()
        why = self.why if rows else need_why(self.why, "Holding a dose without a listed reason")
        yield bed.shown()
        yield _closed(bed, SlotState.HELD, why, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class OmitSlot(Act):
    """The slot that is due is left out for logistics, the patient's wish or an order."""

    words: ClassVar[str] = "omitting a dose"
    may = BEDSIDE
    reason: Omission
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = f"{self.reason.value}: {self.why}" if self.why else self.reason.value
        yield _closed(bed, SlotState.OMITTED, why)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSlot(Act):
    """What happened in a slot that nobody accounted for; a dose that did run is counted, authorised or not."""

    words: ClassVar[str] = "recording a slot"
    may = CLINICIANS
    cycle: int
    number: int
    state: SlotState
    at: datetime
    ended_at: datetime | None = None
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "A slot that is recorded afterwards")
        at = bed.past(self.at, "the slot")
        self._check(bed, at)
        yield SlotClosed(
            **bed.signed(at, why),
            cycle=self.cycle,
            number=self.number,
            state=self.state,
            ended_at=self.ended_at if self.state in GIVEN else None,
            deviation="; ".join(_deviations(bed, self, at)),
        )

    def _check(self, bed: Bed, at: datetime) -> None:
        if not (1 <= self.number <= MOST and 1 <= self.cycle <= bed.cycle):
            raise ActError(
                f"Slot {self.number} of cycle {self.cycle} is none of this course, which is in cycle {bed.cycle}. "
                "Correct the numbers."
            )
        if _slot(bed, self.cycle, self.number):
            raise ActError("This slot is closed already. Retract it first if it is wrong.")
        if self.ended_at is not None and bed.past(self.ended_at, "the end") < at:
            raise ActError("The infusion ended before it began. Correct the times.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractSlot(Act):
    """A slot was charted in error. Two people, since a dose that is not counted can be given once more."""

    words: ClassVar[str] = "retracting a slot"
    signed = True
    may = PRESCRIBING
    second = CLINICIANS
    cycle: int
    number: int
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Retracting a slot")
        slot = _slot(bed, self.cycle, self.number)
        if slot is None:
            raise ActError("This slot is not closed.")
        yield SlotRetracted(**bed.signed(why=why), cycle=self.cycle, number=self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Act):
    """A clinician holds the next doses without a listed reason, until a physician lifts it."""

    words: ClassVar[str] = "a clinician's hold"
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        yield ClinicianHeld(**bed.signed(why=need_why(self.why, "A hold")))


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftHold(Act):
    """A physician lifts a clinician's hold."""

    words: ClassVar[str] = "lifting a clinician's hold"
    may = PHYSICIAN
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if not bed.course.clinician_hold:
            raise ActError("No clinician holds the dose.")
        yield ClinicianHoldLifted(**bed.signed(why=need_why(self.why, "Lifting a hold")))


def _closed(bed: Bed, state: SlotState, why: str, rows: tuple[str, ...] = ()) -> SlotClosed:
    """The slot that is due, at its own time where that has come; one that is not due yet cannot close."""
    if bed.course.pins is None:
        raise ActError("No course is open for this patient. Open it first.")
    if bed.course.infusing is not None:
        raise ActError("A dose is running. End or interrupt it first.")
    due = next_slot(bed.course, bed.now)
    if due - bed.now > INTERVAL / 2:
        raise ActError("The next slot is more than four hours away. Close it when it comes.")
    signed = bed.signed(min(due, bed.now), why)
    return SlotClosed(**signed, cycle=bed.cycle, number=bed.number, state=state, rows=rows)


def _slot(bed: Bed, cycle: int, number: int) -> Slot | None:
    return next((each for each in bed.course.slots if (each.cycle, each.number) == (cycle, number)), None)


def _deviations(bed: Bed, slot: RecordSlot, at: datetime) -> Iterator[str]:
    """How what is recorded differs from what may be authorised."""
    if slot.state in GIVEN:
        yield "recorded afterwards, not authorised on the ward"
    if slot.number > SLOTS_IN_CYCLE:
        yield f"beyond the {SLOTS_IN_CYCLE} slots of a cycle"
    first = min(
        (each for each in bed.course.slots if each.cycle == slot.cycle), key=lambda each: each.number, default=None
    )
    if first is not None and abs(at - first.at - (slot.number - first.number) * INTERVAL) >= OUT_OF_PLACE:
        yield "four hours or more from its place on the grid"
