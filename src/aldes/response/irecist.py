"""iRECIST, a second reading of the same history: progression is unconfirmed until a later assessment confirms it.

Source: irecist table 2 (what confirms), table 3 (best responses), and the working group's answers (eortc-recist-faq).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from aldes.numbers import number
from aldes.response.best import stable_since
from aldes.response.categories import Response
from aldes.response.durations import Duration
from aldes.response.lesion import Assessment, Lesion, State
from aldes.response.limits import CONFIRMS_FROM_DAYS, CONFIRMS_TO_DAYS, FURTHER_MM
from aldes.response.targets import by_rule, unmeasurable
from aldes.response.timepoints import Course, TimePoint, table

RANK = (Response.PD, Response.SD, Response.PR, Response.CR)  # of target disease, from worst to best


class Immune(StrEnum):
    """A time point, or a best response, by iRECIST."""

    CR = "iCR"
    PR = "iPR"
    SD = "iSD"
    NON = "non-iCR/non-iUPD"
    UPD = "iUPD"
    CPD = "iCPD"
    NE = "NE"


PLAIN = {Response.CR: Immune.CR, Response.PR: Immune.PR, Response.SD: Immune.SD, Response.NON: Immune.NON}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImmunePoint:
    """One time point by iRECIST."""

    day: date
    overall: Immune
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """The whole history by iRECIST."""

    points: tuple[ImmunePoint, ...]
    best: Immune
    best_why: str
    unconfirmed_on: date | None  # the progression that still stands, first seen then
    confirmed_on: date | None
    progression_free: Duration


def second_reading(course: Course) -> SecondReading:
    """Every time point again, where progression must be confirmed; a response in between sets the bar anew."""
    points = tuple(_points(course))
    confirmed = next((each.day for each in points if each.overall is Immune.CPD), None)
    standing = _standing(points)
    response, why = _best(points, course)
    return SecondReading(
        points=points,
        best=response,
        best_why=why,
        unconfirmed_on=standing,
        confirmed_on=confirmed,
        progression_free=_free(course, points, standing, confirmed),
    )


def _points(course: Course) -> Iterator[ImmunePoint]:
    """The time points in turn; `since` is the progression that awaits confirmation."""
    since: TimePoint | None = None
    for point in _taken(course):
        overall, _, why = table(point.targets, point.non_targets, point.new)
        if since is None and overall is Response.PD:
            since = point
            yield ImmunePoint(day=point.day, overall=Immune.UPD, why=why)
        elif since is None:
            yield ImmunePoint(day=point.day, overall=PLAIN.get(overall, Immune.NE), why=why)
        elif further := _confirms(course, since, point):
            late = (point.day - since.day).days
            if _in_window(course, late):
                yield ImmunePoint(day=point.day, overall=Immune.CPD, why=f"{further}, {late} days after iUPD")
                return
            why = f"{further}, but {late} days after iUPD: it confirms from {CONFIRMS_FROM_DAYS} days on"
            yield ImmunePoint(day=point.day, overall=Immune.UPD, why=why)
            since = point if late > CONFIRMS_TO_DAYS else since
        else:
            found = _unconfirmed(since, point, overall)
            yield ImmunePoint(day=point.day, overall=found, why=why)
            since = since if found in (Immune.UPD, Immune.NE) else None


def _taken(course: Course) -> Iterator[TimePoint]:
    """The time points before another therapy; progression by RECIST 1.1 ends nothing here."""
    other = course.history.other_therapy if course.switches["other-therapy"] == "is left out" else None
    yield from (each for each in course.points if other is None or each.day <= other)


def _in_window(course: Course, days: int) -> bool:
    if days < CONFIRMS_FROM_DAYS:
        return False
    return days <= CONFIRMS_TO_DAYS or course.switches["irecist-late"] == "confirms"


def _unconfirmed(since: TimePoint, point: TimePoint, overall: Response) -> Immune:
    """What a time point is after iUPD that it does not confirm.

    New lesions that stay as they were leave it iUPD, unless the targets are in a better category than then.
    """
    if overall is not Response.PD:
        return PLAIN.get(overall, Immune.NE)
    only_new = point.new and point.targets.response is not Response.PD and point.non_targets.response is not Response.PD
    if only_new and _better(point.targets.response, since.targets.response):
        return Immune.SD if point.targets.response is Response.SD else Immune.PR
    return Immune.UPD


def _better(now: Response, then: Response) -> bool:
    return now in RANK and then in RANK and RANK.index(now) > RANK.index(then)


def _confirms(course: Course, since: TimePoint, point: TimePoint) -> str:
    """What confirms the progression first seen at `since`; nothing if nothing does."""
    if added := [each for each in point.new if each not in since.new]:
        return f"another new lesion: {', '.join(added)}"
    if further := _targets_further(since, point):
        return further
    if further := _others_further(since, point):
        return further
    return _new_further(course, since, point)


def _targets_further(since: TimePoint, point: TimePoint) -> str:
    """A further rise of the sum by 5 mm where the targets had progressed, or their progression where they had not."""
    if point.targets.response is not Response.PD:
        return ""
    if since.targets.response is not Response.PD:
        return f"targets progress too: {point.targets.why}"
    then, now = since.targets.sum_mm, point.targets.sum_mm
    if then is None or now is None or now - then < FURTHER_MM:
        return ""
    return f"sum up by another {number(now - then)} mm"


def _others_further(since: TimePoint, point: TimePoint) -> str:
    if since.non_targets.response is not Response.PD:
        return "non-targets progress too" if point.non_targets.response is Response.PD else ""
    worse = [id for id, seen in point.at.seen.items() if seen.state in (State.INCREASED, State.FURTHER)]
    worse = [id for id in worse if id not in point.new]
    return f"non-target disease increased further: {', '.join(worse)}" if worse else ""


def _new_further(course: Course, since: TimePoint, point: TimePoint) -> str:
    """New lesions grew: measurable ones by 5 mm together, others by any increase."""
    lesions = [course.history.lesions[id] for id in since.new if id in course.history.lesions]
    followed = _followed(lesions, since.at)
    sums = [_sum(followed, at) for at in (since.at, point.at)]
    if sums[0] is not None and sums[1] is not None and sums[1] - sums[0] >= FURTHER_MM:
        return f"new lesions up by {number(sums[1] - sums[0])} mm"
    others = [each.id for each in lesions if each not in followed and _grew(each, since.at, point.at)]
    return f"new lesions increased: {', '.join(others)}" if others else ""


def _followed(lesions: Sequence[Lesion], at: Assessment) -> tuple[Lesion, ...]:
    """The new lesions that are measured like targets."""
    measurable = [each for each in lesions if at.of(each.id).method and not unmeasurable(each, at.of(each.id))]
    return by_rule(measurable, at.seen)


def _sum(lesions: Sequence[Lesion], at: Assessment) -> Decimal | None:
    sizes = [Decimal(0) if at.of(each.id).state is State.ABSENT else at.of(each.id).mm for each in lesions]
    known = [each for each in sizes if each is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(sizes) else None


def _grew(lesion: Lesion, then: Assessment, now: Assessment) -> bool:
    if now.of(lesion.id).state in (State.INCREASED, State.FURTHER):
        return True
    before, after = then.of(lesion.id).mm, now.of(lesion.id).mm
    return before is not None and after is not None and after > before


def _standing(points: Sequence[ImmunePoint]) -> date | None:
    """Since when the last progression stands: the first iUPD of those that no response has followed."""
    since: date | None = None
    for point in points:
        if point.overall is Immune.UPD:
            since = since or point.day
        elif point.overall not in (Immune.NE, Immune.CPD):
            since = None
    return since


def _best(points: Sequence[ImmunePoint], course: Course) -> tuple[Immune, str]:
    """Table 3: the best one before confirmed progression, also after an unconfirmed one."""
    for wanted in (Immune.CR, Immune.PR):
        if first := next((each for each in points if each.overall is wanted), None):
            return wanted, f"{wanted} on {first.day}"
    since, needed = stable_since(course), course.switches.number("stable-days")
    held = [each for each in points if each.overall in (Immune.SD, Immune.NON)]
    if lasted := next((each for each in held if (each.day - since).days >= needed), None):
        return lasted.overall, f"{lasted.overall} on {lasted.day}, after {(lasted.day - since).days} days"
    for worse in (Immune.CPD, Immune.UPD):
        if first := next((each for each in points if each.overall is worse), None):
            return worse, f"{worse} on {first.day}"
    return Immune.NE, "stable for too short a time" if held else "no assessment could be evaluated"


def _free(course: Course, points: Sequence[ImmunePoint], standing: date | None, confirmed: date | None) -> Duration:
    """To the first sight of the progression that was confirmed, or that still stands at the end; else as RECIST 1.1."""
    history = course.history
    if standing:
        why = f"progression, confirmed on {confirmed}" if confirmed else "progression, not confirmed"
        return Duration(since=history.start, until=standing, event=True, why=why)
    other = history.other_therapy if course.switches["other-therapy"] == "is left out" else None
    if history.death and (other is None or history.death <= other):
        return Duration(since=history.start, until=history.death, event=True, why="death")
    last = next((each.day for each in reversed(points) if each.overall is not Immune.NE), history.start)
    return Duration(since=history.start, until=last, event=False, why="no progression that stands")
