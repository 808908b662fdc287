"""Doses of aldesleukin as they were charted."""

from collections.abc import Iterator
from datetime import timedelta

from flowsheet.spelling import SNOMED, UCUM, Chart, Resource, by_whom, patient

IU_PER_KG = 600_000  # US label, dose and schedule (DOSE-01)
INFUSION = timedelta(minutes=15)  # US label (DOSE-03)


def doses(chart: Chart) -> Iterator[Resource]:
    """Every slot so far: given over 15 minutes, or not done with its reason."""
    slots = chart.data.get("slots", [])
    iu = IU_PER_KG * chart.data["dosing_weight_kg"] if slots else 0
    for slot, begun in enumerate(slots, start=1):
        given: Resource = {
            "resourceType": "MedicationAdministration",
            "id": f"aldesleukin-{slot}",
            "status": "completed",
            "medicationCodeableConcept": _aldesleukin(chart),
            "subject": patient(chart),
            "context": {"reference": f"Encounter/{_stay_of(chart, begun)}"},
        }
        if isinstance(begun, dict):
            reason = {"statusReason": [{"text": begun["not_done"]}], "effectiveDateTime": chart.stamp(begun["slot"])}
            yield given | reason | {"status": "not-done", "performer": [{"actor": by_whom(chart, begun["by"])}]}
            continue
        end = chart.clock(begun) + INFUSION
        yield given | {
            "effectivePeriod": {"start": chart.stamp(begun), "end": end.isoformat()},
            "performer": [{"actor": by_whom(chart, "nurse")}],
            "dosage": {
                "text": "600,000 IU/kg over 15 minutes",
                "route": {"coding": [{"system": SNOMED, "code": "47625008", "display": "Intravenous route"}]},
                "dose": {"value": iu, "unit": "IU", "system": UCUM, "code": "[iU]"},
            },
        }


def _aldesleukin(chart: Chart) -> Resource:
    atc = {"system": "http://www.whocc.no/atc", "code": "L03AC01", "display": "aldesleukin"}
    rxnorm = {"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "70223", "display": "aldesleukin"}
    codings = [atc, rxnorm] if chart.spelling["drug"] == "atc and rxnorm" else [atc]
    return {"coding": codings, "text": "aldesleukin"}


def _stay_of(chart: Chart, begun: str | dict[str, str]) -> str:
    """The stay in which a slot lay: of a patient who is home again, one of the stays before."""
    at = chart.clock(begun["slot"] if isinstance(begun, dict) else begun)
    for number, (start, end) in enumerate(chart.data.get("stays", []), start=1):
        if chart.clock(start) <= at <= chart.clock(end):
            return f"stay-{number}"
    return "stay"
