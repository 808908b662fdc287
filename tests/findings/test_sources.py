"""Which charted findings stand behind a finding, and which hold a dose even where no row names them."""

import pytest

from aldes.findings.read import vocabulary
from aldes.findings.sources import covered_anyway, sources_of, steps_to
from aldes.findings.vocabulary import Group


@pytest.mark.parametrize(
    ("name", "sources"),
    [
        ("spo2", {"spo2"}),
        ("seizure", {"seizure"}),
        ("dose_number", {"dose_number"}),
        ("systolic_low", {"systolic"}),
        ("urine_8h", {"urine"}),
        ("creatinine_limit", {"creatinine"}),
        ("mean_pressure", {"systolic", "diastolic"}),
        ("urine_rate", {"urine"}),  # through the sum of 8 hours
        ("weight_gain", {"weight"}),  # through the baseline
    ],
)
def test_a_finding_comes_from_what_is_charted(name, sources):
    assert sources_of(name) == sources


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("spo2", {"spo2"}),
        ("systolic_low", {"systolic_low", "systolic"}),
        ("mean_pressure", {"mean_pressure", "systolic", "diastolic"}),
        ("urine_rate", {"urine_rate", "urine_8h", "urine"}),
        ("weight_gain", {"weight_gain", "weight_baseline", "weight"}),
    ],
)
def test_the_steps_to_a_finding_include_itself_and_all_between(name, steps):
    assert steps_to(name) == steps


def test_a_finding_outside_the_vocabulary_has_no_sources():
    with pytest.raises(KeyError):
        sources_of("lactate")


def test_each_source_can_be_charted_or_is_a_fact_of_the_course():
    for name in vocabulary().findings:
        assert all(vocabulary()[each].derived is None for each in sources_of(name)), name


@pytest.mark.parametrize("name", ["phenylephrine", "other_vasopressor", "intubated", "dialysis"])
def test_support_of_a_failing_organ_holds_without_a_row(name):
    assert vocabulary()[name] in covered_anyway()


@pytest.mark.parametrize(
    "name",
    ["spo2", "rhythm_recurrent", "event_unreviewed", "not_easily_reversed", "intubated_hours", "phenylephrine_max"],
)
def test_what_is_neither_support_nor_grave_nor_charted_holds_only_by_a_row(name):
    assert vocabulary()[name] not in covered_anyway()


@pytest.mark.parametrize("name", ["seizure", "angina", "tamponade", "frank_blood", "infection"])
def test_a_grave_event_holds_without_a_row(name):
    assert vocabulary()[name] in covered_anyway()


def test_only_a_clinician_can_say_that_an_event_is_grave():
    grave = [each for each in vocabulary().findings.values() if each.grave]
    assert grave
    assert all(each.group is Group.JUDGED for each in grave)
