"""What a protocol holds, found by its fields, so that a kind of block that is new is found too."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Protocol
from aldes.questions.tree import Question, names
from manual.blocks import label
from manual.page import capital

KINDS = {  # what a kind of row is about
    "monitor": "What is watched",
    "notice": "Of what a clinician is told",
    "interaction": "Interactions with other drugs",
}


def about(kind: str) -> str:
    """A kind of row as a heading."""
    return KINDS.get(kind, capital(kind))


def path_of(protocol: str) -> str:
    """The page of a protocol."""
    return f"protocol-{protocol}.html"


def blocks_of(protocol: Protocol) -> Iterator[tuple[str, Any]]:
    """Every block with an id, with its kind in words: "hold", "counting rule", "monitor"."""
    for field in fields(protocol):
        for each in values_of(protocol, field.name):
            if hasattr(each, "id"):
                yield str(getattr(each, "kind", label(field.name).removesuffix("s"))), each


def values_of(protocol: Protocol, field: str) -> list[Any]:
    """The dataclasses that a field of a protocol holds."""
    held = getattr(protocol, field)
    several = list(held.values()) if hasattr(held, "values") else list(held) if isinstance(held, tuple) else []
    return [each for each in several if is_dataclass(each)]


def questions_of(block: Any) -> tuple[Question, ...]:
    """Every question that a block asks."""
    held = (getattr(block, each.name) for each in fields(block))
    return tuple(each for each in held if isinstance(each, Question))


def cited(protocol: Protocol) -> Iterator[tuple[str, Citation]]:
    """Each block's id with the places that it cites."""
    for _, block in blocks_of(protocol):
        for each in fields(block):
            held = getattr(block, each.name)
            for place in held if isinstance(held, tuple) else (held,):
                if isinstance(place, Citation):
                    yield block.id, place


def asked_by() -> dict[str, list[tuple[str, str]]]:
    """Which blocks of which protocols ask each finding."""
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in vocabulary().findings}
    for protocol in (read(name) for name in names_of_protocols()):
        for _, block in blocks_of(protocol):
            asked = (name.finding for question in questions_of(block) for name in names(question))
            for name in dict.fromkeys(asked):
                if name in found:
                    found[name].append((protocol.id, block.id))
    return found
