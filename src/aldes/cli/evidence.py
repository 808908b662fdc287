"""The register of evidence on the terminal."""

import json
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.evidence.register import read_register
from aldes.evidence.source import Fact, Source, Status


def list_evidence(source: str | None, status: str | None, as_json: bool) -> None:
    """The sources, or the facts of one source or status."""
    register = read_register()
    found: tuple[Source | Fact, ...] = register.sources()
    if source or status:
        found = register.facts(source, _status(status))
    _show(found, as_json)


def show_evidence(what: str, as_json: bool) -> None:
    """The source or fact of this name; else everything that holds the word."""
    register = read_register()
    if what in register.by_key:
        _show((register.by_key[what], *register.facts(what)), as_json)
    elif what.upper() in register.by_id:
        _show((register.by_id[what.upper()],), as_json)
    elif found := register.find(what):
        _show(found, as_json)
    else:
        known = [*register.by_key, *register.by_id]
        raise ProtocolError(f"Nothing in the register is called '{what}' or holds that word.{nearest(what, known)}")


def _status(text: str | None) -> Status | None:
    if text is None:
        return None
    known = [each.value for each in Status]
    if text not in known:
        raise ProtocolError(f"'{text}' is no status ({', '.join(known)}).{nearest(text, known)}")
    return Status(text)


def _show(found: tuple[Source | Fact, ...], as_json: bool) -> None:
    if as_json:
        print(json.dumps([_document(each) for each in found], ensure_ascii=False, indent=2))
        return
    for each in found:
        print("\n".join(_lines(each)))


def _lines(entry: Source | Fact) -> list[str]:
    match entry:
        case Source():
            lines = [f"{entry.key:<22} {entry.citation}", f"{'':<22} {entry.kind}; {entry.read}"]
            return lines + [f"{'':<22} {entry.note}"] * bool(entry.note)
        case Fact():
            cited = "; ".join(map(str, entry.cited)) or "no source"
            lines = [f"{entry.id:<22} {entry.words}", f"{'':<22} {cited}; {entry.status}"]
            extra = [entry.derivation, entry.conflict, entry.note]
            return lines + [f"{'':<22} {text}" for text in extra if text]


def _document(entry: Source | Fact) -> dict[str, Any]:
    match entry:
        case Source():
            return {
                "key": entry.key,
                "kind": entry.kind,
                "citation": entry.citation,
                "read": entry.read,
                "identifiers": dict(entry.identifiers),
                "note": entry.note,
            }
        case Fact():
            return {
                "id": entry.id,
                "words": entry.words,
                "cited": [str(each) for each in entry.cited],
                "status": entry.status,
                "derivation": entry.derivation,
                "conflict": entry.conflict,
                "note": entry.note,
            }
