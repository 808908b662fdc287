"""Rows × sources × case lines: each row must have all three, and an orphan fails."""

import json
from collections.abc import Iterator
from typing import Any

from aldes.cli import exits
from aldes.evidence.source import Citation
from aldes.protocols.cases import lines_before, lines_by_row
from aldes.protocols.layers import bases, names_of_protocols
from aldes.protocols.read import read
from aldes.protocols.row import Cited, Protocol, Row


def show_rows(name: str | None, as_json: bool) -> int:
    """Print every row of every protocol and order set; the exit code says whether one is an orphan.

    The rows of a base are printed with each protocol that extends it.
    """
    names = [name] if name else [each for each in names_of_protocols() if each not in bases()]
    entries = [entry for each in names for entry in _entries(read(each))]
    orphans = [each for each in entries if each["orphan"]]
    if as_json:
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for each in entries:
            print(_line(each))
        print(f"{len(entries)} rows, {len(orphans)} without a case line")
    return exits.BAD_PROTOCOL if orphans else 0


def kind_of(row: Cited) -> str:
    """What a row is for, in one word: its block in the file."""
    return row.kind.value if isinstance(row, Row) else type(row).__name__.lower()


def _line(entry: dict[str, Any]) -> str:
    lines = f"{entry['cases']:>3} lines"
    return f"{entry['protocol']:<17} {entry['row']:<16} {lines}  {entry['status']:<12} {entry['source']}"


def _entries(protocol: Protocol) -> list[dict[str, Any]]:
    lines = lines_by_row(protocol.id)
    rows = [(row.id, kind_of(row), row.words, row.source, row.status.value) for row in protocol.every_row()]
    counts = [(count.id, "count", count.words, count.source, count.status.value) for count in protocol.counts]
    lines |= {count.id: lines.get(count.rule, 0) for count in protocol.counts}
    return [*(_entry(protocol, each, lines) for each in rows + counts), *_before(protocol)]


def _before(protocol: Protocol) -> Iterator[dict[str, Any]]:
    """The rows asked before a course or a cycle; what is only words, a regimen or a preference, needs no line."""
    lines = lines_before(protocol.id)
    for row in protocol.rows_before():
        entry = _entry(protocol, (row.id, kind_of(row), row.words, row.source, row.status.value), lines)
        asks = getattr(row, "question", None) is not None or bool(getattr(row, "tests", None))
        yield entry | {"orphan": asks and entry["orphan"]}


def _entry(protocol: Protocol, row: tuple[str, str, str, Citation, str], lines: dict[str, int]) -> dict[str, Any]:
    id, kind, words, source, status = row
    found = {"protocol": protocol.id, "row": id, "kind": kind, "words": words, "source": str(source), "status": status}
    return found | {"cases": lines.get(id, 0), "orphan": not lines.get(id, 0)}
