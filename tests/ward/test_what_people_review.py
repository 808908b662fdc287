"""Stops, standing holds, doubts and overrides: what a physician says, and what even a physician cannot."""

import builders as b
import pytest
import shift as s

from aldes.course.events import DecisionOverridden, RecordDoubted
from aldes.errors import ActError
from aldes.scope import Scope
from aldes.ward.acts import (
    Acknowledge,
    ConfirmStop,
    Go,
    LiftStandingHold,
    Override,
    OverrideReason,
    Prepare,
    RefuteStop,
    Retract,
    SettleDoubts,
    Start,
)
from aldes.ward.acts.dosing import against

WHY = OverrideReason.TREATED


@pytest.fixture
def ward():
    return s.shift()


def stopped(found: s.Shift) -> str:
    """Chart a sustained ventricular tachycardia, and the row that stops."""
    found.chart("ventricular_tachycardia", True)
    return next(iter(found.rows()))


# ── stops ──


def test_a_stop_blocks_until_a_physician_refutes_it(ward):
    row = stopped(ward)
    assert ward.word() == "stop"
    ward.chart("ventricular_tachycardia", False, person=s.PHYSICIAN)
    ward.do(RefuteStop(row=row, why="an artefact of movement"), s.PHYSICIAN)
    assert ward.course.stops[row].refuted_at is not None
    assert ward.word() != "stop"


def test_a_refuted_stop_that_is_confirmed_after_all_is_in_force(ward):
    row = stopped(ward)
    ward.do(RefuteStop(row=row, why="an artefact"), s.PHYSICIAN)
    with pytest.raises(ActError, match="No stop of this row"):
        ward.do(RefuteStop(row=row, why="an artefact"), s.PHYSICIAN)
    ward.do(ConfirmStop(row=row, scope=Scope.GOOD, why="the strip was read again"), s.PHYSICIAN)
    assert (ward.word(), ward.course.stops[row].confirmed) == ("stop", True)


def test_a_stop_confirmed_for_good_is_never_refuted(ward):
    row = stopped(ward)
    ward.do(ConfirmStop(row=row, scope=Scope.GOOD), s.PHYSICIAN)
    with pytest.raises(ActError, match="never refuted"):
        ward.do(RefuteStop(row=row, why="a second look"), s.PHYSICIAN)


def test_a_stop_is_confirmed_for_more_than_this_dose(ward):
    row = stopped(ward)
    with pytest.raises(ActError, match="this cycle, this course"):
        ward.do(ConfirmStop(row=row, scope=Scope.DOSE), s.PHYSICIAN)


def test_a_stop_by_a_measured_value_needs_a_repeat():
    found = s.shift(protocol=b.INSTITUTION)
    found.chart("platelets", 29)
    assert "CONS-BLD-02-A" in found.course.stops
    with pytest.raises(ActError, match="measure platelet count again"):
        found.do(RefuteStop(row="CONS-BLD-02-A", why="clumps in the tube"), s.PHYSICIAN)
    found.pass_time(minutes=5)
    found.chart("platelets", 160)
    found.do(RefuteStop(row="CONS-BLD-02-A", why="clumps in the tube"), s.PHYSICIAN)
    assert found.course.stops["CONS-BLD-02-A"].refuted_at is not None


# ── holds ──


def test_a_physician_lifts_a_hold_that_nothing_measured_lifts(ward):
    ward.chart("spo2", 87, id="wrong")
    ward.do(Retract(id="wrong", why="another patient's value"))
    assert ward.word() == "hold"
    ward.pass_time(minutes=1)
    ward.chart("spo2", 97)
    assert ward.word() == "hold"
    ward.do(LiftStandingHold(row="HOLD-RESP-01", why="another patient's finger"), s.PHYSICIAN)
    assert ward.word() == "give"


def test_lifting_a_hold_whose_criterion_is_met_gives_nothing(ward):
    ward.chart("spo2", 87)
    ward.do(LiftStandingHold(row="HOLD-RESP-01", why="he always has that"), s.PHYSICIAN)
    assert ward.word() == "insufficient"
    ward.pass_time(minutes=1)
    ward.chart("spo2", 87)
    assert ward.word() == "hold"


def test_a_hold_that_does_not_stand_is_named_by_the_nearest(ward):
    ward.chart("spo2", 87)
    with pytest.raises(ActError, match="Did you mean 'HOLD-RESP-01'"):
        ward.do(LiftStandingHold(row="HOLD-RESP-02", why="x"), s.PHYSICIAN)


# ── overrides ──


def test_a_physician_overrides_a_hold_with_a_reason_and_a_second_person(ward):
    ward.chart("spo2", 87)
    rows = _against(ward)
    ward.do(Override(rows=rows, reason=WHY, why="oxygen was raised, he is comfortable"), s.PHYSICIAN, s.NURSE)
    ward.give()
    kept = ward.events(DecisionOverridden)[-1]
    assert (kept.decision, kept.rows, kept.reason, kept.second) == ("hold", rows, WHY.value, "n1")
    assert ward.course.infusing


def test_an_override_is_no_override_of_what_comes_later(ward):
    ward.chart("spo2", 87)
    ward.do(Override(rows=_against(ward), reason=WHY, why="oxygen was raised"), s.PHYSICIAN, s.NURSE)
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    ward.chart("systolic", 70)
    with pytest.raises(ActError, match="hold this dose"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_an_override_of_a_hold_is_none_of_what_nobody_has_measured(ward):
    """The hold was overridden while everything was known; two hours later the pressure is unknown."""
    ward.chart("spo2", 87)
    ward.do(Override(rows=_against(ward), reason=WHY, why="oxygen was raised"), s.PHYSICIAN, s.NURSE)
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    ward.pass_time(hours=2, minutes=1)
    with pytest.raises(ActError, match="REQUIRED"):
        ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)


def test_an_override_names_the_rows_that_its_author_saw(ward):
    ward.chart("spo2", 87)
    seen = _against(ward)
    ward.chart("systolic", 70)
    with pytest.raises(ActError, match="you saw HOLD-RESP-01"):
        ward.do(Override(rows=seen, reason=WHY, why="x"), s.PHYSICIAN, s.NURSE)


def test_a_stop_has_no_override(ward):
    stopped(ward)
    with pytest.raises(ActError, match="A stop has no override"):
        ward.do(Override(rows=tuple(ward.rows()), reason=WHY, why="x"), s.PHYSICIAN, s.NURSE)


def test_a_give_needs_no_override(ward):
    with pytest.raises(ActError, match="nothing to override"):
        ward.do(Override(rows=(), reason=WHY, why="x"), s.PHYSICIAN, s.NURSE)


def test_an_unaccounted_slot_is_recorded_and_never_overridden(ward):
    ward.pass_time(hours=8)
    ward.check()
    with pytest.raises(ActError, match="SLOT-01 is about the record"):
        ward.do(Override(rows=("SLOT-01",), reason=WHY, why="x"), s.PHYSICIAN, s.NURSE)


def test_a_doubt_in_the_record_is_settled_by_those_who_prescribe():
    found = s.shift(RecordDoubted(happened_at=b.ago(1), recorded_at=b.ago(1), why="a dose that cannot be counted"))
    assert "SLOT-03" in found.rows()
    with pytest.raises(ActError, match="not for a nurse"):
        found.do(SettleDoubts(why="seen on paper"))
    found.do(SettleDoubts(why="seen on paper"), s.PHARMACIST)
    assert found.word() == "give"


def test_a_notice_that_is_none_is_not_acknowledged(ward):
    with pytest.raises(ActError, match="No notice has this id"):
        ward.do(Acknowledge(row="NOTIFY-99"))


def _against(found: s.Shift) -> tuple[str, ...]:
    return against(found.ward.bed(s.BED, s.Signature(person=s.PHYSICIAN)).decision())
