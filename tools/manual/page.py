"""What a page of the manual is made of. Builders return these values; `html.py` alone writes HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to a page of the manual or to a place in it: `vocabulary.html#spo2`."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Code:
    """A name or a path, as it is written in a file."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """How surely a source was read: a sign and a word, never colour alone."""

    status: str


@dataclass(frozen=True, slots=True)
class Run:
    """Parts that follow each other in one sentence."""

    parts: tuple["Cell", ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Parts that stand below each other."""

    parts: tuple["Cell", ...]


Cell = str | Markup | Link | Code | Mark | Run | Lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of a table. A `heading` stands across the whole table, above the rows that belong to it."""

    cells: tuple[Cell, ...] = ()
    id: str = ""
    heading: Cell = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; its first column names each row."""

    caption: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    folded: bool = False  # shown when it is asked for
    narrow: bool = False  # stays a table on a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing with an id and its particulars: a protocol's row, a source, a hazard."""

    id: str
    title: Cell
    label: str = ""  # what kind of thing it is
    place: str = ""  # its name in links, where another card of the page has the same id
    entries: tuple[tuple[str, Cell], ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def anchor(self) -> str:
        """Where links to it lead."""
        return self.place or self.id


Block = Table | Card | Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page under a heading of its own."""

    id: str
    title: str
    lead: Cell = ""
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; all pages lie in one folder, so that a link is a file's name."""

    path: str
    title: str
    name: str = ""  # how links call it, where the title is long
    lead: Cell = ""
    sections: tuple[Section, ...] = ()
    part: str = ""  # the part of the manual that it belongs to
    listed: bool = True  # in the navigation of its part; else only where a page lists it
    scripts: tuple[str, ...] = field(default=())


SHORT = 40  # characters of a part that may stand beside others


def run(*parts: Cell) -> Cell:
    """Parts in one sentence; empty ones are left out."""
    kept = tuple(part for part in parts if part != "")
    return kept[0] if len(kept) == 1 else Run(kept)


def lines(*parts: Cell) -> Cell:
    """Parts below each other; empty ones are left out."""
    kept = tuple(part for part in parts if part != "")
    if not kept:
        return ""
    return kept[0] if len(kept) == 1 else Lines(kept)


def joined(parts: tuple[Cell, ...], between: str = ", ") -> Cell:
    """Parts in one sentence with something between them."""
    found: list[Cell] = []
    for part in parts:
        found += [between, part] if found else [part]
    return Run(tuple(found))


def several(parts: Sequence[Cell]) -> Cell:
    """Short parts in one line, long ones below each other."""
    kept = tuple(part for part in parts if part != "")
    short = all(not isinstance(part, Lines) and len(plain(part)) <= SHORT for part in kept)
    return joined(kept) if short and len(kept) > 1 else lines(*kept)


def capital(words: str) -> str:
    """Words that begin a line: the first letter alone is raised, so that "pH" and "IU" stay themselves."""
    return words[:1].upper() + words[1:]


def plain(cell: Cell) -> str:
    """The text of a cell, without its links."""
    match cell:
        case Link(text) | Code(text):
            return text
        case Mark(status):
            return status
        case Run(parts):
            return "".join(plain(part) for part in parts)
        case Lines(parts):
            return "; ".join(plain(part) for part in parts)
        case Markup():
            return cell.striptags()
        case _:
            return cell
