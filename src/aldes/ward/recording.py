"""Record what happened, with the holds and stops that follow from it."""

from collections.abc import Iterable
from dataclasses import replace

from aldes.administration.standing import consequences
from aldes.course.events import AnyEvent
from aldes.course.fold import evolve, replay
from aldes.course.journal import Journal
from aldes.course.state import Course
from aldes.protocols.compile import compiled
from aldes.protocols.row import Protocol


def record(journal: Journal, course: str, event: AnyEvent, protocol: Protocol) -> Course:
    """Keep an event with the holds and stops that follow from it, in one commit; the course after it.

    Raises
    ------
    JournalError
        When another writer was quicker; nothing was written.
    """
    kept = journal.read(course)
    after, events = recorded(replay(kept), event, protocol)
    journal.append(course, events, expected=len(kept))
    return after


def recorded(course: Course, event: AnyEvent, protocol: Protocol) -> tuple[Course, tuple[AnyEvent, ...]]:
    """The course after an event and what follows from it, with the events in order."""
    after = evolve(course, event)
    following = consequences(after, compiled(protocol), event)
    return replay(following, after), (event, *following)


def walk(events: Iterable[AnyEvent], protocol: Protocol) -> Course:
    """The course after these events, each recorded as if the ward had charted it live, when it happened."""
    course = Course()
    for event in events:
        course, _ = recorded(course, replace(event, recorded_at=event.happened_at), protocol)
    return course
