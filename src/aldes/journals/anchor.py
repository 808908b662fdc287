"""The anchor: where the head of a record is written down outside of it after each commit (hazards H63 to H65).

A chain cannot see that its end was cut off, nor that all of it was written anew. A line on another disk, or in another
hand, can: a record that is behind its anchor, or that does not hold the head it had, takes nothing and says why.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from aldes.course.chain import Kept
from aldes.course.events import AnyEvent
from aldes.course.journal import Appended, Command, Head, Journal
from aldes.course.wire import Recorded
from aldes.errors import JournalError, ReadOnlyError

CUT_OFF = " #cut off"  # ends a line that was being written when the power went


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a record stood at some time."""

    head: Head
    time: datetime
    restored: bool = False  # from here on it is a copy that was restored, and may know less than before


def read_marks(path: Path) -> tuple[Mark, ...]:
    """What is written down; a last line without its end was being written when the power went, and says nothing.

    Raises
    ------
    JournalError
        When the file cannot be read, or a line of it is none of ours.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, ValueError) as fault:
        raise JournalError(
            "The anchor cannot be read. Name the file to which the record's heads are written."
        ) from fault
    whole = [line for line in text.split("\n")[:-1] if line and not line.endswith(CUT_OFF)]
    return tuple(map(_mark, whole))


def _mark(line: str) -> Mark:
    try:
        told = json.loads(line)
        head = Head(position=int(told["position"]), hash=str(told["head"]), epoch=str(told["epoch"]))
        return Mark(head=head, time=datetime.fromisoformat(told["time"]), restored=bool(told.get("restored")))
    except (ValueError, KeyError, TypeError) as fault:
        raise JournalError(
            "A line of the anchor is none of ours. Name the file to which the heads are written."
        ) from fault


def write_mark(path: Path, mark: Mark) -> None:
    """Add one line, and flush it to the disk."""
    told = {
        "position": mark.head.position,
        "head": mark.head.hash,
        "epoch": mark.head.epoch,
        "time": mark.time.isoformat(),
    }
    line = json.dumps(told | ({"restored": True} if mark.restored else {}), separators=(",", ":")) + "\n"
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o600)
    try:
        if (size := os.fstat(handle).st_size) and os.pread(handle, 1, size - 1) != b"\n":
            line = f"{CUT_OFF}\n{line}"
        os.write(handle, line.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def newest(marks: Sequence[Mark]) -> Mark | None:
    """The furthest place since the last restore."""
    since = max((number for number, mark in enumerate(marks) if mark.restored), default=0)
    return max(marks[since:], key=lambda mark: mark.head.position, default=None)


def why_not_anchored(journal: Journal, marks: Sequence[Mark]) -> str | None:
    """The sentence that says that a record is not the one that was written down, or None."""
    mark = newest(marks)
    if mark is None or mark.head.position == 0:
        return None
    known = mark.head.position
    missing = known - journal.head().position
    if missing > 0:
        return (
            f"The record is behind its anchor: {missing_words(missing)}, acknowledged until "
            f"{mark.time.isoformat()}. It was cut off, or an older copy is in its place. Restore what is missing."
        )
    there = next(journal.kept(after=known - 1)).head
    if there != mark.head.hash:
        return (
            f"The record is not the one that was anchored: up to event {known} it holds something else than it "
            f"acknowledged until {mark.time.isoformat()}. Run `aldes record verify`, and restore the right one."
        )
    return None


def missing_words(events: int) -> str:
    """`1 event is missing`, `2 events are missing`."""
    return "1 event is missing" if events == 1 else f"{events} events are missing"


class Anchored:
    """A journal whose head is written down outside of it after each commit."""

    def __init__(self, journal: Journal, path: Path, clock: Callable[[], datetime]) -> None:
        """Compare the record with its anchor; where they differ it is read and not written."""
        self._journal, self._path, self._clock = journal, path, clock
        self._lock = Lock()
        self._why = why_not_anchored(journal, read_marks(path))
        if self._why is None and journal.writable() is None:
            self._mark()

    def append(
        self,
        course: str,
        events: Sequence[Recorded],
        expected: int,
        command: Command | None = None,
        documents: Mapping[str, str] | None = None,
    ) -> Appended:
        if self._why:
            raise ReadOnlyError(f"{self._why} Nothing was written.")
        appended = self._journal.append(course, events, expected, command, documents)
        if not appended.again:
            self._mark()
        return appended

    def _mark(self) -> None:
        """What was appended is kept, whatever becomes of the anchor; nothing more is once that cannot be written."""
        with self._lock:
            try:
                write_mark(self._path, Mark(head=self._journal.head(), time=self._clock()))
            except OSError as fault:
                self._why = (
                    f"The anchor cannot be written ({fault.strerror}). The record takes nothing until the program is "
                    "started again with an anchor that can be written; what was acknowledged is kept."
                )

    def writable(self) -> str | None:
        return self._journal.writable() or self._why

    def courses(self) -> tuple[str, ...]:
        return self._journal.courses()

    def read(self, course: str, after: int = 0) -> tuple[AnyEvent, ...]:
        return self._journal.read(course, after)

    def kept(self, course: str | None = None, after: int = 0) -> Iterator[Kept]:
        return self._journal.kept(course, after)

    def done(self, command: Command) -> Appended | None:
        return self._journal.done(command)

    def document(self, digest: str) -> str | None:
        return self._journal.document(digest)

    def head(self) -> Head:
        return self._journal.head()

    def wait(self, position: int, timeout_s: float) -> int:
        return self._journal.wait(position, timeout_s)

    def close(self) -> None:
        self._journal.close()
