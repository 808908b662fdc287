"""One patient by SciPy: the slow, trusted solver that ours is held against."""

from typing import Any

from aldes.errors import ModelError
from aldes.mechanism.model import rhs
from aldes.mechanism.parameters import Params
from aldes.mechanism.rest import Rest
from aldes.mechanism.state import Given, State


def advance(
    y: State, p: Params, rest: Rest, given: Given, hours: float, step_h: float = 0.0, *, relative: float = 1e-9
) -> State:
    """The state of one patient after so many hours, by LSODA; `step_h` is ignored, so that it stands in for ours.

    Each call starts the integrator anew, so that none steps across the edge of an infusion.
    """
    from scipy.integrate import solve_ivp

    def derivative(_: float, rows: Any) -> tuple[float, ...]:
        return rhs(State(*(float(row) for row in rows)), p, rest, given)

    solved = solve_ivp(derivative, (0.0, hours), list(y), method="LSODA", rtol=relative, atol=1e-3 * relative)
    if not solved.success:
        raise ModelError(f"The reference solver stopped: {solved.message}")
    return State(*(float(row) for row in solved.y[:, -1]))
