"""The register of sources and facts: look one up, cite it, and refuse a citation that leads nowhere."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aldes.errors import ProtocolError, nearest
from aldes.evidence.read import read_facts, read_sources
from aldes.evidence.source import Citation, Fact, Kind, Source, Status

FILES = ("sources.toml", "outcome_sources.toml")
_TABLES = ("source", "fact")


@dataclass(frozen=True, slots=True)
class Register:
    """All sources by key and all facts by id, in the order of the file."""

    by_key: Mapping[str, Source]
    by_id: Mapping[str, Fact]

    def source(self, key: str) -> Source:
        """The source of this key.

        Raises
        ------
        ProtocolError
            With the nearest known key.
        """
        return _source(self.by_key, key)

    def fact(self, id: str) -> Fact:
        """The fact of this id, in capitals or not.

        Raises
        ------
        ProtocolError
            With the nearest known id.
        """
        found = self.by_id.get(id.upper())
        if found is None:
            known = nearest(id.upper(), self.by_id)
            raise ProtocolError(f"Fact '{id}' is not in the register; search for a word of it instead.{known}")
        return found

    def cite(self, text: str) -> Citation:
        """A citation from "us-label-2023 2.4 table 2, respiratory": the source's key, then the exact place.

        Raises
        ------
        ProtocolError
            When the source is not in the register, or no place follows it.
        """
        return _cite(self.by_key, text)

    def sources(self, kind: Kind | None = None) -> tuple[Source, ...]:
        """The sources, all or of one kind."""
        return tuple(each for each in self.by_key.values() if kind in (None, each.kind))

    def facts(self, source: str | None = None, status: Status | None = None) -> tuple[Fact, ...]:
        """The facts, all or those that cite one source and have one status.

        Raises
        ------
        ProtocolError
            When the source is not in the register.
        """
        cited = {self.source(source).key} if source else set(self.by_key)
        return tuple(
            each
            for each in self.by_id.values()
            if status in (None, each.status) and cited & {place.source for place in each.cited}
        )

    def find(self, word: str) -> tuple[Source | Fact, ...]:
        """The sources, then the facts, with this word anywhere in them; capitals do not matter."""
        entries: tuple[Source | Fact, ...] = (*self.by_key.values(), *self.by_id.values())
        sought = word.casefold()
        return tuple(each for each in entries if any(sought in text.casefold() for text in _texts(each)))


@cache
def read_register() -> Register:
    """The register that ships with the program, read once."""
    folder = files("aldes.evidence")
    texts = [folder.joinpath(each).read_text(encoding="utf-8") for each in FILES]
    return parse("\n".join(texts), " and ".join(FILES))


def cite(text: str) -> Citation:
    """A citation checked against the register that ships with the program; see `Register.cite`."""
    return read_register().cite(text)


def parse(text: str, file: str) -> Register:
    """A register from TOML text.

    Raises
    ------
    ProtocolError
        Naming file, entry and fault.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ProtocolError(f"{file}: this cannot be read as TOML: {fault}.") from None
    for name, tables in data.items():
        if name not in _TABLES or not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise ProtocolError(f"{file}: '{name}' is no list of tables; write [[source]] and [[fact]].")
    sources = read_sources(data.get("source", []), file)
    facts = read_facts(data.get("fact", []), file, lambda words: _cite(sources, words))
    _check_marks(sources, facts.values(), file)
    return Register(sources, facts)


def _check_marks(sources: Mapping[str, Source], facts: Iterable[Fact], file: str) -> None:
    for fact in facts:
        for place in fact.cited:
            if sources[place.source].reference_only:
                raise ProtocolError(
                    f"{file}: fact '{fact.id}' rests on '{place.source}', "
                    "which is marked reference_only; remove the mark."
                )


def _source(known: Mapping[str, Source], key: str) -> Source:
    if key not in known:
        raise ProtocolError(f"Source '{key}' is not in the register; cite a key of sources.toml.{nearest(key, known)}")
    return known[key]


def _cite(known: Mapping[str, Source], text: str) -> Citation:
    key, _, place = " ".join(text.split()).partition(" ")
    return _source(known, key.rstrip(",")).at(place)


def _texts(entry: Source | Fact) -> Iterator[str]:
    """What a reader would search in: all the words and keys of an entry."""
    match entry:
        case Source():
            yield from (entry.key, entry.kind, entry.citation, entry.read, entry.note)
            yield from (*entry.evidence, *entry.identifiers.values())
        case Fact():
            yield from (entry.id, entry.words, entry.derivation, entry.conflict, entry.note)
            yield from map(str, entry.cited)
