"""Competing risks: the Aalen–Johansen cumulative incidence of each cause, ties and all, nothing drawn at random."""

from dataclasses import dataclass

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.influence import Quadratic, at_place, hazard_parts, log_survival_influence
from aldes.outcomes.limits import LEVEL, log_log
from aldes.outcomes.risk_set import RiskSets, fraction, risk_sets, summed
from aldes.outcomes.sample import Floats, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidence:
    """Probability of having had an event of one cause by each time; all arrays have shape (m,)."""

    cause: int
    times: Floats
    incidence: Floats
    error: Floats  # robust standard error, by the infinitesimal jackknife
    lower: Floats  # not a number where the incidence is 0: no interval can be given
    upper: Floats


def cumulative_incidence(sample: Sample, level: float = LEVEL) -> tuple[Incidence, ...]:
    """The cumulative incidence of each cause that occurs, in the order of their numbers.

    At every time the incidences and the survival from any event sum to 1. Tied events of several causes share the
    survival just before them. One minus Kaplan–Meier of one cause would count patients who can no longer have it.

    Source: Aalen and Johansen 1978; standard errors as R `survival`, survfit with a factor of states.

    Raises
    ------
    InputError
        When no event was seen.
    """
    causes = np.unique(sample.cause[sample.event])
    if not causes.size:
        raise InputError("No event of any cause was seen. A cumulative incidence needs one; nothing was computed.")
    sets = risk_sets(sample)
    survival = np.cumprod(1 - fraction(sets.events, sets.at_risk))
    before = np.append(1.0, survival[:-1])
    return tuple(_incidence(sample, sets, before, int(cause), level) for cause in causes)


def _incidence(sample: Sample, sets: RiskSets, before: Floats, cause: int, level: float) -> Incidence:
    of_cause = sample.cause == cause
    events = summed(sets.where, sample.weight * of_cause, sets.times.size)
    step = before * fraction(events, sets.at_risk)
    incidence = np.minimum(np.cumsum(step), 1.0)
    error = np.sqrt(np.maximum(_variance(sample, sets, before, step, cause), 0.0))
    lower, upper = log_log(incidence, error, level)
    return Incidence(cause=cause, times=sets.times, incidence=incidence, error=error, lower=lower, upper=upper)


def _variance(sample: Sample, sets: RiskSets, before: Floats, step: Floats, cause: int) -> Floats:
    """Sum over patients of the squared influence on the incidence at each time.

    A patient at risk since `e` moves it by `α(t) − α(e) − G(e) (F(t) − F(e))`, where F is the incidence, G as in
    `influence`, and dα what the whole risk set moves at each step; from leaving on by what was reached then, and by
    the influence on log S times what the incidence still grows.
    """
    g = np.cumsum(hazard_parts(sets)[1])
    at_risk = np.where(sets.at_risk > 0, sets.at_risk, np.inf)
    alpha = np.cumsum(step * (np.append(0.0, g[:-1]) - 1 / at_risk))
    f = np.cumsum(step)
    g_e, f_e, a_e = (at_place(each, sets.entered) for each in (g, f, alpha))
    own = np.where(sample.cause == cause, (before / at_risk)[sets.where], 0.0)
    reached = alpha[sets.where] - a_e - g_e * (f[sets.where] - f_e) + own
    gone = log_survival_influence(sample, sets)
    squares = Quadratic(sets=sets, weight=sample.weight)
    staying = squares.while_at_risk(alpha, -g_e, f, g_e * f_e - a_e)
    return staying + squares.after_leaving(gone, f, reached - gone * f[sets.where])
