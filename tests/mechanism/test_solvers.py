"""Our solver for many agrees with SciPy for one, and a patient's numbers do not depend on the company."""

from collections.abc import Sequence

import numpy as np
import pytest

from aldes.errors import ModelError
from aldes.mechanism import (
    Params,
    StandingWard,
    State,
    at_rest,
    draw,
    reference,
    regimen,
    resting,
    run,
    solve,
    typical,
    untreated,
)
from aldes.mechanism.follow import slow

IDS = [f"patient {number}" for number in range(12)]
WARD = StandingWard(last_h=1e9)


def together(patients: Sequence[Params], until_h: float, step: float = 1.0, id: str = "high-dose") -> State:
    """The state of these patients at the end, computed in one go; `step` in units of the usual one."""
    p = solve.as_arrays(patients)
    y = solve.spread_out(resting(p), len(patients))

    def advance(*args: object) -> State:
        return solve.advance(*args[:-1], step_h=step * args[-1])

    return list(run(y, p, regimen(id), WARD, advance, until_h=until_h, every_h=until_h))[-1][1]


def alone(p: Params, until_h: float) -> State:
    return list(run(resting(p), p, regimen("high-dose"), WARD, reference.advance, until_h=until_h, every_h=until_h))[
        -1
    ][1]


# The tolerance is one thousandth of the largest value that a state takes: at 0.05 h the steep rise of the signal in a
# dose is the worst, and half the step must bring it down.
LARGEST = State(
    central=160, peripheral=40, depot=60, passage=30, exposure=700, cd25=6, activation=1, tnf=90, induced=4, released=3,
    ifn=3, dilation=3,
    nitrate=15, leak=4, scar=1, plasma=3.2, interstitium=20, plasma_albumin=120, interstitial_albumin=170,
    creatinine=4, injury=1, platelets=260, bilirubin=4, fever=3, nk_out=1, t_out=1, nk=1000, cd8=1500, treg=300,
    other=1300, il5=1, eosinophils=2000, burden=100, effectors=10, log_tumour=4, new_lesions=0.1,
)  # fmt: skip


@pytest.mark.parametrize("until_h", [3.0, 26.0, 49.0])
def test_our_solver_gives_what_scipy_gives(until_h: float) -> None:
    ours, theirs = together([typical()], until_h), alone(typical(), until_h)
    for name, mine, other, most in zip(State._fields, ours, theirs, LARGEST, strict=True):
        assert float(mine[0]) == pytest.approx(other, abs=1e-3 * most), name


def test_half_the_step_moves_no_endpoint_by_one_percent() -> None:
    whole, half = (together(draw(IDS, 5), 50.0, step) for step in (1.0, 0.5))
    for name, one, other in zip(State._fields, whole, half, strict=True):
        assert one == pytest.approx(other, rel=0.01, abs=1e-6), name


def test_the_long_step_after_the_drug_moves_nothing_either() -> None:
    p = solve.as_arrays(draw(IDS, 5))
    y = slow(together(draw(IDS, 5), 50.0))
    long, short = (solve.advance_slow(y, p, hours=60 * 24, step_h=step) for step in (12.0, 3.0))
    for name, one, other in zip(type(y)._fields, long, short, strict=True):
        assert one == pytest.approx(other, rel=0.01, abs=1e-6), name


@pytest.mark.parametrize("size", [1, 5])
def test_a_chunk_of_any_size_gives_the_same_patients(size: int) -> None:
    patients = draw(IDS, 5)
    whole = together(patients, 26.0)
    parts = [together(patients[start : start + size], 26.0) for start in range(0, len(patients), size)]
    for name, field, pieces in zip(State._fields, whole, zip(*parts, strict=True), strict=True):
        assert np.concatenate(pieces) == pytest.approx(field, rel=1e-12, abs=1e-12), name


def test_any_order_gives_the_same_patients() -> None:
    forward, backward = together(draw(IDS, 5), 26.0), together(draw(IDS[::-1], 5), 26.0)
    for one, other in zip(forward, backward, strict=True):
        assert one == pytest.approx(other[::-1], rel=1e-12, abs=1e-12)


def test_a_step_that_is_too_long_is_refused_and_not_shown() -> None:
    p = typical()
    y = solve.spread_out(resting(p), 1)
    with pytest.raises(ModelError, match="take a shorter step"), np.errstate(all="ignore"):
        solve.advance(y, p, at_rest(p), untreated(p)._replace(infusion=800.0), hours=4000.0, step_h=4.0)


def test_a_weight_of_twice_as_much_gets_twice_the_drug() -> None:
    light, heavy = regimen("high-dose").nmol(typical(weight_kg=50)), regimen("high-dose").nmol(typical(weight_kg=100))
    assert heavy == pytest.approx(2 * light)
