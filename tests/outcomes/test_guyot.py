"""Patients behind a published curve: known patients are drawn, printed as a figure would, and found again."""

import numpy as np
import pytest

from aldes.errors import InputError
from aldes.outcomes.guyot import published, reconstruct
from aldes.outcomes.kaplan_meier import Curve, at_risk, kaplan_meier, quantile
from aldes.outcomes.sample import Sample, sample

RISK_TIMES = np.arange(0, 61, 12.0)


def trial(seed: int, n: int = 300) -> Sample:
    """Patients with staggered follow-up of 20 to 80 months."""
    draw = np.random.default_rng(seed)
    own, until = draw.weibull(0.9, n) * 25, draw.uniform(20, 80, n)
    return sample(np.minimum(own, until), own <= until)


def survival_at(curve: Curve, when: np.ndarray) -> np.ndarray:
    return np.append(1.0, curve.survival)[np.searchsorted(curve.times, when, side="right")]


def digitised(curve: Curve, points: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a reader clicks: points in even steps, survival to three digits, and the table under the figure."""
    when = np.linspace(0.3, 70, points)
    return when, np.round(survival_at(curve, when), 3), at_risk(curve, RISK_TIMES).astype(np.int64)


@pytest.mark.parametrize("seed", range(5))
def test_the_curve_of_the_patients_found_lies_within_a_hundredth_of_the_printed_one(seed: int) -> None:
    curve = kaplan_meier(trial(seed))
    times, survival, table = digitised(curve)
    found = kaplan_meier(reconstruct(published(times, survival, RISK_TIMES, table)))
    assert np.max(np.abs(survival_at(found, times) - survival)) < 0.01
    assert abs(quantile(found).value - quantile(curve).value) < 0.5  # points lie a third of a month apart


@pytest.mark.parametrize("seed", range(5))
def test_nobody_is_lost_and_the_table_under_the_curve_comes_back(seed: int) -> None:
    curve = kaplan_meier(trial(seed))
    times, survival, table = digitised(curve)
    found = reconstruct(published(times, survival, RISK_TIMES, table))
    assert found.size == table[0]
    assert np.max(np.abs(at_risk(kaplan_meier(found), RISK_TIMES) - table)) <= 1


@pytest.mark.parametrize("seed", range(5))
def test_a_printed_total_of_events_is_met(seed: int) -> None:
    drawn = trial(seed)
    curve = kaplan_meier(drawn)
    times, survival, table = digitised(curve)
    total = int(drawn.event.sum())
    found = reconstruct(published(times, survival, RISK_TIMES, table, total))
    assert abs(int(found.event.sum()) - total) <= 2


def test_a_curve_without_a_table_beyond_the_start_is_read_without_censoring_before_its_end() -> None:
    found = reconstruct(published(np.array([1.0, 2, 3]), np.array([0.75, 0.5, 0.25]), np.array([0.0]), np.array([4])))
    assert sorted(found.time[found.event]) == [1, 2, 3]
    assert found.time[~found.event].tolist() == [3]


def test_two_points_above_each_other_are_the_foot_of_one_step() -> None:
    times, survival = np.array([1.0, 1.0, 2.0]), np.array([1.0, 0.5, 0.5])
    found = reconstruct(published(times, survival, np.array([0.0]), np.array([2])))
    assert found.time.tolist() == [1, 2]
    assert found.event.tolist() == [True, False]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"survival": np.array([0.5, 0.8, 0.4])}, "rises by more than"),
        ({"survival": np.array([50.0, 40.0, 30.0])}, "fraction from 0 to 1"),
        ({"times": np.array([-1.0, 2.0, 3.0])}, "outside the plot"),
        ({"risk_times": np.array([1.0, 2.0])}, "Give the first at 0"),
        ({"at_risk": np.array([10, 12])}, "never rise"),
        ({"at_risk": np.array([10])}, "Give both"),
        ({"risk_times": np.array([0.0, 9.0])}, "the curve has no point"),
        ({"events": 11}, "total of events"),
        ({"times": np.array([0.0, 2.0, 3.0])}, "begins below 1"),
    ],
)
def test_what_is_no_published_curve_is_refused_in_one_sentence(change: dict[str, object], fault: str) -> None:
    right: dict[str, object] = {
        "times": np.array([1.0, 2.0, 3.0]),
        "survival": np.array([0.8, 0.6, 0.4]),
        "risk_times": np.array([0.0, 2.0]),
        "at_risk": np.array([10, 6]),
        "events": None,
    }
    with pytest.raises(InputError, match=fault):
        reconstruct(published(**(right | change)))  # type: ignore[arg-type]
