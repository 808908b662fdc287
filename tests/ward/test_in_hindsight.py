"""What the answer would have been, had everything been charted when it was so, and nothing in error (hazard H45)."""

from random import Random

import pytest
import shift as s

from aldes.administration.document import answer as compose
from aldes.ward.acts import Hold, LiftStandingHold, Retract
from draws import few

DRAWN = ("spo2", "systolic", "heart_rate", "temperature", "creatinine", "platelets")
VALUES = {
    "spo2": (97, 93, 88),
    "systolic": (118, 96, 78),
    "heart_rate": (84, 118, 142),
    "temperature": ("36.8", "38.9", "40.4"),
    "creatinine": ("1.1", "2.6", "4.7"),
    "platelets": (190, 70, 25),
}


@pytest.fixture
def ward():
    return s.shift()


def said(ward, course, at):
    return compose(course, ward.ward.protocol(ward.course), at, patient=s.BED)


def then(ward, at):
    return said(ward, ward.ward.knew(s.BED, at), at)


def hindsight(ward, at):
    return said(ward, ward.ward.in_hindsight(s.BED, at), at)


def rows(document):
    return [each["row"] for each in document["because"]]


def test_a_late_entry_would_have_held(ward):
    asked = ward.now
    ward.pass_time(minutes=30)
    ward.chart("spo2", 85, minutes_ago=40)
    assert then(ward, asked)["decision"] == "give"
    assert hindsight(ward, asked)["decision"] == "hold"
    assert rows(hindsight(ward, asked)) == ["HOLD-RESP-01"]


def test_what_happened_after_the_instant_is_not_in_it(ward):
    asked = ward.now
    ward.pass_time(minutes=30)
    ward.chart("spo2", 85, minutes_ago=29)
    assert hindsight(ward, asked)["decision"] == "give"


def test_what_happened_at_the_instant_itself_is_in_it(ward):
    asked = ward.now
    ward.pass_time(minutes=30)
    ward.chart("spo2", 85, minutes_ago=30)
    assert hindsight(ward, asked)["decision"] == "hold"


def test_an_entry_in_error_would_have_held_nothing(ward):
    ward.chart("spo2", 85, id="wrong")
    asked = ward.now
    ward.pass_time(minutes=30)
    ward.do(Retract(id="wrong", why="another finger"))
    assert then(ward, asked)["decision"] == "hold"
    assert hindsight(ward, asked)["decision"] == "give"
    assert said(ward, ward.course, ward.now)["decision"] == "hold", "the hold that it opened stays until it is lifted"


def test_a_late_value_in_between_would_have_lifted(ward):
    ward.chart("spo2", 85)
    ward.pass_time(minutes=30)
    asked = ward.now
    ward.pass_time(minutes=30)
    assert then(ward, asked)["decision"] == "hold"
    ward.chart("spo2", 97, minutes_ago=45)
    assert hindsight(ward, asked)["decision"] == "give"


def test_what_people_signed_stays(ward):
    ward.do(Hold(why="looks unwell"))
    asked = ward.now
    assert hindsight(ward, asked)["decision"] == "hold"
    ward.pass_time(minutes=5)
    ward.chart("spo2", 85)
    ward.pass_time(minutes=5)
    ward.do(LiftStandingHold(row="HOLD-RESP-01", why="probe fell off"), s.PHYSICIAN)
    held = {each.row for each in ward.ward.in_hindsight(s.BED, ward.now).standing()}
    assert "HOLD-RESP-01" not in held


def test_before_the_first_entry_there_is_nothing(ward):
    first = min(each.happened_at for each in ward.ward.journal.read(s.BED))
    assert ward.ward.in_hindsight(s.BED, first.replace(year=first.year - 1)).version == 0


def test_what_was_shown_is_left_as_it_was(ward):
    shown = then(ward, ward.now)
    asked = ward.now
    ward.pass_time(minutes=30)
    ward.chart("spo2", 85, minutes_ago=40)
    hindsight(ward, asked)
    assert then(ward, asked) == shown


@pytest.mark.campaign
def test_where_all_came_in_time_and_nothing_was_in_error_it_is_what_was_answered():
    words = set()
    for seed in range(few(30, 400)):
        draw, ward = Random(seed), s.shift()
        for _ in range(draw.randrange(1, 8)):
            ward.pass_time(minutes=draw.choice([1, 10, 45, 120]))
            name = draw.choice(DRAWN)
            fault = "the status is preliminary" if draw.random() < 0.2 else None
            ward.chart(name, draw.choice(VALUES[name]), fault=fault)
        known, found = then(ward, ward.now), hindsight(ward, ward.now)
        assert (found["decision"], rows(found)) == (known["decision"], rows(known)), seed
        words.add(known["decision"])
    assert {"give", "hold"} <= words
