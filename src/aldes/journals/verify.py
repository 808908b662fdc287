"""Whether a record is what was written: its files, its chain, its events, what they name, and where it was anchored."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from aldes.course.chain import Kept, broken, digest
from aldes.course.events import AnyEvent, CourseOpened, DecisionShown, PinChanged
from aldes.course.fold import replay
from aldes.course.journal import WARD, Head
from aldes.course.people import WardEvent, people
from aldes.course.wire import Recorded, canonical
from aldes.errors import JournalError
from aldes.journals import record
from aldes.journals.anchor import Mark, why_not_anchored
from aldes.journals.store import Store

CLOCK_SKEW = timedelta(minutes=5)  # hazard H16


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was looked at, and what was found."""

    about: dict[str, str]
    head: Head
    streams: int
    events: int
    documents: int
    faults: tuple[str, ...]  # what is not as it was written
    anchored: str | None  # why the record is not the one that was anchored, or None
    remarks: tuple[str, ...]  # no fault: a clock that was set back


def verify(store: Store, marks: Sequence[Mark] = ()) -> Report:
    """Read everything once, and say whatever is not as it was written."""
    with store.reading() as ask, store.snapshot(ask):
        told = record.contents(ask)
        begins = record.begins(ask)
        head = record.head(ask)
        kept = list(told.events)
    documents = dict(cast("Iterable[tuple[str, str]]", told.documents))
    faults = [
        *store.faults(),
        *(f"event {each.position}: {each.what}" for each in broken(kept, begins)),
        *_unreadable(kept),
        *(f"document {key[:19]}…: its text is not the one of its digest" for key in _altered(documents)),
        *_without_commands(kept, {command[0] for command in told.commands}),
    ]
    if not faults:
        faults += _named_and_missing(kept, documents)
    return Report(
        about=dict(told.about),
        head=head,
        streams=len({each.course for each in kept}),
        events=len(kept),
        documents=len(documents),
        faults=tuple(faults),
        anchored=why_not_anchored(store, marks),
        remarks=() if faults else tuple(_clock_set_back(kept)),
    )


def _unreadable(kept: Iterable[Kept]) -> Iterator[str]:
    """Events that are not canonical, and streams that cannot be folded."""
    streams: dict[str, list[Recorded]] = {}
    for each in kept:
        try:
            streams.setdefault(each.course, []).append(canonical(each.text))
        except JournalError as fault:
            yield f"event {each.position}: {fault}"
    for course, events in streams.items():
        try:
            _ = people(cast("list[WardEvent]", events)) if course == WARD else replay(cast("list[AnyEvent]", events))
        except (AssertionError, KeyError):
            yield (
                "the people of the ward do not follow from each other"
                if course == WARD
                else "a course cannot be folded"
            )


def _altered(documents: dict[str, str]) -> Iterator[str]:
    return (key for key, text in documents.items() if digest(text) != key)


def _without_commands(kept: Iterable[Kept], commands: set[str]) -> Iterator[str]:
    for each in kept:
        if each.command and each.command not in commands:
            yield f"event {each.position}: the command that it came with is not there, and would be done again"


def _named_and_missing(kept: Iterable[Kept], documents: dict[str, str]) -> Iterator[str]:
    """Decisions and pinned protocols whose text is gone."""
    for each in kept:
        for what, key in _names(each.event):
            if key not in documents:
                yield f"event {each.position}: {what} is not kept"


def _names(event: Recorded) -> Iterator[tuple[str, str]]:
    match event:
        case DecisionShown(digest=key):
            yield "the decision that was shown", key
        case CourseOpened(pins=pins) | PinChanged(pins=pins):
            yield "the content of the pinned protocol", pins.pin
        case _:
            return


def _clock_set_back(kept: Iterable[Kept]) -> Iterator[str]:
    """Where an event was recorded, by the clock, before the one before it (hazard H67); order is that of position."""
    newest: datetime | None = None
    for each in kept:
        at = each.event.recorded_at
        if newest is not None and at < newest - CLOCK_SKEW:
            yield f"event {each.position}: recorded at {at.isoformat()}, after one of {newest.isoformat()}"
        newest = at if newest is None else max(newest, at)
