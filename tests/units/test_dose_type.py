"""The drug's dose: IU, million IU and milligrams cannot take each other's place (hazards H02 to H04)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aldes.errors import DoseError, UnitError
from aldes.units import Dose

ORDINARY_IU = st.integers(min_value=1000, max_value=175_000_000)


def test_million_iu_and_iu_name_the_same_dose() -> None:
    assert Dose.from_miu(42) == Dose.from_iu(42_000_000) == Dose.from_iu(Decimal("42000000.0"))


def test_a_dose_says_its_unit_in_words() -> None:
    assert str(Dose.from_miu(42)) == Dose.from_miu(Decimal("42.00")).words == "42 million IU"


@pytest.mark.parametrize(
    ("miu", "words"),
    [
        ("25.4", "25.4 million IU"),
        ("25.3800", "25.38 million IU"),
        ("150", "150 million IU"),
        ("0.5", "0.5 million IU"),
    ],
)
def test_no_trailing_zero_and_no_naked_point(miu: str, words: str) -> None:
    assert Dose.from_miu(Decimal(miu)).words == words


def test_milligrams_are_information_derived_from_iu() -> None:
    assert Dose.from_miu(18).mg_information == Decimal("1.1")
    assert Dose.from_miu(42).mg_information == Decimal("2.56666666666667")  # 42 × 1.1 / 18


def test_no_constructor_takes_milligrams() -> None:
    assert sorted(name for name in vars(Dose) if name.startswith("from_")) == ["from_iu", "from_miu", "from_quantity"]


@pytest.mark.parametrize("miu", [42_000_000, 176, Decimal("175.000001")])
def test_iu_given_as_million_iu_is_refused(miu: int | Decimal) -> None:
    with pytest.raises(DoseError, match="Check whether IU or million IU were meant"):
        Dose.from_miu(miu)


@pytest.mark.parametrize("iu", [42, 175, 999, 0, -42_000_000])
def test_million_iu_given_as_iu_is_refused(iu: int) -> None:
    with pytest.raises(DoseError, match="Check whether IU or million IU were meant"):
        Dose.from_iu(iu)


def test_both_ends_of_the_range_belong_to_it() -> None:
    assert Dose.from_iu(1000).iu == 1000
    assert Dose.from_iu(175_000_000) == Dose.from_miu(175)


def test_a_refused_dose_is_shown_in_iu_with_commas() -> None:
    with pytest.raises(DoseError, match=r"^A dose came as 42,000,000,000,000 IU\. We take 1000 IU to 175 million IU"):
        Dose.from_miu(42_000_000)


@pytest.mark.parametrize("value", [42.0, True, "42", None])
def test_only_exact_numbers_make_a_dose(value: object) -> None:
    with pytest.raises(DoseError, match="no exact number"):
        Dose.from_miu(value)  # type: ignore[arg-type]  # a caller without a type checker


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1E+999999", "1E-999999"])
def test_a_number_that_is_no_ordinary_number_makes_no_dose(value: str) -> None:
    with pytest.raises(DoseError, match="finite number of ordinary size"):
        Dose.from_miu(Decimal(value))


def test_a_dose_of_more_than_fifteen_digits_is_refused_and_not_rounded() -> None:
    assert Dose.from_iu(Decimal("42000000.1234567")).iu == Decimal("42000000.1234567")
    with pytest.raises(DoseError, match="more than 15 digits"):
        Dose.from_iu(Decimal("42000000.12345678"))


def test_the_plain_constructor_checks_too() -> None:
    with pytest.raises(DoseError):
        Dose(iu=Decimal(42))


@pytest.mark.parametrize(("value", "unit"), [("42000000", "[iU]"), ("42", "10*6.[iU]"), ("42.0", "10*6.[iU]")])
def test_a_recorded_dose_is_read_by_its_ucum_code(value: str, unit: str) -> None:
    assert Dose.from_quantity(Decimal(value), unit) == Dose.from_miu(42)


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ("U", "'U' is the enzyme unit"),
        ("mg", "information only"),
        ("ug", "information only"),
        ("[iU]/kg", "not yet a dose"),
        ("", "came without a unit"),
        ("IU", "We read"),
        ("MIU", "We read"),
        ("MU", "We read"),
        ("[IU]", "We read"),
        ("million IU", "a text that is no unit"),
    ],
)
def test_a_recorded_dose_in_any_other_unit_is_refused(unit: str, reason: str) -> None:
    with pytest.raises(UnitError, match=r"We read \[iU\] \(IU\) or 10\*6\.\[iU\] \(million IU\)") as refused:
        Dose.from_quantity(Decimal(42), unit)
    assert reason in str(refused.value)


@settings(deadline=None)
@given(ORDINARY_IU)
def test_no_number_is_accepted_both_as_iu_and_as_million_iu(iu: int) -> None:
    dose = Dose.from_iu(iu)
    with pytest.raises(DoseError):
        Dose.from_miu(iu)
    assert dose.iu == iu


@settings(deadline=None)
@given(ORDINARY_IU)
def test_million_iu_is_exact_and_comes_back(iu: int) -> None:
    dose = Dose.from_iu(iu)
    assert dose.miu * 1_000_000 == iu
    assert Dose.from_miu(dose.miu) == dose


@settings(deadline=None)
@given(ORDINARY_IU, ORDINARY_IU)
def test_doses_order_as_their_iu(one: int, other: int) -> None:
    assert (Dose.from_iu(one) < Dose.from_iu(other)) == (one < other)


@settings(deadline=None)
@given(ORDINARY_IU)
def test_words_never_hold_a_bare_u_and_never_a_wrong_number(iu: int) -> None:
    words = Dose.from_iu(iu).words
    figure, unit = words.split(" ", 1)
    assert unit == "million IU"
    assert Decimal(figure) * 1_000_000 == iu
