"""One source, one exact place in it, and one fact that rests on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from aldes.errors import ProtocolError


class Status(StrEnum):
    """How surely we know what a source says."""

    READ = "read"  # in the source itself, or in a copy of it
    SECOND_HAND = "second-hand"  # in a page that quotes the source
    RECALLED = "recalled"  # from memory: it may hold a dose, never free one
    DERIVED = "derived"  # our arithmetic on what the source says
    UNKNOWN = "unknown"  # nobody has found it, and nobody guesses it


class Kind(StrEnum):
    """What sort of thing a source is."""

    LABEL = "label"
    GUIDELINE = "guideline"
    TRIAL = "trial"
    SERIES = "series"
    REGISTRY = "registry"
    ORDER_SET = "order set"  # the orders or a policy of one hospital
    HANDBOOK = "handbook"
    CRITERIA = "criteria"  # grades, response, risk scores
    CODE_SYSTEM = "code system"
    POLICY = "policy"  # ours: no outside source
    SITE = "site"  # a setting of the hospital


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source and the exact place in it: a section, table or page, not just a paper."""

    source: str
    place: str

    def __str__(self) -> str:
        return f"{self.source} {self.place}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One label, paper, order set or policy, and how far it was read."""

    key: str
    kind: Kind
    citation: str
    read: str
    evidence: tuple[str, ...] = ()  # the keys under which the fact base quotes it
    identifiers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    note: str = ""
    reference_only: bool = False  # no fact rests on it
    pages: tuple[str, ...] = ()  # where it was read

    def at(self, place: str) -> Citation:
        """This source at an exact place.

        Raises
        ------
        ProtocolError
            When the place is missing.
        """
        words = " ".join(place.split())
        if not any(each.isalnum() for each in words):
            raise ProtocolError(
                f"The citation of '{self.key}' names no place. Write the section, table or page after the key, "
                "as in 'us-label-2023 2.4 table 2, respiratory'."
            )
        return Citation(source=self.key, place=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a source says, in our own words, for what no protocol row carries."""

    id: str
    words: str
    source: Citation
    status: Status
    also: tuple[Citation, ...] = ()
    derivation: str = ""  # the arithmetic that we added
    conflict: str = ""  # where sources disagree
    note: str = ""

    @property
    def cited(self) -> tuple[Citation, ...]:
        """Every place that the fact rests on, the first one first."""
        return (self.source, *self.also)
