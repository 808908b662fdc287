"""Take over what another record says: a referral as a new patient's history, later results into an open course."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from aldes.course.events import (
    AnyEvent,
    EntryRetracted,
    FindingCharted,
    MedicationListed,
    RecordDoubted,
    RecordRead,
    StatementMade,
)
from aldes.course.state import Course
from aldes.errors import ActError
from aldes.ward.acts.act import CLINICIANS, Act
from aldes.ward.bed import Bed

_INTO_A_COURSE = (FindingCharted, StatementMade, EntryRetracted, MedicationListed, RecordDoubted)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Act):
    """Events that a reader made of another record; each is walked as if the ward had charted it when it happened."""

    words: ClassVar[str] = "taking over a record"
    may = CLINICIANS
    history = True
    events_read: tuple[AnyEvent, ...]
    unused: int = 0  # parts of the record that its reader could not use

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        found = new_in(bed.course, self.events_read)
        if not found:
            raise ActError("Nothing in the record that came is new here.")
        for event in found:
            by = event.by or "taken over"
            yield replace(event, by=by, person=bed.signature.person.id, recorded_at=event.happened_at)
        used = sum(isinstance(each, FindingCharted | StatementMade | MedicationListed) for each in found)
        yield RecordRead(**bed.signed(), used=used, unused=self.unused)


def new_in(course: Course, events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """What of these events an existing course takes: of an empty record all, of an open course what is charted.

    Doses, cycles and phases of an open course are the ward's own: another record never adds or moves one.
    """
    if course.version == 0 or not (course.slots or course.pins):
        return tuple(event for event in events if not _known(course, event))
    return tuple(event for event in events if isinstance(event, _INTO_A_COURSE) and not _known(course, event))


def left_out(course: Course, events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """What of these events an open course does not take, though it is new."""
    taken = new_in(course, events)
    return tuple(event for event in events if event not in taken and not _known(course, event))


def _known(course: Course, event: AnyEvent) -> bool:
    """Whether this very entry is charted already, or this retraction has nothing left to withdraw."""
    match event:
        case FindingCharted(entry=entry):
            return entry in course.entries.get(entry.finding, ())
        case StatementMade():
            made = course.statements.get(event.system)
            return made is not None and made.id == event.id
        case MedicationListed(medication=drug):
            return course.medications.get(drug.id) == drug
        case EntryRetracted():
            ids = (each.id for series in course.entries.values() for each in series)
            statements = (each.id for each in course.statements.values())
            return not any(event.withdraws(id) for id in (*ids, *statements))
        case _:
            return False
