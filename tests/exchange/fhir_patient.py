"""A small sound bundle, to be changed in one respect by each test."""

import json
from datetime import UTC, datetime
from typing import Any

from aldes.course.events import FindingCharted, SlotClosed
from aldes.exchange import Reading, read
from aldes.findings.charted import Charted

NOW = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
TIME = "2024-03-05T07:40:00Z"
LOINC, SNOMED, UCUM, OWN = (
    "http://loinc.org",
    "http://snomed.info/sct",
    "http://unitsofmeasure.org",
    "urn:aldes:finding",
)
ATC = "http://www.whocc.no/atc"
Resource = dict[str, Any]

PATIENT: Resource = {"resourceType": "Patient", "id": "p1"}


def concept(code: str, system: str = LOINC) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def quantity(value: Any, unit: str) -> Resource:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def observation(code: Resource, id: str = "o1", **changed: Any) -> Resource:
    """A final observation of now; a field set to None is left out."""
    whole = {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": code,
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": TIME,
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def spo2(value: Any = 87, **changed: Any) -> Resource:
    return observation(**{"code": concept("59408-5"), "valueQuantity": quantity(value, "%"), **changed})


def dose(start: str = "2024-03-05T00:00:00Z", id: str = "d1", **changed: Any) -> Resource:
    whole = {
        "resourceType": "MedicationAdministration",
        "id": id,
        "status": "completed",
        "medicationCodeableConcept": concept("L03AC01", ATC),
        "subject": {"reference": "Patient/p1"},
        "effectivePeriod": {"start": start},
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def bundle(*resources: Any, patient: Resource | None = PATIENT) -> Resource:
    everything = [patient, *resources] if patient else [*resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in everything]}


def reading(*resources: Any, patient_id: str | None = None) -> Reading:
    return read(json.dumps(bundle(*resources)).encode(), now=NOW, patient_id=patient_id)


def reading_of(document: Any, patient_id: str | None = None) -> Reading:
    return read(json.dumps(document).encode(), now=NOW, patient_id=patient_id)


def entries(came: Reading) -> list[Charted]:
    return [event.entry for event in came.events if isinstance(event, FindingCharted)]


def entry(came: Reading) -> Charted:
    (only,) = entries(came)
    return only


def slots(came: Reading) -> list[tuple[int, int, str]]:
    return [(each.cycle, each.number, each.state.value) for each in came.events if isinstance(each, SlotClosed)]


def reasons(came: Reading) -> str:
    return " | ".join(f"{each.where}: {each.what}: {each.why}" for each in came.not_used)
