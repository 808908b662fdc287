"""The drug in plasma by formula, where it is linear: two compartments and infusions of constant rate, added up.

It holds without receptors (`vmax` 0) and without leak (`leak_exchange` and `leak_clearance` 0); a test holds the
solvers against it.
"""

from collections.abc import Iterable
from math import exp, expm1, sqrt

from aldes.mechanism.parameters import Params


def hybrid_constants(p: Params) -> tuple[float, float]:
    """The fast and the slow rate of decline, an hour."""
    k10 = p.cl / p.vc
    total = k10 + p.k12 + p.k21
    root = sqrt(total * total - 4 * k10 * p.k21)
    return (total + root) / 2, (total - root) / 2


def concentration(p: Params, infusions: Iterable[tuple[float, float, float]], hour: float) -> float:
    """The concentration in nmol/L at this hour.

    Parameters
    ----------
    infusions : (start h, length h, amount nmol)
    """
    alpha, beta = hybrid_constants(p)
    fast = (alpha - p.k21) / ((alpha - beta) * p.vc)
    slow = (p.k21 - beta) / ((alpha - beta) * p.vc)
    return sum(
        amount / length * (_part(fast, alpha, hour - start, length) + _part(slow, beta, hour - start, length))
        for start, length, amount in infusions
        if hour > start
    )


def _part(share: float, rate: float, since: float, length: float) -> float:
    """One exponential: built up while the infusion runs, declining after it."""
    return share / rate * -expm1(-rate * min(since, length)) * exp(-rate * max(since - length, 0.0))
