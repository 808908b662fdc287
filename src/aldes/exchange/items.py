"""One item of our own form, as batch lines and tables carry it: a finding, a statement or a dose."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from aldes.course.events import AnyEvent, EntryRetracted, FindingCharted, SlotState
from aldes.course.medication import Medication
from aldes.errors import InputError, nearest
from aldes.exchange.document import Json, LongNumber, fingerprint
from aldes.exchange.earlier_drugs import Taken, history_of
from aldes.exchange.medications import MEDICATION, listed, medication_of
from aldes.exchange.reading import Notes
from aldes.exchange.slots import DRUG, Administration
from aldes.exchange.statements import Signed, statement_event
from aldes.exchange.text import clean, code_shown
from aldes.exchange.times import MISSING, When, read_time
from aldes.findings.charted import Value
from aldes.findings.charting import CLOCK_SKEW, Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind
from aldes.numbers import parse_decimal

ITEM_KEYS = frozenset({"name", "value", "unit", "time", "status", "low", "high", "period", "id", "role"})
ROLES = frozenset({"physician", "nurse", "pharmacist"})
_COMPARED = re.compile(r"\s*(<=|>=|<|>)\s*(\S+)\s*")


@dataclass(slots=True)
class Items:
    """What one patient's items became."""

    now: datetime
    notes: Notes
    events: list[AnyEvent] = field(default_factory=list)
    doses: list[Administration] = field(default_factory=list)
    charted: dict[str, datetime] = field(default_factory=dict)  # id of an entry or statement → when it happened
    withdrawn: list[tuple[str, datetime | None]] = field(default_factory=list)  # own id, and when it was charted

    def read(self, item: dict[str, Json], where: str, faults: tuple[str, ...] = ()) -> None:
        """Read one item; `faults` are what the reader of its line already saw."""
        name = item.get("name")
        if not isinstance(name, str):
            self.notes.warn(where, "an item without a name", "We cannot tell what it says. Name its finding.")
        elif name == DRUG:
            self._dose(item, where, faults)
        elif item.get("status") == "entered-in-error":
            self._retract(item, where)
        elif name == MEDICATION:
            drug = medication_of(item.get("value"), _id(item, where), where, _span(item), faults)
            self.events.append(listed(drug, self.now))
            self.events += history_of(_taken(drug, self.now), self.now, self.notes)
        elif name.startswith("statement."):
            self._statement(item, name.removeprefix("statement."), where, faults)
        elif (finding := vocabulary().findings.get(name)) and _is_charted(finding):
            self._finding(item, finding, where, faults)
        else:
            why = f"It is no finding that can be charted, so that something was meant and is lost.{_near(name)}"
            self.notes.warn(where, code_shown(name), why)

    def _finding(self, item: dict[str, Json], finding: Finding, where: str, faults: tuple[str, ...]) -> None:
        raw = _raw(item, finding, where, faults)
        if raw.status == "cancelled" and _own_id(item):
            self.withdrawn.append((_own_id(item), raw.time))
        if raw.status == "cancelled" or (raw.id in self.charted and raw.status not in ("amended", "corrected")):
            # Charted again under one id, an entry replaces the one before: only a correction may do that.
            raw = replace(raw, id=f"{raw.id}~{fingerprint(item)}")
        entry = chart(raw, self.now)
        self.notes.places[entry.id] = where
        recorded = self.now if entry.fault else entry.time
        if raw.status != "cancelled":
            self.charted.setdefault(entry.id, entry.time)
        self.events.append(
            FindingCharted(happened_at=entry.time, recorded_at=recorded, by=entry.role or "", entry=entry)
        )

    def _statement(self, item: dict[str, Json], organ: str, where: str, faults: tuple[str, ...]) -> None:
        when, start = _when(item)
        signed = Signed(
            id=_id(item, where),
            where=where,
            system=organ,
            value=item.get("value"),
            status=_status(item),
            when=when,
            start=start,
            by=_role(item) or "",
            faults=faults,
        )
        for event in statement_event(signed, self.now, self.notes):
            self.charted.setdefault(signed.id, event.happened_at)
            self.events.append(event)

    def _retract(self, item: dict[str, Json], where: str) -> None:
        """Withdraw what is charted under this id, here or in an earlier import, wherever it stands in the list."""
        key = _own_id(item)
        why = "It was entered in error: it does not count, and what was charted under its id is withdrawn."
        self.notes.skip(where, code_shown(item.get("name")), why if key else f"{why} It has none; send its id.")
        if key:
            self.withdrawn.append((key, read_time(item.get("time")).instant))

    def retractions(self) -> list[AnyEvent]:
        """An event for each id that was withdrawn, and for each repetition of it that was charted here."""
        return [event for key, when in self.withdrawn for event in self._withdraw(key, when)]

    def _withdraw(self, key: str, when: datetime | None) -> Iterator[EntryRetracted]:
        latest = min(when, self.now) if when else None
        for id in dict.fromkeys([key, *(each for each in self.charted if each.startswith(f"{key}~"))]):
            charted_at = self.charted.get(id, self.now)
            at = max(charted_at, latest or charted_at)
            yield EntryRetracted(happened_at=at, recorded_at=self.now, id=id, why="withdrawn at its source")

    def _dose(self, item: dict[str, Json], where: str, faults: tuple[str, ...]) -> None:
        """A dose in a list of entries: its value is the slot's state, its time the start."""
        if item.get("status") == "entered-in-error":
            self.notes.skip(where, DRUG, "It was entered in error and never counted.")
            return
        start, end = _span(item)
        states = [state.value for state in SlotState]
        if faults or item.get("value") not in states or item.get("status", "final") != "final":
            why = f"A dose says {', '.join(states)}. Reconcile the slot with the drug chart."
            self.notes.warn(where, DRUG, " ".join((*faults, why)))
        elif start is None or start > self.now + CLOCK_SKEW:
            self.notes.warn(where, DRUG, "Its start is not one past instant with date, time and zone. Reconcile it.")
        else:
            state = SlotState(str(item["value"]))
            ended = end if end is not None and end >= start else None
            by = _role(item) or ""
            self.doses.append(Administration(where=where, start=start, state=state, ended_at=ended, by=by))


def _taken(drug: Medication, now: datetime) -> Taken:
    """A drug of the list as one that was taken: until its end, and without one still."""
    last_day = now.date() if drug.end is None else drug.end.astimezone(now.tzinfo).date()
    doubts = (drug.doubt,) if drug.doubt else ()
    return Taken(
        key=drug.id, where=drug.where, codes=drug.codes, at=drug.end or drug.start, last_day=last_day, doubts=doubts
    )


def _is_charted(finding: Finding) -> bool:
    return finding.derived is None and finding.group is not Group.COURSE


def _near(name: str) -> str:
    known = [each.name for each in vocabulary().findings.values() if _is_charted(each)]
    statements = [f"statement.{system}" for system in vocabulary().systems]
    return nearest(name[:60], [*known, *statements, DRUG, MEDICATION])


def _raw(item: dict[str, Json], finding: Finding, where: str, faults: tuple[str, ...]) -> Raw:
    value, comparator, value_faults = _value(item, finding)
    when, start = _when(item)
    low, high = item.get("low"), item.get("high")
    unit = item.get("unit")
    return Raw(
        finding=finding,
        id=_id(item, where),
        value=value,
        unit=unit if isinstance(unit, str) and unit else None,
        comparator=comparator,
        status=_status(item),
        time=when.at,
        start=start,
        low=low if isinstance(low, Decimal) else None,
        high=high if isinstance(high, Decimal) else None,
        imprecise=when.imprecise,
        role=_role(item),
        faults=(*faults, *value_faults),
    )


def _value(item: dict[str, Json], finding: Finding) -> tuple[Value | None, str, tuple[str, ...]]:
    """Value, comparator and faults; a number in quotes is text, unless it only adds a comparator."""
    value = item.get("value")
    if finding.kind is Kind.NUMBER and isinstance(value, str) and (match := _COMPARED.fullmatch(value)):
        try:
            return parse_decimal(match[2]), match[1], ()
        except InputError as refusal:
            return None, "", (str(refusal),)
    match value:
        case None:
            return None, "", ()
        case bool() | Decimal() | str():
            return value, "", ()
        case LongNumber():
            return None, "", ("It came as a number that no measurement has. Correct it at its source.",)
    return None, "", ("It came as a list or an object. We read one value. Send one.",)


def _when(item: dict[str, Json]) -> tuple[When, datetime | None]:
    """The time, or the end of the period with its start. A time beside a period must be its end."""
    if item.get("period") is None:
        return read_time(item.get("time")), None
    period = item["period"]
    if not isinstance(period, list) or len(period) != 2:
        return When(read_time(item.get("time")).at, "has a period that is not a start and an end"), None
    start, end = read_time(period[0]), read_time(period[1])
    if item.get("time") is not None and read_time(item["time"]) != end:
        latest = max((each.at for each in (end, read_time(item["time"])) if each.at), default=None)
        return When(latest, "differs from the end of its period"), None
    if start.instant is None:
        return When(end.at, end.imprecise or "is the end of a period without an exact start"), None
    return end, start.instant


def _span(item: dict[str, Json]) -> tuple[datetime | None, datetime | None]:
    """Start and end of a dose: from its period, else its time alone."""
    period = item.get("period")
    if isinstance(period, list) and len(period) == 2:
        return read_time(period[0]).instant, read_time(period[1]).instant
    when = read_time(item.get("time")) if period is None else MISSING
    return when.instant, None


def _status(item: dict[str, Json]) -> str:
    """Our own form may leave the status out: then the item is final."""
    status = item.get("status", "final")
    return status if isinstance(status, str) else "not a text"


def _role(item: dict[str, Json]) -> str | None:
    role = item.get("role")
    return role if isinstance(role, str) and role in ROLES else None


def _id(item: dict[str, Json], where: str) -> str:
    """Its own id; else its place with a name from its content, so that no other item ever shares it."""
    return _own_id(item) or f"{where}~{fingerprint(item)}"


def _own_id(item: dict[str, Json]) -> str:
    """The id that the item carries, without the two signs by which the record tells parts and repetitions apart."""
    own = item.get("id")
    return clean(own).replace("#", "_").replace("~", "_") if isinstance(own, str) else ""
