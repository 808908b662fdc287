"""Whether and until when a drug of the bundle was taken, for what it says of the patient's history."""

import re
from datetime import date, datetime

from aldes.course.medication import MedicationKind
from aldes.exchange.earlier_drugs import Taken
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.shapes import Resource, part, word
from aldes.exchange.times import first_of_day, read_time

_WAS_TAKEN = {
    MedicationKind.TAKEN: frozenset({"active", "completed", "stopped"}),
    MedicationKind.GIVEN: frozenset({"in-progress", "completed", "stopped"}),
}
_ORDER_IS_OVER = frozenset({"completed", "stopped"})
_DAY = re.compile(r"\d{4}-\d\d-\d\d.*", re.ASCII)
_ORDERED = "It was ordered, and no order says that a drug was taken. Chart a statement or an administration."
_UNSAID = "Its status does not say that it was taken. Settle it at its source."
_BOTH = "It is recorded as active, and its end is past. Correct one of the two."
_NO_DAY = "The last day on which it was taken is no day that can be read. Send year, month and day."


def taken(entry: Entry, kind: MedicationKind, codes: tuple[tuple[str, str], ...], now: datetime) -> Taken:
    """The drug as one that was taken; one that is intended was not, and says nothing of the history."""
    resource, status = entry.resource, word(entry.resource, "status")
    text = _last(resource, kind)
    day = _day(text)
    still = status == "active" and (day is None or day < now.date()) and kind is MedicationKind.TAKEN
    doubts = {
        entry.doubt: bool(entry.doubt),
        _ORDERED: kind is MedicationKind.ORDERED,
        _UNSAID: status not in _WAS_TAKEN.get(kind, {status}),
        _BOTH: still and bool(text),
        _NO_DAY: bool(text) and not _DAY.fullmatch(text),
    }
    return Taken(
        key=entry.key,
        where=entry.where,
        codes=() if status == "intended" else codes,
        at=_at(resource, text, now),
        last_day=now.date() if still or kind is MedicationKind.ORDERED else day,
        counts_days=kind is not MedicationKind.ORDERED or status not in _ORDER_IS_OVER,
        unusable=entry.unusable,
        doubts=tuple(doubt for doubt, present in doubts.items() if present),
    )


def _last(resource: Resource, kind: MedicationKind) -> str:
    """The text of the last time: the end of a period; of an administration also its one time."""
    period = part(resource, "effectivePeriod")
    if kind is MedicationKind.GIVEN:
        return word(period, "end") or word(period, "start") or word(resource, "effectiveDateTime")
    return word(period, "end") if kind is MedicationKind.TAKEN else ""


def _day(text: str) -> date | None:
    """The day as it is written; of a month or a year the latest day that it can mean."""
    at = read_time(text).at if text else None
    if at is None:
        return None
    return date.fromisoformat(text[:10]) if _DAY.fullmatch(text) else at.date()


def _at(resource: Resource, last: str, now: datetime) -> datetime | None:
    """When it was taken last, else when it began; an end in the future has not come."""
    period = part(resource, "effectivePeriod")
    began = next((each for each in (period.get("start"), resource.get("authoredOn")) if each is not None), None)
    for came in (last or None, began):
        at = first_of_day(came, now) or read_time(came).at
        if at is not None and at <= now:
            return at
    return None
