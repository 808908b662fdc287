"""Whether the course in the record is over, so that whoever asks about a course asks about another one."""

from datetime import datetime

from aldes.course.events import CourseEnded
from aldes.course.fold import evolve
from aldes.course.grid import COURSE_GAP
from aldes.course.state import Course

CYCLES = 2  # of a course: us-label-2023, dosage (DOSE-04, DOSE-06)


def before_another(course: Course, now: datetime) -> Course:
    """The course as it stands before another one: ended where it is over, unchanged where it may go on.

    It is over once the patient went home after its last cycle, or once a dose would belong to another course.
    """
    last = max((each.at for each in course.slots), default=None)
    if last is None:
        return course
    went_home = course.cycle >= CYCLES and course.discharged_at is not None
    if not went_home and now - last <= COURSE_GAP:
        return course
    return evolve(course, CourseEnded(happened_at=now, recorded_at=now))
