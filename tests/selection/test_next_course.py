"""May a next course follow? What the images say is put beside the record, and the protocol's rows decide."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from people import DAY, NOW, chart, charted
from test_assess import EVENTS

from aldes import ward
from aldes.course.events import AnyEvent, CourseEnded, Discharged
from aldes.protocols.read import read
from aldes.response.history import histories
from aldes.response.lesion import History
from aldes.response.rows import Row
from aldes.response.switches import set_switches

NO_EVENTS = dict.fromkeys(EVENTS, False)
SCAN = (NOW - 2 * DAY).date()


def sized(day: date, mm: str) -> Row:
    told = {"lesion": "L1", "organ": "lung", "unit": "mm", "axis": "long", "method": "CT"}
    return Row(where="a line", day=day, value=Decimal(mm), **told)


def images(mm: str) -> History:
    """A lesion of 30 mm at baseline, and of this size two days ago."""
    course = Row(where="a line", day=date(2026, 8, 10), event="course")
    return histories([sized(date(2026, 8, 3), "30"), course, sized(SCAN, mm)], NOW.date())[0]


def home(days_ago: int) -> list[AnyEvent]:
    """An earlier course of the record, with its last discharge so many days ago."""
    at = NOW - days_ago * DAY
    return [Discharged(happened_at=at, recorded_at=at), CourseEnded(happened_at=at, recorded_at=at)]


def follows(mm: str, events: list[AnyEvent]) -> dict[str, Any]:
    """The assessment of this record with these images."""
    asked = ward.Asked(events=tuple(events), protocol=read("us-label-2023", "demo"), now=NOW)
    return ward.next_course(asked, images(mm), set_switches())


def answer(document: dict[str, Any], id: str) -> str:
    return str(next(each["answer"] for each in document["rows"] if each["row"] == id))


def test_without_shrinkage_on_the_images_the_label_excludes_another_course() -> None:
    found = follows("30", [*home(60), *chart(NO_EVENTS)])
    assert (found["verdict"], found["because"]) == ("excluded", ["DOSE-11"])


def test_shrinkage_on_the_images_clears_nothing_until_a_physician_says_so() -> None:
    found = follows("20", [*home(60), *chart(NO_EVENTS)])
    assert (found["verdict"], found["because"]) == ("undetermined", ["DOSE-11"])


def test_a_physician_s_word_and_the_images_together_leave_no_listed_exclusion() -> None:
    found = follows("20", [*home(60), *chart(NO_EVENTS | {"tumour_shrank": True})])
    assert found["verdict"] == "no listed exclusion"
    assert answer(found, "DOSE-11") == "no"


@pytest.mark.parametrize("days_ago", [10, 2, 1, 0])
def test_images_without_shrinkage_are_cleared_by_nobodys_word_older_or_newer(days_ago: int) -> None:
    found = follows("30", [*home(60), *chart(NO_EVENTS), charted("tumour_shrank", True, days_ago=days_ago)])
    assert found["because"] == ["DOSE-11"]
    assert found["verdict"] == "excluded"


@pytest.mark.parametrize(("days", "verdict"), [(48, "excluded"), (49, "no listed exclusion")])
def test_seven_weeks_from_the_last_discharge_are_asked_all_the_same(days: int, verdict: str) -> None:
    found = follows("20", [*home(days), *chart(NO_EVENTS | {"tumour_shrank": True})])
    assert found["verdict"] == verdict


def test_an_event_of_the_earlier_course_excludes_whatever_the_images_say() -> None:
    found = follows("10", [*home(60), *chart(NO_EVENTS | {"tumour_shrank": True, EVENTS[0]: True})])
    assert found["verdict"] == "excluded"


def test_a_record_that_knows_no_earlier_course_learns_of_one_from_the_images() -> None:
    found = follows("20", chart())
    assert found["first_course"] is False
    assert found["verdict"] == "undetermined"
