"""The grid of days is made at one go; asking each term anew at each instant, slowly, gives the same."""

import time as clock
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random

import pytest
from courses import FIRST_DOSE, HOUR, NOW, course, demo, result

from aldes.course.events import AnyEvent
from aldes.course.state import Course
from aldes.toxicity.ctcae.chart import Chart, ages_of, asked_by, moment
from aldes.toxicity.ctcae.days import Cell, Days, as_of, day_of, days
from aldes.toxicity.ctcae.grade import grade
from aldes.toxicity.ctcae.ladder import Criteria
from aldes.toxicity.ctcae.read import read
from draws import few

SKEW = timedelta(minutes=5)
VALUES = {
    "temperature": (36.5, 38.4, 39.2, 40.5),
    "creatinine": (0.9, 1.6, 2.4, 4.1),
    "platelets": (210, 74, 49, 20),
    "potassium": (4.2, 5.7, 6.2, 7.4),
    "bilirubin": (0.8, 2.1, 4.5, 13),
}


def drawn(seed: int) -> Iterator[AnyEvent]:
    """Results of three days: some of one instant, some preliminary, some with the printed limit."""
    draw = Random(seed)
    hours = [draw.choice([0.5, 2, 2, 7.75, 15, 16, 23.9, 30, 39, 48, 60, 71]) for _ in range(draw.randrange(4, 14))]
    for each in hours:
        name = draw.choice(list(VALUES))
        status = "preliminary" if draw.random() < 0.2 else "final"
        yield result(name, draw.choice(VALUES[name]), each, high=draw.choice([None, 1.2, 5]), status=status)


def slowly(found: Course, criteria: Criteria) -> Days:
    """Each term at each instant at which something was charted that it asks: a chart of its own, every reason told."""
    protocol = demo()
    ages, cells = ages_of(criteria, protocol), {}
    for ladder in criteria.ladders:
        entries = [each for name in asked_by(ladder) for each in found.entries.get(name, ())]
        grades: dict[object, list[tuple[int | None, int]]] = {}
        for at in sorted({each.time for each in entries if each.time <= NOW + SKEW}):
            then = as_of(found, at)
            seen = Chart(
                moment(then, ages, protocol, at), moment(then, ages, protocol, min(NOW, max(at, end_of_day(at))))
            )
            each = grade(ladder, criteria.version, seen)
            grades.setdefault(day_of(at, protocol), []).append((each.grade, each.at_least))
        if grades:
            cells[ladder.name] = {day: worst(each) for day, each in grades.items()}
    return cells  # type: ignore[return-value]


def end_of_day(at: datetime) -> datetime:
    last = at
    while day_of(last + timedelta(minutes=1), demo()) == day_of(at, demo()):
        last += timedelta(minutes=1)
    return last.replace(second=0, microsecond=0) + timedelta(minutes=1) - timedelta(minutes=6)


def worst(found: list[tuple[int | None, int]]) -> Cell:
    at_least = max(certain for _, certain in found)
    return Cell(None if any(each is None for each, _ in found) else at_least, at_least)


@pytest.mark.campaign
@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_the_grid_is_what_asking_each_term_at_each_instant_gives(version: str) -> None:
    criteria, kinds = read(version), set()
    for seed in range(few(25, 400)):
        found = course(*drawn(seed))
        by_day = days(found, criteria, demo(), NOW)
        assert by_day == slowly(found, criteria), seed
        kinds |= {cell.words for cells in by_day.values() for cell in cells.values()}
    assert {"0", "1", "2", "3", "?"} <= kinds


@cache
def long(entries: int) -> Course:
    step = (NOW - FIRST_DOSE) / entries
    return course(*(result("temperature", 37 + each % 3, (entries - each) * step / HOUR) for each in range(entries)))


def test_four_times_as_many_results_take_about_four_times_as_long() -> None:
    took = {}
    for entries in (500, 2000):
        found = long(entries)
        began = clock.process_time()
        by_day = days(found, read("5.0"), demo(), NOW)
        took[entries] = clock.process_time() - began
        assert {cell.words for cell in by_day["fever"].values()} == {"1"}
    assert took[2000] < 10 * took[500]  # asking all entries anew at each instant took sixteen times as long
