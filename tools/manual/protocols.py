"""One page for each protocol: every row in the source's order, and all that a decision rests on beside the rows."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Count, Protocol, Row, Status
from manual import cases
from manual.asking import finding
from manual.blocks import card, cell, label, table
from manual.content import about, anchors, blocks_of, path_of, values_of
from manual.coverage import uncovered
from manual.data import data_tables
from manual.order import Place, places
from manual.page import (
    Card,
    Cell,
    Code,
    Line,
    Link,
    Mark,
    Page,
    Section,
    Table,
    capital,
    lines,
    plain,
    run,
)
from manual.rows import asks, count_card, effect, ends, row_card
from manual.settings import settings

PART = "Protocols"
WITH_A_PLACE = {  # fields that have a section, or stand in the page's first lines, or are the site's
    *("rows", "counts", "required", "not_covered", "schedule", "settings", "id", "words", "bedside", "pin"),
    *("counting", "counting_needed", "site", "site_words", "demo"),
}

LAST = 99  # beyond the files that a protocol is made of
PARTICULARS = (
    "source",
    "signed",
    "findings",
    "atc",
    "codes",
    "context",
    "exception",
    "phases",
    "also",
    "conflict",
)  # left to the cards


def protocol_pages() -> Iterator[Page]:
    """The protocols that ship with the program."""
    for name in names_of_protocols():
        yield _page(read(name))


def _page(protocol: Protocol) -> Page:
    blocks = _in_order(protocol)
    return Page(
        path=path_of(protocol.id),
        title=capital(protocol.words),
        name=protocol.id,
        part=PART,
        lead=_lead(protocol),
        sections=(
            Section(
                id="at-a-glance",
                title="At a glance",
                lead="Every row in the order of its source. Each id leads to the row's particulars and case lines; "
                "case lines that are unfolded are printed with the page.",
                blocks=tuple(_glance(protocol, blocks)),
            ),
            *_headed(protocol, blocks),
            *_counting(protocol),
            *_required(protocol),
            *_other_fields(protocol),
            *((uncovered(protocol),) if protocol.bedside or cases.names_no_row(protocol.id) else ()),
            *((_settings(protocol),) if protocol.bedside else ()),
            *_other_lines(protocol),
            _pin(protocol),
        ),
    )


def _lead(protocol: Protocol) -> Cell:
    use = "For the bedside." if protocol.bedside else "Not for the bedside by itself: no decision is asked of it alone."
    every = [block for _, block in blocks_of(protocol)]
    deciding = sum(isinstance(each, Row | Count) for each in every)
    recalled = sum(each.status is Status.RECALLED for each in every)
    beside = f", {len(every) - deciding} stand beside the decision" if len(every) > deciding else ""
    counted = f"{len(every)} rows: {deciding or 'none'} of the decision{beside}; {recalled or 'none'} recalled."
    return lines(run("Protocol ", Code(protocol.id), ". ", use), counted)


# ── rows ──


def _in_order(protocol: Protocol) -> list[tuple[Place, Any, str]]:
    """Every block with an id, wherever the protocol keeps it, in the order of the files."""
    found = places(protocol.id)
    placed = [(_place(found, kind, each.id), each, kind) for kind, each in blocks_of(protocol)]
    return sorted(placed, key=lambda each: each[0])


def _place(found: Mapping[str, Place], kind: str, id: str) -> Place:
    return found.get(f"{kind} {id}") or found.get(id) or _elsewhere(kind)


def _elsewhere(kind: str) -> Place:
    """Where a block stands that no file of the protocol prints: after the others, under its kind."""
    return Place(layer=LAST, line=0, file="", heading=about(kind))


def _glance(protocol: Protocol, blocks: list[tuple[Place, Any, str]]) -> Iterator[Table]:
    """The rows of the decision in one table, then each other kind in one of its own."""
    decide = [(each, kind) for _, each, kind in blocks if isinstance(each, Row | Count)]
    if decide:
        heads = ("id", "what it is", "asks", "does", "ends", "status")
        body = tuple(Line(cells=_summary(each, kind, protocol)) for each, kind in decide)
        yield Table(caption="What decides", heads=heads, lines=body)
    beside = [(each, kind) for _, each, kind in blocks if not isinstance(each, Row | Count)]
    for kind in dict.fromkeys(kind for _, kind in beside):
        found = table([each for each, own in beside if own == kind], about(kind), protocol.id, without=PARTICULARS)
        yield replace(found, lines=tuple(_led(line, kind, protocol) for line in found.lines))


def _led(line: Line, kind: str, protocol: Protocol) -> Line:
    """The id of a line leads to its card."""
    id = plain(line.cells[0])
    return replace(line, cells=(Link(id, f"#{anchors(protocol)[kind, id]}"), *line.cells[1:]))


def _summary(block: Row | Count, kind: str, protocol: Protocol) -> tuple[Cell, ...]:
    to, status = Link(block.id, f"#{anchors(protocol)[kind, block.id]}"), Mark(block.status.value)
    if isinstance(block, Row):
        return (to, kind, asks(block, protocol.id), effect(block), ends(block, protocol.id), status)
    entries = dict(count_card(block, protocol).entries)
    return (to, "counting rule", entries["asks"], entries["does"], entries["in force"], status)


def _headed(protocol: Protocol, blocks: list[tuple[Place, Any, str]]) -> Iterator[Section]:
    """The rows under the headings of their file."""
    for number, (heading, group) in enumerate(groupby(blocks, key=lambda each: (each[0].layer, each[0].heading)), 1):
        title = capital(heading[1])
        found = tuple(
            replace(_card(each, kind, protocol), place=anchors(protocol)[kind, each.id]) for _, each, kind in group
        )
        yield Section(id=f"rows-{number}", title=title, blocks=found)


def _card(block: Any, kind: str, protocol: Protocol) -> Card:
    match block:
        case Row():
            return row_card(block, protocol, cases.tables_of(protocol.id, block.id))
        case Count():
            return count_card(block, protocol)
    return replace(card(block, protocol.id, kind), tables=cases.tables_of(protocol.id, block.id))


# ── what stands beside the rows ──


def _counting(protocol: Protocol) -> Iterator[Section]:
    if found := cases.counting(protocol.id):
        yield Section(id="counting", title="How criteria are counted", blocks=found)


def _required(protocol: Protocol) -> Iterator[Section]:
    body = tuple(
        Line(
            cells=(
                finding(name),
                str(each.from_dose),
                cell(each.max_age) or "the site sets it",
            )
        )
        for name, each in protocol.required.items()
    )
    lead = "Missing or stale, each makes the answer “not enough is known”, unless something else holds or stops."
    heads = ("measurement", "from dose", "at most how old")
    if body:
        found = (Table(caption="Required before a dose", heads=heads, lines=body),)
        yield Section(id="required", title="Required measurements", lead=lead, blocks=found)


def _other_fields(protocol: Protocol) -> Iterator[Section]:
    """Blocks without an id that a later version of the program adds: a table from their fields."""
    for field in (each.name for each in fields(protocol)):
        found = values_of(protocol, field)
        if field not in WITH_A_PLACE and found and not hasattr(found[0], "id"):
            title = label(field).capitalize()
            yield Section(id=field.replace("_", "-"), title=title, blocks=(table(found, title, protocol.id),))
    said = [
        (label(field), cell(getattr(protocol, field), protocol.id, name=field)) for field in _plain_fields(protocol)
    ]
    if body := tuple(Line(cells=each) for each in said if each[1] != ""):
        yield Section(
            id="besides", title="Besides", blocks=(Table(caption="Besides", heads=("what", "says"), lines=body),)
        )


def _plain_fields(protocol: Protocol) -> list[str]:
    """Fields that hold no blocks and have no place of their own on the page."""
    every = (each.name for each in fields(protocol) if each.name not in WITH_A_PLACE)
    return [name for name in every if not values_of(protocol, name)]


def _settings(protocol: Protocol) -> Section:
    return Section(
        id="settings",
        title="What the site owes",
        lead="No source gives these values, so the hospital chooses them. The invented site's values are no advice.",
        blocks=(settings(protocol),),
    )


def _other_lines(protocol: Protocol) -> Iterator[Section]:
    if rest := cases.of_no_row(protocol.id):
        yield Section(id="other-lines", title="Other case lines", blocks=data_tables(rest))


def _pin(protocol: Protocol) -> Section:
    lead = run(
        "Without a site: ",
        Code(protocol.pin),
        ". The same pin means the same rules; a site's settings and signatures change it. ",
        "Every answer prints the pin that it rests on.",
    )
    return Section(id="pin", title="Pin", lead=lead)
