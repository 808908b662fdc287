"""The pages to read: a patient's selection, the protocol, the audit of a record."""

import re
from dataclasses import replace
from datetime import timedelta

import builders as b
import pytest
import shift as s
from markup import look

import house as h
from aldes.course.events import RecordDoubted
from aldes.ward.acts import Hold, Register

TRAILING_ZERO = re.compile(r"(?<![\d.])\d+\.\d*0(?![\d.]*\d)")
NAKED_POINT = re.compile(r"(?<![\w.])\.\d")
ENZYME_FOR_INTERNATIONAL = re.compile(r"\d ?M?U\b")
VERSIONS = re.compile(r"(CTCAE|aldes) \d+(\.\d+)+|RECIST 1\.1")
PAGES = [f"/patients/{s.BED}/about", f"/patients/{s.BED}/audit"]


@pytest.fixture
def served():
    return h.Served()


def misread(page: str) -> list[str]:
    """The texts of a page in which a number could be misread (hazards H03 and H04)."""
    texts = [VERSIONS.sub("", each) for each in look(page).texts]
    return [
        text
        for text in texts
        if TRAILING_ZERO.search(text) or NAKED_POINT.search(text) or ENZYME_FOR_INTERNATIONAL.search(text)
    ]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_whole_and_says_what_it_is_for(served, path):
    answer = served.browser("reader A").get(path)
    assert answer.status_code == 200
    assert "never replaces a clinician" in answer.text
    assert "demo: made-up patients" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(served, path):
    assert served.browser(None).get(path).status_code in (303, 401)


@pytest.mark.parametrize("path", PAGES)
def test_no_number_is_shown_so_that_it_is_misread(served, path):
    assert misread(served.browser().get(path).text) == []


@pytest.mark.parametrize("text", ["2.50 mL", "dose .5", "18 MU", "5U"])
def test_a_number_that_could_be_misread_is_seen(text):
    assert misread(f"<p>{text}</p>") == [text]


@pytest.mark.parametrize("path", PAGES)
def test_a_name_with_markup_stays_text(served, path):
    """Hazard H71."""
    served.shift.do(Register(patient=replace(s.PATIENT, family="<script>alert(1)</script>"), why="a test of markup"))
    text = served.browser().get(path).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_another_patient_is_shown(served, path):
    other = replace(s.PATIENT, family="Anders", identifiers=(("urn:aldes:demo", "987654"),))
    served.shift.do(Register(patient=other), bed="bed-2")
    text = served.browser().get(path).text
    assert "Anders" not in text
    assert "987654" not in text


# ── the patient ──


def test_selection_says_what_it_rests_on_and_what_would_settle_it(served):
    text = served.browser().get(f"/patients/{s.BED}/about").text
    for said in ("not enough is known to say", "The fewest findings that would settle it", "READY-01", "IMDC"):
        assert said in text
    assert "nothing was checked" in text


def test_one_listed_criterion_excludes():
    served = h.Served(s.shift(b.charted("pregnant", True, 1)))
    text = served.browser().get(f"/patients/{s.BED}/about").text
    assert "excluded by a listed criterion" in text
    assert "Rests on SEL-02" in text


# ── the audit ──


def audit(served, **asked):
    return served.browser().client.get(f"/patients/{s.BED}/audit", params=asked)


def test_each_event_names_who_when_and_why(served):
    served.shift.do(Hold(why="looks unwell"), s.NURSE)
    text = audit(served).text
    assert "a clinician holds the dose" in text
    assert "looks unwell" in text
    assert "2024-03-06 10:00 (UTC-06:00)" in text


def test_every_event_of_the_record_stands_in_the_audit(served):
    text = audit(served).text
    assert len(re.findall(r'<tr><th scope="row">', text)) == served.shift.course.version


def test_a_person_is_named_with_the_role_and_the_second_beside(served):
    served.browser("physician A").act("go")
    served.browser("pharmacist A").act("prepare", second="nurse A")
    text = audit(served, sort="dose").text
    assert "physician A, physician" in text
    assert "with nurse A, nurse" in text
    assert "42 million IU" in text


def test_one_sort_alone_is_shown(served):
    text = audit(served, sort="slot").text
    assert "slot 5 of cycle 1: given" in text
    assert "oxygen saturation" not in text


@pytest.mark.parametrize(("minutes", "late"), [(15, False), (15.1, True)])
def test_what_was_recorded_late_is_marked(minutes, late):
    """Hazard H45."""
    at = b.NOW - timedelta(minutes=minutes)
    served = h.Served()
    served.shift.ward.journal.append(
        s.BED,
        (RecordDoubted(happened_at=at, recorded_at=b.NOW, why="late"),),
        served.shift.course.version,
    )
    first = audit(served).text.split("<tbody>")[1].split("</tr>")[0]
    assert ("recorded late" in first) is late


def test_what_the_ward_knew_before_an_entry_came(served):
    """Hazard H45: a late entry changes what is known now, never what was known then."""
    before = served.shift.now
    served.shift.pass_time(minutes=30)
    served.shift.chart("spo2", 87, minutes_ago=45)
    text = audit(served, at=before.isoformat()).text
    rest, now = text.split("now:")
    then, corrected = rest.split("in hindsight:")
    assert "no listed reason to hold" in then
    assert "In hindsight the answer would have been another." in then
    assert "hold this dose" in corrected
    assert "hold this dose" in now
    assert "HOLD-RESP-01" in now.split("</section>")[0]


def test_before_the_first_entry_the_ward_knew_nothing(served):
    text = audit(served, at="2024-01-01T00:00").text
    then, now = text.split("now:")
    assert "Nothing of this patient had been recorded." in then
    assert "no listed reason to hold" in now


@pytest.mark.parametrize(
    ("at", "said"),
    [("yesterday", "not a day"), ("2099-01-01T00:00", "has passed"), ("2023-11-05T01:30", "occurs twice or never")],
)
def test_an_instant_that_cannot_be_looked_at_is_refused(served, at, said):
    answer = audit(served, at=at)
    assert (answer.status_code, said in answer.text) == (400, True)


def test_an_event_charted_in_error_and_what_corrects_it_both_stay(served):
    """Hazard H46."""
    served.shift.chart("spo2", 87)
    entry = served.shift.course.entries["spo2"][-1]
    served.browser().act("retract", id=entry.id, why="another patient's", sign=False)
    text = audit(served, sort="entry").text
    assert "oxygen saturation: 87 %" in text
    assert f"entry {entry.id} was charted in error" in text


# ── the protocol ──

PROTOCOLS = ["/protocol", "/protocol/consensus-2014", "/protocol/compare?a=us-label-2023&b=consensus-2014"]


@pytest.mark.parametrize("path", PROTOCOLS)
def test_a_protocol_page_opens_whole(served, path):
    answer = served.browser("reader A").get(path)
    assert (answer.status_code, look(answer.text).faults, misread(answer.text)) == (200, [], [])
    assert served.browser(None).get(path).status_code in (303, 401)


def test_every_row_of_the_protocol_is_read_with_its_source(served):
    text = served.browser().get("/protocol").text
    protocol = served.shift.ward.protocols()[0]
    assert [each.id for each in (*protocol.every_row(), *protocol.rows_before()) if each.id not in text] == []
    for said in ("us-label-2023 2.4 table 2, respiratory", "recalled", "not covered: no source", "at most 2 h old"):
        assert said in text


def test_two_protocols_show_what_the_other_has_not(served):
    text = served.browser().get("/protocol/compare?a=us-label-2023&b=consensus-2014").text
    assert "HOLD-RESP-01" in text
    assert "counting" in text
    assert "they ask the same" in served.browser().get("/protocol/compare?a=us-label-2023&b=us-label-2023").text


@pytest.mark.parametrize(
    "name", ["nothing", "course-rows", "..%2Fsites%2Fdemo", "%2Fetc%2Fpasswd", "us-label-2023.toml"]
)
def test_an_address_names_no_file(served, name):
    assert served.browser().get(f"/protocol/{name}").status_code == 404
    assert served.browser().get(f"/protocol/compare?a={name}&b=us-label-2023").status_code == 404
