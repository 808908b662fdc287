"""The leak as its components: what is now, what was before, which way it goes, and no score."""

from decimal import Decimal

import pytest
from bedsides import LABEL, admitted, ago, at_bedside, charted, treated

from aldes.toxicity.leak import COMPONENTS, Component, leak


def component(finding: str, *events, protocol: str = LABEL) -> Component:
    found = {each.finding: each for each in leak(at_bedside(treated(*events), protocol))}
    return found[finding]


def test_every_component_is_shown_whether_it_is_known_or_not():
    for events in ([], [admitted(2)], treated()):
        assert tuple(each.finding for each in leak(at_bedside(events))) == COMPONENTS


def test_albumin_against_the_baseline_and_against_the_last_dose():
    found = component(
        "albumin", charted("albumin", "3.9", 44), charted("albumin", "3.0", 20), charted("albumin", "2.2", 3)
    )
    assert (found.now.value, found.now.time) == (Decimal("2.2"), ago(3))
    assert (found.baseline.value, found.since_baseline) == (Decimal("3.9"), Decimal("-1.7"))
    assert (found.at_last_dose.value, found.since_last_dose) == (Decimal("3.0"), Decimal("-0.8"))
    assert [point.value for point in found.trend] == [Decimal("3.9"), Decimal("3.0"), Decimal("2.2")]


def test_weight_gain_is_reckoned_on_the_weight_before_the_first_dose():
    found = component("weight_gain", charted("weight", "78.4", 2))
    assert found.value_words == "12 %"
    assert found.now.value == Decimal(12)


def test_what_was_never_charted_is_unknown_and_not_normal():
    found = component("haematocrit")
    assert (found.now, found.value_words, found.why) == (None, "unknown", "not charted")


def test_a_newer_value_that_does_not_count_hides_the_older_good_one():
    found = component("spo2", charted("spo2", 97, 5), charted("spo2", 84, 1, fault="The status is 'preliminary'."))
    assert (found.now, found.value_words) == (None, "unknown")
    assert found.why == "The status is 'preliminary'."


def test_a_baseline_alone_shows_no_change():
    found = component("weight")
    assert (found.since_baseline, found.since_last_dose) == (None, None)


def test_a_value_of_last_month_is_none_of_this_cycle():
    assert component("albumin", charted("albumin", "3.9", 24 * 30)).now is None


@pytest.mark.parametrize("finding", ["oedema", "effusion"])
def test_fluid_that_a_clinician_judged_is_shown_with_its_time(finding):
    found = component(finding, charted(finding, True, 1))
    assert (found.value_words, found.now.time, found.since_baseline) == ("yes", ago(1), None)


def test_mean_pressure_that_does_not_come_out_even_says_about():
    found = component("mean_pressure", charted("systolic", 107, 0.5), charted("diastolic", 69, 0.5))
    assert found.value_words == "about 81.7 mmHg"
