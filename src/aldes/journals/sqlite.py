"""The record in one SQLite file: the store that a ward has without a server.

Write-ahead log with `synchronous=FULL`: an event is acknowledged when its commit has been flushed to the disk (hazard
H58). The first write or flush that fails makes the record read-only until it is opened again and found whole, because a
second try may be called a success without being one (hazard H60). No memory map, a local disk, one writer at a time,
and no SQLite older than the one that mended the loss of committed pages when the log is reset (hazard H61).
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import apsw

from aldes.course.journal import Appended
from aldes.course.keeping import Kind
from aldes.errors import DamagedError, JournalError, NoRecordError, ReadOnlyError
from aldes.journals import record
from aldes.journals.ask import Ask, Row
from aldes.journals.disk import flush_folder, refuse_remote, why_full
from aldes.journals.fence import why_older
from aldes.journals.migrate import Begin, Fill, Look, begun
from aldes.journals.pool import Pool, closing_what_failed
from aldes.journals.schema import Step, steps
from aldes.journals.store import DAMAGED, LOOKED_AT, Store, transaction

FLOOR = (3, 51, 3)  # mends the WAL-reset bug: https://sqlite.org/wal.html
BUSY_MS = 10_000  # how long a writer waits for another one
LOG_PAGES = 1_000  # beyond this the log is written back into the file
RESERVE_MB = 100

SETTINGS: tuple[tuple[str, str | int], ...] = (  # each with what SQLite must answer
    ("PRAGMA journal_mode = wal", "wal"),
    ("PRAGMA synchronous = full; PRAGMA synchronous", 2),
    ("PRAGMA mmap_size = 0", 0),
    ("PRAGMA wal_autocheckpoint = 0", 0),  # done by hand, so that a fault of it is seen
    ("PRAGMA trusted_schema = off; PRAGMA trusted_schema", 0),
    ("PRAGMA cell_size_check = on; PRAGMA cell_size_check", 1),
)


class SqliteJournal(Store):
    """A journal in a SQLite file, which is created where it is not there."""

    def __init__(
        self,
        path: Path,
        begin: Begin,
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
        super().__init__()
        self._path, self._reserve_mb, self._vfs = path, reserve_mb, vfs
        self._steps, self._schema = schema, schema[-1].number
        self._readers = Pool(self._connect_reader)
        self._log_pages = 0
        _find_or_create(path, begin)
        try:
            self._writer = self._connect()
            with closing_what_failed(self._writer):
                self._why = self._prepare(schema, begin)
        except (apsw.CorruptError, apsw.NotADBError) as fault:
            raise DamagedError(
                f"The file is damaged, or no record: {fault}. Name a record, or restore it from a backup."
            ) from fault
        except apsw.Error as fault:
            raise JournalError(
                f"The file cannot be opened as a record: {fault}. Name a record, or restore it from a backup."
            ) from fault

    def _write(self, asked: record.Asked) -> Appended:
        ask = _asking(self._writer)
        try:
            with transaction(ask, "BEGIN IMMEDIATE"):
                appended, _ = record.append(ask, asked, self._schema)
        except apsw.BusyError as fault:
            raise JournalError("Another writer holds the record. Record again; nothing was written.") from fault
        except apsw.Error as fault:
            self._close_for_writing(fault)
            raise ReadOnlyError(
                f"{self._why} It is not known whether this was kept; ask for the same again then."
            ) from fault
        self._write_back()
        return appended

    def snapshot(self, ask: Ask) -> AbstractContextManager[None]:
        return transaction(ask, "BEGIN")

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
            self._readers.close()
            self._writer.close()

    # ── opening ──

    def _prepare(self, schema: Sequence[Step], begin: Begin) -> str | None:
        """Tables, kind, fence and wholeness; the sentence that says why nothing may be written, if so."""
        ask = _asking(self._writer)
        with transaction(ask, "BEGIN" if begin == Look() else "BEGIN IMMEDIATE"):
            told = begun(ask, schema, begin, _is_record(ask))
        self.kind = Kind(told["kind"])
        self._damaged = record.damaged(ask)
        return why_older(told, self._schema) or self._why_damaged() or (LOOKED_AT if begin == Look() else None)

    def _why_damaged(self) -> str | None:
        """The whole file and the whole chain are read once, so that no damaged history is told as if it were whole."""
        return DAMAGED if self._damaged or self.faults() else None

    def copy_to(self, target: Path) -> None:
        """The file, through SQLite's own online backup, as one file without a log."""
        create(target)
        with self._readers.one() as source:
            copy = apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)
            with closing_what_failed(copy), copy.backup("main", source, "main") as backup:
                backup.step(-1)
            copy.execute("PRAGMA journal_mode = delete")
            copy.close()

    def faults(self) -> list[str]:
        with self.reading() as ask:
            found = [text for (text,) in ask("PRAGMA integrity_check") if text != "ok"]
            return found + _altered_tables(ask, self._steps)

    # ── connections ──

    def _connect(self) -> apsw.Connection:
        flags = apsw.SQLITE_OPEN_READWRITE
        connection = apsw.Connection(str(self._path), flags=flags, vfs=self._vfs or None)
        with closing_what_failed(connection):
            connection.set_busy_timeout(BUSY_MS)
            for sql, wanted in SETTINGS:
                if (answered := _setting(connection, sql)) != wanted:
                    raise JournalError(
                        f"SQLite answered {answered} to `{sql}`, and the record is safe only with {wanted}. "
                        "Put it on a local disk, on its own."
                    )
            connection.set_wal_hook(self._count_log)
        return connection

    def _count_log(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._log_pages = pages
        return apsw.SQLITE_OK

    def _connect_reader(self) -> apsw.Connection:
        connection = self._connect()
        connection.execute("PRAGMA query_only = on")
        return connection

    @contextmanager
    def reading(self) -> Iterator[Ask]:
        try:
            with self._readers.one() as connection:
                yield _asking(connection)
        except apsw.Error as fault:
            raise JournalError(f"The record cannot be read: {fault}. Run `aldes record verify`.") from fault


def _setting(connection: apsw.Connection, sql: str) -> Any:
    """What SQLite answers. The change to a write-ahead log does not wait by itself where another program makes it."""
    until = monotonic() + BUSY_MS / 1000
    while True:
        try:
            return list(connection.execute(sql))[-1][0]
        except apsw.BusyError:
            if monotonic() > until:
                raise
            sleep(0.01)


def _asking(connection: apsw.Connection) -> Ask:
    def ask(sql: str, *values: Any) -> list[Row]:
        return list(connection.execute(sql, values or None))

    return ask


def _refuse_old_library() -> None:
    version = apsw.sqlite_lib_version()
    if tuple(map(int, version.split("."))) < FLOOR:
        raise JournalError(
            f"SQLite {version} may lose committed pages when its log is reset. We need "
            f"{'.'.join(map(str, FLOOR))} or later: install the apsw package of requirements.lock."
        )


def _is_record(ask: Ask) -> bool:
    known = bool(ask("SELECT 1 FROM sqlite_schema WHERE name = 'about'"))
    if not known and ask("SELECT 1 FROM sqlite_schema"):
        raise JournalError("This SQLite file holds something else than a record. Name another file.")
    return known


def _altered_tables(ask: Ask, schema: Sequence[Step]) -> list[str]:
    """Tables and guards that are not those of the schema."""
    fresh = apsw.Connection(":memory:")
    for step in schema:
        fresh.execute(step.sql)
    wanted, found = (
        set(each("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"))
        for each in (_asking(fresh), ask)
    )
    fresh.close()
    return [f"{name}: not the table or guard of this schema" for name in sorted({name for name, _ in wanted ^ found})]


def _find_or_create(path: Path, begin: Begin) -> None:
    if isinstance(begin, Look) and not path.is_file():
        raise NoRecordError("There is no record at this place. Name one that was created before.")
    if isinstance(begin, Fill) and path.exists():
        raise JournalError("There is a file at this place already. Name a place that is empty; nothing was written.")
    with suppress(FileExistsError):  # another program creates it at this moment
        if not path.exists():
            create(path)


def create(path: Path) -> None:
    """An empty file that only its owner reads, and whose name is on the disk too; FileExistsError where one is."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        flush_folder(path.parent)
    except FileExistsError:
        raise
    except OSError as fault:
        raise JournalError(
            f"The record cannot be created there: {fault.strerror}. Name a folder that exists."
        ) from fault


def in_use(path: Path) -> bool:
    """Whether another program has the record open; where none has, its log is carried into the file."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        connection.execute("PRAGMA journal_mode = delete")
    except apsw.BusyError:
        return True
    except apsw.Error:  # damaged: it is moved as it is
        return False
    finally:
        connection.close()
    return False
