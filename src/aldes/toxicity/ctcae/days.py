"""The worst grade of each day of a course: each term asked whenever something that it asks was charted.

A day on which nothing was charted has no cell: no result is not grade 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aldes.course.state import Course
from aldes.findings.moment import CLOCK_SKEW, Moment
from aldes.protocols.row import Protocol
from aldes.toxicity.ctcae.chart import Chart, ages_of, asked_by, moment
from aldes.toxicity.ctcae.grade import settled
from aldes.toxicity.ctcae.ladder import Criteria, Ladder


@dataclass(frozen=True, slots=True)
class Cell:
    """The worst grade of one term on one day; None is unknown, with what is certain beside it."""

    grade: int | None
    at_least: int

    @property
    def words(self) -> str:
        """ "2", "2?" (2 or more, not settled), "?"."""
        if self.grade is not None:
            return str(self.grade)
        return f"{self.at_least}?" if self.at_least else "?"


Days = Mapping[str, Mapping[date, Cell]]  # ladder's name → day → cell


def days(course: Course, criteria: Criteria, protocol: Protocol, now: datetime) -> Days:
    """The cells of every term that was charted on some day, by the site's calendar."""
    asked = {ladder.name: _instants(course, ladder, protocol, now) for ladder in criteria.ladders}
    charts = _Charts(course, criteria, protocol, now)
    return {
        ladder.name: {day: _worst(ladder, charts, at) for day, at in asked[ladder.name].items()}
        for ladder in criteria.ladders
        if asked[ladder.name]
    }


def as_of(course: Course, at: datetime) -> Course:
    """The course with the slots that had been closed by then: its baselines and cycle are those of that time."""
    slots = tuple(each for each in course.slots if each.at <= at)
    return replace(course, slots=slots, cycle=slots[-1].cycle if slots else 1)


def day_of(at: datetime, protocol: Protocol) -> date:
    """The calendar day by the site's clock, or by the instant's own where the site has none."""
    return at.astimezone(ZoneInfo(protocol.schedule.zone) if protocol.schedule.zone else at.tzinfo).date()


def _instants(course: Course, ladder: Ladder, protocol: Protocol, now: datetime) -> dict[date, list[datetime]]:
    """When something that a term asks was charted, by day, up to now."""
    times = {
        each.time for name in asked_by(ladder) for each in course.entries.get(name, ()) if each.time <= now + CLOCK_SKEW
    }
    found: dict[date, list[datetime]] = {}
    for at in sorted(times):
        found.setdefault(day_of(at, protocol), []).append(at)
    return found


def _worst(ladder: Ladder, charts: "_Charts", instants: list[datetime]) -> Cell:
    found = [settled(ladder, charts.at(each)) for each in instants]
    at_least = max(certain for certain, _ in found)
    return Cell(None if any(still_open for _, still_open in found) else at_least, at_least)


class _Charts:
    """The chart at each instant, made once; judged grades are those of the day's end."""

    def __init__(self, course: Course, criteria: Criteria, protocol: Protocol, now: datetime) -> None:
        self.course, self.protocol, self.now = course, protocol, now
        self._ages = ages_of(criteria, protocol)
        self._made: dict[datetime, Chart] = {}
        self._courses: dict[int, Course] = {}  # by how many slots had been closed
        self._moments: dict[tuple[int, datetime], Moment] = {}  # many instants of a day share its end

    def at(self, instant: datetime) -> Chart:
        if instant not in self._made:
            end = min(self.now, max(instant, self._end_of_day(instant)))
            closed = sum(each.at <= instant for each in self.course.slots)
            if closed not in self._courses:
                self._courses[closed] = as_of(self.course, instant)
            self._made[instant] = Chart(self._moment(closed, instant), self._moment(closed, end))
        return self._made[instant]

    def _moment(self, closed: int, instant: datetime) -> Moment:
        if (closed, instant) not in self._moments:
            self._moments[closed, instant] = moment(self._courses[closed], self._ages, self.protocol, instant)
        return self._moments[closed, instant]

    def _end_of_day(self, instant: datetime) -> datetime:
        zone = ZoneInfo(self.protocol.schedule.zone) if self.protocol.schedule.zone else instant.tzinfo
        next_day = day_of(instant, self.protocol) + timedelta(days=1)
        return datetime.combine(next_day, time(), zone) - timedelta(minutes=6)  # no entry of the next day within skew
