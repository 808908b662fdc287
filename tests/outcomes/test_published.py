"""Published figures reckoned again: what differs stays with its reason, and nothing differs without one."""

import dataclasses
from decimal import Decimal

import numpy as np
import pytest

from aldes.evidence.outcomes import read_outcomes
from aldes.outcomes.published import Check, checks, rebuilt
from aldes.outcomes.sample import sample
from published import DATASET, reasons

OUTCOMES = read_outcomes()
FOUND = list(checks(OUTCOMES))


def test_every_difference_has_its_reason_and_every_reason_a_difference() -> None:
    assert {f"{each.id} {each.what}" for each in FOUND if not each.agrees} == set(reasons())


def test_what_is_reckoned_again_is_most_of_what_can_be() -> None:
    kinds = [each.what for each in FOUND]
    assert len(FOUND) > 200
    assert sum("share of its count" in each for each in kinds) > 50
    assert sum(each.startswith("derived 95 %") for each in kinds) > 140
    assert sum("interval" in each and "derived" not in each for each in kinds) == 6


@pytest.mark.parametrize("each", [each for each in FOUND if each.what.startswith("derived")], ids=lambda each: each.id)
def test_the_derived_intervals_of_the_fact_base_are_wilsons(each: Check) -> None:
    assert each.agrees


def test_a_wrong_count_would_be_noticed() -> None:
    """SELECT with one response more: the share no longer rounds to what is printed."""
    series = dict(OUTCOMES.series)
    trial = series["select"]
    wrong = [dataclasses.replace(each, n=31) if each.id == "select.orr" else each for each in trial.endpoints]
    series["select"] = dataclasses.replace(trial, endpoints=tuple(wrong))
    found = checks(dataclasses.replace(OUTCOMES, series=series))
    apart = {each.what for each in found if each.id == "select.orr" and not each.agrees}
    assert "response: share of its count" in apart
    assert "95 % interval, exact" in apart
    assert "complete and partial together" in apart


def test_a_rebuilt_arm_that_is_not_the_known_one_is_noticed() -> None:
    data = next(each for each in OUTCOMES.datasets if each.name == DATASET)
    assert data.rebuilt["interferon"].km_median_months == Decimal("22.46")
    assert data.published_medians["interferon"] == Decimal("21.8")
    drawn = sample(np.linspace(1, 40, 50), np.arange(50) % 2 == 0)
    assert not any(each.agrees for each in rebuilt(data, "interferon", drawn) if each.id != "interferon.os12")
