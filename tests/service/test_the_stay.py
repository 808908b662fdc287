"""The stay on its page: what happened, cycles, doubts, grades, another record."""

import json

import builders as b
import pytest
import shift as s

import house as h
from aldes.course.events import GradeRecorded, RecordDoubted, StayChanged


@pytest.fixture
def served():
    return h.Served()


def sent(browser, do, **fields):
    data = browser.hidden(f"/patients/{s.BED}/stay") | {"secret": h.SECRET} | fields
    return browser.client.post(f"/patients/{s.BED}/acts/{do}", data=data)


def record(browser, content):
    data = browser.hidden(f"/patients/{s.BED}/stay")
    file = {"record": ("record.json", content, "application/json")}
    return browser.client.post(f"/patients/{s.BED}/record", data=data, files=file)


def test_the_page_opens(served):
    text = served.browser().get(f"/patients/{s.BED}/stay").text
    assert "Stay: treating, cycle 1" in text


def test_what_happened_is_recorded_and_shown(served):
    assert sent(served.browser(), "change-stay", what="culture taken", detail="blood, two sets").status_code == 303
    assert served.shift.events(StayChanged)[-1].words == "blood, two sets"
    assert "culture taken, blood, two sets" in served.browser().get(f"/patients/{s.BED}/stay").text


def test_a_grade_is_signed(served):
    assert sent(served.browser(), "record-grade", term="fever", grade="2").status_code == 303
    (recorded,) = served.shift.events(GradeRecorded)
    assert (recorded.term, recorded.grade, recorded.version) == ("fever", 2, "5.0")


@pytest.mark.parametrize("term", ["fever and chills", ""])
def test_a_term_that_the_criteria_do_not_have_is_not_graded(served, term):
    assert sent(served.browser(), "record-grade", term=term, grade="2").status_code in (400, 409)
    assert not served.shift.events(GradeRecorded)


def test_a_doubt_is_shown_and_settled():
    doubt = RecordDoubted(happened_at=b.ago(1), recorded_at=b.ago(1), why="a dose that cannot be counted")
    served = h.Served(s.shift(doubt))
    assert "a dose that cannot be counted" in served.browser().get(f"/patients/{s.BED}/stay").text
    assert sent(served.browser("pharmacist A"), "settle-doubts", why="seen on paper").status_code == 303
    assert served.shift.course.doubts == 0


def test_a_slot_charted_in_error_is_taken_back_by_two(served):
    physician = served.browser("physician A")
    fields = {"cycle": "1", "number": "5", "why": "another patient's"}
    second = {"second": served.ids["nurse A"], "second_secret": h.SECRET}
    assert sent(physician, "retract-slot", **fields).status_code == 403
    assert sent(physician, "retract-slot", **fields, **second).status_code == 303
    assert len(served.shift.course.in_cycle) == 4


def test_a_record_is_taken_over_with_what_did_not_count(served):
    line = {"findings": [{"name": "spo2", "value": 87, "unit": "%", "time": b.NOW.isoformat(), "id": "lab-1"}]}
    assert record(served.browser(), json.dumps(line)).status_code == 303
    assert served.shift.word() == "hold"
    line["findings"] = [{"name": "spo2", "value": 970, "unit": "%", "time": b.NOW.isoformat(), "id": "lab-2"}]
    answer = record(served.browser(), json.dumps(line))
    assert (answer.status_code, "implausible" in answer.text) == (200, True)


@pytest.mark.parametrize("content", [b"", b"{", b"<a/>", b"[]"])
def test_what_is_no_record_is_refused(served, content):
    before = served.shift.course.slots
    assert record(served.browser(), content).status_code == 400
    assert served.shift.course.slots == before


def test_a_record_never_brings_a_dose_into_an_open_course(served):
    line = {"findings": [{"name": "aldesleukin", "value": "given", "time": b.ago(30).isoformat()}]}
    assert record(served.browser(), json.dumps(line)).status_code == 409
    assert len(served.shift.course.in_cycle) == 5


def test_the_board_says_where_more_than_before_could_not_be_used(served):
    """Hazard H33: a code that changed at its source."""
    assert "could not be used" not in served.browser().get("/").text
    changed = {"name": "no-such-finding", "value": 1, "unit": "mg/dL", "time": b.NOW.isoformat()}
    findings = [{**changed, "id": f"new-{number}"} for number in range(40)]
    good = {"name": "spo2", "value": 96, "unit": "%", "time": b.NOW.isoformat(), "id": "good"}
    answer = record(served.browser(), json.dumps({"findings": [*findings, good]}))
    assert answer.status_code == 200
    (*_, last) = served.shift.course.records_read
    assert (last.used, last.unused) == (1, 40)
    page = served.browser().get("/").text
    assert "could not be used" in page
    assert "look at what was not used" in page
