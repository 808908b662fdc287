"""Lesion measurements: a CSV table or a FHIR R4 bundle in, rows out. The first fault refuses the whole input."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from aldes.errors import InputError, nearest
from aldes.exchange.document import parse
from aldes.exchange.fhir.lesions import rows_of_bundle
from aldes.exchange.reading import NotUsed
from aldes.exchange.text import code_shown, decode
from aldes.numbers import parse_decimal
from aldes.response.rows import Row

HEADER = (
    *("patient", "date", "event", "lesion", "part", "organ", "kind", "diameter", "unit", "axis", "state"),
    *("method", "slice_mm", "irradiated", "role"),
)
NEEDED = ("date", "lesion")
MOST_ROWS = 50_000  # our policy (hazard H76): a trial of some hundred patients
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesions:
    """The rows of one or more patients, and what a bundle held beside them."""

    rows: tuple[Row, ...]
    not_used: tuple[NotUsed, ...] = ()
    alert: tuple[str, ...] = ()  # what must be said first: a part of a record, a doubtful one
    one_patient: bool = False  # a bundle: its one patient was chosen while it was read


def read_lesions(data: bytes, now: datetime, patient_id: str | None = None) -> Lesions:
    """The rows of a table, or of a bundle; told apart by the first character.

    Raises
    ------
    InputError
        For the first fault, naming its line or entry.
    """
    if data.lstrip()[:1] not in (b"{", b"["):
        return Lesions(rows=tuple(_table(decode(data))))
    document = parse(data)
    if not isinstance(document, dict):
        raise InputError("The input is not a JSON object. We read a FHIR R4 bundle or a CSV table. Send one of these.")
    rows, not_used, alert = rows_of_bundle(document, now, patient_id)
    for row in rows:
        _check_names(row)
    return Lesions(rows=rows, not_used=not_used, alert=alert, one_patient=True)


def _table(text: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = _header(next(reader))
        for count, cells in enumerate(reader):
            if count >= MOST_ROWS:
                raise InputError(f"The table has more than {MOST_ROWS:,} rows. Split it by patient.")
            if any(cell.strip() for cell in cells):
                yield _row(header, cells, f"line {reader.line_num}")
    except csv.Error:
        raise InputError(f"Line {reader.line_num} has broken quotes or a field without end. Correct it.") from None


def _header(cells: Sequence[str]) -> list[str]:
    for cell in cells:
        if cell not in HEADER:
            near = nearest(cell[:60], HEADER)
            raise InputError(f"The table's header holds {code_shown(cell)}. We read {','.join(HEADER)}.{near}")
    missing = [each for each in NEEDED if each not in cells]
    if missing or len(set(cells)) < len(cells):
        fault = f"lacks {', '.join(missing)}" if missing else "names a column twice"
        raise InputError(f"The table's header {fault}. Correct it.")
    return list(cells)


def _row(header: Sequence[str], cells: Sequence[str], where: str) -> Row:
    if len(cells) != len(header):
        raise InputError(
            f"{where}: it has {len(cells)} fields and the header {len(header)}; a comma in a number splits it. "
            "Correct the row. Nothing was computed."
        )
    told = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    row = Row(
        where=where,
        day=_day(told["date"], where),
        value=_number(told.get("diameter", ""), where),
        slice_mm=_number(told.get("slice_mm", ""), where),
        **{name: told.get(name, "") for name in ("patient", "event", "lesion", "part", "organ", "kind", "unit")},
        **{name: told.get(name, "") for name in ("axis", "state", "method", "irradiated", "role")},
    )
    _check_names(row)
    return row


def _check_names(row: Row) -> None:
    for noun, name in (("patient", row.patient), ("lesion", row.lesion), ("part", row.part)):
        if name and not NAME.fullmatch(name):
            raise InputError(
                f"{row.where}: the {noun} has a name that is no code. We read letters, digits, points and hyphens, "
                "at most 32 characters. Name it so. Nothing was computed."
            )


def _day(text: str, where: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise InputError(
        f"{where}: its date is no day. We read days such as 2026-11-20. Write it so. Nothing was computed."
    )


def _number(text: str, where: str) -> Decimal | None:
    try:
        return parse_decimal(text) if text else None
    except InputError as refusal:
        raise InputError(f"{where}: {refusal} Nothing was computed.") from None
