"""Protocols on the terminal: list, show, check."""

import json
import sys
from typing import Any

from aldes.cli import exits
from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.protocols.changes import settings
from aldes.protocols.compile import compiled, unnamed
from aldes.protocols.coverage import uncovered
from aldes.protocols.read import names_of_protocols, names_of_sites, read
from aldes.protocols.row import Protocol, Row
from aldes.questions.words import in_words


def list_protocols(as_json: bool) -> None:
    """The bundled protocols with their rows, and the bundled sites."""
    protocols = [read(name) for name in names_of_protocols()]
    if as_json:
        print(json.dumps([_summary(each) for each in protocols], ensure_ascii=False, indent=2))
        return
    for each in protocols:
        bedside = "bedside" if each.bedside else "not for the bedside"
        print(f"{each.id:<18} {each.words} ({bedside}; {len(each.rows)} rows, {_recalled(each)} recalled)")
    print(f"sites: {', '.join(names_of_sites())}")


def show_protocol(name: str, site: str | None, as_json: bool) -> None:
    """One protocol as a clinician reads it."""
    protocol = read(name, site)
    if as_json:
        print(json.dumps(_whole(protocol), ensure_ascii=False, indent=2))
        return
    print(f"{protocol.id}: {protocol.words}" + (f"; site {protocol.site_words}" if protocol.site else "; no site"))
    for row in (*protocol.rows, *unnamed(protocol)):
        print(f"\n{row.id:<16} {row.kind:<9} {row.words}")
        print(f"{'':<16} asks      {in_words(row.question, vocabulary())}" + _from_dose(row))
        if row.resume is not None:
            by = f", judged by a {row.resume_by}" if row.resume_by else ""
            print(f"{'':<16} resumes   {in_words(row.resume, vocabulary())}{by}")
        print(f"{'':<16} source    {row.source}; {row.status}{f' ({row.signed})' if row.signed else ''}")
    for count in protocol.counts:
        force = "in force" if count.rule == protocol.counting else "not in force"
        print(f"\n{count.id:<16} counting  {count.words} ({count.rule}, {force}; {count.source}; {count.status})")
    for beside in protocol.every_row():
        if not isinstance(beside, Row):
            print(f"\n{beside.id:<16} {type(beside).__name__.lower():<9} {beside.words}")
            print(
                f"{'':<16} source    {beside.source}; {beside.status}{f' ({beside.signed})' if beside.signed else ''}"
            )
    print("\nrequired before a dose: " + "; ".join(_required(protocol)))
    for topic in protocol.not_covered:
        print(f"not covered: {topic.topic}: {topic.reason} (signed: {topic.signed})")
    for change in protocol.changes:
        print(f"changed here: {change.line}")
    if set_here := settings(protocol):
        print("settings: " + "; ".join(f"{key} {value}" for key, value in set_here.items()))
    print(f"pin {protocol.pin}")


def check_protocol(file: str, site: str | None) -> int:
    """Faults in one line each; then coverage, and what the site still owes."""
    try:
        protocol = read(file, site)
    except ProtocolError as fault:
        print(f"aldes: {fault}", file=sys.stderr)
        return exits.BAD_PROTOCOL
    compiled(protocol)
    missing = uncovered(protocol)
    for topic in missing:
        print(f"{protocol.id}: no row answers for '{topic}', and nobody signed why; add a row or a [[not_covered]].")
    if protocol.counting_needed and not protocol.counting:
        print(f"{protocol.id}: the site must choose settings.counting before this protocol can give.")
    owed = [name for name, each in protocol.required.items() if each.max_age is None]
    if owed:
        print(f"{protocol.id}: the site has not set max_age_h for {', '.join(owed)}; until then they are unknown.")
    print(f"{protocol.id}: {len(protocol.rows)} rows read; {'not ' if missing else ''}complete for the bedside.")
    return exits.BAD_PROTOCOL if missing and protocol.bedside else 0


def _recalled(protocol: Protocol) -> int:
    return sum(row.recalled for row in protocol.rows)


def _from_dose(row: Row) -> str:
    return f" (from dose {row.from_dose})" if row.from_dose > 1 else ""


def _required(protocol: Protocol) -> list[str]:
    found = []
    for name, each in protocol.required.items():
        age = f"at most {each.max_age.total_seconds() / 3600:g} h old" if each.max_age else "age not set by the site"
        found.append(f"{vocabulary()[name].words} ({age})")
    return found


def _summary(protocol: Protocol) -> dict[str, Any]:
    return {
        "id": protocol.id,
        "words": protocol.words,
        "bedside": protocol.bedside,
        "rows": len(protocol.rows),
        "recalled": _recalled(protocol),
        "pin": protocol.pin,
    }


def _whole(protocol: Protocol) -> dict[str, Any]:
    rows = [
        {
            "id": row.id,
            "kind": row.kind,
            "words": row.words,
            "asks": row.text,
            "resumes": row.resume_text,
            "resume_by": row.resume_by,
            "from_dose": row.from_dose,
            "group": row.group,
            "scope": row.scope,
            "source": str(row.source),
            "status": row.status,
        }
        for row in (*protocol.rows, *unnamed(protocol))
    ]
    return {
        **_summary(protocol),
        "site": protocol.site,
        "changes": [
            {
                "row": each.row,
                "change": each.change,
                "words": each.words,
                "fields": [{"field": one.field, "before": one.before, "after": one.after} for one in each.fields],
            }
            for each in protocol.changes
        ],
        "settings": settings(protocol),
        "counting": protocol.counting,
        "rows": rows,
        "not_covered": [{"topic": each.topic, "reason": each.reason} for each in protocol.not_covered],
        "uncovered": list(uncovered(protocol)),
    }
