"""An alarm where more of other systems' records cannot be used than before: results vanish silently else (H33)."""

from datetime import timedelta

import builders as b
import pytest
import shift as s

from aldes.course.events import RecordRead
from aldes.course.state import Course
from aldes.ward.acts import TakeOver
from aldes.ward.unused import LATELY, unused

NOW = b.NOW


def read(used, not_used, ago=timedelta(hours=1)):
    return RecordRead(happened_at=NOW - ago, recorded_at=NOW - ago, used=used, unused=not_used)


def alarm(*records):
    return unused([Course(records_read=records)], NOW).alarm


LONG_AGO = timedelta(days=3)


@pytest.mark.parametrize(
    ("lately", "before", "alarms"),
    [
        ((71, 29), (90, 10), False),  # 19 points above what was usual
        ((70, 30), (90, 10), True),  # 20
        ((69, 31), (90, 10), True),
        ((70, 30), (70, 30), False),  # as ever, however much
        ((100, 0), (70, 30), False),
        ((51, 49), (0, 0), False),  # nothing came before: from half on
        ((50, 50), (0, 0), True),
        ((4, 5), (90, 10), False),  # nine parts: too few to tell
        ((5, 5), (90, 10), True),
        ((50, 50), (9, 0), True),  # too few before: nothing came before
    ],
)
def test_it_speaks_where_more_than_before_could_not_be_used(lately, before, alarms):
    assert bool(alarm(read(*lately), read(*before, ago=LONG_AGO))) is alarms


def test_nothing_came_and_nothing_is_said():
    assert alarm() == ""


@pytest.mark.parametrize(("ago", "alarms"), [(LATELY, True), (LATELY + timedelta(seconds=1), False)])
def test_lately_is_the_last_24_hours(ago, alarms):
    assert bool(alarm(read(10, 90, ago=ago))) is alarms


def test_what_came_for_several_patients_counts_together():
    courses = [Course(records_read=(read(3, 4),)), Course(records_read=(read(1, 4),))]
    found = unused(courses, NOW)
    assert (found.lately.parts, found.lately.unused) == (12, 8)
    assert "8 (67 %) could not be used" in found.alarm


def test_a_record_that_is_taken_over_leaves_how_much_of_it_counted():
    ward = s.shift()
    event = ward.entry("spo2", 96)
    ward.do(TakeOver(events_read=(event, b.statement("lungs", 0)), unused=7))
    (before, last) = ward.course.records_read
    assert (last.used, last.unused, last.person) == (2, 7, s.NURSE.id)
    assert before.unused == 0
