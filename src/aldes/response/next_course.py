"""May a next course follow? What the images say to the label's question; the protocol's rows decide the rest."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aldes.numbers import number
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.response.categories import Response, percent
from aldes.response.courses import due
from aldes.response.timepoints import Course, TimePoint

FINDING = "tumour_shrank"  # asked by DOSE-11: some shrinkage since the last course, and no bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage:
    """Whether the tumour shrank since the last course began, by the images alone."""

    answer: Answer
    course: int
    scan: date | None  # the assessment that answers
    scan_due: date | None
    before_mm: Decimal | None
    after_mm: Decimal | None
    discharge: date | None
    why: str


def shrinkage(course: Course) -> Shrinkage:
    """Compare the last assessment after the last course with the last complete one before it (DOSE-11).

    Progression is no shrinkage, whatever the sum does; a sum that grew first and shrank then is for a physician, as is
    what was not evaluated and disease that nobody measures.
    """
    last = course.history.courses[-1]
    before = _sum_before(course, last.first_dose)
    after = [each for each in course.points if each.day > last.first_dose]
    point = after[-1] if after else None
    answer, why = _answer(course, point, before)
    return Shrinkage(
        answer=answer,
        course=last.number,
        scan=point.day if point else None,
        scan_due=due(last),
        before_mm=before,
        after_mm=point.targets.sum_mm if point and point.targets.complete else None,
        discharge=last.discharge,
        why=why,
    )


def _answer(course: Course, point: TimePoint | None, before: Decimal | None) -> tuple[Answer, str]:
    if point is None:
        return UNKNOWN, "no assessment since the last course began"
    if point.overall is Response.PD:
        return NO, f"progression on {point.day}: {point.why}"
    if course.history.other_therapy and point.day > course.history.other_therapy:
        return UNKNOWN, "another therapy began before the scan: what shrank the tumour cannot be told"
    if point.overall is Response.NE:
        return UNKNOWN, f"not evaluable on {point.day}: {point.why}"
    if point.targets.response is Response.NONE:
        if point.overall is Response.CR:
            return YES, f"all disease gone on {point.day}"
        return UNKNOWN, "no lesion is measured: a physician judges whether the disease has shrunk"
    after = point.targets.sum_mm
    if before is None or after is None:
        return UNKNOWN, "no complete sum before the last course"
    change = f"sum {number(before)} mm before, {number(after)} mm on {point.day} ({percent(after, before)})"
    if after >= before:
        return NO, change
    if between := _progression_between(course, point):
        return UNKNOWN, f"{change}, and progression on {between} since that course began: a physician judges"
    return YES, change


def _progression_between(course: Course, point: TimePoint) -> date | None:
    """Progression seen after the last course began and before this assessment."""
    began = course.history.courses[-1].first_dose
    days = (each.day for each in course.points if began < each.day < point.day and each.overall is Response.PD)
    return next(days, None)


def _sum_before(course: Course, day: date) -> Decimal | None:
    """The sum of the newest complete assessment on or before this day; the baseline is one."""
    if not course.chosen.targets:
        return None
    earlier = [each for each in course.points if each.day <= day and each.targets.complete]
    return earlier[-1].targets.sum_mm if earlier else course.baseline_mm
