"""Whoever is asked about a course after one is asked about another one."""

from datetime import UTC, datetime, timedelta

import pytest

from aldes.course.ended import before_another
from aldes.course.events import Admitted, AnyEvent, CycleOpened, Discharged, SlotClosed, SlotState, StopRaised
from aldes.course.fold import replay
from aldes.scope import Scope

START = datetime(2026, 9, 28, 13, tzinfo=UTC)
DAY = timedelta(days=1)


def dose(day: int, cycle: int) -> list[AnyEvent]:
    at = START + day * DAY
    closed = SlotClosed(happened_at=at, recorded_at=at, cycle=cycle, number=1, state=SlotState.GIVEN)
    return [CycleOpened(happened_at=at, recorded_at=at, cycle=cycle), closed]


def home(day: int) -> Discharged:
    return Discharged(happened_at=START + day * DAY, recorded_at=START + day * DAY)


def courses_before(events: list[AnyEvent], day: float) -> int:
    return before_another(replay(events), START + day * DAY).courses_before


def test_who_had_no_dose_is_asked_about_a_first_course() -> None:
    assert courses_before([], 100) == 0


@pytest.mark.parametrize(("day", "before"), [(15, 1), (90, 1)])
def test_who_went_home_after_the_second_cycle_is_asked_about_another_course(day: int, before: int) -> None:
    assert courses_before([*dose(0, 1), home(5), *dose(14, 2), home(15)], day) == before


def test_who_went_home_after_the_first_cycle_waits_for_the_second() -> None:
    assert courses_before([*dose(0, 1), home(5)], 12) == 0


@pytest.mark.parametrize(("day", "before"), [(21, 0), (21.01, 1)])
def test_a_dose_after_three_weeks_would_belong_to_another_course(day: float, before: int) -> None:
    assert courses_before([*dose(0, 1), home(5)], day) == before
    assert courses_before(dose(0, 1), day) == before


def test_who_is_in_hospital_in_the_second_cycle_is_still_in_this_course() -> None:
    admitted = Admitted(happened_at=START + 13 * DAY, recorded_at=START + 13 * DAY)
    assert courses_before([*dose(0, 1), home(5), admitted, *dose(14, 2)], 16) == 0


def test_the_last_discharge_and_a_stop_for_good_go_with_the_patient() -> None:
    at = START + 14 * DAY
    stop = StopRaised(happened_at=at, recorded_at=at, row="STOP-CV-03", scope=Scope.GOOD)
    course = before_another(replay([*dose(0, 1), home(5), *dose(14, 2), stop, home(15)]), START + 40 * DAY)
    assert course.last_course_discharged_at == START + 15 * DAY
    assert "STOP-CV-03" in course.stops
