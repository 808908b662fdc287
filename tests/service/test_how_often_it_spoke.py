"""Alerts are counted for each course, so that it is seen when there are so many that none is read (hazard H51)."""

import pytest
import shift as s

import house as h
from aldes.service.views.alerts import alerts
from aldes.ward import Signature
from aldes.ward.acts import Discharge, EndCourse, Override, OverrideReason, RefuteStop

NURSE = Signature(person=s.NURSE)


@pytest.fixture
def ward():
    return s.shift()


def counted(ward):
    return alerts(ward.ward.journal.read(s.BED), ward.ward.protocol(ward.course))


def row(ward, id):
    return next((each for each in counted(ward).rows if each.row == id), None)


def look(ward):
    """Somebody opens the page."""
    ward.ward.show(s.BED, NURSE)


def test_before_anybody_looked_nothing_was_said(ward):
    found = counted(ward)
    assert (found.shown, found.against, found.share) == (0, 0, None)


def test_an_answer_without_a_reason_is_counted_and_speaks_against_nothing(ward):
    look(ward)
    assert (counted(ward).shown, counted(ward).against, counted(ward).share) == (1, 0, 0)


def test_an_answer_that_says_the_same_again_is_counted_once(ward):
    ward.chart("spo2", 87)
    for _ in range(3):
        look(ward)
        ward.pass_time(minutes=1)
    found = row(ward, "HOLD-RESP-01")
    assert (found.shown, found.opened) == (1, 1)
    assert "oxygen saturation" in found.words


def test_a_row_that_comes_again_is_counted_again(ward):
    for value in (87, 97, 86):
        ward.chart("spo2", value)
        look(ward)
        ward.pass_time(minutes=2)
    assert row(ward, "HOLD-RESP-01").shown == 2
    assert (counted(ward).shown, counted(ward).against) == (3, 2)
    assert counted(ward).share == pytest.approx(200 / 3)


def test_overrides_and_refutations_stand_beside_it(ward):
    ward.chart("spo2", 87)
    look(ward)
    rows = tuple(each.row for each in counted(ward).rows)
    ward.do(
        Override(
            rows=rows,
            reason=OverrideReason.MEASUREMENT,
            why="cold fingers",
        ),
        s.PHYSICIAN,
        s.OTHER_NURSE,
    )
    assert row(ward, "HOLD-RESP-01").overridden == 1
    ward.chart("ventricular_tachycardia", True)
    ward.do(RefuteStop(row="STOP-CV-01", why="artefact"), s.PHYSICIAN)
    assert (row(ward, "STOP-CV-01").opened, row(ward, "STOP-CV-01").refuted) == (1, 1)


def test_the_row_that_spoke_most_often_stands_first(ward):
    for value in (87, 97, 86):
        ward.chart("spo2", value)
        look(ward)
    ward.chart("heart_rate", 170)
    look(ward)
    shown = [each.shown for each in counted(ward).rows]
    assert shown == sorted(shown, reverse=True)


def test_an_earlier_course_is_not_counted(ward):
    ward.chart("spo2", 87)
    look(ward)
    ward.do(Discharge(), s.PHYSICIAN)
    ward.do(EndCourse(why="the patient's wish"), s.PHYSICIAN)
    assert counted(ward).rows == ()


def test_a_hold_that_nobody_was_shown_yet_is_counted_as_opened():
    served = h.Served()
    served.shift.chart("spo2", 87)
    text = served.browser("nurse A").get(f"/patients/{s.BED}/audit").text
    part = text.split("How often it spoke")[1].split("</section>")[0]
    assert "0 answers were shown for 0 slots." in part
    assert "HOLD-RESP-01" in part


def test_the_audit_shows_it():
    served = h.Served()
    served.shift.chart("spo2", 87)
    reader = served.browser("nurse A")
    reader.get(f"/patients/{s.BED}")
    text = reader.get(f"/patients/{s.BED}/audit").text
    part = text.split("How often it spoke")[1].split("</section>")[0]
    assert "HOLD-RESP-01" in part
    assert "(100 %) spoke against the dose" in part
