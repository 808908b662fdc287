"""Slots told from the times alone: on the 8-hour grid, across rests and courses."""

from datetime import UTC, datetime, timedelta

import pytest

from aldes.course.grid import charted_twice, number_slots

FIRST = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)


def hours(*after: float) -> list[datetime]:
    return [FIRST + timedelta(hours=each) for each in after]


def test_nothing_charted_is_no_slot():
    assert number_slots([]) == []


def test_fourteen_doses_on_time_are_slots_1_to_14_of_cycle_1():
    assert number_slots(hours(*range(0, 112, 8))) == [(1, number) for number in range(1, 15)]


def test_a_slot_left_out_keeps_its_number():
    assert number_slots(hours(0, 8, 24)) == [(1, 1), (1, 2), (1, 4)]


@pytest.mark.parametrize(("start", "number"), [(11.9, 2), (12, 3), (12.1, 3), (19.9, 3), (20, 4)])
def test_a_late_dose_takes_the_nearest_place(start, number):
    assert number_slots(hours(0, start))[-1] == (1, number)


def test_two_doses_in_one_place_are_both_counted():
    assert number_slots(hours(0, 0, 0.5, 8, 16)) == [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]


@pytest.mark.parametrize(("gap", "place"), [(95.9, (1, 13)), (96, (1, 13)), (96.1, (2, 1)), (336, (2, 1))])
def test_a_gap_of_more_than_4_days_begins_the_next_cycle(gap, place):
    assert number_slots(hours(0, gap))[-1] == place


@pytest.mark.parametrize(("days", "cycle"), [(20.9, 2), (21, 2), (21.1, 1)])
def test_a_gap_of_more_than_21_days_begins_another_course(days, cycle):
    assert number_slots(hours(0, 24 * days))[-1] == (cycle, 1)


def test_the_gap_counts_from_the_last_slot_not_the_first():
    starts = hours(0, 48, 96, 104)
    assert number_slots(starts)[-1] == (1, 14)


def test_starts_out_of_order_are_refused():
    with pytest.raises(ValueError, match="in order"):
        number_slots(hours(8, 0))


@pytest.mark.parametrize(("after", "twice"), [(0, [1]), (3.9, [1]), (4, []), (8, [])])
def test_two_doses_within_4_hours_look_like_one_charted_twice(after, twice):
    assert charted_twice(hours(0, after)) == twice
