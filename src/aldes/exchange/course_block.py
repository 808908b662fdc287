"""The `course` of a batch line: where the patient stands, stated instead of replayed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aldes.course.events import (
    AnyEvent,
    ClinicianHeld,
    CourseEnded,
    CycleOpened,
    Discharged,
    FindingCharted,
    HoldOpened,
    NoticeAcknowledged,
    SlotClosed,
    SlotState,
    StopConfirmed,
    StopRaised,
)
from aldes.errors import InputError, nearest
from aldes.exchange.document import Json
from aldes.exchange.fields import flag, instant, known_keys, listed, past, row_id, whole
from aldes.exchange.reading import Notes
from aldes.exchange.text import clean
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding
from aldes.scope import Scope

UNACCOUNTED = "unaccounted"  # a slot that nobody has accounted for has no event
_KEYS = (
    "cycle",
    "cycle_starts",
    "slots",
    "standing_holds",
    "stops",
    "discharge",
    "weights",
    "target",
    "clinician_hold",
    "acknowledged",
)
_WEIGHTS = {"dosing": "dosing_weight", "baseline": "weight", "pump": "pump_weight"}
MOST_CYCLES, MOST_SLOTS, MOST_ROWS = 20, 500, 500  # our policy: far beyond any course


def course_events(course: Json, now: datetime, notes: Notes) -> list[AnyEvent]:
    """The events that the stated course consists of.

    Raises
    ------
    InputError
        For an unknown key or a statement that cannot be right: a course is stated exactly or not at all.
    """
    block = known_keys(course, _KEYS, "course")
    cycles = _Cycles(starts=_starts(block, now), now=now)
    events = _discharge(block, cycles)
    events += cycles.events()
    events += _slots(block, cycles)
    events += _holds(block, cycles)
    events += _stops(block, cycles)
    events += _charted(block, cycles, notes)
    events += _acknowledged(block, cycles)
    if flag(block, "clinician_hold"):
        events.append(ClinicianHeld(happened_at=now, recorded_at=now))
    return events


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cycles:
    """When each cycle of this course began, by number; the current one may begin only now."""

    starts: Mapping[int, datetime]
    now: datetime

    @property
    def current(self) -> int:
        return max(self.starts, default=1)

    def begin(self, cycle: int, place: str) -> datetime:
        if cycle not in self.starts:
            raise InputError(f"'{place}' names a cycle that has no start. Give it in 'cycle_starts'.")
        return self.starts[cycle]

    def anchor(self) -> datetime:
        """The beginning of the current cycle, or now where none has begun."""
        return self.starts.get(self.current, self.now)

    def events(self) -> list[AnyEvent]:
        return [CycleOpened(happened_at=at, recorded_at=at, cycle=number) for number, at in self.starts.items()]


def _starts(block: dict[str, Json], now: datetime) -> dict[int, datetime]:
    """From `cycle_starts`, else the first slot of each cycle; the cycle asked about may be yet to begin."""
    came = listed(block, "cycle_starts", MOST_CYCLES)
    stated = whole(block["cycle"], "course.cycle", MOST_CYCLES) if "cycle" in block else None
    starts = {index + 1: past(each, "course.cycle_starts", now) for index, each in enumerate(came)}
    if not starts:
        starts = _starts_of_slots(block, stated or 1, now)
    if stated and not starts.get(stated) and (stated == 1 or stated - 1 in starts):
        starts[stated] = now
    _check_starts(starts, stated)
    return starts


def _check_starts(starts: dict[int, datetime], stated: int | None) -> None:
    numbers, times = list(starts), list(starts.values())
    if numbers != list(range(1, len(numbers) + 1)) or times != sorted(set(times)):
        raise InputError("'course.cycle_starts' must list the start of each cycle from the first, in order of time.")
    if stated and stated != max(starts, default=1):
        raise InputError(
            "'course.cycle' and 'course.cycle_starts' do not fit. We read one start for each cycle up to the current "
            "one, which may be missing only while its first dose is yet to come."
        )


def _starts_of_slots(block: dict[str, Json], current: int, now: datetime) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for slot in _slot_objects(block):
        cycle = whole(slot.get("cycle", Decimal(current)), "course.slots.cycle", MOST_CYCLES)
        start = past(slot.get("start"), "course.slots.start", now)
        found[cycle] = min(start, found.get(cycle, start))
    return dict(sorted(found.items()))


def _discharge(block: dict[str, Json], cycles: _Cycles) -> list[AnyEvent]:
    """The last discharge of the course before, which ends it."""
    if block.get("discharge") is None:
        return []
    at = past(block["discharge"], "course.discharge", cycles.now)
    if at > cycles.starts.get(1, at):
        raise InputError(
            "'course.discharge' lies after this course began. It is the last discharge of the course before. "
            "Leave it out, or correct it."
        )
    return [Discharged(happened_at=at, recorded_at=at), CourseEnded(happened_at=at, recorded_at=at)]


def _slot_objects(block: dict[str, Json]) -> list[dict[str, Json]]:
    keys = ("number", "cycle", "start", "state", "end", "rows")
    return [known_keys(each, keys, "course.slots") for each in listed(block, "slots", MOST_SLOTS)]


def _slots(block: dict[str, Json], cycles: _Cycles) -> list[AnyEvent]:
    events: list[AnyEvent] = []
    seen: set[tuple[int, int]] = set()
    for slot in _slot_objects(block):
        cycle = whole(slot.get("cycle", Decimal(cycles.current)), "course.slots.cycle", MOST_CYCLES)
        number = whole(slot.get("number"), "course.slots.number", MOST_SLOTS)
        start = past(slot.get("start"), "course.slots.start", cycles.now)
        if (cycle, number) in seen or start < cycles.begin(cycle, "course.slots.cycle"):
            raise InputError(
                f"Slot {number} of cycle {cycle} came twice, or begins before its cycle. Correct the slots."
            )
        seen.add((cycle, number))
        if slot.get("state") != UNACCOUNTED:
            events.append(_slot(slot, cycle, number, start))
    return events


def _slot(slot: dict[str, Json], cycle: int, number: int, start: datetime) -> SlotClosed:
    states = [state.value for state in SlotState]
    state = slot.get("state")
    if state not in states:
        near = nearest(state[:40], states) if isinstance(state, str) else ""
        raise InputError(f"'course.slots.state' is none of {', '.join(states)}, {UNACCOUNTED}.{near}")
    return SlotClosed(
        happened_at=start,
        recorded_at=start,
        cycle=cycle,
        number=number,
        state=SlotState(str(state)),
        ended_at=instant(slot["end"], "course.slots.end") if slot.get("end") is not None else None,
        rows=tuple(row_id(each, "course.slots.rows") for each in listed(slot, "rows", MOST_ROWS)),
    )


def _holds(block: dict[str, Json], cycles: _Cycles) -> list[AnyEvent]:
    """Standing holds; one without an onset stands since its cycle began."""
    events: list[AnyEvent] = []
    for each in listed(block, "standing_holds", MOST_ROWS):
        hold = known_keys({"row": each} if isinstance(each, str) else each, ("row", "onset"), "course.standing_holds")
        row = row_id(hold.get("row"), "course.standing_holds.row")
        onset = hold.get("onset")
        at = cycles.anchor() if onset is None else past(onset, "course.standing_holds.onset", cycles.now)
        events.append(HoldOpened(happened_at=at, recorded_at=at, row=row))
    return events


def _stops(block: dict[str, Json], cycles: _Cycles) -> list[AnyEvent]:
    """Stops, with a physician's confirmation where one is stated."""
    events: list[AnyEvent] = []
    for each in listed(block, "stops", MOST_ROWS):
        stop = known_keys(each, ("row", "scope", "confirmed", "cycle", "at"), "course.stops")
        row, scope, at = row_id(stop.get("row"), "course.stops.row"), _scope(stop), _stop_time(stop, cycles)
        events.append(StopRaised(happened_at=at, recorded_at=at, row=row, scope=scope))
        if flag(stop, "confirmed"):
            events.append(StopConfirmed(happened_at=at, recorded_at=at, by="physician", row=row, scope=scope))
    return events


def _acknowledged(block: dict[str, Json], cycles: _Cycles) -> list[AnyEvent]:
    """Conditions that somebody has taken note of, by name."""
    events: list[AnyEvent] = []
    for each in listed(block, "acknowledged", MOST_ROWS):
        taken = known_keys(each, ("row", "at", "by"), "course.acknowledged")
        row, at = row_id(taken.get("row"), "course.acknowledged.row"), taken.get("at")
        by = taken.get("by")
        if not isinstance(by, str) or not clean(by):
            raise InputError("'course.acknowledged.by' is missing. A condition is acknowledged by name. Send the name.")
        happened = past(at, "course.acknowledged.at", cycles.now)
        events.append(NoticeAcknowledged(happened_at=happened, recorded_at=happened, by=clean(by), row=row))
    return events


def _stop_time(stop: dict[str, Json], cycles: _Cycles) -> datetime:
    if stop.get("at") is not None:
        return past(stop["at"], "course.stops.at", cycles.now)
    if stop.get("cycle") is not None:
        return cycles.begin(whole(stop["cycle"], "course.stops.cycle", MOST_CYCLES), "course.stops.cycle")
    return cycles.anchor()


def _scope(stop: dict[str, Json]) -> Scope:
    scopes = [scope.value for scope in Scope]
    scope = stop.get("scope")
    if scope not in scopes:
        near = nearest(scope[:40], scopes) if isinstance(scope, str) else ""
        raise InputError(f"'course.stops.scope' is none of {', '.join(scopes)}.{near}")
    return Scope(str(scope))


def _charted(block: dict[str, Json], cycles: _Cycles, notes: Notes) -> list[AnyEvent]:
    """The pinned weights (kg) and the patient's own systolic target (mmHg), charted as the cycle began."""
    weights = known_keys(block.get("weights") or {}, tuple(_WEIGHTS), "course.weights")
    numbers = [(_WEIGHTS[key], value, "kg", f"course.weights.{key}") for key, value in weights.items()]
    if block.get("target") is not None:
        numbers.append(("systolic_target", block["target"], "mm[Hg]", "course.target"))
    known = vocabulary().findings
    for name, _, _, place in numbers:
        if name not in known:
            notes.skip(place, name, "No finding of the vocabulary has this name.")
    return [_entry(known[name], value, unit, place, cycles) for name, value, unit, place in numbers if name in known]


def _entry(finding: Finding, value: Json, unit: str, place: str, cycles: _Cycles) -> FindingCharted:
    if not isinstance(value, Decimal):
        raise InputError(f"'{place}' is not a plain number. We read a number in {unit}. Send it so.")
    at = cycles.anchor()
    entry = chart(Raw(finding=finding, id=place, value=value, unit=unit, time=at), cycles.now)
    return FindingCharted(happened_at=entry.time, recorded_at=entry.time, entry=entry)
