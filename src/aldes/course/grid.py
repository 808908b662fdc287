"""The grid of slots: which cycle and which slot a dose belongs to, told from the times alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

INTERVAL = timedelta(hours=8)  # DOSE-02
# Our policy. The 14 slots of a cycle span 104 h (DOSE-21) and the rest is 9 days (DOSE-05), in trials 5 to 9
# (DOSE-09): a gap of more than 4 days is a rest. Retreatment waits 7 weeks from discharge (DOSE-12), cycle 2 does
# not: a gap of more than 21 days separates courses.
REST = timedelta(days=4)
COURSE_GAP = timedelta(days=21)
TWICE = timedelta(hours=4)  # our policy: two doses closer than half an interval are one dose charted twice, or an error


def number_slots(starts: Sequence[datetime]) -> list[tuple[int, int]]:
    """Cycle and number in the cycle of each dose or closed slot, from their starts in order of time.

    A slot's number is its place on the 8-hour grid that the cycle's first start opened. Two starts in one place
    are both counted, the later under the next number: a dose too many on paper is safer than one too few.
    A cycle 1 that is not the first is the first of another course.

    Raises
    ------
    ValueError
        When the starts are not in order of time.
    """
    numbered: list[tuple[int, int]] = []
    cycle, number, first = 0, 0, None
    for index, start in enumerate(starts):
        gap = start - starts[index - 1] if index else None
        if gap is not None and gap < timedelta(0):
            raise ValueError("the starts must be in order of time")
        if first is None or (gap is not None and gap > REST):
            another_course = gap is not None and gap > COURSE_GAP
            cycle, number, first = (1 if another_course else cycle + 1), 0, start
        number = max(number + 1, 1 + _places(start - first))
        numbered.append((cycle, number))
    return numbered


def charted_twice(starts: Sequence[datetime]) -> list[int]:
    """The positions of starts that follow another one by less than half an interval."""
    return [index for index in range(1, len(starts)) if starts[index] - starts[index - 1] < TWICE]


def _places(elapsed: timedelta) -> int:
    """Elapsed time in whole intervals, to the nearest; exactly half an interval counts as the later place."""
    return (elapsed + INTERVAL / 2) // INTERVAL
