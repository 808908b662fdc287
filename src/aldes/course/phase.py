"""The phase of a course at an instant, from its record alone."""

from datetime import datetime

from aldes.course.facts import INTERVAL, SLOTS_IN_CYCLE, cycle_start
from aldes.course.state import Course
from aldes.phase import Phase

CYCLE = SLOTS_IN_CYCLE * INTERVAL  # fourteen slots of 8 hours (DOSE-21)


def phase_of(course: Course, now: datetime) -> Phase:
    """Where the patient stands.

    A stop in force, an unconfirmed one too, or the end of the cycle's slots makes a patient who had a dose
    *recovering*: nothing that is watched ends before discharge.
    """
    if course.deceased or course.discharged_at is not None:
        return Phase.DISCHARGED
    began = cycle_start(course)
    if began is None:
        return Phase.ADMITTED if course.admitted_at is not None else Phase.SCREENING
    if course.stops_in_force() or len(course.in_cycle) >= SLOTS_IN_CYCLE or now - began >= CYCLE:
        return Phase.RECOVERING
    return Phase.TREATING


def stay_began(course: Course, now: datetime) -> datetime | None:
    """When the present stay began, as far as the record says: what was charted before it belongs to an earlier one."""
    starts = [each for each in (course.admitted_at, cycle_start(course)) if each is not None and each <= now]
    return min(starts, default=None) if course.discharged_at is None else None
