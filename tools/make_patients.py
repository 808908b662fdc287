"""Write the FHIR R4 bundle of each bundled patient from its chart.

    python tools/make_patients.py            writes src/aldes/patients/*/bundle.json
    python tools/make_patients.py --check    writes nothing; fails where a file would change

A chart (`chart.toml`) is the flow sheet as a ward would keep it: local times, values, units. All patients are
fictitious. Each chart also says how its bundle is spelled (kind of bundle, references, blood-pressure panel),
because real bundles differ in just that. The same chart always gives the same bytes.
"""

import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

PATIENTS = Path(__file__).parents[1] / "src" / "aldes" / "patients"
Resource = dict[str, Any]

LOINC, SNOMED, UCUM = "http://loinc.org", "http://snomed.info/sct", "http://unitsofmeasure.org"
OWN = "urn:aldes:finding"  # findings and statements that no public code system names
HL7 = "http://terminology.hl7.org/CodeSystem"
REVIEW = "urn:aldes:review"  # a physician's word on a stop or a hold
SERVER = "https://aldes-demo.invalid/fhir"  # a name that can never be a real server
DEMO = {"system": "urn:aldes:demo", "code": "demo", "display": "fictitious demonstration patient"}
SYSTEMS = ("cardiac", "neuro", "lungs", "gut", "liver", "skin", "infection", "support")
IU_PER_KG = 600_000  # US label, dose and schedule (DOSE-01)
INFUSION = timedelta(minutes=15)  # US label (DOSE-03)

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
    "1742-6": "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
}
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
}
CODED = {"oxygen_flow": "3151-8", "oxygen_fraction": "3150-0"}  # charted one by one, and known to LOINC
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

    def clock(self, local: str) -> datetime:
        """A charted local time, "11-20 05:10", as an instant with its zone."""
        naive = datetime.fromisoformat(f"{self.data['year']}-{local}")
        return naive.replace(tzinfo=ZoneInfo(self.data["zone"]))

    def stamp(self, local: str) -> str:
        """The same in FHIR's spelling."""
        return self.clock(local).isoformat()


def bundle(chart: Chart) -> Resource:
    """The whole bundle, in the order that the chart asks for."""
    kind = chart.spelling["bundle"]
    charted = sorted(events(chart), key=lambda each: (_time(each), each["id"]))
    if chart.spelling["order"] == "newest first":
        charted.reverse()
    entries = [_entry(chart, each) for each in (*people(chart), *charted)]
    whole: Resource = {
        "resourceType": "Bundle",
        "id": chart.name,
        "meta": {"tag": [DEMO]},
        "type": kind,
        "timestamp": chart.stamp(chart.data["printed"]),
    }
    if kind == "searchset":
        whole["total"] = len(entries)
        whole["link"] = [{"relation": "self", "url": f"{SERVER}/Patient/{chart.name}/$everything"}]
    return whole | {"entry": entries}


def events(chart: Chart) -> Iterator[Resource]:
    """Everything that was given, measured, judged or said."""
    yield from doses(chart)
    yield from vitals(chart)
    yield from labs(chart)
    yield from weights(chart)
    yield from urine(chart)
    yield from statements(chart)
    yield from examined(chart)
    yield from reviews(chart)
    yield from others(chart)


# ── people and illness ───────────────────────────────────────────────────────────────────────────────────────


def people(chart: Chart) -> Iterator[Resource]:
    """The patient, the stay, the nurse, the physician, and the diagnoses."""
    data = chart.data
    yield {
        "resourceType": "Patient",
        "id": chart.name,
        "identifier": [{"system": "urn:aldes:demo", "value": chart.name}],
        "name": [{"use": "anonymous", "family": "Demo", "given": [data["title"]]}],
        "gender": data["gender"],
        "birthDate": data["birth_date"],
    }
    yield from _stays(chart)
    for who, code, title in (("nurse", "224535009", "Registered nurse"), ("physician", "309343006", "Physician")):
        role = {"coding": [{"system": SNOMED, "code": code, "display": title}]}
        name = [{"text": f"{who.capitalize()} (demo)"}]
        yield {"resourceType": "Practitioner", "id": who, "name": name, "qualification": [{"code": role}]}
        yield {
            "resourceType": "PractitionerRole",
            "id": f"{who}-role",
            "practitioner": {"reference": f"Practitioner/{who}"},
            "code": [role],
        }
    yield from _conditions(chart)


def _stays(chart: Chart) -> Iterator[Resource]:
    """The present stay, and an earlier one where the chart has it (cycle 1 before cycle 2)."""
    stays = [("stay-before", *chart.data["stay_before"])] if "stay_before" in chart.data else []
    for local, start, *end in (*stays, ("stay", chart.data["admitted"])):
        period = {"start": chart.stamp(start)} | ({"end": chart.stamp(end[0])} if end else {})
        yield {
            "resourceType": "Encounter",
            "id": local,
            "status": "finished" if end else "in-progress",
            "class": {"system": f"{HL7}/v3-ActCode", "code": "IMP", "display": "inpatient encounter"},
            "subject": _patient(chart),
            "period": period,
        }


def _conditions(chart: Chart) -> Iterator[Resource]:
    kidney = ("254915003", "Clear cell carcinoma of kidney", chart.data["icd10_kidney"])
    lung = ("94391008", "Secondary malignant neoplasm of lung", "C78.00")
    for local, (snomed, display, icd10) in {"kidney-cancer": kidney, "lung-metastases": lung}.items():
        yield {
            "resourceType": "Condition",
            "id": local,
            "clinicalStatus": {"coding": [{"system": f"{HL7}/condition-clinical", "code": "active"}]},
            "verificationStatus": {"coding": [{"system": f"{HL7}/condition-ver-status", "code": "confirmed"}]},
            "code": {
                "coding": [
                    {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd10},
                    {"system": SNOMED, "code": snomed, "display": display},
                ],
                "text": display,
            },
            "subject": _patient(chart),
            "onsetDateTime": chart.data["diagnosed"],
        }


# ── the drug ─────────────────────────────────────────────────────────────────────────────────────────────────


def doses(chart: Chart) -> Iterator[Resource]:
    """Every slot so far: given over 15 minutes, or not done with its reason."""
    iu = IU_PER_KG * chart.data["dosing_weight_kg"]
    for slot, begun in enumerate(chart.data["slots"], start=1):
        given: Resource = {
            "resourceType": "MedicationAdministration",
            "id": f"aldesleukin-{slot}",
            "status": "completed",
            "medicationCodeableConcept": _aldesleukin(chart),
            "subject": _patient(chart),
            "context": {"reference": "Encounter/stay"},
        }
        if isinstance(begun, dict):
            reason = {"statusReason": [{"text": begun["not_done"]}], "effectiveDateTime": chart.stamp(begun["slot"])}
            yield given | reason | {"status": "not-done", "performer": [{"actor": _by(chart, begun["by"])}]}
            continue
        end = chart.clock(begun) + INFUSION
        yield given | {
            "effectivePeriod": {"start": chart.stamp(begun), "end": end.isoformat()},
            "performer": [{"actor": _by(chart, "nurse")}],
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


# ── measurements ─────────────────────────────────────────────────────────────────────────────────────────────


def vitals(chart: Chart) -> Iterator[Resource]:
    """Pressure, heart rate, saturation and temperature at each round."""
    unit = chart.data["vitals"]["temperature"]
    temperature = ("8310-5", "8331-1") if chart.spelling["temperature"] == "two codes" else ("8310-5",)
    for time, systolic, diastolic, heart_rate, spo2, celsius in chart.data["vitals"]["rounds"]:
        yield from _pressure(chart, time, systolic, diastolic)
        yield _measured(chart, time, "heart-rate", ("8867-4",), heart_rate, "/min")
        yield _measured(chart, time, "spo2", ("59408-5", "2708-6"), spo2, "%")
        yield _measured(chart, time, "temperature", temperature, celsius, unit)


def _pressure(chart: Chart, time: str, systolic: int, diastolic: int) -> Iterator[Resource]:
    parts = (("8480-6", systolic), ("8462-4", diastolic))
    if chart.spelling["pressure"] == "separate":
        for code, value in parts:
            yield _measured(chart, time, f"bp-{code}", (code,), value, "mm[Hg]")
        return
    components = [{"code": _loinc(code), "valueQuantity": _quantity(value, "mm[Hg]")} for code, value in parts]
    panel = _observed(chart, time, "bp", _loinc(chart.spelling["pressure"]), "vital-signs")
    yield panel | {"component": components}


def labs(chart: Chart) -> Iterator[Resource]:
    """Each result with its collection time, its time of issue where charted, and its reference range."""
    for name, lab in chart.data["labs"].items():
        for time, value, *issued in lab["results"]:
            result = _measured(
                chart, time, name, (lab["code"],), value, lab["unit"], lab.get("as_written"), "laboratory"
            )
            result["issued"] = (
                chart.stamp(issued[0]) if issued else (chart.clock(time) + timedelta(hours=1)).isoformat()
            )
            limits = {"low": lab.get("low"), "high": lab.get("high")}
            known = {end: _quantity(limit, lab["unit"]) for end, limit in limits.items() if limit is not None}
            yield result | {"referenceRange": [known]}


def weights(chart: Chart) -> Iterator[Resource]:
    """Body weights, in the unit of the ward's scale."""
    scale = chart.data["weights"]
    for time, value in scale["weighed"]:
        yield _measured(chart, time, "weight", ("29463-7",), value, scale["unit"], scale.get("as_written"))


def urine(chart: Chart) -> Iterator[Resource]:
    """Urine by closed period, one after the other, without a gap."""
    for run in chart.data["urine"]:
        start = chart.clock(run["start"])
        for millilitres in run["ml"]:
            end = start + timedelta(minutes=run["every_min"])
            one = _measured(chart, run["start"], "urine", ("9187-6",), millilitres, "mL")
            del one["effectiveDateTime"]
            one |= {"id": f"urine-{start:%m%d-%H%M}"}
            yield one | {"effectivePeriod": {"start": start.isoformat(), "end": end.isoformat()}}
            start = end


# ── what people say ──────────────────────────────────────────────────────────────────────────────────────────


def statements(chart: Chart) -> Iterator[Resource]:
    """Signed at a pre-dose check, system by system: none of the listed."""
    for check in chart.data["check"]:
        for system in check.get("systems", SYSTEMS):
            code = {"coding": [{"system": OWN, "code": f"statement.{system}"}], "text": f"Pre-dose check: {system}"}
            said = _observed(chart, check["time"], f"statement-{system}", code, "exam", check.get("by", "nurse"))
            yield said | {"valueString": "none of the listed"}


def examined(chart: Chart) -> Iterator[Resource]:
    """Findings charted one by one: flags, codes, drug rates, the weight and target of the course."""
    for found in chart.data["examined"]:
        for name, value in found.items():
            if name not in ("time", "by"):
                yield _judged(chart, found["time"], name, value, found["by"])


def _judged(chart: Chart, time: str, name: str, value: Any, by: str) -> Resource:
    code = _loinc(CODED[name]) if name in CODED else {"coding": [{"system": OWN, "code": name}]}
    seen = _observed(chart, time, name.replace("_", "-"), code, "exam", by)
    match value:
        case bool():
            return seen | {"valueBoolean": value}
        case str() if chart.spelling["codes"] == "concept":
            return seen | {"valueCodeableConcept": {"coding": [{"system": OWN, "code": value}]}}
        case str():
            return seen | {"valueString": value}
        case _:
            return seen | {"valueQuantity": _quantity(value, UNITS[name])}


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
        said = _observed(chart, review["time"], local, code, "exam", "physician")
        yield said | {"valueString": review["why"], "component": parts}


def others(chart: Chart) -> Iterator[Resource]:
    """Entries as real charts have them and no reader may use: errors, drafts, free text. And other drugs."""
    for other in chart.data.get("other", []):
        written: Resource = {"resourceType": "Observation", "id": other["id"], "subject": _patient(chart)}
        written |= other["fhir"]
        if "time" in other:
            written["effectiveDateTime"] = chart.stamp(other["time"])
        if written["resourceType"] == "Observation":
            written["performer"] = [_by(chart, "nurse")]
        yield written


# ── FHIR's spelling ──────────────────────────────────────────────────────────────────────────────────────────


def _measured(
    chart: Chart,
    time: str,
    local: str,
    codes: tuple[str, ...],
    value: float,
    unit: str,
    as_written: str | None = None,
    category: str = "vital-signs",
) -> Resource:
    observation = _observed(chart, time, local, _loinc(*codes), category)
    return observation | {"valueQuantity": _quantity(value, unit, as_written)}


def _observed(chart: Chart, time: str, local: str, code: Resource, category: str, by: str = "nurse") -> Resource:
    return {
        "resourceType": "Observation",
        "id": f"{local.replace('_', '-')}-{chart.clock(time):%m%d-%H%M}",
        "status": "final",
        "category": [{"coding": [{"system": f"{HL7}/observation-category", "code": category}]}],
        "code": code,
        "subject": _patient(chart),
        "encounter": {"reference": "Encounter/stay"},
        "effectiveDateTime": chart.stamp(time),
        "performer": [_by(chart, by)],
    }


def _loinc(*codes: str) -> Resource:
    return {"coding": [{"system": LOINC, "code": code, "display": NAMES[code]} for code in codes]}


def _quantity(value: float, unit: str, as_written: str | None = None) -> Resource:
    text = as_written or AS_WRITTEN.get(unit, unit)
    return {"value": value, "unit": text, "system": UCUM, "code": unit}


def _patient(chart: Chart) -> Resource:
    return {"reference": f"Patient/{chart.name}"}


def _by(chart: Chart, who: str) -> Resource:
    role = chart.spelling["performer"] == "PractitionerRole"
    return {"reference": f"PractitionerRole/{who}-role" if role else f"Practitioner/{who}"}


def _time(resource: Resource) -> str:
    period = resource.get("effectivePeriod", {})
    return str(resource.get("effectiveDateTime") or period.get("end"))


def _entry(chart: Chart, resource: Resource) -> Resource:
    """One entry of the bundle, its references spelled as this bundle spells them."""
    kind, local = resource["resourceType"], resource["id"]
    tagged = {"resourceType": kind, "id": local, "meta": {"tag": [DEMO]}} | resource
    entry: Resource = {"fullUrl": f"{SERVER}/{kind}/{local}", "resource": tagged}
    if chart.spelling["references"] == "urn":
        urn = _urn(chart, f"{kind}/{local}")
        entry = {"fullUrl": urn, "resource": _by_urn(chart, tagged) | {"id": urn.removeprefix("urn:uuid:")}}
    match chart.spelling["bundle"]:
        case "searchset":
            entry["search"] = {"mode": "match"}
        case "transaction" if chart.spelling["references"] == "urn":
            del entry["resource"]["id"]  # the server that takes a POST gives the id
            entry["request"] = {"method": "POST", "url": kind}
        case "transaction":
            entry["request"] = {"method": "PUT", "url": f"{kind}/{local}"}
    return entry


def _urn(chart: Chart, local: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{SERVER}/{chart.name}/{local}')}"


def _by_urn(chart: Chart, node: Any) -> Any:
    """The same resource with each local reference as urn:uuid."""
    if isinstance(node, list):
        return [_by_urn(chart, each) for each in node]
    if isinstance(node, dict):
        return {key: _urn(chart, value) if key == "reference" else _by_urn(chart, value) for key, value in node.items()}
    return node


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────


def read_chart(folder: Path) -> Chart:
    """The chart in one patient's folder."""
    return Chart(name=folder.name, data=tomllib.loads((folder / "chart.toml").read_text(encoding="utf-8")))


def as_text(whole: Resource) -> str:
    """The bundle as JSON with one entry a line, so that a change shows as the lines that changed."""
    head = json.dumps({key: value for key, value in whole.items() if key != "entry"}, ensure_ascii=False)
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in whole["entry"])
    return f'{head[:-1]}, "entry": [\n{lines}\n]}}\n'


def main(arguments: list[str]) -> int:
    """Write every bundle, or with --check say which would change."""
    changed = []
    for chart_file in sorted(PATIENTS.glob("*/chart.toml")):
        target = chart_file.with_name("bundle.json")
        text = as_text(bundle(read_chart(chart_file.parent)))
        if not target.exists() or target.read_bytes() != text.encode():
            changed.append(target.parent.name)
            if "--check" not in arguments:
                target.write_bytes(text.encode())
    print(f"{len(changed)} changed: {', '.join(changed) or 'none'}")
    return 1 if changed and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
