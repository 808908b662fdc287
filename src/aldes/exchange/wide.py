"""A wide table of patients, CSV or Parquet: a row a patient, a column a finding, in its own unit or one in brackets.

What cannot be read, is not finite or lies outside the survivable range is unknown and counted, and never an answer.
The table says neither when a value was charted nor who judged it: it is taken as the export says, at its own instant.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from aldes.errors import AldesError, InputError, nearest
from aldes.exchange.table_file import UNREADABLE, relation
from aldes.exchange.text import code_shown
from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Kind
from aldes.numbers import DIGITS, parse_decimal
from aldes.questions import sql

try:
    import duckdb
    import numpy as np
except ModuleNotFoundError:
    raise AldesError("Screening a table needs DuckDB, which is not here; run: pip install 'aldes[cohort]'.") from None

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

PATIENTS = "patients"  # the table that is made: `id`, and a column for every finding that is asked
IDS = ("id", "patient")
_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\[([!-Z\\^-~]+(?:\[[A-Za-z]+\])?[!-Z\\^-~]*)\])?")
_NUMBER = r"-?[0-9]+(\.[0-9]+)?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the file, as the finding that it holds."""

    name: str
    finding: Finding
    unit: str
    type: str  # DuckDB's


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Cells of one column that are unknown, and why."""

    column: str
    why: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wide:
    """What was read of a table."""

    patients: int
    has_id: bool
    faults: tuple[Fault, ...]
    missing: tuple[str, ...]  # findings that are asked and have no column
    not_used: tuple[tuple[str, str], ...]  # columns that are not read, with the reason


def load_table(connection: "DuckDBPyConnection", path: Path, asked: Collection[str]) -> Wide:
    """Make the table `patients` from a file: the findings that are asked, in their own units.

    Raises
    ------
    InputError
        When the file cannot be read, a column is misspelt or in a unit that is not accepted, or two hold one finding.
    """
    try:
        return _load(connection, relation(connection, path), asked)
    except duckdb.Error:
        raise InputError(UNREADABLE) from None


def _load(connection: "DuckDBPyConnection", came: "DuckDBPyRelation", asked: Collection[str]) -> Wide:
    types = dict(zip(came.columns, (str(each).split("(")[0] for each in came.types), strict=True))
    columns, not_used = _columns(types, asked)
    id = next((each for each in types if each in IDS), None)
    own = f"came.{sql.identifier(id)}" if id else "row_number() OVER ()"
    chosen = [f"CAST({own} AS VARCHAR) AS id"]
    source = came.set_alias("came")
    for place, each in enumerate(columns):
        cell = _came(each)
        if _is_converted(each):
            units = _converted_cells(connection, came, each, f"unit_{place}")
            source = source.join(units, f"unit_{place}.cell = {cell}", "left")
        chosen.append(f"{_expression(each, cell, f'unit_{place}')} AS {sql.identifier(each.finding.name)}")
        chosen.append(f"{cell} IS NOT NULL AS {sql.identifier(_there(each))}")
    missing = [name for name in asked if name not in {each.finding.name for each in columns}]
    chosen += [f"CAST(NULL AS {_SQL[vocabulary()[name].kind]}) AS {sql.identifier(name)}" for name in missing]
    source.project(", ".join(chosen)).create("read")
    read = connection.table("read")
    read.project(", ".join(["id", *(_survivable(name) for name in asked)])).create(PATIENTS)
    return Wide(
        patients=_count(read, "TRUE"),
        has_id=id is not None,
        faults=tuple(_faults(read, columns)),
        missing=tuple(missing),
        not_used=tuple(not_used),
    )


_SQL = {Kind.NUMBER: "DOUBLE", Kind.FLAG: "BOOLEAN", Kind.CODE: "VARCHAR"}


def _columns(types: dict[str, str], asked: Collection[str]) -> tuple[list[Column], list[tuple[str, str]]]:
    """The columns that hold what is asked; a misspelt one is refused, any other one reported."""
    found: dict[str, Column] = {}
    not_used: list[tuple[str, str]] = []
    for name, type in types.items():
        if name in IDS:
            continue
        match = _NAME.fullmatch(name)
        finding = vocabulary().findings.get(match[1]) if match else None
        if finding is None:
            if near := nearest(name.partition("[")[0], asked):
                raise InputError(f"Column {code_shown(name)} is no finding.{near} Rename it, or leave it out.")
            not_used.append((code_shown(name).strip("'"), "it is no finding"))
        elif finding.name not in asked:
            not_used.append((finding.name, "no row of this protocol asks it"))
        elif finding.name in found:
            raise InputError(f"Two columns hold '{finding.name}'. Leave one.")
        else:
            found[finding.name] = _column(name, finding, (match[2] if match else None) or finding.unit, type)
    return list(found.values()), not_used


def _column(name: str, finding: Finding, unit: str, type: str) -> Column:
    if unit != finding.unit:
        convert(Decimal(1), unit, finding)  # refuses a unit that the finding is not read in
    accepted = {Kind.NUMBER: sql.NUMBERS, Kind.FLAG: ("BOOLEAN",), Kind.CODE: ()}[finding.kind]
    if type not in ("VARCHAR", *accepted):
        raise InputError(f"Column '{finding.name}' is {type}; it needs {_SQL[finding.kind]}, or text.")
    return Column(name=name, finding=finding, unit=unit, type=type)


def _came(column: Column) -> str:
    """The cell as it came; an empty text is no value."""
    cell = f"came.{sql.identifier(column.name)}"
    return f"nullif({cell}, '')" if column.type == "VARCHAR" else cell


def _there(column: Column) -> str:
    return f"came.{column.finding.name}"


def _is_converted(column: Column) -> bool:
    return column.finding.kind is Kind.NUMBER and column.unit != column.finding.unit


def _expression(column: Column, cell: str, units: str) -> str:
    """The finding in its own unit, or NULL where the cell says nothing that can be read."""
    if _is_converted(column):
        return f"{units}.value"
    match column.finding.kind:
        case Kind.NUMBER:
            return _number(cell, column.type)
        case Kind.FLAG if column.type == "BOOLEAN":
            return cell
        case Kind.FLAG:
            return f"CASE {cell} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
    return f"CASE WHEN {cell} IN ({', '.join(sql.text(each) for each in column.finding.codes)}) THEN {cell} END"


def _number(cell: str, type: str) -> str:
    """A plain decimal of at most 15 digits, as a person types it; of a number column what is finite."""
    if type != "VARCHAR":
        value = f"CAST({cell} AS DOUBLE)"
        return f"CASE WHEN isfinite({value}) THEN {value} END"
    digits = f"length(ltrim(replace(ltrim({cell}, '-'), '.', ''), '0')) <= {DIGITS}"  # leading zeros say nothing
    return f"CASE WHEN regexp_full_match({cell}, '{_NUMBER}') AND {digits} THEN CAST({cell} AS DOUBLE) END"


def _converted_cells(
    connection: "DuckDBPyConnection", came: "DuckDBPyRelation", column: Column, name: str
) -> "DuckDBPyRelation":
    """Each different cell converted once, by the same exact conversion as a single patient's."""
    cell = _came(column).removeprefix("came.").replace("came.", "")
    distinct = came.project(f"{cell} AS cell").filter("cell IS NOT NULL").distinct().fetchall()
    pairs = [(came, value) for (came,) in distinct if (value := _converted(came, column)) is not None]
    kind = object if column.type == "VARCHAR" else np.float64
    cells = np.array([came for came, _ in pairs], dtype=kind)
    connection.register("cells", {"cell": cells, "value": np.array([value for _, value in pairs], dtype=np.float64)})
    type = "VARCHAR" if column.type == "VARCHAR" else "DOUBLE"
    connection.table("cells").project(f"CAST(cell AS {type}) AS cell, CAST(value AS DOUBLE) AS value").create(name)
    connection.unregister("cells")
    return connection.table(name).set_alias(name)


def _converted(cell: object, column: Column) -> float | None:
    try:
        came = parse_decimal(cell) if isinstance(cell, str) else Decimal(repr(float(cell)))  # type: ignore[arg-type]
        return float(convert(came, column.unit, column.finding)) if came.is_finite() else None
    except InputError:
        return None


def _survivable(name: str) -> str:
    """The finding, or NULL where no patient can have what came."""
    own, range = sql.identifier(name), vocabulary()[name].survivable
    return f"CASE WHEN NOT ({_outside(own, range)}) THEN {own} END AS {own}" if range else own


def _outside(own: str, range: tuple[Decimal, Decimal]) -> str:
    low, high = (sql.literal(float(end)) for end in range)
    return f"{own} < {low} OR {own} > {high}"


def _faults(read: "DuckDBPyRelation", columns: Iterable[Column]) -> Iterable[Fault]:
    """How many cells of each column are unknown although something came."""
    for each in columns:
        own, there = sql.identifier(each.finding.name), sql.identifier(_there(each))
        faults = {f"is not read as {_wanted(each.finding)}": f"{there} AND {own} IS NULL"}
        if each.finding.survivable:
            faults["lies outside the survivable range"] = _outside(own, each.finding.survivable)
        for why, condition in faults.items():
            if count := _count(read, condition):
                yield Fault(column=each.name, why=why, count=count)


def _wanted(finding: Finding) -> str:
    match finding.kind:
        case Kind.NUMBER:
            return "a plain decimal number"
        case Kind.FLAG:
            return "true or false"
    return "one of " + ", ".join(finding.codes)


def _count(read: "DuckDBPyRelation", condition: str) -> int:
    return int(read.filter(condition).count("*").fetchall()[0][0])
