"""Stops: raised unconfirmed, confirmed or refuted by a physician, never lifted by themselves."""

from dataclasses import replace

import builders as b
import pytest

from aldes import ward
from aldes.administration.decision import Word
from aldes.course.events import Admitted, AnyEvent, CourseEnded, Discharged
from aldes.scope import Scope

ISCHAEMIA = "STOP-CV-03"


def pain(hours=1.0):
    return b.charted("angina", True, hours, by="nurse")


def no_pain(hours=0.1):
    return b.every_no("cardiac", hours)


def test_chest_pain_stops_unconfirmed():
    decision = b.asked(b.well_patient(pain()))
    assert (decision.word, decision.scope, decision.confirmed) == (Word.STOP, Scope.GOOD, False)


def test_a_stop_never_lifts_by_itself():
    assert b.word(b.well_patient(pain(), *no_pain())) is Word.STOP


def test_a_stop_survives_a_later_statement():
    assert b.word(b.well_patient(pain(), b.statement("cardiac", 0.1))) is Word.STOP


def test_a_retracted_finding_leaves_its_stop():
    events = b.well_patient(b.charted("angina", True, 1, id="slip"), b.retracted("slip", 0.9), *no_pain())
    assert b.word(events) is Word.STOP


def test_a_preliminary_finding_stops():
    assert b.word(b.well_patient(b.preliminary("angina", True))) is Word.STOP


def test_a_physician_sets_the_scope():
    decision = b.asked(b.well_patient(pain(), b.confirmed(ISCHAEMIA, Scope.CYCLE)))
    assert (decision.scope, decision.confirmed) == (Scope.CYCLE, True)


def test_a_stop_that_a_physician_confirmed_elsewhere_stops_under_every_protocol():
    decision = b.asked(b.well_patient(b.confirmed("CONS-CV-03-A", Scope.GOOD)))
    assert (decision.word, decision.scope, decision.confirmed) == (Word.STOP, Scope.GOOD, True)
    assert [each.row for each in decision.because] == ["OTHER-PROTOCOL"]


def test_nobody_but_a_physician_confirms_a_stop_that_no_row_raised():
    confirmed = replace(b.confirmed("CONS-CV-03-A", Scope.GOOD), by="nurse")
    assert b.word(b.well_patient(confirmed)) is Word.GIVE


def test_a_refuted_stop_needs_a_new_look_before_a_dose():
    events = b.well_patient(pain(), b.refuted(ISCHAEMIA, 0.5))
    assert b.word(events) is Word.INSUFFICIENT
    assert b.word([*events, *no_pain()]) is Word.GIVE


def test_pain_after_a_refutation_stops_again():
    assert b.word(b.well_patient(pain(), b.refuted(ISCHAEMIA, 0.5), pain(0.3), *no_pain())) is Word.STOP


def test_a_confirmed_permanent_stop_cannot_be_refuted():
    events = b.well_patient(pain(), b.confirmed(ISCHAEMIA, Scope.GOOD, 0.8), b.refuted(ISCHAEMIA, 0.5), *no_pain())
    assert b.word(events) is Word.STOP


def test_a_confirmed_permanent_stop_cannot_be_narrowed():
    events = b.well_patient(pain(), b.confirmed(ISCHAEMIA, Scope.GOOD, 0.8), b.confirmed(ISCHAEMIA, Scope.DOSE, 0.5))
    assert b.asked([*events, *no_pain()]).scope is Scope.GOOD


def test_a_nurse_s_refutation_does_not_count():
    nurse = replace(b.refuted(ISCHAEMIA, 0.5), by="nurse")
    assert b.word(b.well_patient(pain(), nurse, *no_pain())) is Word.STOP


# ── other protocols, other rules, later courses ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("other", [b.CONSENSUS, b.INSTITUTION])
def test_a_permanent_stop_holds_under_every_other_protocol(other):
    """Hazards H28 and H31: the patient carries the stop, not the protocol that raised it."""
    events = b.well_patient(pain(), b.confirmed(ISCHAEMIA, Scope.GOOD, 0.8), *no_pain())
    assert ward.next_dose(b.after(events), b.demo(other), b.NOW).word is Word.STOP


@pytest.mark.parametrize("other", [b.CONSENSUS, b.INSTITUTION])
def test_a_standing_hold_is_not_forgotten_when_the_protocol_changes(other):
    events = b.well_patient(b.charted("spo2", 85, 0.4))
    assert ward.next_dose(b.after(events), b.demo(other), b.NOW).word is not Word.GIVE


def test_a_stop_raised_under_one_counting_rule_holds_under_the_other():
    spr15 = replace(b.demo(b.CONSENSUS), counting="spr15")
    fibrillation = b.charted("atrial_fibrillation", True, 1)
    course = b.after(b.well_patient(fibrillation, *no_pain()), spr15)
    assert ward.next_dose(course, spr15, b.NOW).word is Word.STOP
    assert ward.next_dose(course, b.demo(b.CONSENSUS), b.NOW).word is Word.STOP


def next_course(scope: Scope, *more: AnyEvent) -> list[AnyEvent]:
    """Chest pain confirmed in a course 60 days ago; the next course has had five doses and is well."""
    h = 24 * 60
    before = [
        Admitted(happened_at=b.ago(h + 48), recorded_at=b.ago(h + 48)),
        b.cycle_opened(1, h + 41),
        *b.doses(5, until_ago=h + 8),
        pain(h + 2),
        b.confirmed(ISCHAEMIA, scope, h + 1),
        Discharged(happened_at=b.ago(h), recorded_at=b.ago(h)),
        CourseEnded(happened_at=b.ago(h), recorded_at=b.ago(h)),
        b.cycle_opened(1, 46.5),
        b.charted("angina", False, 46.45),
        *no_pain(46.4),
    ]
    return b.in_order([*before, *b.well_patient(), *more])


def test_a_permanent_stop_goes_into_the_next_course():
    assert b.word(next_course(Scope.GOOD)) is Word.STOP


def test_a_stop_of_one_course_ends_with_it():
    assert b.word(next_course(Scope.COURSE)) is Word.GIVE


# ── counting ─────────────────────────────────────────────────────────────────────────────────────────────────

RELATIVES = [("stool_blood", True), ("platelets", 40), ("creatinine", "2.6"), ("heart_rate", 125)]


@pytest.mark.parametrize(("many", "expected"), [(2, Word.HOLD), (3, Word.STOP), (4, Word.STOP)])
def test_three_relative_groups_discontinue_by_the_institution(many, expected):
    changes = [b.charted(name, value, 0.1) for name, value in RELATIVES[:many]]
    gut = b.every_no("gut", 0.1, without=["stool_blood"])
    assert b.word(b.well_patient(*changes, *gut), b.INSTITUTION) is expected


def test_two_rows_of_one_group_count_once():
    urine = [b.charted("urine", 100, 8.4, over_h=8), b.charted("urine", 100, 0.4, over_h=8)]  # two urine rows
    events = b.well_patient(*urine, b.charted("platelets", 40, 0.1), without=["urine"])
    assert b.word(events, b.INSTITUTION) is Word.HOLD


@pytest.mark.parametrize(("reversed_easily", "expected"), [(False, Word.STOP), (True, Word.HOLD)])
def test_three_relatives_by_the_card_stop_if_not_easily_reversed(reversed_easily, expected):
    changes = [
        b.charted("stool_blood", True, 0.1),
        b.charted("platelets", 40, 0.1),
        b.charted("creatinine", "2.6", 0.1),
    ]
    judged = b.charted("not_easily_reversed", not reversed_easily, 0.05, by="physician")
    assert b.word(b.well_patient(*changes, judged), b.CONSENSUS) is expected
