"""The order in which the files of a protocol print their blocks, and the headings above them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from aldes.protocols.layers import layers, names_of_protocols

_HEADING = re.compile(r"^# ── (.+?) ─*$")
_ID = re.compile(r'^(?:id|key)\s*=\s*"([^"]+)"')


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
    found = headed(_text(name), words)
    for id, line, heading in list(found)[1:]:  # the first id is the file's own
        yield id, Place(layer, line, name, heading)


def headed(text: str, heading: str) -> Iterator[tuple[str, int, str]]:
    """Each id or key of a file with its line and the heading above it; `heading` stands above the first one."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADING.match(line):
            heading = found[1]
        if found := _ID.match(line):
            yield found[1], number, heading


def _text(name: str) -> str:
    if name in names_of_protocols():
        return files("aldes.protocols").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return Path(name).read_text(encoding="utf-8")
