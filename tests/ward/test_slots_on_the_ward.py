"""Slots that close without a dose started here: held, omitted, recorded afterwards, retracted."""

from datetime import timedelta

import builders as b
import pytest
import shift as s

from aldes.course.events import SlotClosed, SlotState
from aldes.errors import ActError
from aldes.ward.acts import End, Hold, HoldSlot, Interrupt, LiftHold, Omission, OmitSlot, RecordSlot, RetractSlot


@pytest.fixture
def ward():
    return s.shift()


def recorded(number: int, at, state=SlotState.GIVEN, cycle: int = 1) -> RecordSlot:
    return RecordSlot(cycle=cycle, number=number, state=state, at=at, why="seen on the drug chart")


def test_a_slot_held_by_a_row_keeps_the_row(ward):
    ward.chart("spo2", 87)
    ward.do(HoldSlot())
    slot = ward.course.slots[-1]
    assert (slot.state, slot.number, slot.rows) == (SlotState.HELD, 6, ("HOLD-RESP-01",))


def test_without_a_listed_reason_holding_needs_one_in_words(ward):
    with pytest.raises(ActError, match="needs a reason"):
        ward.do(HoldSlot())
    ward.do(HoldSlot(why="the family asked for time"))
    assert ward.course.slots[-1].why == "the family asked for time"


def test_what_is_missing_is_no_hold():
    """Insufficient never counts as held: holding then needs a clinician's own reason."""
    found = s.shift()
    found.pass_time(hours=2.1)
    assert found.word() == "insufficient"
    with pytest.raises(ActError, match="needs a reason"):
        found.do(HoldSlot())


def test_an_omitted_slot_does_not_count_as_held(ward):
    ward.do(OmitSlot(reason=Omission.LOGISTICS, why="no bag came"))
    slot = ward.course.slots[-1]
    assert (slot.state, slot.why) == (SlotState.OMITTED, "logistics: no bag came")


@pytest.mark.parametrize(("hours_to_slot", "may"), [(4.1, False), (4, True), (0, True)])
def test_a_slot_closes_when_it_comes(ward, hours_to_slot, may):
    ward.give()
    ward.do(Interrupt())
    ward.pass_time(hours=8 - hours_to_slot)
    if may:
        assert ward.do(OmitSlot(reason=Omission.PATIENT)).events
    else:
        with pytest.raises(ActError, match="more than four hours away"):
            ward.do(OmitSlot(reason=Omission.PATIENT))


def test_a_slot_that_nobody_accounted_for_blocks_until_it_is_recorded(ward):
    ward.pass_time(hours=8)
    ward.check()
    assert "SLOT-01" in ward.rows()
    ward.do(recorded(6, b.NOW, SlotState.OMITTED))
    assert ward.word() == "give"


def test_a_dose_that_ran_without_leave_is_counted_and_said(ward):
    ward.pass_time(hours=1)
    ward.do(recorded(6, b.NOW + timedelta(minutes=20)))
    closed = ward.events(SlotClosed)[-1]
    assert closed.deviation == "recorded afterwards, not authorised on the ward"
    assert ward.course.last_dose.number == 6


def test_a_fifteenth_dose_that_ran_is_recorded_as_a_deviation_and_counted():
    """Authorising is limited; recording what happened never is."""
    found = s.shift(given=14)
    found.pass_time(hours=1)
    found.do(recorded(15, b.NOW))
    assert "beyond the 14 slots of a cycle" in found.events(SlotClosed)[-1].deviation
    assert len(found.course.in_cycle) == 15


@pytest.mark.parametrize(("late_h", "said"), [(3.9, False), (4, True)])
def test_a_dose_far_from_its_place_is_said(late_h, said):
    found = s.shift()
    found.pass_time(hours=5)
    found.do(recorded(6, b.NOW + timedelta(hours=late_h)))
    assert ("from its place" in found.events(SlotClosed)[-1].deviation) is said


def test_a_closed_slot_is_not_closed_again(ward):
    with pytest.raises(ActError, match="closed already"):
        ward.do(recorded(5, b.ago(8)))


@pytest.mark.parametrize(("number", "cycle"), [(0, 1), (100, 1), (6, 2), (6, 0)])
def test_a_slot_that_no_course_has_is_refused(ward, number, cycle):
    with pytest.raises(ActError, match="none of this course"):
        ward.do(recorded(number, b.NOW, cycle=cycle))


def test_a_slot_in_the_future_is_refused(ward):
    with pytest.raises(ActError, match="not in the past"):
        ward.do(recorded(6, b.NOW + timedelta(minutes=6)))


def test_a_retracted_slot_waits_to_be_accounted_for(ward):
    """A dose charted for the wrong patient: two people take it back, and its place is open again."""
    ward.do(RetractSlot(cycle=1, number=3, why="charted for the wrong patient"), s.PHARMACIST, s.NURSE)
    assert [each.number for each in ward.course.in_cycle] == [1, 2, 4, 5]
    assert "SLOT-01" in ward.rows()
    ward.do(recorded(3, b.ago(24), SlotState.OMITTED))
    assert ward.word() == "give"


def test_a_started_dose_that_was_an_error_leaves_no_bag_to_hang(ward):
    ward.give()
    ward.do(RetractSlot(cycle=1, number=6, why="started on the screen, never at the bed"), s.PHYSICIAN, s.NURSE)
    assert ward.course.infusing is None
    assert {each.state.value for each in ward.course.bags.values()} == {"discarded"}
    with pytest.raises(ActError):
        ward.do(End())


def test_any_nurse_holds_and_a_physician_lifts(ward):
    ward.do(Hold(why="he looks unwell"))
    assert ward.rows() == {"SLOT-02"}
    with pytest.raises(ActError, match="not for a nurse"):
        ward.do(LiftHold(why="better"))
    ward.do(LiftHold(why="seen at the bed"), s.PHYSICIAN)
    assert ward.word() == "give"
