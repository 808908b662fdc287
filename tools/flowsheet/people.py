"""Who is in a bundle: the patient, stays and visits, nurse and physician, and the diagnoses."""

from collections.abc import Iterator

from flowsheet.spelling import HL7, SNOMED, Chart, Resource, patient


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
    """The present stay or visit, and earlier stays where the chart has them."""
    data = chart.data
    stays = [("stay-before", *data["stay_before"])] if "stay_before" in data else []
    stays += [(f"stay-{number}", *times) for number, times in enumerate(data.get("stays", []), start=1)]
    stays += [("stay", data["admitted"])] if "admitted" in data else []
    for local, start, *end in stays:
        yield _encounter(chart, local, "IMP", "inpatient encounter", start, *end)
    if "visit" in data:
        yield _encounter(chart, "visit", "AMB", "ambulatory", data["visit"])


def _encounter(chart: Chart, local: str, code: str, display: str, start: str, end: str = "") -> Resource:
    return {
        "resourceType": "Encounter",
        "id": local,
        "status": "finished" if end else "in-progress",
        "class": {"system": f"{HL7}/v3-ActCode", "code": code, "display": display},
        "subject": patient(chart),
        "period": {"start": chart.stamp(start)} | ({"end": chart.stamp(end)} if end else {}),
    }


def _conditions(chart: Chart) -> Iterator[Resource]:
    """Kidney cancer and lung metastases, which every patient has, and what else the referral says."""
    kidney = ("254915003", "Clear cell carcinoma of kidney", chart.data["icd10_kidney"])
    lung = ("94391008", "Secondary malignant neoplasm of lung", "C78.00")
    for local, (snomed, display, icd10) in {"kidney-cancer": kidney, "lung-metastases": lung}.items():
        yield _condition(chart, local, snomed, display, icd10, chart.data["diagnosed"])
    for each in chart.data.get("condition", []):
        yield _condition(chart, each["id"], each.get("snomed", ""), each["words"], each["icd10"], each["since"])


def _condition(chart: Chart, local: str, snomed: str, display: str, icd10: str, since: str) -> Resource:
    codings = [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": icd10}]
    codings += [{"system": SNOMED, "code": snomed, "display": display}] if snomed else []
    return {
        "resourceType": "Condition",
        "id": local,
        "clinicalStatus": {"coding": [{"system": f"{HL7}/condition-clinical", "code": "active"}]},
        "verificationStatus": {"coding": [{"system": f"{HL7}/condition-ver-status", "code": "confirmed"}]},
        "code": {"coding": codings, "text": display},
        "subject": patient(chart),
        "onsetDateTime": since,
    }
