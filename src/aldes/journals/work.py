"""The record of a ward, opened for work: its store, and its anchor where one is named."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from aldes.course.journal import Journal
from aldes.course.keeping import Kind
from aldes.journals.anchor import Anchored
from aldes.journals.opening import open_store


def open_journal(
    address: str,
    kind: Kind,
    anchor: Path | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Journal:
    """The record at this address (a file, or postgresql://…), created where it is not there.

    Raises
    ------
    JournalError
        When it cannot be opened, is of the other kind, or the package for its kind of store is missing.
    """
    store = open_store(address, kind)
    return store if anchor is None else Anchored(store, anchor, clock)
