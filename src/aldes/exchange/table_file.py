"""A file of rows, CSV or Parquet, as a relation of DuckDB that holds every row of it as it came."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from aldes.errors import InputError
from aldes.exchange.text import code_shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

UNREADABLE = (
    "The table cannot be read. We read Parquet (.parquet) or CSV in UTF-8 with commas, one header line and as many "
    "cells in every row. Export it so; nothing was computed."
)


def relation(connection: "DuckDBPyConnection", path: Path) -> "DuckDBPyRelation":
    """The rows of the file; every cell of a CSV is text.

    It is read when the relation is used: a fault of a row is raised by DuckDB then, and is to be told as `UNREADABLE`.

    Raises
    ------
    InputError
        When there is no such file, or its header cannot be told.
    """
    if not path.is_file():
        raise InputError("The table is no file that can be read. Check its path and permissions.")
    if path.suffix == ".parquet":
        return connection.read_parquet(str(path))
    # Nothing is guessed: left to itself the reader drops rows that begin with #, and lines before the header.
    return connection.read_csv(
        str(path),
        auto_detect=False,
        columns=dict.fromkeys(_header(path), "VARCHAR"),
        header=True,
        sep=",",
        quotechar='"',
        escapechar='"',
        comment="",
        skiprows=0,
    )


def _header(path: Path) -> list[str]:
    """The names of the columns, from the first line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error):
        raise InputError(UNREADABLE) from None
    twice = [each for each in names if names.count(each) > 1]
    if twice:
        raise InputError(f"Two columns are named {code_shown(twice[0])}. Leave one; nothing was computed.")
    if not all(names) or not names:
        raise InputError("A column has no name. Name each in the first line; nothing was computed.")
    return names
