"""The start page: what the program is, what it is for, and where everything stands in this manual."""

from collections.abc import Sequence

from aldes import __version__
from aldes.administration.document import SCOPE_STATEMENT
from manual.page import Cell, Line, Link, Page, Section, Table, joined
from manual.papers import section
from manual.status import legend


def start_page(pages: Sequence[Page]) -> Page:
    """The first page, with the map of the others."""
    return Page(
        path="index.html",
        title="aldes manual",
        part="Start",
        lead="Decision support for high-dose aldesleukin (interleukin-2) therapy of metastatic kidney cancer: every "
        f"rule that it asks, in words, with its source. Made from the program's own data, version {__version__}.",
        sections=(
            Section(id="scope", title="Scope", lead=SCOPE_STATEMENT),
            Section(id="intended-use", title="Intended use", blocks=(section("README.md", "Intended use"),)),
            Section(id="map", title="What stands where", blocks=(_map(pages),)),
            Section(id="answers", title="What it says", blocks=(section("README.md", "What it says"),)),
            Section(
                id="how-sure",
                title="How sure we are",
                blocks=(legend(), section("README.md", "How sure we are")),
            ),
        ),
    )


HOLDS = {
    "Protocols": "every rule: what it asks and does, when it ends, its source, its case lines; protocols side by side",
    "Patients": "fictitious patients with answers written before the code; where protocols answer differently",
    "Grades": "the grading tables: each term of the common criteria with its grades, and what each one asks",
    "Vocabulary": "what can be asked of a patient, in which units, which values are believed, who answers no",
    "Evidence": "every source and how far it was read; facts with their places; where sources disagree",
    "Glossary": "the words, two sentences each",
    "Decisions": "what was chosen and why",
    "Safety": "the ways in which the program could harm, what keeps each in check, and the tests that show it",
    "About": "input, measured figures, architecture, changes",
    "Search": "all of this, by word",
}


def _map(pages: Sequence[Page]) -> Table:
    parts = dict.fromkeys(page.part for page in pages)
    body = tuple(Line(cells=(part, HOLDS.get(part, ""), _links(pages, part))) for part in parts)
    return Table(caption="Parts of the manual", heads=("part", "what it holds", "pages"), lines=body)


def _links(pages: Sequence[Page], part: str) -> Cell:
    return joined(
        tuple(Link(page.name or page.title, page.path) for page in pages if page.part == part and page.listed)
    )
