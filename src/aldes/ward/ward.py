"""The ward: its journal, its protocol, its clock, and the acts of named people on its patients.

Each act is judged against the course as it stands; its events are appended with what follows from them in one commit,
and only if the course is still that one (hazards H22, H24, H25). What is asked twice under one command is done once.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from aldes.administration.document import answer as compose
from aldes.course.events import AnyEvent, DecisionShown
from aldes.course.fold import replay
from aldes.course.journal import WARD, Command, Journal, events_of_the_ward
from aldes.course.patient import Patient
from aldes.course.people import Person, WardEvent, people
from aldes.course.state import Course
from aldes.errors import ActError, JournalError, MovedOnError, ReadOnlyError
from aldes.findings.charting import CLOCK_SKEW
from aldes.protocols.read import read as read_protocol
from aldes.protocols.row import Protocol
from aldes.ward.acts.act import Act
from aldes.ward.acts.joining import refuse_ended
from aldes.ward.asked import Asked
from aldes.ward.bed import Bed, Signature
from aldes.ward.hindsight import in_hindsight
from aldes.ward.recording import recorded

TRIES = 5  # of an act that rests on nothing that its author saw, while others write to the same course


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of an act."""

    course: str
    version: int
    events: tuple[AnyEvent, ...] = ()
    again: bool = False  # the same command was done before; nothing was recorded now


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A course as far as it was folded."""

    course: Course
    recorded_at: datetime | None


class Ward:
    """The patients of one journal, under one protocol for new courses."""

    def __init__(self, journal: Journal, *, protocol: str, site: str | None, clock: Callable[[], datetime]) -> None:
        self.journal = journal
        self.clock = clock
        self._default = (protocol, site)
        self._known: dict[str, _Known] = {}
        self._people: tuple[int, Mapping[str, Person]] = (0, {})
        self._lock = RLock()
        self._halted: str | None = None
        read_protocol(protocol, site)  # a ward does not open on a protocol that cannot be read

    # ── what is known ──

    def courses(self) -> tuple[str, ...]:
        """The patients' keys, in the order in which they came."""
        return self.journal.courses()

    def knows(self, id: str) -> bool:
        """Whether this is a patient's key here; of one who was looked at before, the list of all is not asked."""
        return id in self._known or id in self.courses()

    def course(self, id: str) -> Course:
        """A patient's course as it stands; only what is new since the last look is folded (hazard H89)."""
        return self._look(id).course

    def people(self) -> Mapping[str, Person]:
        """Everybody who ever was on the ward, by id."""
        with self._lock:
            seen, known = self._people
            if new := events_of_the_ward(self.journal, after=seen):
                self._people = (seen + len(new), people(new, known))
            return self._people[1]

    def protocol(self, course: Course) -> Protocol:
        """The protocol that a course pinned, as it reads today; of a course that is not open, the ward's own."""
        if course.pins is None:
            return read_protocol(*self._default)
        return read_protocol(course.pins.protocol, course.pins.site)

    def protocols(self) -> list[Protocol]:
        """The ward's own protocol and those that its courses pinned, each once."""
        found = [read_protocol(*self._default), *(self.protocol(self.course(id)) for id in self.courses())]
        return list({id(each): each for each in found}.values())

    @property
    def zone(self) -> ZoneInfo | None:
        """The clock of the site, where it has set one."""
        zone = read_protocol(*self._default).schedule.zone
        return ZoneInfo(zone) if zone else None

    def decision(self, id: str, now: datetime | None = None) -> dict[str, Any]:
        """The decision document of a patient, recorded nowhere."""
        course = self.course(id)
        return compose(course, self.protocol(course), now or self.clock(), patient=id)

    def asked(self, id: str, now: datetime | None = None) -> Asked:
        """A patient's course as the documents beside the decision are asked of it."""
        course = self.course(id)
        return Asked(known=course, protocol=self.protocol(course), now=now or self.clock(), patient=id)

    def knew(self, id: str, at: datetime) -> Course:
        """What the ward knew at an instant: the course after the last event that was recorded until then."""
        events: list[AnyEvent] = []
        for event in self.journal.read(id):
            if event.recorded_at > at:
                break
            events.append(event)
        return replay(events)

    def in_hindsight(self, id: str, at: datetime) -> Course:
        """The course at an instant by what is known today of the time until then (hazard H45)."""
        return in_hindsight(self.journal.read(id), at, self.protocol(self.course(id)))

    def bed(self, id: str, signature: Signature) -> Bed:
        """What an act of these people would see now."""
        course = self.course(id)
        return Bed(id=id, course=course, protocol=self.protocol(course), now=self.clock(), signature=signature)

    # ── what is done ──

    def perform(
        self, id: str, act: Act, signature: Signature, *, command: Command | None = None, expected: int | None = None
    ) -> Done:
        """Do an act for a patient: all of its events with what follows from them, or nothing.

        `expected` is the version of the course that its author saw; an act that rests on what was seen names it.

        Raises
        ------
        ActError
            When these people may not, or the course or its decision does not allow it.
        JournalError
            When the course has moved on, or the journal cannot write; nothing was recorded.
        """
        if command is not None and (done := self.journal.done(command)):
            return Done(course=id, version=done.version, again=True)
        if self._halted:
            raise ReadOnlyError(self._halted)
        try:
            return self._done(id, act, signature, command, expected)
        except (ActError, MovedOnError):
            if command is not None and (done := self.journal.done(command)):
                return Done(course=id, version=done.version, again=True)  # the same, asked at one time, was quicker
            raise

    def _done(self, id: str, act: Act, signature: Signature, command: Command | None, expected: int | None) -> Done:
        act.check(signature)
        for _ in range(TRIES if expected is None else 1):
            seen = self._look(id)
            if expected is not None and expected != seen.course.version:
                raise _moved_on(seen.course.version, expected)
            refuse_ended(seen.course, act)
            bed = Bed(
                id=id,
                course=seen.course,
                protocol=self.protocol(seen.course),
                now=self._now(seen),
                signature=signature,
                another=self._another,
            )
            events = _followed(bed, act)
            try:
                kept = self.journal.append(id, events, bed.course.version, command, bed.documents)
            except MovedOnError:
                if expected is not None:
                    raise
                continue  # somebody else charted meanwhile: judged anew against the newer course
            return Done(course=id, version=kept.version, events=() if kept.again else events, again=kept.again)
        raise MovedOnError("Others wrote to this course all the time. Try again; nothing was written.")

    def show(self, id: str, signature: Signature) -> Bed:
        """The course with its decision as it is shown now, kept where its core differs from the one shown last."""
        bed = self.bed(id, signature)
        if bed.course.pins is None or self.writable() is not None:
            return bed
        shown = bed.shown()
        if not _differs(bed.course, shown):
            return bed
        with suppress(JournalError):  # where somebody was quicker, the newer course is shown, and kept next time
            self.journal.append(id, (shown,), bed.course.version, None, bed.documents)
        return self.bed(id, signature)

    def halt(self, why: str | None) -> None:
        """Take nothing more, with this reason; None lets the ward go on."""
        self._halted = why

    def writable(self) -> str | None:
        """None, or the sentence that says why nothing is recorded now: by the ward itself, or by its journal."""
        return self._halted or self.journal.writable()

    def refuse_known(self, patient: Patient, *, anyway: bool = False) -> None:
        """A patient who is here already is opened, not registered again (hazard H10).

        Raises
        ------
        ActError
            When a patient here has the same identifier; or, unless `anyway`, the same name and birth date.
        """
        courses = [self.course(id) for id in self.courses()]
        here = [each.patient for each in courses if each.patient is not None]
        if any(set(each.identifiers) & set(patient.identifiers) for each in here):
            raise ActError("A patient with this identifier is on the ward already. Open that one on the board.")
        if not anyway and any(each.is_named_as(patient) for each in here):
            raise ActError(
                "A patient of this name and birth date is on the ward already. Compare the identifiers; "
                "register anyway if it is another person."
            )

    def say(self, event: WardEvent) -> None:
        """Record an event of the ward's own: somebody joined, left, or has a new secret."""
        self.journal.append(WARD, (event,), len(events_of_the_ward(self.journal)))

    # ── inside ──

    def _another(self, id: str) -> Course | None:
        return self.course(id) if self.knows(id) else None

    def _look(self, id: str) -> _Known:
        with self._lock:
            known = self._known.get(id) or _Known(course=Course(), recorded_at=None)
            if new := self.journal.read(id, after=known.course.version):
                known = _Known(course=replay(new, known.course), recorded_at=new[-1].recorded_at)
                self._known[id] = known
            return known

    def _now(self, seen: _Known) -> datetime:
        """The clock, which must not stand before what was recorded last (hazard H67)."""
        now = self.clock()
        if seen.recorded_at is not None and now < seen.recorded_at - CLOCK_SKEW:
            raise ActError(
                "The clock of this server stands before the last entry of the record. Set the clock, then act again."
            )
        return now if seen.recorded_at is None else max(now, seen.recorded_at)


def _followed(bed: Bed, act: Act) -> tuple[AnyEvent, ...]:
    """An act's events, each with the holds and stops that follow from it."""
    course = bed.course
    kept: list[AnyEvent] = []
    for event in act.events(bed):
        course, events = recorded(course, event, bed.protocol)
        kept += events
    return tuple(replace(each, recorded_at=bed.now) for each in kept) if act.history else tuple(kept)


def _differs(course: Course, shown: DecisionShown) -> bool:
    last = course.shown
    if last is None:
        return True
    core = (last.cycle, last.number, last.decision, last.rows, last.scope)
    return core != (shown.cycle, shown.number, shown.decision, shown.rows, shown.scope)


def _moved_on(version: int, expected: int) -> MovedOnError:
    return MovedOnError(
        f"The course has {version} events, you saw {expected}. "
        "Read it again, look at what is new, and record again; nothing was written."
    )


def alike(patients: Iterable[tuple[str, Course]], course: Course) -> tuple[str, ...]:
    """The keys of other patients who could be taken for this one: one identifier, or the same name and birth date."""
    own = course.patient
    if own is None:
        return ()
    settled = (course.ended_into, *course.joined)
    others = [
        (id, other.patient)
        for id, other in patients
        if other is not course and other.patient is not None and id not in settled
    ]
    return tuple(id for id, other in others if own.is_named_as(other) or set(other.identifiers) & set(own.identifiers))
