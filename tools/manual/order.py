"""The order in which the files of a protocol print their blocks, and the headings above them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from aldes.protocols.layers import layers, names_of_protocols

_HEADING = re.compile(r"^# ── (.+?) ─*$")
_ID = re.compile(r'^id\s*=\s*"([^"]+)"')


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a block stands: which file (the base first), which line, under which heading."""

    layer: int
    line: int
    file: str
    heading: str


@cache
def places(protocol: str) -> dict[str, Place]:
    """Each block's place by its id; a later file's block takes the place of an earlier one with the same id."""
    return {
        id: place
        for layer, (name, table) in enumerate(layers(protocol))
        for id, place in _in_file(layer, name, str(table.get("words", name)))
    }


def _in_file(layer: int, name: str, words: str) -> Iterator[tuple[str, Place]]:
    heading, top = words, True
    for number, line in enumerate(_text(name).splitlines(), 1):
        if found := _HEADING.match(line):
            heading = found[1]
        if found := _ID.match(line):
            if not top:
                yield found[1], Place(layer, number, name, heading)
            top = False  # the first id is the file's own


def _text(name: str) -> str:
    if name in names_of_protocols():
        return files("aldes.protocols").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return Path(name).read_text(encoding="utf-8")
