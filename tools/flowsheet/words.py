"""What people say: statements, findings charted one by one, reviews, and entries that no reader may use."""

from collections.abc import Iterator
from typing import Any

from flowsheet.spelling import OWN, Chart, Resource, by_whom, loinc, observed, patient, quantity

REVIEW = "urn:aldes:review"  # a physician's word on a stop or a hold
SYSTEMS = ("cardiac", "neuro", "lungs", "gut", "liver", "skin", "infection", "support")
UNITS = {  # UCUM units of the findings without a LOINC code
    "dosing_weight": "kg",
    "systolic_target": "mm[Hg]",
    "phenylephrine": "ug/kg/min",
    "dopamine": "ug/kg/min",
    "norepinephrine": "ug/kg/min",
    "vasopressin": "[iU]/min",
    "oxygen_flow": "L/min",
    "ecog": "{score}",
    "oxygen_fraction": "%",
    "cns_stable_days": "d",
}
CODED = {"oxygen_flow": "3151-8", "oxygen_fraction": "3150-0"}  # charted one by one, and known to LOINC


def statements(chart: Chart) -> Iterator[Resource]:
    """Signed at a pre-dose check, system by system: none of the listed."""
    for check in chart.data.get("check", []):
        for system in check.get("systems", SYSTEMS):
            code = {"coding": [{"system": OWN, "code": f"statement.{system}"}], "text": f"Pre-dose check: {system}"}
            said = observed(chart, check["time"], f"statement-{system}", code, "exam", check.get("by", "nurse"))
            yield said | {"valueString": "none of the listed"}


def examined(chart: Chart) -> Iterator[Resource]:
    """Findings charted one by one: flags, codes, drug rates, the weight and target of the course."""
    for found in chart.data.get("examined", []):
        for name, value in found.items():
            if name not in ("time", "by"):
                yield _judged(chart, found["time"], name, value, found["by"])


def _judged(chart: Chart, time: str, name: str, value: Any, by: str) -> Resource:
    code = loinc(CODED[name]) if name in CODED else {"coding": [{"system": OWN, "code": name}]}
    seen = observed(chart, time, name.replace("_", "-"), code, "exam", by)
    match value:
        case bool():
            return seen | {"valueBoolean": value}
        case str() if chart.spelling["codes"] == "concept":
            return seen | {"valueCodeableConcept": {"coding": [{"system": OWN, "code": value}]}}
        case str():
            return seen | {"valueString": value}
        case _:
            return seen | {"valueQuantity": quantity(value, UNITS[name])}


def reviews(chart: Chart) -> Iterator[Resource]:
    """A physician's word on a stop or a hold: confirmed with its scope, refuted, or lifted."""
    for review in chart.data.get("review", []):
        code = {"coding": [{"system": REVIEW, "code": review["kind"]}]}
        named = {key: review[key] for key in ("row", "scope") if key in review}
        parts = [
            {"code": {"coding": [{"system": REVIEW, "code": key}]}, "valueString": value}
            for key, value in named.items()
        ]
        local = f"{review['kind']}-{review['row']}".replace(".", "-").lower()
        said = observed(chart, review["time"], local, code, "exam", "physician")
        yield said | {"valueString": review["why"], "component": parts}


def others(chart: Chart) -> Iterator[Resource]:
    """Entries as real charts have them and no reader may use: errors, drafts, free text. And other drugs."""
    for other in chart.data.get("other", []):
        written: Resource = {"resourceType": "Observation", "id": other["id"], "subject": patient(chart)}
        written |= other["fhir"]
        if "time" in other:
            written["effectiveDateTime"] = chart.stamp(other["time"])
        if written["resourceType"] == "Observation":
            written["performer"] = [by_whom(chart, "nurse")]
        yield written
