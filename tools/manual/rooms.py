"""Data files of rooms that have no page of their own making: their tables, as they stand in the file."""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from manual.data import data_tables
from manual.page import Page, Section, capital
from manual.papers import ROOT

SOURCE = ROOT / "src" / "aldes"
SHOWN_ELSEWHERE = ("protocols", "findings", "evidence", "patients")
PART = "Other tables"


def room_pages() -> Iterator[Page]:
    """One page for each room with data files that no other page shows."""
    rooms: dict[str, list[Path]] = {}
    for file in sorted(SOURCE.rglob("*.toml")):
        room = file.relative_to(SOURCE).parts[0]
        if room not in SHOWN_ELSEWHERE and file.parent.name != "criteria":
            rooms.setdefault(room, []).append(file)
    for room, files in rooms.items():
        sections = tuple(_section(file) for file in files)
        yield Page(path=f"room-{room}.html", title=capital(room), part=PART, sections=sections)


def site_pages() -> Iterator[Page]:
    """The sites that ship with the program: made up, and no advice."""
    for file in sorted((SOURCE / "protocols" / "sites").glob("*.toml")):
        yield Page(
            path=f"site-{file.stem}.html",
            title=f"Site {file.stem}",
            name=f"site {file.stem}",
            part="Protocols",
            sections=(_section(file),),
        )


def _section(file: Path) -> Section:
    """One data file, with what it says of itself in its first lines."""
    text = file.read_text(encoding="utf-8")
    said = []
    for line in text.splitlines():
        if not line.startswith("# "):
            break
        said.append(line.removeprefix("# "))
    tables = data_tables(tomllib.loads(text, parse_float=Decimal))
    return Section(id=file.stem, title=capital(file.stem.replace("-", " ")), lead=" ".join(said), blocks=tables)
