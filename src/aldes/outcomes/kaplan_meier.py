"""The Kaplan–Meier curve: survival with log-log intervals, numbers at risk, medians, landmarks, restricted mean."""

from dataclasses import dataclass

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.influence import at_place, hazard_parts, log_survival_influence, survival_variance
from aldes.outcomes.limits import LEVEL, log_log
from aldes.outcomes.risk_set import at_risk_at, fraction, risk_sets
from aldes.outcomes.sample import Floats, Sample

TIE = 1.5e-8  # survival this near to a half counts as a half, as in R `survival`


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Survival just after each time at which anybody leaves; all arrays have shape (m,)."""

    sample: Sample
    times: Floats
    at_risk: Floats
    events: Floats
    censored: Floats
    survival: Floats
    error: Floats  # standard error of the survival; robust where weights are no counts
    lower: Floats  # not a number where survival is 1 or 0: no interval can be given
    upper: Floats
    level: float

    @property
    def patients(self) -> float:
        """How many patients: the sum of the weights where they count, else of rows."""
        return float(self.sample.weight.sum()) if self.sample.counts else float(self.sample.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its interval; a limit that was not reached is not a number."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """Survival at one time, and how many were at risk then."""

    time: float
    survival: Estimate
    at_risk: float


def kaplan_meier(sample: Sample, level: float = LEVEL) -> Curve:
    """The survival curve of a sample, an event being any cause.

    Ties are one step. Whole weights count patients, with Greenwood's variance; other weights have the robust one.

    Source: Kaplan and Meier 1958; log-log limits as in R `survival`, conf.type = "log-log".
    """
    sets = risk_sets(sample)
    survival = np.cumprod(1 - fraction(sets.events, sets.at_risk)).astype(np.float64)
    variance = np.cumsum(hazard_parts(sets)[1]) if sample.counts else survival_variance(sample, sets)
    error = survival * np.sqrt(variance)
    lower, upper = log_log(survival, error, level)
    return Curve(
        sample=sample,
        times=sets.times,
        at_risk=sets.at_risk,
        events=sets.events,
        censored=sets.censored,
        survival=survival,
        error=error,
        lower=lower,
        upper=upper,
        level=level,
    )


def quantile(curve: Curve, share: float = 0.5) -> Estimate:
    """The time by which this share has had the event (0.5: the median), with the interval of the curve's own limits.

    Where the curve rests exactly on the level, the middle of that stretch is taken. What the curve does not reach is
    not a number: it is not reached, and no larger time is guessed.

    Source: Brookmeyer and Crowley 1982, on the log-log limits; R `survival`, quantile.survfit.
    """
    level = 1 - share
    return Estimate(
        value=_crossing(curve.times, curve.survival, level),
        lower=_crossing(curve.times, curve.lower, level),
        upper=_crossing(curve.times, curve.upper, level),
    )


def _crossing(times: Floats, values: Floats, level: float) -> float:
    known = ~np.isnan(values)
    values, at = values[known], times[known]
    steps = np.append(True, values[1:] != values[:-1]) if values.size else np.zeros(0, dtype=np.bool_)
    values, at = values[steps], at[steps]
    reached, passed = values <= level + TIE, values < level - TIE
    if not np.any(reached):
        return float("nan")
    first = float(at[np.argmax(reached)])
    if np.any(passed):
        return (first + float(at[np.argmax(passed)])) / 2
    return (first + float(times[-1])) / 2


def landmark(curve: Curve, when: float) -> Landmark | None:
    """Survival at a time, or nothing where nobody is followed so far and somebody was still without the event.

    Raises
    ------
    InputError
        For a time before the origin.
    """
    if not when >= 0:
        raise InputError("A landmark is a time from the origin on. Give zero or more; nothing was computed.")
    beyond = when > curve.times[-1] and curve.survival[-1] > 0
    if beyond:
        return None
    place = int(np.searchsorted(curve.times, when, side="right")) - 1
    nan = float("nan")
    found = (
        Estimate(value=1.0, lower=nan, upper=nan)
        if place < 0
        else Estimate(
            value=float(curve.survival[place]), lower=float(curve.lower[place]), upper=float(curve.upper[place])
        )
    )
    return Landmark(time=when, survival=found, at_risk=float(at_risk_at(curve.sample, np.array([when]))[0]))


def at_risk(curve: Curve, when: Floats) -> Floats:
    """How many are at risk at each time, for the table under a curve."""
    return at_risk_at(curve.sample, when)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedMean:
    """Mean time without the event up to a horizon, and its standard error."""

    horizon: float
    mean: float
    error: float


def restricted_mean(curve: Curve, horizon: float) -> RestrictedMean:
    """The area under the curve up to a horizon, in the unit of time of the sample.

    Source: Irwin 1949; the variance is Greenwood's, as R `survival` prints it, or robust where weights are no counts.

    Raises
    ------
    InputError
        For a horizon beyond the last time of a curve that has not come to zero: what follows is not known.
    """
    if not horizon > 0:
        raise InputError("A horizon is a time after the origin. Give one above zero; nothing was computed.")
    if horizon > curve.times[-1] and curve.survival[-1] > 0:
        raise InputError(
            f"The horizon lies beyond the last time of a group, {curve.times[-1]:g}. Give an earlier one; "
            "the mean beyond what was observed is not known."
        )
    until = _area(curve, np.ones_like(curve.times), horizon)
    whole = float(until.total)
    if curve.sample.counts:
        left = whole - until.at(curve.times)
        steps = hazard_parts(risk_sets(curve.sample))[1]
        variance = float(np.sum((left**2 * steps)[curve.times <= horizon]))
    else:
        variance = float(np.sum((curve.sample.weight * _mean_influence(curve, horizon)) ** 2))
    return RestrictedMean(horizon=horizon, mean=whole, error=variance**0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Area:
    """The running integral of survival times a step function, from 0 to a horizon."""

    starts: Floats  # (m + 1,): 0 and the times
    sums: Floats  # (m + 1,): the integral up to each start
    height: Floats  # (m + 1,)
    horizon: float

    def at(self, when: Floats) -> Floats:
        """The integral up to each time, or to the horizon where that comes first."""
        end = np.clip(when, 0.0, self.horizon)
        place = np.searchsorted(self.starts, end, side="right") - 1
        return self.sums[place] + self.height[place] * (end - self.starts[place])

    @property
    def total(self) -> float:
        """The integral up to the horizon."""
        return float(self.at(np.array([self.horizon]))[0])


def _area(curve: Curve, step: Floats, horizon: float, first: float = 1.0) -> _Area:
    starts = np.append(0.0, curve.times)
    height = np.append(1.0, curve.survival) * np.append(first, step)
    sums = np.append(0.0, np.cumsum(height[:-1] * np.diff(starts)))
    return _Area(starts=starts, sums=sums, height=height, horizon=horizon)


def _mean_influence(curve: Curve, horizon: float) -> Floats:
    """What each patient adds to the restricted mean: the integral of survival times the influence on its logarithm."""
    sample, sets = curve.sample, risk_sets(curve.sample)
    g = np.cumsum(hazard_parts(sets)[1])
    plain, with_g = _area(curve, np.ones_like(g), horizon), _area(curve, g, horizon, first=0.0)
    begun = np.where(np.isfinite(sample.entry), sample.entry, 0.0)
    observed = plain.at(sample.time) - plain.at(begun)
    while_at_risk = with_g.at(sample.time) - with_g.at(begun) - at_place(g, sets.entered) * observed
    after = plain.total - plain.at(sample.time)
    return while_at_risk + log_survival_influence(sample, sets) * after
