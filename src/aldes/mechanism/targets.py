"""The published observations that the model is held against, with their tolerances."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from aldes.evidence.register import cite
from aldes.evidence.source import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One observable of a target; both ends of the tolerance belong to it."""

    name: str
    published: str
    unit: str
    least: float
    most: float

    def is_met(self, simulated: float) -> bool:
        """Whether the simulated number lies in the tolerance; what is no number does not."""
        return self.least <= simulated <= self.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One published observation; it is met when all its parts are."""

    id: str
    words: str
    sources: tuple[Citation, ...]
    parts: tuple[Part, ...]
    needs: str = ""  # "nurse": depends on who holds doses


@cache
def read_targets() -> Mapping[str, Target]:
    """All targets by id, in order."""
    text = (files("aldes.mechanism") / "targets.toml").read_text(encoding="utf-8")
    found = {}
    for row in tomllib.loads(text)["target"]:
        parts = tuple(Part(**part) for part in row.pop("parts"))
        found[row["id"]] = Target(**row | {"parts": parts, "sources": tuple(map(cite, row.pop("source").split(";")))})
    return MappingProxyType(found)
