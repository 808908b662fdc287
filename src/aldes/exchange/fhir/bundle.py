"""A FHIR R4 bundle, read as one patient's record."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aldes.course.events import AnyEvent, Died
from aldes.exchange.fhir.administrations import read_administration
from aldes.exchange.fhir.conditions import read_condition
from aldes.exchange.fhir.encounters import read_encounter
from aldes.exchange.fhir.entries import Entry, entries_of
from aldes.exchange.fhir.medications import read_medication
from aldes.exchange.fhir.observations import read_observation
from aldes.exchange.fhir.patients import Chart, choose, is_deceased, warn_about
from aldes.exchange.fhir.persons import read_person
from aldes.exchange.fhir.procedures import read_procedure
from aldes.exchange.fhir.references import Index
from aldes.exchange.fhir.reports import read_report
from aldes.exchange.fhir.shapes import Resource
from aldes.exchange.fhir.whole import warn_of_hidden, warn_of_missing
from aldes.exchange.reading import Notes, Reading, in_order, note_doubts
from aldes.exchange.slots import opened_by_admission, slot_events
from aldes.exchange.text import clean, code_shown

_READERS: dict[str, Callable[[Entry, Chart], list[AnyEvent]]] = {
    "Encounter": read_encounter,
    "Observation": read_observation,
    "Condition": read_condition,
    "Procedure": read_procedure,
    "DiagnosticReport": read_report,
    "MedicationStatement": read_medication,
    "MedicationRequest": read_medication,
    "MedicationAdministration": read_medication,
}
_SUPPORTING = frozenset(
    {"Patient", "Practitioner", "PractitionerRole", "Medication"}
)  # read where something names them
_NOT_READ = {
    "FamilyMemberHistory": "Family history says nothing about this patient's own findings.",
    "DeviceUseStatement": "Devices are not read. Chart what is running now as a finding.",
    "Bundle": "A bundle within the bundle is not read. Send its entries.",
}


def read_bundle(bundle: Resource, now: datetime, patient_id: str | None = None) -> Reading:
    """One patient's events from a bundle of any kind, with everything that was not used.

    `now` is the reading time: what lies later than it has not happened. `patient_id` chooses among several.

    Raises
    ------
    InputError
        When it is no bundle, is too large, or does not hold exactly one (chosen) patient.
    """
    notes = Notes()
    entries = entries_of(bundle, notes)
    patient = choose(entries, patient_id)
    sheet = Chart(patient=patient, index=Index(entries), now=now, notes=notes)
    warn_of_missing(bundle, notes)
    for entry in entries:
        warn_of_hidden(entry, notes)
    events = [*_events(entries, sheet), *read_person(patient, sheet)]
    if is_deceased(patient):
        events.append(Died(happened_at=now, recorded_at=now))
    note_doubts(events, notes)
    warn_about(patient, notes)
    return Reading(
        patient=_key(patient),
        events=in_order(events),
        not_used=notes.grouped(),
        alert=tuple(notes.alerts),
    )


def _key(patient: Entry) -> str:
    """An opaque key of the patient: the logical id, else a urn, else a name from the content."""
    return patient.id or (clean(patient.full_url) if patient.full_url.startswith("urn:uuid:") else patient.key)


def _events(entries: Sequence[Entry], sheet: Chart) -> list[AnyEvent]:
    """Doses first, so that a cycle is open before what was charted at its very start."""
    doses = [entry for entry in entries if entry.type == "MedicationAdministration"]
    events = slot_events([each for entry in doses for each in read_administration(entry, sheet)], sheet.notes)
    for entry in entries:
        if reader := _READERS.get(entry.type):
            events.extend(reader(entry, sheet))
        elif entry.type not in _SUPPORTING:
            _note_not_read(entry, sheet)
    return [*events, *opened_by_admission(events)]


def _note_not_read(entry: Entry, sheet: Chart) -> None:
    why = _NOT_READ.get(entry.type, "This kind of resource is not read.")
    sheet.notes.skip(entry.where, code_shown(entry.type), why)
