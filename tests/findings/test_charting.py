"""How far a charted value may be trusted: it may hold on doubt, and permits only when nothing is doubtful."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from aldes.findings.charted import Charted
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Worse

NOW = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
D = Decimal
UNITS = {"spo2": "%", "creatinine": "mg/dL", "heart_rate": "/min", "platelets": "10*3/uL", "urine": "mL"}


def raw(name: str, value: Decimal | bool | str | None, **changed: object) -> Raw:
    """A clear value of half an hour ago, changed in one respect."""
    clear = Raw(finding=vocabulary()[name], id="a", value=value, unit=UNITS.get(name), time=NOW - timedelta(minutes=30))
    return replace(clear, **changed)  # type: ignore[arg-type]  # a test builder takes any field by name


def charted(name: str, value: Decimal | bool | str | None, **changed: object) -> Charted:
    return chart(raw(name, value, **changed), NOW)


def test_a_clear_value_may_answer_yes_and_no():
    entry = charted("spo2", D(87))
    assert (entry.worst, entry.valid, entry.fault, entry.text) == (D(87), D(87), None, "87 %")


def test_a_value_in_another_unit_is_converted_exactly():
    assert charted("creatinine", D(221), unit="umol/L").valid == D("2.5")


@pytest.mark.parametrize("status", ["final", "amended", "corrected"])
def test_a_final_amended_or_corrected_result_counts(status):
    assert charted("spo2", D(97), status=status).valid == D(97)


@pytest.mark.parametrize("status", ["registered", "preliminary", "unknown", "", "FINAL", "finished"])
def test_any_other_status_may_hold_but_never_permits(status):
    entry = charted("spo2", D(87), status=status)
    assert (entry.worst, entry.valid) == (D(87), None)
    assert "final, amended or corrected" in (entry.fault or "")


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_withdrawn_result_is_no_value_at_all(status):
    entry = charted("spo2", D(87), status=status)
    assert (entry.worst, entry.valid) == (None, None)
    assert entry.fault


@pytest.mark.parametrize("unit", [None, "", "mg/L", "percent", "MG/DL", "mmHg", "U"])
def test_a_number_without_a_right_unit_is_no_value(unit):
    entry = charted("creatinine", D("1.1"), unit=unit)
    assert (entry.worst, entry.valid) == (None, None)
    assert "mg/dL" in (entry.fault or "")


@pytest.mark.parametrize("value", [D("NaN"), D("Infinity"), D("-Infinity"), D("1" * 41), D("1e9999"), D("1e-9999")])
def test_a_number_that_no_measurement_has_is_no_value(value):
    entry = charted("spo2", value)
    assert (entry.worst, entry.valid) == (None, None)
    assert entry.fault


def test_a_missing_value_is_a_fault_and_no_permission():
    entry = charted("spo2", None)
    assert (entry.worst, entry.valid) == (None, None)
    assert entry.fault


@pytest.mark.parametrize(
    ("name", "value", "worst", "valid"),
    [
        ("spo2", "29.9", "29.9", None),  # beyond the worse end: may hold
        ("spo2", "30", "30", "30"),
        ("spo2", "100", "100", "100"),
        ("spo2", "100.1", None, None),  # beyond the better end: says nothing
        ("creatinine", "0.09", None, None),
        ("creatinine", "0.1", "0.1", "0.1"),
        ("creatinine", "30", "30", "30"),
        ("creatinine", "30.1", "30.1", None),
        ("creatinine", "-1", None, None),
        ("spo2", "-5", "-5", None),
        ("spo2", "0", "0", None),
    ],
)
def test_an_implausible_value_may_hold_only_beyond_the_worse_end(name, value, worst, valid):
    entry = charted(name, D(value))
    assert (entry.worst, entry.valid) == (worst and D(worst), valid and D(valid))
    assert (entry.fault is None) == (valid is not None)


def test_an_implausible_weight_of_the_order_has_no_worse_end():
    assert charted("dosing_weight", D(20), unit="kg").worst is None


@pytest.mark.parametrize(
    ("name", "comparator", "value", "worst"),
    [
        ("platelets", "<", "50", "1"),  # anything down to the lowest survivable
        ("platelets", "<=", "50", "1"),
        ("platelets", ">", "50", "50"),
        ("platelets", ">=", "50", "50"),
        ("creatinine", ">", "5", "30"),
        ("creatinine", ">=", "5", "30"),
        ("creatinine", "<", "0.5", "0.5"),
        ("creatinine", "<=", "0.5", "0.5"),
        ("spo2", "<", "20", "20"),  # already beyond the worse end
    ],
)
def test_a_comparator_counts_as_the_worst_value_that_it_admits(name, comparator, value, worst):
    entry = charted(name, D(value), comparator=comparator)
    assert (entry.worst, entry.valid) == (D(worst), None)
    assert "comparator" in (entry.fault or "")


def test_an_unknown_comparator_is_no_value():
    entry = charted("spo2", D(97), comparator="~")
    assert (entry.worst, entry.valid) == (None, None)


@pytest.mark.parametrize(
    ("name", "ends", "worst"),
    [
        ("spo2", (D(85), D(95)), D(85)),
        ("spo2", (None, D(95)), D(30)),
        ("creatinine", (D(1), D(3)), D(3)),
        ("creatinine", (D(1), None), D(30)),
        ("spo2", (D(95), D(85)), None),  # reversed
        ("spo2", (None, None), None),
    ],
)
def test_a_range_counts_as_its_worse_end(name, ends, worst):
    entry = charted(name, None, range=ends)
    assert (entry.worst, entry.valid) == (worst, None)
    assert "range" in (entry.fault or "")


def test_a_range_without_unit_is_no_value():
    assert charted("spo2", None, range=(D(85), D(95)), unit=None).worst is None


@pytest.mark.parametrize(("ahead", "fault"), [(0, False), (299, False), (300, False), (301, True), (86400, True)])
def test_a_time_more_than_five_minutes_ahead_is_the_future(ahead, fault):
    entry = charted("spo2", D(87), time=NOW + timedelta(seconds=ahead))
    assert ("future" in (entry.fault or "")) is fault
    assert (entry.valid is None) is fault
    assert entry.worst == D(87)
    assert entry.time == (NOW if fault else NOW + timedelta(seconds=ahead))


def test_a_missing_time_means_the_moment_it_was_recorded():
    entry = charted("spo2", D(87), time=None)
    assert (entry.time, entry.worst, entry.valid) == (NOW, D(87), None)


def test_a_time_without_zone_permits_nothing():
    entry = charted("spo2", D(97), time=datetime(2024, 3, 5, 7, 0))  # noqa: DTZ001  # the fault under test
    assert (entry.time, entry.worst, entry.valid) == (NOW, D(97), None)


def test_an_imprecise_time_counts_as_its_latest_instant_and_never_after_the_record():
    early, late = NOW - timedelta(hours=20), NOW + timedelta(hours=4)
    assert charted("spo2", D(87), time=early, imprecise="is a date without a time of day").time == early
    entry = charted("spo2", D(87), time=late, imprecise="is a date without a time of day")
    assert (entry.time, entry.worst, entry.valid) == (NOW, D(87), None)


def test_a_time_of_years_ago_is_kept_as_it_is():
    old = datetime(1999, 1, 1, tzinfo=timezone(timedelta(hours=1)))
    assert charted("spo2", D(97), time=old).time == old


@pytest.mark.parametrize("value", [D(1), D(0), "true", "yes"])
def test_a_flag_is_only_yes_or_no(value):
    entry = charted("seizure", value)
    assert (entry.worst, entry.valid) == (None, None)


@pytest.mark.parametrize("value", [True, False])
def test_a_flag_keeps_its_answer(value):
    assert charted("seizure", value).valid is value


@pytest.mark.parametrize("value", [True, False, "1.4", "normal"])
def test_a_boolean_or_a_text_is_never_a_number(value):
    entry = charted("creatinine", value)
    assert (entry.worst, entry.valid) == (None, None)


def test_a_code_is_one_of_its_list():
    assert charted("mental_status", "changed").valid == "changed"


@pytest.mark.parametrize("value", ["Changed", "confused", "", D(1), True])
def test_a_code_outside_its_list_is_no_value(value):
    entry = charted("mental_status", value)
    assert (entry.worst, entry.valid) == (None, None)
    assert "'moderate confusion or agitation'" in (entry.fault or "")


def test_urine_without_a_collection_period_permits_nothing():
    entry = charted("urine", D(400))
    assert (entry.start, entry.worst, entry.valid) == (None, D(400), None)
    assert "collection period" in (entry.fault or "")


@pytest.mark.parametrize(
    ("before", "closed"), [(timedelta(hours=8), True), (timedelta(0), False), (-timedelta(hours=1), False)]
)
def test_a_collection_period_begins_before_it_ends(before, closed):
    end = NOW - timedelta(minutes=30)
    entry = charted("urine", D(400), time=end, start=end - before)
    assert (entry.start is not None) is closed
    assert (entry.valid is not None) is closed


def test_a_measurement_over_a_period_permits_nothing():
    entry = charted("spo2", D(97), start=NOW - timedelta(hours=3))
    assert (entry.worst, entry.valid) == (D(97), None)


def test_the_reference_range_is_read_in_the_unit_of_the_value():
    entry = charted("creatinine", D(221), unit="umol/L", low=D("53.04"), high=D("106.08"))
    assert (entry.low, entry.high) == (D("0.6"), D("1.2"))


def test_a_converted_reference_limit_is_never_easier_to_meet():
    high = charted("creatinine", D(221), unit="umol/L", high=D(100)).high
    assert high is not None
    assert high * D("88.4") <= 100
    assert vocabulary()["creatinine"].worse is Worse.HIGH


@pytest.mark.parametrize("limits", [{"low": D(2), "high": D(1)}, {"high": D("NaN")}, {"unit": None, "high": D(1)}])
def test_a_reference_range_that_cannot_be_right_is_none(limits):
    assert charted("creatinine", D(1), **limits).high is None


def test_what_the_reader_saw_takes_the_permission_but_not_the_hold():
    entry = charted("spo2", D(87), faults=("Two values came.",))
    assert (entry.worst, entry.valid, entry.fault) == (D(87), None, "Two values came.")


def test_a_fault_never_repeats_a_text_that_came():
    came = "SURNAME 1970-01-01"
    for entry in (charted("mental_status", came), charted("creatinine", came), charted("spo2", D(9), unit=came)):
        assert came not in f"{entry.fault} {entry.text}"
