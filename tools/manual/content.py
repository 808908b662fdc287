"""What a protocol holds, found by its fields, so that a kind of block that is new is found too."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Protocol
from aldes.questions.tree import Question, names
from manual.blocks import label
from manual.page import Link, capital

KINDS = {  # what a kind of row is about
    "monitor": "What is watched",
    "notice": "Of what a clinician is told",
    "interaction": "Interactions with other drugs",
    "eligibility": "Who may be treated",
    "retreatment": "Before another course",
    "readiness": "What must be in place before dose 1",
    "before cycle 2": "What is asked again before cycle 2",
    "regimen": "Regimens",
}


def about(kind: str) -> str:
    """A kind of row as a heading."""
    return KINDS.get(kind, capital(kind))


def path_of(protocol: str) -> str:
    """The page of a protocol."""
    return f"protocol-{protocol}.html"


def blocks_of(protocol: Protocol) -> Iterator[tuple[str, Any]]:
    """Every block with an id, with its kind in words: "hold", "count", "monitor"."""
    for field in fields(protocol):
        for each in values_of(protocol, field.name):
            if hasattr(each, "id"):
                yield str(getattr(each, "kind", _one_of(label(field.name)))), each


def _one_of(kinds: str) -> str:
    """The singular of a field's name: "monitors" is monitor, "readiness" stays."""
    return kinds if kinds.endswith("ss") else kinds.removesuffix("s")


@cache
def anchors(protocol: Protocol) -> dict[tuple[str, str], str]:
    """Where each block stands on its page, by kind and id: the id, unless another kind of block has it too."""
    found: dict[tuple[str, str], str] = {}
    for kind, block in blocks_of(protocol):
        taken = block.id in found.values()
        found[kind, block.id] = f"{kind.replace(' ', '-')}-{block.id}" if taken else block.id
    return found


def values_of(protocol: Protocol, field: str) -> list[Any]:
    """The dataclasses that a field of a protocol holds."""
    held = getattr(protocol, field)
    several = list(held.values()) if hasattr(held, "values") else list(held) if isinstance(held, tuple) else []
    return [each for each in several if is_dataclass(each)]


def questions_of(block: Any) -> tuple[Question, ...]:
    """Every question that a block asks."""
    held = (getattr(block, each.name) for each in fields(block))
    return tuple(each for each in held if isinstance(each, Question))


def to_block(protocol: Protocol, kind: str, id: str) -> Link:
    """A link to a block on another page, which says of which protocol it is."""
    return Link(f"{id} ({protocol.id})", f"{path_of(protocol.id)}#{anchors(protocol)[kind, id]}")


def cited() -> Iterator[tuple[Citation, Link]]:
    """Each place that a block cites, with a link to the block."""
    for protocol in (read(name) for name in names_of_protocols()):
        for kind, block in blocks_of(protocol):
            for each in fields(block):
                held = getattr(block, each.name)
                for place in held if isinstance(held, tuple) else (held,):
                    if isinstance(place, Citation):
                        yield place, to_block(protocol, kind, block.id)


def asked_by() -> dict[str, list[Link]]:
    """Which blocks of which protocols ask each finding."""
    found: dict[str, list[Link]] = {name: [] for name in vocabulary().findings}
    for protocol in (read(name) for name in names_of_protocols()):
        for kind, block in blocks_of(protocol):
            asked = (name.finding for question in questions_of(block) for name in names(question))
            for name in dict.fromkeys(asked):
                if name in found:
                    found[name].append(to_block(protocol, kind, block.id))
    return found
