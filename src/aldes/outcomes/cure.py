"""The mixture cure model: a share that will never have the event, and a Weibull time for everybody else.

The share is what the curve levels off at. It means something only where many patients were followed well beyond the
last events; so the fit says how long and how many, and refuses a table that cannot tell.
"""

from dataclasses import dataclass

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.kaplan_meier import Estimate
from aldes.outcomes.limits import LEVEL, z_of
from aldes.outcomes.sample import Floats, Sample

MOST_SPREAD = 8.0  # logit of a share that the data do not hold away from 0 or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cure:
    """A fitted mixture: `S(t) = share + (1 − share) exp(−(t / scale)^shape)`."""

    share: Estimate
    scale: float  # in the unit of time of the sample
    shape: float
    log_likelihood: float
    log_likelihood_without: float  # of the Weibull model in which everybody has the event in the end
    last_event: float
    followed_beyond: int  # rows that were censored after the last event

    def survival(self, times: Floats) -> Floats:
        """The fitted survival at each time."""
        return self.share.value + (1 - self.share.value) * np.exp(-((times / self.scale) ** self.shape))


def cure(sample: Sample, level: float = LEVEL) -> Cure:
    """Fit a mixture cure model by maximum likelihood; the interval is Wald's on the logit of the share.

    Late entry and weights are allowed; the variance is robust where weights are no counts.

    Source: Boag 1949, Berkson and Gage 1952, Farewell 1982; checked against lifelines, MixtureCureFitter.

    Raises
    ------
    InputError
        For times of zero, fewer than two different event times, nobody followed beyond the last event, or a share
        that the data do not hold away from 0 or 1.
    """
    last = _check(sample)
    model = _Model(sample)
    without = model.fit(np.array([0.0, np.log(np.mean(sample.time))]), cured=False)
    plateau = float(np.clip(1 - np.average(sample.event, weights=sample.weight), 0.02, 0.98))
    start = np.array([np.log(plateau / (1 - plateau)), 0.0, np.log(np.mean(sample.time[sample.event]))])
    best = model.fit(start, cured=True)
    if abs(best.at[0]) > MOST_SPREAD:
        raise InputError(
            "The data hold no cure fraction away from 0 or 1. Show the curve instead; a fraction would be invented."
        )
    error = float(model.covariance(best.at, robust=not sample.counts)[0, 0] ** 0.5)
    z = z_of(level)
    value, lower, upper = (float(_expit(best.at[0] + k * error)) for k in (0, -z, z))
    return Cure(
        share=Estimate(value=value, lower=lower, upper=upper),
        scale=float(np.exp(best.at[2])),
        shape=float(np.exp(best.at[1])),
        log_likelihood=best.value,
        log_likelihood_without=without.value,
        last_event=last,
        followed_beyond=int(np.sum(~sample.event & (sample.time > last))),
    )


def _check(sample: Sample) -> float:
    if np.any(sample.time == 0):
        raise InputError("A time is zero, and a Weibull time is above it. Leave such rows out of the cure fraction.")
    events = np.unique(sample.time[sample.event])
    if events.size < 2:
        raise InputError("A cure fraction needs events at two different times or more. Show the curve instead.")
    last = float(events[-1])
    if not np.any(~sample.event & (sample.time > last)):
        raise InputError(
            "Nobody was followed beyond the last event, so no level is to be seen. Show the curve instead; "
            "a cure fraction would be a guess."
        )
    return last


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    at: Floats
    value: float


class _Model:
    """The log likelihood and its gradient in (logit share, log shape, log scale)."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self.log_time = np.log(sample.time)
        self.late = np.isfinite(sample.entry)
        self.log_entry = np.log(sample.entry, out=np.full(sample.size, -np.inf), where=self.late)

    def fit(self, start: Floats, *, cured: bool) -> _Found:
        from scipy.optimize import minimize

        total = float(self.sample.weight.sum())

        def away(at: Floats) -> tuple[float, Floats]:
            value, each = self.likelihood(at if cured else np.append(-np.inf, at))
            gradient = self.sample.weight @ each
            return -value / total, -(gradient if cured else gradient[1:]) / total

        found = minimize(away, start, jac=True, method="BFGS", options={"gtol": 1e-10, "maxiter": 500})
        return _Found(at=np.asarray(found.x, dtype=np.float64), value=-float(found.fun) * total)

    def likelihood(self, at: Floats) -> tuple[float, Floats]:
        """The log likelihood and the score of each patient, shape (n, 3)."""
        logit, log_shape, log_scale = at
        share, shape = float(_expit(logit)), float(np.exp(log_shape))
        z, survival, d_survival = self._survival(self.log_time, share, shape, log_scale)
        dead = self.sample.event
        log_density = np.log1p(-share) + log_shape - self.log_time + shape * (self.log_time - log_scale) - z
        value = np.where(dead, log_density, np.log(survival))
        ones = np.ones_like(z)
        d_density = np.column_stack(
            [-share * ones, 1 + (1 - z) * shape * (self.log_time - log_scale), -shape * (1 - z)]
        )
        score = np.where(dead[:, None], d_density, d_survival / survival[:, None])
        if self.sample.truncated:
            _, at_entry, d_entry = self._survival(self.log_entry, share, shape, log_scale)
            value = value - np.log(at_entry)
            score = score - d_entry / at_entry[:, None]
        return float(self.sample.weight @ value), score

    def _survival(
        self, log_time: Floats, share: float, shape: float, log_scale: float
    ) -> tuple[Floats, Floats, Floats]:
        """`(t / scale)^shape`, the survival of the mixture and its derivatives, shape (n, 3)."""
        age = np.where(np.isfinite(log_time), log_time - log_scale, 0.0)
        z = np.where(np.isfinite(log_time), np.exp(np.minimum(shape * age, 700.0)), 0.0)
        uncured = (1 - share) * np.exp(-z)
        survival = np.maximum(share + uncured, 1e-300)
        d_share = share * (1 - share) * (1 - np.exp(-z))
        return z, survival, np.column_stack([d_share, -uncured * z * shape * age, uncured * z * shape])

    def covariance(self, at: Floats, *, robust: bool) -> Floats:
        """The inverse of the observed information, from differences of the exact gradient; or the sandwich."""
        step = 1e-5
        information = np.empty((3, 3))
        for column in range(3):
            shift = np.zeros(3)
            shift[column] = step
            up, down = (self.sample.weight @ self.likelihood(at + sign * shift)[1] for sign in (1, -1))
            information[:, column] = -(up - down) / (2 * step)
        inverse = np.linalg.inv((information + information.T) / 2).astype(np.float64)
        if not robust:
            return inverse
        moved = (self.sample.weight[:, None] * self.likelihood(at)[1]) @ inverse
        return moved.T @ moved


def _expit(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))
