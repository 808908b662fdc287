"""Outcomes of a table of patients: curves in numbers, comparison, causes, and the picture."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aldes import __version__
from aldes.cli.outcomes_paper import page
from aldes.errors import AldesError, InputError
from aldes.numbers import parse_decimal

UNITS = ("days", "weeks", "months", "years")
NEEDED = "Outcomes need NumPy, SciPy, DuckDB and, for pictures, Matplotlib; run: pip install 'aldes[outcomes]'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks of a table."""

    file: str
    columns: Mapping[str, str | None]
    unit: str
    at: str | None
    horizon: str | None
    with_cure: bool
    plot: str | None
    title: str | None
    outcome: str | None
    source: str | None
    as_json: bool


def show_outcomes(wanted: Wanted) -> int:
    """Print the report of a table; with `plot` also write the curves."""
    try:
        import scipy  # noqa: F401

        from aldes.exchange.outcomes_table import Columns, load_outcomes
        from aldes.outcomes.report import Question, grouped, report
    except ModuleNotFoundError:
        raise AldesError(NEEDED) from None
    columns = Columns(**wanted.columns)  # type: ignore[arg-type]
    if columns.dated and wanted.unit != "months":
        raise InputError("Times reckoned from dates are in months. Leave --unit out; nothing was computed.")
    asked = Question(
        unit=wanted.unit, at=tuple(_times(wanted.at)), horizon=_time(wanted.horizon), with_cure=wanted.with_cure
    )
    table = load_outcomes(Path(wanted.file), columns)
    groups = grouped(table.patients, table.groups, table.group, with_causes=bool(table.causes))
    document: dict[str, Any] = report(groups, table.causes, asked) | {"engine": f"aldes {__version__}"}
    if wanted.plot:
        _draw(wanted, groups, table.causes)
    print(json.dumps(document, ensure_ascii=False, indent=2) if wanted.as_json else "\n".join(page(document)))
    return 0


def _draw(wanted: Wanted, groups: Any, causes: tuple[str, ...]) -> None:
    try:
        from aldes.outcomes.pictures.curves import Words, draw_curves
        from aldes.outcomes.pictures.paper import check_path
    except ModuleNotFoundError:
        raise AldesError(NEEDED) from None
    words = Words(
        title=wanted.title or ("Cumulative incidence" if causes else "Time to event"),
        outcome=wanted.outcome or "without the event",
        unit=wanted.unit,
        source=f"Source: {wanted.source or 'table handed over; not stated what it is'}; aldes {__version__}.",
    )
    draw_curves(groups, causes, words, check_path(Path(str(wanted.plot))))


def _times(text: str | None) -> Iterator[float]:
    """The landmarks as they were typed: 12,24,60."""
    for part in (text or "").split(","):
        if part.strip():
            yield float(parse_decimal(part.strip()))


def _time(text: str | None) -> float | None:
    return None if text is None else float(parse_decimal(text))
