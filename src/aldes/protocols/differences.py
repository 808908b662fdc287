"""Where two protocols differ: topic by topic, the criteria that one asks and the other does not.

Rows are compared by what they do, never by their ids: the same criterion under another id, in other words or from
another source is no difference; a limit moved by one step, or the same criterion recalled instead of read, is one.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from aldes.protocols.compile import unnamed
from aldes.protocols.coverage import TOPICS
from aldes.protocols.row import Count, NotCovered, Protocol, Row
from aldes.scope import Scope

COURSE = "course and record"  # rows of no topic: the schedule's arithmetic, our policy about slots
NO_ROW = "held because no row names it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One topic: the rows of each protocol that the other has not, and why one of them has no row at all."""

    topic: str
    ours: tuple[Row, ...]
    theirs: tuple[Row, ...]
    our_reason: NotCovered | None = None
    their_reason: NotCovered | None = None


def differences(one: Protocol, other: Protocol) -> tuple[Difference, ...]:
    """The topics on which two protocols differ, in the order of the coverage list, then the rows without a topic."""
    found = [_on_topic(topic, one, other) for topic in TOPICS]
    found.append(_of_rows(COURSE, [row for row in one.rows if not row.topics], [r for r in other.rows if not r.topics]))
    found.append(_of_rows(NO_ROW, unnamed(one), unnamed(other)))
    return tuple(each for each in found if each.ours or each.theirs)


def counting_differences(one: Protocol, other: Protocol) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
    """The counting rules in force in each that the other has not."""
    ours, theirs = ([each for each in side.counts if each.rule == side.counting] for side in (one, other))
    known, there = ({_rule(each) for each in side} for side in (theirs, ours))
    return tuple(each for each in ours if _rule(each) not in known), tuple(
        each for each in theirs if _rule(each) not in there
    )


def required_differences(one: Protocol, other: Protocol) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The measurements that one requires before a dose and the other does not, or from another dose on."""
    ours, theirs = ({(name, each.from_dose) for name, each in side.required.items()} for side in (one, other))
    return tuple(sorted(name for name, _ in ours - theirs)), tuple(sorted(name for name, _ in theirs - ours))


def _on_topic(topic: str, one: Protocol, other: Protocol) -> Difference:
    ours, theirs = ([row for row in side.rows if topic in row.topics] for side in (one, other))
    found = _of_rows(topic, ours, theirs)
    return Difference(
        topic=topic,
        ours=found.ours,
        theirs=found.theirs,
        our_reason=None if ours else _reason(topic, one),
        their_reason=None if theirs else _reason(topic, other),
    )


def _of_rows(topic: str, ours: Iterable[Row], theirs: Iterable[Row]) -> Difference:
    ours, theirs = tuple(ours), tuple(theirs)
    known, there = ({criterion(row) for row in side} for side in (theirs, ours))
    return Difference(
        topic=topic,
        ours=tuple(row for row in ours if criterion(row) not in known),
        theirs=tuple(row for row in theirs if criterion(row) not in there),
    )


def criterion(row: Row) -> Hashable:
    """What a row does, without its id, words and source: two rows with the same one answer alike."""
    scope = Scope.DOSE if row.recalled else row.scope
    return (row.kind, row.question, row.resume, row.resume_by, row.from_dose, row.rule, scope, row.recalled)


def _rule(count: Count) -> Hashable:
    return (count.outcome, count.at_least, count.of, count.scope, count.only_if)


def _reason(topic: str, protocol: Protocol) -> NotCovered | None:
    return next((each for each in protocol.not_covered if each.topic == topic), None)
