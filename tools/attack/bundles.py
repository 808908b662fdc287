"""Bundles of the bundled patients, each spoiled in one respect, sent to be decided on and to be taken over.

Two things are asked of every answer: it is no fault of the server, and where one entry was made unusable the answer is
no *give* unless the whole bundle's was. What else may be lost with a whole entry is counted and not judged: nobody can
know of a value whose code is gone.
"""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from aldes.course.people import Role
from aldes.exchange.bundled import Bundled, bundled
from attack.served import Served, post

Tree = Any
Spoil = Callable[[Tree, random.Random], None]
GIVE = "give"
FAULT = 500


# ── one entry made unusable: it still says what it is about, and cannot be believed ──


def _set(key: str, *values: Any) -> Spoil:
    def spoil(entry: Tree, draw: random.Random) -> None:
        entry[key] = copy.deepcopy(draw.choice(values))

    return spoil


def _value(**parts: Any) -> Spoil:
    """Another value in the place of each one."""

    def spoil(entry: Tree, draw: random.Random) -> None:
        for part in [entry, *entry.get("component", [])]:
            for key in [key for key in part if key.startswith("value")]:
                del part[key]
            if part is not entry or "component" not in entry:
                part.update(copy.deepcopy(parts))

    return spoil


def _quantity(key: str, *values: Any) -> Spoil:
    """Another part of each quantity; None leaves it out."""

    def spoil(entry: Tree, draw: random.Random) -> None:
        came = draw.choice(values)
        for part in [entry, *entry.get("component", [])]:
            if isinstance(quantity := part.get("valueQuantity"), dict):
                quantity.pop(key, None)
                if came is not None:
                    quantity[key] = came

    return spoil


def _unit(text: str | None) -> Spoil:
    def spoil(entry: Tree, draw: random.Random) -> None:
        for key in ("unit", "code"):
            _quantity(key, text)(entry, draw)

    return spoil


def _without_time(entry: Tree, draw: random.Random) -> None:
    for key in ("effectiveDateTime", "effectivePeriod"):
        entry.pop(key, None)


def _timed(*texts: str) -> Spoil:
    def spoil(entry: Tree, draw: random.Random) -> None:
        _without_time(entry, draw)
        entry["effectiveDateTime"] = draw.choice(texts)

    return spoil


UNUSABLE: dict[str, Spoil] = {
    "status": _set("status", "preliminary", "registered", "unknown", "finished", "FINAL", " final", "", 1, None, []),
    "modifier": _set("modifierExtension", [{"url": "urn:not", "valueBoolean": True}]),
    "implicit rules": _set("implicitRules", "urn:rules"),
    "no value": _value(),
    "text": _value(valueString="97"),
    "NaN as text": _value(valueQuantity={"value": "NaN", "unit": "%", "code": "%"}),
    "boolean as number": _value(valueQuantity={"value": True, "unit": "%", "code": "%"}),
    "range": _value(valueRange={"low": {"value": 1}, "high": {"value": 200}}),
    "absent": _value(dataAbsentReason={"text": "error"}),
    "surrogate": _value(valueString="\ud800"),
    "two values": _value(valueString="97", valueBoolean=True),
    "list": _value(valueQuantity=[{"value": 97}]),
    "huge": _quantity("value", 10**300, 10**4000, -(10**20), 1e300, 1e-300),
    "number as text": _quantity("value", "97", "1e2", "0x61", "９７"),
    "null": _quantity("value", None),
    "no unit": _unit(None),
    "other unit": _unit("furlong"),
    "no time": _without_time,
    "odd time": _timed("2026-11-20", "2026", "yesterday", "2026-11-20T07:20:00", "2099-01-01T00:00:00Z", "0000-00-00"),
    "other patient": _set("subject", {"reference": "Patient/somebody-else"}, {"reference": "Patient/"}, {}, None),
}


# ── anything at all ──


def _places(tree: Tree) -> list[tuple[Tree, Any]]:
    """Every container with one of its keys."""
    found: list[tuple[Tree, Any]] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        for key in list(node) if isinstance(node, dict) else range(len(node)):
            found.append((node, key))
            if isinstance(node[key], dict | list):
                waiting.append(node[key])
    return found


def _deep(levels: int) -> Tree:
    found: Tree = 1
    for _ in range(levels):
        found = {"a": [found]}
    return found


_ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**400, 1e308, "", "NaN", "\ud800", "\u202e97", "a" * 10_000, [], {}, [[]], {"a": 1}),
    *("final", "entered-in-error", "cancelled", "2026-11-20T07:20:00Z", "http://127.0.0.1:1/Patient/1"),
    *("file:///etc/passwd", "../../../etc/passwd", "=1+1", "%", "mg/dL", "Patient/1", "<a/>", "\x00", "e\u0301" * 500),
)


def _drop(tree: Tree, draw: random.Random) -> None:
    node, key = draw.choice(_places(tree))
    del node[key]


def _odd(tree: Tree, draw: random.Random) -> None:
    node, key = draw.choice(_places(tree))
    node[key] = copy.deepcopy(draw.choice(_ODD))


def _double(tree: Tree, draw: random.Random) -> None:
    """An entry that comes twice, spoiled the second time."""
    entries = tree["entry"]
    again = copy.deepcopy(draw.choice(entries))
    _odd(again, draw)
    entries.insert(draw.randrange(len(entries) + 1), again)


def _swap(tree: Tree, draw: random.Random) -> None:
    (one, here), (other, there) = draw.choice(_places(tree)), draw.choice(_places(tree))
    one[here], other[there] = copy.deepcopy(other[there]), copy.deepcopy(one[here])


def _deepen(tree: Tree, draw: random.Random) -> None:
    node, key = draw.choice(_places(tree))
    node[key] = _deep(draw.choice((3, 15, 25, 200)))


ANYTHING: dict[str, Spoil] = {"drop": _drop, "odd": _odd, "double": _double, "swap": _swap, "deepen": _deepen}


def _truncated(text: str, draw: random.Random) -> str:
    return text[: draw.randrange(len(text))]


def _key_twice(text: str, draw: random.Random) -> str:
    return text.replace('"status":', '"status": "final", "status":', 1)


def _bare(text: str, draw: random.Random) -> str:
    return text.replace(
        '"value": ', f'"value": {draw.choice(("NaN", "Infinity", "-Infinity", "1e999", "01", "0x1"))} ', 1
    )


def _bytes_of_others(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text))
    return text[:at] + draw.choice(("\x00", "\ud800", "\ufeff", "\u2028", "}", "]", '"', "\\u12")) + text[at + 1 :]


TEXTS: dict[str, Callable[[str, random.Random], str]] = {
    "truncated": _truncated,
    "key twice": _key_twice,
    "bare number": _bare,
    "odd byte": _bytes_of_others,
}


# ── the draw ──


@dataclass(kw_only=True)
class Found:
    """What was answered."""

    answers: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # asked how, spoiled how, answered what
    faults: list[str] = field(default_factory=list)  # answers that are faults of the server
    gives: list[str] = field(default_factory=list)  # *give* where an entry was made unusable and the whole did not
    lost: Counter[str] = field(default_factory=Counter)  # *give* where anything at all was lost or changed

    def add(self, other: "Found") -> None:
        """What another draw found too."""
        self.answers += other.answers
        self.faults += other.faults
        self.gives += other.gives
        self.lost += other.lost


def draw(most: int, seed: int) -> Found:
    """Send this many spoiled bundles, half to be decided on and half to be taken over."""
    patients = [*bundled()]
    shares = [most // len(patients) + (number < most % len(patients)) for number in range(len(patients))]
    found = Found()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for each in pool.map(of_a_patient, patients, shares, [seed] * len(patients)):
            found.add(each)
            print(f"{sum(found.answers.values()):,} sent, {len(found.faults) + len(found.gives)} bad", flush=True)
    return found


def of_a_patient(patient: Bundled, most: int, seed: int) -> Found:
    """This many spoiled bundles of one patient."""
    found, draw = Found(), random.Random(f"{seed} {patient.name}")
    served = Served(patient=patient)
    client = served.client(Role.NURSE)
    whole = patient.bundle.decode()
    ways = {"decide": _decide, "take over": _take_over}
    before = {way: ask(served, client, whole, "whole") for way, ask in ways.items()}
    for number in range(most):
        way = ("decide", "take over")[number % 2]
        spoiled, text = _spoiled(whole, draw)
        word = ways[way](served, client, text, f"{number}")
        found.answers[way, spoiled, word] += 1
        said = f"{patient.name}, {way}, {spoiled}, {number}: {before[way]} became {word}"
        if word.isdigit() and int(word) >= FAULT:
            found.faults.append(said)
        elif word == GIVE and before[way] != GIVE:
            if spoiled in UNUSABLE:
                found.gives.append(said)
            else:
                found.lost[f"{patient.name}, {way}, {spoiled}"] += 1
    return found


def _spoiled(whole: str, draw: random.Random) -> tuple[str, str]:
    """How it was spoiled, and the text."""
    kinds: list[tuple[str, Any]] = [*UNUSABLE.items()] if draw.random() < 0.6 else [*ANYTHING.items(), *TEXTS.items()]
    name, spoil = draw.choice(kinds)
    if name in TEXTS:
        return name, spoil(whole, draw)
    tree = json.loads(whole)
    if name in UNUSABLE:
        entries = [each["resource"] for each in tree["entry"] if each["resource"]["resourceType"] == "Observation"]
        spoil(draw.choice(entries), draw)
    else:
        for _ in range(draw.choice((1, 1, 1, 3, 10))):
            spoil(tree, draw)
    return name, json.dumps(tree)


def _decide(served: Served, client: Any, text: str, key: str) -> str:
    """The decision's word, or the status where there is none."""
    answer = post(client, "/api/decision", _bytes(text), site="demo", protocol=served.patient.protocol)
    return str(answer.json()["decision"]["decision"]) if answer.status_code == 200 else str(answer.status_code)


def _take_over(served: Served, client: Any, text: str, key: str) -> str:
    asked = f'{{"command": "{key}", "act": {{"do": "take over", "record": {text}}}}}'
    answer = post(client, "/api/courses", _bytes(asked))
    if answer.status_code != 201:
        return str(answer.status_code)
    shown = client.get(f"/api/courses/{answer.json()['course']}/decision")
    return str(shown.json()["decision"]["decision"]) if shown.status_code == 200 else str(shown.status_code)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def told(found: Found) -> Iterator[str]:
    """What came of it, in lines."""
    for way in ("decide", "take over"):
        words: Counter[str] = Counter()
        for (asked, _, word), count in found.answers.items():
            words[word] += count if asked == way else 0
        yield f"{way}: " + ", ".join(f"{word} {count:,}" for word, count in words.most_common() if count)
    yield f"faults of the server: {len(found.faults)}"
    yield from found.faults[:20]
    yield f"give from an unusable entry: {len(found.gives)}"
    yield from found.gives[:20]
    yield f"give where an entry was lost or changed into another one, not judged: {found.lost.total()}"
    yield from (f"  {name}: {count}" for name, count in found.lost.most_common(20))
