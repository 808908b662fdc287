"""What the events of a dose make of goes, bags and slots: from the prescriber's word to the end of the infusion."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from aldes.course.events import (
    DecisionOverridden,
    DecisionShown,
    DoseEnded,
    DoseInterrupted,
    DosePrepared,
    DoseStarted,
    GoGiven,
    SlotClosed,
    SlotRetracted,
    SlotState,
)
from aldes.course.state import Bag, BagState, Leave, Shown, Slot

Slots = tuple[Slot, ...]
Bags = Mapping[str, Bag]
Changed = tuple[Slots, Bags]


def leave(event: GoGiven | DecisionOverridden) -> Leave:
    """What lets one dose run."""
    by = event.person or event.by
    return Leave(cycle=event.cycle, number=event.number, at=event.happened_at, by=by, why=event.why)


def shown(event: DecisionShown) -> Shown:
    """The decision that was shown last."""
    return Shown(
        at=event.asked_at,
        cycle=event.cycle,
        number=event.number,
        decision=event.decision,
        rows=event.rows,
        scope=event.scope,
        digest=event.digest,
    )


def assessed(held: frozenset[tuple[int, int]], event: DecisionShown) -> frozenset[tuple[int, int]]:
    """The slots before which a hold was shown: given in its window after that, a slot is delayed."""
    return held | {(event.cycle, event.number)} if event.decision == "hold" else held


def prepared(event: DosePrepared) -> Bag:
    """A bag that is ready."""
    return Bag(
        id=event.bag,
        cycle=event.cycle,
        number=event.number,
        iu=event.iu,
        volume_ml=event.volume_ml,
        prepared_at=event.happened_at,
        expires_at=event.expires_at,
        by=event.person or event.by,
        second=event.second,
    )


def bag_is(bags: Bags, id: str, state: BagState) -> Bags:
    """The bags, this one in another state; one that nobody prepared here changes nothing."""
    known = bags.get(id)
    return bags if known is None else {**bags, id: replace(known, state=state)}


def closed(event: SlotClosed) -> Slot:
    """A slot that closed without an infusion started here."""
    return Slot(
        cycle=event.cycle,
        number=event.number,
        at=event.happened_at,
        state=event.state,
        ended_at=event.ended_at,
        rows=event.rows,
        why=event.why,
        deviation=event.deviation,
    )


def started(slots: Slots, bags: Bags, event: DoseStarted) -> Changed:
    """A dose counts from its start on, whatever becomes of the infusion."""
    slot = Slot(
        cycle=event.cycle,
        number=event.number,
        at=event.happened_at,
        state=SlotState.GIVEN,
        bag=event.bag,
        iu=event.iu,
        why=event.why,
    )
    return (*slots, slot), bag_is(bags, event.bag, BagState.HANGING)


def ended(slots: Slots, bags: Bags, event: DoseEnded | DoseInterrupted) -> Changed:
    """The slot's infusion is over; the words of a slot that nobody started change nothing."""
    place = (event.cycle, event.number)
    bag = next((each.bag for each in slots if _place(each) == place), "")
    over = tuple(_over(each, event) if _place(each) == place and each.given else each for each in slots)
    return over, bag_is(bags, bag, BagState.USED)


def without(slots: Slots, bags: Bags, event: SlotRetracted) -> Changed:
    """The slot is open again; a bag that hung for it is not used again."""
    place = (event.cycle, event.number)
    bag = next((each.bag for each in slots if _place(each) == place), "")
    return tuple(each for each in slots if _place(each) != place), bag_is(bags, bag, BagState.DISCARDED)


def _over(slot: Slot, event: DoseEnded | DoseInterrupted) -> Slot:
    broken_off = isinstance(event, DoseInterrupted)
    volume: Decimal | None = event.volume_ml if isinstance(event, DoseInterrupted) else None
    state = SlotState.GIVEN_PARTLY if broken_off else SlotState.GIVEN
    return replace(slot, state=state, ended_at=event.happened_at, volume_ml=volume, why=event.why or slot.why)


def _place(slot: Slot) -> tuple[int, int]:
    return slot.cycle, slot.number
