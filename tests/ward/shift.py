"""A ward with one well patient before dose 6, a clock that tests move, and people who act."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import builders as b

from aldes.course.events import AnyEvent, FindingCharted
from aldes.course.journal import Command, Journal, MemoryJournal
from aldes.course.patient import Patient
from aldes.course.people import Person, Role
from aldes.course.state import Course
from aldes.ward import Done, Signature, Ward
from aldes.ward.acts import (
    Act,
    Chart,
    Go,
    OpenCourse,
    PinTarget,
    PinWeight,
    Prepare,
    Register,
    Retract,
    Start,
    TakeOver,
)

__all__ = ["Retract"]

PHYSICIAN = Person(id="p1", name="physician A", role=Role.PHYSICIAN)
PHARMACIST = Person(id="f1", name="pharmacist A", role=Role.PHARMACIST)
NURSE = Person(id="n1", name="nurse A", role=Role.NURSE)
OTHER_NURSE = Person(id="n2", name="nurse B", role=Role.NURSE)
READER = Person(id="r1", name="reader A", role=Role.READER)
EVERYBODY = (PHYSICIAN, PHARMACIST, NURSE, OTHER_NURSE, READER)
PATIENT = Patient(family="Example", given="Ada", born=date(1966, 5, 4), identifiers=(("urn:aldes:demo", "1"),))
BED = "bed-1"

_commands = count(1)


class Shift:
    """A ward, its clock at the slot, and its patient's course opened and ready for the next dose."""

    def __init__(self, journal: Journal | None = None, protocol: str = b.LABEL, site: str | None = "demo") -> None:
        self.now = b.NOW
        self.ward = Ward(journal or MemoryJournal(), protocol=protocol, site=site, clock=lambda: self.now)

    def do(
        self,
        act: Act,
        person: Person = NURSE,
        second: Person | None = None,
        *,
        command: Command | None = None,
        expected: int | None = None,
        bed: str = BED,
    ) -> Done:
        """One act, signed by one or two people."""
        return self.ward.perform(bed, act, Signature(person=person, second=second), command=command, expected=expected)

    def pass_time(self, hours: float = 0, minutes: float = 0) -> None:
        """Let time pass."""
        self.now += timedelta(hours=hours, minutes=minutes)

    def chart(
        self, finding: str, value: object, minutes_ago: float = 0, person: Person = NURSE, **more: object
    ) -> Done:
        """Chart one value, so many minutes before now."""
        return self.do(Chart(entries=(self.entry(finding, value, minutes_ago, **more),)), person)  # type: ignore[arg-type]

    def entry(self, finding: str, value: object, minutes_ago: float = 0, **more) -> FindingCharted:
        """A value as it is charted so many minutes before now."""
        hours = (b.NOW - self.now).total_seconds() / 3600 + minutes_ago / 60
        return b.charted(finding, value, hours, **more)

    @property
    def course(self) -> Course:
        """The patient's course as it stands."""
        return self.ward.course(BED)

    def word(self) -> str:
        """The decision in a word."""
        return str(self.ward.decision(BED)["decision"])

    def rows(self) -> set[str]:
        """The rows that decided."""
        return {each["row"] for each in self.ward.decision(BED)["because"]}

    def events(self, kind: type[AnyEvent]) -> list[AnyEvent]:
        """The events of one kind, in order."""
        return [each for each in self.ward.journal.read(BED) if isinstance(each, kind)]

    def check(self) -> None:
        """A routine check of the well patient, charted now."""
        at = (b.NOW - self.now).total_seconds() / 3600
        entries = [b.charted(name, value, at) for name, value in b.WELL.items()]
        entries.append(b.charted("urine", 400, at, over_h=8))
        self.do(Chart(entries=(*entries, *(b.statement(system, at) for system in b.SYSTEMS))))

    def give(self) -> None:
        """Go, bag, start: the next dose of a patient whose check is there."""
        self.do(Go(), PHYSICIAN)
        self.do(Prepare(), PHARMACIST, NURSE)
        self.do(Start(bag=self.bag()), NURSE, OTHER_NURSE)

    def bag(self) -> str:
        """The newest bag."""
        return list(self.course.bags)[-1]


def shift(*changes: AnyEvent, given: int = 5, protocol: str = b.LABEL, journal: Journal | None = None) -> Shift:
    """A well patient before the next dose, changed in one respect; course opened, weight and target settled."""
    found = Shift(journal, protocol)
    found.do(TakeOver(events_read=tuple(b.well_patient(*changes, given=given))), NURSE)
    found.do(Register(patient=PATIENT), NURSE)
    found.do(OpenCourse(why="referred and seen; selection was done elsewhere"), PHYSICIAN)
    found.do(PinWeight(kg=Decimal(70)), PHYSICIAN, PHARMACIST)
    found.do(PinTarget(mmhg=Decimal(85)), PHYSICIAN)
    return found


def asked_for(words: str = "") -> Command:
    """A command with an id of its own."""
    number = next(_commands)
    return Command(id=f"command-{number}", digest=words or f"asked {number}")
