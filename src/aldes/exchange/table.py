"""A CSV table in long form: one row a charted value."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from aldes.errors import InputError, nearest
from aldes.exchange.batch import MOST_ITEMS, reading_of
from aldes.exchange.document import Json
from aldes.exchange.items import Items
from aldes.exchange.medications import MEDICATION
from aldes.exchange.reading import Notes, Reading
from aldes.exchange.slots import DRUG
from aldes.exchange.text import code_shown, decode
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.numbers import parse_decimal

HEADER = ("name", "value", "unit", "time", "status", "low", "high", "start", "end", "id", "role")
_NEEDED = ("name", "value", "time")
_FLAGS = {"true": True, "false": False}


def read_table(data: bytes, now: datetime) -> Reading:
    """One patient's events from a table.

    A row with a fault is reported by its line and charted without a value, so that the finding is unknown from
    then on: an older good value does not stand in for it.

    Raises
    ------
    InputError
        When the header is not ours, the table is too long, or its quoting is broken.
    """
    rows = _rows(decode(data))
    header = _header(next(rows, (1, []))[1])
    items = Items(now=now, notes=Notes())
    for count, (line, cells) in enumerate(rows):
        if count >= MOST_ITEMS:
            raise InputError(f"The table has more than {MOST_ITEMS:,} rows. Send one patient, and only what is asked.")
        _read_row(items, dict(zip(header, cells, strict=False)), line, _width_fault(header, cells))
    return reading_of(items)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the line where it ends."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error:
        raise InputError(
            f"Line {reader.line_num} of the table has broken quotes or a field without end. Correct it."
        ) from None


def _header(cells: Sequence[str]) -> list[str]:
    for cell in cells:
        if cell not in HEADER:
            near = nearest(cell[:60], HEADER)
            raise InputError(
                f"The table's header holds {code_shown(cell)}. We read {','.join(HEADER)}; or send JSON.{near}"
            )
    missing = [each for each in _NEEDED if each not in cells]
    if missing or len(set(cells)) < len(cells):
        raise InputError(
            f"The table's header lacks {', '.join(missing) or 'nothing, but names a column twice'}. Correct it."
        )
    return list(cells)


def _width_fault(header: Sequence[str], cells: Sequence[str]) -> str:
    if len(cells) == len(header):
        return ""
    return (
        f"The row has {len(cells)} fields and the header {len(header)}; a comma in a number splits it. Correct the row."
    )


def _read_row(items: Items, cells: dict[str, str], line: int, width_fault: str) -> None:
    """One row as an item. Where the fields have shifted, only the name in the first is believed."""
    where = f"line {line}"
    name = cells.get("name", "")
    if width_fault:
        items.read({"name": name}, where, (width_fault,))
        return
    item: dict[str, Json] = {key: cells[key] for key in ("name", "unit", "time", "id", "role") if cells.get(key)}
    if cells.get("status"):
        item["status"] = cells["status"]
    if cells.get("start") or cells.get("end"):
        item.update(_period(name, cells))
    faults: list[str] = []
    for key in ("low", "high"):
        if cells.get(key):
            item[key] = _number(cells[key], faults)
    item["value"] = _value(name, cells.get("value", ""), faults)
    items.read(item, where, tuple(faults))


def _period(name: str, cells: dict[str, str]) -> dict[str, Json]:
    """Start and end of a collection; the time may stand for the end, or for the start of a dose."""
    time = cells.get("time", "")
    start, end = cells.get("start", ""), cells.get("end", "")
    if name in (DRUG, MEDICATION):
        return {"period": [start or time, end]}
    return {"period": [start, end or time]}


def _value(name: str, text: str, faults: list[str]) -> Json:
    """A cell in the sort of value that its finding has."""
    finding = vocabulary().findings.get(name)
    if not text:
        return None
    if finding is None or finding.kind is Kind.CODE or text[0] in "<>":
        return text
    if finding.kind is Kind.FLAG:
        return _FLAGS.get(text, text)
    return _number(text, faults)


def _number(text: str, faults: list[str]) -> Json:
    try:
        return parse_decimal(text)
    except InputError as refusal:
        faults.append(str(refusal))
        return None
