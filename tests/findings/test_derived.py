"""Derived findings as clinical examples: each op below, at and above its edge, and with something missing."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from moments import CYCLE_START, FRESH, NOW, WIDER, ago, bare, charted, only, preliminary, well_patient, with_entries

from aldes.findings.charted import Charted, Value
from aldes.findings.moment import Moment
from aldes.findings.view import View

D = Decimal


def valid(moment: Moment, name: str) -> Value | None:
    return moment.look(name, View.VALID).value


def as_charted(moment: Moment, name: str) -> Value | None:
    return moment.look(name, View.CHARTED).value


def wider(*entries: Charted) -> Moment:
    return with_entries(replace(bare(), vocabulary=WIDER), *entries)


# ── the newest value ─────────────────────────────────────────────────────────────────────────────────────────


def test_missing_spo2_is_not_permission():
    assert valid(only(), "spo2") is None
    assert as_charted(only(), "spo2") is None


def test_the_newest_value_counts_and_an_older_one_does_not():
    moment = only(charted("spo2", 85, 3), charted("spo2", 97, 1))
    assert valid(moment, "spo2") == as_charted(moment, "spo2") == D(97)


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, D("1.1")), (0, D("1.1")), (1, None)], ids=["fresher", "at the limit", "stale"]
)
def test_a_value_is_fresh_up_to_its_limit_to_the_second(seconds, expected):
    moment = replace(only(charted("creatinine", "1.1", 0)), now=NOW + FRESH + timedelta(seconds=seconds))
    assert valid(moment, "creatinine") == expected


def test_a_stale_bad_value_answers_neither_yes_nor_no():
    moment = replace(only(charted("creatinine", 5, 0)), now=NOW + FRESH + timedelta(seconds=1))
    assert as_charted(moment, "creatinine") is None


def test_a_required_value_without_a_site_setting_is_unknown_and_says_which():
    moment = replace(only(charted("spo2", 97)), max_age={"spo2": None})
    seen = moment.look("spo2", View.VALID)
    assert seen.value is None
    assert "max_age_h.spo2" in seen.why


def test_a_newer_preliminary_value_makes_the_finding_unknown():
    assert valid(only(charted("spo2", 97, 2), preliminary("spo2", 96, 1)), "spo2") is None


def test_a_bad_preliminary_value_still_answers_yes():
    assert as_charted(only(charted("spo2", 97, 2), preliminary("spo2", 84, 1)), "spo2") == D(84)


def test_a_good_preliminary_value_does_not_clear_the_bad_one_before_it():
    assert as_charted(only(charted("spo2", 84, 2), preliminary("spo2", 97, 1)), "spo2") == D(84)


def test_an_older_preliminary_value_is_superseded_by_a_final_one():
    moment = only(preliminary("spo2", 84, 2), charted("spo2", 97, 1))
    assert valid(moment, "spo2") == as_charted(moment, "spo2") == D(97)


@pytest.mark.parametrize(("name", "worse", "better"), [("spo2", 88, 95), ("creatinine", 4, 1)])
def test_of_two_values_at_one_time_the_worse_counts(name, worse, better):
    for first, second in ((worse, better), (better, worse)):
        moment = only(charted(name, first, 1), charted(name, second, 1))
        assert valid(moment, name) == as_charted(moment, name) == D(worse)


def test_one_unusable_value_among_two_at_one_time_makes_it_unknown():
    assert valid(only(charted("spo2", 97, 1), preliminary("spo2", None, 1)), "spo2") is None


@pytest.mark.parametrize(("minutes", "expected"), [(5, D(84)), (6, D(97))])
def test_an_entry_counts_up_to_five_minutes_ahead_of_the_clock(minutes, expected):
    moment = only(charted("spo2", 97, 1), charted("spo2", 84, -minutes / 60))
    assert valid(moment, "spo2") == expected


def test_a_resume_question_sees_only_what_came_after_the_hold_began():
    moment = only(charted("spo2", 96, 3), charted("spo2", 95, 1))
    assert moment.look("spo2", View.RESUME, after=ago(2)).value == D(95)
    assert moment.look("spo2", View.RESUME, after=ago(1)).value is None


def test_the_dosing_weight_stays_settled_however_old():
    assert valid(only(charted("dosing_weight", 70, 24 * 30)), "dosing_weight") == D(70)


def test_two_dosing_weights_at_one_time_settle_nothing():
    assert valid(only(charted("dosing_weight", 70), charted("dosing_weight", 84)), "dosing_weight") is None


# ── min and max ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dip_since_the_last_dose_counts_although_it_recovered():
    moment = only(charted("systolic", 82, 5), charted("systolic", 118, 1))
    assert valid(moment, "systolic_low") == as_charted(moment, "systolic_low") == D(82)


@pytest.mark.parametrize(
    ("hours_ago", "lowest"), [(8 + 1 / 3600, 118), (8, 82), (8 - 1 / 3600, 82)], ids=["just before", "at", "just after"]
)
def test_a_dip_just_before_the_last_dose_does_not_count(hours_ago, lowest):
    moment = only(charted("systolic", 82, hours_ago), charted("systolic", 118, 1))
    assert valid(moment, "systolic_low") == as_charted(moment, "systolic_low") == D(lowest)


def test_a_doubtful_pressure_in_the_window_answers_yes_but_not_no():
    moment = only(preliminary("systolic", 82, 5), charted("systolic", 118, 1))
    assert as_charted(moment, "systolic_low") == D(82)
    assert valid(moment, "systolic_low") is None


def test_no_pressure_since_the_last_dose_is_unknown_although_a_fresh_one_is_charted():
    assert valid(only(charted("systolic", 118, 9)), "systolic_low") is None


def test_a_stale_newest_pressure_leaves_the_lowest_unknown():
    moment = replace(only(charted("systolic", 118, 7)), max_age={"systolic": timedelta(hours=2)})
    assert valid(moment, "systolic_low") is None


def test_before_any_dose_the_last_eight_hours_count():
    moment = replace(only(charted("systolic", 82, 9), charted("systolic", 110, 7)), last_dose=None)
    assert valid(moment, "systolic_low") == D(110)


def test_a_pressor_set_before_the_last_dose_still_ran_after_it():
    moment = only(charted("phenylephrine", "1.6", 9), charted("phenylephrine", "0.2", 7))
    assert valid(moment, "phenylephrine_max") == as_charted(moment, "phenylephrine_max") == D("1.6")


def test_only_the_rate_in_force_at_the_last_dose_is_carried_in():
    moment = only(
        charted("phenylephrine", 3, 10), charted("phenylephrine", "0.4", 9), charted("phenylephrine", "0.2", 7)
    )
    assert valid(moment, "phenylephrine_max") == D("0.4")


def test_a_doubtful_rate_carried_in_leaves_the_highest_unknown():
    moment = only(preliminary("phenylephrine", "0.4", 9), charted("phenylephrine", "0.2", 7))
    assert valid(moment, "phenylephrine_max") is None


def test_without_any_pressor_the_support_statement_answers_zero():
    assert valid(well_patient(), "phenylephrine_max") == 0
    assert valid(only(), "phenylephrine_max") is None


# ── sum ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("amount", [79, 80, 81, 160])
def test_one_shift_of_urine_is_its_sum(amount):
    moment = only(charted("urine", amount, 1, over_h=8))
    assert valid(moment, "urine_8h") == as_charted(moment, "urine_8h") == D(amount)


def test_hourly_collections_add_up():
    moment = only(*(charted("urine", 30, hour, over_h=1) for hour in range(1, 9)))
    assert valid(moment, "urine_8h") == D(240)


def test_urine_not_charted_is_not_zero():
    assert valid(only(), "urine_8h") is None


def test_a_gap_between_collections_leaves_the_sum_unknown():
    moment = only(charted("urine", 200, 5, over_h=4), charted("urine", 200, 0, over_h=4))
    seen = moment.look("urine_8h", View.VALID)
    assert seen.value is None
    assert "not charted from 11:00 to 12:00" in seen.why


def test_a_gap_at_the_beginning_of_the_window_leaves_the_sum_unknown():
    assert valid(only(charted("urine", 200, 1, over_h=7.9)), "urine_8h") is None


@pytest.mark.parametrize("over_h", [4.1, 8])
def test_overlapping_collections_leave_the_sum_unknown(over_h):
    moment = only(charted("urine", 200, 5, over_h=4), charted("urine", 200, 1, over_h=over_h))
    seen = moment.look("urine_8h", View.VALID)
    assert seen.value is None
    assert "two collections overlap" in seen.why


def test_the_same_collection_charted_twice_is_not_added_twice():
    moment = only(charted("urine", 100, 1, over_h=8), charted("urine", 100, 1, over_h=8))
    assert valid(moment, "urine_8h") is None


def test_urine_that_may_have_come_before_the_window_does_not_reassure():
    moment = only(charted("urine", 300, 5, over_h=8), charted("urine", 70, 1, over_h=4))
    assert valid(moment, "urine_8h") == D(70)  # at least 70 mL are certain
    assert as_charted(moment, "urine_8h") == D(370)  # and no more than 370 mL


def test_a_doubtful_collection_leaves_the_sum_unknown_but_may_be_too_little():
    moment = only(preliminary("urine", 20, 5, over_h=4), charted("urine", 30, 1, over_h=4))
    assert valid(moment, "urine_8h") is None
    assert as_charted(moment, "urine_8h") == D(50)


def test_a_volume_without_its_period_leaves_the_sum_unknown():
    moment = only(charted("urine", 300, 2, over_h=8), preliminary("urine", 50, 1))
    assert valid(moment, "urine_8h") is None


@pytest.mark.parametrize(("seconds", "expected"), [(0, D(300)), (1, None)])
def test_the_sum_is_as_old_as_the_end_of_its_newest_collection(seconds, expected):
    moment = replace(only(charted("urine", 300, 0, over_h=8)), now=NOW + FRESH + timedelta(seconds=seconds))
    assert valid(moment, "urine_8h") == expected


def test_a_resume_question_needs_a_collection_that_ended_after_the_hold_began():
    moment = only(charted("urine", 300, 1, over_h=8))
    assert moment.look("urine_8h", View.RESUME, after=ago(1)).value is None
    assert moment.look("urine_8h", View.RESUME, after=ago(2)).value == D(300)


# ── change ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("newest", "change"), [("1.1", "-0.1"), ("1.2", "0"), ("1.3", "0.1")])
def test_creatinine_is_compared_with_the_result_before(newest, change):
    moment = only(charted("creatinine", 9, 30), charted("creatinine", "1.2", 7), charted("creatinine", newest, 1))
    assert valid(moment, "creatinine_rise") == as_charted(moment, "creatinine_rise") == D(change)


def test_a_single_creatinine_has_no_change():
    assert valid(only(charted("creatinine", "1.1")), "creatinine_rise") is None


def test_a_doubtful_newest_creatinine_leaves_its_change_unknown_but_may_rise():
    moment = only(charted("creatinine", 1, 7), preliminary("creatinine", 3, 1))
    assert valid(moment, "creatinine_rise") is None
    assert as_charted(moment, "creatinine_rise") == D(2)


def test_of_two_results_before_the_lower_one_shows_the_rise():
    moment = only(charted("creatinine", 1, 7), charted("creatinine", 2, 7), charted("creatinine", 2, 1))
    assert valid(moment, "creatinine_rise") == D(1)


def test_the_fall_from_the_peak_counts_from_the_value_that_opened_the_hold():
    moment = only(charted("creatinine", 6, 9), charted("creatinine", 5, 6), charted("creatinine", "3.4", 1))
    assert moment.look("creatinine_from_peak", View.RESUME, after=ago(6)).value == D("-1.6")


def test_a_doubtful_peak_proves_no_fall():
    """Creatinine 3.4, then a preliminary 9, then 3.4 again: nothing has fallen."""
    doubtful = charted("creatinine", 9, 3, fault="The status is 'preliminary'.")
    moment = only(charted("creatinine", "3.4", 6), doubtful, charted("creatinine", "3.4", 1))
    assert moment.look("creatinine_from_peak", View.RESUME, after=ago(6)).value == 0


def test_without_an_open_hold_there_is_no_peak():
    moment = only(charted("creatinine", 5, 6), charted("creatinine", "3.4", 1))
    assert moment.look("creatinine_from_peak", View.RESUME).value is None


def test_platelets_are_compared_with_the_count_at_the_last_dose():
    moment = wider(charted("platelets", 200, 20), charted("platelets", 150, 8), charted("platelets", 60, 1))
    assert valid(moment, "platelets_since_dose") == D(-90)


def test_before_the_first_dose_nothing_has_changed_since_a_dose():
    moment = replace(wider(charted("platelets", 150, 8), charted("platelets", 60, 1)), last_dose=None)
    assert valid(moment, "platelets_since_dose") is None


# ── baseline and formula ─────────────────────────────────────────────────────────────────────────────────────


def test_the_baseline_is_the_last_weight_before_the_first_dose_of_the_cycle():
    moment = only(charted("weight", 66, 60), charted("weight", 68, 41), charted("weight", 75, 1))
    assert valid(moment, "weight_baseline") == D(68)


@pytest.mark.parametrize(("seconds", "expected"), [(0, D(68)), (1, None)], ids=["seven days", "a second more"])
def test_a_baseline_is_not_older_than_seven_days(seconds, expected):
    time = CYCLE_START - timedelta(days=7, seconds=seconds)
    moment = only(replace(charted("weight", 68), time=time))
    assert valid(moment, "weight_baseline") == expected


def test_a_weight_at_the_time_of_the_first_dose_is_a_baseline():
    assert valid(only(replace(charted("weight", 68), time=CYCLE_START)), "weight_baseline") == D(68)


def test_a_doubtful_weight_just_before_the_first_dose_leaves_no_baseline():
    assert valid(only(charted("weight", 68, 50), preliminary("weight", 67, 41)), "weight_baseline") is None


@pytest.mark.parametrize(("weight", "gain"), [("114.9", "14.9"), (115, 15), ("115.1", "15.1")])
def test_weight_gain_is_a_percentage_of_the_baseline(weight, gain):
    moment = only(charted("weight", 100, 41), charted("weight", weight, 1))
    assert valid(moment, "weight_gain") == D(gain)


def test_weight_gain_without_a_baseline_is_unknown():
    assert valid(only(charted("weight", 80, 1)), "weight_gain") is None


def test_weight_gain_is_rounded_toward_more_gain():
    moment = only(charted("weight", 60, 41), charted("weight", 70, 1))
    assert valid(moment, "weight_gain") == D("16.6666666666667")


def test_mean_pressure_is_rounded_toward_lower_pressure():
    moment = only(charted("systolic", 100), charted("diastolic", 50))
    assert valid(moment, "mean_pressure") == D("66.6666666666666")


def test_mean_pressure_without_the_diastolic_is_unknown():
    assert valid(only(charted("systolic", 100)), "mean_pressure") is None


def test_urine_an_hour_is_the_shift_divided_by_eight():
    assert valid(only(charted("urine", 100, 1, over_h=8)), "urine_rate") == D("12.5")


# ── hours while ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hours_ago", ["71.9", "72", "72.1"])
def test_an_open_intubation_counts_to_now(hours_ago):
    moment = only(charted("intubated", True, float(hours_ago)))
    assert valid(moment, "intubated_hours") == as_charted(moment, "intubated_hours") == D(hours_ago)


def test_seventy_two_hours_to_the_second():
    entry = replace(charted("dialysis", True), time=NOW - timedelta(hours=72, seconds=1))
    assert valid(only(entry), "dialysis_hours") == D("72.0002777777778")


def test_two_short_episodes_are_not_one_long_one():
    moment = only(
        charted("intubated", True, 100),
        charted("intubated", False, 60),
        charted("intubated", True, 50),
        charted("intubated", False, 7),
    )
    assert valid(moment, "intubated_hours") == as_charted(moment, "intubated_hours") == D(43)


def test_charting_it_again_does_not_begin_a_new_episode():
    moment = only(charted("intubated", True, 80), charted("intubated", True, 40), charted("intubated", False, 5))
    assert valid(moment, "intubated_hours") == D(75)


def test_the_present_episode_is_not_the_longest_one():
    moment = wider(charted("dialysis", True, 90), charted("dialysis", False, 10), charted("dialysis", True, 4))
    assert valid(moment, "dialysis_now_hours") == D(4)


def test_after_the_end_the_present_episode_is_zero_hours():
    moment = wider(charted("dialysis", True, 90), charted("dialysis", False, 4))
    assert valid(moment, "dialysis_now_hours") == 0


def test_never_charted_is_unknown_unless_a_statement_says_none():
    assert valid(only(), "intubated_hours") is None
    assert valid(only(statements=["support"]), "intubated_hours") == 0
    assert as_charted(only(statements=["support"]), "intubated_hours") is None


def test_a_doubtful_extubation_does_not_end_the_episode_for_a_no():
    moment = only(charted("intubated", True, 80), preliminary("intubated", False, 70), charted("intubated", False, 1))
    assert valid(moment, "intubated_hours") == D(79)


def test_a_doubtful_newest_entry_leaves_the_hours_unknown():
    moment = only(charted("intubated", True, 80), preliminary("intubated", False, 1))
    assert valid(moment, "intubated_hours") is None


def test_hours_before_a_refuted_stop_do_not_count_again():
    moment = only(charted("intubated", True, 80), charted("intubated", True, 1))
    assert moment.look("intubated_hours", View.CHARTED, after=ago(10)).value == D(10)


# ── count ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_seizures_are_two():
    moment = only(charted("seizure", True, 20), charted("seizure", True, 3), charted("seizure", False, 1))
    assert valid(moment, "seizure_count") == as_charted(moment, "seizure_count") == D(2)


def test_one_seizure_charted_twice_at_its_time_is_one():
    moment = only(charted("seizure", True, 3), charted("seizure", True, 3), charted("seizure", False, 1))
    assert valid(moment, "seizure_count") == as_charted(moment, "seizure_count") == D(1)


def test_a_doubtful_seizure_counts_for_yes():
    moment = only(charted("seizure", True, 20), preliminary("seizure", True, 3))
    assert as_charted(moment, "seizure_count") == D(2)
    assert valid(moment, "seizure_count") is None


@pytest.mark.parametrize(("hours_ago", "seizures"), [(41, 1), (40, 2)], ids=["before the course", "at its first dose"])
def test_a_seizure_before_the_course_is_history_not_toxicity(hours_ago, seizures):
    moment = only(charted("seizure", True, hours_ago), charted("seizure", True, 3))
    assert valid(moment, "seizure_count") == D(seizures)


def test_no_seizure_stated_is_zero():
    assert valid(well_patient(), "seizure_count") == 0


# ── reference limits ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_limit_is_the_one_printed_with_the_newest_result():
    moment = only(charted("creatinine", 1, 20, high="1.4"), charted("creatinine", 1, 1, high="1.2"))
    assert valid(moment, "creatinine_limit") == D("1.2")


def test_a_newest_result_without_a_limit_has_none():
    moment = only(charted("creatinine", 1, 20, high="1.4"), charted("creatinine", 1, 1))
    assert valid(moment, "creatinine_limit") is None


def test_of_two_upper_limits_the_lower_one_is_harder_to_meet():
    moment = only(charted("creatinine", 1, 1, high="1.4"), charted("creatinine", 1, 1, high="1.2"))
    assert valid(moment, "creatinine_limit") == D("1.2")


def test_of_two_lower_limits_the_higher_one_is_harder_to_meet():
    moment = wider(charted("platelets", 160, 1, low=140), charted("platelets", 160, 1, low=150))
    assert valid(moment, "platelets_low_limit") == D(150)


# ── a pressor that began since the last dose ─────────────────────────────────────────────────────────────────


def test_a_pressor_of_which_nothing_was_charted_before_the_last_dose_has_begun_since():
    moment = only(charted("phenylephrine", "0.4", 1))
    assert as_charted(moment, "phenylephrine_rise") == D("0.4")
    assert valid(moment, "phenylephrine_rise") is None


def test_a_pressor_at_the_same_rate_as_at_the_last_dose_has_not_risen():
    moment = only(charted("phenylephrine", "0.4", 9), charted("phenylephrine", "0.4", 1))
    assert as_charted(moment, "phenylephrine_rise") == 0
    assert valid(moment, "phenylephrine_rise") == 0


def test_an_unusable_rate_before_the_last_dose_hides_no_pressor_begun_since():
    moment = only(charted("phenylephrine", None, 9, fault="no unit"), charted("phenylephrine", "0.4", 1))
    assert as_charted(moment, "phenylephrine_rise") == D("0.4")
    assert valid(moment, "phenylephrine_rise") is None


def test_a_creatinine_without_an_earlier_one_has_no_rise():
    assert as_charted(only(charted("creatinine", 4, 1)), "creatinine_rise") is None


def test_a_rate_that_nobody_charted_since_the_last_dose_has_no_known_change():
    moment = only(charted("phenylephrine", "0.4", 8))
    assert as_charted(moment, "phenylephrine_rise") is None
    assert valid(moment, "phenylephrine_rise") is None
