"""What a fault of a charted value says: what came, what is accepted, what to do next; word for word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aldes.findings.charted import Charted
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding

NOW = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
HALF_PAST = NOW - timedelta(minutes=30)
D = Decimal
UNITS = {"spo2": "%", "creatinine": "mg/dL", "platelets": "10*3/uL", "urine": "mL", "dosing_weight": "kg"}
COMPARED = "Oxygen saturation came with a comparator. We read a measured number. Ask for the number itself."
RANGED = "Oxygen saturation came as a range. We read one measured number. Ask for the number itself."


def charted(name: str, value: Decimal | bool | str | None, **changed: object) -> Charted:
    """A clear value of half an hour ago, changed in one respect."""
    return of(vocabulary()[name], value, **changed)


def of(finding: Finding, value: Decimal | bool | str | None, **changed: object) -> Charted:
    clear = Raw(finding=finding, id="a", value=value, unit=UNITS.get(finding.name), time=HALF_PAST)
    return chart(replace(clear, **changed), NOW)  # type: ignore[arg-type]  # a test builder takes any field by name


def anyhow(name: str) -> Finding:
    """The finding, as if no range of it were survivable."""
    return replace(vocabulary()[name], survivable=None)


# ── what an entry keeps ──────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_keeps_what_came_with_the_value():
    entry = charted("creatinine", D("1.1"), id="result-7", low=D("0.6"), high=D("1.2"), role="nurse")
    assert entry == Charted(
        finding="creatinine",
        id="result-7",
        time=HALF_PAST,
        start=None,
        worst=D("1.1"),
        valid=D("1.1"),
        low=D("0.6"),
        high=D("1.2"),
        text="1.1 mg/dL",
        fault=None,
        role="nurse",
    )


def test_the_text_of_the_reader_is_kept_where_there_is_one():
    assert charted("spo2", D(87), text="87 % on air").text == "87 % on air"


def test_several_faults_are_all_said_in_order():
    entry = charted("spo2", D(29), status="preliminary", time=NOW + timedelta(hours=1), faults=("Two values came.",))
    assert entry.fault == (
        "Two values came. "
        "The status of oxygen saturation is 'preliminary'. We read final, amended or corrected. Ask for the final one. "
        "Oxygen saturation of 29 % is implausible. We take 30 to 100. "
        "Measure again, or correct value and unit at their source. "
        "The time of oxygen saturation lies in the future. "
        "We take at most 5 minutes of difference between clocks. Check the clock and the entry."
    )


def test_a_withdrawn_value_keeps_its_text_and_time_for_people():
    entry = charted("spo2", D(87), status="entered-in-error")
    assert (entry.worst, entry.text, entry.time) == (None, "87 %", HALF_PAST)


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_value_says_so():
    fault = "No value came for oxygen saturation. Chart it again with its value."
    assert charted("spo2", None).fault == fault


def test_what_the_reader_said_of_a_missing_value_is_enough():
    assert charted("spo2", None, faults=("The result was cancelled.",)).fault == "The result was cancelled."


@pytest.mark.parametrize(("value", "came"), [(D(1), "a number"), ("true", "text")])
def test_a_flag_that_is_no_flag_says_what_came(value, came):
    assert charted("seizure", value).fault == (
        f"Seizure came as {came}. We read yes or no (true or false). Chart it so."
    )


@pytest.mark.parametrize(("value", "came"), [(True, "yes or no"), ("1.4", "text")])
def test_a_number_that_is_no_number_says_what_came(value, came):
    assert charted("creatinine", value).fault == (
        f"Serum creatinine came as {came}. We read a number with its unit. Chart it so."
    )


@pytest.mark.parametrize(
    ("value", "came"),
    [("confused", "a word that is not on its list"), (D(1), "a number"), (False, "yes or no")],
)
def test_a_code_outside_its_list_names_the_list(value, came):
    assert charted("mental_status", value).fault == (
        f"Mental status came as {came}. "
        "We read 'normal', 'changed', 'moderate confusion or agitation', 'severe'. Chart one of these."
    )


@pytest.mark.parametrize("value", [D("NaN"), D("Infinity"), D("1" * 41)])
def test_a_number_that_no_measurement_has_says_so(value):
    assert charted("spo2", value).fault == (
        "Oxygen saturation came as a number that no measurement has. Correct it at its source."
    )


def test_forty_digits_are_still_a_number():
    assert charted("spo2", D("9" + "0" * 39)).worst is None  # implausible, and said so
    assert charted("spo2", D("90." + "0" * 38)).valid == D(90)


def test_a_number_without_its_unit_says_which_units_are_read():
    assert charted("creatinine", D("1.1"), unit=None).fault == (
        "Serum creatinine came without a unit. We read mg/dL, umol/L or mmol/L. "
        "A number without a unit is never guessed. Check the unit at its source; the value was not used."
    )


def test_an_implausible_value_says_the_range_that_is_taken():
    assert charted("creatinine", D(442), unit="mg/dL").fault == (
        "Serum creatinine of 442 mg/dL is implausible. We take 0.1 to 30. "
        "Measure again, or correct value and unit at their source."
    )


def test_a_finding_without_a_survivable_range_takes_any_number():
    entry = of(anyhow("creatinine"), D(442))
    assert (entry.valid, entry.fault) == (D(442), None)


# ── comparators and ranges ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("comparator", ["<", "<=", ">=", ">", "~"])
def test_a_comparator_says_that_a_measured_number_is_read(comparator):
    assert charted("spo2", D(85), comparator=comparator).fault == COMPARED


def test_a_comparator_beyond_the_survivable_range_says_both():
    assert charted("creatinine", D(40), comparator=">").fault == (
        "Serum creatinine came with a comparator. We read a measured number. Ask for the number itself. "
        "Serum creatinine of 40 mg/dL is implausible. We take 0.1 to 30. "
        "Measure again, or correct value and unit at their source."
    )


def test_a_comparator_is_shown_with_the_value():
    assert charted("platelets", D(50), comparator="<").text == "< 50 thousand/µL"


@pytest.mark.parametrize("comparator", ["<", ">"])
def test_a_comparator_without_a_survivable_range_has_no_worst_value(comparator):
    for name in ("spo2", "creatinine"):
        assert of(anyhow(name), D(20), comparator=comparator).worst is None


@pytest.mark.parametrize("comparator", ["<", ">"])
def test_a_comparator_of_a_settled_weight_has_no_worst_value(comparator):
    entry = charted("dosing_weight", D(70), comparator=comparator)
    assert (entry.worst, entry.valid) == (None, None)
    assert entry.fault == (
        "Dosing weight came with a comparator. We read a measured number. Ask for the number itself."
    )


@pytest.mark.parametrize("ends", [(D(85), D(95)), (None, D(95)), (D(85), None), (D(90), D(90))])
def test_a_range_says_that_one_number_is_read(ends):
    assert charted("spo2", None, range=ends).fault == RANGED


def test_a_range_of_one_number_is_still_a_range():
    assert charted("spo2", None, range=(D(90), D(90))).worst == D(90)


def test_a_range_is_read_in_its_unit():
    assert charted("creatinine", None, range=(D("88.4"), D("265.2")), unit="umol/L").worst == D(3)


@pytest.mark.parametrize("ends", [(D(95), D(85)), (None, None)])
def test_a_range_with_missing_or_reversed_ends_says_so(ends):
    assert charted("spo2", None, range=ends).fault == (
        "Oxygen saturation came as a range whose ends are missing or reversed. Correct it at its source."
    )


def test_an_end_without_a_right_unit_is_said_beside_the_range():
    assert charted("spo2", None, range=(D(85), D(95)), unit=None).fault == (
        f"{RANGED} Oxygen saturation came without a unit. We read %. "
        "A number without a unit is never guessed. Check the unit at its source; the value was not used."
    )


def test_a_range_whose_worse_end_is_implausible_may_hold_and_says_so():
    entry = charted("spo2", None, range=(D(20), D(95)))
    assert entry.worst == D(20)
    assert entry.fault == (
        f"{RANGED} Oxygen saturation of 20 % is implausible. We take 30 to 100. "
        "Measure again, or correct value and unit at their source."
    )


def test_a_range_of_a_settled_weight_or_without_a_survivable_range_has_no_worst_value():
    assert charted("dosing_weight", None, range=(D(60), D(70))).worst is None
    entry = of(anyhow("spo2"), None, range=(D(85), D(95)))
    assert (entry.worst, entry.fault) == (None, RANGED)


def test_a_range_has_no_text_of_its_own():
    assert charted("spo2", None, range=(D(85), D(95))).text == ""


# ── status ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "came"),
    [
        ("registered", "'registered'"),
        ("preliminary", "'preliminary'"),
        ("unknown", "'unknown'"),
        ("cancelled", "'cancelled'"),
        ("entered-in-error", "'entered-in-error'"),
        ("", "missing or unknown"),
        ("FINAL", "missing or unknown"),
        ("SURNAME 1970-01-01", "missing or unknown"),
    ],
)
def test_a_status_is_repeated_only_where_it_is_one_of_the_standard_words(status, came):
    assert charted("spo2", D(97), status=status).fault == (
        f"The status of oxygen saturation is {came}. We read final, amended or corrected. Ask for the final one."
    )


# ── time and period ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("time", [None, HALF_PAST.replace(tzinfo=None)], ids=["missing", "no zone"])
def test_a_missing_time_or_zone_says_so(time):
    assert charted("spo2", D(97), time=time).fault == (
        "The time of oxygen saturation is missing or has no zone. We read date, time and zone. Chart it with all three."
    )


def test_an_imprecise_time_says_why():
    assert charted("spo2", D(97), imprecise="is a date without a time of day").fault == (
        "The time of oxygen saturation is a date without a time of day. "
        "We read date, time and zone. Chart it with all three."
    )


@pytest.mark.parametrize("time", [None, HALF_PAST.replace(tzinfo=None)], ids=["missing", "no zone"])
def test_an_imprecise_time_that_is_missing_counts_as_the_moment_it_was_recorded(time):
    assert charted("spo2", D(97), time=time, imprecise="has no time of day").time == NOW


def test_urine_without_its_period_says_so():
    fault = "Urine output came with no collection period. We read a start and a later end. Chart both."
    assert charted("urine", D(400)).fault == fault
    assert charted("urine", D(400), start=(HALF_PAST - timedelta(hours=8)).replace(tzinfo=None)).fault == fault


def test_a_collection_period_of_urine_is_kept():
    entry = charted("urine", D(400), start=HALF_PAST - timedelta(hours=8))
    assert (entry.start, entry.fault) == (HALF_PAST - timedelta(hours=8), None)


def test_a_measurement_over_a_period_says_so():
    entry = charted("spo2", D(97), start=NOW - timedelta(hours=3))
    assert entry.start is None
    assert entry.fault == (
        "Oxygen saturation came over a period. We read the one instant of a measurement. Chart that."
    )


def test_a_period_of_no_length_is_the_instant_of_the_measurement():
    entry = charted("spo2", D(97), start=HALF_PAST)
    assert (entry.start, entry.valid) == (None, D(97))


# ── reference range ──────────────────────────────────────────────────────────────────────────────────────────


def test_one_end_of_a_reference_range_is_kept_alone():
    upper, lower = charted("creatinine", D(1), high=D("1.2")), charted("creatinine", D(1), low=D("0.6"))
    assert (upper.low, upper.high) == (None, D("1.2"))
    assert (lower.low, lower.high) == (D("0.6"), None)


def test_a_reference_range_of_one_number_is_a_range():
    entry = charted("creatinine", D(1), low=D(1), high=D(1))
    assert (entry.low, entry.high) == (D(1), D(1))


def test_a_reversed_reference_range_is_none_at_both_ends():
    entry = charted("creatinine", D(1), low=D(2), high=D(1))
    assert (entry.low, entry.high) == (None, None)


@pytest.mark.parametrize(
    ("name", "unit", "came", "limit"),
    [
        ("creatinine", "umol/L", "115", "1.30090497737556"),  # 1.3009049773755656…: down, a lower upper limit
        ("systolic", "kPa", "15", "112.509236376849"),  # 112.50923637684845…: up, a higher lower limit
    ],
)
def test_a_converted_limit_is_rounded_to_be_harder_to_meet(name, unit, came, limit):
    entry = charted(name, D(came), unit=unit, low=D(came), high=D(came))
    assert (entry.low, entry.high) == (D(limit), D(limit))


def test_a_limit_of_a_settled_weight_is_rounded_to_the_nearest():
    came = D("70.000000000000061")
    assert charted("dosing_weight", D(70), high=came).high == D("70.0000000000001")
    assert charted("dosing_weight", D(70), high=D("70.000000000000041")).high == D(70)


# ── the value for people ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("value", "text"), [(True, "yes"), (False, "no")])
def test_a_flag_is_shown_as_yes_or_no(value, text):
    assert charted("seizure", value).text == text


@pytest.mark.parametrize(("value", "text"), [("changed", "changed"), ("SURNAME 1970-01-01", "")])
def test_only_a_word_of_the_list_is_shown(value, text):
    assert charted("mental_status", value).text == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (D("221.0"), "umol/L", "221 micromol/L"),
        (D("1.1"), None, "1.1 (unit not read)"),
        (D("1.1"), "SURNAME", "1.1 (unit not read)"),
        (None, "mg/dL", ""),
        (D("NaN"), "mg/dL", ""),
        (D("1e41"), "mg/dL", ""),
        (D("1" * 41), "mg/dL", ""),
        (D("1" * 40), "mg/dL", f"{int('1' * 40):,} mg/dL"),
    ],
)
def test_a_number_is_shown_with_its_unit_in_words(value, unit, text):
    assert charted("creatinine", value, unit=unit).text == text
