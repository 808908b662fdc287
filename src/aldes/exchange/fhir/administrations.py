"""Doses of aldesleukin that were given, stopped, held or omitted."""

import re

from aldes.course.events import SlotState
from aldes.exchange.fhir.codes import ALDESLEUKIN, codings
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.medications import drug_of, looks_like_it
from aldes.exchange.fhir.patients import ANOTHER_PATIENT, Chart
from aldes.exchange.fhir.roles import role_of
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.fhir.times import Effective, period
from aldes.exchange.slots import DRUG, Administration
from aldes.exchange.times import MISSING, read_time
from aldes.findings.charting import CLOCK_SKEW
from aldes.findings.read import OWN

_STATES = {
    "completed": SlotState.GIVEN,
    "in-progress": SlotState.GIVEN,  # what has begun counts as a dose
    "stopped": SlotState.GIVEN_PARTLY,
}
_HELD = re.compile(r"\b(hold|held|withheld|withhold)\b", re.IGNORECASE)


def read_administration(entry: Entry, sheet: Chart) -> list[Administration]:
    """The one dose of aldesleukin that this resource charts; nothing for another drug.

    A dose that cannot be counted is said first: its slot stays unaccounted.
    """
    whose_else = sheet.whose_else(entry)
    if whose_else == ANOTHER_PATIENT:
        sheet.notes.skip(entry.where, "MedicationAdministration", whose_else)
        return []
    medication = drug_of(entry, sheet)
    if ALDESLEUKIN.isdisjoint(codings(medication)):
        _note_other(entry, medication, sheet)
        return []
    if word(entry.resource, "status") == "entered-in-error":
        sheet.notes.skip(entry.where, DRUG, "It was entered in error and never counted.")
        return []
    effective = _effective(entry.resource)
    start, state = effective.start, _state(entry.resource)
    if why := whose_else or _why_not(entry, effective, state, sheet):
        sheet.notes.warn(entry.where, DRUG, why)
        return []
    if start is None or state is None:
        return []
    ended_at = effective.when.instant
    if ended_at is not None and ended_at < start:
        sheet.notes.skip(entry.where, DRUG, "Its end lies before its start. The dose was counted from its start.")
        ended_at = None
    by = role_of(entry, sheet) or ""
    return [Administration(where=entry.where, start=start, state=state, ended_at=ended_at, by=by)]


def _note_other(entry: Entry, medication: Resource, sheet: Chart) -> None:
    """A drug that looks like aldesleukin but lacks its code must not be lost in silence."""
    if looks_like_it(entry, medication):
        why = "It looks like aldesleukin but lacks its code (ATC L03AC01). It was not counted as a dose. Send the code."
        sheet.notes.warn(entry.where, DRUG, why)
    elif not medication:
        why = "Its drug cannot be told: no code, or a Medication that is not in this bundle. Send the code."
        sheet.notes.warn(entry.where, "MedicationAdministration", why)


def _effective(resource: Resource) -> Effective:
    """The start of the infusion, and its end where the period has one; a running one has none yet."""
    if "effectivePeriod" not in resource:
        when = read_time(resource.get("effectiveDateTime"))
        return Effective(MISSING, when.instant)
    came = part(resource, "effectivePeriod")
    start = read_time(came.get("start")).instant
    return Effective(period(came).when, start)


def _state(resource: Resource) -> SlotState | None:
    status = word(resource, "status")
    if status == "not-done":
        return SlotState.HELD if _says_held(resource) else SlotState.OMITTED
    return _STATES.get(status)


def _says_held(resource: Resource) -> bool:
    """Whether a status reason says *held*, by our own code or in words; otherwise the slot was omitted."""
    for reason in parts(resource, "statusReason"):
        texts = [word(reason, "text"), *(word(each, "display") for each in parts(reason, "coding"))]
        if (OWN, "held") in codings(reason) or any(_HELD.search(text) for text in texts):
            return True
    return False


def _why_not(entry: Entry, effective: Effective, state: SlotState | None, sheet: Chart) -> str:
    """Why this dose cannot be counted, or nothing."""
    if entry.unusable or entry.doubt:
        return entry.unusable or entry.doubt
    if state is None:
        return "Its status does not say whether the dose was given. Reconcile the slot with the drug chart."
    if effective.start is None:
        return "Its start is not one instant with date, time and zone. Reconcile the slot with the drug chart."
    if effective.start > sheet.now + CLOCK_SKEW:
        return "Its start lies in the future. Check the clock and the drug chart."
    return ""
