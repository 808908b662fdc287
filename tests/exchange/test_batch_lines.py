"""Batch lines: one patient's question in our own form."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from fhir_patient import bundle, dose, spo2

from aldes.course.events import (
    ClinicianHeld,
    CourseEnded,
    CycleOpened,
    Discharged,
    EntryRetracted,
    FindingCharted,
    HoldOpened,
    NoticeAcknowledged,
    RecordDoubted,
    SlotClosed,
    StatementMade,
    StopConfirmed,
    StopRaised,
)
from aldes.course.fold import replay
from aldes.errors import InputError
from aldes.exchange import read

D = Decimal
CLOCK = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
TIME = "2024-03-05T07:40:00Z"
SPO2 = {"name": "spo2", "value": 87, "unit": "%", "time": TIME}
START = "2024-03-05T00:00:00Z"


def line(**keys):
    return read(json.dumps(keys).encode(), now=CLOCK)


def item(**changed):
    whole = {key: value for key, value in {**SPO2, **changed}.items() if value is not ...}
    return line(findings=[whole])


def charted(came):
    (event,) = [each for each in came.events if isinstance(each, FindingCharted)]
    return event.entry


def test_a_finding_is_charted():
    entry = charted(line(findings=[SPO2]))
    assert (entry.finding, entry.valid, entry.time) == ("spo2", D(87), datetime(2024, 3, 5, 7, 40, tzinfo=UTC))


def test_the_line_names_itself_its_protocol_and_its_now():
    came = line(id="line-1", protocol="us-label-2023", now="2024-03-05T07:45:00+00:00", findings=[])
    assert (came.id, came.protocol, came.now) == ("line-1", "us-label-2023", CLOCK - timedelta(minutes=15))
    assert not came.has_course


def test_without_its_own_now_the_clock_is_the_callers():
    assert line(findings=[SPO2]).now is None


def test_what_lies_after_the_lines_own_now_is_the_future():
    entry = charted(line(now="2024-03-05T07:00:00Z", findings=[SPO2]))
    assert (entry.worst, entry.valid, entry.time.hour) == (D(87), None, 7)


def test_an_absent_status_is_final_and_an_odd_one_permits_nothing():
    assert charted(item()).valid == D(87)
    assert charted(item(status="preliminary")).valid is None
    assert charted(item(status=None)).valid is None


@pytest.mark.parametrize("unit", [..., None, "", 7, "mg/dL", "percent"])
def test_a_number_without_its_unit_is_no_value(unit):
    assert charted(item(unit=unit)).worst is None


@pytest.mark.parametrize(
    ("value", "worst"), [("<90", 30), ("> 95", 95), (">=95", 95), ("<nine", None), ("97", None), ("1,4", None)]
)
def test_a_text_is_a_number_only_behind_a_comparator_and_then_only_holds(value, worst):
    entry = charted(item(value=value))
    assert (entry.worst, entry.valid) == (worst and D(worst), None)


@pytest.mark.parametrize("value", [True, None, [97], {"value": 97}, ...])
def test_a_value_of_another_shape_is_none(value):
    assert charted(item(value=value)).worst is None


@pytest.mark.parametrize("number", ["9" * 4000, "9." + "9" * 4000, "1e999999", "1e-999999", "-1E+400"])
def test_a_number_of_endless_digits_is_kept_as_unusable(number):
    data = json.dumps({"findings": [SPO2]}).replace("87", number).encode()
    entry = charted(read(data, now=CLOCK))
    assert (entry.worst, entry.valid) == (None, None)
    assert "no measurement has" in (entry.fault or "")


@pytest.mark.parametrize("time", [..., None, "2024-03-05", "2024-03-05T07:40:00", "now", 1709624400])
def test_a_time_that_is_no_instant_permits_nothing(time):
    entry = charted(item(time=time))
    assert (entry.worst, entry.valid) == (D(87), None)


URINE = {"name": "urine", "value": 400, "unit": "mL"}


def test_urine_has_its_period_in_place_of_a_time():
    entry = charted(line(findings=[{**URINE, "period": ["2024-03-04T23:00:00Z", "2024-03-05T07:00:00Z"]}]))
    assert (entry.valid, entry.time.hour) == (D(400), 7)


@pytest.mark.parametrize(
    "period",
    [
        ["2024-03-04T23:00:00Z"],
        "2024-03-04T23:00:00Z",
        ["2024-03-04T23:00:00Z", None],
        ["2024-03-04", "2024-03-05T07:00:00Z"],
        ["2024-03-05T07:00:00Z", "2024-03-04T23:00:00Z"],
        ["2024-03-05T07:00:00Z", "2024-03-05T09:00:00Z"],
    ],
)
def test_urine_without_a_closed_period_permits_nothing(period):
    assert charted(line(findings=[{**URINE, "period": period}])).valid is None


def test_a_time_that_differs_from_the_end_of_the_period_permits_nothing():
    both = {**URINE, "time": TIME, "period": ["2024-03-04T23:00:00Z", "2024-03-05T07:00:00Z"]}
    assert charted(line(findings=[both])).valid is None


def test_the_reference_range_comes_in_the_unit_of_the_value():
    creatinine = {"name": "creatinine", "value": 221, "unit": "umol/L", "time": TIME, "high": 106.08}
    assert charted(line(findings=[creatinine])).high == D("1.2")


def test_an_unknown_name_is_not_used_and_the_nearest_is_named():
    came = item(name="sp02")
    assert [type(each) for each in came.events] == [RecordDoubted]
    assert "'spo2'" in came.not_used[0].why


@pytest.mark.parametrize("name", ["urine_8h", "dose_number"])
def test_what_is_computed_cannot_be_charted(name):
    assert [type(each) for each in item(name=name).events] == [RecordDoubted]


def test_an_item_without_a_name_is_said_first():
    assert item(name=7).alert


def test_a_statement_is_an_item():
    (event,) = line(findings=[{"name": "statement.neuro", "value": "none of the listed", "time": TIME}]).events
    assert isinstance(event, StatementMade)
    assert (event.system, event.fault) == ("neuro", None)


def test_an_entry_is_retracted_by_its_id():
    error = {**SPO2, "id": "a", "status": "entered-in-error"}
    came = line(entries=[{**SPO2, "id": "a"}, error])
    assert [type(each) for each in came.events] == [FindingCharted, EntryRetracted]


def test_what_was_never_charted_here_is_withdrawn_from_an_earlier_import_and_reported():
    came = line(entries=[{**SPO2, "id": "a", "status": "entered-in-error"}])
    (event,) = came.events
    assert isinstance(event, EntryRetracted)
    assert (event.id, event.happened_at, event.recorded_at) == ("a", CLOCK, CLOCK)
    assert came.not_used


def test_what_has_no_id_can_only_be_reported():
    came = line(entries=[{**SPO2, "status": "entered-in-error"}])
    assert came.events == ()
    assert "send its id" in came.not_used[0].why


def test_an_entry_is_retracted_wherever_the_retraction_stands_and_however_often_it_was_charted():
    error = {**SPO2, "id": "a", "status": "entered-in-error"}
    came = line(entries=[error, {**SPO2, "id": "a"}, {**SPO2, "id": "a", "value": 97}])
    assert replay(came.events).entries["spo2"] == ()


def test_an_own_id_never_reaches_the_parts_and_repetitions_of_another():
    error = {**SPO2, "id": "a", "status": "entered-in-error"}
    came = line(entries=[{**SPO2, "id": "a#systolic"}, {**SPO2, "id": "a~b", "value": 97}, error])
    assert len(replay(came.events).entries["spo2"]) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_a_cancelled_entry_withdraws_what_it_said_and_stays_as_unknown(order):
    items = [{**SPO2, "id": "a"}, {**SPO2, "id": "a", "status": "cancelled"}]
    (left,) = replay(line(entries=items[::order]).events).entries["spo2"]
    assert (left.worst, left.valid) == (None, None)


def test_one_id_for_two_values_replaces_nothing_unless_it_is_a_correction():
    twice = line(entries=[{**SPO2, "id": "a"}, {**SPO2, "id": "a", "value": 97}])
    assert len({each.entry.id for each in twice.events}) == 2
    corrected = line(entries=[{**SPO2, "id": "a"}, {**SPO2, "id": "a", "value": 97, "status": "corrected"}])
    assert [each.entry.id for each in corrected.events] == ["a", "a"]


def test_two_values_at_one_time_are_both_kept_and_reported():
    came = line(findings=[SPO2, {**SPO2, "value": 95}])
    assert len(came.events) == 2
    assert "Two values" in came.not_used[0].why


def test_a_dose_among_the_entries_is_a_slot():
    came = line(entries=[{"name": "aldesleukin", "value": "given", "time": START}])
    assert [type(each) for each in came.events] == [CycleOpened, SlotClosed]


@pytest.mark.parametrize(
    "changed", [{"value": "gave"}, {"time": "2024-03-05"}, {"time": "2024-03-06T00:00:00Z"}, {"status": "unknown"}]
)
def test_a_dose_that_cannot_be_counted_is_said_first(changed):
    came = line(entries=[{"name": "aldesleukin", "value": "given", "time": START, **changed}])
    assert [type(each) for each in came.events] == [RecordDoubted]
    assert len(came.alert) == 1


def test_a_bundle_inside_or_in_place_of_a_line_is_read_alike():
    inside, bare = line(bundle=bundle(spo2())), read(json.dumps(bundle(spo2())).encode(), now=CLOCK)
    assert inside.events == bare.events != ()


def course(**block):
    came = line(course=block)
    assert came.has_course
    return came.events


GIVEN = {"number": 1, "start": START, "state": "given"}
AT = datetime(2024, 3, 5, tzinfo=UTC)


def test_a_stated_slot_opens_its_cycle_and_closes():
    opened, closed = course(cycle=1, slots=[GIVEN])
    assert isinstance(opened, CycleOpened)
    assert isinstance(closed, SlotClosed)
    assert (opened.cycle, opened.happened_at, closed.number, closed.happened_at) == (1, AT, 1, AT)


def test_an_unaccounted_slot_has_no_event():
    assert [type(each) for each in course(slots=[GIVEN, {**GIVEN, "number": 2, "state": "unaccounted"}])] == [
        CycleOpened,
        SlotClosed,
    ]


def test_a_cycle_before_its_first_dose_begins_now():
    opened = course(cycle=2, cycle_starts=["2024-02-19T08:00:00Z"])
    assert [(each.cycle, each.happened_at == CLOCK) for each in opened] == [(1, False), (2, True)]


def test_slots_of_both_cycles_are_counted_in_their_own():
    starts = ["2024-02-19T08:00:00Z", "2024-03-04T08:00:00Z"]
    slots = [{**GIVEN, "cycle": 1, "start": starts[0]}, {**GIVEN, "start": starts[1]}]
    events = course(cycle=2, cycle_starts=starts, slots=slots)
    assert [each.cycle for each in events if isinstance(each, SlotClosed)] == [1, 2]


def test_a_standing_hold_stands_since_its_onset_or_its_cycle():
    events = course(cycle_starts=[START], standing_holds=["HOLD-RESP-01", {"row": "HYP-01", "onset": TIME}])
    holds = {each.row: each.happened_at for each in events if isinstance(each, HoldOpened)}
    assert holds == {"HOLD-RESP-01": AT, "HYP-01": datetime(2024, 3, 5, 7, 40, tzinfo=UTC)}


@pytest.mark.parametrize(("confirmed", "kinds"), [(True, [StopRaised, StopConfirmed]), (False, [StopRaised])])
def test_a_stop_is_confirmed_only_when_it_says_so(confirmed, kinds):
    events = course(stops=[{"row": "STOP-CV-01", "scope": "for good", "confirmed": confirmed}])
    assert [type(each) for each in events] == kinds


def test_the_last_discharge_ends_the_course_before():
    events = course(discharge="2024-01-10T12:00:00Z", cycle_starts=[START])
    assert [type(each) for each in events] == [Discharged, CourseEnded, CycleOpened]


def test_weights_and_target_are_charted_as_the_cycle_began():
    events = course(cycle_starts=[START], weights={"dosing": 70, "baseline": 71.5}, target=90)
    values = {each.entry.finding: (each.entry.valid, each.happened_at) for each in events[1:]}
    assert values == {"dosing_weight": (D(70), AT), "weight": (D("71.5"), AT), "systolic_target": (D(90), AT)}


def test_a_clinicians_hold_stands():
    assert [type(each) for each in course(clinician_hold=True)] == [ClinicianHeld]
    assert course(clinician_hold=False) == ()


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"cyle": 1}, "Did you mean 'cycle'"),
        ({"cycle": 0}, "whole number"),
        ({"cycle": "1"}, "whole number"),
        ({"cycle": 1.5}, "whole number"),
        ({"cycle": True}, "whole number"),
        ({"cycle": 3, "cycle_starts": [START]}, "do not fit"),
        ({"cycle_starts": [START, "2024-03-01T00:00:00Z"]}, "in order of time"),
        ({"cycle_starts": ["2024-03-05"]}, "date without a time"),
        ({"cycle_starts": ["2025-03-05T00:00:00Z"]}, "future"),
        ({"cycle_starts": START}, "not a list"),
        ({"cycle_starts": [START], "slots": [{**GIVEN, "start": "2024-03-04T00:00:00Z"}]}, "before its cycle"),
        ({"slots": [GIVEN, GIVEN]}, "came twice"),
        ({"slots": [{**GIVEN, "state": "gven"}]}, "Did you mean 'given'"),
        ({"slots": [{**GIVEN, "number": 0}]}, "whole number"),
        ({"slots": [{**GIVEN, "nummer": 1}]}, "Did you mean 'number'"),
        ({"slots": [{"number": 1, "state": "given"}]}, "is missing"),
        ({"slots": ["given"]}, "not an object"),
        ({"standing_holds": [7]}, "not an object"),
        ({"standing_holds": [{"onset": TIME}]}, "id of a row"),
        ({"stops": [{"row": "STOP-CV-01", "scope": "ever"}]}, "for good"),
        ({"stops": [{"row": "STOP-CV-01", "scope": "for good", "confirmed": "yes"}]}, "true nor false"),
        ({"stops": [{"row": "STOP-CV-01", "scope": "for good", "cycle": 9}]}, "no start"),
        ({"discharge": TIME, "cycle_starts": [START]}, "after this course began"),
        ({"weights": {"dose": 70}}, "Did you mean 'dosing'"),
        ({"weights": {"dosing": "70"}}, "plain number"),
        ({"target": True}, "plain number"),
        ({"clinician_hold": 1}, "true nor false"),
        ([], "not an object"),
    ],
)
def test_a_course_is_stated_right_or_not_at_all(block, said):
    with pytest.raises(InputError, match=said):
        line(course=block)


def test_doses_are_told_in_one_place_only():
    with pytest.raises(InputError, match="count twice"):
        line(course={"slots": [GIVEN]}, bundle=bundle(dose()))


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"finding": []}, "Did you mean 'findings'"),
        ({"findings": [{**SPO2, "valu": 1}]}, "Did you mean 'value'"),
        ({"findings": {}}, "not a list"),
        ({"findings": [7]}, "not an object"),
        ({"findings": [], "entries": []}, "one of them"),
        ({"bundle": []}, "not an object"),
        ({"now": "today"}, "cannot be read"),
        ({"now": "2024-03-05T08:00:00"}, "no zone"),
        ({"id": {}}, "not a text"),
        ({"protocol": 3}, "not a text"),
    ],
)
def test_a_bad_line_is_refused_with_a_sentence(keys, said):
    with pytest.raises(InputError, match=said):
        line(**keys)


def test_a_condition_is_acknowledged_by_name():
    taken = {"row": "ALM-01", "at": TIME, "by": "the registrar on call"}
    (event,) = [each for each in line(course={"acknowledged": [taken]}).events if isinstance(each, NoticeAcknowledged)]
    assert (event.row, event.by) == ("ALM-01", "the registrar on call")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"by": ""}, "acknowledged by name"),
        ({"by": 7}, "acknowledged by name"),
        ({"row": "a row"}, "is not the id of a row"),
        ({"at": "2024-03-05T09:00:00Z"}, "lies in the future"),
        ({"who": "x"}, "which we do not know"),
    ],
)
def test_an_acknowledgement_that_cannot_be_right_is_refused(changed, said):
    taken = {"row": "ALM-01", "at": TIME, "by": "the registrar on call", **changed}
    with pytest.raises(InputError, match=said):
        line(course={"acknowledged": [taken]})
