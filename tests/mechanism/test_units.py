"""The equations do not know which units they are in: pretending to measure in others gives the same patient."""

import math
import re
from typing import Any

import pytest

from aldes.mechanism import State, at_rest, reference, regimen, resting, run, typical, untreated
from aldes.mechanism.course import StandingWard
from aldes.mechanism.model import fluids, rhs, vessels
from aldes.mechanism.parameters import Params, unit_of
from aldes.mechanism.read import parse, read_parameters
from aldes.mechanism.rest import Rest

SCALE = {
    "nmol": 3.0,
    "h": 7.0,
    "L": 5.0,
    "g": 11.0,
    "mmHg": 13.0,
    "kg": 17.0,
    "m2": 1.9,
    "K": 2.3,
    "mL": 29.0,
    "mg/dL": 31.0,
    "G/L": 37.0,
    "/uL": 41.0,
    "ug/kg/min": 43.0,
}
WHOLE = {"mg/dL", "G/L", "/uL", "ug/kg/min"}  # units that stand for themselves


def factor(unit: str) -> float:
    """By how much a number grows when its unit is measured in those of SCALE."""
    if unit in ("1", "ln mL"):
        return 1.0
    for whole in WHOLE:
        if unit == whole:
            return SCALE[whole]
        if unit == f"{whole}/h":
            return SCALE[whole] / SCALE["h"]
    value = 1.0
    for sign, name in re.findall(r"([*/]?)([A-Za-z0-9]+)", unit):
        if name != "1":
            value = value / SCALE[name] if sign == "/" else value * SCALE[name]
    return value


def rescaled(values: Any) -> Any:
    """The same patient measured in other units."""
    kind = type(values)
    fields = {name: value * factor(unit_of(kind, name)) for name, value in values._asdict().items()}
    if "log_tumour" in fields:
        fields["log_tumour"] = values.log_tumour + math.log(SCALE["mL"])
    return kind(**fields)


def ill() -> tuple[State, Params, Rest]:
    """A patient in the middle of a cycle, nothing at rest."""
    p = typical(values={"p_tnf": 1.3})
    hours = list(run(resting(p), p, regimen("high-dose"), StandingWard(last_h=1e9), reference.advance, until_h=26.0))
    return hours[-1][1], p, at_rest(p)


def test_the_right_hand_side_is_dimensionally_consistent() -> None:
    y, p, rest = ill()
    given = untreated(p)._replace(infusion=700.0, injection=3.0, pressor=0.7)
    slopes = rhs(y, p, rest, given)
    elsewhere = rhs(rescaled(y), rescaled(p), rescaled(rest), rescaled(given))
    for name, here, there in zip(State._fields, slopes, elsewhere, strict=True):
        grows = factor(unit_of(State, name)) / SCALE["h"]
        assert there == pytest.approx(here * grows, rel=1e-9), name


def test_the_resting_balance_is_dimensionally_consistent() -> None:
    p = typical()
    assert at_rest(rescaled(p)) == pytest.approx(tuple(rescaled(at_rest(p))), rel=1e-12)
    assert resting(rescaled(p)) == pytest.approx(tuple(rescaled(resting(p))), rel=1e-12)


def test_every_named_quantity_has_the_unit_that_it_says() -> None:
    y, p, rest = ill()
    given = untreated(p)._replace(pressor=0.7)
    here = fluids(y, p, rest, vessels(y, p, given))
    other = (rescaled(y), rescaled(p), rescaled(rest), rescaled(given))
    there = fluids(other[0], other[1], other[2], vessels(other[0], other[1], other[3]))
    assert there == pytest.approx(tuple(rescaled(here)), rel=1e-9)


def test_a_wrong_unit_in_an_equation_would_be_seen() -> None:
    y, p, rest = ill()
    slopes = rhs(y, p, rest, untreated(p))
    hours_for_days = rhs(rescaled(y), rescaled(p)._replace(k_lag=p.k_lag), rescaled(rest), rescaled(untreated(p)))
    assert hours_for_days.induced != pytest.approx(slopes.induced / SCALE["h"], rel=1e-3)


@pytest.mark.parametrize(
    ("written", "again"),
    [
        ('cl = { value = 0.120, unit = "L/min"', 'cl = { value = 7.2, unit = "L/h"'),
        ('cl = { value = 0.120, unit = "L/min"', 'cl = { value = 120, unit = "mL/min"'),
        ('lag = { value = 0.45, unit = "h"', 'lag = { value = 27, unit = "min"'),
        ('k_cd25 = { value = 0.69315, unit = "1/d"', 'k_cd25 = { value = 0.02888125, unit = "1/h"'),
        ('cp0 = { value = 37, unit = "g/L", sd = 4', 'cp0 = { value = 3.7, unit = "g/dL", sd = 0.4'),
    ],
)
def test_a_parameter_in_another_unit_is_the_same_parameter(written: str, again: str) -> None:
    from importlib.resources import files

    text = (files("aldes.mechanism") / "parameters.toml").read_text(encoding="utf-8")
    name = written.split(" ")[0]
    moved = parse(text.replace(f"\n{written}", f"\n{again}"), "moved.toml")
    here = read_parameters()[name]
    assert moved[name].value == pytest.approx(here.value, rel=1e-12)
    assert moved[name].unit == here.unit
    if here.spread:
        assert moved[name].spread is not None
        assert moved[name].spread.size == pytest.approx(here.spread.size, rel=1e-12)
