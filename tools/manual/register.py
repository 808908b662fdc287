"""The evidence register: each source with how far it was read and what rests on it, and each fact with its place."""

from collections.abc import Iterable, Iterator
from importlib.resources import files

from aldes.evidence.register import read_register
from aldes.evidence.source import Fact, Kind, Source, Status
from manual.asking import citation, citations, linked
from manual.content import cited
from manual.order import headed
from manual.page import Card, Cell, Line, Link, Mark, Page, Section, Table, capital, joined, lines, run
from manual.status import legend


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
            title=capital(kind.value),
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
        ("read at", lines(*source.pages)),
        ("in the fact base", ", ".join(source.evidence)),
        ("use", "quoted on pages; no number rests on it" if source.reference_only else ""),
        ("rests on it", joined(tuple(rests)) if rests else ""),
    )
    filled = tuple(each for each in entries if each[1] != "")
    return Card(id=source.key, title=source.citation, label=source.key, entries=filled)


def _rests_on() -> dict[str, list[Link]]:
    """The rows, counting rules and facts of each source."""
    found: dict[str, dict[str, Link]] = {}
    for place, link in cited():
        found.setdefault(place.source, {})[link.target] = link
    for fact in read_register().facts():
        for place in fact.cited:
            found.setdefault(place.source, {})[fact.id] = Link(fact.id, f"facts.html#{fact.id}")
    return {key: list(links.values()) for key, links in found.items()}


def _facts() -> Page:
    facts = read_register().facts()
    sections = tuple(
        Section(id=f"facts-{number}", title=capital(heading), blocks=(_fact_table(capital(heading), group),))
        for number, (heading, group) in enumerate(_by_heading(facts), 1)
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


def _by_heading(facts: Iterable[Fact]) -> list[tuple[str, list[Fact]]]:
    """The facts under the headings of the register's file."""
    text = files("aldes.evidence").joinpath("sources.toml").read_text(encoding="utf-8")
    above = {each.id: each.heading for each in headed(text, "facts")}
    found: dict[str, list[Fact]] = {}
    for each in facts:
        found.setdefault(above[each.id], []).append(each)
    return list(found.items())


def _fact_table(title: str, facts: list[Fact]) -> Table:
    heads = ("id", "what it says", "source and place", "status", "our reading")
    return Table(caption=title, heads=heads, lines=tuple(_fact(each) for each in facts))


def _fact(fact: Fact) -> Line:
    derived = run("derived: ", linked(fact.derivation)) if fact.derivation else ""
    conflict = run("conflict: ", linked(fact.conflict)) if fact.conflict else ""
    also = run("also ", citations(fact.also)) if fact.also else ""
    return Line(
        id=fact.id,
        cells=(
            Link(fact.id, f"#{fact.id}"),
            linked(fact.words),
            lines(citation(fact.source), also),
            Mark(fact.status.value),
            lines(derived, conflict, linked(fact.note)),
        ),
    )
