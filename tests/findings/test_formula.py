"""Formulas of derived findings: exact arithmetic, rounded only toward the worse side, and nothing else."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldes.errors import ProtocolError
from aldes.findings.formula import evaluate, exact, names_in, parse
from aldes.findings.vocabulary import Worse
from aldes.numbers import DIGITS

D = Decimal


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("a + b", 13),
        ("a - b", 7),
        ("a * b", 30),
        ("a / b", Fraction(10, 3)),
        ("-a", -10),
        ("a - b - b", 4),
        ("a - (b - b)", 10),
        ("a + b * 2", 16),
        ("(a + 2 * b) / 3", Fraction(16, 3)),
        ("7", 7),
    ],
)
def test_arithmetic_is_exact(formula, value):
    assert evaluate(formula, {"a": D(10), "b": D(3)}) == value


@pytest.mark.parametrize("formula", ["a / b", "a / (b - b)", "a / b + 1", "1 - a / b", "-(a / b)"])
def test_a_division_by_zero_has_no_value(formula):
    assert evaluate(formula, {"a": D(10), "b": D(0)}) is None


@pytest.mark.parametrize(
    "formula",
    [
        "a ** b",
        "a // b",
        "a % b",
        "+a",
        "a < b",
        "a and b",
        "a if b else a",
        "max(a, b)",
        "a.b",
        "a[0]",
        "'a'",
        "True",
        "None",
        "1.5",
        "1j",
        "[a]",
        "lambda: a",
        "(a := b)",
    ],
)
def test_nothing_but_arithmetic_is_read(formula):
    with pytest.raises(ProtocolError, match=r"may hold only names, whole numbers, \+ - \* / and brackets"):
        parse(formula)


@pytest.mark.parametrize("formula", ["", "a +", "(a", "a b", "a = b", "import a"])
def test_what_is_no_formula_is_refused_with_how_to_write_one(formula):
    with pytest.raises(ProtocolError, match="cannot be read; write names, numbers"):
        parse(formula)


def test_the_names_of_a_formula_come_once_each():
    assert set(names_in("(weight - weight_baseline) * 100 / weight_baseline")) == {"weight", "weight_baseline"}
    assert len(names_in("a + a + b")) == 2


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("(a - b) * 100 / b", ("a", "b")),
        ("(c + 2 * b) / a", ("c", "b", "a")),
        ("a * b + c", ("a", "b", "c")),
        ("(((d))) - a * (c + b)", ("d", "a", "c", "b")),
        ("(a +\n b) / c", ("a", "b", "c")),
        ("7", ()),
    ],
)
def test_findings_are_named_in_the_order_in_which_they_are_read(formula, read):
    """The first one lends a derived finding its group, organ system and topic."""
    assert names_in(formula) == read


@pytest.mark.parametrize(
    ("worse", "rounded"),
    [(Worse.LOW, "0.333333333333333"), (Worse.HIGH, "0.333333333333334"), (Worse.NONE, "0.333333333333333")],
)
def test_a_third_is_rounded_toward_worse(worse, rounded):
    assert exact(Fraction(1, 3), worse) == D(rounded)


@pytest.mark.parametrize(("worse", "rounded"), [(Worse.LOW, "-0.333333333333334"), (Worse.HIGH, "-0.333333333333333")])
def test_a_fall_is_rounded_toward_worse_too(worse, rounded):
    assert exact(Fraction(-1, 3), worse) == D(rounded)


def test_zero_has_one_form():
    assert str(exact(Fraction(0), Worse.LOW)) == "0"


FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**9)


@given(FRACTIONS, FRACTIONS, st.sampled_from(Worse))
def test_rounding_never_reverses_an_order(a, b, worse):
    low, high = sorted((a, b))
    assert exact(low, worse) <= exact(high, worse)


@given(FRACTIONS)
def test_rounding_never_crosses_to_the_safe_side(value):
    assert Fraction(exact(value, Worse.LOW)) <= value <= Fraction(exact(value, Worse.HIGH))


@given(FRACTIONS, st.sampled_from(Worse))
def test_a_value_has_at_most_fifteen_digits_and_survives_a_double(value, worse):
    rounded = exact(value, worse)
    assert len(rounded.as_tuple().digits) <= DIGITS
    assert D(repr(float(rounded))) == rounded


@given(st.decimals(min_value=-9999, max_value=9999, places=4), st.sampled_from(Worse))
def test_a_value_that_fits_is_not_rounded(value, worse):
    assert exact(Fraction(value), worse) == value
