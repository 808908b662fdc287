"""Rows × sources × case lines: each row must have all three, and an orphan fails."""

import json
from typing import Any

from aldes.cli import exits
from aldes.protocols.cases import lines_by_row
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Protocol


def show_rows(name: str | None, as_json: bool) -> int:
    """Print every row of the bedside protocols; the exit code says whether one is an orphan."""
    protocols = [read(each) for each in ([name] if name else names_of_protocols())]
    entries = [entry for protocol in protocols if protocol.bedside or name for entry in _entries(protocol)]
    orphans = [each for each in entries if each["orphan"]]
    if as_json:
        print(json.dumps(entries, ensure_ascii=False, indent=2))
    else:
        for each in entries:
            print(_line(each))
        print(f"{len(entries)} rows, {len(orphans)} without a case line")
    return exits.BAD_PROTOCOL if orphans else 0


def _line(entry: dict[str, Any]) -> str:
    lines = f"{entry['cases']:>3} lines"
    return f"{entry['protocol']:<17} {entry['row']:<16} {lines}  {entry['status']:<12} {entry['source']}"


def _entries(protocol: Protocol) -> list[dict[str, Any]]:
    lines = lines_by_row(protocol.id)
    rows = [(row.id, row.kind.value, row.words, row.source, row.status.value) for row in protocol.rows]
    counts = [(count.id, "count", count.words, count.source, count.status.value) for count in protocol.counts]
    lines |= {count.id: lines.get(count.rule, 0) for count in protocol.counts}
    return [
        {
            "protocol": protocol.id,
            "row": id,
            "kind": kind,
            "words": words,
            "source": str(source),
            "status": status,
            "cases": lines.get(id, 0),
            "orphan": not lines.get(id, 0) and kind != "care",
        }
        for id, kind, words, source, status in rows + counts
    ]
