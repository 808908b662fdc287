"""From the prescriber's go to the end of the infusion. Authorising is limited; recording what happened never is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from aldes.administration.decision import Decision, Word
from aldes.administration.document import PEOPLE_READ
from aldes.administration.ordering import order_for
from aldes.course.events import (
    AnyEvent,
    BagDiscarded,
    DecisionOverridden,
    DoseEnded,
    DoseInterrupted,
    DosePrepared,
    DoseStarted,
    GoGiven,
    GoWithdrawn,
)
from aldes.course.state import Bag, BagState, Leave, Slot
from aldes.errors import ActError
from aldes.units import Dose
from aldes.ward.acts.act import BEDSIDE, CLINICIANS, PHYSICIAN, PRESCRIBING, Act
from aldes.ward.bed import Bed, need_why

# Our policy: what the record itself lacks is put right in the record. Everything else a physician may answer for.
NO_OVERRIDE = frozenset({"SLOT-01", "SLOT-03", "PIN-01", "PHASE-02"})


class OverrideReason(StrEnum):
    """Why a physician lets a dose run against a hold, or before everything is known (our policy)."""

    TREATED = "the cause was treated, and the value that shows it is on its way"
    NOT_OBTAINABLE = "what is missing cannot be obtained in time, and other signs speak for it"
    NOT_APPLICABLE = "the criterion does not apply to this patient"
    MEASUREMENT = "the measurement is wrong, and was looked at at the bedside"
    BENEFIT = "the expected benefit outweighs this risk, as discussed with the patient"


@dataclass(frozen=True, slots=True, kw_only=True)
class Go(Act):
    """The prescriber's go for the next dose."""

    words: ClassVar[str] = "the go for a dose"
    signed = True
    may = PHYSICIAN

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        _check_open(bed)
        if bed.course.stops_in_force():
            raise ActError("A stop is in force: no dose has a go. Review the stop first.")
        yield GoGiven(**bed.signed(), cycle=bed.cycle, number=bed.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawGo(Act):
    """The go is taken back."""

    words: ClassVar[str] = "taking a go back"
    may = PHYSICIAN
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Taking a go back")
        go = bed.course.go
        if go is None:
            raise ActError("No go was given.")
        yield GoWithdrawn(**bed.signed(why=why), cycle=go.cycle, number=go.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(Act):
    """A physician lets the next dose run against these rows, and no others; a stop has no override."""

    words: ClassVar[str] = "an override"
    signed = True
    may = PHYSICIAN
    second = CLINICIANS
    rows: tuple[str, ...]  # as the physician saw them
    reason: OverrideReason
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "An override")
        _check_open(bed)
        decision = bed.decision()
        if decision.word not in (Word.HOLD, Word.INSUFFICIENT):
            raise ActError(_no_override(decision))
        rows = against(decision)
        if of_record := sorted(NO_OVERRIDE & set(rows)):
            raise ActError(f"{', '.join(of_record)} is about the record itself and has no override: settle it there. ")
        if set(rows) != set(self.rows):
            raise ActError(
                f"The rows that speak against the dose now are {', '.join(rows)}; you saw {', '.join(self.rows)}. "
                "Look again."
            )
        yield bed.shown()
        yield DecisionOverridden(
            **bed.signed(why=why),
            cycle=bed.cycle,
            number=bed.number,
            decision=decision.word.value,
            rows=rows,
            reason=self.reason.value,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare(Act):
    """A bag was made for the next dose, provisionally: whether it runs is asked again at the start."""

    words: ClassVar[str] = "preparing a bag"
    signed = True
    may = frozenset(PRESCRIBING | BEDSIDE)
    second = CLINICIANS
    reconstituted_at: datetime | None = None  # the first vial; None is now

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        _check_open(bed)
        if bed.decision().word is Word.STOP:
            raise ActError("The decision is to stop: no dose is prepared. Review the stop first.")
        if bed.course.weight_pinned != bed.cycle:
            raise ActError("The dosing weight of this cycle is not settled: prescriber and pharmacist pin it first.")
        at = bed.past(self.reconstituted_at, "the preparation")
        order = order_for(bed.course, bed.protocol, bed.now, prepared_at=at)
        if order.dose is None or order.preparation is None or order.preparation.expires is None:
            raise ActError(f"No dose can be prepared: {order.why_not}.")
        if order.preparation.expires <= bed.now:
            raise ActError("A bag of that time has expired already. Check the time.")
        yield DosePrepared(
            **bed.signed(at),
            bag=f"{bed.cycle}-{bed.number}-{len(bed.course.bags) + 1}",
            cycle=bed.cycle,
            number=bed.number,
            iu=order.dose.dose.iu,
            volume_ml=order.preparation.volume_ml,
            expires_at=order.preparation.expires,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardBag(Act):
    """A bag is thrown away unused."""

    words: ClassVar[str] = "discarding a bag"
    bag: str
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Discarding a bag")
        yield BagDiscarded(**bed.signed(why=why), bag=_ready(bed, self.bag).id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(Act):
    """The infusion begins now: the decision is asked again, and two different people sign."""

    words: ClassVar[str] = "starting a dose"
    signed = True
    may = BEDSIDE
    second = CLINICIANS
    bag: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        _check_open(bed)
        bag = _ready(bed, self.bag)
        _check_bag(bed, bag)
        _check_go(bed)
        _check_decision(bed)
        yield bed.shown()
        yield DoseStarted(**bed.signed(), cycle=bed.cycle, number=bed.number, bag=bag.id, iu=bag.iu)


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Act):
    """The whole bag was given."""

    words: ClassVar[str] = "ending a dose"
    may = BEDSIDE
    at: datetime | None = None

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        slot = _infusing(bed)
        at = max(bed.past(self.at, "the end"), slot.at)
        yield DoseEnded(**bed.signed(at), cycle=slot.cycle, number=slot.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupt(Act):
    """The infusion is broken off: one key, no decision; it counts as a dose."""

    words: ClassVar[str] = "interrupting a dose"
    volume_ml: Decimal | None = None
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        slot = _infusing(bed)
        if self.volume_ml is not None and not (self.volume_ml.is_finite() and 0 <= self.volume_ml <= 1000):
            raise ActError("The volume given is not 0 to 1,000 mL. Correct it, or leave it out.")
        yield DoseInterrupted(
            **bed.signed(why=self.why), cycle=slot.cycle, number=slot.number, volume_ml=self.volume_ml
        )


# ── what must be so before a dose runs ──


def blocks(bed: Bed) -> tuple[str, ...]:
    """Everything beside the decision that keeps the next dose from running now, each in a sentence."""
    found = []
    for check in (_check_open, _check_some_bag, _check_go, _check_decision):
        try:
            check(bed)
        except ActError as refusal:
            found.append(refusal.sentence)
    return tuple(found)


def _check_open(bed: Bed) -> None:
    if bed.course.ended_into:
        raise ActError(f"This record has ended; the person's record goes on in {bed.course.ended_into}.")
    if bed.course.pins is None or bed.course.patient is None:
        raise ActError("No course is open for this patient: register the patient and open it.")
    if bed.course.infusing is not None:
        raise ActError("A dose is running. End or interrupt it first.")


def _check_some_bag(bed: Bed) -> None:
    if not any(each.state is BagState.READY for each in bed.course.bags.values()):
        raise ActError("No bag is ready.")


def _ready(bed: Bed, id: str) -> Bag:
    bag = bed.course.bags.get(id)
    if bag is None or bag.state is not BagState.READY:
        state = "unknown here" if bag is None else bag.state.value
        raise ActError(f"This bag is {state}. Take one that is ready, or prepare one.")
    return bag


def _check_bag(bed: Bed, bag: Bag) -> None:
    dose = bed.protocol.dose
    over = timedelta(minutes=float(dose.over_min)) if dose else timedelta(0)
    if bed.now + over > bag.expires_at:
        raise ActError("The infusion would end after the bag has expired. Prepare another one.")
    ordered = order_for(bed.course, bed.protocol, bed.now).dose
    if ordered is None or ordered.dose.iu != bag.iu:
        came = Dose.from_iu(bag.iu).words
        raise ActError(f"The bag holds {came}, which is not the dose that is ordered now. Prepare another one.")


def _check_go(bed: Bed) -> None:
    if not _for_next(bed, bed.course.go):
        raise ActError("The prescriber has given no go for this dose. Ask for it.")


def _check_decision(bed: Bed) -> None:
    """Only *give*, or a physician's override of these very rows."""
    decision = bed.decision()
    if decision.word is Word.GIVE:
        return
    leave = bed.course.override
    overridable = decision.word in (Word.HOLD, Word.INSUFFICIENT)
    if overridable and leave and _for_next(bed, leave) and set(against(decision)) <= set(leave.rows):
        return
    rows = ", ".join(against(decision)) or "see the decision"
    raise ActError(f"The decision now: {PEOPLE_READ[decision.word]} ({rows}).")


def _for_next(bed: Bed, leave: Leave | None) -> bool:
    return leave is not None and (leave.cycle, leave.number) == (bed.cycle, bed.number)


def against(decision: Decision) -> tuple[str, ...]:
    """Every row that speaks against the dose: those that decided, and those that wait for something unknown.

    Both, so that an override of a hold is no override of what nobody has looked at yet.
    """
    waiting = (row for each in decision.measure for row in each.rows)
    return tuple(dict.fromkeys((*(each.row for each in decision.because), *waiting)))


def _no_override(decision: Decision) -> str:
    if decision.word is Word.GIVE:
        return "No listed reason speaks against the dose: there is nothing to override."
    return "A stop has no override. A physician confirms or refutes it."


def _infusing(bed: Bed) -> Slot:
    slot = bed.course.infusing
    if slot is None:
        raise ActError("No dose is running here. Record what happened as a slot.")
    return slot
