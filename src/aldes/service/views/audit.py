"""The record of a patient, event by event, and what the ward knew at an instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from aldes.administration.document import answer as compose
from aldes.course.chain import Kept
from aldes.course.events import AnyEvent
from aldes.course.people import Person
from aldes.course.state import Course
from aldes.service.views.telling import told
from aldes.ward import Ward

LATE = timedelta(minutes=15)  # our policy: what was recorded later than this after it happened is marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event."""

    version: int
    recorded_at: datetime
    happened_at: datetime
    sort: str
    words: str
    by: str
    second: str
    why: str
    hash: str

    @property
    def late(self) -> bool:
        """Whether the record learned of it long after it was so."""
        return self.recorded_at - self.happened_at > LATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the ward knew at an instant."""

    at: datetime
    version: int
    decision: dict[str, Any]
    holds: tuple[str, ...]
    stops: tuple[str, ...]
    given: int  # doses of the course so far


def lines(ward: Ward, id: str, sort: str = "") -> list[Line]:
    """The events of a patient, the newest first; of one sort, if one is named."""
    found = [line for line in _lines(ward, id) if not sort or line.sort == sort]
    return found[::-1]


def knew(ward: Ward, id: str, at: datetime) -> Known:
    """Decision and state as of an instant, from what had been recorded until then and nothing later."""
    return _known(ward, id, at, ward.knew(id, at))


def in_hindsight(ward: Ward, id: str, at: datetime) -> Known:
    """The same by what is known today of the time until then: what came late is in it, what was in error is not."""
    return _known(ward, id, at, ward.in_hindsight(id, at))


def _known(ward: Ward, id: str, at: datetime, course: Course) -> Known:
    return Known(
        at=at,
        version=course.version,
        decision=compose(course, ward.protocol(course), at, patient=id),
        holds=tuple(each.row for each in course.standing()),
        stops=tuple(each.row for each in course.stops_in_force()),
        given=sum(each.given for each in course.slots),
    )


def _lines(ward: Ward, id: str) -> Iterator[Line]:
    people = ward.people()
    for kept in ward.journal.kept(id):
        yield _line(kept, cast("AnyEvent", kept.event), people.get)


def _line(kept: Kept, event: AnyEvent, person: Any) -> Line:
    said = told(event)
    return Line(
        version=kept.version,
        recorded_at=event.recorded_at,
        happened_at=event.happened_at,
        sort=said.sort,
        words=said.words,
        by=_named(person(event.person), event.by),
        second=_named(person(event.second), ""),
        why=event.why,
        hash=kept.hash,
    )


def _named(person: Person | None, otherwise: str) -> str:
    """Name and role; of what came from elsewhere, who signed it there."""
    return f"{person.name}, {person.role.value}" if person else otherwise
