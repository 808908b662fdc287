"""The equations that the page shows are those that are computed."""

import math
import subprocess
import sys

import pytest

from aldes.mechanism import State, at_rest, reference, regimen, resting, run, typical, untreated
from aldes.mechanism.course import StandingWard
from aldes.mechanism.equations import equations, named
from aldes.mechanism.functions import clip, exp, log, maximum, minimum, power, where
from aldes.mechanism.model import rhs
from aldes.mechanism.symbols import Symbol, evaluate

X, Y = Symbol("x"), Symbol("y")


@pytest.mark.parametrize(
    ("recorded", "text", "value"),
    [
        (X + 2 * Y, "x + 2 * y", 8.0),
        (X - (Y - 1), "x - (y - 1)", 0.0),
        ((X - Y) - 1, "x - y - 1", -2.0),
        (X / (Y * 2), "x / (y * 2)", 2 / 6),
        ((1 + X) * -Y, "(1 + x) * -y", -9.0),
        (1 / X - 3, "1 / x - 3", -2.5),
        (power(X, 2.5), "power(x, 2.5)", 2**2.5),
        (exp(X), "exp(x)", math.e**2),
        (log(X), "log(x)", math.log(2)),
        (minimum(X, 1.0), "minimum(x, 1)", 1.0),
        (maximum(0.0, X), "maximum(0, x)", 2.0),
        (clip(X, 0.1, 1.5), "minimum(maximum(x, 0.1), 1.5)", 1.5),
        (where(X < Y, X, Y), "where(x < y, x, y)", 2.0),
    ],
)
def test_a_symbol_writes_down_what_is_done_with_it(recorded: Symbol, text: str, value: float) -> None:
    assert str(recorded) == text
    assert evaluate(recorded, {"x": 2.0, "y": 3.0}) == pytest.approx(value)


def test_a_symbol_is_neither_true_nor_false() -> None:
    with pytest.raises(TypeError, match="Write where"):
        bool(X < Y)


def test_the_recorded_right_hand_side_gives_the_same_numbers() -> None:
    p = typical()
    hours = list(run(resting(p), p, regimen("high-dose"), StandingWard(last_h=1e9), reference.advance, until_h=9.0))
    y, rest, given = hours[-1][1], at_rest(p), untreated(p)._replace(infusion=5.0, pressor=0.4)
    kinds = (y, p, rest, given)
    recorded = rhs(*(named(type(each)) for each in kinds))
    values = {}
    for each in kinds:
        assert not values.keys() & each._asdict().keys()
        values |= each._asdict()
    for name, expression, number in zip(State._fields, recorded, rhs(*kinds), strict=True):
        assert evaluate(expression, values) == pytest.approx(number, rel=1e-12), name


def test_every_state_has_an_equation_and_every_equation_a_unit() -> None:
    found = equations()
    assert [each.name for each in found if each.block == "rhs"] == list(State._fields)
    assert all(each.unit for each in found)
    assert "d peripheral/dt = k12 * (1 + leak_exchange * (leak - 1)) * central - k21 * peripheral" in map(str, found)


def test_one_patient_and_the_bedside_load_no_numpy() -> None:
    script = """
import sys
import aldes.mechanism
from aldes.mechanism import at_rest, resting, typical, untreated
from aldes.mechanism.model import rhs
p = typical()
rhs(resting(p), p, at_rest(p), untreated(p))
assert not {'numpy', 'scipy'} & set(sys.modules), 'loaded'
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
