"""What every store on disk does alike: read through a connection of its own, write one commit after the other."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Condition, Lock
from time import monotonic
from typing import cast

from aldes.course.chain import Kept
from aldes.course.events import AnyEvent
from aldes.course.journal import WARD, Appended, Command, Head
from aldes.course.keeping import (
    Kind,
    refuse_another_kind,
    refuse_changed_documents,
    refuse_command,
    refuse_stream,
    texts_of,
)
from aldes.course.wire import Recorded, read_all
from aldes.errors import JournalError, ReadOnlyError
from aldes.journals import record
from aldes.journals.ask import Ask

POLL_S = 0.1  # how often somebody who waits looks for what another process wrote
DAMAGED = (
    "The record is damaged: what it holds is not what was written. It takes nothing, and damaged courses are not "
    "told. Run `aldes record verify`, and restore it from a backup."
)
LOOKED_AT = "The record was opened to be looked at only."


class Store(ABC):
    """A journal in a database."""

    kind: Kind

    def __init__(self) -> None:
        self._news, self._writing = Condition(), Lock()
        self._closed = False
        self._damaged = frozenset[str]()  # courses of which nothing is told

    @abstractmethod
    def reading(self) -> AbstractContextManager[Ask]:
        """A connection for one reader; writers and other readers go on meanwhile."""

    @abstractmethod
    def snapshot(self, ask: Ask) -> AbstractContextManager[None]:
        """Several questions of one and the same state."""

    @abstractmethod
    def faults(self) -> list[str]:
        """What the database itself finds wrong with its files and tables."""

    @abstractmethod
    def copy_to(self, target: Path) -> None:
        """Write a copy of the record to a file that is not there yet, while others go on reading and writing."""

    @abstractmethod
    def _write(self, asked: record.Asked) -> Appended:
        """One transaction, flushed to the disk before it returns."""

    @abstractmethod
    def writable(self) -> str | None:
        """None, or the sentence that says why the record takes nothing now."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the store; whoever waits returns."""

    def courses(self) -> tuple[str, ...]:
        with self.reading() as ask:
            return record.courses(ask)

    def read(self, course: str, after: int = 0) -> tuple[AnyEvent, ...]:
        if course in self._damaged:
            raise JournalError(
                "This course's events are not those that were written. Nothing is told from them: run "
                "`aldes record verify`, and restore the record from a backup."
            )
        with self.reading() as ask:
            return cast("tuple[AnyEvent, ...]", read_all(record.texts(ask, course, after)))

    def kept(self, course: str | None = None, after: int = 0) -> Iterator[Kept]:
        with self.reading() as ask:
            yield from record.kept(ask, course, after)

    def done(self, command: Command) -> Appended | None:
        with self.reading() as ask:
            return record.done(ask, command)

    def document(self, digest: str) -> str | None:
        with self.reading() as ask:
            return record.document(ask, digest)

    def head(self) -> Head:
        with self.reading() as ask, self.snapshot(ask):
            return record.head(ask)

    def wait(self, position: int, timeout_s: float) -> int:
        until = monotonic() + timeout_s
        with self._news:
            while True:
                newest = self._newest()
                left = until - monotonic()
                if self._closed or newest > position or left <= 0:
                    return newest
                self._news.wait(min(left, POLL_S))

    def _newest(self) -> int:
        with self.reading() as ask:
            return record.newest(ask)

    def append(
        self,
        course: str,
        events: Sequence[Recorded],
        expected: int,
        command: Command | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> Appended:
        refuse_stream(course, events, is_ward=course == WARD)
        refuse_another_kind(events, self.kind)
        refuse_command(command.id if command else None)
        refuse_changed_documents(documents or {})
        asked = record.Asked(
            course=course, texts=texts_of(events), expected=expected, command=command, documents=documents or {}
        )
        with self._writing:
            if why := self.writable():
                raise ReadOnlyError(f"{why} Nothing was written.")
            appended = self._write(asked)
        with self._news:
            self._news.notify_all()
        return appended


@contextmanager
def transaction(ask: Ask, begin: str) -> Iterator[None]:
    """All that is done inside, or nothing; what failed is told as it came."""
    ask(begin)
    try:
        yield
        ask("COMMIT")
    except BaseException:
        with suppress(Exception):  # the database gave up the transaction by itself
            ask("ROLLBACK")
        raise
