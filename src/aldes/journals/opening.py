"""Open the record that an address names: a file, or a server."""

from pathlib import Path

from aldes.errors import JournalError
from aldes.journals.migrate import Begin
from aldes.journals.store import Store

SERVER = ("postgresql://", "postgres://")


def open_store(address: str, begin: Begin) -> Store:
    """The record at this address: for work (a kind; created where it is not there), to be looked at, or to be filled.

    Raises
    ------
    JournalError
        When it cannot be opened, or the package for its kind of store is missing.
    """
    return _postgresql(address, begin) if address.startswith(SERVER) else _sqlite(Path(address), begin)


def _sqlite(path: Path, begin: Begin) -> Store:
    try:
        from aldes.journals.sqlite import SqliteJournal
    except ModuleNotFoundError as missing:
        raise JournalError("The record in a file needs the package apsw: install aldes[ward].") from missing
    return SqliteJournal(path, begin)


def _postgresql(address: str, begin: Begin) -> Store:
    try:
        from aldes.journals.postgresql import PostgresJournal
    except ModuleNotFoundError as missing:
        raise JournalError("The record on a server needs the package psycopg: install aldes[postgres].") from missing
    return PostgresJournal(address, begin)
