"""The log-rank test: do the groups differ in survival at all?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.risk_set import RiskSets, from_the_end, risk_sets, summed
from aldes.outcomes.sample import Floats, Sample, together


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRank:
    """The test statistic, its degrees of freedom and p, with observed and expected events of each group."""

    chi_square: float
    freedom: int
    p: float
    observed: tuple[float, ...]
    expected: tuple[float, ...]


def log_rank(groups: Sequence[Sample]) -> LogRank:
    """The log-rank test of two or more groups, ties by the hypergeometric variance, late entry allowed.

    Source: Mantel 1966, Peto and Peto 1972; as R `survival`, survdiff, and for late entry the score test of coxph
    with exact ties.

    Raises
    ------
    InputError
        For fewer than two groups, weights that are no counts, or no event at all.
    """
    if len(groups) < 2:
        raise InputError("A log-rank test compares groups. Give two or more; nothing was computed.")
    if not all(each.counts for each in groups):
        raise InputError("A log-rank test counts patients, and these weights are no counts. Use the hazard ratio.")
    pooled = risk_sets(together(groups))
    if not np.any(pooled.events):
        raise InputError("No event was seen in any group. A log-rank test needs one; nothing was computed.")
    at_risk, events = _by_group(groups, pooled)
    everybody, died = pooled.at_risk, pooled.events
    share = at_risk / everybody
    expected = (share * died).sum(axis=1)
    spare = np.where(everybody > 1, (everybody - died) / np.where(everybody > 1, everybody - 1, 1.0), 0.0) * died
    variance = np.diag((share * spare).sum(axis=1)) - (share * spare) @ share.T
    difference = events.sum(axis=1) - expected
    chi_square, freedom = _statistic(difference, variance, expected > 0)
    return LogRank(
        chi_square=chi_square,
        freedom=freedom,
        p=p_of(chi_square, freedom),
        observed=tuple(map(float, events.sum(axis=1))),
        expected=tuple(map(float, expected)),
    )


def _by_group(groups: Sequence[Sample], pooled: RiskSets) -> tuple[Floats, Floats]:
    """At risk and events of each group at the pooled times, shape (groups, m)."""
    m, times = pooled.times.size, pooled.times
    at_risk, events = np.zeros((len(groups), m)), np.zeros((len(groups), m))
    for row, each in enumerate(groups):
        where = np.searchsorted(times, each.time)
        entered = np.searchsorted(times, each.entry, side="right")
        leaving = from_the_end(summed(where, each.weight, m))
        later = from_the_end(summed(entered, each.weight, m + 1)[1:])
        at_risk[row] = leaving - later
        events[row] = summed(where, each.weight * each.event, m)
    return at_risk, events


def _statistic(
    difference: Floats, variance: Floats, counts: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> tuple[float, int]:
    """The quadratic form without the last group that was ever at risk of an event, which the others determine."""
    kept = np.flatnonzero(counts)[:-1]
    if not kept.size:
        return 0.0, 0
    v, d = variance[np.ix_(kept, kept)], difference[kept]
    return float(d @ np.linalg.pinv(v, hermitian=True) @ d), int(kept.size)


def p_of(chi_square: float, freedom: int) -> float:
    """The upper tail of the chi-square distribution; 1 where there is nothing to compare."""
    from scipy.stats import chi2

    return float(chi2.sf(chi_square, freedom)) if freedom else 1.0
