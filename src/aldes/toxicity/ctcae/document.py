"""The grades of one patient as a JSON document; its JSON Schema is `grades.schema.json` beside this module."""

from collections.abc import Iterable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aldes import __version__
from aldes.course.state import Course
from aldes.numbers import json_number
from aldes.protocols.row import Protocol
from aldes.toxicity.ctcae.chart import chart
from aldes.toxicity.ctcae.days import Cell, days
from aldes.toxicity.ctcae.grade import Grade, Used, grades
from aldes.toxicity.ctcae.ladder import Criteria
from aldes.toxicity.ctcae.regrade import Difference, differences


def document(
    course: Course, criteria: Criteria, protocol: Protocol, now: datetime, against: Criteria | None = None
) -> dict[str, Any]:
    """Every term's grade at `now`, the worst of each day, and (`against` another version) what differs."""
    clock = ZoneInfo(protocol.schedule.zone) if protocol.schedule.zone else now.tzinfo
    by_day = days(course, criteria, protocol, now)
    compared = differences(course, against, criteria, protocol, now) if against else None
    return {
        "version": criteria.version,
        "units": criteria.units,
        "criteria": criteria.words,
        "asked_at": now.astimezone(clock).isoformat(),
        "grades": [_grade(each, clock) for each in grades(criteria, chart(course, criteria, protocol, now))],
        "days": [
            {
                "name": ladder.name,
                "term": ladder.words,
                "cells": [{"day": day.isoformat(), **_cell(cell)} for day, cell in by_day[ladder.name].items()],
            }
            for ladder in criteria.ladders
            if ladder.name in by_day
        ],
        "recorded": [
            {
                "name": each.term,
                "grade": each.grade,
                "version": each.version,
                "time": each.at.astimezone(clock).isoformat(),
                "by": each.by,
                "entries": list(each.findings),
            }
            for each in course.grades
        ],
        "not_graded": [{"id": each.id, "term": each.term, "why": each.why} for each in criteria.removed],
        "against": against.version if against else None,
        "differences": None if compared is None else _differences(compared),
        "site": protocol.site,
        "demo": protocol.demo,
        "engine": f"aldes {__version__}",
    }


def _grade(grade: Grade, clock: tzinfo | None) -> dict[str, Any]:
    ladder, rung = grade.ladder, grade.rung
    return {
        "id": ladder.id,
        "name": ladder.name,
        "term": ladder.words,
        "meddra": ladder.meddra,
        "version": grade.version,
        "grade": grade.grade,
        "at_least": grade.at_least,
        "words": grade.words,
        "meaning": rung.words if rung else None,
        "time": _at(grade.time, clock),
        "used": [_used(each, clock) for each in grade.used],
        "missing": [
            {"finding": each.finding, "words": each.words, "why": each.why, "grades": list(each.grades)}
            for each in grade.missing
        ],
        "grades_that_do_not_exist": list(ladder.absent),
        "note": ladder.note,
        "source": str(ladder.source),
        "status": ladder.status.value,
    }


def _used(used: Used, clock: tzinfo | None) -> dict[str, Any]:
    return {
        "finding": used.finding,
        "words": used.words,
        "sort": used.sort,
        "value": json_number(used.value) if isinstance(used.value, Decimal) else used.value,
        "unit": used.unit,
        "value_words": used.value_words,
        "time": _at(used.time, clock),
        "charted": used.charted,
        "held_against": used.held_against,
        "entries": list(used.entries),
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"grade": cell.grade, "at_least": cell.at_least, "words": cell.words}


def _differences(found: Iterable[Difference]) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "term": each.words,
            "day": each.day.isoformat(),
            "recorded": each.recorded,
            "before": None if each.before is None else _cell(each.before),
            "after": None if each.after is None else _cell(each.after),
            "why": each.why,
        }
        for each in found
    ]


def _at(time: datetime | None, clock: tzinfo | None) -> str | None:
    """An instant by the site's clock."""
    return time.astimezone(clock).isoformat() if time else None
