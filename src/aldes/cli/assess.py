"""Assess one patient for a course: the verdict first, then what decided, what is missing, and every row."""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aldes import ward
from aldes.cli import exits
from aldes.cli.paper import WIDTH, Clock, differs, section, short
from aldes.cli.toxicity import Given, asked_of

Document = Mapping[str, Any]

SHAPES = {"no listed exclusion": "( – )", "caution": "[ ! ]", "excluded": "< ✕ >", "undetermined": "{ ? }"}
TYPES = {"A": "excludes", "R": "caution", "T": "test", "N": "shown", "C": "excludes", "F": "readiness"}


def show_assessment(given: Given, as_json: bool) -> int:
    """Print the assessment of one record; the exit code of its verdict."""
    document = ward.assess(asked_of(given))
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        if given.protocol is None:
            print(f"Asked with {document['protocol']}; --protocol names another one.\n")
        print("\n".join(page(document)))
    return exits.BY_VERDICT[document["verdict"]]


def page(document: Document) -> Iterator[str]:
    """The whole document, for reading."""
    clock = Clock(document["asked_at"])
    yield from _verdict(document, clock)
    yield from section("risk groups", [[_risk(each)] for each in document["risk"]])
    yield from section("not computed", [[f"{each['score']}: {each['why']}"] for each in document["risk_not_computed"]])
    yield from section("readiness", [[_ready(each)] for each in document["readiness"]])
    yield from section("regimens", [[f"{each['row']}  {each['words']}"] for each in document["regimens"]])
    yield from section("rows", [[_row(each, clock)] for each in document["rows"] if _asked(each, document)])
    yield from _end(document)


def brief(document: Document) -> Iterator[str]:
    """The verdict with what made it; without every row, the risk groups, and what the first dose wants in place."""
    yield from _verdict(document, Clock(document["asked_at"]))
    yield from _end(document)


def _verdict(document: Document, clock: Clock) -> Iterator[str]:
    rows = {each["row"]: each for each in document["rows"]}
    yield from (f"! {each}" for each in document["alert"])
    yield f"{SHAPES[document['verdict']]} {document['words'].upper()}"
    yield from textwrap.wrap(_when(document), WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    yield from section("because", [_reason(rows.get(each), each, document, clock) for each in document["because"]])
    yield from section("settled by", _settled(document))
    yield from section("cautions", [_reason(rows[each], each, document, clock) for each in _other_cautions(document)])
    yield from section("not answered", [[_short(rows[each])] for each in document["cautions_unknown"]])
    yield from section("unverified", [[_unverified(rows[each])] for each in document["unverified"]])
    yield from section("organs", [[_organ(each)] for each in document["organs"]])


def _end(document: Document) -> Iterator[str]:
    yield from section(
        "not used", [[f"{each['what']}, {each['where']}: {each['why']}"] for each in document["not_used"]]
    )
    yield from section("basis", [[_basis(document)], [document["scope_statement"]]])


def _when(document: Document) -> str:
    first = "a first course: the record holds no earlier one, so that nothing is asked of one"
    course = first if document["first_course"] else "another course"
    asked = datetime.fromisoformat(document["asked_at"])
    return f"asked {asked:%Y-%m-%d %H:%M} ({asked:%Z}) about {course}"


def _other_cautions(document: Document) -> list[str]:
    return [each for each in document["cautions"] if each not in document["because"]]


def _reason(row: Document | None, id: str, document: Document, clock: Clock) -> list[str]:
    if row is None:  # the criteria that the protocol does not list
        blocked = (document["settle"] or {"blocked": []})["blocked"]
        return [f"{id}  " + "; ".join(each["why"] for each in blocked if each["row"] == id)]
    values = [_value(each, clock) for each in row["findings"]]
    notes = [f"sources disagree: {row['conflict']}"] if row["conflict"] else []
    return [f"{row['row']}  {row['words']}", *values, *notes, f"source: {row['source']}; {row['status']}"]


def _value(found: Document, clock: Clock) -> str:
    if found["value"] is None:
        return str(found["why"])
    at = f" at {clock.at(found['time'])} ({clock.age(found['time'])})" if found["time"] else ""
    by = f", {found['role']}" if found["role"] else ""
    return f"{_said(found)}{at}{by}" + (f" [{found['why']}]" if found["why"] else "")


def _said(found: Document) -> str:
    came = f", charted as {found['charted']}" if differs(found["charted"], found["value_words"]) else ""
    return f"{found['words']}: {short(found['value_words'])}{came}"


def _settled(document: Document) -> Sequence[Sequence[str]]:
    if document["settle"] is None:
        return []
    found = [[each["words"]] for each in document["settle"]["findings"]]
    smallest = [["no smaller set would settle it"]] if found else []
    return [*found, *smallest, *([f"{each['row']} waits: {each['why']}"] for each in document["settle"]["blocked"])]


def _short(row: Document) -> str:
    return f"{row['row']}  {row['words']}: nobody knows"


def _unverified(row: Document) -> str:
    return f"{row['row']}  {row['words']}: answered no, but was never compared with {row['source']}"


def _organ(organ: Document) -> str:
    rows = ", ".join(f"{each['row']} {each['answer'] or 'shown'}" for each in organ["rows"])
    values = "; ".join(f"{each['words']} {short(each['value_words'])}" for each in organ["values"])
    return f"{organ['about']}: " + "; ".join(each for each in (rows, values, organ["note"]) if each)


def _risk(score: Document) -> str:
    count = f"{score['least']}" if score["least"] == score["most"] else f"{score['least']} to {score['most']}"
    groups = " or ".join(score["groups"]) or "groups not read"
    missing = ", ".join(each["words"] for each in score["missing"])
    return f"{score['words']}: {count} factors, {groups}" + (f"; missing: {missing}" if missing else "")


def _ready(row: Document) -> str:
    state = {"no": "in place", "yes": "NOT in place", "unknown": "nobody knows"}[row["answer"]]
    return f"{row['row']}  {row['findings'][0]['words']}: {state}"


def _asked(row: Document, document: Document) -> bool:
    """Before a first course the rows about an earlier one say nothing, and are left out of the page."""
    return not (document["first_course"] and row["type"] == "C")


def _row(row: Document, clock: Clock) -> str:
    known = [_value(each, clock) for each in row["findings"] if each["value"] is not None]
    missing = [f"{each['words']}: unknown" for each in row["findings"] if each["value"] is None]
    values = "; ".join([*known, *(missing if row["answer"] == "unknown" else [])])
    head = f"{row['row']:<11} {TYPES[row['type']]:<9} {row['answer'] or 'in words':<8} {row['words']}"
    return head + (f" ({values})" if values else "")


def _basis(document: Document) -> str:
    demo = " (DEMO: invented settings)" if document["demo"] else ""
    site = f", site {document['site']}{demo}" if document["site"] else ""
    bedside = "" if document["bedside"] else ", not for the bedside here"
    return f"{document['protocol']}{bedside}{site}; pin {document['pin'][:19]}…; {document['engine']}"
