"""The record on a PostgreSQL server, for a hospital that has one: the same tables, the same chain, the same refusals.

The server must flush each commit before it answers (hazard H58). It gives up by itself when a flush fails (hazard
H60). When it comes back after a lost connection, it must still hold what it acknowledged, or nothing more is written: a
server that was replaced by a copy may be behind.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg

from aldes.course.journal import Appended
from aldes.course.keeping import Kind
from aldes.errors import JournalError, ReadOnlyError
from aldes.journals import record
from aldes.journals.ask import Ask, Row
from aldes.journals.export import write_export
from aldes.journals.fence import why_older
from aldes.journals.migrate import Begin, Look, begun
from aldes.journals.pool import Pool, closing_what_failed
from aldes.journals.schema import Step, steps
from aldes.journals.store import DAMAGED, LOOKED_AT, Store, transaction

BUSY_MS = 10_000  # how long a writer waits for another one
CONNECT_S = 5
QUIET_S = 1.0  # a server that was heard of so lately is not asked whether it is there

Connection = psycopg.Connection[Row]

SETTINGS = {  # each with what makes a commit durable
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_write", "remote_apply"),
    "server_encoding": ("UTF8",),
}


GUARDS = (
    "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace AND t.tgname LIKE '%_stay' AND t.tgenabled <> 'D'"
)


class PostgresJournal(Store):
    """A journal in the first schema of a connection's search path; its tables are created where they are not there."""

    def __init__(self, address: str, begin: Begin, *, schema: Sequence[Step] = steps("postgresql")) -> None:
        """Connect, bring the tables to this version, and look whether the record is whole.

        Raises
        ------
        JournalError
            When there is no server, it does not flush what it commits, or the record is of another kind or newer.
        """
        super().__init__()
        self._address, self._schema = address, schema[-1].number
        self._readers = Pool(self._connect)
        self._answered = monotonic()
        try:
            self._writer = self._connect()
            with closing_what_failed(self._writer):
                self._why = self._prepare(schema, begin)
                self._acknowledged = record.head(_asking(self._writer))
        except psycopg.Error as fault:
            raise JournalError(
                f"The record on the server cannot be opened: {_words(fault)}. Look whether the server runs."
            ) from fault

    def _write(self, asked: record.Asked) -> Appended:
        """One transaction, committed on the server's disk before it returns."""
        if not self._is_there() and (why := self._why_not_back()):
            raise ReadOnlyError(f"{why} Nothing was written.")
        ask = _asking(self._writer)
        try:
            with transaction(ask, "BEGIN ISOLATION LEVEL READ COMMITTED"):
                ask("LOCK TABLE events IN EXCLUSIVE MODE")  # writers one after the other; readers go on
                appended, last = record.append(ask, asked, self._schema)
        except psycopg.errors.LockNotAvailable as fault:
            raise JournalError("Another writer holds the record. Record again; nothing was written.") from fault
        except psycopg.Error as fault:
            self._writer.close()
            raise ReadOnlyError(
                f"Writing to the record failed ({_words(fault)}). It is not known whether this was kept; "
                "ask for the same again."
            ) from fault
        if last is not None:
            self._acknowledged = replace(self._acknowledged, position=last.position, hash=last.head)
        self._answered = monotonic()
        return appended

    def _is_there(self) -> bool:
        """Whether the server answers; asked before anything is sent, so that its restart costs nobody an entry."""
        if not self._writer.closed and monotonic() - self._answered < QUIET_S:
            return True
        return _answers(self._writer)

    def _why_not_back(self) -> str | None:
        """Connect again; the sentence that says the server is not there, or no longer holds what it acknowledged."""
        try:
            self._writer = self._connect()
            ask = _asking(self._writer)
            known = self._acknowledged
            if not record.holds(ask, known):
                self._why = (
                    f"The server came back without what it had acknowledged up to event {known.position}. The record "
                    "takes nothing: look which server answers, and restore what is missing."
                )
            return self._why or why_older(record.about(ask), self._schema)
        except psycopg.Error as fault:
            return f"The server does not answer ({_words(fault)}). Record again when it does."

    def writable(self) -> str | None:
        return "The record is closed." if self._closed else self._why

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
        with transaction(ask, "BEGIN"):
            ask("SELECT pg_advisory_xact_lock(hashtext(current_schema()))")  # one program makes the tables
            known = ask("SELECT to_regclass(quote_ident(current_schema()) || '.about') IS NOT NULL")[0][0]
            told = begun(ask, schema, begin, known)
        self.kind = Kind(told["kind"])
        self._damaged = record.damaged(ask)
        return why_older(told, self._schema) or self._why_damaged() or (LOOKED_AT if begin == Look() else None)

    def _why_damaged(self) -> str | None:
        return DAMAGED if self._damaged or self.faults() else None

    def copy_to(self, target: Path) -> None:
        """The export of the record, of one snapshot."""
        with self.reading() as ask, self.snapshot(ask):
            write_export(record.contents(ask), target)

    def faults(self) -> list[str]:
        with self.reading() as ask:
            guards = {row[0] for row in ask(GUARDS)}
        return [f"the guard of {table} is gone" for table in ("commands", "documents", "events") if table not in guards]

    # ── connections ──

    def _connect(self) -> Connection:
        connection: Connection = psycopg.connect(self._address, autocommit=True, connect_timeout=CONNECT_S)
        with closing_what_failed(connection):
            ask = _asking(connection)
            ask(f"SET lock_timeout = {BUSY_MS}")
            for name, wanted in SETTINGS.items():
                if (answered := ask(f"SHOW {name}")[0][0]) not in wanted:
                    raise JournalError(
                        f"The server's setting {name} is {answered}, and the record is safe only with "
                        f"{' or '.join(wanted)}. Set it there."
                    )
        return connection

    @contextmanager
    def reading(self) -> Iterator[Ask]:
        try:
            with self._readers.one() as connection:
                yield _asking(connection)
        except psycopg.Error as fault:
            raise JournalError(
                f"The record cannot be read: {_words(fault)}. Ask again when the server answers."
            ) from fault

    def snapshot(self, ask: Ask) -> AbstractContextManager[None]:
        return transaction(ask, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _asking(connection: Connection) -> Ask:
    def ask(sql: str, *values: Any) -> list[Row]:
        cursor = connection.execute(sql.replace("?", "%s"), values) if values else connection.execute(sql)
        return cursor.fetchall() if cursor.description else []

    return ask


def _answers(connection: Connection) -> bool:
    try:
        connection.execute("SELECT 1")
    except psycopg.Error:
        connection.close()
        return False
    return True


def _words(fault: psycopg.Error) -> str:
    """What went wrong, on one line, without the address."""
    return str(fault).strip().splitlines()[0].rstrip(".") if str(fault).strip() else type(fault).__name__
