"""The one patient of a bundle, and whose an entry is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aldes.errors import InputError
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.references import Index
from aldes.exchange.fhir.shapes import part, parts, word
from aldes.exchange.reading import Notes
from aldes.exchange.text import code_shown

ANOTHER_PATIENT = "Its subject is another patient, or no patient."
ABOUT_ANOTHER = "It is about something else than the patient (focus)."
ANOTHER_ID = "Its subject cannot be found in this bundle, and has another id than this patient."
NOT_HIS_OR_HERS = (ANOTHER_PATIENT, ABOUT_ANOTHER, ANOTHER_ID)  # anything else may yet be this patient's
_PATIENT = re.compile(r"(?:.*/)?Patient/([A-Za-z0-9.-]{1,64})(?:/_history/.*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A bundle as one patient's chart: what every reader of a resource needs."""

    patient: Entry
    index: Index
    now: datetime
    notes: Notes

    def whose_else(self, entry: Entry) -> str:
        """Why an entry is not this patient's, or nothing if it is (hazard H11)."""
        key = "patient" if "patient" in entry.resource else "subject"
        reference = part(entry.resource, key)
        if not reference:
            return "It names no subject. We read what names this patient. Add the subject at its source."
        subject = self.index.entry(reference, entry)
        if subject is None:
            named = _PATIENT.fullmatch(word(reference, "reference"))
            if named and self.patient.id not in ("", named[1]):
                return ANOTHER_ID
            return "Its subject cannot be found in this bundle. Send the patient with it."
        if subject.index != self.patient.index:
            return ANOTHER_PATIENT
        if part(entry.resource, "focus") or parts(entry.resource, "focus"):
            return ABOUT_ANOTHER
        return ""


def choose(entries: Sequence[Entry], patient_id: str | None) -> Entry:
    """The patient whose record this is.

    Raises
    ------
    InputError
        When there is none, when several came and none was chosen, or when one patient came in two versions.
    """
    patients = [entry for entry in entries if entry.type == "Patient"]
    if not patients:
        raise InputError("The bundle holds no Patient. We read one patient's record. Send the Patient with it.")
    if patient_id is not None:
        patients = [entry for entry in patients if entry.id == patient_id]
        if not patients:
            raise InputError("The bundle holds no Patient with the id that was chosen. Choose one that it holds.")
    if len(patients) > 1 and all(entry.twice for entry in patients) and len({entry.id for entry in patients}) == 1:
        raise InputError("The bundle holds one Patient in versions that differ. Send the version that holds.")
    if len(patients) > 1:
        places = ", ".join(f"Bundle.entry[{entry.index}]" for entry in patients[:10])
        raise InputError(
            f"The bundle holds {len(patients)} Patients ({places}). We read one patient's record. "
            "Choose one by its Patient.id (--patient)."
        )
    return patients[0]


def is_deceased(patient: Entry) -> bool:
    """Whether the record says in any way that the patient has died."""
    resource = patient.resource
    return resource.get("deceasedBoolean") not in (None, False) or bool(resource.get("deceasedDateTime"))


def warn_about(patient: Entry, notes: Notes) -> None:
    """Say first what makes the whole record doubtful: death, a merged record, a modifier."""
    resource = patient.resource
    if is_deceased(patient):
        notes.alerts.insert(0, "The patient is recorded as deceased.")
    if patient.unusable:
        notes.warn(patient.where, "Patient", patient.unusable)
    if "_deceasedBoolean" in resource or "_deceasedDateTime" in resource:
        why = "Whether the patient has died is recorded without a plain value. Settle it in the record."
        notes.warn(patient.where, "Patient", why)
    if resource.get("active") is False:
        notes.warn(patient.where, "Patient", "This patient record is marked as not active. Check which record holds.")
    for link in parts(resource, "link"):
        notes.warn(
            patient.where,
            "Patient",
            f"This patient record is linked to another ({code_shown(word(link, 'type'))}): "
            "doses and findings may be missing here. Send the whole record.",
        )
