"""Values come in a unit that the finding accepts, and never cross a limit to the safe side (hazards H06, H35, H36)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aldes.errors import InputError, UnitError
from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Worse
from aldes.units import UNITS

CREATININE = vocabulary()["creatinine"]
PLATELETS = vocabulary()["platelets"]
WEIGHT = vocabulary()["weight"]
SYSTOLIC = vocabulary()["systolic"]

CONVERTED = [(each, unit) for each in vocabulary().findings.values() for unit in each.units if unit != each.unit]
ANY_CONVERSION = st.sampled_from(CONVERTED)
VALUES = st.decimals(min_value=-10_000, max_value=10_000, allow_nan=False, allow_infinity=False, places=6)


def in_other(value: Fraction, each: Finding, unit: str) -> Fraction:
    """The slow, obvious conversion, written again: the exact value in the finding's own unit."""
    molar = Fraction(each.molar or 1)
    obvious = {
        ("mg/dL", "umol/L"): lambda v: v / molar,
        ("mg/dL", "mmol/L"): lambda v: v * 1000 / molar,
        ("mm[Hg]", "kPa"): lambda v: v * 1000 / Fraction("133.322387415"),
        ("Cel", "[degF]"): lambda v: (v - 32) * 5 / 9,
        ("kg", "g"): lambda v: v / 1000,
        ("kg", "[lb_av]"): lambda v: v * Fraction("0.45359237"),
        ("mL", "L"): lambda v: v * 1000,
        ("10*3/uL", "10*9/L"): lambda v: v,
        ("10*3/uL", "/uL"): lambda v: v / 1000,
        ("10*3/uL", "{cells}/uL"): lambda v: v / 1000,
        ("/min", "{beats}/min"): lambda v: v,
        ("/min", "{breaths}/min"): lambda v: v,
        ("g/dL", "g/L"): lambda v: v / 10,
        ("L", "mL"): lambda v: v / 1000,
        ("d", "wk"): lambda v: v * 7,
        ("ng/L", "ng/mL"): lambda v: v * 1000,
        ("ng/L", "pg/mL"): lambda v: v,
        ("ms", "s"): lambda v: v * 1000,
        ("g/(24.h)", "mg/(24.h)"): lambda v: v / 1000,
    }
    return Fraction(obvious[each.unit, unit](value))


def made_up(worse: Worse) -> Finding:
    return Finding(
        name="made_up", words="made-up", kind=Kind.NUMBER, group=Group.LAB, worse=worse, unit="kg", units=("kg", "g")
    )


def test_creatinine_in_micromol_becomes_milligrams() -> None:
    assert convert(Decimal("221"), "umol/L", CREATININE) == Decimal("2.50000000000000")  # 221 / 88.4 = 2.5 exactly
    assert convert(Decimal("0.221"), "mmol/L", CREATININE) == Decimal("2.5")


def test_a_creatinine_just_below_the_limit_stays_below_it() -> None:
    below, above = convert(Decimal("220.9"), "umol/L", CREATININE), convert(Decimal("221.1"), "umol/L", CREATININE)
    assert below < Decimal("2.5") < above


@pytest.mark.parametrize(
    ("value", "unit"), [("80", "10*3/uL"), ("80", "10*9/L"), ("80000", "/uL"), ("80000", "{cells}/uL")]
)
def test_platelets_in_four_units_are_one_count(value: str, unit: str) -> None:
    assert convert(Decimal(value), unit, PLATELETS) == 80


def test_pounds_become_kilograms_exactly() -> None:
    assert convert(Decimal(185), "[lb_av]", WEIGHT) == Decimal("83.91458845")


@pytest.mark.parametrize("value", ["2.5", "2.50", "0", "2.12345678901234", "-0.4"])
def test_a_value_in_the_findings_own_unit_is_left_as_it_came(value: str) -> None:
    assert str(convert(Decimal(value), "mg/dL", CREATININE)) == value


# ── rounding toward the worse side ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("worse", "up", "down"),
    [
        (Worse.HIGH, "90.0000000000001", "-90"),
        (Worse.LOW, "90", "-90.0000000000001"),
        (Worse.NONE, "90", "-90"),
    ],
)
def test_a_sixteenth_digit_is_rounded_toward_the_worse_side(worse: Worse, up: str, down: str) -> None:
    assert convert(Decimal("90.00000000000001"), "kg", made_up(worse)) == Decimal(up)
    assert convert(Decimal("-90.00000000000001"), "kg", made_up(worse)) == Decimal(down)


def test_without_a_worse_side_a_half_goes_to_the_even_digit() -> None:
    assert convert(Decimal("1.000000000000005"), "kg", made_up(Worse.NONE)) == Decimal("1")
    assert convert(Decimal("1.000000000000015"), "kg", made_up(Worse.NONE)) == Decimal("1.00000000000002")


def test_a_pressure_a_hair_below_the_limit_is_not_rounded_up_to_it() -> None:
    """11.99901486735 kPa is exactly 90 mmHg."""
    assert convert(Decimal("11.99901486735"), "kPa", SYSTOLIC) == 90
    assert convert(Decimal("11.9990148673499999999999"), "kPa", SYSTOLIC) < 90


@settings(deadline=None, max_examples=200)
@given(ANY_CONVERSION, VALUES)
def test_the_result_is_the_exact_one_or_lies_on_its_worse_side(conversion: tuple[Finding, str], value: Decimal) -> None:
    each, unit = conversion
    true = in_other(Fraction(value), each, unit)
    result = convert(value, unit, each)
    error = Fraction(result) - true
    assert abs(error) <= abs(true) / 10**14
    assert error >= 0 if each.worse is Worse.HIGH else error <= 0
    assert len(result.normalize().as_tuple().digits) <= 15


@settings(deadline=None, max_examples=200)
@given(ANY_CONVERSION, VALUES, VALUES)
def test_a_conversion_never_reverses_an_order(conversion: tuple[Finding, str], one: Decimal, other: Decimal) -> None:
    each, unit = conversion
    low, high = sorted((one, other))
    assert convert(low, unit, each) <= convert(high, unit, each)


@settings(deadline=None, max_examples=200)
@given(ANY_CONVERSION, VALUES, st.decimals(min_value=0, max_value=10_000, places=3))
def test_a_conversion_never_carries_a_value_to_the_safe_side_of_a_limit(
    conversion: tuple[Finding, str], value: Decimal, limit: Decimal
) -> None:
    each, unit = conversion
    true, result = in_other(Fraction(value), each, unit), Fraction(convert(value, unit, each))
    if each.worse is Worse.HIGH and true >= limit:
        assert result >= limit
    if each.worse is Worse.LOW and true <= limit:
        assert result <= limit


@settings(deadline=None, max_examples=100)
@given(st.decimals(min_value="0.1", max_value=30, places=4))
def test_there_and_back_is_the_same_to_fifteen_digits(creatinine: Decimal) -> None:
    micromol = Finding(
        name="creatinine",
        words="creatinine",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=Worse.NONE,
        unit="umol/L",
        units=("umol/L", "mg/dL"),
        molar=CREATININE.molar,
    )
    assert convert(convert(creatinine, "mg/dL", micromol), "umol/L", CREATININE) == creatinine


@settings(deadline=None, max_examples=100)
@given(VALUES)
def test_results_order_alike_as_decimals_and_as_doubles(value: Decimal) -> None:
    result = convert(value, "umol/L", CREATININE)
    assert Decimal(repr(float(result))) == result


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────
def refusal(unit: str, each: Finding) -> str:
    with pytest.raises(UnitError) as refused:
        convert(Decimal("1.2"), unit, each)
    return str(refused.value)


def test_a_missing_unit_is_never_guessed() -> None:
    assert refusal("", CREATININE) == (
        "Serum creatinine came without a unit. We read mg/dL, umol/L or mmol/L. "
        "A number without a unit is never guessed. Check the unit at its source; the value was not used."
    )


def test_an_unknown_unit_brings_the_nearest_right_one() -> None:
    assert refusal("umol", CREATININE) == (
        "Serum creatinine came in 'umol'. We read mg/dL, umol/L or mmol/L. "
        "That is no unit we know. Did you mean 'umol/L'? Check the unit at its source; the value was not used."
    )


@pytest.mark.parametrize(
    ("unit", "name", "guess"),
    [
        ("mg/dl", "creatinine", "mg/dL"),
        ("MG/DL", "creatinine", None),
        ("µmol/L", "creatinine", "umol/L"),
        ("μmol/L", "creatinine", "umol/L"),  # the Greek letter
        ("mmol", "creatinine", "mmol/L"),
        ("mmHg", "systolic", "mm[Hg]"),
        ("beats/min", "heart_rate", "{beats}/min"),
        ("mcg/kg/min", "phenylephrine", "ug/kg/min"),
        ("kgs", "weight", "kg"),
        ("furlong", "creatinine", None),
    ],
)
def test_near_misses_of_spelling_are_refused_with_the_right_word(unit: str, name: str, guess: str | None) -> None:
    said = refusal(unit, vocabulary()[name])
    assert "That is no unit we know." in said
    assert f"Did you mean '{guess}'?" in said if guess else "Did you mean" not in said


@pytest.mark.parametrize(("unit", "name"), [("mmol", "bilirubin"), ("ug/dL", "creatinine"), ("U/min", "vasopressin")])
def test_a_unit_of_another_size_is_never_offered(unit: str, name: str) -> None:
    """A guess that differs by a prefix would be wrong a thousandfold."""
    assert "Did you mean" not in refusal(unit, vocabulary()[name])


def test_a_unit_of_another_kind_says_so() -> None:
    assert "'mm[Hg]'" in refusal("mm[Hg]", CREATININE)
    assert "That is the unit of a pressure, not of a mass per volume." in refusal("mm[Hg]", CREATININE)


@pytest.mark.parametrize(
    ("unit", "name"),
    [("g/L", "creatinine"), ("mmol/L", "bilirubin"), ("[lb_av]", "dosing_weight"), ("kPa", "systolic_target")],
)
def test_a_unit_of_the_right_kind_that_is_not_read_says_so(unit: str, name: str) -> None:
    assert "right kind, but this finding is not read in it" in refusal(unit, vocabulary()[name])


def test_the_dosing_weight_comes_in_kilograms_alone() -> None:
    """Hazard H01: weight in pounds read as kilograms is more than twice the dose."""
    assert "came in '[lb_av]'. We read kg." in refusal("[lb_av]", vocabulary()["dosing_weight"])


def test_a_pressor_rate_without_the_patients_weight_is_no_rate() -> None:
    """Hazard H48."""
    assert "a drug rate without the patient's weight" in refusal("ug/min", vocabulary()["phenylephrine"])


def test_the_enzyme_unit_is_no_international_unit() -> None:
    """Hazard H03."""
    drug = Finding(
        name="dose", words="dose", kind=Kind.NUMBER, group=Group.COURSE, worse=Worse.NONE, unit="[iU]", units=("[iU]",)
    )
    assert "U" in UNITS
    assert "'U' is the enzyme unit" in refusal("U", drug)
    assert "the unit of a volume" in refusal("mL", drug)
    assert "the unit of an enzyme activity" in refusal("U", CREATININE)


@pytest.mark.parametrize("name", ["urine_8h", "seizure", "dose_number"])
def test_what_is_computed_or_judged_takes_no_unit(name: str) -> None:
    assert "is not read with a unit" in refusal("mL", vocabulary()[name])


def test_clearance_per_body_surface_is_not_clearance() -> None:
    clearance = Finding(
        name="c",
        words="clearance",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=Worse.LOW,
        unit="mL/min",
        units=("mL/min",),
    )
    assert "a volume per time and body surface, not of a volume per time" in refusal("mL/min/{1.73_m2}", clearance)


@pytest.mark.parametrize("text", ["Mary Miller", "1961-04-05", "12345678", "x" * 21, "a\nb", "\u202emg/dL"])
def test_a_text_that_is_no_unit_is_not_repeated(text: str) -> None:
    """In a shifted column it may be a name or a number of the record."""
    assert text not in refusal(text, CREATININE)
    assert "a text that is no unit" in refusal(text, CREATININE)


@pytest.mark.parametrize(
    "value", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+41", "1E-999999", "1E+999999", "0." + "1" * 41]
)
def test_a_value_that_no_measurement_has_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="Serum creatinine came as a value that no measurement has"):
        convert(Decimal(value), "mg/dL", CREATININE)


@pytest.mark.parametrize("value", ["1E+40", "1E-40", "0." + "1" * 40])
def test_forty_digits_and_powers_of_ten_are_still_read(value: str) -> None:
    assert convert(Decimal(value), "mg/dL", CREATININE) >= Decimal(value)
