"""What goes onto paper: drug chart, preparation, downtime, handover, discharge."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aldes.course.events import DoseInterrupted, DoseStarted, SlotClosed
from aldes.course.facts import INTERVAL, Facts, next_number
from aldes.course.people import Person
from aldes.course.state import Course, Slot
from aldes.errors import ProtocolError
from aldes.evidence.register import read_register
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.numbers import number
from aldes.protocols.row import Protocol
from aldes.questions.words import value_words
from aldes.service.views.protocols import Read, cited_words, count_words, protocol_view
from aldes.units import Dose
from aldes.ward import Ward


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One kind of paper."""

    name: str
    words: str
    says: str


SHEETS = (
    Sheet(name="chart", words="Drug chart", says="every slot of the course: what was given, by whom, and why not"),
    Sheet(name="preparation", words="Preparation sheet", says="the next dose step by step, with room for two names"),
    Sheet(name="downtime", words="Downtime sheet", says="the pinned criteria and empty fields, for when no page opens"),
    Sheet(name="handover", words="Handover", says="decision, what stands, what is owed, newest values"),
    Sheet(name="discharge", words="Discharge plan", says="what is to be settled before the patient goes home"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartLine:
    """One slot of the drug chart."""

    cycle: int
    number: int
    at: datetime
    state: str
    dose: str
    bag: str
    by: str
    checked_by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The newest entry of a finding."""

    words: str
    value: str
    time: datetime
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One thing to settle before the patient goes home, with what is printed about it."""

    what: str
    says: str
    source: str
    ask: str  # what is written beside it by hand


def chart_lines(ward: Ward, id: str, course: Course, now: datetime) -> list[ChartLine]:
    """Every slot that was or should have been, in order, with who signed it."""
    signed = _signatures(ward, id)
    people = ward.people()
    running = course.infusing
    closed = [
        _line(each, signed.get((each.cycle, each.number), ("", "", "")), people, running=each is running)
        for each in course.slots
    ]
    return sorted(
        [*closed, *_unaccounted(course, ward.protocol(course), now)],
        key=lambda each: (each.cycle, each.number, each.at),
    )


def criteria(protocol: Protocol, *, cycle: int, dose_1: bool) -> list[tuple[str, tuple[Read, ...]]]:
    """The criteria of the decision, stops first: those that a nurse asks by hand when no page opens.

    Rows of a counting rule that is not in force are left out, as the decision leaves them out. Readiness is asked
    before dose 1 alone.
    """
    out = {each.id for each in protocol.rows if each.rule not in ("", protocol.counting)}
    parts = [
        (section.heading, tuple(each for each in section.rows if each.id not in out))
        for section in protocol_view(protocol).sections
    ]
    if counts := tuple(count_words(each, each.rule) for each in protocol.counts if each.rule == protocol.counting):
        parts.append(("How criteria are counted", counts))
    if dose_1:
        again = protocol.cycle2 if cycle > 1 else ()
        parts.insert(
            0, ("Before dose 1 of a cycle", tuple(cited_words(each) for each in (*protocol.readiness, *again)))
        )
    return [(heading, rows) for heading, rows in parts if rows]


def newest(course: Course, *groups: Group) -> list[Value]:
    """The newest entry of each finding of these groups, in the order of the vocabulary."""
    known = vocabulary()
    return [
        _value(course, each.name)
        for each in known.findings.values()
        if course.entries.get(each.name) and (not groups or each.group in groups)
    ]


def discharge_plan(protocol: Protocol) -> list[Plan]:
    """What is settled before discharge: what no source and no site settles says so."""
    return [*_around_the_bed(protocol), *_afterwards(protocol)]


def _around_the_bed(protocol: Protocol) -> Iterator[Plan]:
    unsettled = "No source that was read and no site settles it."
    yield Plan(what="Central line", says=unsettled, source="", ask="removed at, by")
    for each in protocol.premedication:
        yield Plan(
            what=f"Premedication ends: {each.words}",
            says=f"{each.advice}. {unsettled}",
            source=f"{each.source}; {each.status.value}",
            ask="last taken at",
        )
    stopped = next((each for each in protocol.readiness if "antihypertensive" in each.words), None)
    yield Plan(
        what="Drugs for high pressure",
        says=f"Readiness asks that they are stopped before dose 1. Who starts them again, and when? {unsettled}",
        source=f"{stopped.source}; {stopped.status.value}" if stopped else "",
        ask="who, when, from which pressure",
    )


def _afterwards(protocol: Protocol) -> Iterator[Plan]:
    yield _by_fact("Laboratory tests", "TIME-05", "which, and on which day")
    yield Plan(
        what="Thyroid", says="No source that was read says when it is tested after a course.", source="", ask="date"
    )
    contrast = next((each for each in protocol.interactions if each.id == "INT-09"), None)
    if contrast:
        yield Plan(
            what="Contrast for imaging",
            says=f"{contrast.words[0].upper()}{contrast.words[1:]}: {contrast.effect}; {contrast.action}.",
            source=f"{contrast.id}, {contrast.source}; {contrast.status.value}",
            ask="patient and radiology told by",
        )
    yield _by_fact("First look at the tumour", "TMR-01", "date")
    yield _by_fact("Another course", "DOSE-11", "seen by a physician on")
    yield _by_fact("Not before", "DOSE-12", "date of discharge, and earliest day")


def _by_fact(what: str, id: str, ask: str) -> Plan:
    try:
        fact = read_register().fact(id)
    except ProtocolError:
        return Plan(what=what, says="Nothing about it stands in the register.", source="", ask=ask)
    return Plan(what=what, says=fact.words, source=f"{fact.id}, {fact.source}; {fact.status.value}", ask=ask)


def _signatures(ward: Ward, id: str) -> dict[tuple[int, int], tuple[str, str, str]]:
    """Person, second person and role as it came, of the last event that says how a slot was."""
    found: dict[tuple[int, int], tuple[str, str, str]] = {}
    for event in ward.journal.read(id):
        match event:
            case DoseStarted() | SlotClosed():
                found[event.cycle, event.number] = (event.person, event.second, event.by)
            case DoseInterrupted():
                continue
    return found


def _unaccounted(course: Course, protocol: Protocol, now: datetime) -> Iterator[ChartLine]:
    """Slots that passed without a word: numbers left out of a cycle, and those since the last one."""
    numbers: dict[int, dict[int, datetime]] = {}
    for each in course.slots:
        numbers.setdefault(each.cycle, {})[each.number] = each.at
    for cycle, known in numbers.items():
        first = min(known)
        missing = [each for each in range(1, max(known)) if each not in known]
        if cycle == course.cycle:
            missing += _passed(course, protocol, now, len(missing))
        for silent in missing:
            yield _silent(cycle, silent, known[first] + (silent - first) * INTERVAL)


def _passed(course: Course, protocol: Protocol, now: datetime, left_out: int) -> range:
    """The numbers after the last slot whose last moment is over, as the decision counts them (SLOT-01)."""
    schedule = protocol.schedule
    count = Facts(course=course, now=now, zone=schedule.zone, late_h=schedule.late_h)["slots_unaccounted"]
    next_one = next_number(course)
    return range(next_one, next_one + max(0, int(count or 0) - left_out))


def _silent(cycle: int, number: int, at: datetime) -> ChartLine:
    why = "nobody has said what happened"
    return ChartLine(
        cycle=cycle, number=number, at=at, state="unaccounted", dose="", bag="", by="", checked_by="", why=why
    )


def _line(slot: Slot, signed: tuple[str, str, str], people: Any, *, running: bool) -> ChartLine:
    person, second, by = signed
    dose = Dose.from_iu(slot.iu).words if slot.given and slot.iu is not None else ""
    if slot.volume_ml is not None:
        dose = f"{dose}, {number(slot.volume_ml)} mL of it".lstrip(", ")
    why = "; ".join(each for each in (", ".join(slot.rows), slot.why, slot.deviation) if each)
    return ChartLine(
        cycle=slot.cycle,
        number=slot.number,
        at=slot.at,
        state="running" if running else slot.state.value,  # who reads given believes that the bag is empty
        dose=dose,
        bag=slot.bag,
        by=_name(people.get(person), by),
        checked_by=_name(people.get(second), ""),
        why=why,
    )


def _name(person: Person | None, otherwise: str) -> str:
    return f"{person.name}, {person.role.value}" if person else otherwise


def _value(course: Course, name: str) -> Value:
    entry = course.entries[name][-1]
    value = entry.valid if entry.valid is not None else entry.worst
    words = entry.text or "no value" if value is None else value_words(value, name, vocabulary())
    return Value(words=vocabulary()[name].words, value=words, time=entry.time, fault=entry.fault or "")
