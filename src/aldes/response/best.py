"""The best response over all time points, with and without confirmation: RECIST 1.1, section 4.4.3 and table 3."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from aldes.response.categories import Response
from aldes.response.switches import Switches
from aldes.response.timepoints import Course, TimePoint

RESPONSES = (Response.CR, Response.PR)
HELD = (Response.CR, Response.PR, Response.SD, Response.NON)  # no progression: it may at least have been stable


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """One best response, where it was first seen, and why it is this one."""

    response: Response
    since: date | None
    why: str


def best(course: Course) -> Best:
    """The best time point: confirmation is not asked for."""
    points, switches = course.counted, course.switches
    for wanted in RESPONSES:
        if first := _first(points, wanted):
            return Best(response=wanted, since=first.day, why=f"{wanted} on {first.day}")
    return _without_response(course, points, switches)


def confirmed_best(course: Course) -> Best:
    """The best response that a second assessment confirms: table 3."""
    points, switches = course.counted, course.switches
    for wanted in RESPONSES:
        if pair := confirmed(points, wanted, switches):
            first, second = pair
            return Best(response=wanted, since=first.day, why=f"{wanted} on {first.day}, confirmed on {second.day}")
    if switches["response-then-pd"] == "response" and (early := _then_progression(points)):
        why = f"{early.overall} on {early.day}, then progression (switch response-then-pd)"
        return Best(response=early.overall, since=early.day, why=why)
    return _without_response(
        course, points, switches, "not confirmed; " * any(_first(points, each) for each in RESPONSES)
    )


def confirmed(points: Sequence[TimePoint], wanted: Response, switches: Switches) -> tuple[TimePoint, TimePoint] | None:
    """The first assessment with this response, and the one that confirms it at least `confirm-days` later.

    A complete response confirms a partial one. What lies between them may not break the response.
    """
    good = (Response.CR,) if wanted is Response.CR else RESPONSES
    for place, first in enumerate(points):
        if first.overall not in good:
            continue
        missed = 0
        for second in points[place + 1 :]:
            if second.overall in good:
                if (second.day - first.day).days >= switches.number("confirm-days"):
                    return first, second
                missed = 0
            elif second.overall is Response.NE and missed < switches.number("missed-between"):
                missed += 1
            elif not (
                second.overall is Response.SD and wanted is Response.PR and switches["stable-between"] == "allowed"
            ):
                break
    return None


def _then_progression(points: Sequence[TimePoint]) -> TimePoint | None:
    for first, second in pairwise(points):
        if first.overall in RESPONSES and second.overall is Response.PD:
            return first
    return None


def _without_response(course: Course, points: Sequence[TimePoint], switches: Switches, why: str = "") -> Best:
    """Stable where it lasted long enough, else progression, else not evaluable."""
    stable = Response.SD if course.chosen.targets else Response.NON
    since = stable_since(course)
    needed = switches.number("stable-days")
    held = [each for each in points if each.overall in HELD]
    long_enough = next((each for each in held if (each.day - since).days >= needed), None)
    if long_enough:
        days = (long_enough.day - since).days
        return Best(
            response=stable, since=long_enough.day, why=f"{why}no progression on {long_enough.day}, after {days} days"
        )
    short = f"{why}stable for fewer than {needed} days; " if held else why
    if course.progression:
        return Best(
            response=Response.PD, since=course.progression.day, why=f"{short}progression on {course.progression.day}"
        )
    return Best(response=Response.NE, since=None, why=short.removesuffix("; ") or "no assessment could be evaluated")


def stable_since(course: Course) -> date:
    """From when the days of stable disease are counted."""
    from_baseline = course.switches["stable-from"] == "baseline"
    return course.history.baseline.day if from_baseline else course.history.start


def _first(points: Iterable[TimePoint], wanted: Response) -> TimePoint | None:
    return next((each for each in points if each.overall is wanted), None)
