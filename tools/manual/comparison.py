"""The bedside protocols side by side, by topic. They differ on purpose, and are never blended."""

from collections.abc import Callable, Iterator

from aldes.protocols.coverage import TOPICS
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Count, Protocol, Row, RowKind
from manual.asking import finding
from manual.content import about, blocks_of, path_of, to_block
from manual.page import Cell, Code, Line, Link, Mark, Page, Section, Table, lines, run
from manual.rows import asks, count_card

DECIDES = (Row, Count)


def comparison_page() -> Page:
    """Each topic, with what each protocol asks."""
    protocols = [each for name in names_of_protocols() if (each := read(name)).bedside]
    return Page(
        path="comparison.html",
        name="side by side",
        title="Protocols side by side",
        part="Protocols",
        lead="A hospital chooses one protocol and signs it. Their limits differ and are never blended; where one has "
        "no row, the reason stands in its column.",
        sections=(
            _section("topics", "By topic", "topic", protocols, list(TOPICS), _topic),
            _section(
                "no-topic", "Rows of the course and the record", "row", protocols, _untopical(protocols), _same_row
            ),
            _section("counting", "Counting rules", "rule", protocols, _rules(protocols), _rule),
            _section("required", "Required before a dose", "measurement", protocols, _required(protocols), _requires),
            *_beside(protocols),
        ),
    )


def _section(
    id: str, title: str, head: str, protocols: list[Protocol], keys: list[str], ask: Callable[[Protocol, str], Cell]
) -> Section:
    body = tuple(Line(cells=(_named(head, key), *(ask(each, key) or "none" for each in protocols))) for key in keys)
    heads = (head, *(each.id for each in protocols))
    return Section(id=id, title=title, blocks=(Table(caption=title, heads=heads, lines=body),))


def _named(head: str, key: str) -> Cell:
    return finding(key) if head == "measurement" else Code(key) if head == "row" else key


def _topic(protocol: Protocol, topic: str) -> Cell:
    rows = [_row(row, protocol) for row in protocol.rows if topic in row.topics]
    missing = [f"not covered: {each.reason}" for each in protocol.not_covered if each.topic == topic]
    return lines(*rows, *missing)


def _row(row: Row, protocol: Protocol) -> Cell:
    to = Link(row.id, f"{path_of(protocol.id)}#{row.id}")
    scope = f", {row.scope}" if row.kind is RowKind.STOP and not row.recalled else ""
    return run(to, f" {row.kind}{scope}: {asks(row, protocol.id)} ", Mark(row.status.value))


def _untopical(protocols: list[Protocol]) -> list[str]:
    """Rows without a topic, in the protocols' order."""
    found = (row.id for each in protocols for row in each.rows if not row.topics)
    return list(dict.fromkeys(found))


def _same_row(protocol: Protocol, id: str) -> Cell:
    row = protocol.row(id)
    return _row(row, protocol) if row else ""


def _rules(protocols: list[Protocol]) -> list[str]:
    return list(dict.fromkeys(count.rule for each in protocols for count in each.counts))


def _rule(protocol: Protocol, rule: str) -> Cell:
    counts = [each for each in protocol.counts if each.rule == rule]
    found = [(each, dict(count_card(each, protocol).entries)) for each in counts]
    return lines(
        *(
            run(Link(each.id, f"{path_of(protocol.id)}#{each.id}"), f" {entries['asks']}: ", entries["does"])
            for each, entries in found
        )
    )


def _required(protocols: list[Protocol]) -> list[str]:
    return list(dict.fromkeys(name for each in protocols for name in each.required))


def _requires(protocol: Protocol, name: str) -> Cell:
    return f"from dose {protocol.required[name].from_dose}" if name in protocol.required else ""


def _beside(protocols: list[Protocol]) -> Iterator[Section]:
    """What stands beside the decision, kind by kind."""
    every = [
        (kind, block.id) for each in protocols for kind, block in blocks_of(each) if not isinstance(block, DECIDES)
    ]
    for number, kind in enumerate(dict.fromkeys(kind for kind, _ in every), 1):
        ids = list(dict.fromkeys(id for own, id in every if own == kind))
        yield _section(f"beside-{number}", about(kind), "row", protocols, ids, _same_block)


def _same_block(protocol: Protocol, id: str) -> Cell:
    found = [(kind, block) for kind, block in blocks_of(protocol) if block.id == id and not isinstance(block, DECIDES)]
    if not found:
        return ""
    kind, block = found[0]
    told = next((f": {getattr(block, name)}" for name in ("advice", "action") if getattr(block, name, "")), "")
    to = Link(id, to_block(protocol, kind, id).target)
    return run(to, f" {block.words}{told} ", Mark(block.status.value))
