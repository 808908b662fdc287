"""Two records of one person are joined on the patient's page, by a physician, and parted there again (H10)."""

from datetime import date

import builders as b
import pytest
import shift as s

import house as h
from aldes.course.events import RecordJoined
from aldes.course.patient import Patient
from aldes.ward.acts import Register, TakeOver

OTHER = "bed-2"
SAME = Patient(family="Example", given="Ada", born=date(1966, 5, 4), identifiers=(("urn:aldes:other", "9"),))


@pytest.fixture
def served():
    found = h.Served()
    found.shift.do(TakeOver(events_read=tuple(b.well_patient(given=9))), bed=OTHER)
    found.shift.do(Register(patient=SAME), bed=OTHER)
    return found


def about(browser, bed=s.BED):
    return browser.get(f"/patients/{bed}/about").text


def send(browser, path, bed=s.BED, secret=h.SECRET, **fields):
    data = {**browser.hidden(f"/patients/{bed}/give"), "secret": secret, **fields}
    return browser.client.post(f"/patients/{bed}/{path}", data=data)


def test_the_page_offers_what_the_board_warns_of(served):
    text = about(served.browser("physician A"))
    assert "Other records of this person" in text
    assert "end that record, and go on in this one" in text
    assert "no. 9" in text


def test_a_patient_who_is_nobody_else_is_offered_nothing():
    assert "Other records" not in about(h.Served().browser("physician A"))


def test_a_physician_joins_and_every_page_of_the_ended_record_says_so(served):
    physician = served.browser("physician A")
    assert send(physician, "join", other=OTHER, why="registered twice").status_code == 303
    assert served.shift.ward.course(OTHER).ended_into == s.BED
    assert served.shift.course.joined == (OTHER,)
    for page in ("", "/give", "/about"):
        assert "This record has ended" in physician.get(f"/patients/{OTHER}{page}").text
    board = physician.get("/").text
    assert "it goes on in another one" in board
    assert "name alert" not in board
    assert "hold this dose" in physician.get(f"/patients/{s.BED}").text
    assert "a dose was given at" in physician.get(f"/patients/{s.BED}/stay").text


def test_a_form_that_is_sent_twice_joins_once(served):
    physician = served.browser("physician A")
    fields = {"other": OTHER, "why": "registered twice", "command": "once"}
    assert send(physician, "join", **fields).status_code == 303
    assert send(physician, "join", **fields).status_code == 303
    assert len(served.shift.events(RecordJoined)) == 1


def test_what_was_interrupted_between_the_two_goes_on(served):
    from aldes.ward.acts import EndRecord

    served.shift.do(EndRecord(into=s.BED, why="registered twice"), s.PHYSICIAN, bed=OTHER)
    physician = served.browser("physician A")
    assert send(physician, "join", other=OTHER, why="registered twice").status_code == 303
    assert served.shift.course.joined == (OTHER,)


@pytest.mark.parametrize("name", ["nurse A", "pharmacist A", "reader A"])
def test_nobody_else_joins(served, name):
    assert send(served.browser(name), "join", other=OTHER, why="registered twice").status_code == 403
    assert not served.shift.ward.course(OTHER).ended_into


def test_without_the_secret_nothing_is_joined(served):
    answer = send(served.browser("physician A"), "join", secret="", other=OTHER, why="registered twice")
    assert answer.status_code == 403
    assert not served.shift.ward.course(OTHER).ended_into


@pytest.mark.parametrize(("other", "why"), [("bed-77", "x"), (s.BED, "x"), (OTHER, "")])
def test_what_makes_no_sense_is_refused(served, other, why):
    assert send(served.browser("physician A"), "join", other=other, why=why).status_code in (400, 409)
    assert not served.shift.ward.course(OTHER).ended_into


@pytest.mark.parametrize("bed", [s.BED, OTHER])
def test_they_are_parted_from_either_page(served, bed):
    physician = served.browser("physician A")
    send(physician, "join", other=OTHER, why="registered twice")
    assert "part the two records" in about(physician, bed)
    other = OTHER if bed == s.BED else s.BED
    answer = send(physician, "part", bed=bed, other=other, why="two people")
    assert answer.status_code == 303
    assert (served.shift.course.joined, served.shift.ward.course(OTHER).ended_into) == ((), "")


def test_the_audit_tells_it_in_both(served):
    physician = served.browser("physician A")
    send(physician, "join", other=OTHER, why="registered twice")
    assert "record bed-2 of the same person was joined" in physician.get(f"/patients/{s.BED}/audit").text
    assert "this record ended" in physician.get(f"/patients/{OTHER}/audit").text
