"""Write columns as CSV or Parquet, by the file's name."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aldes.errors import InputError


def write_table(path: Path, columns: Mapping[str, Any]) -> None:
    """A column a name, all of one length; NaN becomes an empty cell.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    try:
        (_csv if path.suffix == ".csv" else _parquet)(path, columns)
    except OSError as fault:
        raise InputError(f"'{path.name}' cannot be written: {fault.strerror}.") from None


def _csv(path: Path, columns: Mapping[str, Any]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(columns)
        for cells in zip(*columns.values(), strict=True):
            rows.writerow("" if cell != cell else f"{cell:.10g}" for cell in cells)


def _parquet(path: Path, columns: Mapping[str, Any]) -> None:
    import pyarrow as arrow
    from pyarrow import parquet

    parquet.write_table(
        arrow.table({name: arrow.array(cells, from_pandas=True) for name, cells in columns.items()}), path
    )
