"""The response document in JSON values; `response.schema.json` beside this module says its form."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import Any

from aldes.numbers import json_number, number
from aldes.response.best import Best, best, confirmed_best
from aldes.response.categories import Reading, Targets, target_size
from aldes.response.courses import due, outside_window
from aldes.response.durations import Duration, of_response, of_stability, progression_free
from aldes.response.irecist import SecondReading, second_reading
from aldes.response.lesion import CourseDays, History, Lesion, Seen
from aldes.response.limits import BASELINE_DAYS, SLIP
from aldes.response.next_course import Shrinkage, shrinkage
from aldes.response.switches import Switches, known_switches
from aldes.response.timepoints import Course, TimePoint, read

Json = dict[str, Any]
DAYS_A_MONTH = Decimal("30.4375")  # 365.25 / 12; for people to read, nothing is compared in months


def response_document(histories: Iterable[History], switches: Switches, irecist: bool) -> Json:
    """Every patient's response, and how each disputed edge was set.

    Raises
    ------
    InputError
        When the targets of a patient cannot be told.
    """
    courses = [read(each, switches) for each in histories]
    return {
        "criteria": "RECIST 1.1" + (", and iRECIST as a second reading" if irecist else ""),
        "patients": [_patient(each, irecist) for each in courses],
        "switches": list(_switches(switches)),
    }


def _patient(course: Course, irecist: bool) -> Json:
    history = course.history
    first, second = best(course), confirmed_best(course)
    return {
        "patient": history.patient,
        "first_dose": history.start.isoformat(),
        "last_day": history.last_day.isoformat(),
        "courses": [_course(each) for each in history.courses],
        "death": _day(history.death),
        "other_therapy": _day(history.other_therapy),
        "baseline": {
            "day": history.baseline.day.isoformat(),
            "sum_mm": json_number(course.baseline_mm) if course.chosen.targets else None,
            "lesions": [_lesion(each, course) for each in history.at_baseline()],
        },
        "time_points": [_point(each, course) for each in course.points],
        "best": {"unconfirmed": _best(first), "confirmed": _best(second)},
        "progression": _day(course.progression.day if course.progression else None),
        "progression_free": _duration(progression_free(course)),
        "response_duration": {
            "unconfirmed": _duration(of_response(course, first)),
            "confirmed": _duration(of_response(course, second)),
        },
        "stable_duration": _duration(of_stability(course, first)),
        "irecist": _immune(second_reading(course)) if irecist else None,
        "next_course": _shrinkage(shrinkage(course)),
        "doubts": list(_doubts(course)),
    }


def _course(days: CourseDays) -> Json:
    return {
        "course": days.number,
        "first_dose": days.first_dose.isoformat(),
        "last_dose": _day(days.last_dose),
        "discharge": _day(days.discharge),
        "scan_due": _day(due(days)),
    }


def _lesion(lesion: Lesion, course: Course) -> Json:
    seen, chosen = course.history.baseline.of(lesion.id), course.chosen
    roles = (("target", chosen.targets), ("non-target", chosen.non_targets), ("normal node", chosen.normal))
    return {
        "lesion": lesion.id,
        "organ": lesion.organ,
        "kind": lesion.kind.value,
        "irradiated": lesion.irradiated.value,
        "role": next(role for role, lesions in roles if lesion in lesions),
        "mm": _mm(seen.mm),
        "axis": "short" if lesion.is_node else "long",
        "method": seen.method.value if seen.method else None,
        "why": chosen.why[lesion.id],
    }


def _point(point: TimePoint, course: Course) -> Json:
    return {
        "day": point.day.isoformat(),
        "days_since_first_dose": (point.day - course.history.start).days,
        "timing": point.timing,
        "targets": _targets(point.targets, course.baseline_mm),
        "non_targets": _reading(point.non_targets),
        "new": list(point.new),
        "equivocal": list(point.equivocal),
        "overall": point.overall.value,
        "row": point.row,
        "why": point.why,
        "counts": point.counts,
        "lesions": [_seen(id, seen, course) for id, seen in point.at.seen.items()],
    }


def _seen(id: str, seen: Seen, course: Course) -> Json:
    """One lesion of a time point; a target says what it adds to the sum."""
    target = next((each for each in course.chosen.targets if each.id == id), None)
    adds = target_size(target, seen, course.switches) if target else None
    return {"lesion": id, "state": seen.state.value, "mm": _mm(seen.mm), "adds_mm": _mm(adds)}


def _targets(found: Targets, baseline: Decimal) -> Json:
    whole = found.sum_mm if found.complete else None
    return {
        "response": found.response.value,
        "sum_mm": _mm(found.sum_mm),
        "complete": found.complete,
        "nadir_mm": _mm(found.nadir_mm),
        "from_baseline_percent": _percent(whole, baseline),
        "from_nadir_percent": _percent(whole, found.nadir_mm),
        "missing": list(found.missing),
        "why": found.why,
    }


def _reading(found: Reading) -> Json:
    return {"response": found.response.value, "why": found.why}


def _best(found: Best) -> Json:
    return {"response": found.response.value, "since": _day(found.since), "why": found.why}


def _duration(found: Duration | None) -> Json | None:
    if found is None:
        return None
    months = (found.days / DAYS_A_MONTH).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "days": found.days,
        "months": json_number(months),
        "event": found.event,
        "why": found.why,
    }


def _immune(found: SecondReading) -> Json:
    return {
        "time_points": [
            {"day": each.day.isoformat(), "overall": each.overall.value, "why": each.why} for each in found.points
        ],
        "best": found.best.value,
        "why": found.best_why,
        "unconfirmed_on": _day(found.unconfirmed_on),
        "confirmed_on": _day(found.confirmed_on),
        "progression_free": _duration(found.progression_free),
    }


def _shrinkage(found: Shrinkage) -> Json:
    return {
        "shrank": found.answer.name.lower(),
        "since_course": found.course,
        "scan": _day(found.scan),
        "scan_due": _day(found.scan_due),
        "before_mm": _mm(found.before_mm),
        "after_mm": _mm(found.after_mm),
        "discharge": _day(found.discharge),
        "why": found.why,
        "source": "us-label-1992 dosage and administration: retreatment (DOSE-11)",
    }


def _switches(switches: Switches) -> Iterator[Json]:
    for name, switch in known_switches().items():
        yield {
            "name": name,
            "value": switches[name],
            "default": switch.default,
            "changed": switches[name] != switch.default,
            "words": switch.words,
            "source": switch.source,
            "status": switch.status,
        }


def _doubts(course: Course) -> Iterator[str]:
    """What a reader of the result should look at before believing it."""
    history = course.history
    age = (history.start - history.baseline.day).days
    if age > BASELINE_DAYS:
        yield f"the baseline is {age} days older than the first dose; it should be at most {BASELINE_DAYS} (RC-19)"
    for point in course.points:
        if outside_window(history, point.day):
            yield f"{point.day}: {point.timing}, too early to tell"
        if point.equivocal:
            yield f"{point.day}: perhaps a new lesion: {', '.join(point.equivocal)}"
    yield from _slips(history)
    if not course.points:
        yield "no assessment after the baseline"


def _slips(history: History) -> Iterator[str]:
    """Sizes that changed as much as a slip between cm and mm would change them."""
    for id in history.lesions:
        sizes = [(each.day, mm) for each in (history.baseline, *history.later) if (mm := each.of(id).mm) is not None]
        for (_, before), (day, now) in pairwise(sizes):
            if now * SLIP <= before or before * SLIP <= now:
                yield f"{day}: lesion {id} came with {number(now)} mm after {number(before)} mm: was one of them in cm?"


def _percent(now: Decimal | None, before: Decimal | None) -> float | int | None:
    if now is None or before is None or before == 0:
        return None
    return json_number(((now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_EVEN))


def _mm(value: Decimal | None) -> float | int | None:
    return None if value is None else json_number(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
