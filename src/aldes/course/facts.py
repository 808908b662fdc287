"""What the record of doses, slots and phases says at an instant: course facts are findings like any other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from aldes.course.state import Course
from aldes.findings.formula import exact
from aldes.findings.vocabulary import Worse

INTERVAL = timedelta(hours=8)  # us-label-2023, dosage (DOSE-02)
SLOTS_IN_CYCLE = 14  # us-label-2023, dosage (DOSE-04)

Fact = Decimal | bool | None  # None: the record cannot say


@dataclass(frozen=True, slots=True, eq=False)
class Facts(Mapping[str, Fact]):
    """The course facts by finding name; each is reckoned when it is asked for, because a question needs few of them.

    `zone` is the site's time zone, by whose calendar days of the course count; `late_h` how long after its time
    a slot may still be given. A fact that needs a setting that is None is None: unknown.
    """

    course: Course
    now: datetime
    zone: str | None
    late_h: Decimal | None

    def __getitem__(self, name: str) -> Fact:
        return _FACTS[name](self)

    def __iter__(self) -> Iterator[str]:
        return iter(_FACTS)

    def __len__(self) -> int:
        return len(_FACTS)


def unset(zone: str | None, late_h: Decimal | None) -> dict[str, str]:
    """The facts that the record cannot say for want of a site setting, with its name."""
    settings = {"slots_unaccounted": ("late_h", late_h), "days_since_cycle_1": ("zone", zone)}
    settings["days_since_discharge"] = ("zone", zone)
    return {fact: name for fact, (name, value) in settings.items() if value is None}


def next_number(course: Course) -> int:
    """The number of the slot that is next in the cycle."""
    return max((each.number for each in course.in_cycle), default=0) + 1


def doses_in_cycle(course: Course) -> int:
    """How many doses were begun in the present cycle: a first slot that was held leaves dose 1 still to come."""
    return sum(each.given for each in course.in_cycle)


def next_slot(course: Course, now: datetime) -> datetime:
    """When the next slot is due: every 8 hours from the first slot of the cycle; before that one, now."""
    first = min(course.in_cycle, key=lambda each: each.number, default=None)
    if first is None:
        return now
    return first.at + (next_number(course) - first.number) * INTERVAL


def cycle_start(course: Course) -> datetime | None:
    """When the first slot of the present cycle was."""
    return min((each.at for each in course.in_cycle), default=None)


def course_start(course: Course) -> datetime | None:
    """When the first slot of the course was."""
    return min((each.at for each in course.slots), default=None)


def slot_opened(course: Course, now: datetime) -> datetime:
    """From when on a pre-dose check counts: the last slot, of whatever cycle; at most one interval ago."""
    return max([now - INTERVAL, *(each.at for each in course.slots)])


def _first_dose(course: Course, cycle: int) -> datetime | None:
    return min((each.at for each in course.slots if each.cycle == cycle and each.given), default=None)


def _unaccounted(course: Course, now: datetime, late_h: Decimal | None) -> Fact:
    """Slots that passed without a word: numbers left out, and slots whose last moment is over."""
    numbers = {each.number for each in course.in_cycle}
    if not numbers:
        return Decimal(0)
    left_out = max(numbers) - len(numbers)
    if course.discharged_at or max(numbers) >= SLOTS_IN_CYCLE:
        return Decimal(left_out)
    if late_h is None:
        return Decimal(left_out) if left_out else None
    waited, late = now - next_slot(course, now), timedelta(hours=float(late_h))
    passed = 0 if waited <= late else (waited - late) // INTERVAL + 1
    return Decimal(left_out + min(passed, SLOTS_IN_CYCLE - max(numbers)))


def _hours(start: datetime, end: datetime) -> Decimal:
    """Elapsed hours, rounded down where they do not fit 15 digits: an interval never looks longer than it was."""
    span = (end - start) // timedelta(microseconds=1)
    return exact(Fraction(span, 3_600_000_000), Worse.LOW)


def _days(start: datetime | None, end: datetime, zone: str | None) -> Fact:
    """Calendar days by the site's clock: the day of `start` is day 0 here, day 1 of the course."""
    if start is None or zone is None:
        return None
    clock = ZoneInfo(zone)
    return Decimal((end.astimezone(clock).date() - start.astimezone(clock).date()).days)


def _since_last_dose(of: Facts) -> Fact:
    last = of.course.last_dose
    return _hours(last.at, of.now) if last else None


def _since_cycle_start(of: Facts) -> Fact:
    planned = next_slot(of.course, of.now)
    return _hours(cycle_start(of.course) or planned, max(of.now, planned))


def _since_cycle_1(of: Facts) -> Fact:
    return _days(_first_dose(of.course, 1), max(of.now, next_slot(of.course, of.now)), of.zone)


_FACTS: dict[str, Callable[[Facts], Fact]] = {
    "cycle": lambda of: Decimal(of.course.cycle),
    "dose_number": lambda of: Decimal(next_number(of.course)),
    "doses_in_course": lambda of: Decimal(sum(each.given for each in of.course.slots)),
    "doses_in_cycle": lambda of: Decimal(doses_in_cycle(of.course)),
    "slots_in_cycle": lambda of: Decimal(len(of.course.in_cycle)),
    "slots_in_course": lambda of: Decimal(len(of.course.slots)),
    "slots_held_in_cycle": lambda of: Decimal(sum(each.state == "held" for each in of.course.in_cycle)),
    "slots_unaccounted": lambda of: _unaccounted(of.course, of.now, of.late_h),
    "hours_since_last_dose": _since_last_dose,
    "hours_since_cycle_start": _since_cycle_start,
    "hours_to_slot": lambda of: _hours(of.now, next_slot(of.course, of.now)),
    "days_since_cycle_1": _since_cycle_1,
    "days_since_discharge": lambda of: _days(of.course.last_course_discharged_at, of.now, of.zone),
    "courses_before": lambda of: Decimal(of.course.courses_before),
    "deceased": lambda of: of.course.deceased,
    "discharged": lambda of: of.course.discharged_at is not None,
    "record_doubts": lambda of: Decimal(of.course.doubts),
    "clinician_hold": lambda of: of.course.clinician_hold,
    "stops_in_force": lambda of: Decimal(len(of.course.stops_in_force())),
}
