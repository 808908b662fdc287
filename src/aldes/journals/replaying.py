"""Every decision that was shown, computed again: on the same engine to the byte, on another one in its core."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aldes import __version__
from aldes.administration.document import answer as compose
from aldes.course.chain import digest
from aldes.course.events import AnyEvent, DecisionShown
from aldes.course.fold import evolve
from aldes.course.journal import Journal
from aldes.course.state import Course
from aldes.errors import ProtocolError
from aldes.protocols.row import Protocol
from aldes.ward.documents import canonical

ReadProtocol = Callable[[str, str | None], Protocol]

ENGINE = f"aldes {__version__}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a decision that is computed now is not the one that was shown."""

    course: str
    version: int  # of the event that showed it
    what: str  # decision, scope, rows, values; pin, protocol or text where the core cannot be compared
    shown: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of it."""

    decisions: int
    alike: int  # the same bytes
    same_core: int  # of another engine: decision, scope, rows and values alike
    differences: tuple[Difference, ...]


def replay_shown(journal: Journal, read_protocol: ReadProtocol) -> Replayed:
    """Compute every decision again that the record says was shown, from the events that it rested on."""
    decisions, alike, same, found = 0, 0, 0, list[Difference]()
    for course in journal.courses():
        for version, event, state in _shown(journal.read(course)):
            decisions += 1
            text = journal.document(event.digest)
            again = _again(course, event, state, read_protocol)
            if again is not None and text is not None and digest(canonical(again)) == event.digest:
                alike += 1
                continue
            differences = list(_differences(course, version, event, text, again))
            same += not differences
            found += differences
    return Replayed(decisions=decisions, alike=alike, same_core=same, differences=tuple(found))


def _shown(events: tuple[AnyEvent, ...]) -> Iterator[tuple[int, DecisionShown, Course]]:
    """Each decision that was shown, its place, and the course as it was when it was asked."""
    asked_of = {event.version for event in events if isinstance(event, DecisionShown)}
    state, states = Course(), {}
    for version, event in enumerate(events, start=1):
        if state.version in asked_of:
            states[state.version] = state
        if isinstance(event, DecisionShown):
            yield version, event, states[event.version]
        state = evolve(state, event)


def _again(course: str, event: DecisionShown, state: Course, read_protocol: ReadProtocol) -> Mapping[str, Any] | None:
    """The document as this program makes it, or None where the protocol is not to be had."""
    if state.pins is None:
        return None
    try:
        protocol = read_protocol(state.pins.protocol, state.pins.site)
    except ProtocolError:
        return None
    return compose(state, protocol, event.asked_at, patient=course)


def _differences(
    course: str, version: int, event: DecisionShown, text: str | None, again: Mapping[str, Any] | None
) -> Iterator[Difference]:
    def differs(what: str, shown: object, now: object) -> Difference:
        return Difference(course=course, version=version, what=what, shown=str(shown), now=str(now))

    if text is None:
        yield differs("text", event.digest, "not kept")
        return
    if again is None:
        yield differs("protocol", event.pin, "cannot be read")
        return
    told = json.loads(text)
    if told["pin"] != again["pin"]:
        yield differs("pin", told["pin"], again["pin"])
    before, after = core(told), core(again)
    core_differs = [differs(what, before[what], after[what]) for what in before if before[what] != after[what]]
    yield from core_differs
    if not core_differs and event.engine == ENGINE and told["pin"] == again["pin"]:
        yield differs("text", "kept", "another, on the same engine and the same protocol")


def core(document: Mapping[str, Any]) -> dict[str, Any]:
    """What of a decision may not change unseen: the answer, its scope, the rows that decided, their values."""
    plain = json.loads(json.dumps(document))
    return {
        "decision": plain["decision"],
        "scope": plain["scope"],
        "rows": [each["row"] for each in plain["because"]],
        "values": [
            {"row": each["row"], "finding": found["finding"], "value": found["value"]}
            for each in plain["because"]
            for found in each["findings"]
        ],
    }
