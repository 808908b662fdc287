"""A person's word on what rows raised: stops, standing holds, notices, doubts, grades."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from aldes.course.events import (
    AnyEvent,
    DoubtsSettled,
    GradeRecorded,
    HoldLifted,
    NoticeAcknowledged,
    StopConfirmed,
    StopRefuted,
)
from aldes.course.state import Course, Stop
from aldes.errors import ActError, nearest
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.scope import Scope
from aldes.toxicity.ctcae.read import read
from aldes.ward.acts.act import CLINICIANS, PHYSICIAN, PRESCRIBING, Act
from aldes.ward.bed import Bed, need_why

_MEASURED = (Group.VITAL, Group.LAB, Group.FLUID, Group.WEIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmStop(Act):
    """A physician confirms a stop and says how far it reaches."""

    words: ClassVar[str] = "confirming a stop"
    signed = True
    may = PHYSICIAN
    row: str
    scope: Scope
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if self.row not in bed.course.stops:  # one that was refuted can still be confirmed after all
            raise _no_stop(bed.course, self.row)
        if self.scope is Scope.DOSE:
            raise ActError("A stop reaches this cycle, this course, or is for good. Choose one.")
        yield StopConfirmed(**bed.signed(why=self.why), row=self.row, scope=self.scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuteStop(Act):
    """A physician refutes a stop, with a reason; a measured value must have been measured again."""

    words: ClassVar[str] = "refuting a stop"
    signed = True
    may = PHYSICIAN
    row: str
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Refuting a stop")
        stop = _stop(bed.course, self.row)
        if stop.confirmed and stop.scope is Scope.GOOD:
            raise ActError("A stop that was confirmed for good is never refuted.")
        if missing := _not_repeated(bed.course, stop):
            raise ActError(
                f"A stop by a measured value is refuted by a repeat: measure {', '.join(missing)} again first."
            )
        yield StopRefuted(**bed.signed(why=why), row=self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftStandingHold(Act):
    """A physician lifts a row's hold that no measurement lifts; a criterion that is still met holds the dose anew."""

    words: ClassVar[str] = "lifting a hold"
    signed = True
    may = PHYSICIAN
    row: str
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        why = need_why(self.why, "Lifting a hold")
        standing = [each.row for each in bed.course.standing()]
        if self.row not in standing:
            raise ActError(f"No hold of this row stands.{nearest(self.row, standing)}")
        yield HoldLifted(**bed.signed(why=why), row=self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDoubts(Act):
    """Somebody looked at what was doubtful in the record, and settled it."""

    words: ClassVar[str] = "settling a doubt in the record"
    may = PRESCRIBING
    why: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        yield DoubtsSettled(**bed.signed(why=need_why(self.why, "Settling a doubt")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Act):
    """Somebody has taken note of a condition of which a clinician is told."""

    words: ClassVar[str] = "acknowledging a notice"
    row: str

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        known = [each.id for each in bed.protocol.notices]
        if self.row not in known:
            raise ActError(f"No notice has this id.{nearest(self.row, known)}")
        yield NoticeAcknowledged(**bed.signed(), row=self.row)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordGrade(Act):
    """Somebody signs how severe an adverse event is."""

    words: ClassVar[str] = "recording a grade"
    may = CLINICIANS
    term: str
    grade: int
    why: str = ""

    def events(self, bed: Bed) -> Iterator[AnyEvent]:
        if not 0 <= self.grade <= 5:
            raise ActError("A CTCAE grade is 0 to 5. Correct it.")
        version = bed.course.pins.ctcae if bed.course.pins else bed.protocol.grading.version
        if not version:
            raise ActError("The site has not set its version of CTCAE (ctcae).")
        ladders = {each.name for each in read(version, bed.protocol.grading.units or "conventional").ladders}
        if self.term not in ladders:
            raise ActError(f"CTCAE {version} has no such term here.{nearest(self.term, ladders)}")
        yield GradeRecorded(**bed.signed(why=self.why), term=self.term, grade=self.grade, version=version)


def _stop(course: Course, row: str) -> Stop:
    stop = course.stops.get(row)
    if stop is None or stop.refuted_at is not None:
        raise _no_stop(course, row)
    return stop


def _no_stop(course: Course, row: str) -> ActError:
    known = [each.row for each in course.stops.values() if each.refuted_at is None]
    return ActError(f"No stop of this row was raised.{nearest(row, known)}")


def _not_repeated(course: Course, stop: Stop) -> list[str]:
    """The measured findings behind a stop that nobody has measured again since."""
    behind = [each for series in course.entries.values() for each in series if each.id in stop.because]
    measured = {each.finding for each in behind if vocabulary()[each.finding].group in _MEASURED}
    last = {name: max(each.time for each in behind if each.finding == name) for name in measured}
    return [
        vocabulary()[name].words
        for name, time in sorted(last.items())
        if not any(each.time > time and each.valid is not None for each in course.entries.get(name, ()))
    ]
