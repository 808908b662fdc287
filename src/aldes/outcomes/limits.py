"""Intervals: of a probability on the log-log scale, of a proportion by Wilson, of a ratio on the log scale."""

import math
from statistics import NormalDist

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.sample import Floats

LEVEL = 0.95


def z_of(level: float = LEVEL) -> float:
    """The two-sided normal quantile of a confidence level: 1.96 for 0.95.

    Raises
    ------
    InputError
        For a level that is not strictly between 0 and 1.
    """
    if not 0 < level < 1:
        raise InputError("A confidence level lies between 0 and 1, such as 0.95. Give one; nothing was computed.")
    return NormalDist().inv_cdf((1 + level) / 2)


def log_log(probability: Floats, error: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Lower and upper limit of probabilities, from the standard error of each.

    The limits stay between 0 and 1. At exactly 0 or 1 the scale has no error: the limits are not a number, where R
    `survival` prints 1 and 1 beside a survival of 1.
    """
    inside = (probability > 0) & (probability < 1)
    p = np.where(inside, probability, 0.5)
    half = np.where(inside, z_of(level) * error / (p * np.log(p)), np.nan)
    scale = np.log(-np.log(p))
    one, other = np.exp(-np.exp(scale - half)), np.exp(-np.exp(scale + half))
    return np.minimum(one, other), np.maximum(one, other)


def wilson(count: float, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The Wilson score interval of a proportion.

    Source: Wilson 1927; it is what the fact base calls its derived interval.

    Raises
    ------
    InputError
        When there are no patients, or the count is not among them.
    """
    if of <= 0 or not 0 <= count <= of:
        raise InputError("A proportion needs a count between 0 and its patients. Check both; nothing was computed.")
    z, share = z_of(level), count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half) if count else 0.0, min(1.0, middle + half) if count < of else 1.0


def clopper_pearson(count: int, of: int, level: float = LEVEL) -> tuple[float, float]:
    """The exact interval of a proportion, as papers of the time print it.

    Raises
    ------
    InputError
        When there are no patients, or the count is not among them.
    """
    from scipy.stats import beta

    if of <= 0 or not 0 <= count <= of:
        raise InputError("A proportion needs a count between 0 and its patients. Check both; nothing was computed.")
    tail = (1 - level) / 2
    lower = float(beta.ppf(tail, count, of - count + 1)) if count else 0.0
    upper = float(beta.ppf(1 - tail, count + 1, of - count)) if count < of else 1.0
    return lower, upper
