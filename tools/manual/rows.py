"""A protocol's row as a card: what it asks, what it does, when it ends, where it stands and how surely."""

from collections.abc import Iterator
from dataclasses import fields

from aldes.protocols.row import Count, Protocol, Row, RowKind
from manual.asking import citation, complement, findings, in_full
from manual.blocks import cell, label
from manual.page import Card, Cell, Mark, Table, lines, run

IN_WORDS = {  # fields that the card puts into words
    *("id", "kind", "words", "text", "question", "source", "status", "signed", "topics", "group", "rule", "from_dose"),
    *("scope", "resume_text", "resume", "resume_by"),
}
EFFECT = {
    RowKind.HOLD: "holds the dose",
    RowKind.STOP: "stops",
    RowKind.RELATIVE: "relative criterion: holds the dose, and counts",
    RowKind.ABSOLUTE: "absolute criterion: holds the dose, and counts",
}


def row_card(row: Row, protocol: Protocol, tables: tuple[Table, ...]) -> Card:
    """One row with its case lines."""
    entries = tuple((label, cell) for label, cell in _entries(row, protocol) if cell != "")
    return Card(id=row.id, title=row.words, label=str(row.kind), entries=entries, tables=tables)


def _entries(row: Row, protocol: Protocol) -> Iterator[tuple[str, Cell]]:
    yield "asks", asks(row, protocol.id)
    yield "does", effect(row)
    yield "ends", ends(row, protocol.id)
    yield "counts in group", row.group
    yield "in force", f"only under the counting rule {row.rule}" if row.rule else ""
    yield "source", run(citation(row.source))
    yield "status", lines(Mark(row.status.value), row.signed and f"verified by {row.signed}")
    yield "answers for", ", ".join(row.topics)
    yield "findings", findings(row.question, row.resume)
    for name in (each.name for each in fields(row) if each.name not in IN_WORDS):
        yield label(name), cell(getattr(row, name), protocol.id, name=name)


def asks(row: Row, protocol: str) -> str:
    """The row's question in words, with the dose from which it is asked."""
    later = f", from dose {row.from_dose} on" if row.from_dose > 1 else ""
    return in_full(row.question, row.text, protocol) + later


def effect(row: Row) -> str:
    """What a yes does."""
    if row.kind is not RowKind.STOP:
        return EFFECT.get(row.kind, str(row.kind))
    if row.recalled:
        return f"stops this dose (recalled: the scope printed there, {row.scope}, waits until the page is checked)"
    return f"stops, {row.scope} (a physician confirms or refutes it)"


def ends(row: Row, protocol: str) -> str:
    """The resume question and who judges it."""
    if row.kind is RowKind.STOP:
        return "never by itself"
    printed = in_full(row.resume, row.resume_text, protocol) if row.resume else ""
    if row.recalled:
        recalled = f" (recalled, not used: {printed})" if printed else ""
        return f"only when a physician lifts it, because the row is recalled{recalled}"
    judged = f", judged by a {row.resume_by}" if row.resume_by else ""
    return (printed or complement(row.question, row.text, protocol)) + judged


def count_card(count: Count, protocol: Protocol) -> Card:
    """One counting rule."""
    only_if = in_full(count.only_if, count.only_if_text, protocol.id) if count.only_if else ""
    scope = f", {count.scope}" if count.outcome is RowKind.STOP else ""
    entries: tuple[tuple[str, Cell], ...] = (
        ("asks", f"at least {count.at_least} {_counted(count)}" + (f", and {only_if}" if only_if else "")),
        ("does", f"{EFFECT[count.outcome]}{scope}"),
        ("in force", _force(count, protocol)),
        ("source", citation(count.source)),
        ("status", Mark(count.status.value)),
    )
    return Card(id=count.id, title=count.words, label="counting rule", entries=entries)


def _counted(count: Count) -> str:
    if count.of is RowKind.RELATIVE:
        return "relative criteria, those of one group counted once"
    return f"{count.of} criteria"


def _force(count: Count, protocol: Protocol) -> str:
    if protocol.counting_needed:
        return f"only where the site's setting counting is {count.rule}"
    return f"counting rule {count.rule}"
