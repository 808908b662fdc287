"""The courses of the therapy: their days, when a scan is due, and whether the tumour shrank since the last one."""

from collections.abc import Sequence
from datetime import date, timedelta

from aldes.errors import InputError
from aldes.response.lesion import CourseDays, History
from aldes.response.limits import EARLY_DAYS, SCAN_DAYS
from aldes.response.measured import refusal
from aldes.response.rows import Row


def courses_of(events: Sequence[Row]) -> tuple[CourseDays, ...]:
    """The courses that the events tell of, each with its days in order.

    Raises
    ------
    InputError
        When there is none, or a day of a course stands before or without its first dose.
    """
    starts = [row for row in events if row.event == "course"]
    if not starts:
        raise InputError(
            "No first dose came, so that nothing says what is baseline and what is response. "
            "Send an event 'course' with its day. Nothing was computed."
        )
    found: list[CourseDays] = []
    ends = [row.day for row in starts[1:]]
    for number, (start, end) in enumerate(zip(starts, [*ends, None], strict=True), 1):
        if found and start.day == found[-1].first_dose:
            raise refusal(start, "two courses begin on one day", "Leave one out.")
        last, left = (_day(name, events, start.day, end) for name in ("last dose", "discharge"))
        if last and left and left < last:
            raise refusal(start, f"course {number} has its discharge before its last dose", "Correct one of the two.")
        found.append(CourseDays(number=number, first_dose=start.day, last_dose=last, discharge=left))
    early = next((row for row in events if row.event in ("last dose", "discharge") and row.day < starts[0].day), None)
    if early:
        raise refusal(early, f"a {early.event} stands before any first dose", "Correct the day.")
    return tuple(found)


def _day(name: str, events: Sequence[Row], start: date, end: date | None) -> date | None:
    """The last such day of a course: a course has a last dose and a discharge in each of its cycles."""
    days = [row.day for row in events if row.event == name and start <= row.day and (end is None or row.day < end)]
    return days[-1] if days else None


def course_before(history: History, day: date) -> CourseDays:
    """The course that an assessment on this day looks back at."""
    return [each for each in history.courses if each.first_dose < day][-1]


def timing(history: History, day: date) -> str:
    """How an assessment lies to the course before it: imaging is due about 4 weeks after the last dose (DOSE-10)."""
    course = course_before(history, day)
    if course.last_dose is None:
        return f"course {course.number}, whose last dose is not known"
    if day <= course.last_dose:
        return f"during course {course.number}"
    since = (day - course.last_dose).days
    return f"{since} days after the last dose of course {course.number}"


def outside_window(history: History, day: date) -> bool:
    """Whether it lies in a course or so soon after its last dose that the scan may mislead."""
    last = course_before(history, day).last_dose
    return last is not None and day < last + timedelta(days=EARLY_DAYS)


def due(course: CourseDays) -> date | None:
    """The day on which imaging after a course is due, about 4 weeks after its last dose."""
    return course.last_dose + timedelta(days=SCAN_DAYS) if course.last_dose else None
