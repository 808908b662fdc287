"""Two records of one person become one (hazard H10): one ends and gives no dose any more, the other takes what it held.

Nothing is merged silently. What was charted comes over under its old id with the other record's key before it; stops
and holds stand here too (hazard H28); doses are never counted by a program, since two records may tell of one and the
same: each is a doubt in the record, and the next dose waits until somebody has accounted for it. It can be undone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

from aldes.course.events import (
    AnyEvent,
    EntryRetracted,
    FindingCharted,
    HoldOpened,
    MedicationListed,
    RecordDoubted,
    RecordEnded,
    RecordJoined,
    RecordParted,
    StopConfirmed,
    StopRaised,
)
from aldes.course.patient import Patient
from aldes.course.state import Course, Slot, Stop
from aldes.errors import ActError
from aldes.findings.charted import Charted
from aldes.protocols.compile import compiled
from aldes.ward.acts.act import PHYSICIAN, Act
from aldes.ward.bed import Bed, need_why

SEPARATOR = "~"  # between the key of a record and the id that an entry had there
ONE_DOSE = timedelta(minutes=30)  # our policy: nearer to each other, two records tell of one dose
_PINNED = ("dosing_weight", "systolic_target")  # settled anew by people, never taken over


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRecord(Act):
    """This record is another one's person: it gives no dose any more, and is read on there."""

    words: ClassVar[str] = "ending one of two records"
    may = PHYSICIAN
    signed = True
    into: str  # the key of the record that goes on
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Ending a record")
        other = _another(bed, self.into)
        if bed.course.ended_into:
            raise ActError("This record has ended already. Undo that first, if it was wrong.")
        if other.ended_into:
            raise ActError("The other record has itself ended. Choose the one that goes on.")
        if bed.course.infusing or other.infusing:
            raise ActError("A dose is running. End or interrupt it first.")
        if not _one_person(bed.course.patient, other.patient):
            raise ActError(
                "Neither an identifier nor name and birth date are the same: these are two people. Correct the "
                "registration first, if it is wrong."
            )
        yield RecordEnded(**bed.signed(why=why), into=self.into)


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRecord(Act):
    """What a record held that has ended into this one comes over."""

    words: ClassVar[str] = "joining two records"
    may = PHYSICIAN
    signed = True
    other: str  # the key of the record that has ended
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Joining two records")
        other = _another(bed, self.other)
        if other.ended_into != bed.id:
            raise ActError("The other record has not ended into this one. End it first.")
        if self.other in bed.course.joined:
            raise ActError("The other record was joined to this one already.")
        if bed.course.infusing:
            raise ActError("A dose is running. End or interrupt it first.")
        yield RecordJoined(**bed.signed(why=why), other=self.other)
        yield from self._charted(bed, other)
        yield from _stops(bed, other)
        yield from _holds(bed, other)
        for doubt in _doubts(bed.course, other):
            yield RecordDoubted(**bed.signed(why=f"record {self.other}: {doubt}"))

    def _charted(self, bed: Bed, other: Course) -> Iterator[AnyEvent]:
        entries = [
            each
            for name, series in other.entries.items()
            if name not in _PINNED
            for here in [{_said(each) for each in bed.course.entries.get(name, ())}]
            for each in series
            if _said(each) not in here
        ]
        for entry in sorted(entries, key=lambda each: each.time):
            moved = replace(entry, id=f"{self.other}{SEPARATOR}{entry.id}")
            yield FindingCharted(**bed.signed(entry.time), entry=moved)
        for drug in other.medications.values():
            yield MedicationListed(**bed.signed(), medication=replace(drug, id=f"{self.other}{SEPARATOR}{drug.id}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRecord(Act):
    """Two records were joined in error: each is its own again, and the doses of both wait for a look."""

    words: ClassVar[str] = "parting two records"
    may = PHYSICIAN
    signed = True
    other: str
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Parting two records")
        if self.other not in (bed.course.ended_into, *bed.course.joined):
            raise ActError("These two records were not joined.")
        if self.other in bed.course.joined:
            before = f"{self.other}{SEPARATOR}"
            for id in [each.id for series in bed.course.entries.values() for each in series]:
                if id.startswith(before):
                    yield EntryRetracted(**bed.signed(why=why), id=id)
        yield RecordParted(**bed.signed(why=why), other=self.other)
        doubt = f"record {self.other} was parted from this one: look through doses, drugs, holds and stops"
        yield RecordDoubted(**bed.signed(why=doubt))


def refuse_ended(course: Course, act: Act) -> None:
    """Of a record that has ended nothing more is told, but that it should not have ended.

    Raises
    ------
    ActError
        Naming the record that goes on.
    """
    if course.ended_into and not isinstance(act, PartRecord):
        raise ActError(f"This record has ended; the person's record goes on in {course.ended_into}. Act there.")


def _another(bed: Bed, key: str) -> Course:
    if key == bed.id:
        raise ActError("This is the same record. Name the other one.")
    other = bed.another(key)
    if other is None:
        raise ActError("No patient has this key here. Look at the board.")
    return other


def _one_person(one: Patient | None, other: Patient | None) -> bool:
    if one is None or other is None:
        return False
    return bool(set(one.identifiers) & set(other.identifiers)) or one.is_named_as(other)


def _said(entry: Charted) -> Charted:
    """What an entry says, whoever charted it: two records often tell of one and the same measurement."""
    return replace(entry, id="", role=None)


def _stops(bed: Bed, other: Course) -> Iterator[AnyEvent]:
    """Every stop there that nobody refuted, at least as far-reaching as it was."""
    for stop in other.stops.values():
        own = bed.course.stops.get(stop.row)
        if stop.refuted_at is not None or (own is not None and _reaches(own, bed.cycle) >= _reaches(stop, other.cycle)):
            continue
        yield StopRaised(**bed.signed(stop.raised_at), row=stop.row, scope=stop.scope, because=stop.because)
        if stop.confirmed:
            yield StopConfirmed(**bed.signed(stop.raised_at), row=stop.row, scope=stop.scope)


def _reaches(stop: Stop, cycle: int) -> tuple[bool, bool]:
    return stop.in_force(cycle), stop.confirmed


def _holds(bed: Bed, other: Course) -> Iterator[AnyEvent]:
    known = compiled(bed.protocol).rows
    for hold in other.standing():
        own = bed.course.holds.get(hold.row)
        if hold.row in known and not (own and own.standing and own.onset >= hold.onset):
            yield HoldOpened(**bed.signed(hold.onset), row=hold.row, because=hold.because)


def _doubts(own: Course, other: Course) -> Iterator[str]:
    """What a person has to look at before the next dose."""
    yield "joined to this one: look through both"
    if other.doubts:
        yield f"{other.doubts} doubts of its own were not settled"
    if other.courses_before:
        yield f"it tells of {other.courses_before} earlier courses"
    for slot in other.slots:
        if slot.given and not _told_here(own, slot):
            yield (
                f"a dose was given at {slot.at.isoformat()}, slot {slot.number} of cycle {slot.cycle} there: account "
                "for it here"
            )


def _told_here(own: Course, slot: Slot) -> bool:
    return any(each.given and abs(each.at - slot.at) <= ONE_DOSE for each in own.slots)
