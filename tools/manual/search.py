"""The list that the search page looks through: every section, card and named line, with its text."""

import json
from collections.abc import Iterator, Sequence

from manual.html import show
from manual.page import Card, Page, Section, Table, plain


def search_page() -> Page:
    """The page that searches; its script is our own file, and nothing leaves the machine."""
    return Page(
        path="search.html",
        title="Search",
        part="Search",
        lead="Searches every page of this manual, on this machine alone.",
        scripts=("search-list.js", "search.js"),
    )


def search_list(pages: Sequence[Page]) -> str:
    """A script that holds the list."""
    entries = [{"page": page.title, **entry} for page in pages for entry in _entries(page)]
    return f"const MANUAL = {json.dumps(entries, ensure_ascii=False, indent=0)};\n"


def _entries(page: Page) -> Iterator[dict[str, str]]:
    yield {"title": page.title, "text": plain(page.lead), "to": page.path}
    for section in page.sections:
        yield from _section(page, section)


def _section(page: Page, section: Section) -> Iterator[dict[str, str]]:
    words = [plain(section.lead)]
    for block in section.blocks:
        match block:
            case Card():
                yield _card(page, block)
            case Table():
                yield from _table(page, block)
            case _:
                words.append(show(block).striptags())
    if any(words):
        yield {"title": section.title or page.title, "text": " ".join(words), "to": f"{page.path}#{section.id}"}


def _card(page: Page, card: Card) -> dict[str, str]:
    text = "; ".join(f"{label}: {plain(cell)}" if label else plain(cell) for label, cell in card.entries)
    name = f"{card.id}: {plain(card.title)}" if card.label else plain(card.title)
    return {"title": name, "text": text, "to": f"{page.path}#{card.anchor}"}


def _table(page: Page, table: Table) -> Iterator[dict[str, str]]:
    for line in table.lines:
        if line.id:
            cells = [plain(cell) for cell in line.cells]
            yield {"title": cells[0], "text": "; ".join(cells[1:]), "to": f"{page.path}#{line.id}"}
