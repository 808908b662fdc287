"""What was charted over the doses, as series for the pictures of a page: values, doses, limits; nothing smoothed."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from aldes.course.state import Course
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.numbers import json_number
from aldes.protocols.row import Protocol, Row
from aldes.questions.tree import Compare, Name, Node, Number, children
from aldes.service.views.entries import as_it_came
from aldes.units import UNITS

PANELS = (
    ("blood pressure", ("systolic", "diastolic")),
    ("heart rate", ("heart_rate",)),
    ("oxygen saturation", ("spo2",)),
    ("temperature", ("temperature",)),
    ("weight", ("weight",)),
    ("urine", ("urine",)),
    ("creatinine", ("creatinine",)),
    ("platelets", ("platelets",)),
)
_DERIVED = {"urine_8h": "urine", "systolic_low": "systolic"}  # a limit of these is drawn where they are


def panels(course: Course, protocol: Protocol, now: datetime) -> dict[str, Any]:
    """Every panel with its series and limits, the doses, and until when."""
    doses = [
        {"at": _seconds(each.at), "number": each.number, "cycle": each.cycle} for each in course.slots if each.given
    ]
    return {
        "now": _seconds(now),
        "zone": protocol.schedule.zone,
        "doses": doses,
        "panels": [*(_panel(course, protocol, words, names) for words, names in PANELS), _balance(course)],
    }


def _panel(course: Course, protocol: Protocol, words: str, names: tuple[str, ...]) -> dict[str, Any]:
    unit = vocabulary()[names[0]].unit
    return {
        "words": words,
        "unit": UNITS[unit].words if unit in UNITS else unit,
        "series": [{"words": vocabulary()[name].words, "points": list(_points(course, name))} for name in names],
        "limits": list(_limits(protocol, names)),
    }


def _balance(course: Course) -> dict[str, Any]:
    """What went in less what came out, over each time in which intake was charted; nothing is known of other times."""
    points = [
        [_seconds(each.time), json_number(each.valid - _came_out(course, each)), True, ""]
        for each in course.entries.get("fluid_intake", ())
        if isinstance(each.valid, Decimal) and each.start is not None
    ]
    series = [{"words": "balance", "points": points}]
    return {"words": "fluid balance, as charted", "unit": UNITS["mL"].words, "series": series, "limits": []}


def _came_out(course: Course, taken_in: Charted) -> Decimal:
    """Urine and diarrhoea whose collection ended in the same time."""
    out = [each for name in ("urine", "diarrhoea_volume") for each in course.entries.get(name, ())]
    start = taken_in.start or taken_in.time
    return sum(
        (each.valid for each in out if isinstance(each.valid, Decimal) and start < each.time <= taken_in.time),
        Decimal(0),
    )


def _points(course: Course, name: str) -> Iterator[list[Any]]:
    """Time, number, whether it may be believed, and as what it came: a doubtful one may have no number."""
    for entry in course.entries.get(name, ()):
        number = entry.valid if isinstance(entry.valid, Decimal) else entry.worst
        shown = json_number(number) if isinstance(number, Decimal) else None
        doubt = "" if entry.valid is not None else f"{as_it_came(entry)}: {entry.fault}"
        if shown is not None or doubt:
            yield [_seconds(entry.time), shown, not doubt, doubt]


def _limits(protocol: Protocol, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """The numbers that rows of the decision hold these findings against."""
    seen: set[tuple[str, float]] = set()
    for row in protocol.rows:
        for op, value in _compared(row, names):
            if (op, value) not in seen:
                seen.add((op, value))
                yield {"row": row.id, "op": op, "value": value}


def _compared(row: Row, names: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    waiting: list[Node] = [row.question]
    while waiting:
        node = waiting.pop(0)
        match node:
            case Compare(op, Name(finding), Number(value)) if _DERIVED.get(finding, finding) in names:
                yield op, value
            case _:
                waiting += children(node)


def _seconds(time: datetime) -> int:
    return int(time.timestamp())
