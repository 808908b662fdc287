"""A measurement over a period whose start is no exact past instant may hold, and never permits, in every form."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from fhir_patient import NOW, TIME, concept, entry, observation, quantity, reading, spo2

from aldes.course.events import FindingCharted, StatementMade
from aldes.exchange import Reading, read
from aldes.findings.charted import Charted
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary

STARTS = {
    "no zone": "2024-03-05T00:00:00",
    "a date alone": "2024-03-04",
    "a month": "2024-03",
    "the future": "2024-03-05T09:00:00Z",
    "after the end": "2024-03-05T07:50:00Z",
    "no text": 7,
    "no time": "yesterday",
    "an odd zone": "2024-03-05T00:00:00+19:00",
}
WRONG = pytest.mark.parametrize("start", STARTS.values(), ids=STARTS.keys())


def charted(came: Reading) -> Charted:
    (only,) = [event.entry for event in came.events if isinstance(event, FindingCharted)]
    return only


def may_hold_and_is_reported(came: Reading, value: int) -> None:
    found = charted(came)
    assert (found.worst, found.valid) == (value, None)
    assert found.fault
    assert found.fault in [each.why for each in came.not_used]


@WRONG
def test_in_a_bundle(start: object) -> None:
    period = {"effectiveDateTime": None, "effectivePeriod": {"start": start, "end": TIME}}

    may_hold_and_is_reported(reading(spo2(87, **period)), 87)
    urine = observation(concept("9187-6"), valueQuantity=quantity(400, "mL"), **period)
    may_hold_and_is_reported(reading(urine), 400)


@WRONG
@pytest.mark.parametrize("time", [{}, {"time": TIME}])
def test_in_a_batch_line(start: object, time: dict[str, str]) -> None:
    for name, unit in (("spo2", "%"), ("urine", "mL")):
        item = {"name": name, "value": 87, "unit": unit, "period": [start, TIME], **time}
        may_hold_and_is_reported(read(json.dumps({"findings": [item]}).encode(), now=NOW), 87)


@WRONG
@pytest.mark.parametrize(("time", "end"), [(TIME, ""), ("", TIME), (TIME, TIME)])
def test_in_a_table(start: object, time: str, end: str) -> None:
    for name, unit in (("spo2", "%"), ("urine", "mL")):
        table = f"name,value,unit,time,start,end\n{name},87,{unit},{time},{start},{end}\n"
        may_hold_and_is_reported(read(table.encode(), now=NOW), 87)


@pytest.mark.parametrize("name", ["spo2", "urine", "weight"])
def test_a_start_without_a_zone_is_a_fault_whoever_hands_it_over(name: str) -> None:
    finding = vocabulary()[name]
    when = datetime(2024, 3, 5, 7, 40, tzinfo=UTC)
    naive = (when - timedelta(hours=8)).replace(tzinfo=None)
    found = chart(
        Raw(finding=finding, id="a", value=finding.survivable[1], unit=finding.unit, time=when, start=naive), NOW
    )

    assert found.valid is None
    assert " period. We read " in str(found.fault)


def test_a_collection_with_an_exact_start_is_valid() -> None:
    period = {"effectiveDateTime": None, "effectivePeriod": {"start": "2024-03-04T23:40:00Z", "end": TIME}}
    found = entry(reading(observation(concept("9187-6"), valueQuantity=quantity(400, "mL"), **period)))

    assert (found.valid, found.fault) == (400, None)


def statement(came: Reading) -> StatementMade:
    (only,) = [event for event in came.events if isinstance(event, StatementMade)]
    return only


@pytest.mark.parametrize("start", ["2024-03-05T00:00:00Z", "2024-03-05T00:00:00", "2024-03-05T07:50:00Z", 7])
def test_a_statement_over_a_period_answers_nothing(start: object) -> None:
    signed = {"name": "statement.neuro", "value": "none of the listed", "time": TIME, "period": [start, TIME]}
    period = {"effectiveDateTime": None, "effectivePeriod": {"start": start, "end": TIME}}
    code = {"coding": [{"system": "urn:aldes:finding", "code": "statement.neuro"}]}

    assert statement(read(json.dumps({"findings": [signed]}).encode(), now=NOW)).fault
    assert statement(reading(observation(code, valueString="none of the listed", **period))).fault
