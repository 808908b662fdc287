"""What no row of a protocol covers: topics with their reasons, and what holds the dose all the same."""

from aldes.protocols.compile import unnamed
from aldes.protocols.coverage import TOPICS, covered
from aldes.protocols.row import Protocol
from manual import cases
from manual.page import Block, Line, Link, Section, Table, joined
from manual.rows import row_card


def uncovered(protocol: Protocol) -> Section:
    """Topics without a row, coverage by topic, and the holds of our own for what no row names."""
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
