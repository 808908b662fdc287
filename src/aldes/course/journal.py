"""The journal of a ward: the port that keeps events, and the journal that lives in memory.

One stream for each patient's record, and one for the ward itself (`WARD`). Acknowledged means kept: on disk, durable.
A writer names the version that it saw; when another was quicker, nothing is written and the writer is told (hazard
H24). A command has an id of its client's, so that asked twice it is done once (hazards H23, H68). Order is by version
and position, never by a clock (hazard H67). The stores on disk are in `journals`, and the same tests ask them all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Condition
from typing import Protocol, cast
from uuid import uuid4

from aldes.course.chain import End, Kept, beginning, linked
from aldes.course.events import AnyEvent
from aldes.course.keeping import (
    Kind,
    refuse_another_content,
    refuse_another_kind,
    refuse_changed_documents,
    refuse_command,
    refuse_moved_on,
    refuse_stream,
    texts_of,
)
from aldes.course.people import Person, WardEvent, people
from aldes.course.wire import Recorded
from aldes.errors import ReadOnlyError

WARD = "ward"  # the stream of the ward itself: its people


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What a client asked for, by an id of its own: asked twice it is done once."""

    id: str  # chosen by the client
    digest: str  # sha256 of what was asked for: the same id with another content is refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """Where a stream and the record stand after events were kept."""

    version: int  # how many events the stream has
    position: int  # how many all streams have together
    again: bool = False  # this command was done before, and nothing was written now


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a whole record stands: what may be written down outside of it."""

    position: int
    hash: str
    epoch: str  # made new when the record is created and each time it is restored


class Journal(Protocol):
    """Where the events of courses are kept, in the order in which they were recorded."""

    def courses(self) -> tuple[str, ...]:
        """The records of patients, in the order in which they were opened."""

    def read(self, course: str, after: int = 0) -> tuple[AnyEvent, ...]:
        """The events of a stream later than version `after`; none of a course that nobody opened."""

    def kept(self, course: str | None = None, after: int = 0) -> Iterator[Kept]:
        """Events with their places and hashes: of one stream after a version, or of all after a position."""

    def done(self, command: Command) -> Appended | None:
        """What came of this command, if it was done before.

        Raises
        ------
        JournalError
            When its id was used for another content.
        """

    def append(
        self,
        course: str,
        events: Sequence[Recorded],
        expected: int,
        command: Command | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> Appended:
        """Keep these events together, if the stream still has `expected` events; beside them documents by digest.

        Raises
        ------
        MovedOnError
            When the stream has other events than expected; nothing was written.
        ReadOnlyError
            When the record takes nothing now; nothing was acknowledged.
        JournalError
            When an event cannot be kept as it is, or the command's id was used for another content.
        """

    def document(self, digest: str) -> str | None:
        """The text that is kept under this digest."""

    def head(self) -> Head:
        """Where the record stands."""

    def wait(self, position: int, timeout_s: float) -> int:
        """The newest position, at once when it is beyond `position`, else when it is or the time is over."""

    def writable(self) -> str | None:
        """None, or the sentence that says why the record takes nothing now."""

    def close(self) -> None:
        """Let go of the store; whoever waits returns."""


def events_of_the_ward(journal: Journal, after: int = 0) -> tuple[WardEvent, ...]:
    """The events of the ward's own stream later than version `after`."""
    return cast("tuple[WardEvent, ...]", journal.read(WARD, after))


def people_of(journal: Journal) -> Mapping[str, Person]:
    """Everybody who ever was on the ward, by id."""
    return people(events_of_the_ward(journal))


class MemoryJournal:
    """A journal that lives as long as the process."""

    def __init__(self, kind: Kind | None = None) -> None:
        self._kind = kind  # None: made-up and real patients alike, since nothing stays
        self._epoch = uuid4().hex
        self._end = End(head=beginning(kind or "memory", self._epoch))
        self._kept: list[Kept] = []
        self._streams: dict[str, tuple[Recorded, ...]] = {}
        self._commands: dict[str, tuple[Command, str, Appended]] = {}
        self._documents: dict[str, str] = {}
        self._news = Condition()
        self._closed = False

    def courses(self) -> tuple[str, ...]:
        return tuple(each for each in self._streams if each != WARD)

    def read(self, course: str, after: int = 0) -> tuple[AnyEvent, ...]:
        return cast("tuple[AnyEvent, ...]", self._streams.get(course, ())[after:])

    def kept(self, course: str | None = None, after: int = 0) -> Iterator[Kept]:
        known = tuple(self._kept)
        if course is None:
            return iter(known[after:])
        return (each for each in known if each.course == course and each.version > after)

    def done(self, command: Command) -> Appended | None:
        found = self._commands.get(command.id)
        if found is None:
            return None
        refuse_another_content(found[0].digest, command.digest)
        return replace(found[2], again=True)

    def append(
        self,
        course: str,
        events: Sequence[Recorded],
        expected: int,
        command: Command | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> Appended:
        refuse_stream(course, events, is_ward=course == WARD)
        refuse_another_kind(events, self._kind)
        refuse_command(command.id if command else None)
        refuse_changed_documents(documents or {})
        texts = texts_of(events)
        with self._news:
            if why := self.writable():
                raise ReadOnlyError(f"{why} Nothing was written.")
            if command and (before := self.done(command)):
                return before
            return self._keep(course, events, texts, expected, command, documents or {})

    def _keep(
        self,
        course: str,
        events: Sequence[Recorded],
        texts: Sequence[str],
        expected: int,
        command: Command | None,
        documents: Mapping[str, str],
    ) -> Appended:
        stream = self._streams.get(course, ())
        refuse_moved_on(len(stream), expected)
        last = next((each.hash for each in reversed(self._kept) if each.course == course), "")
        end = replace(self._end, version=len(stream), previous=last)
        kept = linked(course, texts, command.id if command else "", end)
        if kept:
            self._kept += kept
            self._end = End(position=kept[-1].position, head=kept[-1].head)
            self._streams[course] = (*stream, *events)
        self._documents |= documents
        appended = Appended(version=len(stream) + len(events), position=self._end.position)
        if command:
            self._commands[command.id] = (command, course, appended)
        self._news.notify_all()
        return appended

    def document(self, digest: str) -> str | None:
        return self._documents.get(digest)

    def head(self) -> Head:
        end = self._end
        return Head(position=end.position, hash=end.head, epoch=self._epoch)

    def wait(self, position: int, timeout_s: float) -> int:
        with self._news:
            self._news.wait_for(lambda: self._closed or self._end.position > position, timeout_s)
            return self._end.position

    def writable(self) -> str | None:
        return "The record is closed." if self._closed else None

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()
