"""What is owed to a patient, and the leak, for one record."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aldes import ward
from aldes.cli import exits
from aldes.cli.clock import instant, site_now
from aldes.cli.next_dose import ASKED_WITH, content, not_used
from aldes.cli.paper import Clock, number_of, section, tail
from aldes.exchange import read
from aldes.protocols.read import read as read_protocol

Document = Mapping[str, Any]

TREND = 2  # more values than these show a trend


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says about the record."""

    file: str
    protocol: str | None
    site: str | None
    now: str | None
    patient: str | None


def show(verb: str, given: Given, as_json: bool) -> int:
    """Print what is asked about one record, as JSON or on a page; its exit code."""
    ask, page, code = VERBS[verb]
    document = ask(asked(given))
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        print("\n".join(page(document)))
    return code(document)


def asked(given: Given) -> ward.Asked:
    """The record with the protocol, the site and the instant that it is asked with."""
    clock = instant(given.now) if given.now else None
    reading = read(content(given.file), now=clock or site_now(given.site), patient_id=given.patient)
    return ward.Asked(
        events=reading.events,
        protocol=read_protocol(given.protocol or reading.protocol or ASKED_WITH, given.site),
        now=clock or reading.now or site_now(given.site),
        has_course=reading.has_course,
        patient=reading.id or reading.patient,
        not_used=tuple(not_used(reading)),
        alert=reading.alert,
    )


# ── aldes watch ──


def watch_code(document: Document) -> int:
    """Something to look at, something that cannot be told, or neither."""
    states = {each["state"] for each in (*document["items"], *document["notices"])}
    if states & {"overdue", "tell"}:
        return exits.LOOK
    return exits.UNTOLD if states & {"unknown", "unset", "unseen"} else exits.GIVE


TITLES = {
    "overdue": "overdue",
    "owed": "owed",
    "unknown": "cannot be told",
    "unset": "how often?",
    "unseen": "confirm",
    "standing": "goes on",
    "done": "next",
}


def watch_page(document: Document) -> Iterator[str]:
    """What is owed, the most urgent first, then notices, premedication and care."""
    clock = Clock(document["asked_at"])
    yield from (f"! {each}" for each in document["alert"])
    overdue = [each for each in document["items"] if each["state"] == "overdue"]
    yield f"{len(overdue)} OVERDUE" if overdue else "NOTHING THAT THE RECORD CAN SHOW IS OVERDUE"
    yield f"      {_where(document, clock)}"
    told = [each for each in document["notices"] if each["state"] in ("tell", "acknowledged", "unknown")]
    yield from section("tell", [_told(each, clock) for each in told])
    for state, title in TITLES.items():
        yield from section(title, [_item(each, clock) for each in document["items"] if each["state"] == state])
    yield from section("premedication", [_step(each) for each in document["premedication"]])
    yield from section("care", [_step(each) for each in document["care"]])
    off = ", ".join(document["off"])
    yield from section("off", [[f"thresholds that the site has not confirmed: {off}"]] * bool(off))
    yield from tail(document)


def _where(document: Document, clock: Clock) -> str:
    raised = f"; surveillance is raised: {', '.join(document['raised'])}" if document["raised"] else ""
    slot = f"; next slot {clock.at(document['next_time'])}" if document["phase"] in ("admitted", "treating") else ""
    return f"asked {document['asked_at'][:16].replace('T', ' ')}; {document['phase']}{slot}{raised}"


def _item(item: Document, clock: Clock) -> list[str]:
    lines = [f"{item['row']}  {item['words']} ({item['often']}){_when(item, clock)}"]
    if item["state"] == "done":
        return lines
    lines += [_watched(each, clock) for each in item["findings"]]
    return [*lines, *([item["why"]] if item["why"] else []), f"source: {item['source']}; {item['status']}"]


def _when(item: Document, clock: Clock) -> str:
    if item["overdue_since"]:
        return f": since {clock.at(item['overdue_since'])}"
    return f": by {clock.at(item['due'])}" if item["due"] else ""


def _watched(found: Document, clock: Clock) -> str:
    last = f"{found['value_words']} at {clock.at(found['last'])} ({clock.age(found['last'])})" if found["last"] else ""
    why = f" [{found['why']}]" if found["why"] else ""
    return f"{found['words']}: {last or 'not charted'}{'' if found['state'] != 'done' else ', done'}{why}"


def _told(notice: Document, clock: Clock) -> list[str]:
    values = "; ".join(f"{each['charted']} at {clock.at(each['time'])}" for each in notice["findings"])
    state = {
        "tell": "TELL A CLINICIAN" + (", worse since it was acknowledged" if notice["again"] else ""),
        "acknowledged": f"acknowledged by {notice['acknowledged_by']}",
    }.get(notice["state"], notice["why"])
    since = f"; since {clock.at(notice['since'])}: {values}" if notice["since"] else ""
    return [f"{notice['row']}  {notice['words']}: {state}{since}", f"source: {notice['source']}; {notice['status']}"]


def _step(step: Document) -> list[str]:
    offer = "" if step["offer"] == "now" else f" [{step['offer']}: {step['why']}]"
    again = f"; look again after {number_of(step['recheck_min'])} min" if step["recheck_min"] else ""
    return [f"{step['words']}: {step['advice']}{again}{offer}", f"{step['source']}; {step['status']}"]


# ── aldes leak ──


def leak_page(document: Document) -> Iterator[str]:
    """The components side by side: now, before the first dose, at the last dose; then the trends."""
    clock = Clock(document["asked_at"])
    yield from (f"! {each}" for each in document["alert"])
    yield "CAPILLARY LEAK: its components, as charted; there is no score"
    first = clock.at(document["cycle_start"]) if document["cycle_start"] else "not given"
    last = clock.at(document["last_dose"]) if document["last_dose"] else "not given"
    yield f"      asked {document['asked_at'][:16].replace('T', ' ')}; first dose {first}, last dose {last}"
    known = [each for each in document["components"] if each["value"] is not None]
    yield from section("charted", [_component(each, clock) for each in known])
    missing = [f"{each['words']}: {each['why']}" for each in document["components"] if each["value"] is None]
    yield from section("unknown", [[each] for each in missing])
    yield from tail(document)


def _component(component: Document, clock: Clock) -> list[str]:
    when = f"{clock.at(component['time'])} ({clock.age(component['time'])})"
    lines = [f"{component['words']}: {component['value_words']} at {when}"]
    for key, change, words in (
        ("baseline", "since_baseline", "before the first dose"),
        ("at_last_dose", "since_last_dose", "at the last dose"),
    ):
        if component[key] and component[change] is not None:
            was = f"{_shown(component[key]['value'])} {words} ({clock.at(component[key]['time'])})"
            lines.append(f"{'+' if component[change] >= 0 else ''}{number_of(component[change])} from {was}")
    if len(component["trend"]) > TREND:
        lines.append("trend: " + " → ".join(_shown(each["value"]) for each in component["trend"]))
    return [*lines, *([f"doubtful: {component['why']}"] if component["why"] else [])]


def _shown(value: object) -> str:
    return number_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def leak_code(document: Document) -> int:
    """Nothing is decided here; a panel of which nothing is known cannot be told."""
    return exits.GIVE if any(each["value"] is not None for each in document["components"]) else exits.UNTOLD


# ── aldes interactions ──


def interactions_page(document: Document) -> Iterator[str]:
    """What interacts, what could not be checked, and what lies outside its window."""
    yield from (f"! {each}" for each in document["alert"])
    listed, unchecked = document["listed"], document["not_checked"]
    yield f"{len(listed)} LISTED, {len(unchecked)} NOT CHECKED, {document['checked']} checked and named by no row"
    if document["no_list"]:
        yield "      the record holds no drug but aldesleukin: nothing was checked"
    yield from section("listed", [_drug(each) for each in listed])
    yield from section("not checked", [_unchecked(each) for each in unchecked])
    yield from section("past", [_drug(each)[:1] for each in document["past"]])
    yield from tail(document)


def _drug(listed: Document) -> list[str]:
    drug = listed["medication"]
    lines = [f"{listed['row']}  {listed['words']}: {drug['code']}, {drug['where']}: {listed['why']}"]
    lines.append(f"{listed['effect']}; {listed['action']}")
    lines += [f"exception: {listed['exception']}"] if listed["exception"] else []
    lines += [f"{each['words']} ({each['source']}; {each['status']})" for each in listed["context"]]
    return [*lines, f"source: {listed['source']}; {listed['status']}"]


def _unchecked(found: Document) -> list[str]:
    drug, rows = found["medication"], f" → {', '.join(found['rows'])}" if found["rows"] else ""
    return [f"{drug['code'] or 'a drug without a code'}, {drug['where']}: {found['why']}{rows}"]


def interactions_code(document: Document) -> int:
    """A drug that a row names is to be looked at; an empty list and an unchecked drug are no all-clear."""
    if document["listed"]:
        return exits.LOOK
    return exits.UNTOLD if document["not_checked"] or document["no_list"] else exits.GIVE


_Verb = tuple[Callable[[ward.Asked], dict[str, Any]], Callable[[Document], Iterator[str]], Callable[[Document], int]]
VERBS: Mapping[str, _Verb] = {
    "watch": (ward.watch, watch_page, watch_code),
    "leak": (ward.leak, leak_page, leak_code),
    "interactions": (ward.interactions, interactions_page, interactions_code),
}
