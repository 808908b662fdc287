"""Drugs other than aldesleukin: statements, orders and administrations, by their codes and times."""

import re
from datetime import datetime

from aldes.course.events import AnyEvent
from aldes.course.medication import Medication, MedicationKind
from aldes.exchange.earlier_drugs import history_of
from aldes.exchange.fhir.codes import ALDESLEUKIN, codings
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import ANOTHER_PATIENT, Chart
from aldes.exchange.fhir.retractions import retraction
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.fhir.taken import taken
from aldes.exchange.medications import listed
from aldes.exchange.times import read_time

KINDS = {
    "MedicationStatement": MedicationKind.TAKEN,
    "MedicationRequest": MedicationKind.ORDERED,
    "MedicationAdministration": MedicationKind.GIVEN,
}
_LIKE_IT = re.compile(r"aldesleukin|proleukin|interleukin[\s-]*2\b|\bIL[\s-]?2\b", re.IGNORECASE)
_LIKE_ITS_CODE = frozenset(code.casefold() for _, code in ALDESLEUKIN)  # under whatever system it came
_NEVER = frozenset({"entered-in-error", "not-taken", "not-done", "cancelled", "draft"})
_OVER = frozenset({"completed", "stopped"})
_NOT_A_DOSE = "An order or a statement is not a dose. We read MedicationAdministration."


def read_medication(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """The drug as the patient's list holds it; nothing for aldesleukin itself, and for what was never taken."""
    kind = KINDS[entry.type]
    if whose_else := sheet.whose_else(entry):
        if kind is not MedicationKind.GIVEN or whose_else != ANOTHER_PATIENT:
            sheet.notes.skip(entry.where, entry.type, whose_else)
        return []
    drug = drug_of(entry, sheet)
    if kind is MedicationKind.GIVEN and (not drug or looks_like_it(entry, drug)):
        return []  # a dose of aldesleukin, or one that may be: said by the reader of doses
    codes = tuple(codings(drug))
    if not ALDESLEUKIN.isdisjoint(codes):
        if kind is not MedicationKind.GIVEN:
            sheet.notes.skip(entry.where, entry.type, _NOT_A_DOSE)
        return []
    status = word(entry.resource, "status")
    if (status in _NEVER or entry.resource.get("doNotPerform") is True) and not entry.unusable:
        sheet.notes.skip(entry.where, entry.type, "It was not taken, not given, or entered in error.")
        return retraction(entry, sheet) if status == "entered-in-error" else []
    start, end = _times(entry.resource, kind)
    listing = Medication(
        id=entry.key,
        kind=kind,
        where=entry.where,
        codes=() if entry.unusable else codes,
        start=start,
        end=end,
        over=status in _OVER and kind is not MedicationKind.GIVEN,
        doubt=entry.unusable or entry.doubt,
    )
    return [listed(listing, sheet.now), *history_of(taken(entry, kind, codes, sheet.now), sheet.now, sheet.notes)]


def looks_like_it(entry: Entry, drug: Resource) -> bool:
    """Whether a drug without the code of aldesleukin is called like it."""
    reference = part(entry.resource, "medicationReference")
    texts = [word(drug, "text"), word(reference, "display")]
    texts += [word(each, "display") for each in parts(drug, "coding")]
    codes = {word(each, "code").strip().casefold() for each in parts(drug, "coding")}
    return bool(codes & _LIKE_ITS_CODE) or any(_LIKE_IT.search(text) for text in texts)


def drug_of(entry: Entry, sheet: Chart) -> Resource:
    """The drug's code: in place, or that of the Medication in the bundle or contained."""
    if "medicationReference" in entry.resource:
        found = sheet.index.resource(part(entry.resource, "medicationReference"), entry)
        if found is not None and word(found, "resourceType") == "Medication":
            return part(found, "code")
    return part(entry.resource, "medicationCodeableConcept")


def _times(resource: Resource, kind: MedicationKind) -> tuple[datetime | None, datetime | None]:
    """Start and end, each only where it is one instant; a day alone is its last instant as an end, and no start."""
    if kind is MedicationKind.ORDERED:
        return read_time(resource.get("authoredOn")).instant, None
    if "effectivePeriod" in resource:
        came = part(resource, "effectivePeriod")
        return read_time(came.get("start")).instant, read_time(came.get("end")).at
    return read_time(resource.get("effectiveDateTime")).instant, None
