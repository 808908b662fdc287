"""The evidence register: each source with how far it was read and what rests on it, and each fact with its place."""

import re
from collections.abc import Iterable, Iterator

from aldes.evidence.register import read_register
from aldes.evidence.source import Fact, Kind, Source, Status
from aldes.protocols.read import names_of_protocols, read
from manual.asking import citation, citations
from manual.content import cited, path_of
from manual.page import Card, Cell, Line, Link, Mark, Page, Section, Table, joined, lines, run
from manual.status import legend

_ID = re.compile(r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+\b")


def register_pages() -> Iterator[Page]:
    """The sources, and the facts that no row carries."""
    yield _sources()
    yield _facts()


def _sources() -> Page:
    rests = _rests_on()
    register = read_register()
    sections = tuple(
        Section(
            id=f"kind-{kind.value.replace(' ', '-')}",
            title=f"{kind.value[0].upper()}{kind.value[1:]}",
            blocks=tuple(_source(each, rests.get(each.key, [])) for each in found),
        )
        for kind in Kind
        if (found := register.sources(kind))
    )
    return Page(
        path="sources.html",
        title="Sources",
        part="Evidence",
        lead="Every label, paper, order set and policy that a number rests on, and how far it was read. "
        "A citation that is not here is refused.",
        sections=(Section(id="legend", title="How surely", blocks=(legend(),)), *sections),
    )


def _source(source: Source, rests: list[Link]) -> Card:
    named = lines(*(f"{name} {held}" for name, held in source.identifiers.items()))
    entries: tuple[tuple[str, Cell], ...] = (
        ("read", source.read),
        ("note", linked(source.note)),
        ("identifiers", named),
        ("in the fact base", ", ".join(source.evidence)),
        ("use", "quoted on pages; no number rests on it" if source.reference_only else ""),
        ("rests on it", joined(tuple(rests)) if rests else ""),
    )
    filled = tuple(each for each in entries if each[1] != "")
    return Card(id=source.key, title=source.citation, label=source.key, entries=filled)


def _rests_on() -> dict[str, list[Link]]:
    """The rows, counting rules and facts of each source."""
    found: dict[str, dict[str, Link]] = {}
    for protocol in (read(name) for name in names_of_protocols()):
        for id, place in cited(protocol):
            link = Link(f"{id} ({protocol.id})", f"{path_of(protocol.id)}#{id}")
            found.setdefault(place.source, {})[link.text] = link
    for fact in read_register().facts():
        for place in fact.cited:
            found.setdefault(place.source, {})[fact.id] = Link(fact.id, f"facts.html#{fact.id}")
    return {key: list(links.values()) for key, links in found.items()}


def _facts() -> Page:
    facts = read_register().facts()
    sections = tuple(
        Section(id=f"facts-{prefix}", title=f"{prefix}", blocks=(_fact_table(prefix, group),))
        for prefix, group in _by_prefix(facts)
    )
    conflicts = tuple(
        Line(cells=(Link(each.id, f"#{each.id}"), linked(each.conflict))) for each in facts if each.conflict
    )
    table = Table(caption="Where sources disagree; they are never blended", heads=("fact", "conflict"), lines=conflicts)
    return Page(
        path="facts.html",
        title="Facts",
        part="Evidence",
        lead="What sources say that no row carries, in our own words, each with its exact place and status.",
        sections=(
            Section(id="legend", title="How surely", blocks=(_counted(facts), legend())),
            Section(id="conflicts", title="Conflicts", blocks=(table,)),
            *sections,
        ),
    )


def _counted(facts: Iterable[Fact]) -> Table:
    every = list(facts)
    counts = [(status, sum(each.status is status for each in every)) for status in Status]
    body = tuple(Line(cells=(Mark(status.value), str(number))) for status, number in counts if number)
    return Table(caption=f"{len(every)} facts by status", heads=("status", "facts"), lines=body)


def _by_prefix(facts: Iterable[Fact]) -> Iterator[tuple[str, list[Fact]]]:
    """Facts of one family together, families in the order of the register."""
    families: dict[str, list[Fact]] = {}
    for each in facts:
        families.setdefault(each.id.split("-")[0], []).append(each)
    yield from families.items()


def _fact_table(prefix: str, facts: list[Fact]) -> Table:
    heads = ("id", "what it says", "source and place", "status", "our reading")
    return Table(caption=f"Facts {prefix}", heads=heads, lines=tuple(_fact(each) for each in facts))


def _fact(fact: Fact) -> Line:
    derived = run("derived: ", linked(fact.derivation)) if fact.derivation else ""
    conflict = run("conflict: ", linked(fact.conflict)) if fact.conflict else ""
    also = run("also ", citations(fact.also)) if fact.also else ""
    return Line(
        id=fact.id,
        cells=(
            fact.id,
            linked(fact.words),
            lines(citation(fact.source), also),
            Mark(fact.status.value),
            lines(derived, conflict, linked(fact.note)),
        ),
    )


def linked(text: str) -> Cell:
    """A text in which the ids of facts lead to them."""
    known = read_register().by_id
    parts: list[Cell] = []
    end = 0
    for found in _ID.finditer(text):
        if found[0] in known:
            parts += [text[end : found.start()], Link(found[0], f"facts.html#{found[0]}")]
            end = found.end()
    return run(*parts, text[end:]) if parts else text
