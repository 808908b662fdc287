"""The chain of a record: each event carries the hash of those before it, in its stream and over all streams.

An event that is altered, left out, moved or put in breaks the chain (hazards H62, H63). A tail that was cut off
breaks nothing: that is seen by whoever wrote down a head outside of the record (hazard H64).
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from aldes.course.wire import Recorded, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An event as a journal keeps it."""

    course: str
    version: int  # in its stream, from 1
    position: int  # over all streams, from 1
    text: str  # its canonical JSON
    command: str = ""  # the id of the command that it came with
    previous: str  # hash of the event before it in its stream; empty of the first
    hash: str
    head: str  # over all streams up to here

    @property
    def event(self) -> Recorded:
        """The event itself."""
        return read(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where a record ends: what the next event is linked to."""

    version: int = 0  # of the stream
    position: int = 0
    previous: str = ""  # hash of the last event of the stream
    head: str  # over all


def beginning(kind: str, record: str) -> str:
    """The head of a record that holds nothing yet; no two records begin alike."""
    return _digest("aldes record", kind, record)


def linked(course: str, texts: Sequence[str], command: str, end: End) -> list[Kept]:
    """These events, linked to the end of the record in order."""
    found: list[Kept] = []
    version, position, previous, head = end.version, end.position, end.previous, end.head
    for text in texts:
        version, position = version + 1, position + 1
        hash = _digest(course, version, previous, command, text)
        head = _digest(position, head, hash)
        found.append(
            Kept(
                course=course,
                version=version,
                position=position,
                text=text,
                command=command,
                previous=previous,
                hash=hash,
                head=head,
            )
        )
        previous = hash
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A place where the chain does not hold."""

    course: str
    position: int
    what: str


def broken(kept: Iterable[Kept], begins: str) -> Iterator[Broken]:
    """Every place at which a record, told by position, is not what was written."""
    ends: dict[str, End] = {}
    position, head = 0, begins
    for each in kept:
        end = ends.get(each.course, End(head=head))
        found = _fault(each, end, position, head)
        if found:
            yield Broken(course=each.course, position=each.position, what=found)
        position, head = each.position, each.head
        ends[each.course] = End(version=each.version, previous=each.hash, head=head)


def _fault(each: Kept, end: End, position: int, head: str) -> str:
    """What is wrong with one event; what follows is judged by what it claims to be, so that a fault is told once."""
    if each.position != position + 1:
        return f"{each.position - position - 1} events are missing before it"
    if each.version != end.version + 1:
        return f"event {each.version} of its stream follows event {end.version}"
    if each.previous != end.previous:
        return "it is not linked to the event before it in its stream"
    if each.hash != _digest(each.course, each.version, each.previous, each.command, each.text):
        return "it is not what was written"
    if each.head != _digest(each.position, head, each.hash):
        return "the chain over all streams does not hold"
    return ""


def _digest(*parts: str | int) -> str:
    return sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def digest(text: str) -> str:
    """The key under which a text is kept by its content."""
    return f"sha256:{sha256(text.encode()).hexdigest()}"
