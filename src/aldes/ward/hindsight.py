"""What the ward would have answered, had everything been charted when it was so, and nothing in error (hazard H45).

What was answered stays as it was answered; this stands beside it. Holds and stops of rules are not taken over from the
record, since they followed from what was charted then: they are found anew. What people signed stays.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aldes.course.events import (
    AnyEvent,
    DecisionShown,
    EntryRetracted,
    FindingCharted,
    HoldLifted,
    HoldOpened,
    StatementMade,
    StopRaised,
)
from aldes.course.state import Course
from aldes.protocols.row import Protocol
from aldes.ward.recording import walk

RULE = "rule"  # who signs what followed from an entry by itself


def in_hindsight(events: Iterable[AnyEvent], at: datetime, protocol: Protocol) -> Course:
    """The course at an instant, from all that is known today of the time until then, in the order of that time."""
    known = tuple(events)
    told = [each for each in _true(known) if each.happened_at <= at]
    return walk(sorted(told, key=lambda each: each.happened_at), protocol)


def _true(known: tuple[AnyEvent, ...]) -> Iterator[AnyEvent]:
    """Without what was retracted, and without what followed from an entry by itself."""
    retracted = [each for each in known if isinstance(each, EntryRetracted)]
    for event in known:
        match event:
            case EntryRetracted() | DecisionShown():
                continue
            case HoldOpened(by=by) | HoldLifted(by=by) | StopRaised(by=by) if by == RULE:
                continue
            case FindingCharted() | StatementMade() if any(each.withdraws(_id(event)) for each in retracted):
                continue
        yield event


def _id(event: FindingCharted | StatementMade) -> str:
    return event.entry.id if isinstance(event, FindingCharted) else event.id
