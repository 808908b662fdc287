"""How long: without progression, in response, stable; with the event or the reason for censoring."""

from dataclasses import dataclass
from datetime import date

from aldes.response.best import RESPONSES, Best
from aldes.response.categories import Response
from aldes.response.timepoints import Course, TimePoint

MISSED = 2  # RC-22: two or more assessments missed in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Days from one day to another; `event` is false where only so much is known."""

    since: date
    until: date
    event: bool
    why: str

    @property
    def days(self) -> int:
        """Whole days between the two."""
        return (self.until - self.since).days


def progression_free(course: Course) -> Duration:
    """From the first dose to progression or death, else censored at the last assessment that could be evaluated."""
    return _until_progression(course, course.history.start)


def of_response(course: Course, best: Best) -> Duration | None:
    """From the first response to progression or death; None without a response. Section 4.6.2."""
    if best.response not in RESPONSES or best.since is None:
        return None
    first = next(each for each in course.counted if each.overall in RESPONSES and each.day <= best.since)
    since = best.since if best.response is Response.PR else first.day
    return _until_progression(course, since)


def of_stability(course: Course, best: Best) -> Duration | None:
    """From the first dose to progression, where stable disease was the best. Section 4.6.3."""
    if best.response not in (Response.SD, Response.NON):
        return None
    return _until_progression(course, course.history.start)


def _until_progression(course: Course, since: date) -> Duration:
    end, why = _event(course)
    if end is None:
        last = _last_evaluable(course.counted)
        until = max(last.day if last else course.history.start, since)
        return Duration(since=since, until=until, event=False, why=why or _censored(course, last))
    missed = _missed_before(course.counted, end)
    if missed >= MISSED and course.switches["progression-after-missed"] == "is censored before them":
        last = _last_evaluable([each for each in course.counted if each.day < end])
        until = max(last.day if last else course.history.start, since)
        return Duration(since=since, until=until, event=False, why=f"{why} after {missed} missed assessments")
    return Duration(since=since, until=end, event=True, why=why)


def _event(course: Course) -> tuple[date | None, str]:
    """Progression or death, whichever is first; neither counts after another therapy began."""
    if course.progression:
        return course.progression.day, "progression"
    history = course.history
    other = history.other_therapy if course.switches["other-therapy"] == "is left out" else None
    if history.death and (other is None or history.death <= other):
        return history.death, "death"
    return None, f"another therapy began on {other}" if other else ""


def _missed_before(points: tuple[TimePoint, ...], day: date) -> int:
    missed = 0
    for point in reversed([each for each in points if each.day < day]):
        if point.overall is not Response.NE:
            break
        missed += 1
    return missed


def _last_evaluable(points: tuple[TimePoint, ...] | list[TimePoint]) -> TimePoint | None:
    return next((each for each in reversed(points) if each.overall is not Response.NE), None)


def _censored(course: Course, last: TimePoint | None) -> str:
    return "no progression seen" if last else "no assessment could be evaluated"
