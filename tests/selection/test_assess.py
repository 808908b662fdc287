"""Who is a candidate: one patient changed in one respect, and the verdict that follows."""

from datetime import timedelta

import pytest
from people import DAY, NOW, WELL, answer, assessed, chart, charted, demo, judged

from aldes.course.events import AnyEvent, CourseEnded, Died, Discharged, StopConfirmed, StopRaised
from aldes.findings.read import vocabulary
from aldes.protocols.read import read
from aldes.protocols.verdict import Verdict
from aldes.scope import Scope

ASKED_OF_ALL = [name for name in WELL if name not in ("ecog", "prior_pd1", "measurable_disease", "prior_vegf_tki")]


def test_a_well_charted_patient_has_no_listed_exclusion() -> None:
    found = assessed(chart())
    assert (found.verdict, found.because, found.cautions_unknown) == (Verdict.NONE_LISTED, (), ())


@pytest.mark.parametrize(
    "missing", [name for name in ASKED_OF_ALL if name not in ("stress_test_abnormal", "infection")]
)
def test_whatever_an_exclusion_asks_and_nobody_charted_leaves_it_undetermined(missing: str) -> None:
    found = assessed(chart(without=[missing]))
    assert found.verdict is Verdict.UNDETERMINED
    assert missing in found.settle.findings or missing == "sex"


def test_a_chart_of_nothing_is_undetermined_and_asks_for_everything() -> None:
    found = assessed([])
    assert found.verdict is Verdict.UNDETERMINED
    assert {"age", "lvef", "fev1", "allograft"} <= set(found.settle.findings)


@pytest.mark.parametrize("finding", judged())
def test_a_judgement_of_a_nurse_clears_nothing(finding: str) -> None:
    found = assessed([*chart(without=[finding]), charted(finding, False, role="nurse")])
    cautions = ("prior_pd1", "prior_vegf_tki", "stress_test_abnormal", "infection")
    if finding in cautions:
        assert found.verdict is not Verdict.EXCLUDED
    else:
        assert found.verdict is Verdict.UNDETERMINED


@pytest.mark.parametrize(
    ("finding", "value", "row"),
    [
        ("age", 17, "EL-AGE-01"),
        ("kidney_cancer", False, "IND-01"),
        ("metastatic_disease", False, "IND-01"),
        ("lvef", 49, "EL-CV-02"),
        ("coronary_disease", True, "EL-CV-02"),
        ("fev1", "2.0", "EL-PULM-01"),
        ("fev1_percent", 74, "EL-PULM-01"),
        ("renal_impairment", True, "EL-REN-04"),
        ("hepatic_impairment", True, "EL-HEP-02"),
        ("cns_impairment", True, "EL-CNS-03"),
        ("allograft", True, "EL-TX-01"),
        ("hypersensitivity", True, "CI-01"),
    ],
)
def test_one_listed_criterion_excludes(finding: str, value: object, row: str) -> None:
    found = assessed(chart({finding: value}))
    assert (found.verdict, found.because) == (Verdict.EXCLUDED, (row,))


def test_an_exclusion_stands_though_half_of_the_chart_is_missing() -> None:
    assert assessed([charted("allograft", True, role=None)]).verdict is Verdict.EXCLUDED


def test_a_yes_of_anybody_excludes_and_a_doubtful_one_too() -> None:
    doubtful = charted("coronary_disease", True, role=None, fault="It is not confirmed.")
    assert assessed([*chart(without=["coronary_disease"]), doubtful]).because == ("EL-CV-02",)


def test_an_old_test_is_no_test() -> None:
    two_years = charted("fev1", "2.9", days_ago=730)
    found = assessed([*chart(without=["fev1"]), two_years])
    assert {"EL-PULM-01", "EL-PULM-06"} <= set(found.because)
    assert found.settle.findings == ("fev1",)


@pytest.mark.parametrize(("days", "verdict"), [(60, Verdict.NONE_LISTED), (60.001, Verdict.UNDETERMINED)])
def test_a_work_up_stays_fresh_as_long_as_the_site_says(days: float, verdict: Verdict) -> None:
    assert assessed([*chart(without=["lvef"]), charted("lvef", 60, days)]).verdict is verdict


def test_without_the_site_s_settings_nothing_is_cleared_and_each_is_named() -> None:
    found = assessed(chart(), read("us-label-2023"))
    assert found.verdict is Verdict.UNDETERMINED
    assert ("EL-CV-02", "site setting lvef_least is not set") in found.settle.blocked
    (cv,) = (row for row in found.rows if row.row == "EL-CV-03")
    assert cv.findings[0].why == "site setting selection_max_age_d.workup is not set"


# ── who is not asked about at all (hazard H88) ──


def test_a_patient_who_died_is_excluded() -> None:
    died = Died(happened_at=NOW, recorded_at=NOW)
    assert assessed([*chart(), died]).because == ("SEL-01",)


def test_a_pregnant_patient_is_excluded_and_an_untested_one_undetermined() -> None:
    woman = {"sex": "female", "reproductive_potential": True}
    assert "SEL-02" in assessed(chart({**woman, "pregnant": True})).because
    untested = assessed(chart(woman))
    assert (untested.verdict, untested.settle.findings) == (Verdict.UNDETERMINED, ("pregnant",))
    assert assessed(chart({**woman, "pregnant": False})).verdict is Verdict.NONE_LISTED


def test_a_woman_past_the_menopause_needs_no_test_by_a_physician_s_word() -> None:
    past = chart({"sex": "female", "reproductive_potential": False})
    assert assessed(past).verdict is Verdict.NONE_LISTED
    by_nurse = [*chart({"sex": "female"}), charted("reproductive_potential", False, role="nurse")]
    assert assessed(by_nurse).verdict is Verdict.UNDETERMINED


def test_a_positive_test_counts_whatever_is_charted_beside_it() -> None:
    contradictory = chart({"sex": "male", "reproductive_potential": False, "pregnant": True})
    assert assessed(contradictory).because == ("SEL-02",)


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_stop_in_force_excludes_from_another_course(confirmed: bool) -> None:
    events: list[object] = [
        StopRaised(happened_at=NOW - DAY, recorded_at=NOW - DAY, row="STOP-CV-03", scope=Scope.GOOD)
    ]
    if confirmed:
        events.append(
            StopConfirmed(
                happened_at=NOW - DAY, recorded_at=NOW - DAY, by="physician", row="STOP-CV-03", scope=Scope.GOOD
            )
        )
    assert "SEL-03" in assessed([*chart(), *events]).because


# ── another course ──


def after_a_course(days: float) -> list[AnyEvent]:
    home = NOW - timedelta(days=days)
    return [Discharged(happened_at=home, recorded_at=home), CourseEnded(happened_at=home, recorded_at=home)]


EVENTS = [name for name in vocabulary().findings if name.startswith("earlier_") and name != "earlier_course"]
HISTORY = dict.fromkeys(EVENTS, False) | {"tumour_shrank": True}


@pytest.mark.parametrize(("days", "verdict"), [(48, Verdict.EXCLUDED), (49, Verdict.NONE_LISTED)])
def test_another_course_waits_seven_weeks_from_discharge(days: int, verdict: Verdict) -> None:
    found = assessed([*after_a_course(days), *chart(HISTORY)])
    assert found.verdict is verdict
    assert not found.first_course


def test_an_event_of_the_earlier_course_forbids_another() -> None:
    found = assessed([*after_a_course(90), *chart({**HISTORY, "earlier_seizures": True})])
    assert found.because == ("RT-08",)


def test_nobody_s_word_on_the_earlier_course_leaves_another_undetermined() -> None:
    found = assessed([*after_a_course(90), *chart()])
    assert found.verdict is Verdict.UNDETERMINED
    assert "tumour_shrank" in found.settle.findings


def test_a_first_course_asks_nothing_about_an_earlier_one_and_says_so() -> None:
    found = assessed(chart())
    assert found.first_course
    assert answer(found, "RT-01") == "no"


def test_a_course_elsewhere_by_anybody_s_word_is_asked_about() -> None:
    found = assessed([*chart(), charted("earlier_course", True, role="nurse")])
    assert found.verdict is Verdict.UNDETERMINED
    assert "DOSE-12" in {row for row, _ in found.settle.blocked}


# ── cautions, preferences, conflicts ──


def test_a_caution_excludes_nobody() -> None:
    found = assessed(chart({"prior_pd1": True}))
    assert (found.verdict, found.because) == (Verdict.CAUTION, ("EL-ICI-01",))


def test_an_unanswered_caution_is_named_and_decides_nothing() -> None:
    found = assessed(chart(without=["prior_pd1"]))
    assert (found.verdict, found.cautions_unknown) == (Verdict.NONE_LISTED, ("EL-ICI-01",))


def test_a_preference_never_decides() -> None:
    found = assessed(chart({"age": 84, "sarcomatoid": True}))
    assert found.verdict is Verdict.NONE_LISTED
    assert answer(found, "EL-AGE-02") == "yes"


def test_where_sources_disagree_both_are_said() -> None:
    (row,) = (each for each in assessed(chart()).rows if each.row == "EL-PULM-01")
    assert "EL-PULM-02" in row.conflict


def test_a_recalled_row_that_answers_no_is_unverified() -> None:
    assert assessed(chart()).unverified == ("EL-LACT-01",)


@pytest.mark.parametrize("protocol", ["consensus-2014", "institution-2015"])
def test_a_protocol_without_criteria_of_its_own_never_says_that_none_excludes(protocol: str) -> None:
    found = assessed(chart(), protocol)
    assert found.verdict is Verdict.UNDETERMINED
    assert found.because == ("NO-CRITERIA",)
    assert assessed(chart({"age": 12}), "uk-smpc-2020").verdict is Verdict.EXCLUDED


# ── summary and readiness ──


def test_an_organ_for_which_no_row_answers_is_said_so() -> None:
    organs = {each.about: each for each in assessed(chart()).organs}
    assert organs["autoimmunity"].note == "no row answers for it"
    assert [value.finding for value in organs["lung"].values] == ["fev1", "fev1_percent"]
    assert "never computed" in organs["kidney"].note


def test_readiness_is_listed_beside_the_verdict_and_decides_nothing_yet() -> None:
    found = assessed(chart({"consent_signed": False}))
    assert found.verdict is Verdict.NONE_LISTED
    answers = {each.row: each.answer.name for each in found.readiness if each.answer is not None}
    assert (answers["READY-11"], answers["READY-01"]) == ("YES", "UNKNOWN")


def test_the_protocol_of_these_tests_has_the_demo_site() -> None:
    assert demo().demo
