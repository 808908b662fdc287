"""How a chart is spelled in FHIR R4: codes, quantities, references, entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

Resource = dict[str, Any]

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
OWN = "urn:aldes:finding"  # findings and statements that no public code system names
HL7 = "http://terminology.hl7.org/CodeSystem"
SERVER = "https://aldes-demo.invalid/fhir"  # a name that can never be a real server
DEMO = {"system": "urn:aldes:demo", "code": "demo", "display": "fictitious demonstration patient"}

# LOINC names; evidence register, section 7.5. The order of two codings is the order in which they are written.
NAMES = {
    "85354-9": "Blood pressure panel with all children optional",
    "55284-4": "Blood pressure systolic and diastolic",
    "8480-6": "Systolic blood pressure",
    "8462-4": "Diastolic blood pressure",
    "8867-4": "Heart rate",
    "59408-5": "Oxygen saturation in Arterial blood by Pulse oximetry",
    "2708-6": "Oxygen saturation in Arterial blood",
    "8310-5": "Body temperature",
    "8331-1": "Oral temperature",
    "29463-7": "Body weight",
    "9187-6": "Urine output",
    "3151-8": "Inhaled oxygen flow rate",
    "3150-0": "Inhaled oxygen concentration",
    "2160-0": "Creatinine [Mass/volume] in Serum or Plasma",
    "38483-4": "Creatinine [Mass/volume] in Blood",
    "14682-9": "Creatinine [Moles/volume] in Serum or Plasma",
    "777-3": "Platelets [#/volume] in Blood by Automated count",
    "1975-2": "Bilirubin.total [Mass/volume] in Serum or Plasma",
    "1963-8": "Bicarbonate [Moles/volume] in Serum or Plasma",
    "1751-7": "Albumin [Mass/volume] in Serum or Plasma",
    "4544-3": "Hematocrit [Volume Fraction] of Blood by Automated count",
    "6690-2": "Leukocytes [#/volume] in Blood by Automated count",
    "718-7": "Hemoglobin [Mass/volume] in Blood",
    "17861-6": "Calcium [Mass/volume] in Serum or Plasma",
    "2532-0": "Lactate dehydrogenase [Enzymatic activity/volume] in Serum or Plasma",
    "751-8": "Neutrophils [#/volume] in Blood by Automated count",
    "10230-1": "Left ventricular Ejection fraction",
    "8806-2": "Left ventricular Ejection fraction by US.2D",
    "20150-9": "FEV1",
    "20152-5": "FEV1 measured/predicted",
    "89247-1": "ECOG Performance Status score",
    "24590-2": "MR Brain",
    "24587-8": "MR Brain WO and W contrast IV",
    "18752-6": "Exercise stress test study",
    "34552-0": "2D echocardiogram panel",
    "1742-6": "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
}
AS_WRITTEN = {
    "ug/kg/min": "mcg/kg/min",
    "mm[Hg]": "mmHg",
    "[iU]/min": "units/min",
    "Cel": "°C",
    "[degF]": "°F",
    "/min": "bpm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One patient's flow sheet, and how its bundle is spelled."""

    name: str
    data: dict[str, Any]

    @property
    def spelling(self) -> dict[str, str]:
        """Kind of bundle, references, performers, panel, order."""
        return dict(self.data["spelling"])

    @property
    def encounter(self) -> Resource:
        """The stay on the ward, or the visit to the clinic, to which an entry belongs."""
        return {"reference": "Encounter/stay" if "admitted" in self.data else "Encounter/visit"}

    def clock(self, local: str) -> datetime:
        """A charted local time, "11-20 05:10" (in the year of the chart) or "2024-11-04 10:00", as an instant."""
        naive = datetime.fromisoformat(local if len(local) > len("11-20 05:10") else f"{self.data['year']}-{local}")
        return naive.replace(tzinfo=ZoneInfo(self.data["zone"]))

    def stamp(self, local: str) -> str:
        """The same in FHIR's spelling."""
        return self.clock(local).isoformat()


def measured(
    chart: Chart,
    time: str,
    local: str,
    codes: tuple[str, ...],
    value: float,
    unit: str,
    as_written: str | None = None,
    category: str = "vital-signs",
) -> Resource:
    observation = observed(chart, time, local, loinc(*codes), category)
    return observation | {"valueQuantity": quantity(value, unit, as_written)}


def observed(chart: Chart, time: str, local: str, code: Resource, category: str, by: str = "nurse") -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"{local.replace('_', '-')}-{_when(chart, time)}",
        "status": "final",
        "category": [{"coding": [{"system": f"{HL7}/observation-category", "code": category}]}],
        "code": code,
        "subject": patient(chart),
        "encounter": chart.encounter,
        "effectiveDateTime": chart.stamp(time),
        "performer": [by_whom(chart, by)],
    }


def _when(chart: Chart, time: str) -> str:
    """A time within an id: the year only where it is another one than the chart's."""
    at = chart.clock(time)
    return f"{at:%m%d-%H%M}" if at.year == chart.data["year"] else f"{at:%Y-%m%d-%H%M}"


def loinc(*codes: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code, "display": NAMES[code]} for code in codes]}


def quantity(value: float, unit: str, as_written: str | None = None) -> Resource:
    text = as_written or AS_WRITTEN.get(unit, unit)
    return {"value": value, "unit": text, "system": UCUM, "code": unit}


def patient(chart: Chart) -> Resource:
    return {"reference": f"Patient/{chart.name}"}


def by_whom(chart: Chart, who: str) -> Resource:
    role = chart.spelling["performer"] == "PractitionerRole"
    return {"reference": f"PractitionerRole/{who}-role" if role else f"Practitioner/{who}"}


def time_of(resource: Resource) -> str:
    """By what an entry is ordered in its bundle: when it was so, or else when it was done or written."""
    period = resource.get("effectivePeriod", {})
    times = ("effectiveDateTime", "performedDateTime", "authoredOn")
    return str(next((resource[key] for key in times if key in resource), period.get("end") or period.get("start")))


def entry(chart: Chart, resource: Resource) -> Resource:
    """One entry of the bundle, its references spelled as this bundle spells them."""
    kind, local = resource["resourceType"], resource["id"]
    tagged = {"resourceType": kind, "id": local, "meta": {"tag": [DEMO]}} | resource
    one: Resource = {"fullUrl": f"{SERVER}/{kind}/{local}", "resource": tagged}
    if chart.spelling["references"] == "urn":
        urn = _urn(chart, f"{kind}/{local}")
        one = {"fullUrl": urn, "resource": _by_urn(chart, tagged) | {"id": urn.removeprefix("urn:uuid:")}}
    match chart.spelling["bundle"]:
        case "searchset":
            one["search"] = {"mode": "match"}
        case "transaction" if chart.spelling["references"] == "urn":
            del one["resource"]["id"]  # the server that takes a POST gives the id
            one["request"] = {"method": "POST", "url": kind}
        case "transaction":
            one["request"] = {"method": "PUT", "url": f"{kind}/{local}"}
    return one


def _urn(chart: Chart, local: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{SERVER}/{chart.name}/{local}')}"


def _by_urn(chart: Chart, node: Any) -> Any:
    """The same resource with each local reference as urn:uuid."""
    if isinstance(node, list):
        return [_by_urn(chart, each) for each in node]
    if isinstance(node, dict):
        return {key: _urn(chart, value) if key == "reference" else _by_urn(chart, value) for key, value in node.items()}
    return node
