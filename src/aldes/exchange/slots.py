"""Doses as they were charted: put on the grid of slots, and told as events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aldes.course.events import Admitted, AnyEvent, CourseEnded, CycleOpened, SlotClosed, SlotState
from aldes.course.grid import COURSE_GAP, REST, charted_twice, number_slots
from aldes.exchange.reading import Notes

DRUG = "aldesleukin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One dose that was given, given partly, held or omitted, with its exact start."""

    where: str
    start: datetime
    state: SlotState
    ended_at: datetime | None = None
    by: str = ""


def slot_events(administrations: Sequence[Administration], notes: Notes) -> list[AnyEvent]:
    """The closed slots in order of time, with each cycle's opening and each earlier course's end before them.

    What happened is counted, however unlikely: two doses too close are both counted and reported loudly.
    """
    ordered = sorted(administrations, key=lambda each: each.start)
    starts = [each.start for each in ordered]
    for index in charted_twice(starts):
        notes.warn(
            ordered[index].where,
            DRUG,
            "This dose follows another within 4 hours. Both were counted. If one dose was charted twice, retract one.",
        )
    events: list[AnyEvent] = []
    last_cycle = 0
    last_start = starts[0] if starts else None
    for each, (cycle, number) in zip(ordered, number_slots(starts), strict=True):
        at, by = each.start, each.by
        if last_start is not None and (cycle < last_cycle or (cycle == last_cycle and number == 1)):
            # As soon as it is over, so that what is charted before the next course belongs to the next course.
            ended = last_start + COURSE_GAP
            events.append(CourseEnded(happened_at=ended, recorded_at=ended))
            last_cycle = 0
        last_start = at
        if cycle != last_cycle:
            events.append(CycleOpened(happened_at=at, recorded_at=at, cycle=cycle))
        last_cycle = cycle
        events.append(
            SlotClosed(
                happened_at=at,
                recorded_at=at,
                by=by,
                cycle=cycle,
                number=number,
                state=each.state,
                ended_at=each.ended_at,
            )
        )
    return events


def opened_by_admission(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """The cycle or course that an admission after the last slot begins, before its first dose is given."""
    last = max(
        (each for each in events if isinstance(each, SlotClosed)), key=lambda each: each.happened_at, default=None
    )
    if last is None:
        return []
    rested = last.happened_at + REST
    later = [each.happened_at for each in events if isinstance(each, Admitted) and each.happened_at > rested]
    if not later:
        return []
    at, ended = max(later), last.happened_at + COURSE_GAP
    if at > ended:
        return [
            CourseEnded(happened_at=ended, recorded_at=ended),
            CycleOpened(happened_at=at, recorded_at=at, cycle=1),
        ]
    return [CycleOpened(happened_at=at, recorded_at=at, cycle=last.cycle + 1)]
