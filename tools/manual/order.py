"""The order in which the files of a protocol print their blocks, and the headings above them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from aldes.protocols.layers import layers, names_of_protocols

_HEADING = re.compile(r"^# ── (.+?) ─*$")
_BLOCK = re.compile(r"^\[\[(\w+)\]\]")
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
    """Each block's place, by its id and by "kind id"; a later file's block takes the place of an earlier one."""
    found: dict[str, Place] = {}
    for layer, (name, table) in enumerate(layers(protocol)):
        for each in headed(_text(name), str(table.get("words", name))):
            place = Place(layer, each.line, name, each.heading)
            found |= {each.id: place, f"{each.kind} {each.id}": place}
    return found


class Headed(NamedTuple):
    """An id or key in a file: where it stands, in which kind of block, under which heading."""

    id: str
    kind: str
    line: int
    heading: str


def headed(text: str, heading: str) -> Iterator[Headed]:
    """Each id or key of the blocks of a file; `heading` stands above the first one."""
    kind = ""
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADING.match(line):
            heading = found[1]
        if found := _BLOCK.match(line):
            kind = found[1]
        if kind and (found := _ID.match(line)):  # an id above the first block is the file's own
            yield Headed(found[1], kind, number, heading)


def _text(name: str) -> str:
    if name in names_of_protocols():
        return files("aldes.protocols").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return Path(name).read_text(encoding="utf-8")
