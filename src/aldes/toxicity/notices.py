"""Of what a clinician is told: once a condition, again only when it is worse, until it is acknowledged by name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from aldes.findings.charted import Charted
from aldes.findings.view import View
from aldes.protocols.compile import seen_through
from aldes.protocols.notify import Notify
from aldes.protocols.steps import cell, deciding
from aldes.questions.answer import UNKNOWN, YES
from aldes.questions.ask import explain, value
from aldes.questions.tree import Compare, Name
from aldes.questions.words import in_words
from aldes.toxicity.at import Bedside


class Told(StrEnum):
    """How a threshold stands."""

    TELL = "tell"  # present and not acknowledged, or worse since it was
    ACKNOWLEDGED = "acknowledged"  # present, and no worse than when somebody took note of it
    UNKNOWN = "unknown"
    QUIET = "quiet"
    OFF = "off"  # the site has not confirmed its limit and units


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One threshold as it stands now."""

    row: str
    words: str
    told: Told
    since: datetime | None
    entries: tuple[Charted, ...]  # that decided
    again: bool  # acknowledged once, and worse since
    acknowledged_by: str
    why: str
    source: str
    status: str


def notices(bed: Bedside) -> tuple[Notice, ...]:
    """Every threshold of the protocol and its site."""
    return tuple(_notice(bed, row) for row in bed.protocol.notices)


def _notice(bed: Bedside, row: Notify) -> Notice:
    if not row.confirmed:
        return _made(row, Told.OFF, why="off: the site has not confirmed its limit and units")
    answer = bed.answer(row.question)
    if answer is UNKNOWN:
        return _made(row, Told.UNKNOWN, why=f"not known: {in_words(row.question, bed.moment.vocabulary)}")
    if answer is not YES:
        return _made(row, Told.QUIET)
    since = bed.began(row.question)
    taken = bed.course.acknowledged.get(row.id)
    known = taken is not None and taken.at >= since
    again = taken is not None and known and _is_worse(bed, row, since, taken.at)
    return replace(
        _made(row, Told.TELL if again or not known else Told.ACKNOWLEDGED),
        since=since,
        entries=deciding(row.question, bed.moment, View.CHARTED, bed.since),
        again=again,
        acknowledged_by=taken.by if taken is not None and known else "",
    )


def _made(row: Notify, told: Told, why: str = "") -> Notice:
    return Notice(
        row=row.id,
        words=row.words,
        told=told,
        since=None,
        entries=(),
        again=False,
        acknowledged_by="",
        why=why,
        source=str(row.source),
        status=row.status.value,
    )


def _is_worse(bed: Bedside, row: Notify, since: datetime, taken: datetime) -> bool:
    """Whether a value lies further beyond its limit than any did while the condition lasted up to `taken`."""
    times = {each.time for each in bed.asked(row.question) if since <= each.time <= taken} | {taken}
    before: dict[Compare, float] = {}
    for time in times:
        for leaf, beyond in _beyond(bed, row, time).items():
            before[leaf] = max(beyond, before.get(leaf, 0.0))
    return any(beyond > before.get(leaf, -1.0) for leaf, beyond in _beyond(bed, row, bed.now).items())


def _beyond(bed: Bedside, row: Notify, time: datetime) -> Mapping[Compare, float]:
    """How far each number that decided lies beyond its limit."""
    moment = replace(bed.moment, now=time)

    def look(name: Name) -> float | bool | str | None:
        return cell(moment, name, bed.since)

    found = explain(seen_through(row.question, View.CHARTED, ""), look)
    leaves = [each.leaf for each in found.because if isinstance(each.leaf, Compare)] if found.answer is YES else []
    sides = {leaf: (value(leaf.left, look), value(leaf.right, look)) for leaf in leaves}
    return {leaf: abs(left - right) for leaf, (left, right) in sides.items() if left is not None and right is not None}
