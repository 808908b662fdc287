"""System statements: "none of the listed" answers no only while nothing in that system speaks against it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from moments import LAST_DOSE, NOW, ago, charted, only, preliminary, well_patient, with_entries

from aldes.findings.charted import Value
from aldes.findings.moment import Moment, Statement
from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.findings.vocabulary import absent_value


def valid(moment: Moment, name: str) -> Value | None:
    return moment.look(name, View.VALID).value


def stated(system: str, hours_ago: float, fault: str | None = None) -> Moment:
    made = Statement(system=system, time=ago(hours_ago), fault=fault)
    return replace(only(), statements={system: made})


REPORTED = [
    each.name
    for system in sorted(vocabulary().systems)
    for each in vocabulary().in_system(system)
    if not each.derived and absent_value(each) is not None
]


@pytest.mark.parametrize("name", REPORTED)
def test_a_statement_answers_each_finding_of_its_system(name):
    assert valid(well_patient(), name) == absent_value(vocabulary()[name])


@pytest.mark.parametrize("name", REPORTED)
def test_without_a_statement_each_reported_finding_is_unknown(name):
    assert valid(only(), name) is None


@pytest.mark.parametrize("name", REPORTED)
def test_a_statement_is_never_something_that_was_charted(name):
    assert well_patient().look(name, View.CHARTED).value is None


def test_what_none_of_the_listed_says_depends_on_the_kind_of_finding():
    well = well_patient()
    assert valid(well, "seizure") is False
    assert valid(well, "phenylephrine") == Decimal(0)
    assert valid(well, "mental_status") == "normal"


def test_a_statement_of_one_system_says_nothing_of_another():
    moment = stated("cardiac", 1)
    assert valid(moment, "angina") is False
    assert valid(moment, "seizure") is None


@pytest.mark.parametrize(
    ("hours_ago", "answer"), [(8 + 1 / 3600, None), (8, None), (8 - 1 / 3600, False)], ids=["older", "at", "newer"]
)
def test_a_statement_counts_only_later_than_the_slot_before(hours_ago, answer):
    assert ago(8) == LAST_DOSE
    assert valid(stated("neuro", hours_ago), "seizure") is answer


@pytest.mark.parametrize(("minutes", "answer"), [(5, False), (6, None)])
def test_a_statement_of_a_time_to_come_answers_nothing(minutes, answer):
    assert valid(stated("neuro", -minutes / 60), "seizure") is answer


def test_a_charted_no_older_than_the_slot_before_is_void_too():
    assert valid(only(charted("seizure", False, 9)), "seizure") is None
    assert valid(only(charted("seizure", False, 8)), "seizure") is False


def test_a_faulty_statement_answers_nothing_and_says_why():
    seen = stated("neuro", 1, fault="nobody signed it").look("seizure", View.VALID)
    assert seen.value is None
    assert "nobody signed it" in seen.why


def test_a_standing_yes_is_never_cleared_by_a_statement():
    moment = with_entries(well_patient(), charted("atrial_fibrillation", True, 30))
    assert valid(moment, "atrial_fibrillation") is True


def test_a_standing_yes_voids_the_statement_for_its_whole_system():
    moment = with_entries(well_patient(), charted("atrial_fibrillation", True, 30))
    seen = moment.look("angina", View.VALID)
    assert seen.value is None
    assert "atrial_fibrillation is charted" in seen.why


def test_a_yes_that_was_charted_as_over_leaves_the_statement_standing():
    moment = with_entries(
        well_patient(), charted("atrial_fibrillation", True, 30), charted("atrial_fibrillation", False, 20)
    )
    assert valid(moment, "angina") is False


def test_a_later_event_voids_the_statement_even_when_it_is_over():
    before = with_entries(well_patient(), charted("seizure", True, 0.6), charted("seizure", False, 0.55))
    later = with_entries(well_patient(), charted("seizure", True, 0.4), charted("seizure", False, 0.2))
    assert valid(before, "vivid_dreams") is False
    assert valid(later, "vivid_dreams") is None


def test_a_later_no_does_not_void_the_statement():
    assert valid(with_entries(well_patient(), charted("seizure", False, 0.2)), "vivid_dreams") is False


def test_a_doubtful_entry_voids_the_statement():
    assert valid(with_entries(well_patient(), preliminary("seizure", False, 20)), "vivid_dreams") is None


def test_a_running_pressor_voids_no_pressor_running():
    moment = with_entries(well_patient(), charted("phenylephrine", "0.1", 5))
    assert valid(moment, "norepinephrine") is None
    assert valid(moment, "phenylephrine") == Decimal("0.1")


def test_a_pressor_charted_as_off_leaves_the_statement_standing():
    moment = with_entries(well_patient(), charted("phenylephrine", "0.1", 15), charted("phenylephrine", 0, 9))
    assert valid(moment, "norepinephrine") == valid(moment, "phenylephrine") == Decimal(0)


@pytest.mark.parametrize("code", ["changed", "moderate confusion or agitation", "severe"])
def test_a_changed_mental_status_voids_the_statement(code):
    assert valid(with_entries(well_patient(), charted("mental_status", code, 5)), "seizure") is None


def test_a_statement_never_answers_a_resume_question():
    for name in REPORTED:
        assert well_patient().look(name, View.RESUME, after=ago(1)).value is None, name


def test_a_resume_question_is_answered_by_what_is_charted_after_the_hold_began():
    moment = with_entries(well_patient(), charted("cardiac_symptoms", False, 0.3))
    assert moment.look("cardiac_symptoms", View.RESUME, after=ago(1)).value is False
    assert moment.look("cardiac_symptoms", View.RESUME, after=ago(0.3)).value is None


@pytest.mark.parametrize(("role", "answer"), [("physician", False), ("nurse", None), (None, None)])
def test_a_resume_question_for_a_physician_is_not_answered_by_another(role, answer):
    moment = only(charted("cardiac_symptoms", False, 0.3, role=role))
    assert moment.look("cardiac_symptoms", View.RESUME, after=ago(1), role="physician").value is answer


def test_a_measurement_is_not_answered_by_any_statement():
    moment = well_patient()
    blind = replace(moment, series={name: found for name, found in moment.series.items() if name != "spo2"})
    assert valid(blind, "spo2") is None


def test_a_finding_without_a_system_needs_its_own_answer():
    assert valid(well_patient(), "event_unreviewed") is None
    assert valid(with_entries(well_patient(), charted("event_unreviewed", False, 1)), "event_unreviewed") is False


def test_what_a_statement_answered_carries_its_time():
    assert well_patient().look("seizure", View.VALID).stated == ago(0.5)
    assert ago(0) == NOW
