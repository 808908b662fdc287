"""Every estimate equals R `survival` to 1e-8, on tables that are hard in one respect each."""

from pathlib import Path

import numpy as np
import pytest
from r import Answers, ask_r
from samples import hard_cases

from aldes.outcomes.competing import cumulative_incidence
from aldes.outcomes.cox import cox, dummies
from aldes.outcomes.kaplan_meier import kaplan_meier, quantile, restricted_mean
from aldes.outcomes.log_rank import log_rank

CASES = hard_cases()
NAMES = list(CASES)
WITH_EVENTS = [name for name, each in CASES.items() if np.any(each.cause)]
COMPARED = [name for name, each in CASES.items() if np.sum(each.cause > 0) > 10]
TESTED = [
    name
    for name in COMPARED
    if np.all(CASES[name].weight == 1) and name != "late-entry-and-ties"  # see test_slow_references
]
CLOSE = {"rtol": 1e-8, "atol": 1e-8}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    folder: Path = tmp_path_factory.mktemp("r")
    for name, each in CASES.items():
        each.write(folder / f"{name}.csv")
    return ask_r(folder)


@pytest.mark.parametrize("name", NAMES)
def test_the_curve_and_its_standard_error_are_those_of_r(name: str, answers: Answers) -> None:
    curve = kaplan_meier(CASES[name].sample())
    ours = {
        "time": curve.times,
        "n.risk": curve.at_risk,
        "n.event": curve.events,
        "surv": curve.survival,
        "error": curve.error,
    }
    for quantity, values in ours.items():
        theirs = answers[name, quantity]
        known = ~np.isnan(theirs)  # R has no error where survival is 0
        np.testing.assert_allclose(values[known], theirs[known], **CLOSE, err_msg=quantity)


@pytest.mark.parametrize("name", NAMES)
def test_the_limits_are_those_of_r_wherever_the_scale_has_one(name: str, answers: Answers) -> None:
    curve = kaplan_meier(CASES[name].sample())
    inside = (curve.survival > 0) & (curve.survival < 1)
    np.testing.assert_allclose(curve.lower[inside], answers[name, "lower"][inside], **CLOSE)
    np.testing.assert_allclose(curve.upper[inside], answers[name, "upper"][inside], **CLOSE)
    assert np.all(np.isnan(curve.lower[~inside]))


@pytest.mark.parametrize("name", NAMES)
def test_quartiles_and_median_with_their_intervals_are_those_of_r(name: str, answers: Answers) -> None:
    curve = kaplan_meier(CASES[name].sample())
    found = [quantile(curve, share) for share in (0.25, 0.5, 0.75)]
    np.testing.assert_allclose([each.value for each in found], answers[name, "quantile"], **CLOSE)
    np.testing.assert_allclose([each.lower for each in found], answers[name, "quantile.lower"], **CLOSE)
    np.testing.assert_allclose([each.upper for each in found], answers[name, "quantile.upper"], **CLOSE)


@pytest.mark.parametrize("name", NAMES)
def test_the_restricted_mean_is_that_of_r(name: str, answers: Answers) -> None:
    case = CASES[name]
    found = restricted_mean(kaplan_meier(case.sample()), 0.6 * case.time.max())
    mean, error = answers[name, "rmean"]
    np.testing.assert_allclose(found.mean, mean, **CLOSE)
    if not name.startswith("sampling"):  # R keeps Greenwood's error there; ours is robust, see test_robust_errors
        np.testing.assert_allclose(found.error, error, **CLOSE)


@pytest.mark.parametrize("name", WITH_EVENTS)
def test_the_incidence_of_each_cause_and_its_error_are_those_of_r(name: str, answers: Answers) -> None:
    for each in cumulative_incidence(CASES[name].sample()):
        np.testing.assert_allclose(each.incidence, answers[name, f"incidence.{each.cause}"], **CLOSE)
        np.testing.assert_allclose(each.error, answers[name, f"incidence.error.{each.cause}"], **CLOSE)
        inside = (each.incidence > 0) & (each.incidence < 1)
        for ours, theirs in ((each.lower, "lower"), (each.upper, "upper")):
            expected = answers[name, f"incidence.{theirs}.{each.cause}"]
            np.testing.assert_allclose(ours[inside], expected[inside], **CLOSE)


@pytest.mark.parametrize("name", COMPARED)
def test_hazard_ratios_and_both_variances_are_those_of_r(name: str, answers: Answers) -> None:
    case = CASES[name]
    covariates = np.column_stack([dummies(case.group, 3), case.x])
    for robust, quantity in ((False, "cox.var"), (True, "cox.robust")):
        fit = cox(case.sample(), covariates, ("one", "two", "x"), robust=robust)
        np.testing.assert_allclose([each.log_ratio for each in fit.ratios], answers[name, "cox"], **CLOSE)
        np.testing.assert_allclose(fit.covariance.ravel(), answers[name, quantity], **CLOSE)
    np.testing.assert_allclose([fit.at_zero, fit.log_likelihood], answers[name, "cox.loglik"], **CLOSE)
    np.testing.assert_allclose(fit.score_test, answers[name, "cox.score"][0], **CLOSE)


@pytest.mark.parametrize("name", TESTED)
def test_the_log_rank_test_is_that_of_r(name: str, answers: Answers) -> None:
    np.testing.assert_allclose(log_rank(CASES[name].groups()).chi_square, answers[name, "log.rank"][0], **CLOSE)
