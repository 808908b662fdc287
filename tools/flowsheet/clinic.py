"""What a clinic charts before a course: drugs taken, procedures done, measurements, reports of studies."""

from collections.abc import Iterator

from flowsheet.spelling import HL7, LOINC, NAMES, SNOMED, Chart, Resource, by_whom, loinc, measured, observed, patient

ATC = "http://www.whocc.no/atc"
CONCLUSIONS = {"positive": "10828004", "negative": "260385009"}  # SNOMED CT, as the reader takes them


def drugs(chart: Chart) -> Iterator[Resource]:
    """Drugs other than aldesleukin, as the patient's list states them."""
    for each in chart.data.get("drug", []):
        period = {key: each[key] for key in ("start", "end") if key in each}
        yield {
            "resourceType": "MedicationStatement",
            "id": each["id"],
            "status": each["status"],
            "medicationCodeableConcept": {
                "coding": [{"system": ATC, "code": each["atc"], "display": each["words"]}],
                "text": each["words"],
            },
            "subject": patient(chart),
            "effectivePeriod": period,
        }


def procedures(chart: Chart) -> Iterator[Resource]:
    """What was done: surgery, radiotherapy."""
    for each in chart.data.get("procedure", []):
        yield {
            "resourceType": "Procedure",
            "id": each["id"],
            "status": each.get("status", "completed"),
            "code": {
                "coding": [{"system": SNOMED, "code": each["snomed"], "display": each["words"]}],
                "text": each.get("text", each["words"]),
            },
            "subject": patient(chart),
            "performedDateTime": each["day"],
        }


def results(chart: Chart) -> Iterator[Resource]:
    """Single measurements of the work-up: ejection fraction, spirometry; a score without a unit comes as an integer."""
    for each in chart.data.get("measured", []):
        codes, category = tuple(each["codes"]), each.get("category", "procedure")
        if "unit" not in each:
            score = observed(chart, each["time"], each["id"], loinc(*codes), "survey", "physician")
            yield score | {"valueInteger": each["value"]}
            continue
        yield measured(chart, each["time"], each["id"], codes, each["value"], each["unit"], None, category)


def reports(chart: Chart) -> Iterator[Resource]:
    """Reports of studies, with a coded conclusion where the study has one, and the results that they group."""
    for each in chart.data.get("report", []):
        result = [{"reference": f"Observation/{local}"} for local in each.get("results", [])]
        concluded = [_conclusion(each["conclusion"])] if "conclusion" in each else []
        yield (
            {
                "resourceType": "DiagnosticReport",
                "id": each["id"],
                "status": "final",
                "category": [{"coding": [{"system": f"{HL7}/v2-0074", "code": each["section"]}]}],
                "code": {"coding": [{"system": LOINC, "code": each["code"], "display": NAMES[each["code"]]}]},
                "subject": patient(chart),
                "encounter": chart.encounter,
                "effectiveDateTime": chart.stamp(each["time"]),
                "issued": chart.stamp(each["issued"]),
                "resultsInterpreter": [by_whom(chart, "physician")],
                "conclusion": each["text"],
            }
            | ({"result": result} if result else {})
            | ({"conclusionCode": concluded} if concluded else {})
        )


def _conclusion(word: str) -> Resource:
    return {"coding": [{"system": SNOMED, "code": CONCLUSIONS[word], "display": word.capitalize()}]}
