"""Inpatient stays: admission and discharge."""

from aldes.course.events import Admitted, AnyEvent, Discharged
from aldes.exchange.fhir.codes import ENCOUNTER_CLASS, INPATIENT
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import Chart
from aldes.exchange.fhir.shapes import part, word
from aldes.exchange.times import read_time
from aldes.findings.charting import CLOCK_SKEW


def read_encounter(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """When the patient came in, and when they left if the stay is finished."""
    if why := sheet.whose_else(entry) or _why_not(entry):
        sheet.notes.skip(entry.where, "Encounter", why)
        return []
    came = part(entry.resource, "period")
    start, ended = read_time(came.get("start")).instant, read_time(came.get("end"))
    end = ended.instant
    finished = word(entry.resource, "status") == "finished"
    latest = sheet.now + CLOCK_SKEW
    events: list[AnyEvent] = []
    if start is not None and start <= latest:
        events.append(Admitted(happened_at=start, recorded_at=start))
    if finished and end is not None and end <= latest and (start is None or start <= end):
        events.append(Discharged(happened_at=end, recorded_at=end))
    if finished and end is None:
        # When is unclear, and that the patient left is not: it counts as the latest instant that it can mean.
        at = min(ended.at or sheet.now, sheet.now)
        events.append(Discharged(happened_at=at, recorded_at=at))
        why = "It is finished, and its end is not one instant with date, time and zone: taken for the latest possible."
        sheet.notes.skip(entry.where, "Encounter", why)
    if len(events) < 1 + finished:
        sheet.notes.skip(entry.where, "Encounter", "Its start or end is not one past instant with date, time and zone.")
    return events


def _why_not(entry: Entry) -> str:
    kind = part(entry.resource, "class")
    if word(kind, "system") != ENCOUNTER_CLASS or word(kind, "code") not in INPATIENT:
        return "It is not an inpatient stay."
    if word(entry.resource, "status") not in ("finished", "in-progress"):
        return "Its status is neither in-progress nor finished."
    return entry.unusable or entry.doubt
