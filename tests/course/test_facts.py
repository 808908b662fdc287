"""Course facts: what the record of doses, slots and phases says at an instant, by the clock of the site."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from aldes.course.events import (
    Admitted,
    AnyEvent,
    ClinicianHeld,
    CourseEnded,
    CycleOpened,
    Died,
    Discharged,
    RecordDoubted,
    SlotClosed,
    SlotState,
)
from aldes.course.facts import Fact, Facts, course_start, cycle_start, next_number, next_slot, slot_opened, unset
from aldes.course.fold import replay
from aldes.course.state import Course

FIRST = datetime(2024, 3, 4, 14, 0, tzinfo=UTC)  # a Monday, 08:00 in Chicago
CHICAGO = "America/Chicago"
LATE_H = Decimal(4)
MICROSECOND = timedelta(microseconds=1)
D = Decimal


def hour(after: float) -> datetime:
    """So many hours after the first slot of cycle 1."""
    return FIRST + timedelta(hours=after)


def slot(number: int, after: float | None = None, state: SlotState = SlotState.GIVEN, cycle: int = 1) -> SlotClosed:
    """A slot that closed on its place of the 8-hour grid, or so many hours after the first slot."""
    at = hour(8 * (number - 1) if after is None else after)
    return SlotClosed(happened_at=at, recorded_at=at, cycle=cycle, number=number, state=state)


def admitted(at: datetime) -> Admitted:
    return Admitted(happened_at=at, recorded_at=at)


def discharged(at: datetime) -> Discharged:
    return Discharged(happened_at=at, recorded_at=at)


def after(*events: AnyEvent) -> Course:
    return replay(events)


def doses(*numbers: int) -> Course:
    """A course in which the doses of these slots were given on time."""
    return after(*(slot(number) for number in numbers))


def at(course: Course, now: datetime, zone: str | None = CHICAGO, late_h: Decimal | None = LATE_H) -> Facts:
    return Facts(course, now, zone, late_h)


# ── all of them ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_facts_before_dose_4_after_one_held_slot():
    course = after(admitted(hour(-2)), slot(1), slot(2, state=SlotState.HELD), slot(3, state=SlotState.GIVEN_PARTLY))
    assert at(course, hour(23)) == {
        "cycle": D(1),
        "dose_number": D(4),
        "doses_in_course": D(2),
        "doses_in_cycle": D(2),
        "slots_in_cycle": D(3),
        "slots_in_course": D(3),
        "slots_held_in_cycle": D(1),
        "slots_unaccounted": D(0),
        "hours_since_last_dose": D(7),
        "hours_since_cycle_start": D(24),
        "hours_to_slot": D(1),
        "days_since_cycle_1": D(1),
        "days_since_discharge": None,
        "courses_before": D(0),
        "deceased": False,
        "discharged": False,
        "record_doubts": D(0),
        "clinician_hold": False,
        "stops_in_force": D(0),
    }


def test_the_facts_before_any_dose():
    assert at(after(admitted(hour(-2))), FIRST) == {
        "cycle": D(1),
        "dose_number": D(1),
        "doses_in_course": D(0),
        "doses_in_cycle": D(0),
        "slots_in_cycle": D(0),
        "slots_in_course": D(0),
        "slots_held_in_cycle": D(0),
        "slots_unaccounted": D(0),
        "hours_since_last_dose": None,
        "hours_since_cycle_start": D(0),
        "hours_to_slot": D(0),
        "days_since_cycle_1": None,
        "days_since_discharge": None,
        "courses_before": D(0),
        "deceased": False,
        "discharged": False,
        "record_doubts": D(0),
        "clinician_hold": False,
        "stops_in_force": D(0),
    }


def test_cycle_2_counts_its_own_slots_and_the_course_counts_all():
    course = after(
        slot(1), slot(2, state=SlotState.HELD), CycleOpened(happened_at=hour(336), recorded_at=hour(336), cycle=2)
    )
    course = replay([slot(1, 336, cycle=2), slot(2, 344, SlotState.OMITTED, cycle=2)], course)
    found = at(course, hour(352))
    assert (found["cycle"], found["dose_number"]) == (D(2), D(3))
    assert (found["slots_in_cycle"], found["slots_in_course"], found["doses_in_course"]) == (D(2), D(4), D(2))
    assert found["slots_held_in_cycle"] == D(0)


def test_a_death_a_doubt_and_a_clinicians_hold_are_facts():
    when = {"happened_at": hour(1), "recorded_at": hour(1)}
    course = after(slot(1), RecordDoubted(**when), RecordDoubted(**when), ClinicianHeld(**when), Died(**when))
    found = at(course, hour(2))
    assert (found["record_doubts"], found["clinician_hold"], found["deceased"]) == (D(2), True, True)
    assert found["discharged"] is False


def test_a_discharge_is_a_fact_until_the_next_admission():
    course = after(slot(1), discharged(hour(200)))
    assert at(course, hour(201))["discharged"] is True
    assert at(replay([admitted(hour(300))], course), hour(301))["discharged"] is False


def test_a_course_before_this_one_is_counted():
    course = after(slot(1), CourseEnded(happened_at=hour(500), recorded_at=hour(500)))
    assert at(course, hour(2000))["courses_before"] == D(1)
    assert at(course, hour(2000))["doses_in_course"] == D(0)


# ── the next slot ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("given", "number"), [((), 1), ((1,), 2), ((1, 2, 3), 4), ((1, 3), 4), ((2,), 3)])
def test_the_next_number_follows_the_highest_one_closed(given, number):
    assert next_number(doses(*given)) == number


def test_before_the_first_slot_the_next_one_is_now():
    assert next_slot(Course(), hour(5)) == hour(5)


@pytest.mark.parametrize(("given", "due"), [((1,), 8), ((1, 2), 16), ((1, 4), 32), ((3,), 24)])
def test_the_next_slot_stands_on_the_8_hour_grid(given, due):
    assert next_slot(doses(*given), hour(5)) == hour(due)


def test_a_late_dose_does_not_move_the_slots_after_it():
    assert next_slot(after(slot(1), slot(2, 11)), hour(12)) == hour(16)


def test_a_late_first_dose_opens_the_grid():
    assert next_slot(after(slot(1, 3)), hour(4)) == hour(11)


def test_slots_recorded_out_of_order_open_the_grid_at_their_first_number():
    assert next_slot(after(slot(2), slot(1)), hour(9)) == hour(16)


def test_the_grid_of_cycle_2_is_its_own():
    course = after(slot(1), CycleOpened(happened_at=hour(337), recorded_at=hour(337), cycle=2), slot(1, 337, cycle=2))
    assert next_slot(course, hour(338)) == hour(345)


# ── when a cycle and a course began, and from when on a check counts ─────────────────────────────────────────


def test_the_cycle_began_with_its_own_first_slot_and_the_course_with_the_first_of_all():
    course = after(slot(1), slot(2), CycleOpened(happened_at=hour(336), recorded_at=hour(336), cycle=2))
    course = replay([slot(1, 336, cycle=2), slot(2, 344, cycle=2)], course)
    assert (cycle_start(course), course_start(course)) == (hour(336), hour(0))


def test_before_any_slot_neither_cycle_nor_course_has_begun():
    assert (cycle_start(Course()), course_start(Course())) == (None, None)


def test_a_pre_dose_check_counts_from_the_slot_before():
    assert slot_opened(after(admitted(hour(-2)), slot(1), slot(2, 11)), hour(16)) == hour(11)


def test_a_slot_of_the_cycle_before_counts_too():
    course = after(slot(1), slot(2), CycleOpened(happened_at=hour(12), recorded_at=hour(12), cycle=2))
    assert slot_opened(course, hour(13)) == hour(8)


@pytest.mark.parametrize(("now", "opened"), [(7, 0), (8, 0), (9, 1)], ids=["below", "at", "above 8 hours"])
def test_a_check_is_never_older_than_one_interval(now, opened):
    assert slot_opened(doses(1), hour(now)) == hour(opened)


def test_before_the_first_slot_a_check_counts_from_one_interval_ago_although_admitted_earlier():
    assert slot_opened(after(admitted(hour(-20))), FIRST) == hour(-8)


# ── slots that nobody has accounted for ──────────────────────────────────────────────────────────────────────


def unaccounted(course: Course, now: datetime, late_h: Decimal | None = LATE_H) -> Fact:
    return at(course, now, late_h=late_h)["slots_unaccounted"]


def test_before_the_first_slot_nothing_is_unaccounted():
    assert unaccounted(Course(), FIRST) == 0
    assert unaccounted(Course(), FIRST, None) == 0


@pytest.mark.parametrize(("numbers", "left_out"), [((1, 2, 3), 0), ((1, 3), 1), ((1, 5), 3), ((2,), 1)])
def test_each_number_left_out_is_unaccounted(numbers, left_out):
    course = doses(*numbers)
    assert unaccounted(course, next_slot(course, FIRST)) == left_out


def test_a_slot_closed_twice_under_one_number_hides_no_other():
    assert unaccounted(after(slot(1), slot(1, 0.5), slot(3)), hour(24)) == 1


@pytest.mark.parametrize(
    ("over", "passed"),
    [
        (timedelta(hours=-1), 0),
        (timedelta(0), 0),
        (timedelta(hours=4) - MICROSECOND, 0),
        (timedelta(hours=4), 0),
        (timedelta(hours=4) + MICROSECOND, 1),
        (timedelta(hours=12) - MICROSECOND, 1),
        (timedelta(hours=12), 2),
        (timedelta(hours=20), 3),
    ],
)
def test_a_slot_without_a_word_is_unaccounted_once_its_last_moment_is_over(over, passed):
    course = doses(1, 2)
    assert unaccounted(course, hour(16) + over) == passed


def test_what_was_left_out_and_what_has_passed_add_up():
    assert unaccounted(doses(1, 4), hour(32 + 4.5)) == 3


@pytest.mark.parametrize(("late_h", "passed"), [("4.5", 0), ("4.4", 1)])
def test_the_last_moment_may_lie_between_whole_hours(late_h, passed):
    assert unaccounted(doses(1, 2), hour(16 + 4.45), D(late_h)) == passed


def test_no_more_than_the_14_slots_of_a_cycle_can_pass():
    assert unaccounted(doses(*range(1, 13)), hour(500)) == 2
    assert unaccounted(doses(*range(1, 14)), hour(500)) == 1
    assert unaccounted(doses(*range(1, 15)), hour(500)) == 0


def test_after_slot_14_only_the_numbers_left_out_count():
    assert unaccounted(doses(*range(1, 13), 14), hour(112 + 24)) == 1
    assert unaccounted(doses(1, 14), hour(112), None) == 12
    assert unaccounted(doses(*range(1, 15)), hour(113), None) == 0


def test_after_discharge_only_the_numbers_left_out_count():
    course = after(slot(1), slot(3), discharged(hour(25)))
    assert unaccounted(course, hour(200)) == 1
    assert unaccounted(course, hour(30), None) == 1


@pytest.mark.parametrize("over", [-1, 0, 4, 8, 100])
def test_without_the_sites_last_moment_it_is_unknown_whether_a_slot_has_passed(over):
    assert unaccounted(doses(1, 2), hour(16 + over), None) is None


@pytest.mark.parametrize("over", [-1, 0, 4, 8, 100])
def test_without_the_sites_last_moment_a_number_left_out_is_certain_all_the_same(over):
    assert unaccounted(doses(1, 3), hour(24 + over), None) == 1


# ── facts that wait for a setting of the site ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "late_h", "waiting"),
    [
        (CHICAGO, LATE_H, {}),
        (CHICAGO, D(0), {}),
        (CHICAGO, None, {"slots_unaccounted": "late_h"}),
        (None, LATE_H, {"days_since_cycle_1": "zone", "days_since_discharge": "zone"}),
    ],
)
def test_a_fact_that_waits_for_a_setting_names_it(zone, late_h, waiting):
    assert unset(zone, late_h) == waiting


# ── hours ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_hours_since_the_last_dose_run_from_its_start_to_now():
    course = after(slot(1), slot(2, 10), slot(3, state=SlotState.HELD))
    assert at(course, hour(20))["hours_since_last_dose"] == D(10)


def test_the_last_dose_is_the_latest_one_and_may_be_of_the_cycle_before():
    course = after(slot(2), slot(1), CycleOpened(happened_at=hour(300), recorded_at=hour(300), cycle=2))
    assert at(course, hour(336))["hours_since_last_dose"] == D(328)


@pytest.mark.parametrize(("now", "hours"), [(5, 8), (8, 8), (9, 9)], ids=["before", "at", "after the slot"])
def test_the_cycle_is_as_old_as_it_will_be_at_the_slot_and_once_that_is_past_as_it_is(now, hours):
    assert at(doses(1), hour(now))["hours_since_cycle_start"] == D(hours)


@pytest.mark.parametrize(("now", "to_slot"), [(7, "1"), (8, "0"), (9.5, "-1.5")])
def test_hours_to_the_slot_turn_negative_when_it_is_past(now, to_slot):
    assert at(doses(1), hour(now))["hours_to_slot"] == D(to_slot)


def test_an_interval_never_looks_longer_than_it_was():
    """8 h and 1 µs is 8.000000000277… h: the 15th digit is rounded down."""
    now = hour(8) + MICROSECOND
    assert at(doses(1), now)["hours_since_last_dose"] == D("8.00000000027777")


def test_hours_are_elapsed_time_when_the_clocks_go_forward():
    """Chicago skips 02:00 to 03:00 on 10 March 2024: 8 hours elapse while its clocks show 9."""
    evening = datetime(2024, 3, 10, 4, 0, tzinfo=UTC)  # 9 March, 22:00 in Chicago
    course = after(SlotClosed(happened_at=evening, recorded_at=evening, cycle=1, number=1, state=SlotState.GIVEN))
    found = at(course, evening + timedelta(hours=7))
    assert next_slot(course, evening) == datetime(2024, 3, 10, 12, 0, tzinfo=UTC)
    assert (found["hours_since_last_dose"], found["hours_to_slot"]) == (D(7), D(1))


# ── calendar days by the site's clock ────────────────────────────────────────────────────────────────────────


def cycle_2(begins: datetime) -> Course:
    """Dose 1 of cycle 1 on Monday 4 March, 08:00 in Chicago; cycle 2 opened and not yet begun."""
    return after(slot(1), slot(2), CycleOpened(happened_at=begins, recorded_at=begins, cycle=2))


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (datetime(2024, 3, 18, 4, 59, tzinfo=UTC), 13),  # 17 March, 23:59 in Chicago: day 14
        (datetime(2024, 3, 18, 5, 0, tzinfo=UTC), 14),  # 18 March, 00:00 in Chicago: day 15
        (datetime(2024, 3, 18, 13, 0, tzinfo=UTC), 14),  # 18 March, 08:00: a full fortnight by its clocks, 335 hours
    ],
)
def test_day_15_begins_at_midnight_of_the_site_although_the_clocks_went_forward(now, days):
    assert at(cycle_2(now), now)["days_since_cycle_1"] == D(days)


@pytest.mark.parametrize(("zone", "days"), [(CHICAGO, 13), ("UTC", 14), ("Asia/Tokyo", 14)])
def test_the_day_depends_on_the_zone_of_the_site(zone, days):
    now = datetime(2024, 3, 18, 4, 30, tzinfo=UTC)
    assert at(cycle_2(now), now, zone=zone)["days_since_cycle_1"] == D(days)


def test_without_a_zone_no_day_can_be_told():
    course = replay([admitted(hour(2000))], after(slot(1), discharged(hour(200)), course_ended(hour(201))))
    again = replay([slot(1, 2000)], course)
    found = at(again, hour(2001), zone=None)
    assert (found["days_since_cycle_1"], found["days_since_discharge"]) == (None, None)


def test_days_count_to_the_next_slot_where_it_lies_after_now():
    """At 23:00 the next slot is due at 00:00: the question is about that day."""
    late = datetime(2024, 3, 5, 22, 0, tzinfo=UTC)  # 16:00 in Chicago; the next slot at midnight
    course = after(SlotClosed(happened_at=late, recorded_at=late, cycle=1, number=1, state=SlotState.GIVEN))
    assert at(course, late + timedelta(hours=1))["days_since_cycle_1"] == D(1)


def test_days_count_from_the_first_dose_of_cycle_1_not_from_a_slot_that_was_omitted():
    course = after(slot(1, state=SlotState.OMITTED), slot(2, 24), slot(3, 32))
    assert at(course, hour(48))["days_since_cycle_1"] == D(1)


def test_a_course_without_a_dose_in_cycle_1_has_no_first_day():
    assert at(after(slot(1, state=SlotState.HELD)), hour(8))["days_since_cycle_1"] is None


def test_a_dose_of_cycle_2_is_not_the_first_day_of_cycle_1():
    course = after(CycleOpened(happened_at=FIRST, recorded_at=FIRST, cycle=2), slot(1, cycle=2))
    assert at(course, hour(8))["days_since_cycle_1"] is None


def course_ended(when: datetime) -> CourseEnded:
    return CourseEnded(happened_at=when, recorded_at=when)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (datetime(2024, 3, 31, 4, 30, tzinfo=UTC), 19),  # 30 March, 23:30 in Chicago
        (datetime(2024, 3, 31, 5, 30, tzinfo=UTC), 20),  # 31 March, 00:30
    ],
)
def test_retreatment_counts_calendar_days_from_the_last_discharge_of_the_course_before(now, days):
    left = datetime(2024, 3, 11, 20, 0, tzinfo=UTC)  # 11 March, 15:00 in Chicago
    course = after(slot(1), discharged(left), course_ended(left))
    assert at(course, now)["days_since_discharge"] == D(days)


@pytest.mark.parametrize(("zone", "days"), [(CHICAGO, 20), ("UTC", 19), ("Asia/Tokyo", 19)])
def test_the_day_of_the_discharge_is_that_of_the_site_too(zone, days):
    """Discharged on 11 March, 22:00 in Chicago, which is 12 March elsewhere; asked on 31 March everywhere."""
    left = datetime(2024, 3, 12, 3, 0, tzinfo=UTC)
    course = after(slot(1), discharged(left), course_ended(left))
    assert at(course, datetime(2024, 3, 31, 12, 0, tzinfo=UTC), zone=zone)["days_since_discharge"] == D(days)


def test_the_discharge_of_this_course_is_not_that_of_the_course_before():
    assert at(after(slot(1), discharged(hour(200))), hour(400))["days_since_discharge"] is None
