"""Holds: each limit below, at, above and missing, and what ends a standing hold."""

from datetime import timedelta

import builders as b
import pytest

from aldes.administration.decision import Word

RESP, PRESSURE, RENAL = "HOLD-RESP-01", "HOLD-CV-02", "HOLDO-REN-02"


@pytest.mark.parametrize("protocol", b.PROTOCOLS)
def test_a_well_patient_has_no_listed_reason_to_hold(protocol):
    assert b.word(b.well_patient(), protocol) is Word.GIVE


# ── oxygen ───────────────────────────────────────────────────────────────────────────────────────────────────


def spo2(*values_and_hours):
    """A well patient whose only saturations are these."""
    return b.well_patient(*(b.charted("spo2", value, hours) for value, hours in values_and_hours), without=["spo2"])


@pytest.mark.parametrize(("value", "expected"), [("89.9", Word.HOLD), (90, Word.GIVE), ("90.1", Word.GIVE)])
def test_saturation_below_90_holds_and_exactly_90_opens_no_hold(value, expected):
    assert b.word(spo2((value, 0.5))) is expected


def test_missing_spo2_is_not_permission():
    assert b.word(spo2()) is Word.INSUFFICIENT


@pytest.mark.parametrize(("late_s", "expected"), [(-1, Word.GIVE), (0, Word.GIVE), (1, Word.INSUFFICIENT)])
def test_saturation_is_fresh_for_two_hours_and_not_a_second_longer(late_s, expected):
    assert b.word(spo2((97, 2 + late_s / 3600))) is expected


@pytest.mark.parametrize(("value", "expected"), [("89.9", Word.HOLD), (90, Word.HOLD), ("90.1", Word.GIVE)])
def test_exactly_90_keeps_a_standing_hold_and_above_90_lifts_it(value, expected):
    assert b.word(spo2((85, 1), (value, 0.5))) is expected


def test_a_good_saturation_at_the_time_of_the_bad_one_does_not_lift():
    assert b.word(spo2((85, 1), (97, 1))) is Word.HOLD


def test_the_order_of_two_values_at_one_time_does_not_matter():
    assert b.word(spo2((97, 1), (85, 1))) is b.word(spo2((85, 1), (97, 1))) is Word.HOLD


def test_a_preliminary_95_does_not_lift():
    held = [b.charted("spo2", 85, 1), b.preliminary("spo2", 95, 0.5)]
    assert b.word(b.well_patient(*held, without=["spo2"])) is Word.HOLD


def test_a_preliminary_85_holds():
    assert b.word(b.well_patient(b.preliminary("spo2", 85, 0.25))) is Word.HOLD


def test_a_newer_unusable_saturation_hides_an_older_good_one():
    unusable = b.charted("spo2", None, 0.25, fault="No value came.")
    assert b.word(b.well_patient(unusable)) is Word.INSUFFICIENT


def test_a_late_entry_of_85_before_an_exact_90_holds_as_a_timely_one_does():
    timely = [b.charted("spo2", 85, 1), b.charted("spo2", 90, 0.5)]
    late = [b.charted("spo2", 85, 1, recorded_ago=0.3), b.charted("spo2", 90, 0.5)]
    assert b.word(b.well_patient(*timely, without=["spo2"])) is Word.HOLD
    assert b.word(b.well_patient(*late, without=["spo2"])) is Word.HOLD


def test_a_retracted_saturation_leaves_its_hold_until_a_physician_lifts_it():
    events = [b.charted("spo2", 85, 0.4, id="slip"), b.retracted("slip", 0.3), b.charted("spo2", 90, 0.2)]
    assert b.word(b.well_patient(*events)) is Word.HOLD
    assert b.word(b.well_patient(*events, b.lifted(RESP))) is Word.GIVE


@pytest.mark.parametrize(("name", "before", "slip"), [("platelets", 160, 40), ("mental_status", "normal", "changed")])
def test_an_older_good_value_does_not_lift_the_hold_of_a_retracted_one(name, before, slip):
    events = [b.charted(name, before, 1), b.charted(name, slip, 0.8, id="slip"), b.retracted("slip", 0.6)]
    assert b.word(b.well_patient(*events, without=[name]), b.CONSENSUS) is Word.HOLD


def test_a_nurse_does_not_lift_a_row_s_hold():
    dip = b.charted("systolic", 80, 5)
    assert b.word(b.well_patient(dip, b.lifted(PRESSURE, by="nurse"))) is Word.HOLD


# ── pressure ─────────────────────────────────────────────────────────────────────────────────────────────────


def judged(hours, by="physician", symptoms=False, ids=("judged-1", "judged-2")):
    return [
        b.charted("cardiac_symptoms", symptoms, hours, by=by, id=ids[0]),
        b.charted("rhythm_not_sinus", False, hours, by=by, id=ids[1]),
    ]


@pytest.mark.parametrize(("value", "expected"), [("89.9", Word.HOLD), (90, Word.GIVE), ("90.1", Word.GIVE)])
def test_any_pressure_below_90_since_the_last_dose_holds(value, expected):
    assert b.word(b.well_patient(b.charted("systolic", value, 6))) is expected


def test_a_pressure_below_90_before_the_last_dose_is_past_once_judged():
    events = b.well_patient(b.charted("systolic", 80, 14), *judged(13), b.charted("systolic", 110, 12.9))
    assert b.word(events) is Word.GIVE


def test_later_good_pressures_alone_do_not_lift():
    assert b.word(b.well_patient(b.charted("systolic", 80, 5), b.charted("systolic", 120, 4))) is Word.HOLD


def test_a_physician_s_judgement_with_later_pressures_lifts():
    assert b.word(b.well_patient(b.charted("systolic", 80, 5), b.charted("systolic", 100, 4), *judged(3))) is Word.GIVE


def test_a_nurse_s_judgement_does_not_lift():
    events = b.well_patient(b.charted("systolic", 80, 5), b.charted("systolic", 100, 4), *judged(3, by="nurse"))
    assert b.word(events) is Word.HOLD


def test_a_statement_never_answers_the_resume_question():
    assert b.word(b.well_patient(b.charted("systolic", 80, 5), b.statement("cardiac", 4))) is Word.HOLD


def test_a_second_dip_renews_the_onset():
    events = [b.charted("systolic", 80, 5), *judged(4), b.charted("systolic", 82, 3), b.charted("systolic", 110, 2)]
    assert b.word(b.well_patient(*events)) is Word.HOLD
    assert b.word(b.well_patient(*events, *judged(1, ids=("again-1", "again-2")))) is Word.GIVE


def test_a_nurse_s_newer_symptoms_are_not_passed_over_for_an_older_judgement():
    """The physician saw no symptoms while the pressure was unknown; since then the nurse charts symptoms."""
    symptoms = b.charted("cardiac_symptoms", True, 4, by="nurse")
    events = [b.charted("systolic", 80, 5), *judged(4.5), symptoms, b.charted("systolic", 105, 3)]
    course = b.after(b.well_patient(*events))
    assert course.holds[PRESSURE].standing


def test_a_judgement_charted_in_error_lifts_nothing():
    events = [b.charted("systolic", 80, 5), b.charted("systolic", 100, 4), *judged(3)]
    struck = [b.retracted("judged-1", 2), b.retracted("judged-2", 2)]
    assert b.word(b.well_patient(*events, *struck)) is not Word.GIVE


def test_a_judgement_corrected_to_symptoms_holds_again():
    events = [b.charted("systolic", 80, 5), b.charted("systolic", 100, 4), *judged(3)]
    corrected = b.charted("cardiac_symptoms", True, 3, by="physician", id="judged-1", recorded_ago=2)
    assert b.word(b.well_patient(*events, corrected)) is not Word.GIVE


@pytest.mark.parametrize(("value", "expected"), [("94.9", Word.HOLD), (95, Word.GIVE), ("95.1", Word.GIVE)])
def test_the_patient_s_own_target_counts(value, expected):
    changes = [b.charted("systolic_target", 95, 45), b.charted("systolic", value, 0.25)]
    assert b.word(b.well_patient(*changes)) is expected


def test_a_missing_target_is_insufficient():
    events = [each for each in b.well_patient() if b.finding_of(each) != "systolic_target"]
    assert b.word(events) is Word.INSUFFICIENT


# ── kidneys ──────────────────────────────────────────────────────────────────────────────────────────────────


def kidneys(urine_8h, creatinine, *more, given=5):
    urine = [b.charted("urine", urine_8h, hours, over_h=8) for hours in (8.4, 0.4)]
    changes = [*urine, b.charted("creatinine", creatinine, 0.5), *more]
    return b.well_patient(*changes, without=["urine", "creatinine"], given=given)


@pytest.mark.parametrize(("urine_8h", "expected"), [("79.9", Word.HOLD), (80, Word.GIVE), ("80.1", Word.GIVE)])
def test_urine_below_160_ml_in_16_h_holds_while_creatinine_rises(urine_8h, expected):
    assert b.word(kidneys(urine_8h, "1.2")) is expected


@pytest.mark.parametrize(("creatinine", "expected"), [("0.9", Word.GIVE), ("1.0", Word.GIVE), ("1.1", Word.HOLD)])
def test_low_urine_alone_does_not_hold_by_the_label(creatinine, expected):
    assert b.word(kidneys(70, creatinine)) is expected


@pytest.mark.parametrize(("given", "expected"), [(1, Word.GIVE), (2, Word.HOLD)])
def test_the_row_over_16_hours_begins_with_dose_3(given, expected):
    assert b.word(kidneys(70, "1.2", given=given)) is expected


def test_a_recalled_row_never_lifts_alone_and_a_physician_lifts_it():
    bad = [b.charted("urine", 70, hours, over_h=8) for hours in (24.4, 16.4)]
    rise = b.charted("creatinine", "1.4", 16.3)
    events = [*bad, rise, b.charted("creatinine", "0.9", 0.5), b.charted("urine", 700, 8.4, over_h=8)]
    events.append(b.charted("urine", 700, 0.4, over_h=8))
    patient = b.well_patient(*events, without=["urine", "creatinine"])
    assert b.rows(patient) == {RENAL}
    assert b.word([*patient, b.lifted(RENAL)]) is Word.GIVE


def test_a_preliminary_result_in_between_does_not_hide_a_rise():
    between = b.preliminary("creatinine", 3, 5)
    assert b.word(kidneys(70, "1.9", between)) is not Word.GIVE


def test_a_result_without_a_value_in_between_does_not_hide_a_rise():
    """Creatinine 3, then one that came without its unit, then 2: nobody knows whether it fell."""
    refused = b.charted("creatinine", None, 5, fault="Serum creatinine came without a unit.")
    assert b.word(kidneys(70, 2, b.charted("creatinine", 3, 6), refused)) is not Word.GIVE


@pytest.mark.parametrize(
    ("value", "row"),
    [("2.49", None), ("2.5", "CONS-REN-03-R"), ("2.99", "CONS-REN-03-R"), ("3.0", "CONS-REN-03-A")],
)
@pytest.mark.parametrize("protocol", [b.CONSENSUS, b.INSTITUTION])
def test_creatinine_is_relative_from_2_5_and_absolute_from_3(protocol, value, row):
    decision = b.asked(b.well_patient(b.charted("creatinine", value)), protocol)
    if row is None:
        assert decision.word is Word.GIVE
        return
    stops = protocol == b.INSTITUTION and row.endswith("-A")  # spr15 discontinues, card-2007 delays
    assert decision.word is (Word.STOP if stops else Word.HOLD)
    assert row in {each.row for each in decision.because}


# ── blood, pressor, weight, rhythm ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("value", "expected"), [("50.1", Word.GIVE), (50, Word.HOLD), (30, Word.HOLD), (29, Word.STOP)]
)
def test_platelets_by_the_institution(value, expected):
    assert b.word(b.well_patient(b.charted("platelets", value)), b.INSTITUTION) is expected


def on_phenylephrine(*rates_and_hours):
    rates = [b.charted("phenylephrine", rate, hours) for rate, hours in rates_and_hours]
    return b.well_patient(*rates, *b.every_no("support", without=["phenylephrine"]), without=["support"])


@pytest.mark.parametrize(("rate", "expected"), [("0.5", Word.GIVE), ("0.51", Word.HOLD), ("0.8", Word.HOLD)])
def test_phenylephrine_at_dosing(rate, expected):
    assert b.word(on_phenylephrine((rate, 0.3)), b.CONSENSUS) is expected


def test_the_rate_carried_in_from_before_the_last_dose_counts():
    assert "CONS-HEMO-01-R" in b.rows(on_phenylephrine(("1.2", 9), ("0.4", 7), ("0.4", 0.3)), b.CONSENSUS)


@pytest.mark.parametrize("rate", ["1.2", "1.6"])
def test_the_highest_rate_since_the_last_dose_holds_although_it_was_lowered(rate):
    """CONS-HEMO-01 asks the maximum since the last dose: turning the pump down does not undo it (hazard H49)."""
    assert b.word(on_phenylephrine((rate, 5), ("0.4", 4), ("0.4", 0.3)), b.CONSENSUS) is Word.HOLD


@pytest.mark.parametrize(("kg", "expected"), [(115, Word.GIVE), ("115.1", Word.HOLD)])
def test_weight_gain_of_more_than_15_percent_holds_by_the_consensus(kg, expected):
    changes = [b.charted("weight", 100, 45), b.charted("weight", kg, 0.25)]
    assert b.word(b.well_patient(*changes), b.CONSENSUS) is expected


def test_of_two_baseline_weights_at_one_time_the_lower_counts():
    two = [b.charted("weight", 82, 46), b.charted("weight", 80, 0.25)]  # the other baseline is 68 kg
    assert b.word(b.well_patient(*two), b.CONSENSUS) is Word.HOLD


@pytest.mark.parametrize("attribute", ["rhythm_needs_treatment", "rhythm_recurrent", "rhythm_persistent"])
def test_atrial_fibrillation_with_any_attribute_holds_by_the_label(attribute):
    rhythm = [b.charted("atrial_fibrillation", True, 0.3), b.charted(attribute, True, 0.3)]
    assert b.word(b.well_patient(*rhythm)) is Word.HOLD


def test_atrial_fibrillation_without_its_attributes_is_insufficient():
    assert b.word(b.well_patient(b.charted("atrial_fibrillation", True, 0.3))) is Word.INSUFFICIENT


def test_atrial_fibrillation_with_each_attribute_denied_is_no_listed_reason():
    rhythm = [b.charted("atrial_fibrillation", True, 0.1), *b.every_no("cardiac", 0.1, without=["atrial_fibrillation"])]
    assert b.word(b.well_patient(*rhythm)) is Word.GIVE


def test_a_statement_never_clears_a_charted_yes():
    events = b.well_patient(b.charted("mental_status", "changed", 1), b.statement("neuro", 0.1))
    assert b.word(events) is Word.HOLD


@pytest.mark.parametrize("system", b.SYSTEMS)
@pytest.mark.parametrize("protocol", b.PROTOCOLS)
def test_without_the_statement_of_an_organ_system_nothing_is_permitted(protocol, system):
    assert b.word(b.well_patient(without=[system]), protocol) is Word.INSUFFICIENT


@pytest.mark.parametrize("fault", ["Its status is not final."])
def test_a_faulty_statement_answers_nothing(fault):
    assert b.word(b.well_patient(b.statement("cardiac", 0.1, fault=fault))) is Word.INSUFFICIENT


@pytest.mark.parametrize(("hours", "expected"), [(8.01, Word.INSUFFICIENT), (8, Word.INSUFFICIENT), (7.99, Word.GIVE)])
def test_a_statement_counts_only_later_than_the_slot_before(hours, expected):
    events = b.well_patient(*b.statements(hours), without=b.SYSTEMS)
    assert b.word(events) is expected


def test_a_statement_of_a_time_to_come_answers_nothing():
    events = b.well_patient(*b.statements(-10), without=b.SYSTEMS)
    assert b.word(events) is Word.INSUFFICIENT


# ── support ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("protocol", [b.LABEL, b.CONSENSUS])
@pytest.mark.parametrize("drug", ["norepinephrine", "dopamine", "vasopressin"])
def test_a_vasopressor_that_no_row_names_holds(protocol, drug):
    running = b.charted(drug, "0.1", 0.1)
    events = b.well_patient(running, *b.every_no("support", without=[drug]), without=["support"])
    assert b.word(events, protocol) is Word.HOLD


def test_intubation_holds_at_once_and_until_a_physician_has_reviewed_it():
    tube = [b.charted("intubated", True, 5), b.charted("intubated", False, 2)]
    events = b.well_patient(*tube, *b.every_no("support", without=["intubated"]), without=["support"])
    assert b.word(events) is Word.HOLD
    assert b.word([*events, b.charted("event_unreviewed", False, 0.1, by="nurse")]) is Word.HOLD
    assert b.word([*events, b.charted("event_unreviewed", False, 0.1, by="physician")]) is not Word.HOLD


@pytest.mark.parametrize(("hours", "expected"), [(71.9, Word.HOLD), (72, Word.HOLD), (72.1, Word.STOP)])
def test_intubation_of_more_than_72_hours_stops(hours, expected):
    events = [*b.well_patient(), b.charted("intubated", True, 0.05)]
    later = b.NOW + timedelta(hours=hours - 0.05)
    assert b.word(events, now=later) is expected


# ── a clinician's own hold ───────────────────────────────────────────────────────────────────────────────────


def test_any_nurse_may_hold_and_a_physician_lifts():
    assert b.word(b.well_patient(b.held_by_nurse())) is Word.HOLD
    assert b.word(b.well_patient(b.held_by_nurse(), b.hold_ended())) is Word.GIVE


def test_a_nurse_does_not_lift_a_clinician_s_hold():
    assert b.word(b.well_patient(b.held_by_nurse(), b.hold_ended(by="nurse"))) is Word.HOLD
