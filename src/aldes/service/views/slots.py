"""The slots of a course as a timeline: two cycles of fourteen, each with its state in a word and a shape, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aldes.course.facts import INTERVAL, SLOTS_IN_CYCLE, next_number, next_slot
from aldes.course.state import Course, Slot

CYCLES = 2
_SHAPES = {
    "given": "●",
    "given partly": "◐",
    "held": "\N{DOUBLE VERTICAL LINE}",
    "omitted": "–",
    "running": "▶",
    "next": "◇",
    "unaccounted": "?",
    "planned": "·",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the timeline."""

    cycle: int
    number: int
    state: str
    at: datetime | None
    why: str = ""
    delayed: bool = False  # it was assessed as held first, and then given in its window
    deviation: str = ""

    @property
    def shape(self) -> str:
        """Its shape, so that no state hangs on a colour."""
        return _SHAPES[self.state]

    @property
    def css(self) -> str:
        """Its class in the style sheet."""
        return self.state.replace(" ", "-")


def timeline(course: Course, now: datetime) -> list[list[Place]]:
    """The places of each cycle, in order; what is beyond the fourteenth is shown too."""
    cycles = max([CYCLES, course.cycle, *(each.cycle for each in course.slots)])
    return [list(_cycle(course, number, now)) for number in range(1, cycles + 1)]


def _cycle(course: Course, cycle: int, now: datetime) -> Iterator[Place]:
    closed = {each.number: each for each in course.slots if each.cycle == cycle}
    first = min(closed.values(), key=lambda each: each.number, default=None)
    upcoming = next_number(course) if cycle == course.cycle else 0
    for number in range(1, max([SLOTS_IN_CYCLE, *closed]) + 1):
        planned = first.at + (number - first.number) * INTERVAL if first else None
        if slot := closed.get(number):
            yield _closed(course, slot)
        elif number < max(closed, default=0):
            yield Place(
                cycle=cycle, number=number, state="unaccounted", at=planned, why="nobody has said what happened"
            )
        elif number == upcoming:
            yield Place(cycle=cycle, number=number, state="next", at=next_slot(course, now) if first else None)
        else:
            yield Place(cycle=cycle, number=number, state="planned", at=planned)


def _closed(course: Course, slot: Slot) -> Place:
    running = course.infusing is slot
    why = ", ".join(slot.rows) if slot.rows else slot.why
    delayed = slot.given and (slot.cycle, slot.number) in course.assessed_as_held
    return Place(
        cycle=slot.cycle,
        number=slot.number,
        state="running" if running else slot.state.value,
        at=slot.at,
        why=why,
        delayed=delayed,
        deviation=slot.deviation,
    )
