"""What a question sees of a derived finding: the value, the entries behind it, and, where there is none, why."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from moments import CYCLE_START, LAST_DOSE, NOW, WIDER, ago, bare, charted, only, preliminary, with_entries

from aldes.findings import derived
from aldes.findings.charted import Charted
from aldes.findings.moment import Moment
from aldes.findings.seen import Seen
from aldes.findings.view import View
from aldes.findings.vocabulary import Derivation, Group, Vocabulary

D = Decimal


def wider(*entries: Charted) -> Moment:
    return with_entries(replace(bare(), vocabulary=WIDER), *entries)


def unknown(why: str, *entries: Charted) -> Seen:
    return Seen(None, entries, why=why)


def at(entry: Charted, time: object) -> Charted:
    return replace(entry, time=time)  # type: ignore[arg-type]  # a test builder takes any field by name


def unusable(name: str, hours_ago: float) -> Charted:
    """An entry of which nothing is left, neither a worst value nor a fault that says why."""
    return replace(charted(name, None, hours_ago), fault=None)


# ── baselines ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_baseline_brings_its_entries_and_of_two_the_lower_weight_shows_the_greater_gain():
    two = (charted("weight", 68, 41), charted("weight", 67, 41))
    moment = only(charted("weight", 60, 50), *two, charted("weight", 75, 1))
    assert moment.look("weight_baseline", View.VALID) == Seen(D(67), two)


def test_of_two_counts_at_one_time_the_higher_one_shows_the_greater_fall():
    """Of platelets, fewer are worse: the baseline is the better of the two."""
    op = Derivation(op="baseline", of="platelets", anchor="cycle")
    finding = replace(WIDER["weight_baseline"], name="platelets_baseline", derived=op)
    vocabulary = Vocabulary({**WIDER.findings, finding.name: finding})
    moment = with_entries(replace(bare(), vocabulary=vocabulary), charted("platelets", 150, 41))
    assert with_entries(moment, charted("platelets", 200, 41)).look(finding.name, View.VALID).value == D(200)


def test_a_missing_baseline_says_so():
    assert only(charted("weight", 75, 1)).look("weight_baseline", View.VALID) == unknown(
        "body weight before the first dose of the cycle: not charted"
    )


def test_a_doubtful_baseline_says_why():
    doubtful = preliminary("weight", 68, 41)
    assert only(doubtful).look("weight_baseline", View.VALID) == unknown(
        "body weight before the first dose of the cycle: not final", doubtful
    )


def test_before_the_first_dose_the_newest_weight_is_the_baseline_and_not_one_of_the_future():
    moment = replace(only(charted("weight", 68, 1), charted("weight", 70, -0.05)), cycle_start=None)
    assert moment.look("weight_baseline", View.VALID).value == D(68)


def test_the_baseline_of_the_course_lies_before_its_first_dose_and_that_of_the_cycle_before_the_cycles():
    moment = replace(
        wider(charted("creatinine", 1, 110), charted("creatinine", 2, 41), charted("weight", 68, 41)),
        course_start=ago(100),
    )
    assert moment.look("creatinine_baseline", View.VALID).value == D(1)
    assert moment.look("weight_baseline", View.VALID).value == D(68)


# ── lowest and highest ───────────────────────────────────────────────────────────────────────────────────────

LOWEST = "lowest systolic blood pressure since the last dose"


@pytest.mark.parametrize("view", View)
def test_the_lowest_pressure_brings_the_entries_that_say_it(view):
    dip, again = charted("systolic", 82, 5), charted("systolic", 82, 4)
    moment = only(charted("systolic", 70, 9), dip, again, charted("systolic", 118, 1))
    assert moment.look("systolic_low", view) == Seen(D(82), (dip, again))


@pytest.mark.parametrize("view", [View.VALID, View.RESUME])
def test_a_missing_newest_pressure_says_so(view):
    assert only().look("systolic_low", view) == unknown("systolic blood pressure: not charted")


def test_a_doubtful_newest_pressure_says_why():
    doubtful = preliminary("systolic", 118, 1)
    assert only(doubtful).look("systolic_low", View.VALID) == unknown("systolic blood pressure: not final", doubtful)


def test_no_pressure_in_the_window_says_so():
    moment = only(charted("systolic", 118, 9))
    assert moment.look("systolic_low", View.VALID) == unknown(f"{LOWEST}: nothing charted in its window")
    assert moment.look("systolic_low", View.CHARTED) == unknown(f"{LOWEST}: nothing usable charted")


def test_a_doubtful_pressure_in_the_window_says_why_and_brings_the_window():
    inside = (preliminary("systolic", 82, 5), charted("systolic", 118, 1))
    assert only(*inside).look("systolic_low", View.VALID) == unknown(f"{LOWEST}: not final", *inside)


def test_a_resume_question_asks_for_the_lowest_pressure_since_the_hold_began():
    back = charted("systolic", 118, 1)
    moment = only(charted("systolic", 82, 5), back)
    assert moment.look("systolic_low", View.RESUME, after=ago(2)) == Seen(D(118), (back,))
    assert moment.look("systolic_low", View.RESUME, after=ago(1)) == unknown(
        "systolic blood pressure: not charted since the hold began"
    )


@pytest.mark.parametrize(("hours_ago", "lowest"), [(4.1, 118), (4, 82), (3.9, 82)], ids=["before", "at", "inside"])
def test_a_window_of_hours_ends_now(hours_ago, lowest):
    moment = wider(charted("systolic", 82, hours_ago), charted("systolic", 118, 1))
    assert moment.look("systolic_low_4h", View.VALID).value == D(lowest)


@pytest.mark.parametrize(("hours_ago", "highest"), [(40.1, 88), (40, 140), (20, 140)], ids=["before", "at", "inside"])
def test_the_highest_rate_of_the_cycle_counts_from_its_first_slot(hours_ago, highest):
    moment = wider(charted("heart_rate", 140, hours_ago), charted("heart_rate", 88, 1))
    assert ago(40) == CYCLE_START
    assert moment.look("heart_rate_high", View.VALID).value == D(highest)


@pytest.mark.parametrize(("hours_ago", "lowest"), [(8.1, 118), (8, 82)], ids=["before", "at"])
def test_before_any_dose_the_window_is_one_interval(hours_ago, lowest):
    moment = replace(only(charted("systolic", 82, hours_ago), charted("systolic", 118, 1)), last_dose=None)
    assert moment.look("systolic_low", View.VALID).value == D(lowest)


def test_both_rates_in_force_at_the_last_dose_are_carried_in():
    two = (charted("phenylephrine", "0.4", 9), charted("phenylephrine", "0.6", 9))
    moment = only(charted("phenylephrine", 3, 10), *two, charted("phenylephrine", "0.2", 7))
    assert moment.look("phenylephrine_max", View.VALID) == Seen(D("0.6"), (two[1],))


def test_a_rate_in_force_is_carried_in_although_nothing_came_after_it():
    running = charted("phenylephrine", "0.4", 9)
    assert only(running).look("phenylephrine_max", View.VALID) == Seen(D("0.4"), (running,))


def test_a_rate_set_at_the_last_dose_replaces_the_one_before_it_in_the_window():
    """The rate before it ended at that instant: what was in force at the start still counts, on the safe side."""
    moment = only(charted("phenylephrine", 3, 9), at(charted("phenylephrine", "0.4"), LAST_DOSE))
    assert moment.look("phenylephrine_max", View.VALID).value == D(3)


def test_no_pressor_stated_brings_the_statement():
    assert only(statements=["support"]).look("phenylephrine_max", View.VALID) == Seen(D(0), stated=ago(0.5))


def test_a_statement_answers_no_resume_question_through_the_highest_rate():
    assert only(statements=["support"]).look("phenylephrine_max", View.RESUME, after=ago(2)) == unknown(
        "phenylephrine rate: not charted since the hold began"
    )


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────

URINE = "urine over the last 8 hours"


def test_a_sum_brings_the_collections_of_its_window():
    before, first, second = (charted("urine", 200, hours, over_h=4) for hours in (9, 5, 1))
    for view in View:
        assert only(before, first, second).look("urine_8h", view) == Seen(D(400), (first, second))


@pytest.mark.parametrize("view", View)
def test_urine_not_charted_says_so(view):
    assert only().look("urine_8h", view) == unknown(f"{URINE}: not charted")
    assert only(preliminary("urine", 300, 1)).look("urine_8h", view) == unknown(f"{URINE}: not charted")


def test_urine_not_collected_since_the_hold_began_says_so():
    moment = only(charted("urine", 300, 2, over_h=8))
    assert moment.look("urine_8h", View.RESUME, after=ago(2)) == unknown(f"{URINE}: not charted")


def test_a_gap_says_from_when_to_when_and_brings_the_collections():
    gap = (charted("urine", 200, 5, over_h=4), charted("urine", 200, 0, over_h=4.5))
    for view in View:
        assert only(*gap).look("urine_8h", view) == unknown(f"{URINE}: not charted from 11:00 to 11:30", *gap)


def test_a_gap_at_the_beginning_says_from_when():
    short = charted("urine", 200, 1, over_h=7.5)
    assert only(short).look("urine_8h", View.VALID) == unknown(f"{URINE}: not charted from 07:00 to 07:30", short)


def test_an_overlap_says_so():
    two = (charted("urine", 200, 5, over_h=4), charted("urine", 200, 1, over_h=4.1))
    assert only(*two).look("urine_8h", View.VALID) == unknown(f"{URINE}: two collections overlap", *two)


def test_only_the_first_collection_may_begin_before_the_window():
    whole = charted("urine", 300, 5, over_h=8)
    inside = charted("urine", 70, 1, over_h=4)
    assert only(whole, inside).look("urine_8h", View.VALID) == Seen(D(70), (whole, inside))
    assert only(whole, inside).look("urine_8h", View.CHARTED) == Seen(D(370), (whole, inside))


@pytest.mark.parametrize(("view", "amount"), [(View.CHARTED, 400), (View.VALID, 400), (View.RESUME, 400)])
def test_a_collection_that_begins_with_the_window_counts_wholly(view, amount):
    assert only(charted("urine", 400, 1, over_h=8)).look("urine_8h", view).value == D(amount)


def test_a_collection_that_ended_as_the_window_began_is_outside_it():
    before, inside = charted("urine", 900, 9, over_h=8), charted("urine", 300, 1, over_h=8)
    assert only(before, inside).look("urine_8h", View.CHARTED) == Seen(D(300), (inside,))


def test_a_doubt_before_the_window_takes_nothing_from_the_sum():
    doubtful, inside = preliminary("urine", 900, 9, over_h=8), charted("urine", 300, 1, over_h=8)
    assert only(doubtful, inside).look("urine_8h", View.VALID) == Seen(D(300), (inside,))


def test_a_doubtful_collection_says_why():
    inside = (preliminary("urine", 20, 5, over_h=4), charted("urine", 30, 1, over_h=4))
    assert only(*inside).look("urine_8h", View.VALID) == unknown(f"{URINE}: not final", *inside)
    assert only(*inside).look("urine_8h", View.CHARTED) == Seen(D(50), inside)


def test_a_collection_without_an_amount_says_so():
    empty = replace(charted("urine", None, 5, over_h=4), fault="no value came")
    inside = (empty, charted("urine", 30, 1, over_h=4))
    assert only(*inside).look("urine_8h", View.CHARTED) == unknown(f"{URINE}: nothing usable charted", *inside)


@pytest.mark.parametrize("view", View)
def test_a_sum_that_is_too_old_says_its_limit(view):
    entry = charted("urine", 300, 13, over_h=8)
    assert only(entry).look("urine_8h", view) == unknown(f"{URINE}: older than 12 h", entry)


def test_a_sum_without_a_site_setting_names_it():
    entry = charted("urine", 300, 1, over_h=8)
    moment = replace(only(entry), max_age={"urine": None})
    assert moment.look("urine_8h", View.VALID) == unknown(f"{URINE}: site setting max_age_h.urine is not set", entry)


def test_urine_that_is_not_required_has_no_age():
    moment = replace(only(charted("urine", 300, 900, over_h=8)), max_age={})
    assert moment.look("urine_8h", View.VALID).value == D(300)


# ── change ───────────────────────────────────────────────────────────────────────────────────────────────────

RISE = "change of creatinine from the result before"
PEAK = "creatinine against its peak since the hold began"


def test_a_rise_brings_the_newest_result_and_the_one_before():
    before, newest = charted("creatinine", 1, 7), charted("creatinine", 3, 1)
    for view in View:
        assert only(charted("creatinine", 9, 20), before, newest).look("creatinine_rise", view) == Seen(
            D(2), (newest, before)
        )


def test_a_missing_newest_result_says_so():
    assert only().look("creatinine_rise", View.VALID) == unknown("serum creatinine: not charted")


def test_a_newest_result_from_before_the_hold_says_so():
    moment = only(charted("creatinine", 1, 7), charted("creatinine", 3, 2))
    assert moment.look("creatinine_rise", View.RESUME, after=ago(2)) == unknown(
        "serum creatinine: not charted since the hold began"
    )


def test_a_doubtful_newest_result_says_why():
    doubtful = preliminary("creatinine", 3, 1)
    assert only(charted("creatinine", 1, 7), doubtful).look("creatinine_rise", View.VALID) == unknown(
        "serum creatinine: not final", doubtful
    )


def test_a_result_without_one_before_says_so():
    single = charted("creatinine", "1.1", 1)
    assert only(single).look("creatinine_rise", View.VALID) == unknown(f"{RISE}: nothing usable charted", single)


def test_a_doubtful_result_before_leaves_the_rise_unknown_and_a_yes_is_told_from_the_valid_one_before():
    valid, doubtful = charted("creatinine", 1, 9), preliminary("creatinine", 2, 7)
    newest = charted("creatinine", 3, 1)
    moment = only(valid, doubtful, newest)
    assert moment.look("creatinine_rise", View.VALID) == unknown(f"{RISE}: not final", newest)
    assert moment.look("creatinine_rise", View.CHARTED) == Seen(D(2), (newest, valid))


def test_a_doubtful_result_before_is_all_that_a_yes_can_be_told_from():
    doubtful, newest = preliminary("creatinine", 2, 7), charted("creatinine", 3, 1)
    assert only(doubtful, newest).look("creatinine_rise", View.CHARTED) == Seen(D(1), (newest, doubtful))


def test_an_unusable_result_between_two_hides_neither():
    before, newest = charted("creatinine", 1, 7), charted("creatinine", 3, 1)
    moment = only(before, unusable("creatinine", 5), newest)
    assert moment.look("creatinine_rise", View.CHARTED) == Seen(D(2), (newest, before))


def test_without_an_open_hold_there_is_no_peak_and_it_says_so():
    newest = charted("creatinine", 3, 1)
    moment = only(charted("creatinine", 5, 6), newest)
    assert moment.look("creatinine_from_peak", View.VALID) == unknown(f"{PEAK}: no hold is open", newest)


def test_a_fall_from_the_peak_brings_the_newest_result_and_the_peak():
    peak, newest = charted("creatinine", 5, 5), charted("creatinine", 3, 1)
    moment = only(charted("creatinine", 9, 7), charted("creatinine", 4, 6), peak, newest)
    assert moment.look("creatinine_from_peak", View.RESUME, after=ago(6)) == Seen(D(-2), (newest, peak))


def test_an_unusable_result_is_no_peak():
    peak, newest = charted("creatinine", 5, 5), charted("creatinine", 3, 1)
    moment = only(peak, unusable("creatinine", 4), newest)
    assert moment.look("creatinine_from_peak", View.RESUME, after=ago(6)) == Seen(D(-2), (newest, peak))


COUNT = "change of platelets since the last dose"


@pytest.mark.parametrize(("hours_ago", "change"), [(8.1, -90), (8, -90)], ids=["before", "at the last dose"])
def test_platelets_at_the_last_dose_are_those_it_is_compared_with(hours_ago, change):
    then, newest = charted("platelets", 150, hours_ago), charted("platelets", 60, 1)
    moment = wider(charted("platelets", 300, 20), then, charted("platelets", 100, 7.9), newest)
    assert moment.look("platelets_since_dose", View.VALID) == Seen(D(change), (newest, then))


def test_before_any_dose_a_change_since_the_dose_says_so():
    newest = charted("platelets", 60, 1)
    moment = replace(wider(charted("platelets", 150, 9), newest), last_dose=None)
    assert moment.look("platelets_since_dose", View.VALID) == unknown(f"{COUNT}: no dose yet", newest)


# ── formulas ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_formula_brings_the_entries_of_all_its_parts():
    systolic, diastolic = charted("systolic", 100), charted("diastolic", 40)
    seen = only(systolic, diastolic).look("mean_pressure", View.VALID)
    assert (seen.value, set(seen.entries)) == (D(60), {systolic, diastolic})


def test_a_missing_part_of_a_formula_says_so():
    assert only(charted("systolic", 100)).look("mean_pressure", View.VALID) == unknown(
        "diastolic blood pressure: not charted"
    )


def test_a_doubtful_part_of_a_formula_says_why():
    doubtful = preliminary("diastolic", 40)
    assert only(charted("systolic", 100), doubtful).look("mean_pressure", View.VALID) == unknown(
        "diastolic blood pressure: not final", doubtful
    )


def test_a_division_by_zero_is_unknown_and_says_so():
    baseline, newest = charted("weight", 0, 41), charted("weight", 75, 1)
    seen = only(baseline, newest).look("weight_gain", View.VALID)
    assert (seen.value, seen.why) == (None, "weight gain over baseline: a division by zero")
    assert set(seen.entries) == {baseline, newest}


def test_a_doubtful_pressure_answers_yes_through_a_formula():
    moment = only(preliminary("systolic", 60), charted("diastolic", 30))
    assert moment.look("mean_pressure", View.CHARTED).value == D(40)


def test_a_formula_and_a_change_pass_on_who_must_judge():
    """No shipped finding is a judged number; one that were would need the physician's own."""
    depth = replace(WIDER["systolic"], name="depth", words="depth of sedation", group=Group.JUDGED, absent=D(0))
    changed = Derivation(op="change", of="depth", against="previous")
    doubled = Derivation(op="formula", formula="2 * depth")
    own = {"depth": depth, "change": replace(depth, derived=changed), "double": replace(depth, derived=doubled)}
    moment = replace(bare(), vocabulary=Vocabulary(own))
    moment = with_entries(moment, charted("depth", 5, 3), charted("depth", 0, 1, role="nurse"))
    for name, by_anybody in (("change", D(-5)), ("double", D(0))):
        assert moment.look(name, View.RESUME, after=ago(2)).value == by_anybody
        assert moment.look(name, View.RESUME, after=ago(2), role="physician") == unknown(
            "depth of sedation: not judged by a physician since the hold began"
        )


def test_a_formula_passes_on_since_when_and_by_whom():
    moment = only(charted("systolic", 100, 3), charted("diastolic", 40, 1))
    assert moment.look("mean_pressure", View.RESUME, after=ago(2)) == unknown(
        "systolic blood pressure: not charted since the hold began"
    )


# ── hours ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hours_bring_the_entry_that_began_the_longest_episode():
    first, second = charted("intubated", True, 100), charted("intubated", True, 30)
    moment = only(first, charted("intubated", False, 60), second, charted("intubated", False, 7))
    for view in (View.CHARTED, View.VALID):
        assert moment.look("intubated_hours", view) == Seen(D(40), (first,))


def test_hours_of_what_was_never_charted_say_so():
    assert only().look("intubated_hours", View.CHARTED) == unknown("intubated: never charted")
    assert only().look("intubated_hours", View.VALID) == unknown("intubated: not charted, and no statement covers it")


@pytest.mark.parametrize("name", ["intubated", "dialysis"])
def test_hours_that_lift_a_hold_need_an_answer_since_it_began(name):
    words = {"intubated": "intubated", "dialysis": "on dialysis"}[name]
    why = f"{words}: not charted since the hold began"
    stated, before = only(statements=["support"]), only(charted(name, False, 3))
    for moment in (stated, before):
        assert moment.look(f"{name}_hours", View.RESUME, after=ago(2)) == unknown(why)


def test_hours_and_counts_of_a_judged_event_need_the_physician():
    moment = only(charted("coma_or_psychosis", False, 1, role="nurse"), charted("seizure", False, 1, role="nurse"))
    for name, words in (("coma_hours", "coma or toxic psychosis"), ("seizure_count", "seizure")):
        assert moment.look(name, View.RESUME, after=ago(2)).value == 0
        assert moment.look(name, View.RESUME, after=ago(2), role="physician") == unknown(
            f"{words}: not judged by a physician since the hold began"
        )


def test_hours_of_a_doubtful_intubation_answer_yes_and_not_no():
    doubtful = preliminary("intubated", True, 80)
    assert only(doubtful).look("intubated_hours", View.CHARTED) == Seen(D(80), (doubtful,))
    assert only(doubtful).look("intubated_hours", View.VALID) == unknown("intubated: not final", doubtful)


def test_an_episode_that_ended_as_the_stop_was_refuted_is_over():
    moment = only(charted("intubated", True, 80), charted("intubated", False, 10))
    assert moment.look("intubated_hours", View.CHARTED, after=ago(10)) == unknown("intubated: never charted")


def test_hours_of_a_doubtful_end_say_why():
    doubtful = preliminary("intubated", False, 1)
    assert only(charted("intubated", True, 80), doubtful).look("intubated_hours", View.VALID) == unknown(
        "intubated: not final", doubtful
    )


def test_a_patient_charted_as_not_intubated_has_no_hours():
    moment = only(charted("intubated", False, 1))
    assert moment.look("intubated_hours", View.VALID) == Seen(D(0))
    assert moment.look("intubated_hours", View.CHARTED) == unknown("intubated: never charted")


def test_hours_that_ended_before_the_refutation_do_not_count():
    moment = only(charted("intubated", True, 80), charted("intubated", False, 10), charted("intubated", True, 3))
    assert moment.look("intubated_hours", View.CHARTED, after=ago(10)).value == D(3)
    assert moment.look("intubated_hours", View.CHARTED, after=ago(11)).value == D(3)
    assert moment.look("intubated_hours", View.CHARTED, after=ago(15)).value == D(5)


def test_hours_of_an_episode_charted_ahead_of_the_clock_are_none():
    moment = only(at(charted("intubated", True), NOW + timedelta(minutes=3)))
    assert moment.look("intubated_hours", View.CHARTED).value == 0


def test_the_present_episode_brings_its_first_entry():
    begun = charted("dialysis", True, 4)
    moment = wider(charted("dialysis", True, 90), charted("dialysis", False, 10), begun, charted("dialysis", True, 2))
    assert moment.look("dialysis_now_hours", View.VALID) == Seen(D(4), (begun,))


def test_hours_are_rounded_toward_more():
    """1 µs more than an hour is 1.000000000277… h."""
    moment = only(at(charted("intubated", True), ago(1) - timedelta(microseconds=1)))
    assert moment.look("intubated_hours", View.VALID).value == D("1.00000000027778")
    moment = only(at(charted("intubated", True), ago(1) - timedelta(microseconds=4)))
    assert moment.look("intubated_hours", View.VALID).value == D("1.00000000111112")  # 1.000000001111111…


# ── counts ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_count_brings_each_event():
    one, two = charted("seizure", True, 20), charted("seizure", True, 3)
    for view in (View.CHARTED, View.VALID):
        assert only(one, two, charted("seizure", False, 1)).look("seizure_count", view) == Seen(D(2), (one, two))


def test_a_count_of_what_was_never_charted_says_so():
    why = "seizures in this course: never charted"
    assert only().look("seizure_count", View.CHARTED) == unknown(why)
    assert only(charted("seizure", False, 1)).look("seizure_count", View.CHARTED) == unknown(why)


def test_a_count_without_a_newest_answer_says_why():
    assert only().look("seizure_count", View.VALID) == unknown("seizure: not charted, and no statement covers it")
    doubtful = preliminary("seizure", True, 1)
    assert only(doubtful).look("seizure_count", View.VALID) == unknown("seizure: not final", doubtful)


def test_a_count_that_lifts_a_hold_needs_an_answer_since_it_began():
    why = "seizure: not charted since the hold began"
    for moment in (only(statements=["neuro"]), only(charted("seizure", False, 3))):
        assert moment.look("seizure_count", View.RESUME, after=ago(2)) == unknown(why)


def test_a_doubtful_event_between_two_clear_answers_counts_for_yes_alone():
    clear, doubtful = charted("seizure", True, 20), preliminary("seizure", True, 3)
    moment = only(clear, doubtful, charted("seizure", False, 1))
    assert moment.look("seizure_count", View.VALID) == Seen(D(1), (clear,))
    assert moment.look("seizure_count", View.CHARTED) == Seen(D(2), (clear, doubtful))


def test_no_event_charted_is_none():
    assert only(charted("seizure", False, 1)).look("seizure_count", View.VALID) == Seen(D(0))


def test_seizures_of_the_cycle_and_of_the_course_count_from_their_own_first_slots():
    moment = replace(
        wider(charted("seizure", True, 120), charted("seizure", True, 90), charted("seizure", True, 3)),
        course_start=ago(100),
    )
    assert moment.look("seizures_in_cycle", View.CHARTED).value == D(1)
    assert moment.look("seizure_count", View.CHARTED).value == D(2)
    assert replace(moment, course_start=None).look("seizure_count", View.CHARTED).value == D(3)
    assert replace(moment, cycle_start=None).look("seizures_in_cycle", View.CHARTED).value == D(3)


def test_a_seizure_before_the_refutation_does_not_count_again():
    moment = only(charted("seizure", True, 20), charted("seizure", True, 3))
    assert moment.look("seizure_count", View.CHARTED, after=ago(20)).value == D(1)


# ── reference limits ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("view", View)
def test_a_limit_brings_the_result_it_was_printed_with(view):
    result = charted("creatinine", 1, 1, low="0.6", high="1.2")
    moment = wider(charted("creatinine", 1, 20, high="1.4"), result, charted("platelets", 160, 1, low=140, high=400))
    assert moment.look("creatinine_limit", view) == Seen(D("1.2"), (result,))
    assert moment.look("platelets_low_limit", view).value == D(140)


def test_a_result_without_a_printed_limit_says_so():
    why = "upper reference limit of creatinine: not printed with the result"
    assert only().look("creatinine_limit", View.VALID) == unknown(why)
    assert only(charted("creatinine", 1, 1, low="0.6")).look("creatinine_limit", View.VALID) == unknown(why)


def test_a_limit_printed_before_the_hold_began_is_not_asked():
    moment = only(charted("creatinine", 1, 3, high="1.2"))
    assert moment.look("creatinine_limit", View.RESUME, after=ago(3)).value is None
    assert moment.look("creatinine_limit", View.RESUME, after=ago(4)).value == D("1.2")


def test_a_finding_that_is_not_derived_has_no_op():
    moment = only()
    with pytest.raises(ValueError, match=r"^spo2 is not derived$"):
        derived.look(moment, moment.vocabulary["spo2"], View.VALID, None, None)


# ── an amount that a statement may answer for ────────────────────────────────────────────────────────────────


def test_no_diarrhoea_stated_is_zero_over_a_shift_and_over_two():
    said = only(statements=["gut"])
    assert said.look("diarrhoea_8h", View.VALID) == Seen(D(0), stated=ago(0.5))
    assert said.look("diarrhoea_16h", View.VALID).value == D(0)
    assert said.look("diarrhoea_before", View.VALID).value == D(0)


def test_diarrhoea_that_nobody_charted_or_denied_is_unknown():
    assert only().look("diarrhoea_8h", View.VALID).value is None
    assert only(statements=["neuro"]).look("diarrhoea_8h", View.VALID).value is None


def test_a_statement_never_says_how_much_a_hold_may_resume_on():
    assert only(statements=["gut"]).look("diarrhoea_8h", View.RESUME, after=ago(2)).value is None


def test_diarrhoea_of_this_shift_counts_as_collected_whatever_a_statement_says():
    shift = charted("diarrhoea_volume", 400, 0.75, over_h=8)
    assert only(shift, statements=["gut"]).look("diarrhoea_8h", View.VALID) == Seen(D(400), (shift,))


def test_diarrhoea_of_an_earlier_shift_is_not_gone_because_a_statement_says_none():
    moment = only(charted("diarrhoea_volume", 1200, 9, over_h=8), statements=["gut"])
    assert moment.look("diarrhoea_8h", View.VALID).value is None
    assert moment.look("diarrhoea_8h", View.CHARTED).value == D(1200)


@pytest.mark.parametrize(("hours_ago", "known"), [(7.9, D(400)), (8, D(400)), (8.1, None)])
def test_diarrhoea_collected_before_the_slot_opened_no_longer_answers_no(hours_ago, known):
    moment = only(charted("diarrhoea_volume", 400, hours_ago, over_h=8))
    assert moment.look("diarrhoea_8h", View.VALID).value == known
    assert moment.look("diarrhoea_8h", View.CHARTED).value == D(400)  # too much of it may still hold
