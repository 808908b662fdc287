"""One patient under every high-dose bolus protocol at once: the strictest answer, as a view and nothing more."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from aldes import ward
from aldes.administration.strictest import strictest
from aldes.cli import exits
from aldes.cli.clock import instant, site_now
from aldes.cli.next_dose import content, not_used
from aldes.cli.paper import SHAPES, Clock, section
from aldes.exchange import read
from aldes.protocols.read import names_of_protocols
from aldes.protocols.read import read as read_protocol
from aldes.protocols.row import Protocol

Document = Mapping[str, Any]


def show_strictest(file: str, site: str | None, now: str | None, patient: str | None, as_json: bool) -> int:
    """Print the view over one record; the exit code of the strictest answer."""
    clock = instant(now) if now else None
    reading = read(content(file), now=clock or site_now(site), patient_id=patient)
    asked_at = clock or reading.now or site_now(site)
    view = strictest(
        [
            ward.answer(
                reading.events,
                each,
                asked_at,
                has_course=reading.has_course,
                patient=reading.id or reading.patient,
                not_used=not_used(reading),
                alert=reading.alert,
            )
            for each in high_dose_bolus(site)
        ]
    )
    print(json.dumps(view, ensure_ascii=False, indent=2) if as_json else "\n".join(_page(view)))
    return exits.BY_DECISION[view["strictest"]]


def high_dose_bolus(site: str | None) -> list[Protocol]:
    """The bundled protocols of the high-dose bolus regimen: those that may stand at the bedside."""
    return [each for name in names_of_protocols() if (each := read_protocol(name, site)).bedside]


def _page(view: Document) -> Iterator[str]:
    yield from (f"! {each}" for each in view["alert"])
    word, scope = view["strictest"], f", {view['scope']}" if view["scope"] else ""
    yield f"VIEW, NOT FOR THE BEDSIDE: the strictest answer is {SHAPES[word]} {_said(word)}{scope}"
    yield from section("each protocol", [_answer(each) for each in view["protocols"]])
    clock = Clock(view["asked_at"])
    yield from section("each finding", [_finding(each, clock) for each in view["findings"]])
    demo = ["settings of an invented site: not for patients"] * view["demo"]
    yield from section("basis", [[view["engine"], *demo], [view["statement"]], [view["scope_statement"]]])


def _said(word: str) -> str:
    return "no listed reason to hold" if word == "give" else word


def _answer(protocol: Document) -> list[str]:
    scope = f", {protocol['scope']}" if protocol["scope"] else ""
    rows = f": {', '.join(protocol['rows'])}" if protocol["rows"] else ""
    topics = f"no row answers for: {', '.join(protocol['not_covered'])}"
    return [f"{protocol['protocol']}: {_said(protocol['answer'])}{scope}{rows}", topics]


def _finding(found: Document, clock: Clock) -> list[str]:
    at = f" at {clock.at(found['time'])}" if found["time"] else ""
    head = f"{found['words']}: {found['value_words']}{at}"
    return [head, *(_row(each) for each in found["rows"])]


def _row(row: Document) -> str:
    limit = f", limit {row['limit']}" if row["limit"] else ""
    return f"{row['protocol']} {row['row']} ({row['kind']}{limit}; {row['source']}; {row['status']})"
