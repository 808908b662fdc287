"""Fast paths beside slow ones that say what is meant: loops over patients, moved weights, and lifelines."""

import warnings

import numpy as np
import pytest
from samples import People, hard_cases, people

from aldes.outcomes.competing import cumulative_incidence
from aldes.outcomes.cure import cure
from aldes.outcomes.kaplan_meier import at_risk, kaplan_meier, restricted_mean
from aldes.outcomes.log_rank import log_rank
from aldes.outcomes.sample import Sample, sample

CASES = hard_cases()


def log_rank_by_loop(case: People) -> float:
    """Observed less expected with the hypergeometric variance, one event time and one patient after the other."""
    groups = sorted(set(case.group.tolist()))
    difference, variance = np.zeros(len(groups)), np.zeros((len(groups), len(groups)))
    for when in sorted({t for t, c in zip(case.time, case.cause, strict=True) if c}):
        at, died = np.zeros(len(groups)), np.zeros(len(groups))
        for t, c, e, g in zip(case.time, case.cause, case.entry, case.group, strict=True):
            if (e < when or e == 0) and t >= when:
                at[g] += 1
                died[g] += t == when and c > 0
        n, d = at.sum(), died.sum()
        difference += died - d * at / n
        if n > 1:
            share = at / n
            variance += d * (n - d) / (n - 1) * (np.diag(share) - np.outer(share, share))
    return float(difference[:-1] @ np.linalg.solve(variance[:-1, :-1], difference[:-1]))


def incidence_by_loop(case: People, cause: int, until: float) -> float:
    """The share that has had the cause: of the survivors before each time, those who have it then."""
    survival = incidence = 0.0
    survival = 1.0
    for when in sorted({t for t, c in zip(case.time, case.cause, strict=True) if c}):
        if when > until:
            break
        at = sum(
            w for t, e, w in zip(case.time, case.entry, case.weight, strict=True) if (e < when or e == 0) and t >= when
        )
        had = [(c, w) for t, c, w in zip(case.time, case.cause, case.weight, strict=True) if t == when and c]
        incidence += survival * sum(w for c, w in had if c == cause) / at
        survival *= 1 - sum(w for _, w in had) / at
    return incidence


@pytest.mark.parametrize("name", ["ties", "late-entry-and-ties", "everybody-dies"])
def test_the_log_rank_test_equals_a_loop_over_patients(name: str) -> None:
    assert log_rank(CASES[name].groups()).chi_square == pytest.approx(log_rank_by_loop(CASES[name]), rel=1e-10)


@pytest.mark.parametrize("name", ["ties", "late-entry-and-ties", "sampling-weights-and-late-entry"])
def test_the_incidence_equals_a_loop_over_patients(name: str) -> None:
    case = CASES[name]
    until = float(np.quantile(case.time, 0.8))
    for each in cumulative_incidence(case.sample()):
        place = np.searchsorted(each.times, until, side="right") - 1
        assert each.incidence[place] == pytest.approx(incidence_by_loop(case, each.cause, until), rel=1e-10)


@pytest.mark.parametrize("name", ["ties", "late-entry-and-ties"])
def test_incidences_and_survival_sum_to_one(name: str) -> None:
    drawn = CASES[name].sample()
    total = kaplan_meier(drawn).survival + sum(each.incidence for each in cumulative_incidence(drawn))
    np.testing.assert_allclose(total, 1, atol=1e-12)


def moved(case: People, place: int, by: float) -> Sample:
    weight = case.weight.copy()
    weight[place] += by
    return case._replace(weight=weight).sample()


@pytest.mark.parametrize("name", ["sampling-weights", "sampling-weights-and-late-entry"])
def test_robust_errors_equal_what_moving_each_weight_does(name: str) -> None:
    """The infinitesimal jackknife by definition: the derivative to each weight, times the weight, squared, summed."""
    case, step = CASES[name], 1e-5
    horizon = 0.6 * float(case.time.max())
    curve = kaplan_meier(case.sample())
    place = int(np.searchsorted(curve.times, horizon)) - 1
    survival, mean = 0.0, 0.0
    for each in range(case.time.size):
        up, down = (kaplan_meier(moved(case, each, by)) for by in (step, -step))
        slope = (up.survival[place] - down.survival[place]) / (2 * step)
        rise = (restricted_mean(up, horizon).mean - restricted_mean(down, horizon).mean) / (2 * step)
        survival += (case.weight[each] * slope) ** 2
        mean += (case.weight[each] * rise) ** 2
    assert curve.error[place] == pytest.approx(survival**0.5, rel=1e-5)
    assert restricted_mean(curve, horizon).error == pytest.approx(mean**0.5, rel=1e-5)


@pytest.mark.parametrize("name", ["ties", "late-entry-and-ties", "counts"])
def test_the_curve_equals_that_of_lifelines(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import KaplanMeierFitter

        case = CASES[name]
        theirs = KaplanMeierFitter().fit(case.time, case.cause > 0, entry=case.entry, weights=case.weight)
        curve = kaplan_meier(case.sample())
        at = theirs.survival_function_at_times(curve.times).to_numpy()
    np.testing.assert_allclose(curve.survival, at, atol=1e-10)


def with_a_plateau(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weibull times, a fifth of the patients without an event ever, and entries that come late."""
    draw = np.random.default_rng(seed)
    own = np.where(draw.random(n) < 0.2, np.inf, draw.weibull(0.9, n) * 12)
    until, entry = draw.uniform(40, 120, n), draw.uniform(0, 3, n)
    time = np.minimum(own, until)
    seen = time > entry
    return time[seen], (own <= until)[seen], entry[seen]


@pytest.mark.parametrize("late", [False, True])
def test_the_cure_fraction_equals_that_of_lifelines(late: bool) -> None:
    time, event, entry = with_a_plateau(300, 3)
    found = cure(sample(time, event, entry=entry if late else None))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import MixtureCureFitter, WeibullFitter

        theirs = MixtureCureFitter(base_fitter=WeibullFitter()).fit(time, event, entry=entry if late else None)
    assert found.log_likelihood >= theirs.log_likelihood_ - 1e-6
    assert found.share.value == pytest.approx(theirs.cured_fraction_, abs=1e-4)
    assert found.shape == pytest.approx(theirs.rho_, abs=1e-3)
    assert found.scale == pytest.approx(theirs.lambda_, rel=1e-3)


def test_the_number_at_risk_is_counted_before_the_time_and_after_entry() -> None:
    drawn = sample([5.0, 5.0, 10.0, 12.0], [True, False, True, False], entry=[0.0, 5.0 - 1, 5.0, 0.0])
    assert at_risk(kaplan_meier(drawn), np.array([0.0, 4.0, 5.0, 5.5, 10.0, 12.0, 13.0])).tolist() == [
        2,
        2,
        3,
        2,
        2,
        1,
        0,
    ]


def test_weights_that_count_equal_so_many_rows() -> None:
    case = people(40, 11, tied=True, weights="counts")
    many = People(*(np.repeat(column, case.weight.astype(int)) for column in case))._replace(
        weight=np.ones(int(case.weight.sum()))
    )
    one, other = kaplan_meier(case.sample()), kaplan_meier(many.sample())
    np.testing.assert_allclose(one.survival, other.survival, atol=1e-12)
    np.testing.assert_allclose(one.error, other.error, atol=1e-12)
    assert one.patients == other.patients
