"""One page for each protocol: every row in the source's order, and all that a decision rests on beside the rows."""

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import groupby
from typing import Any

from aldes.protocols.compile import unnamed
from aldes.protocols.coverage import TOPICS, covered
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Count, Protocol, Row, Status
from manual import cases
from manual.asking import finding
from manual.blocks import card, cell, label, table
from manual.content import about, blocks_of, path_of, values_of
from manual.data import data_tables
from manual.order import Place, places
from manual.page import Block, Card, Cell, Code, Line, Link, Mark, Page, Section, Table, capital, joined, lines, run
from manual.rows import asks, count_card, effect, ends, row_card
from manual.settings import settings

PART = "Protocols"
WITH_A_PLACE = {
    "rows",
    "counts",
    "required",
    "not_covered",
    "schedule",
    "settings",
}  # fields with a section of their own

LAST = 99  # beyond the files that a protocol is made of
PARTICULARS = ("source", "signed", "findings", "atc", "codes", "context", "exception", "phases")  # left to the cards


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
            *((_uncovered(protocol), _settings(protocol)) if protocol.bedside else ()),
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
    placed = [(found.get(each.id, _elsewhere(kind)), each, kind) for kind, each in blocks_of(protocol)]
    return sorted(placed, key=lambda each: each[0])


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
        yield table([each for each, own in beside if own == kind], about(kind), protocol.id, without=PARTICULARS)


def _summary(block: Row | Count, kind: str, protocol: Protocol) -> tuple[Cell, ...]:
    to, status = Link(block.id, f"#{block.id}"), Mark(block.status.value)
    if isinstance(block, Row):
        return (to, kind, asks(block, protocol.id), effect(block), ends(block, protocol.id), status)
    entries = dict(count_card(block, protocol).entries)
    return (to, "counting rule", entries["asks"], entries["does"], entries["in force"], status)


def _headed(protocol: Protocol, blocks: list[tuple[Place, Any, str]]) -> Iterator[Section]:
    """The rows under the headings of their file."""
    for number, (heading, group) in enumerate(groupby(blocks, key=lambda each: (each[0].layer, each[0].heading)), 1):
        title = capital(heading[1])
        found = tuple(_card(each, kind, protocol) for _, each, kind in group)
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


def _uncovered(protocol: Protocol) -> Section:
    reasons = tuple(Line(cells=(each.topic, each.reason, each.signed)) for each in protocol.not_covered)
    blocks: list[Block] = [
        Table(caption="Topics without a row", heads=("topic", "reason", "signed"), lines=reasons),
        _coverage(protocol),
    ]
    held = (row_card(row, protocol, cases.uncovered(protocol.id, row.id)) for row in unnamed(protocol))
    return Section(
        id="not-covered",
        title="What no row covers",
        lead="This list stands beside every “no listed reason to hold”. A drug or device of support, and a grave "
        "event, that no row names holds the dose while it is present: our own rule.",
        blocks=(*blocks, *held),
    )


def _coverage(protocol: Protocol) -> Table:
    excused = {each.topic for each in protocol.not_covered}
    body = []
    for topic in TOPICS:
        rows = [row for row in protocol.rows if topic in row.topics]
        said = (
            "covered" if topic in covered(protocol) else "not covered" if topic in excused else "nobody answers for it"
        )
        links = joined(tuple(Link(row.id, f"#{row.id}") for row in rows)) if rows else "none"
        body.append(Line(cells=(topic, said, links)))
    return Table(caption="Coverage by topic", heads=("topic", "coverage", "rows"), lines=tuple(body))


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
