"""Build every page into a folder. The same checkout gives the same bytes, and nothing is fetched."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from aldes import __version__
from aldes.administration.document import SCOPE_STATEMENT
from manual.comparison import comparison_page
from manual.differences import differences_page
from manual.hazards import hazard_pages
from manual.html import FOLDER, render
from manual.ladders import ladder_pages
from manual.mechanism import mechanism_pages
from manual.outcomes import outcome_pages
from manual.page import Link, Page
from manual.papers import paper_pages
from manual.patients import patient_pages
from manual.protocols import protocol_pages
from manual.register import register_pages
from manual.rooms import room_pages, site_pages
from manual.search import search_list, search_page
from manual.start import start_page
from manual.vocabulary import units_page, vocabulary_page
from manual.words import decisions_page, glossary_page

PARTS = (
    "Start",
    "Protocols",
    "Patients",
    "Grades",
    "Mechanism",
    "Other tables",
    "Vocabulary",
    "Evidence",
    "Glossary",
    "Decisions",
    "Safety",
    "About",
    "Search",
)


def build(folder: Path) -> list[str]:
    """Write the manual into a folder, in place of an older one; the names of the files that were written."""
    return write(contents(), folder)


def write(files: dict[str, str], folder: Path) -> list[str]:
    """Write files into a folder that holds nothing else afterwards."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def contents() -> dict[str, str]:
    """Each file's name and text."""
    pages = all_pages()
    parts = [(part, _first(pages, part)) for part in dict.fromkeys(page.part for page in pages)]
    files = {}
    for page in pages:
        beside = [
            Link(each.name or each.title, each.path)
            for each in pages
            if each.part == page.part and (each.listed or each is page)
        ]
        files[page.path] = render(
            page, parts=parts, beside=beside, scope_statement=SCOPE_STATEMENT, version=__version__
        )
    assets = {each.name: each.read_text(encoding="utf-8") for each in sorted((FOLDER / "assets").iterdir())}
    return files | assets | {"search-list.js": search_list(pages)}


def all_pages() -> list[Page]:
    """Every page, in the order of the parts; two pages of one name would hide one."""
    pages = list(_pages())
    pages.insert(0, start_page(pages))
    paths = [page.path for page in pages]
    if twice := {path for path in paths if paths.count(path) > 1}:
        raise ValueError(f"two pages would be written as {', '.join(sorted(twice))}; name one otherwise")
    return sorted(pages, key=lambda page: PARTS.index(page.part))


def _pages() -> Iterator[Page]:
    yield comparison_page()
    yield from protocol_pages()
    yield from site_pages()
    yield from patient_pages()
    yield differences_page()
    yield vocabulary_page()
    yield units_page()
    yield from register_pages()
    yield from outcome_pages()
    yield glossary_page()
    yield decisions_page()
    yield from hazard_pages()
    yield from ladder_pages()
    yield from mechanism_pages()
    yield from room_pages()
    yield from paper_pages()
    yield search_page()


def _first(pages: list[Page], part: str) -> str:
    """Where a part of the manual begins."""
    return next(page.path for page in pages if page.part == part)
