"""The grade of a patient: from results as they come in, with their ranges, their age and their doubts."""

from dataclasses import replace

import pytest
from courses import NOW, course, demo, graded, result

from aldes.course.events import Died
from aldes.protocols.row import Grading
from aldes.toxicity.ctcae.chart import chart
from aldes.toxicity.ctcae.grade import grades
from aldes.toxicity.ctcae.read import read


def test_a_result_is_graded_by_its_own_range_in_whatever_unit_it_came() -> None:
    found = graded(
        "creatinine_increased",
        result("creatinine", 80, 60, unit="umol/L", high=110),
        result("creatinine", 200, unit="umol/L", high=110),
    )

    assert found.grade == 2
    assert found.words == "grade 2"
    assert {each.sort for each in found.used} == {"value", "multiple", "limit", "baseline"}
    assert next(each.charted for each in found.used if each.finding == "creatinine") == "200 micromol/L"


def test_platelets_in_another_unit_stand_on_the_same_side_of_a_limit() -> None:
    for value, expected in ((75_000, 1), (74_999, 2), (49_999, 3), (24_999, 4)):
        assert graded("platelet_count_decreased", result("platelets", value, unit="/uL", low=150_000)).grade == expected


def test_missing_is_unknown_and_says_what_is_missing() -> None:
    found = graded("platelet_count_decreased")

    assert (found.grade, found.at_least, found.words) == (None, 0, "unknown")
    assert "platelet count: not charted" in [each.why for each in found.missing]


def test_a_normal_value_without_its_range_is_no_grade_0() -> None:
    found = graded("platelet_count_decreased", result("platelets", 300))

    assert found.grade is None
    assert [each.finding for each in found.missing] == ["platelets_low_limit"]


def test_a_stale_result_is_unknown_until_the_hour_of_the_site() -> None:
    assert graded("platelet_count_decreased", result("platelets", 30, 24, low=150)).grade == 3
    assert graded("platelet_count_decreased", result("platelets", 30, 24.01, low=150)).grade is None


def test_a_site_that_set_no_age_is_told_which_setting_it_owes() -> None:
    unset = replace(demo(), grading=Grading())
    found = graded("alt_increased", result("alt", 500, high=40), site=unset)

    assert found.grade is None
    assert "site setting grade_max_age_h is not set" in [each.why for each in found.missing]


@pytest.mark.parametrize("status", ["preliminary", "registered", "unknown", ""])
def test_a_result_that_is_not_final_grades_nothing(status: str) -> None:
    found = graded(
        "platelet_count_decreased", result("platelets", 200, 3, low=150), result("platelets", 10, 1, status=status)
    )

    assert (found.grade, found.at_least) == (None, 0)


def test_an_implausible_value_grades_nothing_and_never_0() -> None:
    found = graded("hyponatraemia", result("sodium", 400, low=135))

    assert found.grade is None
    assert "implausible" in found.missing[0].why


def test_a_value_in_a_wrong_unit_grades_nothing() -> None:
    found = graded("anaemia", result("haemoglobin", 13, low=12, unit="mmol/L"))

    assert found.grade is None


@pytest.mark.parametrize(("name", "one", "other"), [("hypokalaemia", 2.4, 4.1), ("hyperkalaemia", 7.2, 4.1)])
def test_two_results_of_one_instant_that_differ_are_unknown_in_both_directions(
    name: str, one: float, other: float
) -> None:
    """A finding has one worse direction, and potassium is bad in two (hazard H39)."""
    found = graded(name, result("potassium", one, low=3.5, high=5), result("potassium", other, low=3.5, high=5))

    assert found.grade is None
    assert any("two values at one time" in each.why for each in found.missing)


def test_two_equal_results_of_one_instant_agree() -> None:
    found = graded("hyperkalaemia", result("potassium", 6.2, high=5), result("potassium", 6.2, high=5))

    assert found.grade == 3


def test_the_baseline_is_that_before_the_course_with_its_own_range() -> None:
    before = result("alt", 60, 60, high=50)
    found = graded("alt_increased", before, result("alt", 170, high=40))

    assert found.grade == 1  # 2.8 times an abnormal baseline, though 4.3 times today's limit
    used = {each.finding: each for each in found.used}
    assert used["alt_baseline"].value_words.startswith("60")
    assert used["alt_baseline_limit"].value_words.startswith("50")


def test_without_a_baseline_the_grade_is_not_settled_and_names_it() -> None:
    found = graded("alt_increased", result("alt", 170, high=40))

    assert (found.grade, found.at_least) == (None, 0)
    assert "alt_baseline" in {each.finding for each in found.missing}


def test_what_a_clinician_judged_goes_on_top_of_the_numbers() -> None:
    low = result("haemoglobin", 9.1, low=12)

    assert graded("anaemia", low).words == "grade 2 or more, not settled"
    assert graded("anaemia", low, result("grade_anaemia", "0")).grade == 2
    assert graded("anaemia", low, result("grade_anaemia", "4")).grade == 4


def test_a_judged_grade_is_as_fresh_as_a_result() -> None:
    low = result("haemoglobin", 9.1, low=12)

    assert graded("anaemia", low, result("grade_anaemia", "4", 25)).words == "grade 2 or more, not settled"


def test_a_judged_grade_that_cannot_be_used_leaves_the_term_open_even_beside_normal_numbers() -> None:
    normal = result("platelets", 300, low=150)
    doubtful = result("grade_platelet_count_decreased", "3", status="preliminary")
    found = graded("platelet_count_decreased", normal, doubtful)

    assert graded("platelet_count_decreased", normal).grade == 0
    assert found.grade is None
    assert [each.finding for each in found.missing] == ["grade_platelet_count_decreased"]
    assert found.missing[0].grades == (1, 2, 3, 4)


def test_two_clinicians_who_disagree_at_one_time_leave_it_open() -> None:
    found = graded("nausea", result("grade_nausea", "1"), result("grade_nausea", "3"))

    assert found.grade is None


def test_a_grade_that_the_criteria_do_not_know_cannot_be_charted() -> None:
    found = graded("nausea", result("grade_nausea", "4"))

    assert found.grade is None
    assert "is not on its list" in found.missing[0].why


def test_grade_5_is_of_a_patient_who_has_died() -> None:
    death = Died(happened_at=NOW, recorded_at=NOW)
    judged = result("grade_sepsis", "5")

    assert graded("sepsis", judged, death).grade == 5
    alive = graded("sepsis", judged)
    assert (alive.grade, alive.at_least) == (None, 4)
    assert "does not say that the patient has died" in alive.missing[0].why


def test_urine_that_nobody_charted_is_no_anuria() -> None:
    shift = result("urine", 60, 0.5, over_h=8)

    assert graded("urine_output_decreased").grade is None
    assert graded("urine_output_decreased", shift).words == "grade 3 or more, not settled"
    assert graded("urine_output_decreased", result("urine", 400, 0.5, over_h=8)).grade == 0


def test_a_weight_gain_is_held_against_the_weight_before_the_cycle() -> None:
    found = graded("weight_gain", result("weight", 70, 60), result("weight", 77.7))

    assert found.grade == 2
    assert found.time == NOW.replace(hour=13)


def test_a_grade_rests_on_a_time_that_is_not_the_baselines() -> None:
    found = graded("ggt_increased", result("ggt", 30, 60, high=60), result("ggt", 20, 3, high=60))

    assert found.grade == 0
    assert found.time == NOW.replace(hour=12)


def test_every_term_has_a_grade_or_says_what_is_missing() -> None:
    criteria = read("5.0")
    found = grades(criteria, chart(course(), criteria, demo(), NOW))

    assert len(found) == len(criteria.ladders) == 89
    assert all(each.grade is None and each.missing for each in found)
    assert all(each.version == "5.0" for each in found)
