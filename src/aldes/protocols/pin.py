"""The pin of a protocol: a hash of its content, so that a course keeps the rules it began with."""

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from typing import Any

from aldes.findings.read import vocabulary
from aldes.findings.sources import covered_anyway, steps_to
from aldes.protocols.row import Protocol
from aldes.questions.tree import Question, names


def pin_of(protocol: Protocol) -> Protocol:
    """The same protocol with its pin: rows, site settings and the vocabulary rows that they use, by content."""
    return replace(protocol, pin=f"sha256:{sha256(content_of(protocol).encode()).hexdigest()}")


def content_of(protocol: Protocol) -> str:
    """What the pin stands for, as text: a course that pins a protocol keeps it."""
    unpinned = replace(protocol, pin="", changes=())  # what changed follows from the content
    content = {
        "protocol": _plain(unpinned),
        "vocabulary": [_plain(vocabulary()[name]) for name in sorted(_asked(protocol))],
    }
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _asked(protocol: Protocol) -> set[str]:
    """Every finding that a row asks, and those that it is derived from."""
    found = {name for row in protocol.rows for name in _in_row(row.question, row.resume)}
    found |= {*_beside(protocol), *_before(protocol)}
    found |= {name for count in protocol.counts for name in _in_row(count.only_if)} | set(protocol.required)
    found |= {each.name for each in covered_anyway()}
    return found | {source for name in found for source in steps_to(name)}


def _beside(protocol: Protocol) -> Iterator[str]:
    """The findings that are watched, told and cared for."""
    for watched in protocol.monitors:
        yield from (*watched.findings, *_in_row(watched.question))
    for told in protocol.notices:
        yield from _in_row(told.question)
    for given in protocol.premedication:
        yield from _in_row(given.not_if.question if given.not_if else None)
    for done in protocol.care:
        yield from _in_row(done.question, done.not_if.question if done.not_if else None)


def _before(protocol: Protocol) -> Iterator[str]:
    """The findings asked before a course or a cycle."""
    for row in protocol.eligibility:
        yield from (*_in_row(row.question, row.unless), *row.tests)
    for earlier in protocol.retreatment:
        yield from _in_row(earlier.question)
    for ready in protocol.readiness:
        yield from _in_row(ready.question)
    for again in protocol.cycle2:
        yield from (*_in_row(again.question), *again.tests)


def _in_row(*questions: Question | None) -> Iterator[str]:
    for question in questions:
        yield from (name.finding for name in names(question)) if question else ()


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case Decimal() | timedelta():
            return str(value)
        case str() | int() | float() | None:
            return value
        case dict():
            return {str(key): _plain(each) for key, each in value.items()}
        case tuple() | list():
            return [_plain(each) for each in value]
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"a pin cannot hold {type(value).__name__}")
