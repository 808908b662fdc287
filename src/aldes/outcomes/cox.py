"""The Cox model: hazard ratios with Efron's ties, late entry, weights and, where asked, a robust variance."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.limits import LEVEL, z_of
from aldes.outcomes.risk_set import from_the_end, summed
from aldes.outcomes.sample import Floats, Ints, Sample

MOST_STEPS = 60
ENOUGH = 1e-13  # relative change of the log likelihood
BEYOND = 15.0  # a log hazard ratio of a standard deviation that no data can show: the likelihood has no maximum


@dataclass(frozen=True, slots=True, kw_only=True)
class HazardRatio:
    """One covariate's hazard ratio with its interval and the Wald test."""

    name: str
    ratio: float
    lower: float
    upper: float
    log_ratio: float
    error: float  # of the logarithm
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cox:
    """A fitted model."""

    ratios: tuple[HazardRatio, ...]
    log_likelihood: float
    at_zero: float  # the log likelihood without covariates
    score_test: float  # chi-square of the score at zero
    covariance: Floats  # (p, p) of the log ratios
    robust: bool


def cox(
    sample: Sample, covariates: Floats, names: tuple[str, ...], *, robust: bool | None = None, level: float = LEVEL
) -> Cox:
    """Fit by maximum partial likelihood.

    Parameters
    ----------
    covariates : (n, p)
        One column a covariate; a group is a column of 0 and 1 against the group that has none.
    robust
        Whether the variance is the sandwich of Lin and Wei; left out, it is where weights are no counts.

    Source: Cox 1972, Efron 1977, Lin and Wei 1989; as R `survival`, coxph with ties = "efron".

    Raises
    ------
    InputError
        Without events, for a covariate that never varies, or one whose ratio has no maximum.
    """
    if not np.any(sample.event):
        raise InputError("No event was seen. A hazard ratio needs one; nothing was computed.")
    scale = covariates.std(axis=0)
    for name, spread in zip(names, scale, strict=True):
        if not spread > 0:
            raise InputError(f"'{name}' is the same for every patient. Leave it out; nothing was computed.")
    centre = covariates.mean(axis=0)
    ordered = _Ordered(sample, (covariates - centre) / scale)
    beta, at_zero, score_test = _climb(ordered, names)
    value, _, information = ordered.likelihood(beta)
    covariance = np.linalg.inv(information)
    sandwich = not sample.counts if robust is None else robust
    if sandwich:
        moved = (sample.weight[:, None] * ordered.residuals(beta)) @ covariance
        covariance = moved.T @ moved
    covariance = covariance / np.outer(scale, scale)
    return Cox(
        ratios=tuple(_ratio(*each, level) for each in zip(names, beta / scale, np.diag(covariance), strict=True)),
        log_likelihood=value,
        at_zero=at_zero,
        score_test=score_test,
        covariance=covariance,
        robust=sandwich,
    )


def _climb(ordered: "_Ordered", names: tuple[str, ...]) -> tuple[Floats, float, float]:
    """Newton's method with halved steps: where it arrives, the log likelihood at zero and the score test there."""
    beta = np.zeros(len(names))
    value, score, information = ordered.likelihood(beta)
    if np.linalg.matrix_rank(information, hermitian=True) < len(names):
        raise InputError("The covariates say the same thing twice. Leave one out; nothing was computed.")
    at_zero, score_test = value, float(score @ np.linalg.solve(information, score))
    for _ in range(MOST_STEPS):
        step = np.linalg.solve(information, score)
        new, halved = ordered.likelihood(beta + step), 0
        while not new[0] >= value - abs(value) * ENOUGH and halved < 30:
            step, halved = step / 2, halved + 1
            new = ordered.likelihood(beta + step)
        beta, arrived = beta + step, abs(new[0] - value) <= ENOUGH * abs(value)
        value, score, information = new
        if np.any(np.abs(beta) > BEYOND):
            break
        if arrived:
            return beta, at_zero, score_test
    runaway = names[int(np.argmax(np.abs(beta)))]
    raise InputError(
        f"The hazard ratio of '{runaway}' has no finite estimate: one side of it has no events. Compare the curves."
    )


def _ratio(name: str, log_ratio: float, variance: float, level: float) -> HazardRatio:
    from scipy.stats import norm

    error = float(variance**0.5)
    half = z_of(level) * error
    return HazardRatio(
        name=name,
        ratio=float(np.exp(log_ratio)),
        lower=float(np.exp(log_ratio - half)),
        upper=float(np.exp(log_ratio + half)),
        log_ratio=float(log_ratio),
        error=error,
        p=float(2 * norm.sf(abs(log_ratio) / error)),
    )


class _Ordered:
    """The risk sets of a model, arranged once so that each step is a few running sums.

    Each event is a row of its own. Among the d events tied at one time, the one numbered l (from 0) stands against the
    risk set less l/d of the tied ones (Efron); their weight is the mean weight of the tied ones.
    """

    def __init__(self, sample: Sample, x: Floats) -> None:
        self.sample, self.x = sample, x
        self.times, self.place = np.unique(sample.time[sample.event], return_inverse=True)
        m = self.times.size
        self.leaves = np.searchsorted(self.times, sample.time, side="right")  # event times up to the patient's own
        self.enters = np.searchsorted(self.times, sample.entry, side="right")
        self.died = sample.event
        order = np.argsort(self.place, kind="stable")
        self.tied = tied = np.bincount(self.place, minlength=m).astype(np.float64)
        first = np.append(0, np.cumsum(tied)[:-1]).astype(np.int64)
        number = np.empty(self.place.size, dtype=np.int64)
        number[order] = np.arange(self.place.size) - first[self.place[order]]
        self.share = number / tied[self.place]
        self.weight = (summed(self.place, sample.weight[self.died], m) / tied)[self.place]

    @cached_property
    def _crosses(self) -> list[tuple[int, int]]:
        p = self.x.shape[1]
        return [(a, b) for a in range(p) for b in range(a, p)]

    def _at_risk(self, values: Floats) -> Floats:
        """Sums over the risk set of each event time."""
        m = self.times.size
        leaving = from_the_end(summed(self.leaves, values, m + 1)[1:])
        if not self.sample.truncated:
            return leaving
        return leaving - from_the_end(summed(self.enters, values, m + 1)[1:])

    def _less_tied(self, values: Floats) -> Floats:
        """For each event, the sum over its risk set less its share of the tied events."""
        tied = summed(self.place, values[self.died], self.times.size)
        return self._at_risk(values)[self.place] - self.share * tied[self.place]

    def _means(self, beta: Floats) -> tuple[Floats, Floats, Floats]:
        """Relative hazards (n,), the weighted risk set of each event (events,), and its mean covariates (events, p)."""
        hazard = np.exp(self.x @ beta)
        weighted = self.sample.weight * hazard
        total = self._less_tied(weighted)
        sums = [self._less_tied(weighted * column) for column in self.x.T]
        return hazard, total, np.column_stack(sums) / total[:, None]

    def likelihood(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """The log partial likelihood, its gradient (p,) and its information (p, p)."""
        hazard, total, mean = self._means(beta)
        weighted = self.sample.weight * hazard
        own, w = self.sample.weight[self.died], self.weight
        value = float(own @ (self.x[self.died] @ beta) - w @ np.log(total))
        score = own @ self.x[self.died] - w @ mean
        information = -(mean * w[:, None]).T @ mean
        for a, b in self._crosses:
            second = float(w @ (self._less_tied(weighted * self.x[:, a] * self.x[:, b]) / total))
            information[a, b] += second
            if a != b:
                information[b, a] += second
        return value, score, information

    def residuals(self, beta: Floats) -> Floats:
        """The score residual of each patient, shape (n, p)."""
        hazard, total, mean = self._means(beta)
        m, w, events = self.times.size, self.weight, self.died
        rate = np.append(0.0, np.cumsum(summed(self.place, w / total, m)))
        own_less = summed(self.place, self.share * w / total, m)[self.place]
        span = rate[self.leaves] - rate[self.enters]
        found = np.empty_like(self.x)
        for column in range(self.x.shape[1]):
            part = w * mean[:, column] / total
            drawn = np.append(0.0, np.cumsum(summed(self.place, part, m)))
            less = summed(self.place, self.share * part, m)[self.place]
            expected = summed(self.place, mean[:, column], m) / self.tied
            x = self.x[:, column]
            found[:, column] = -hazard * (x * span - (drawn[self.leaves] - drawn[self.enters]))
            found[events, column] += (x[events] - expected[self.place]) + hazard[events] * (x[events] * own_less - less)
        return found


def dummies(group: Ints, count: int) -> Floats:
    """Columns of 0 and 1 for all groups but the first, shape (n, count − 1)."""
    columns: Floats = (group[:, None] == np.arange(1, count)).astype(np.float64)
    return columns
