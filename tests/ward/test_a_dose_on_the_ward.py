"""One dose, from the go to the end of the infusion, and everything that keeps it from running."""

from datetime import timedelta
from decimal import Decimal

import builders as b
import pytest
import shift as s

from aldes.course.events import (
    DecisionShown,
    DoseInterrupted,
    DoseStarted,
    SlotState,
)
from aldes.course.journal import Command
from aldes.errors import ActError, JournalError, MovedOnError
from aldes.ward.acts import DiscardBag, End, Go, Interrupt, OpenCycle, PinWeight, Prepare, Start, WithdrawGo, blocks


@pytest.fixture
def ward():
    return s.shift()


def test_go_bag_start_and_end_give_a_dose(ward):
    ward.give()
    ward.pass_time(minutes=15)
    ward.do(End())
    slot = ward.course.slots[-1]
    assert (slot.number, slot.state, slot.ended_at - slot.at) == (6, SlotState.GIVEN, timedelta(minutes=15))
    assert (slot.iu, ward.course.infusing) == (Decimal(42_000_000), None)


def test_who_started_and_who_looked_are_two_named_people(ward):
    ward.give()
    started = ward.events(DoseStarted)[-1]
    assert (started.person, started.second, started.by) == ("n1", "n2", "nurse")


def test_the_decision_that_a_dose_rests_on_is_kept_as_it_was_shown(ward):
    ward.give()
    shown = ward.events(DecisionShown)[-1]
    assert shown.decision == "give"
    assert '"decision":"give"' in ward.ward.journal.document(shown.digest)


@pytest.mark.parametrize("second", [None, s.NURSE, s.READER])
def test_a_dose_needs_a_second_and_another_person(ward, second):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    with pytest.raises(ActError, match=r"second person|two different people"):
        ward.do(Start(bag=ward.bag()), s.NURSE, second)
    assert ward.course.infusing is None


def test_without_the_prescribers_go_no_dose_starts(ward):
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    with pytest.raises(ActError, match="no go for this dose"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_a_go_that_was_taken_back_is_none(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    ward.do(WithdrawGo(why="wait for the cardiologist"), s.PHYSICIAN)
    with pytest.raises(ActError, match="no go for this dose"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_the_go_for_one_dose_is_none_for_the_next(ward):
    ward.give()
    ward.pass_time(minutes=15)
    ward.do(End())
    ward.pass_time(hours=7, minutes=45)
    ward.check()
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    assert ward.word() == "give"
    with pytest.raises(ActError, match="no go for this dose"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_a_result_between_go_and_start_is_asked_again(ward):
    """Hazard H25: the answer was give; then a saturation of 87 % is charted, and nothing starts."""
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    seen = ward.course.version
    ward.chart("spo2", 87)
    with pytest.raises(MovedOnError, match="look at what is new"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE, expected=seen)
    with pytest.raises(ActError, match="HOLD-RESP-01"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_an_answer_that_aged_is_asked_again(ward):
    """Hazard H70: nothing new was charted, but the pressure is older than two hours now."""
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    seen = ward.course.version
    ward.pass_time(hours=2)
    with pytest.raises(ActError, match="not enough is known"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE, expected=seen)


def test_a_double_click_gives_one_dose(ward):
    """Hazards H23 and H68: the same command twice, the answer of the first lost."""
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    command = s.asked_for()
    first = ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE, command=command)
    again = ward.do(Start(bag="1-6-1"), s.NURSE, s.OTHER_NURSE, command=command)
    assert (first.again, again.again, again.version) == (False, True, first.version)
    assert len(ward.events(DoseStarted)) == 1


def test_two_nurses_give_one_dose(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    seen, bag = ward.course.version, ward.bag()
    ward.do(Start(bag=bag), s.NURSE, s.OTHER_NURSE, expected=seen)
    with pytest.raises(MovedOnError):
        ward.do(Start(bag=bag), s.OTHER_NURSE, s.NURSE, expected=seen)
    with pytest.raises(ActError, match="A dose is running"):
        ward.do(Start(bag=bag), s.OTHER_NURSE, s.NURSE)
    assert len(ward.events(DoseStarted)) == 1


def test_one_command_is_not_used_for_two_things(ward):
    command = s.asked_for("go")
    ward.do(Go(), s.PHYSICIAN, command=command)
    with pytest.raises(JournalError, match="used before for something else"):
        ward.do(Prepare(), s.PHARMACIST, s.NURSE, command=Command(id=command.id, digest="another"))


# ── the bag ──


def test_a_bag_that_would_expire_during_the_infusion_does_not_hang(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(reconstituted_at=b.NOW - timedelta(hours=47, minutes=50)), s.PHARMACIST, s.NURSE)
    with pytest.raises(ActError, match="expired"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_a_bag_that_ends_with_its_expiry_hangs(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(reconstituted_at=b.NOW - timedelta(hours=47, minutes=45)), s.PHARMACIST, s.NURSE)
    ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)
    assert ward.course.infusing


def test_a_bag_for_another_weight_does_not_hang(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    ward.do(PinWeight(kg=Decimal(66), why="weighed again"), s.PHARMACIST, s.PHYSICIAN)
    with pytest.raises(ActError, match="not the dose that is ordered now"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_a_bag_thrown_away_does_not_hang(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    ward.do(DiscardBag(bag=ward.bag(), why="it leaked"))
    with pytest.raises(ActError, match="discarded"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_no_bag_is_prepared_before_the_weight_of_the_cycle_is_settled():
    found = s.shift()
    found.pass_time(hours=24 * 10)
    found.do(OpenCycle(), s.PHYSICIAN)
    with pytest.raises(ActError, match="not settled"):
        found.do(Prepare(), s.PHARMACIST, s.NURSE)


# ── breaking off ──


def test_an_interrupted_dose_counts_and_keeps_the_volume(ward):
    ward.give()
    ward.pass_time(minutes=5)
    ward.do(Interrupt(volume_ml=Decimal("17.5")))
    slot = ward.course.slots[-1]
    assert (slot.state, slot.volume_ml, slot.given) == (SlotState.GIVEN_PARTLY, Decimal("17.5"), True)
    assert ward.course.infusing is None


def test_interrupting_needs_no_reason_no_volume_and_no_second_person(ward):
    ward.give()
    ward.do(Interrupt())
    assert len(ward.events(DoseInterrupted)) == 1


@pytest.mark.parametrize("volume", ["-1", "1000.1"])
def test_a_volume_that_no_bag_has_is_refused(ward, volume):
    ward.give()
    with pytest.raises(ActError, match=r"0 to 1,000 mL"):
        ward.do(Interrupt(volume_ml=Decimal(volume)))
    assert ward.course.infusing


def test_nothing_runs_so_nothing_ends(ward):
    for act in (End(), Interrupt()):
        with pytest.raises(ActError, match="No dose is running"):
            ward.do(act)


# ── what still blocks, in words ──


def test_what_keeps_a_dose_from_running_is_said(ward):
    signature = s.Signature(person=s.NURSE)
    assert len(blocks(ward.ward.bed(s.BED, signature))) == 2  # no bag, no go
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    assert blocks(ward.ward.bed(s.BED, signature)) == ()
    ward.chart("systolic", 70)
    (said,) = blocks(ward.ward.bed(s.BED, signature))
    assert "hold this dose" in said


def test_no_course_is_authorised_above_fourteen_doses():
    """Hazard H22: the rows and the write are one commit; a fifteenth dose cannot start."""
    found = s.shift(given=13)
    found.give()
    found.pass_time(minutes=15)
    found.do(End())
    found.pass_time(hours=7, minutes=45)
    found.check()
    assert (found.word(), "DOSE-04" in found.rows()) == ("stop", True)
    with pytest.raises(ActError, match="stop"):
        found.do(Prepare(), s.PHARMACIST, s.NURSE)
