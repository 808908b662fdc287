"""The heartbeat: at each start and each hour the bundled patients are asked again, and rules compared with their pins.

A rule that was edited by mistake, or is silently off, changes an answer that clinicians wrote down before the code
(hazard H32). Then the ward takes nothing until somebody has looked.
"""

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from aldes import ward as verbs
from aldes.exchange import read
from aldes.exchange.bundled import Bundled, Expected, bundled
from aldes.protocols.pin import content_of
from aldes.protocols.read import read as read_protocol
from aldes.protocols.row import Protocol
from aldes.ward import Ward

EACH_S = 3600.0


def differences(protocols: Collection[str]) -> Iterator[str]:
    """Every bundled patient whose answer under one of these protocols is not the one that is written, in a sentence."""
    for patient in bundled():
        for expected in (each for each in patient.expected if each.protocol in protocols):
            found = _answer(patient, expected)
            rows = {each["row"] for each in found["because"]}
            if found["decision"] != expected.decision or not set(expected.because) <= rows:
                yield (
                    f"{patient.name} under {expected.protocol}: {found['decision']} ({', '.join(sorted(rows))}), "
                    f"and {expected.decision} ({', '.join(expected.because)}) is written."
                )


def altered(protocols: Iterable[Protocol]) -> Iterator[str]:
    """The protocols whose content is no longer what their pin says."""
    for protocol in protocols:
        if protocol.pin != f"sha256:{sha256(content_of(protocol).encode()).hexdigest()}":
            yield f"The rules of {protocol.id} in memory are not what their pin says."


def beat(ward: Ward) -> str | None:
    """Ask once; what differs halts the ward."""
    protocols = ward.protocols()
    found = [*differences({each.id for each in protocols}), *altered(protocols)]
    why = None
    if found:
        why = f"The program does not answer as it should: {found[0]} Nothing is recorded until it was looked at."
    ward.halt(why)
    return why


@contextmanager
def beating(ward: Ward, each_s: float = EACH_S) -> Iterator[None]:
    """Ask again and again, beside everything else, until the block ends."""
    ended = threading.Event()

    def go_on() -> None:
        while not ended.wait(each_s):
            beat(ward)

    thread = threading.Thread(target=go_on, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)


def _answer(patient: Bundled, expected: Expected) -> dict[str, Any]:
    reading = read(patient.bundle, now=expected.now)
    rules = read_protocol(expected.protocol, "demo")
    return verbs.answer(reading.events, rules, expected.now, patient=patient.name, alert=reading.alert)
