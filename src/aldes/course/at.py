"""The findings of a course at an instant: what questions are asked of."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.course.facts import Facts, course_start, cycle_start, slot_opened, unset
from aldes.course.state import Course
from aldes.findings.moment import Moment
from aldes.findings.read import vocabulary


def at(
    course: Course,
    now: datetime,
    max_age: Mapping[str, timedelta | None],
    zone: str | None = None,
    late_h: Decimal | None = None,
) -> Moment:
    """Everything known at `now`; `max_age` lists the required measurements, None where the site set no age."""
    last = course.last_dose
    return Moment(
        now=now,
        vocabulary=vocabulary(),
        series=course.entries,
        statements=course.statements,
        facts=Facts(course, now, zone, late_h),
        unset=unset(zone, late_h),
        max_age=max_age,
        slot_opened=slot_opened(course, now),
        last_dose=last.at if last else None,
        cycle_start=cycle_start(course),
        course_start=course_start(course),
    )
