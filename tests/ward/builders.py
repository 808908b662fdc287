"""A patient who is well before dose 6, as recorded events, and the events that change one respect of it.

Five doses were given, every 8 hours; the sixth is due at `NOW`. Times are told in hours before the slot: `ago(2)`.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count

from aldes import ward
from aldes.administration.decision import Decision, Word
from aldes.course.events import (
    Admitted,
    AnyEvent,
    ClinicianHeld,
    ClinicianHoldLifted,
    CycleOpened,
    EntryRetracted,
    FindingCharted,
    HoldLifted,
    SlotClosed,
    SlotState,
    StatementMade,
    StopConfirmed,
    StopRefuted,
)
from aldes.course.state import Course
from aldes.findings.charted import Charted, Value
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.scope import Scope

NOW = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)  # 10:00 in Chicago, where the demo site is
INTERVAL = timedelta(hours=8)
SYSTEMS = ("cardiac", "neuro", "lungs", "gut", "liver", "skin", "infection", "support")
LABEL, CONSENSUS, INSTITUTION = "us-label-2023", "consensus-2014", "institution-2015"
PROTOCOLS = (LABEL, CONSENSUS, INSTITUTION)
WELL = {
    "systolic": 118,
    "heart_rate": 88,
    "spo2": 97,
    "creatinine": "1.1",
    "platelets": 160,
    "bilirubin": "0.8",
    "weight": 70,
    "bicarbonate": 24,
    "serial_sevens": "done, correct",
    "world_backward": "done, correct",
    "lung_bases": "done, no rales",
}

_ids = count(1)


def ago(hours: float) -> datetime:
    """So many hours before the slot."""
    return NOW - timedelta(hours=hours)


def value_of(came: object) -> Value | None:
    """Whole numbers and quoted decimals become decimals; words and flags stay."""
    if isinstance(came, int) and not isinstance(came, bool):
        return Decimal(came)
    if isinstance(came, str) and came.replace(".", "", 1).isdigit():
        return Decimal(came)
    return came if isinstance(came, bool | str | Decimal) else None


def charted(
    finding: str,
    came: object,
    hours_ago: float = 0.25,
    *,
    over_h: float | None = None,
    fault: str | None = None,
    by: str | None = None,
    recorded_ago: float | None = None,
    id: str | None = None,
    high: object = None,
) -> FindingCharted:
    """A value as the ward charts it; with a `fault` it may answer yes and never no."""
    value, time = value_of(came), ago(hours_ago)
    limit = value_of(high)
    entry = Charted(
        finding=finding,
        id=id or f"entry-{next(_ids)}",
        time=time,
        start=None if over_h is None else time - timedelta(hours=over_h),
        worst=value,
        valid=None if fault else value,
        high=limit if isinstance(limit, Decimal) else None,
        fault=fault,
        role=by,
    )
    recorded_at = time if recorded_ago is None else ago(recorded_ago)
    return FindingCharted(happened_at=time, recorded_at=recorded_at, entry=entry)


def preliminary(finding: str, came: object, hours_ago: float = 0.25) -> FindingCharted:
    """A value that is not final yet."""
    return charted(finding, came, hours_ago, fault="The status is 'preliminary'.")


def statement(system: str, hours_ago: float = 0.2, fault: str | None = None) -> StatementMade:
    """None of the listed, for one organ system."""
    at = ago(hours_ago)
    return StatementMade(
        happened_at=at, recorded_at=at, by="nurse", id=f"statement-{next(_ids)}", system=system, fault=fault
    )


def slot(number: int, hours_ago: float, state: SlotState = SlotState.GIVEN, cycle: int = 1) -> SlotClosed:
    """A slot that closed."""
    at = ago(hours_ago)
    return SlotClosed(happened_at=at, recorded_at=at, cycle=cycle, number=number, state=state)


def retracted(id: str, hours_ago: float = 0.1) -> EntryRetracted:
    return EntryRetracted(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by="nurse", id=id)


def lifted(row: str, hours_ago: float = 0.1, by: str = "physician") -> HoldLifted:
    return HoldLifted(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by=by, why="seen", row=row)


def confirmed(row: str, scope: Scope, hours_ago: float = 0.1) -> StopConfirmed:
    return StopConfirmed(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by="physician", row=row, scope=scope)


def refuted(row: str, hours_ago: float = 0.1) -> StopRefuted:
    return StopRefuted(
        happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by="physician", why="an artefact", row=row
    )


def held_by_nurse(hours_ago: float = 0.3) -> ClinicianHeld:
    return ClinicianHeld(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by="nurse", why="she looks unwell")


def hold_ended(hours_ago: float = 0.1, by: str = "physician") -> ClinicianHoldLifted:
    return ClinicianHoldLifted(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by=by, why="seen")


def cycle_opened(cycle: int, hours_ago: float) -> CycleOpened:
    return CycleOpened(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), cycle=cycle)


def doses(given: int, cycle: int = 1, until_ago: float = 8) -> list[AnyEvent]:
    """So many doses given every 8 hours, the last `until_ago` hours before the slot."""
    return [slot(number, until_ago + 8 * (given - number), cycle=cycle) for number in range(1, given + 1)]


def opened() -> list[AnyEvent]:
    """Admission two days ago, with weight and target pinned and the weight before the first dose."""
    admitted = Admitted(happened_at=ago(47), recorded_at=ago(47))
    return [
        admitted,
        charted("dosing_weight", 70, 46),
        charted("systolic_target", 85, 46, by="physician"),
        charted("weight", 68, 46),
        charted("creatinine", "1.0", 46, high="1.3"),
    ]


READY = tuple(each.name for each in vocabulary().findings.values() if each.group is Group.READINESS)


def ready(hours_ago: float = 1, *, without: Iterable[str] = (), by: str = "physician") -> list[AnyEvent]:
    """Everything in place for the first dose of a cycle, and all that cycle 2 asks again."""
    left_out = set(without)
    again = {"haemoglobin": 12, "white_cells": 6, "temperature": 37, "ecog": 0, "lvef": 60}
    found: list[AnyEvent] = [charted(name, True, hours_ago, by=by) for name in READY if name not in left_out]
    return found + [charted(name, value, hours_ago) for name, value in again.items() if name not in left_out]


def pre_dose_check(without: Iterable[str] = ()) -> list[AnyEvent]:
    """What is measured and stated before the slot, each a little before it."""
    left_out = set(without)
    found: list[AnyEvent] = [charted(name, value, 0.5) for name, value in WELL.items() if name not in left_out]
    if "urine" not in left_out:
        found += [charted("urine", 400, 8.4, over_h=8), charted("urine", 400, 0.4, over_h=8)]
    return found + [statement(system) for system in SYSTEMS if system not in left_out]


def well_patient(*changes: AnyEvent, without: Iterable[str] = (), given: int = 5) -> list[AnyEvent]:
    """A patient who is well before the next dose, changed in one respect; in order of recording."""
    return in_order([*opened(), *doses(given), *pre_dose_check(without), *changes])


def in_order(events: Iterable[AnyEvent]) -> list[AnyEvent]:
    """As the record learned them; those of one time keep the order in which they are written."""
    return sorted(events, key=lambda event: event.recorded_at)


@cache
def demo(protocol: str) -> Protocol:
    """A protocol with the demo site."""
    return read(protocol, "demo")


def after(events: Iterable[AnyEvent], protocol: str | Protocol = LABEL) -> Course:
    """The course after these events, each recorded live, one after the other."""
    course, resolved = Course(), demo(protocol) if isinstance(protocol, str) else protocol
    for event in events:
        course, _ = ward.recorded(course, event, resolved)
    return course


def asked(events: Iterable[AnyEvent], protocol: str | Protocol = LABEL, now: datetime = NOW) -> Decision:
    """The decision after these events."""
    resolved = demo(protocol) if isinstance(protocol, str) else protocol
    return ward.next_dose(after(events, resolved), resolved, now)


def word(events: Iterable[AnyEvent], protocol: str | Protocol = LABEL, now: datetime = NOW) -> Word:
    """The decision in one word."""
    return asked(events, protocol, now).word


def rows(events: Iterable[AnyEvent], protocol: str | Protocol = LABEL, now: datetime = NOW) -> set[str]:
    """The rows that decided."""
    return {each.row for each in asked(events, protocol, now).because}


def statements(hours_ago: float = 0.05, without: Iterable[str] = ()) -> list[AnyEvent]:
    """A fresh statement for each organ system but some."""
    return [statement(system, hours_ago) for system in SYSTEMS if system not in set(without)]


def every_no(
    system: str, hours_ago: float = 0.05, by: str = "physician", without: Iterable[str] = ()
) -> list[AnyEvent]:
    """Each listed finding of an organ system charted as absent, one by one."""
    return [
        charted(each.name, _absent(each.name), hours_ago, by=by)
        for each in vocabulary().in_system(system)
        if not each.derived and each.name not in set(without)
    ]


def _absent(name: str) -> object:
    finding = vocabulary()[name]
    return finding.codes[0] if finding.codes else (False if finding.absent is None else finding.absent)


def finding_of(event: AnyEvent) -> str:
    """The finding that an event charts, or nothing."""
    return event.entry.finding if isinstance(event, FindingCharted) else ""
