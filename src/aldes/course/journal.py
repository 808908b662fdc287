"""The journal of a course: a port that keeps events, and the one in memory.

Acknowledged means kept. A writer names the version that it saw; when another was quicker, nothing is written and
the writer is told (hazard H24). Stores on disk come with the ward's record and answer to the same tests.
"""

from collections.abc import Sequence
from typing import Protocol

from aldes.course.events import AnyEvent
from aldes.errors import JournalError


class Journal(Protocol):
    """Where the events of courses are kept, in the order in which they were recorded."""

    def read(self, course: str) -> tuple[AnyEvent, ...]:
        """All events of a course so far; none for a course that nobody opened."""

    def append(self, course: str, events: Sequence[AnyEvent], expected: int) -> int:
        """Keep these events together, if the course still has `expected` events; its new number of events.

        Raises
        ------
        JournalError
            When the course has moved on; nothing was written.
        """


class MemoryJournal:
    """A journal that lives as long as the process."""

    def __init__(self) -> None:
        self._courses: dict[str, tuple[AnyEvent, ...]] = {}

    def read(self, course: str) -> tuple[AnyEvent, ...]:
        return self._courses.get(course, ())

    def append(self, course: str, events: Sequence[AnyEvent], expected: int) -> int:
        kept = self.read(course)
        if len(kept) != expected:
            raise JournalError(
                f"The course has {len(kept)} events, you saw {expected}. "
                "Read it again, look at what is new, and record again; nothing was written."
            )
        self._courses[course] = (*kept, *events)
        return len(self._courses[course])
