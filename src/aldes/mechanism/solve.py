"""Some thousands of patients at once: classical Runge-Kutta of fourth order with a fixed step, in NumPy.

The step is fixed and not adapted, because a step that the worst patient of a chunk chooses would make each patient's
result depend on the company; so a patient's numbers are the same alone, in any chunk and in any order. Accuracy is
tested: against SciPy for one patient, and against half the step.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from aldes.errors import ModelError
from aldes.mechanism.course import FINE_H
from aldes.mechanism.follow import slow_rhs
from aldes.mechanism.model import rhs
from aldes.mechanism.parameters import Params
from aldes.mechanism.rest import Rest
from aldes.mechanism.state import Given, Slow, State

Array = npt.NDArray[np.float64]


def as_arrays(patients: Sequence[Params]) -> Params:
    """The parameters of many patients: a field in which all agree stays a number, which is faster."""
    columns = zip(*patients, strict=True)
    return Params(*(column[0] if len(set(column)) == 1 else np.array(column, dtype=float) for column in columns))


def spread_out(y: State, patients: int) -> State:
    """The state with one place a patient in every field, each of its own memory."""
    return State(*(np.array(np.broadcast_to(field, (patients,)), dtype=float) for field in y))


def advance(y: State, p: Params, rest: Rest, given: Given, hours: float, step_h: float = FINE_H) -> State:
    """The state after so many hours in which what the ward does stays the same.

    Raises
    ------
    ModelError
        When a state is no number any more: the step is too long for these parameters.
    """
    return State(*_runge_kutta(lambda rows: rhs(State(*rows), p, rest, given), y, hours, step_h))


def advance_slow(y: Slow, p: Params, hours: float, step_h: float) -> Slow:
    """The same for the weeks after the drug: activation, cells and tumour."""
    return Slow(*_runge_kutta(lambda rows: slow_rhs(Slow(*rows), p), y, hours, step_h))


def _runge_kutta(derivative: Any, y: Sequence[Any], hours: float, step_h: float) -> Array:
    now = np.array(y, dtype=float)
    slopes = [np.empty_like(now) for _ in range(4)]
    steps = max(1, ceil(hours / step_h - 1e-9))
    h = hours / steps
    for _ in range(steps):
        _into(slopes[0], derivative(now))
        _into(slopes[1], derivative(now + (h / 2) * slopes[0]))
        _into(slopes[2], derivative(now + (h / 2) * slopes[1]))
        _into(slopes[3], derivative(now + h * slopes[2]))
        now += (h / 6) * (slopes[0] + 2 * (slopes[1] + slopes[2]) + slopes[3])
    if not np.isfinite(now).all():
        raise ModelError(f"A patient's state left the numbers at steps of {h:g} h; take a shorter step.")
    return now


def _into(slope: Array, fields: Sequence[Any]) -> None:
    for row, field in zip(slope, fields, strict=True):
        row[...] = field
