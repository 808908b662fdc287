"""The closed table of units, against a second library and against factors written by hand."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

import pint
import pytest

from aldes.errors import ProtocolError, UnitError
from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Worse
from aldes.units import UNITS, Dimension, Unit, show

PINT = pint.UnitRegistry(cache_folder=None)

# our code → the other library's words; it has none for cells, beats, breaths and international units
IN_PINT = {
    "mm[Hg]": "mmHg",
    "kPa": "kilopascal",
    "Cel": "degC",
    "[degF]": "degF",
    "mg/dL": "milligram / deciliter",
    "g/dL": "gram / deciliter",
    "g/L": "gram / liter",
    "mg/L": "milligram / liter",
    "mg/mL": "milligram / milliliter",
    "ng/mL": "nanogram / milliliter",
    "ng/L": "nanogram / liter",
    "pg/mL": "picogram / milliliter",
    "umol/L": "micromole / liter",
    "mmol/L": "millimole / liter",
    "mL": "milliliter",
    "dL": "deciliter",
    "L": "liter",
    "kg": "kilogram",
    "g": "gram",
    "[lb_av]": "pound",
    "cm": "centimeter",
    "m": "meter",
    "[in_i]": "inch",
    "h": "hour",
    "min": "minute",
    "s": "second",
    "ms": "millisecond",
    "d": "day",
    "wk": "week",
    "a": "julian_year",
    "L/min": "liter / minute",
    "mL/min": "milliliter / minute",
    "mL/h": "milliliter / hour",
    "g/(24.h)": "gram / day",
    "mg/(24.h)": "milligram / day",
}

# (value, code) that is exactly (value, code)
BY_HAND = [
    ("760", "mm[Hg]", "101.3250144354", "kPa"),
    ("98.6", "[degF]", "37", "Cel"),
    ("32", "[degF]", "0", "Cel"),
    ("-40", "[degF]", "-40", "Cel"),
    ("104", "[degF]", "40", "Cel"),
    ("1", "g/dL", "10", "g/L"),
    ("1", "g/dL", "1000", "mg/dL"),
    ("1", "mg/dL", "10", "mg/L"),
    ("1", "mg/mL", "1", "g/L"),
    ("1", "ng/mL", "1000", "ng/L"),
    ("1", "pg/mL", "1", "ng/L"),
    ("1", "mmol/L", "1000", "umol/L"),
    ("150", "10*3/uL", "150000", "/uL"),
    ("150", "10*3/uL", "150", "10*9/L"),
    ("150", "10*3/uL", "150000", "{cells}/uL"),
    ("1", "L", "1000", "mL"),
    ("1", "L", "10", "dL"),
    ("185", "[lb_av]", "83.91458845", "kg"),
    ("1", "kg", "1000", "g"),
    ("70", "[in_i]", "177.8", "cm"),
    ("1", "m", "100", "cm"),
    ("1", "d", "24", "h"),
    ("1", "wk", "7", "d"),
    ("1", "a", "365.25", "d"),
    ("1", "h", "60", "min"),
    ("1", "h", "3600", "s"),
    ("1", "s", "1000", "ms"),
    ("1", "L/min", "60000", "mL/h"),
    ("1", "L/min", "1000", "mL/min"),
    ("80", "{beats}/min", "80", "/min"),
    ("18", "{breaths}/min", "18", "/min"),
    ("1440", "/d", "1", "/min"),
    ("1", "g/(24.h)", "1000", "mg/(24.h)"),
    ("42", "10*6.[iU]", "42000000", "[iU]"),
]

ALONE = {
    "%",
    "{score}",
    "{organs}",
    "meq/L",
    "U",
    "U/L",
    "mL/min/{1.73_m2}",
    "ug/min",
    "ug/kg/min",
    "[iU]/kg",
    "[iU]/min",
    "mL/kg",
    "{INR}",
    "[pH]",
}


def finding(own: str, *others: str, worse: Worse = Worse.NONE, molar: str | None = None) -> Finding:
    """A made-up finding in a unit of its own that accepts some others."""
    return Finding(
        name="made_up",
        words="made-up finding",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=worse,
        unit=own,
        units=(own, *others),
        molar=None if molar is None else Decimal(molar),
    )


def of_one_dimension() -> Iterator[tuple[Unit, Unit]]:
    """Every ordered pair of codes between which a value may be converted."""
    return ((a, b) for a, b in permutations(UNITS.values(), 2) if a.dimension is b.dimension)


PAIRS = [
    pytest.param(a.code, b.code, id=f"{a.code} to {b.code}")
    for a, b in of_one_dimension()
    if a.code in IN_PINT and b.code in IN_PINT
]


def test_every_unit_is_checked_against_something_or_stands_alone_in_its_dimension() -> None:
    by_hand = {code for _, source, _, target in BY_HAND for code in (source, target)}
    assert set(UNITS) == set(IN_PINT) | by_hand | ALONE
    for code in ALONE:
        assert [unit.code for unit in UNITS.values() if unit.dimension is UNITS[code].dimension] == [code]


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_factor_is_that_of_a_second_library(source: str, target: str) -> None:
    theirs = PINT.Quantity(37.0, IN_PINT[source]).to(IN_PINT[target]).magnitude
    ours = convert(Decimal(37), source, finding(target, source))
    assert float(ours) == pytest.approx(theirs, rel=1e-12, abs=1e-12)  # theirs are doubles


@pytest.mark.parametrize(("value", "source", "expected", "target"), BY_HAND)
def test_exact_conversions_written_by_hand(value: str, source: str, expected: str, target: str) -> None:
    assert convert(Decimal(value), source, finding(target, source)) == Decimal(expected)


@pytest.mark.parametrize(("value", "source", "expected", "target"), BY_HAND)
def test_exact_conversions_written_by_hand_come_back(value: str, source: str, expected: str, target: str) -> None:
    assert convert(Decimal(expected), target, finding(source, target)) == Decimal(value)


def test_every_factor_is_above_zero_so_no_conversion_reverses_an_order() -> None:
    assert all(unit.factor > Fraction(0) for unit in UNITS.values())


def test_words_for_people_never_hold_a_bare_u_or_a_micro_sign_before_a_mass() -> None:
    for unit in UNITS.values():
        parts = unit.words.replace("/", " ").split()
        assert not {"U", "MU", "MIU", "u", "ug", "mcg", "µg", "µmol"} & set(parts), unit


def test_no_two_units_are_shown_alike() -> None:
    words = [unit.words for unit in UNITS.values()]
    assert len(set(words)) == len(words)


def test_mm_hg_and_its_kind_is_a_pressure() -> None:
    assert UNITS["mm[Hg]"].dimension is UNITS["kPa"].dimension is Dimension.PRESSURE


MEASURED = [
    pytest.param(each, unit, id=f"{each.name} in {unit}")
    for each in vocabulary().findings.values()
    for unit in each.units
]


@pytest.mark.parametrize(("measured", "unit"), MEASURED)
def test_every_unit_that_the_vocabulary_accepts_can_be_converted(measured: Finding, unit: str) -> None:
    assert measured.survivable is not None
    assert convert(measured.survivable[1], unit, measured) > 0


@pytest.mark.parametrize("each", [pytest.param(each, id=each.name) for each in vocabulary().findings.values()])
def test_every_unit_of_the_vocabulary_can_be_shown(each: Finding) -> None:
    assert show(Decimal(1), each.unit).startswith("1")


def test_a_finding_with_a_unit_outside_the_table_is_a_fault_of_the_vocabulary() -> None:
    with pytest.raises(ProtocolError, match=r"made_up.*outside our table"):
        convert(Decimal(1), "furlong", finding("m", "furlong"))


def test_a_mass_without_its_molar_factor_is_a_fault_of_the_vocabulary() -> None:
    with pytest.raises(ProtocolError, match=r"made_up.*cannot turn into mg/dL"):
        convert(Decimal(1), "umol/L", finding("mg/dL", "umol/L"))


def test_charge_is_never_taken_for_amount() -> None:
    """Calcium of 2.5 mmol/L is 5 meq/L: the two agree for single charges only."""
    with pytest.raises(ProtocolError, match="cannot turn into mmol/L"):
        convert(Decimal(5), "meq/L", finding("mmol/L", "meq/L", molar="0.2495"))


def test_a_unit_outside_the_table_is_not_shown() -> None:
    with pytest.raises(UnitError, match="cannot be shown"):
        show(Decimal(1), "furlong")
