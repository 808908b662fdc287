"""The decision document as a page of plain text: the answer first, then everything it rests on."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from aldes.numbers import number

Document = Mapping[str, Any]

WIDTH = 100
SHAPES = {"give": "( ✓ )", "hold": "[ ‖ ]", "stop": "< ✕ >", "insufficient": "{ ? }"}  # a shape, never colour alone
MOST_FINDINGS = 5  # of one reason
SHOWN = 6  # items that were not used: the rest are counted


def page(document: Document) -> str:
    """The whole document, for reading."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield from _wrapped("! ", document["alert"])
    yield f"{SHAPES[document['decision']]} {_headline(document).upper()}"
    yield f"      {_when(document)}"
    clock = Clock(document["asked_at"])
    yield from section("because", [_reason(each, clock) for each in document["because"]])
    yield from section("measure", [[_measure(each)] for each in document["measure"]])
    yield from section("would give if", [[document["would_give_if_words"]]] * bool(document["would_give_if_words"]))
    yield from section("care", [[f"{each['words']}: {each['advice']}", _source(each)] for each in document["care"]])
    yield from section("dose", [[each] for each in _dose(document)])
    yield from section("unverified", [[_unverified(each)] for each in document["unverified"]])
    topics = ", ".join(each["topic"] for each in document["not_covered"])
    yield from section("not covered", [[f"no row answers for: {topics}"]] * bool(topics))
    yield from section("changed here", [[each["line"]] for each in document["changes"]])
    yield from section("settings", [[_settings(document)]] * bool(document["settings"]))
    yield from tail(document)


def tail(document: Document) -> Iterator[str]:
    """What every page ends with: what was not used, and what the answer rests on."""
    yield from section("not used", [[each] for each in _not_used(document["not_used"])])
    yield from section("basis", [[_basis(document)], [document["scope_statement"]]])


def _headline(document: Document) -> str:
    words = str(document["words"])
    if document["decision"] != "stop":
        return words
    confirmed = (
        "confirmed by a physician" if document["confirmed"] else "unconfirmed: a physician confirms or refutes it"
    )
    return f"{words}, {document['scope']} ({confirmed})"


def _when(document: Document) -> str:
    asked = datetime.fromisoformat(document["asked_at"])
    clock = Clock(document["asked_at"])
    until = document["valid_until"]
    ends = f"stands until {clock.at(until)} or any new finding" if until else "the site has not set how long it stands"
    slot = f"cycle {document['cycle']}, slot {document['dose_number']} due {clock.at(document['next_time'])}"
    return f"asked {asked:%Y-%m-%d %H:%M} ({asked:%Z}); {slot}; {ends}"


def _reason(reason: Document, clock: "Clock") -> list[str]:
    lines = [f"{reason['row']}  {reason['words']}"]
    lines.extend(_finding(each, clock) for each in reason["findings"][:MOST_FINDINGS])
    if (more := len(reason["findings"]) - MOST_FINDINGS) > 0:
        lines.append(f"and {more} more")
    state = [f"{'raised' if reason['scope'] else 'held since'} {clock.at(reason['since'])}"] if reason["since"] else []
    if reason["resume"]:
        by = f", judged by a {reason['resume_by']}" if reason["resume_by"] and "lifts" not in reason["resume"] else ""
        state.append(f"ends when {reason['resume']}{by}")
    return [*lines, *(["; ".join(state)] if state else []), f"source: {_source(reason)}"]


def _finding(found: Document, clock: "Clock") -> str:
    if found["value_words"] == "unknown":
        return str(found["why"])
    came = f", charted as {found['charted']}" if differs(found["charted"], found["value_words"]) else ""
    at = f" at {clock.at(found['time'])} ({clock.age(found['time'])})" if found["time"] else ""
    limit = f", limit {found['limit']}" if found["limit"] else ""
    fault = f" [{found['why']}]" if found["why"] else ""
    return f"{found['words']}: {short(found['value_words'])}{came}{at}{limit}{fault}"


def _unverified(row: Document) -> str:
    return f"{row['row']}  {row['words']}: answered no, but was never compared with {row['source']}"


def differs(charted: str, shown: str) -> bool:
    """Whether a value came otherwise than it counts: in another unit, or as several entries."""
    plain = (charted or shown).replace("mm[Hg]", "mmHg")
    return plain != shown and not shown.startswith(("yes", "no"))


def _measure(measure: Document) -> str:
    by = f" (by a {measure['by']})" if measure["by"] else ""
    why = measure["why"].removeprefix(f"{measure['words']}: ")
    return f"{measure['words']}{by}: {why} → {', '.join(measure['rows'])}"


def _dose(document: Document) -> list[str]:
    dose = document["dose"]
    if dose is None:
        return []
    if dose["iu"] is None:
        return [f"none: {dose['why_not']}"]
    if dose["provisional"]:
        return [f"{dose['words']} would be due; nothing is authorised while the answer is “{document['words']}”"]
    lines = [
        f"{dose['words']} ({number_of(dose['weight_kg'])} kg × {number_of(dose['iu_per_kg'])} IU/kg) over 15 minutes",
        f"draw {dose['volume_words']} from {dose['vials_words']}; bag: {dose['diluent']}, {dose['bag_words']}",
    ]
    return [
        *lines,
        *dose["notes"],
        *dose["warnings"],
        *(f"{n}. {each['words']}" for n, each in enumerate(dose["steps"], 1)),
    ]


def number_of(value: float) -> str:
    """A JSON number as people read it."""
    from decimal import Decimal

    return number(Decimal(repr(value)))


def _not_used(items: Sequence[Document]) -> Iterator[str]:
    for each in items[:SHOWN]:
        times = f" ({each['count']} times)" if each["count"] > 1 else ""
        yield f"{each['what']}{times}, {each['where']}: {each['why']}"
    if len(items) > SHOWN:
        yield f"and {len(items) - SHOWN} more kinds; --json lists them all"


def _basis(document: Document) -> str:
    site = (
        f", site {document['site']}{' (DEMO: invented settings)' if document['demo'] else ''}"
        if document["site"]
        else ""
    )
    return f"{document['protocol']}{site}; pin {document['pin'][:19]}…; {document['engine']}"


def _settings(document: Document) -> str:
    return "; ".join(f"{name} {value}" for name, value in document["settings"].items())


def _source(item: Document) -> str:
    return f"{item['source']}; {item['status']}"


_LONG = re.compile(r"(\.\d{4})\d{3,}")


def short(words: str) -> str:
    """A converted value without its last digits: cut and never rounded, so that it stays on its side of every limit."""
    return _LONG.sub(r"\1…", words)


def section(title: str, items: Sequence[Sequence[str]]) -> Iterator[str]:
    """A titled list: each item's first line at the margin, its further lines indented under it."""
    for item in items:
        for place, line in enumerate(item):
            head = f"  {title:<14}" + "  " * bool(place)
            yield from textwrap.wrap(
                line,
                WIDTH,
                initial_indent=head,
                subsequent_indent=" " * 20,
                break_long_words=False,
                break_on_hyphens=False,
            )
            title = ""


def _wrapped(mark: str, items: Sequence[str]) -> Iterator[str]:
    for item in items:
        yield from textwrap.wrap(item, WIDTH, initial_indent=mark, subsequent_indent="  ")


class Clock:
    """Times as seen from the instant that was asked about: the day only where it is another one."""

    def __init__(self, now: str) -> None:
        self.now = datetime.fromisoformat(now)

    def at(self, time: str) -> str:
        """The time of day, with its date where that is another one."""
        at = datetime.fromisoformat(time)
        return f"{at:%H:%M}" if at.date() == self.now.date() else f"{at:%Y-%m-%d %H:%M}"

    def age(self, time: str) -> str:
        """How long ago it was."""
        minutes = round((self.now - datetime.fromisoformat(time)).total_seconds() / 60)
        if abs(minutes) < 60:
            return f"{minutes} min ago"
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest:02d} min ago" if hours < 48 else f"{hours // 24} days ago"
