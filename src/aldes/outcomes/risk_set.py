"""Who is at risk, who has the event and who leaves, at each time at which anybody leaves."""

from dataclasses import dataclass

import numpy as np

from aldes.outcomes.sample import Floats, Ints, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskSets:
    """Weighted counts at the m different times at which a patient leaves; all arrays have shape (m,)."""

    times: Floats
    at_risk: Floats
    events: Floats
    censored: Floats
    where: Ints  # (n,): the place of each patient's own time
    entered: Ints  # (n,): how many of the times are not after the patient's entry


def risk_sets(sample: Sample) -> RiskSets:
    """The risk sets of a sample; tied times are one time, and events come before censoring at it."""
    times, where = np.unique(sample.time, return_inverse=True)
    leaving = summed(where, sample.weight, times.size)
    events = summed(where, sample.weight * sample.event, times.size)
    entered = np.searchsorted(times, sample.entry, side="right").astype(np.int64)
    later = summed(entered, sample.weight, times.size + 1)[1:]  # enter at or after a time
    return RiskSets(
        times=times,
        at_risk=from_the_end(leaving) - from_the_end(later),
        events=events,
        censored=summed(where, sample.weight * ~sample.event, times.size),
        where=where,
        entered=entered,
    )


def summed(where: Ints, values: Floats, places: int) -> Floats:
    """Sums of the values that belong to each place, shape (places,)."""
    return np.bincount(where, weights=values, minlength=places).astype(np.float64)


def from_the_end(values: Floats) -> Floats:
    """Sums of each place and all later ones: small where few are left, so that little is lost in rounding."""
    return np.cumsum(values[::-1])[::-1]


def fraction(part: Floats, whole: Floats) -> Floats:
    """The share of those at risk, exactly 1 where all of them have the event, whatever the rounding of weights."""
    share = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return np.where(share > 1 - 1e-12, 1.0, share)


def at_risk_at(sample: Sample, when: Floats) -> Floats:
    """How many are under observation just before each time; at 0, those observed from the origin.

    Parameters
    ----------
    when : (k,)
        In the unit of the sample.
    """
    staying = _sum_from(sample.time, sample.weight, when)
    return staying - _sum_from(np.maximum(sample.entry, -1.0), sample.weight, when)


def _sum_from(times: Floats, weights: Floats, when: Floats) -> Floats:
    """Weights of the patients whose time is at or after each `when`."""
    order = np.argsort(times)
    sums = np.append(from_the_end(weights[order]), 0.0)
    return sums[np.searchsorted(times[order], when, side="left")]
