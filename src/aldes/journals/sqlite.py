"""The record in one SQLite file: the store that a ward has without a server.

Write-ahead log with `synchronous=FULL`: an event is acknowledged when its commit has been flushed to the disk (hazard
H58). The first write or flush that fails makes the record read-only until it is opened again and found whole, because a
second try may be called a success without being one (hazard H60). No memory map, a local disk, one writer at a time,
and no SQLite older than the one that mended the loss of committed pages when the log is reset (hazard H61).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, Lock
from time import monotonic
from typing import Any, cast

import apsw

from aldes.course.chain import Kept, broken
from aldes.course.events import AnyEvent
from aldes.course.journal import WARD, Appended, Command, Head
from aldes.course.keeping import Kind, refuse_another_kind, refuse_changed_documents, refuse_stream, texts_of
from aldes.course.wire import Recorded, read
from aldes.errors import JournalError, ReadOnlyError
from aldes.journals import record
from aldes.journals.ask import Ask, Row
from aldes.journals.disk import refuse_remote, why_full
from aldes.journals.fence import why_older
from aldes.journals.migrate import migrated
from aldes.journals.schema import Step, steps

FLOOR = (3, 51, 3)  # mends the WAL-reset bug: https://sqlite.org/wal.html#walresetbug
BUSY_MS = 10_000  # how long a writer waits for another one
POLL_S = 0.1  # how often somebody who waits looks for what another process wrote
LOG_PAGES = 1_000  # beyond this the log is written back into the file
RESERVE_MB = 100

SETTINGS = (  # each with what SQLite must answer
    ("PRAGMA journal_mode = wal", "wal"),
    ("PRAGMA synchronous = full; PRAGMA synchronous", 2),
    ("PRAGMA mmap_size = 0", 0),
    ("PRAGMA wal_autocheckpoint = 0", 0),  # done by hand, so that a fault of it is seen
    ("PRAGMA trusted_schema = off; PRAGMA trusted_schema", 0),
    ("PRAGMA cell_size_check = on; PRAGMA cell_size_check", 1),
)


class SqliteJournal:
    """A journal in a SQLite file, which is created where it is not there."""

    def __init__(
        self,
        path: Path,
        kind: Kind,
        *,
        reserve_mb: int = RESERVE_MB,
        vfs: str = "",
        schema: Sequence[Step] = steps("sqlite"),
    ) -> None:
        """Open a record, bring its tables to this version, and look whether it is whole.

        Raises
        ------
        JournalError
            When the file is no record, of the other kind, written by a newer schema, or on a network drive.
        """
        _refuse_old_library()
        refuse_remote(path.parent)
        self._path, self._kind, self._reserve_mb, self._vfs = path, kind, reserve_mb, vfs
        self._schema = schema[-1].number
        self._news, self._writing = Condition(), Lock()
        self._idle: list[apsw.Connection] = []
        self._closed, self._damaged = False, frozenset[str]()
        self._log_pages = 0
        _create(path)
        try:
            self._writer = self._connect()
            self._why = self._prepare(schema)
        except apsw.Error as fault:
            raise JournalError(
                f"The file cannot be opened as a record: {fault}. Name a record, or restore it from a backup."
            ) from fault

    # ── reading ──

    def courses(self) -> tuple[str, ...]:
        with self._reading() as ask:
            return record.courses(ask)

    def read(self, course: str, after: int = 0) -> tuple[AnyEvent, ...]:
        if course in self._damaged:
            raise JournalError(
                "This course's events are not those that were written. Nothing is told from them: run "
                "`aldes record verify`, and restore the record from a backup."
            )
        with self._reading() as ask:
            return cast("tuple[AnyEvent, ...]", tuple(map(read, record.texts(ask, course, after))))

    def kept(self, course: str | None = None, after: int = 0) -> Iterator[Kept]:
        with self._reading() as ask:
            yield from record.kept(ask, course, after)

    def done(self, command: Command) -> Appended | None:
        with self._reading() as ask:
            return record.done(ask, command)

    def document(self, digest: str) -> str | None:
        with self._reading() as ask:
            return record.document(ask, digest)

    def head(self) -> Head:
        with self._reading() as ask, _snapshot(ask):
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
        with self._reading() as ask:
            return record.newest(ask)

    # ── writing ──

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
        refuse_changed_documents(documents or {})
        asked = record.Asked(
            course=course,
            texts=texts_of(events),
            expected=expected,
            command=command,
            documents=documents or {},
        )
        with self._writing:
            if why := self.writable():
                raise ReadOnlyError(f"{why} Nothing was written.")
            appended = self._write(asked)
            self._write_back()
        with self._news:
            self._news.notify_all()
        return appended

    def _write(self, asked: record.Asked) -> Appended:
        """One transaction, flushed to the disk before it returns."""
        ask = _asking(self._writer)
        try:
            ask("BEGIN IMMEDIATE")
            appended = record.append(ask, asked, self._schema)
            ask("COMMIT")
        except JournalError:
            ask("ROLLBACK")
            raise
        except apsw.BusyError as fault:
            self._roll_back()
            raise JournalError("Another writer holds the record. Record again; nothing was written.") from fault
        except apsw.Error as fault:
            self._roll_back()
            self._close_for_writing(fault)
            raise ReadOnlyError(
                f"{self._why} It is not known whether this was kept; ask for the same again then."
            ) from fault
        return appended

    def _roll_back(self) -> None:
        with suppress(apsw.Error):
            _asking(self._writer)("ROLLBACK")

    def _write_back(self) -> None:
        """Carry the log into the file; what was acknowledged is in the log, whatever becomes of this."""
        if self._log_pages < LOG_PAGES:
            return
        try:
            self._writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.BusyError:
            return  # somebody reads; the next one carries it
        except apsw.Error as fault:
            self._close_for_writing(fault)

    def _close_for_writing(self, fault: Exception) -> None:
        """From the first fault on nothing is written; the log is left as it is for whoever opens the record next."""
        self._why = (
            f"Writing to the record failed ({fault}). It takes nothing until the program is started again "
            "and has found it whole; what was acknowledged is kept."
        )
        with suppress(apsw.Error):
            self._writer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)

    def writable(self) -> str | None:
        if self._closed:
            return "The record is closed."
        return self._why or why_full(self._path, self._reserve_mb)

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify_all()
        with self._writing:
            while self._idle:
                self._idle.pop().close()
            self._writer.close()

    # ── opening ──

    def _prepare(self, schema: Sequence[Step]) -> str | None:
        """Tables, kind, fence and wholeness; the sentence that says why nothing may be written, if so."""
        ask = _asking(self._writer)
        ask("BEGIN IMMEDIATE")
        try:
            told = self._migrated(ask, schema)
            ask("COMMIT")
        except BaseException:
            self._roll_back()
            raise
        return why_older(told, self._schema) or self._why_damaged()

    def _migrated(self, ask: Ask, schema: Sequence[Step]) -> Mapping[str, str]:
        known = bool(ask("SELECT 1 FROM sqlite_schema WHERE name = 'about'"))
        if not known and ask("SELECT 1 FROM sqlite_schema"):
            raise JournalError("This SQLite file holds something else than a record. Name another file.")
        return migrated(ask, schema, self._kind, known)

    def _why_damaged(self) -> str | None:
        """Read the whole file and the whole chain once, so that no damaged history is told as if it were whole."""
        ask = _asking(self._writer)
        faults = [text for (text,) in ask("PRAGMA integrity_check") if text != "ok"]
        found = list(broken(record.kept(ask, None, 0), record.begins(ask)))
        self._damaged = frozenset(each.course for each in found)
        if not faults and not found:
            return None
        return (
            "The record is damaged: what it holds is not what was written. It takes nothing, and damaged courses "
            "are not told. Run `aldes record verify`, and restore it from a backup."
        )

    # ── connections ──

    def _connect(self) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READWRITE
        connection = apsw.Connection(str(self._path), flags=flags, vfs=self._vfs or None)
        connection.set_busy_timeout(BUSY_MS)
        for sql, wanted in SETTINGS:
            if (answered := list(connection.execute(sql))[-1][0]) != wanted:
                raise JournalError(
                    f"SQLite answered {answered} to `{sql}`, and the record is safe only with {wanted}. "
                    "Put it on a local disk, on its own."
                )
        connection.set_wal_hook(self._count_log)
        return connection

    def _count_log(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._log_pages = pages
        return apsw.SQLITE_OK

    @contextmanager
    def _reading(self) -> Iterator[Ask]:
        """A connection for one reader; writers and other readers go on meanwhile."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
            connection.execute("PRAGMA query_only = on")
        try:
            yield _asking(connection)
        except apsw.Error as fault:
            raise JournalError(f"The record cannot be read: {fault}. Run `aldes record verify`.") from fault
        finally:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)


def _asking(connection: apsw.Connection) -> Ask:
    def ask(sql: str, *values: Any) -> list[Row]:
        return list(connection.execute(sql, values or None))

    return ask


@contextmanager
def _snapshot(ask: Ask) -> Iterator[None]:
    """Several questions of one and the same state."""
    ask("BEGIN")
    try:
        yield
    finally:
        ask("COMMIT")


def _refuse_old_library() -> None:
    version = apsw.sqlite_lib_version()
    if tuple(map(int, version.split("."))) < FLOOR:
        raise JournalError(
            f"SQLite {version} may lose committed pages when its log is reset. We need "
            f"{'.'.join(map(str, FLOOR))} or later: install the apsw package of requirements.lock."
        )


def _create(path: Path) -> None:
    """An empty file that only its owner reads, and whose name is on the disk too."""
    if path.exists():
        return
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        folder = os.open(path.parent, os.O_RDONLY)
    except OSError as fault:
        raise JournalError(
            f"The record cannot be created there: {fault.strerror}. Name a folder that exists."
        ) from fault
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
