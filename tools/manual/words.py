"""The glossary and the decision pages, with a place for each term and a list of the pages."""

import re

from markupsafe import Markup

from manual.page import Card, Cell, Line, Link, Page, Section, Table, run
from manual.papers import ROOT, one_line, papers, rendered

_TERM = re.compile(r"^\*\*(.+?)\*\* · (.+)$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.:])\s+(?=[A-Z|-])")
_ITALICS = re.compile(r"\*([^*]+)\*")


def glossary_page() -> Page:
    """Each term under its own heading, so that other pages can lead to it."""
    text = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
    terms = dict(_TERM.findall(text))
    opening = text.partition("**")[0].partition("\n")[2].strip()
    cards = tuple(
        Card(id=place(term), title=term, entries=(("", _explained(words, terms)),)) for term, words in terms.items()
    )
    return Page(
        path="glossary.html",
        title="Glossary",
        part="Glossary",
        lead=one_line(opening.partition(" A term set")[0], "GLOSSARY.md"),
        sections=(Section(id="terms", title="Terms", blocks=cards),),
    )


def place(term: str) -> str:
    """Where a term stands in the glossary's page."""
    return re.sub(r"[^a-z0-9]+", "-", term.lower()).strip("-")


def _explained(words: str, terms: dict[str, str]) -> Cell:
    """A term's two sentences; other terms in them lead to their own."""
    parts: list[Cell] = []
    end = 0
    for found in _ITALICS.finditer(words):
        entry = _entry(found[1], terms)
        shown: Cell = Link(found[1], f"#{place(entry)}") if entry else Markup("<em>{}</em>").format(found[1])
        parts += [one_line(words[end : found.start()], "GLOSSARY.md"), shown]
        end = found.end()
    return run(*parts, one_line(words[end:], "GLOSSARY.md"))


def _entry(word: str, terms: dict[str, str]) -> str:
    """The entry that a word in italics means: itself, its singular, or a criterion or finding of that name."""
    asked = word.casefold()
    for term in terms:
        short = re.sub(" (criterion|finding)$", "", term.casefold())
        if asked in (term.casefold(), short) or asked.removesuffix("s") in (term.casefold(), short):
            return term
    return ""


def decisions_page() -> Page:
    """The decision pages, each with the first sentence of what was decided."""
    files = [(file, path) for file, (path, part) in papers().items() if part == "Decisions"]
    body = tuple(Line(cells=(Link(rendered(file)[0], path), _decided(file))) for file, path in files)
    table = Table(caption="Pages", heads=("page", "what was decided"), lines=body)
    return Page(
        path="decisions.html",
        title="Decisions",
        part="Decisions",
        lead="What was chosen and not found: why, at what price, and when to look again. A row whose source is "
        "“policy” rests on one of these.",
        sections=(Section(id="pages", title="Pages", blocks=(table,)),),
    )


def _decided(file: str) -> Cell:
    """The first sentence under the heading "Decision"."""
    _, _, decision = (ROOT / file).read_text(encoding="utf-8").partition("\n## Decision\n")
    opening = " ".join(decision.strip().split("\n\n")[0].split()).removeprefix("- ")
    return one_line(_SENTENCE.split(opening, maxsplit=1)[0].rstrip(":"), file)
