"""The named people of the ward: events of the ward's own stream, and who they add up to.

A go, a confirmation and a second check mean something because a named person with a role signed them (H55, H56).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from aldes.course.events import Event


class Role(StrEnum):
    """What a person may do on the ward."""

    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    NURSE = "nurse"
    READER = "reader"  # looks, and signs nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEnrolled(Event):
    """Somebody joined the ward."""

    id: str
    name: str
    role: Role
    secret: str  # the hash of what they sign with, never the secret itself


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretChanged(Event):
    """Somebody has a new secret to sign with."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Event):
    """Somebody left the ward: what they signed stays, and they sign nothing more."""

    id: str


WardEvent = PersonEnrolled | SecretChanged | PersonLeft


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A named person."""

    id: str
    name: str
    role: Role
    secret: str = ""
    left: bool = False


def people(events: Iterable[WardEvent], known: Mapping[str, Person] | None = None) -> Mapping[str, Person]:
    """Everybody who ever was on the ward, by id; with those who are known from earlier events."""
    found = dict(known or {})
    for event in events:
        match event:
            case PersonEnrolled():
                found[event.id] = Person(id=event.id, name=event.name, role=event.role, secret=event.secret)
            case SecretChanged():
                found[event.id] = replace(found[event.id], secret=event.secret)
            case PersonLeft():
                found[event.id] = replace(found[event.id], left=True)
            case _:
                assert_never(event)
    return found
