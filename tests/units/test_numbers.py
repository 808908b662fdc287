"""How numbers are shown to people and read from them (hazards H04, H05)."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aldes.errors import InputError
from aldes.numbers import json_number, number, parse_decimal
from aldes.units import show

STORED = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("90", "mm[Hg]", "90 mmHg"),
        ("38.50", "Cel", "38.5 °C"),
        ("87", "%", "87 %"),
        ("150", "10*3/uL", "150 thousand/µL"),
        ("0.50", "ug/kg/min", "0.5 microgram/kg/min"),
        ("2.5", "mg/dL", "2.5 mg/dL"),
        ("221", "umol/L", "221 micromol/L"),
        ("120", "/min", "120 per minute"),
        ("0.04", "[iU]/min", "0.04 IU/min"),
        ("1000", "mL", "1000 mL"),
        ("3", "", "3"),
    ],
)
def test_values_are_shown_with_plain_words(value: str, unit: str, shown: str) -> None:
    assert show(Decimal(value), unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("9999", "9999"),
        ("9999.99", "9999.99"),
        ("10000", "10,000"),
        ("-10000", "−10,000"),
        ("42000000", "42,000,000"),
        ("12345.6789", "12,345.6789"),
    ],
)
def test_commas_stand_from_ten_thousand_up(value: str, shown: str) -> None:
    assert number(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.5", "0.5"),
        ("5.0", "5"),
        ("100", "100"),
        ("1E+2", "100"),
        ("1E-7", "0.0000001"),
        ("0.000", "0"),
        ("-0.0", "0"),
        ("-1.50", "−1.5"),
    ],
)
def test_no_trailing_zero_no_naked_point_no_exponent(value: str, shown: str) -> None:
    assert number(Decimal(value)) == shown


@pytest.mark.parametrize("value", ["89.9999999999999", "2.49999999999999", "90.0000000000001"])
def test_a_value_beside_a_limit_is_never_shown_as_the_limit(value: str) -> None:
    assert number(Decimal(value)) == value


@settings(deadline=None)
@given(STORED)
def test_what_is_shown_is_exactly_what_is_stored(value: Decimal) -> None:
    assert Decimal(number(value).replace(",", "").replace("−", "-")) == value


@settings(deadline=None)
@given(STORED)
def test_every_shown_number_keeps_to_the_grammar(value: Decimal) -> None:
    assert re.fullmatch(r"−?(0|[1-9][0-9]{0,3}|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]*[1-9])?", number(value))


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**6), max_value=10**6, places=8))
def test_a_number_goes_through_json_unchanged(value: Decimal) -> None:
    assert json.loads(json.dumps(json_number(value)), parse_float=Decimal, parse_int=Decimal) == value


def test_a_whole_number_has_no_point_in_json() -> None:
    assert json.dumps(json_number(Decimal("42000000.0"))) == "42000000"


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("text", ["0", "7", "12.5", "-0.4", "007", "2.50", "9" * 40, "-" + "1" * 39])
def test_plain_decimals_are_read_exactly(text: str) -> None:
    assert parse_decimal(text) == Decimal(text)


def test_minus_zero_is_zero() -> None:
    assert str(parse_decimal("-0.0")) == "0"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("1,5", "with a comma"),
        ("1,234.5", "with a comma"),
        ("1e3", "with an exponent"),
        ("1.5E-3", "with an exponent"),
        ("-2e+1", "with an exponent"),
        ("٣", "digits of another script"),
        ("1٢", "digits of another script"),
        ("１２", "digits of another script"),
        ("1²", "digits of another script"),
        ("NaN", "not a finite number"),
        ("nan", "not a finite number"),
        ("-inf", "not a finite number"),
        ("Infinity", "not a finite number"),
        (".5", "lacks a digit before or after"),
        ("-.5", "lacks a digit before or after"),
        ("5.", "lacks a digit before or after"),
        ("+5", "with a plus sign"),
        (" 5", "with blanks around it"),
        ("5\n", "with blanks around it"),
        ("1 000", "no plain number"),
        ("1_000", "no plain number"),
        ("--5", "no plain number"),
        ("−5", "no plain number"),
        ("1.2.3", "no plain number"),
        ("0x10", "no plain number"),
        ("<30", "no plain number"),
        ("12 mL", "no plain number"),
        ("true", "no plain number"),
        ("x" * 40, "no plain number"),
        ("4" * 4000, "with 4000 characters, more than 40"),
        ("4" * 41, "with 41 characters, more than 40"),
    ],
)
def test_any_other_way_to_write_a_number_is_refused(text: str, fault: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_decimal(text)
    assert fault in str(refused.value)
    assert "We read digits with one point, such as 12.5 or -0.4" in str(refused.value)


@pytest.mark.parametrize("text", ["Miller", "1961-04-05", "05.04.1961", "4711,0815"])
def test_a_refused_text_is_not_repeated(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_decimal(text)
    assert text not in str(refused.value)


@settings(deadline=None)
@given(st.text(max_size=45))
def test_whatever_is_read_is_written_in_the_grammar(text: str) -> None:
    try:
        value = parse_decimal(text)
    except InputError:
        return
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text, re.ASCII)
    assert value == Decimal(text)


@settings(deadline=None)
@given(STORED)
def test_a_number_written_plainly_is_read_back(value: Decimal) -> None:
    assert parse_decimal(format(value, "f")) == value
