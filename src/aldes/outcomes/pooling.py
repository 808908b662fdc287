"""Random-effects meta-analysis of proportions on the logit scale, with what a further series may show.

Only series that share no patients may come here; who decides that is `evidence/independence.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.kaplan_meier import Estimate
from aldes.outcomes.limits import LEVEL
from aldes.outcomes.sample import Floats

ADDED = 0.5  # to both sides of a series without events or with nothing else, as usual
MOST_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A pooled proportion; limits are proportions too."""

    series: int
    patients: int
    events: int
    proportion: Estimate  # with the Hartung–Knapp interval
    prediction: Estimate  # where the proportion of a further series is expected
    tau2: float  # variance between series, on the logit scale
    q: float  # Cochran's heterogeneity, chi-square with series − 1 degrees of freedom
    q_p: float
    i2: float  # share of the variation that is between series
    weights: tuple[float, ...]  # of each series, summing to 1
    corrected: bool  # whether a half was added anywhere


def pool(events: Sequence[int], patients: Sequence[int], level: float = LEVEL) -> Pooled:
    """Pool independent series: restricted maximum likelihood, Hartung–Knapp interval, prediction interval.

    The Hartung–Knapp error is never taken below that of the usual random-effects model (ad hoc correction), because
    with few series it can fall below it by chance.

    Source: DerSimonian and Laird 1986; Viechtbauer 2005 (REML); Hartung and Knapp 2001; Knapp and Hartung 2003 (ad hoc
    correction); Higgins, Thompson, Spiegelhalter 2009 with series − 1 degrees of freedom; as R `metafor`, rma with
    measure "PLO", method "REML", test "adhoc".

    Raises
    ------
    InputError
        For fewer than two series, or a count that is not among its patients.
    """
    n, k = np.asarray(patients, dtype=np.float64), np.asarray(events, dtype=np.float64)
    if k.size < 2:
        raise InputError("One series is no meta-analysis. Show it alone; nothing was pooled.")
    if k.size != n.size or np.any(n < 1) or np.any(k < 0) or np.any(k > n):
        raise InputError("A series needs a count between 0 and its patients. Check both; nothing was pooled.")
    corner = (k == 0) | (k == n)
    a, b = np.where(corner, k + ADDED, k), np.where(corner, n - k + ADDED, n - k)
    y, v = np.log(a / b), 1 / a + 1 / b
    tau2 = _tau2(y, v)
    w = 1 / (v + tau2)
    middle = float(w @ y / w.sum())
    spread = float(w @ (y - middle) ** 2 / (k.size - 1))
    error = float(np.sqrt(max(1.0, spread) / w.sum()))
    half = _t(level, k.size - 1)
    q, q_p, typical = _heterogeneity(y, v)
    reach = half * float(np.sqrt(tau2 + error**2))
    return Pooled(
        series=int(k.size),
        patients=int(n.sum()),
        events=int(k.sum()),
        proportion=_proportions(middle, half * error),
        prediction=_proportions(middle, reach),
        tau2=tau2,
        q=q,
        q_p=q_p,
        i2=tau2 / (tau2 + typical),
        weights=tuple(map(float, w / w.sum())),
        corrected=bool(np.any(corner)),
    )


def _tau2(y: Floats, v: Floats) -> float:
    """The restricted maximum likelihood estimate, by Fisher scoring with the negative side cut off at 0."""
    tau2 = max(0.0, float(np.var(y, ddof=1) - v.mean()))
    for _ in range(MOST_STEPS):
        w = 1 / (v + tau2)
        total = w.sum()
        off = y - w @ y / total
        w2 = float((w**2).sum())
        score = float((w**2) @ off**2) - float(total) + w2 / float(total)
        information = w2 - 2 * float((w**3).sum()) / float(total) + (w2 / float(total)) ** 2
        new = max(0.0, tau2 + score / information)
        if abs(new - tau2) <= 1e-13 * (1 + tau2):
            return new
        tau2 = new
    raise InputError("The variance between these series has no stable estimate. Show them side by side instead.")


def _heterogeneity(y: Floats, v: Floats) -> tuple[float, float, float]:
    """Cochran's Q, its p, and the typical variance within a series."""
    from scipy.stats import chi2

    w = 1 / v
    q = float(w @ (y - w @ y / w.sum()) ** 2)
    freedom = y.size - 1
    typical = freedom * float(w.sum()) / (float(w.sum()) ** 2 - float((w**2).sum()))
    return q, float(chi2.sf(q, freedom)), typical


def _t(level: float, freedom: int) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, freedom))


def _proportions(middle: float, half: float) -> Estimate:
    value, lower, upper = (float(1 / (1 + np.exp(-each))) for each in (middle, middle - half, middle + half))
    return Estimate(value=value, lower=lower, upper=upper)
