"""Chart what was measured and judged; correct and retract what was charted in error."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from aldes.course.events import AnyEvent, EntryRetracted, FindingCharted, MedicationListed, StatementMade
from aldes.course.state import Course
from aldes.errors import ActError
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.ward.acts.act import Act
from aldes.ward.bed import Bed, need_why

Entry = FindingCharted | StatementMade | MedicationListed
_PINNED = ("dosing_weight", "systolic_target")
_SIGNED = (Group.JUDGED, Group.SUPPORT, Group.READINESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart(Act):
    """Values, statements and drugs as somebody charts them, together or not at all."""

    words: ClassVar[str] = "charting"
    entries: tuple[Entry, ...]

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if not self.entries:
            raise ActError("Nothing was charted: no value, no statement. Enter one.")
        known = _ids(bed.course)
        for entry in self.entries:
            if _id(entry) in known:
                raise ActError("An entry with this id is charted already. Correct that one, or chart under a new id.")
            known.add(_id(entry))
            yield _signed(entry, bed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct(Act):
    """A newer entry in place of one that was charted wrongly; both stay in the record."""

    words: ClassVar[str] = "correcting an entry"
    id: str
    entry: FindingCharted
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "A correction")
        wrong = _entry(bed.course, self.id)
        if wrong.finding != self.entry.entry.finding:
            raise ActError(
                f"The entry is about {vocabulary()[wrong.finding].words}, the correction about something else. "
                "Retract the entry, and chart the other one."
            )
        yield EntryRetracted(**bed.signed(why=why), id=self.id)
        yield replace(_charted(self.entry, bed), why=why, corrects=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retract(Act):
    """An entry or a statement was charted in error; what it opened waits for a physician."""

    words: ClassVar[str] = "retracting an entry"
    id: str
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "A retraction")
        if self.id not in _ids(bed.course):
            raise _unknown()
        yield EntryRetracted(**bed.signed(why=why), id=self.id)


def _signed(entry: Entry, bed: Bed) -> Entry:
    """The event under the name of who charts it."""
    return _charted(entry, bed) if isinstance(entry, FindingCharted) else replace(entry, **_now(bed))


def _charted(entry: FindingCharted, bed: Bed) -> FindingCharted:
    """A judged finding counts as judged by the role of who charts it."""
    finding = vocabulary()[entry.entry.finding]
    if finding.name in _PINNED:
        raise ActError(f"The {finding.words} is settled by prescriber and pharmacist, not charted. Pin it.")
    role = bed.signature.role.value
    judged = replace(entry.entry, role=role) if finding.group in _SIGNED else entry.entry
    return replace(entry, **_now(bed), entry=judged)


def _now(bed: Bed) -> dict[str, Any]:
    """Who signs and when the record learns it; when it happened is the entry's own."""
    return {key: held for key, held in bed.signed().items() if key != "happened_at"}


def _id(entry: Entry) -> str:
    if isinstance(entry, FindingCharted):
        return entry.entry.id
    return entry.id if isinstance(entry, StatementMade) else entry.medication.id


def _ids(course: Course) -> set[str]:
    entries = {each.id for series in course.entries.values() for each in series}
    return entries | {each.id for each in course.statements.values()} | set(course.medications)


def _entry(course: Course, id: str) -> Charted:
    found = (each for series in course.entries.values() for each in series if each.id == id)
    if entry := next(found, None):
        return entry
    raise _unknown()


def _unknown() -> ActError:
    return ActError("No entry of this patient has this id. Look at the record again.")
