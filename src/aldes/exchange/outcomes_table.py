"""A table of patients with times to an event, CSV or Parquet: one strict reading, the first fault in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aldes.errors import AldesError, InputError, nearest
from aldes.exchange.table_file import UNREADABLE, relation
from aldes.exchange.text import clean, code_shown
from aldes.numbers import LONGEST_NUMBER
from aldes.outcomes.sample import Bools, Floats, Ints, Sample, sample
from aldes.questions import sql

try:
    import duckdb
    import numpy as np
except ModuleNotFoundError:
    raise AldesError("Outcomes of a table need DuckDB and NumPy; run: pip install 'aldes[outcomes]'.") from None

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

DAYS_A_MONTH = 30.4375  # 365.25 / 12: our policy, docs/decisions/0022
MOST_NAMES = 12  # of groups or causes; a column with more names patients, not groups
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what. Either `time`, or the dates `start` and `end`; `entry` is of the same kind."""

    time: str | None
    event: str
    start: str | None = None
    end: str | None = None
    by: str | None = None
    entry: str | None = None
    weight: str | None = None
    cause: str | None = None

    @property
    def dated(self) -> bool:
        """Whether times are reckoned from dates."""
        return self.time is None

    def named(self) -> dict[str, str]:
        """The columns that are asked for, by what they hold."""
        names = {each: getattr(self, each) for each in self.__slots__}
        return {what: column for what, column in names.items() if column}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomesTable:
    """The patients of a table; `group` numbers `groups`, the causes of the sample number `causes` from 1."""

    patients: Sample
    groups: tuple[str, ...]
    group: Ints
    causes: tuple[str, ...]


def load_outcomes(path: Path, columns: Columns) -> OutcomesTable:
    """The patients of a file.

    Raises
    ------
    InputError
        When the file cannot be read, a column is not there, or a row cannot be right; nothing is left out silently.
    """
    if columns.dated and not (columns.start and columns.end):
        raise InputError("Give --time, or --start and --end with the dates of both. Nothing was computed.")
    try:
        with duckdb.connect() as connection:
            came = relation(connection, path)
            types = dict(zip(came.columns, map(str, came.types), strict=True))
            for what, column in columns.named().items():
                if column not in types:
                    raise InputError(_no_column(what, column, types))
            return _read(came, types, columns)
    except duckdb.Error:
        raise InputError(UNREADABLE) from None


def _no_column(what: str, column: str, types: Mapping[str, str]) -> str:
    near = nearest(column, types)
    shown = ", ".join(code_shown(each) for each in list(types)[:MOST_NAMES])
    listed = "" if near else f" It has {shown}."
    noun = NOUNS.get(what, what)
    return f"The table has no column {code_shown(column)} for the {noun}.{near}{listed} Nothing was computed."


def _read(came: "DuckDBPyRelation", types: Mapping[str, str], columns: Columns) -> OutcomesTable:
    asked = columns.named()
    names = {what: _names(came, column) for what, column in asked.items() if what in ("by", "cause")}
    chosen = ", ".join(
        f"{_expression(what, column, types, columns, names)} AS {what}" for what, column in asked.items()
    )
    read = came.project(chosen).fetchnumpy()
    values = {what: _known(what, read[what]) for what in asked}
    size = int(values["event"].size)
    if size < 2:
        said = "one row" if size else "no rows"
        raise InputError(f"The table has {said}. A curve needs two patients or more; nothing was computed.")
    event = values["event"] != 0
    cause = _causes(event, values.get("cause"))
    if not np.any(event):
        raise InputError(
            f"None of the {size:,} rows has an event. Check the column of events; without one nothing can be estimated."
        )
    patients = sample(_times(values, columns), cause, entry=_entries(values, columns), weight=values.get("weight"))
    group = values["by"].astype(np.int64) - 1 if "by" in values else np.zeros(size, dtype=np.int64)
    return OutcomesTable(
        patients=patients,
        groups=_shown(names.get("by", ("all",))),
        group=group,
        causes=_shown(names.get("cause", ())),
    )


def _names(came: "DuckDBPyRelation", column: str) -> tuple[str, ...]:
    """The different texts of a column, in order; too many of them would be no groups."""
    cell = f"nullif(trim(CAST({sql.identifier(column)} AS VARCHAR)), '')"
    found = came.project(f"{cell} AS name").filter("name IS NOT NULL").distinct().order("name").limit(MOST_NAMES + 1)
    names = tuple(name for (name,) in found.fetchall())
    if len(names) > MOST_NAMES:
        raise InputError(
            f"Column {code_shown(column)} holds more than {MOST_NAMES} different values. "
            "Groups and causes are few: give a column that names them; nothing was computed."
        )
    return names


def _shown(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names that are safe to print, and still different."""
    shown = tuple(clean(each) for each in names)
    if len(set(shown)) < len(names) or not all(shown):
        raise InputError("Two groups differ only in characters that are not shown. Rename one; nothing was computed.")
    return shown


def _expression(
    what: str, column: str, types: Mapping[str, str], columns: Columns, names: Mapping[str, tuple[str, ...]]
) -> str:
    """The cell as a number, NULL where it is none: a plain decimal, a date as a day, a flag, the place of a name."""
    own, type = sql.identifier(column), types[column]
    if what in names:
        cases = " ".join(f"WHEN {sql.text(name)} THEN {place}" for place, name in enumerate(names[what], 1))
        empty = "0" if what == "cause" else "NULL"
        if not names[what]:
            return f"CAST({empty} AS DOUBLE)"
        cell = f"nullif(trim(CAST({own} AS VARCHAR)), '')"
        return f"CAST(CASE {cell} {cases} ELSE {empty} END AS DOUBLE)"
    if what == "event":
        return _flag(own, type)
    if columns.dated and what in ("start", "end", "entry"):
        text = f"CAST({own} AS VARCHAR)"
        day = f"try_cast(CASE WHEN regexp_full_match({text}, '{_DATE}') THEN {text} END AS DATE)"
        return f"CAST({day} - DATE '1970-01-01' AS DOUBLE)"
    if type == "VARCHAR":
        plain = f"regexp_full_match({own}, '{_NUMBER}') AND length({own}) <= {LONGEST_NUMBER}"
        return f"CASE WHEN {plain} THEN CAST({own} AS DOUBLE) END"
    if type.split("(")[0] in sql.NUMBERS:
        return f"CASE WHEN isfinite(CAST({own} AS DOUBLE)) THEN CAST({own} AS DOUBLE) END"
    return "CAST(NULL AS DOUBLE)"


def _flag(own: str, type: str) -> str:
    text = f"lower(CAST({own} AS VARCHAR))"
    return f"CAST(CASE WHEN {text} IN ('1', 'true') THEN 1 WHEN {text} IN ('0', 'false') THEN 0 END AS DOUBLE)"


ACCEPTED = {
    "time": "a plain number such as 12.5",
    "event": "1 or 0, true or false",
    "start": "a date such as 2024-03-15",
    "end": "a date such as 2024-03-15",
    "by": "the name of a group",
    "entry": "a number or a date like the other times",
    "weight": "a plain number above zero",
    "cause": "the name of a cause, or nothing",
}


NOUNS = {"by": "group"}


def _known(what: str, values: "np.ma.MaskedArray[tuple[int], np.dtype[np.float64]] | Floats") -> Floats:
    """The column as numbers; the first cell that is none is refused, by its row and never by what it holds."""
    unread: Bools = np.ma.getmaskarray(values)
    if np.any(unread):
        first, many = int(np.argmax(unread)) + 1, int(np.sum(unread))
        more = f", as in {many - 1:,} more rows" if many > 1 else ""
        raise InputError(
            f"In row {first:,} (below the header) the {NOUNS.get(what, what)} is empty or cannot be read{more}. "
            f"We read {ACCEPTED[what]}; correct the table, nothing was computed."
        )
    return np.asarray(np.ma.getdata(values), dtype=np.float64)


def _times(values: Mapping[str, Floats], columns: Columns) -> Floats:
    if not columns.dated:
        return values["time"]
    days = values["end"] - values["start"]
    _refuse("the end lies before the start", days < 0)
    return days / DAYS_A_MONTH


def _entries(values: Mapping[str, Floats], columns: Columns) -> Floats | None:
    if "entry" not in values:
        return None
    if not columns.dated:
        return values["entry"]
    days = values["entry"] - values["start"]
    _refuse("the entry lies before the start", days < 0)
    return days / DAYS_A_MONTH


def _causes(event: Bools, cause: Floats | None) -> Ints:
    if cause is None:
        return event.astype(np.int64)
    _refuse("there is an event without a cause", event & (cause == 0))
    _refuse("there is a cause without an event", ~event & (cause > 0))
    return cause.astype(np.int64)


def _refuse(fault: str, wrong: Bools) -> None:
    if np.any(wrong):
        first, many = int(np.argmax(wrong)) + 1, int(np.sum(wrong))
        more = f", as in {many - 1:,} more" if many > 1 else ""
        raise InputError(f"In row {first:,} (below the header) {fault}{more}. Correct the table; nothing was computed.")
