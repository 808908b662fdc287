"""The papers that exist as Markdown, as pages: one text for the repository and for the ward."""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path, PurePosixPath

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from manual.page import Cell, Page, Section

ROOT = Path(__file__).parents[2]
PLACES = {  # files that get a page, by the part of the manual that they belong to; the first pattern counts
    "GLOSSARY.md": "Glossary",
    "CHANGELOG.md": "About",
    "README.md": "About",
    "ARCHITECTURE.md": "About",
    "CONTRIBUTING.md": "About",
    "docs/decisions/*.md": "Decisions",
    "docs/safety/*.md": "Safety",
    "docs/*.md": "About",
    "src/aldes/patients/*/expected.md": "Patients",
    "src/aldes/findings/**/README.md": "Vocabulary",
    "src/aldes/**/README.md": "Protocols",
}
OF_THEIR_OWN = {"GLOSSARY.md", "docs/safety/hazards.md", "README.md"}  # pages that are made in a better way


@cache
def papers() -> dict[str, tuple[str, str]]:
    """Each file with a page: its name, and the part that it belongs to."""
    found: dict[str, tuple[str, str]] = {}
    for pattern, part in PLACES.items():
        for file in sorted(path.relative_to(ROOT) for path in ROOT.glob(pattern)):
            found.setdefault(file.as_posix(), (_path(file), part))
    return found


def _path(file: Path) -> str:
    if file.parent.name == "decisions":
        return f"decision-{file.stem[:4]}.html"
    if file.as_posix() == "README.md":
        return "index.html"
    if file.name == "expected.md":
        return f"patient-{file.parent.name}.html"
    if file.name == "README.md":
        return f"about-{file.parent.name}.html"
    return f"{file.stem.lower()}.html"


def paper_pages() -> Iterator[Page]:
    """Every paper that has no page of its own making."""
    for file, (path, part) in papers().items():
        if file not in OF_THEIR_OWN and not file.endswith("/expected.md"):
            title, body = rendered(file)
            yield Page(path=path, title=title, name=_name(file), part=part, sections=body)


def _name(file: str) -> str:
    """A paper that explains a folder is called after it."""
    path = PurePosixPath(file)
    return f"about {path.parent.name}" if path.name == "README.md" else ""


@cache
def rendered(file: str) -> tuple[str, tuple[Section, ...]]:
    """The title of a paper, and its parts under their headings."""
    tokens = _markdown().parse((ROOT / file).read_text(encoding="utf-8"))
    _lead_to_pages(tokens, file)
    _name_cells(tokens)
    title, parts = _parts(tokens)
    sections = tuple(
        Section(id=_anchor(heading, number), title=heading, blocks=(_html(part),))
        for number, (heading, part) in enumerate(parts)
        if part
    )
    return title, sections


def section(file: str, heading: str) -> Markup:
    """One part of a paper, by its heading."""
    found = {each.title: each for each in rendered(file)[1]}
    block = found[heading].blocks[0]
    if not isinstance(block, Markup):
        raise TypeError(f"the part '{heading}' of {file} is no text")
    return block


def one_line(text: str, file: str) -> Cell:
    """A piece of Markdown within one line."""
    tokens = _markdown().parseInline(text)
    _lead_to_pages(tokens, file)
    return _html(tokens)


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _html(tokens: list[Token]) -> Markup:
    """Markup of our own files; raw HTML in them stays text."""
    return Markup(_markdown().renderer.render(tokens, _markdown().options, {}))  # noqa: S704


def _parts(tokens: list[Token]) -> tuple[str, list[tuple[str, list[Token]]]]:
    """The title, then each second-level part: its heading and its tokens; deeper headings move one level down."""
    title, parts = "", [("", list[Token]())]
    skip = 0
    for place, token in enumerate(tokens):
        if skip:
            skip -= 1
        elif token.type == "heading_open" and token.tag in ("h1", "h2"):
            heading, skip = _text(tokens[place + 1]), 2
            if token.tag == "h1":
                title = heading
            else:
                parts.append((heading, []))
        else:
            parts[-1][1].append(token)
    return title, parts


def _text(inline: Token) -> str:
    return unescape("".join(each.content for each in inline.children or []))


def _anchor(heading: str, number: int) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")
    return words if words[:1].isalpha() else f"part-{number}"


def _lead_to_pages(tokens: list[Token], file: str) -> None:
    """Links to files that are pages of the manual lead there; other links become the path, as code."""
    folder = PurePosixPath(file).parent
    for token in tokens:
        _lead_to_pages(token.children or [], file)
        if token.type == "link_open":
            _lead(token, folder)
        elif token.type == "link_close":
            token.tag = "a"
    _unlink(tokens)


def _lead(token: Token, folder: PurePosixPath) -> None:
    target, _, place = str(token.attrs.get("href", "")).partition("#")
    page = _target(folder, target)
    token.attrs = {"href": page + (f"#{place}" if place else "")} if page else {}


def _target(folder: PurePosixPath, target: str) -> str:
    """The page of a file that is linked to from a folder; empty where it has none."""
    parts: list[str] = []
    for part in (folder / target).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    path = "/".join(parts)
    if path.rstrip("/") == "docs/decisions":
        return "decisions.html"
    return papers()[path][0] if path in papers() else ""


def _unlink(tokens: list[Token]) -> None:
    """A link that leads nowhere in the manual becomes a plain span."""
    open_spans = 0
    for token in tokens:
        if token.type == "link_open" and not token.attrs:
            token.tag, open_spans = "span", open_spans + 1
        elif token.type == "link_close" and open_spans:
            token.tag, open_spans = "span", open_spans - 1


def _name_cells(tokens: list[Token]) -> None:
    """Each cell of a table carries the head of its column, for narrow screens."""
    heads: list[str] = []
    column = 0
    for place, token in enumerate(tokens):
        if token.type == "thead_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            heads.append(_text(tokens[place + 1]))
            token.attrs["scope"] = "col"
        elif token.type == "td_open":
            token.attrs["data-label"] = heads[column]
            column += 1
