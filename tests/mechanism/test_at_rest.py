"""A patient at rest stays at rest, and without the drug no tumour responds."""

from itertools import pairwise

import numpy as np
import pytest

from aldes.mechanism import Params, State, at_rest, draw, resting, solve, typical, untreated
from aldes.mechanism.follow import slow
from aldes.mechanism.model import rhs

GROWING = {"log_tumour", "new_lesions"}


@pytest.mark.parametrize("weight_kg", [30, 80, 250])
def test_every_derivative_is_nil_before_the_first_dose(weight_kg: float) -> None:
    p = typical(weight_kg=weight_kg)
    assert moved(p) == set()


def test_every_virtual_patient_is_at_rest_too() -> None:
    for p in draw([f"patient {number}" for number in range(50)], seed=1):
        assert moved(p) == set()


def moved(p: Params) -> set[str]:
    slopes = rhs(resting(p), p, at_rest(p), untreated(p))
    return {name for name, slope in zip(State._fields, slopes, strict=True) if abs(slope) > 1e-12} - GROWING


def test_without_the_drug_no_tumour_of_2000_shrinks() -> None:
    p = solve.as_arrays(draw([f"patient {number}" for number in range(2000)], seed=3))
    y = slow(solve.spread_out(resting(p), 2000))
    volumes = [np.exp(y.log_tumour)]
    for _ in range(13):
        y = solve.advance_slow(y, p, hours=30 * 24, step_h=24)
        volumes.append(np.exp(y.log_tumour))
    assert all((after > before).all() for before, after in pairwise(volumes))
    assert (y.effectors == 0).all()
