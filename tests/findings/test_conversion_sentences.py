"""What the refusal of a unit says: what came, what is accepted, what to do next; word for word (hazards H01 to H06)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aldes.errors import InputError, ProtocolError, UnitError
from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Worse

D = Decimal
CREATININE = vocabulary()["creatinine"]
CHECK = "Check the unit at its source; the value was not used."


def refusal(unit: str, finding: Finding) -> str:
    with pytest.raises(UnitError) as refused:
        convert(D("1.2"), unit, finding)
    return str(refused.value)


def faulty(unit: str, finding: Finding) -> str:
    """What a vocabulary is told that accepts a unit which cannot be converted."""
    with pytest.raises(ProtocolError) as refused:
        convert(D("1.2"), unit, finding)
    return str(refused.value)


def measured_in(unit: str, *units: str, molar: str | None = None) -> Finding:
    return Finding(
        name="lactate",
        words="blood lactate",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=Worse.HIGH,
        unit=unit,
        units=(unit, *units),
        molar=molar and D(molar),
    )


# ── what is accepted ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("spo2", "%"),
        ("bilirubin", "mg/dL or umol/L"),
        ("weight", "kg, g or [lb_av]"),
        ("platelets", "10*3/uL, 10*9/L, /uL or {cells}/uL"),
    ],
)
def test_a_missing_unit_names_the_accepted_ones(name, accepted):
    words = vocabulary()[name].words
    assert refusal("", vocabulary()[name]) == (
        f"{words[0].upper()}{words[1:]} came without a unit. We read {accepted}. "
        f"A number without a unit is never guessed. {CHECK}"
    )


def test_only_the_first_letter_of_the_words_is_raised():
    flow = replace(measured_in("L/min"), words="flow of O2 by ICU device")
    assert refusal("", flow).startswith("Flow of O2 by ICU device came without a unit. We read L/min. ")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("urine_8h", "Urine over the last 8 hours"),
        ("seizure", "Seizure"),
        ("dose_number", "Number of the slot that is next in the cycle"),
    ],
)
def test_what_is_computed_or_judged_says_what_to_send_instead(name, words):
    assert refusal("mL", vocabulary()[name]) == (
        f"{words} is not read with a unit: it is computed or judged. Send what it is computed from."
    )


# ── the reason ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_unit_of_another_kind_says_both_kinds():
    assert refusal("mm[Hg]", CREATININE) == (
        "Serum creatinine came in 'mm[Hg]'. We read mg/dL, umol/L or mmol/L. "
        f"That is the unit of a pressure, not of a mass per volume. {CHECK}"
    )


def test_a_unit_of_the_right_kind_that_is_not_read_says_so():
    assert refusal("g/L", CREATININE) == (
        "Serum creatinine came in 'g/L'. We read mg/dL, umol/L or mmol/L. "
        f"That unit is of the right kind, but this finding is not read in it. {CHECK}"
    )


def test_an_amount_is_of_another_kind_where_the_analyte_has_no_molar_factor():
    assert refusal("mmol/L", measured_in("mg/dL")) == (
        "Blood lactate came in 'mmol/L'. We read mg/dL. "
        f"That is the unit of an amount of substance per volume, not of a mass per volume. {CHECK}"
    )
    assert "of the right kind" in refusal("mmol/L", measured_in("mg/dL", molar="111"))


def test_a_pressure_is_no_concentration_although_the_analyte_has_a_molar_factor():
    assert "That is the unit of a pressure" in refusal("kPa", measured_in("mg/dL", molar="111"))


def test_the_enzyme_unit_is_refused_in_its_own_words():
    drug = replace(measured_in("[iU]"), words="dose")
    assert refusal("U", drug) == (
        "Dose came in 'U'. We read [iU]. In UCUM 'U' is the enzyme unit (micromole per minute), "
        f"not the international unit. {CHECK}"
    )


def test_an_unknown_unit_without_a_near_one_says_so():
    assert refusal("furlong", CREATININE) == (
        f"Serum creatinine came in 'furlong'. We read mg/dL, umol/L or mmol/L. That is no unit we know. {CHECK}"
    )


@pytest.mark.parametrize(
    ("came", "read"),
    [
        ("mmhg", "mm[Hg]"),  # brackets and case
        ("mm[Hg", "mm[Hg]"),
        ("mm{Hg}", "mm[Hg]"),
        ("µg/kg/min", "ug/kg/min"),  # the micro sign
        ("μg/kg/min", "ug/kg/min"),  # the Greek letter
        ("mcg/kg/min", "ug/kg/min"),
        ("ug/kg", "ug/kg/min"),  # an end cut off
        ("ug/kg/min/L", "ug/kg/min"),  # an end too many
    ],
)
def test_a_near_miss_of_spelling_brings_the_right_word(came, read):
    assert refusal(came, measured_in(read)) == (
        f"Blood lactate came in '{came}'. We read {read}. That is no unit we know. Did you mean '{read}'? {CHECK}"
    )


def test_a_text_that_is_no_unit_is_refused_without_repeating_it():
    assert refusal("SURNAME 1970-01-01", CREATININE) == (
        "Serum creatinine came in a text that is no unit. We read mg/dL, umol/L or mmol/L. "
        f"That is no unit we know. {CHECK}"
    )


# ── values and vocabularies that cannot be right ─────────────────────────────────────────────────────────────


def test_a_value_that_no_measurement_has_says_what_is_read():
    with pytest.raises(InputError) as refused:
        convert(D("Infinity"), "mg/dL", CREATININE)
    assert str(refused.value) == (
        "Serum creatinine came as a value that no measurement has. "
        "We read finite numbers of ordinary size. Correct it at its source; it was not used."
    )


def test_a_refused_unit_is_said_before_a_value_that_no_measurement_has():
    with pytest.raises(UnitError, match="came without a unit"):
        convert(D("NaN"), "", CREATININE)


@pytest.mark.parametrize(("own", "other"), [("mg/dL", "furlong"), ("furlong", "mg/dL")])
def test_a_vocabulary_with_a_unit_outside_the_table_is_at_fault(own, other):
    fault = "The vocabulary's finding 'lactate' names a unit outside our table."
    assert faulty(other, measured_in(own, other)) == fault


@pytest.mark.parametrize("molar", [None, "111"])
def test_a_vocabulary_that_accepts_a_unit_of_another_kind_is_at_fault(molar):
    assert faulty("kg", measured_in("mg/dL", "kg", molar=molar)) == (
        "The vocabulary's finding 'lactate' accepts kg, which we cannot turn into mg/dL."
    )


def test_a_vocabulary_that_accepts_an_amount_without_a_molar_factor_is_at_fault():
    assert faulty("umol/L", measured_in("mg/dL", "umol/L")) == (
        "The vocabulary's finding 'lactate' accepts umol/L, which we cannot turn into mg/dL."
    )


# ── conversions ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_molar_factor_is_used_both_ways():
    assert convert(D(222), "umol/L", measured_in("mg/dL", "umol/L", molar="111")) == D(2)
    assert convert(D(2), "mg/dL", measured_in("umol/L", "mg/dL", molar="111")) == D(222)


@pytest.mark.parametrize(("came", "read"), [("98.6", "37"), ("32", "0"), ("104", "40")])
def test_fahrenheit_is_read_with_its_offset(came, read):
    assert convert(D(came), "[degF]", vocabulary()["temperature"]) == D(read)


def test_celsius_is_turned_into_fahrenheit_with_its_offset():
    assert convert(D(37), "Cel", measured_in("[degF]", "Cel")) == D("98.6")


def test_fifteen_digits_are_left_as_they_came_and_a_sixteenth_is_rounded():
    assert str(convert(D("1.00000000000001"), "mg/dL", CREATININE)) == "1.00000000000001"
    assert str(convert(D("1.00000000000010"), "mg/dL", CREATININE)) == "1.00000000000010"
    assert str(convert(D("1.000000000000010"), "mg/dL", CREATININE)) == "1.00000000000001"


def test_a_unit_outside_the_table_is_read_where_it_is_the_findings_own():
    assert convert(D("1.000000000000001"), "furlong", measured_in("furlong")) == D("1.00000000000001")
