"""How much each patient moves an estimate: the infinitesimal jackknife, for weights that are no counts.

A patient's influence on log S(t) is the sum, over the event times s at which the patient is at risk, of
`dG(s)`, less `1 / (at risk − events)` where the patient has the event, with `dG = events / (at risk × (at risk −
events))`. What a patient adds depends on t only while at risk, and then only through functions of t; so the sums of
squares over all patients are running sums, without a table of patients by times.

Source: Efron 1981 and Aalen, Borgan, Gjessing 2008 give the idea; the running sums are ours. Checked against
R `survival`, which makes the table.
"""

from dataclasses import dataclass

import numpy as np

from aldes.outcomes.risk_set import RiskSets, fraction, from_the_end, summed
from aldes.outcomes.sample import Floats, Ints, Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadratic:
    """Influence `constant + slope × f(t)` (+ `g(t)` while at risk) of each patient, summed as weighted squares."""

    sets: RiskSets
    weight: Floats

    def while_at_risk(self, g: Floats, slope: Floats, f: Floats, constant: Floats) -> Floats:
        """Sum of `(weight × (g(t) + slope × f(t) + constant))²` over those at risk after each time, shape (m,)."""
        w2 = self.weight**2
        s0, s1, s2 = (self._staying(w2 * part) for part in (np.ones_like(slope), slope, slope**2))
        c1, c2, sc = (self._staying(w2 * part) for part in (constant, constant**2, slope * constant))
        return g * g * s0 + f * f * s2 + c2 + 2 * (g * f * s1 + g * c1 + f * sc)

    def after_leaving(self, slope: Floats, f: Floats, constant: Floats) -> Floats:
        """Sum of `(weight × (slope × f(t) + constant))²` over those who left by each time, shape (m,)."""
        w2 = self.weight**2
        s2, c2, sc = (self._left(w2 * part) for part in (slope**2, constant**2, slope * constant))
        return f * f * s2 + c2 + 2 * f * sc

    def _left(self, values: Floats) -> Floats:
        m = self.sets.times.size
        return np.cumsum(summed(self.sets.where, values, m))

    def _staying(self, values: Floats) -> Floats:
        """Sums over those who have entered by a time and leave after it."""
        m = self.sets.times.size
        leaving = from_the_end(summed(self.sets.where, values, m))
        entering = from_the_end(summed(self.sets.entered, values, m + 1)[1:])
        return np.append(leaving[1:], 0.0) - entering


def at_place(values: Floats, places: Ints) -> Floats:
    """The running sum just before each place: 0 before the first time."""
    return np.append(0.0, values)[places]


def hazard_parts(sets: RiskSets) -> tuple[Floats, Floats]:
    """`1 / (at risk − events)` and `dG` at each time; 0 where nobody is left."""
    left = np.where(fraction(sets.events, sets.at_risk) < 1, sets.at_risk - sets.events, np.inf)
    return 1 / left, fraction(sets.events, sets.at_risk) / left


def log_survival_influence(sample: Sample, sets: RiskSets) -> Floats:
    """What each patient adds to log S from leaving on, shape (n,)."""
    own, dg = hazard_parts(sets)
    g = np.cumsum(dg)
    return (g[sets.where] - at_place(g, sets.entered)) - np.where(sample.event, own[sets.where], 0.0)


def survival_variance(sample: Sample, sets: RiskSets) -> Floats:
    """Robust variance of log S(t) at each time, shape (m,)."""
    g = np.cumsum(hazard_parts(sets)[1])
    entered, gone = at_place(g, sets.entered), log_survival_influence(sample, sets)
    squares = Quadratic(sets=sets, weight=sample.weight)
    one = np.ones_like(entered)
    zero = np.zeros_like(g)
    return squares.while_at_risk(g, one, zero, -entered) + squares.after_leaving(one, zero, gone)
