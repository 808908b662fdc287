"""Read the tables of the register file into sources and facts, and refuse what cannot be right."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from aldes.errors import ProtocolError, nearest
from aldes.evidence.source import Citation, Fact, Kind, Source, Status

_SOURCE_FIELDS = {
    "key": str,
    "kind": str,
    "citation": str,
    "read": str,
    "evidence": list,
    "identifiers": dict,
    "note": str,
    "reference_only": bool,
    "pages": list,
}
_FACT_FIELDS = {
    "id": str,
    "words": str,
    "source": str,
    "status": str,
    "also": list,
    "derivation": str,
    "conflict": str,
    "note": str,
}
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ID = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+")
_IDENTIFIERS = {
    "doi": re.compile(r"10\.\d{4,9}/\S+"),
    "pmid": re.compile(r"[1-9]\d{0,7}"),
    "pmc": re.compile(r"PMC[1-9]\d*"),
    "set_id": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),  # of a US label
    "ndc": re.compile(r"\d{4,5}-\d{3,4}-\d{1,2}"),  # US National Drug Code
    "page": re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}(/\S*)?"),
}


_WORDS = {str: "a text", list: "a list of texts", dict: "a table of identifiers", bool: "true or false"}

Entry = TypeVar("Entry", Source, Fact)
Member = TypeVar("Member", Kind, Status)


def read_sources(tables: Iterable[Mapping[str, Any]], file: str) -> Mapping[str, Source]:
    """The sources by key, in the order of the file.

    Raises
    ------
    ProtocolError
        Naming file, source and fault.
    """
    return _by_name(tables, f"{file}: source", "key", _source)


def read_facts(tables: Iterable[Mapping[str, Any]], file: str, cite: Callable[[str], Citation]) -> Mapping[str, Fact]:
    """The facts by id, in the order of the file; `cite` reads a citation against the sources.

    Raises
    ------
    ProtocolError
        Naming file, fact and fault.
    """
    return _by_name(tables, f"{file}: fact", "id", lambda table: _fact(table, cite))


def _by_name(
    tables: Iterable[Mapping[str, Any]], noun: str, name: str, read: Callable[[Mapping[str, Any]], Entry]
) -> Mapping[str, Entry]:
    found: dict[str, Entry] = {}
    for table in tables:
        where = f"{noun} '{table.get(name, '?')}'"
        try:
            entry = read(table)
        except ProtocolError as fault:
            raise ProtocolError(f"{where}: {fault}") from None
        if table[name] in found:
            raise ProtocolError(f"{where} is defined twice; keep one.")
        found[table[name]] = entry
    return MappingProxyType(found)


def _source(table: Mapping[str, Any]) -> Source:
    _check_fields(table, _SOURCE_FIELDS, needed=("key", "kind", "citation", "read"))
    if not _KEY.fullmatch(table["key"]):
        raise ProtocolError("a key is lowercase words and numbers joined by hyphens, as in 'us-label-2023'.")
    for name, value in table.get("identifiers", {}).items():
        _check_identifier(name, value)
    return Source(
        key=table["key"],
        kind=_member(Kind, table["kind"]),
        citation=table["citation"],
        read=table["read"],
        evidence=_texts(table, "evidence"),
        identifiers=MappingProxyType(dict(table.get("identifiers", {}))),
        note=table.get("note", ""),
        reference_only=table.get("reference_only", False),
        pages=_texts(table, "pages"),
    )


def _fact(table: Mapping[str, Any], cite: Callable[[str], Citation]) -> Fact:
    _check_fields(table, _FACT_FIELDS, needed=("id", "words", "source", "status"))
    if not _ID.fullmatch(table["id"]):
        raise ProtocolError("an id is capitals and numbers joined by hyphens, as in 'DOSE-01'.")
    status = _member(Status, table["status"])
    if status is Status.DERIVED and "derivation" not in table:
        raise ProtocolError("a derived fact shows its arithmetic; add 'derivation'.")
    return Fact(
        id=table["id"],
        words=table["words"],
        source=cite(table["source"]),
        status=status,
        also=tuple(cite(each) for each in _texts(table, "also")),
        derivation=table.get("derivation", ""),
        conflict=table.get("conflict", ""),
        note=table.get("note", ""),
    )


def _check_fields(table: Mapping[str, Any], fields: Mapping[str, type], needed: Iterable[str]) -> None:
    for name, value in table.items():
        if name not in fields:
            raise ProtocolError(f"'{name}' is no field.{nearest(name, fields)}")
        if type(value) is not fields[name] or value in ("", [], {}):
            raise ProtocolError(f"'{name}' came as {value!r}; write {_WORDS[fields[name]]}, or leave it out.")
    for name in needed:
        if name not in table:
            raise ProtocolError(f"'{name}' is missing; add it.")


def _texts(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    for value in table.get(name, []):
        if not isinstance(value, str) or not value.strip():
            raise ProtocolError(f"'{name}' holds {value!r}; write a list of texts.")
    return tuple(table.get(name, []))


def _check_identifier(name: str, value: Any) -> None:
    if name not in _IDENTIFIERS:
        raise ProtocolError(f"'{name}' is no identifier; use one of {', '.join(_IDENTIFIERS)}.")
    if not isinstance(value, str) or not _IDENTIFIERS[name].fullmatch(value):
        raise ProtocolError(f"{value!r} is no well-formed {name}; check it against the source.")


def _member(kind: type[Member], word: str) -> Member:
    try:
        return kind(word)
    except ValueError:
        accepted = ", ".join(kind)
        raise ProtocolError(f"'{word}' is no {kind.__name__.lower()}; use one of {accepted}.") from None
