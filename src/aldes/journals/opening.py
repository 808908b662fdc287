"""Open the record that an address names: a file, or a server."""

from pathlib import Path

from aldes.course.journal import Journal
from aldes.course.keeping import Kind
from aldes.errors import JournalError

SERVER = ("postgresql://", "postgres://")


def open_journal(address: str, kind: Kind) -> Journal:
    """The record at this address, created where it is not there.

    Raises
    ------
    JournalError
        When it cannot be opened, or the package for its kind of store is missing.
    """
    return _postgresql(address, kind) if address.startswith(SERVER) else _sqlite(Path(address), kind)


def _sqlite(path: Path, kind: Kind) -> Journal:
    try:
        from aldes.journals.sqlite import SqliteJournal
    except ModuleNotFoundError as missing:
        raise JournalError("The record in a file needs the package apsw: install aldes[ward].") from missing
    return SqliteJournal(path, kind)


def _postgresql(address: str, kind: Kind) -> Journal:
    try:
        from aldes.journals.postgresql import PostgresJournal
    except ModuleNotFoundError as missing:
        raise JournalError("The record on a server needs the package psycopg: install aldes[postgres].") from missing
    return PostgresJournal(address, kind)
