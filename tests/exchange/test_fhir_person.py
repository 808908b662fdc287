"""What a bundle says of the person: age, sex, diagnosis, history; and what a clinic measures."""

import json
from decimal import Decimal

import pytest
from fhir_patient import NOW, OWN, PATIENT, SNOMED, Resource, concept, observation, quantity

from aldes.course.events import FindingCharted
from aldes.exchange import read
from aldes.findings.charted import Charted

D = Decimal
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFIED = "http://terminology.hl7.org/CodeSystem/condition-ver-status"


def charted(*resources: Resource, **patient: object) -> dict[str, Charted]:
    """What a bundle of this patient charts, by finding."""
    bundle = {"resourceType": "Bundle", "type": "collection"}
    bundle["entry"] = [{"resource": each} for each in ({**PATIENT, **patient}, *resources)]  # type: ignore[assignment]
    events = read(json.dumps(bundle).encode(), now=NOW).events
    return {event.entry.finding: event.entry for event in events if isinstance(event, FindingCharted)}


def condition(code: str, system: str, clinical: str = "active", **changed: object) -> Resource:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "code": concept(code, system),
        "subject": {"reference": "Patient/p1"},
        "clinicalStatus": concept(clinical, CLINICAL),
        "verificationStatus": concept("confirmed", VERIFIED),
        "onsetDateTime": "2022-03-05",
        **changed,
    }


# now is 5 March 2024
@pytest.mark.parametrize(
    ("born", "years"),
    [
        ("1960-03-05", 64),
        ("1960-03-06", 63),
        ("2006-03-05", 18),
        ("2006-03-06", 17),
        ("2004-02-29", 20),
        ("2024-03-05", 0),
    ],
)
def test_age_is_counted_in_completed_years_on_the_day_of_reading(born: str, years: int) -> None:
    assert charted(birthDate=born)["age"].valid == D(years)


@pytest.mark.parametrize("born", ["1960", "1960-03", "2024-03-06", "1960-02-30", "", "old", None, 1960])
def test_a_birth_date_that_is_not_one_past_day_gives_no_age(born: object) -> None:
    assert "age" not in charted(birthDate=born)


def test_the_birth_date_goes_no_further() -> None:
    assert "1960" not in str(charted(birthDate="1960-03-05"))


def test_sex_is_male_or_female_and_anything_else_is_unknown() -> None:
    assert charted(gender="female")["sex"].valid == "female"
    assert charted(gender="male")["sex"].valid == "male"
    assert "sex" not in charted(gender="other")
    assert "sex" not in charted(gender="unknown")
    assert "sex" not in charted()


@pytest.mark.parametrize(
    ("code", "system"), [("C64.9", ICD10), ("C64", "http://hl7.org/fhir/sid/icd-10"), ("702391001", SNOMED)]
)
def test_kidney_cancer_with_its_day_says_how_long_ago(code: str, system: str) -> None:
    found = charted(condition(code, system))
    assert found["kidney_cancer"].valid is True
    assert found["days_since_diagnosis"].valid == D(731)


def test_a_month_of_diagnosis_says_the_disease_and_no_number_of_days() -> None:
    found = charted(condition("C64.9", ICD10, onsetDateTime="2022-03"))
    assert found["kidney_cancer"].valid is True
    assert "days_since_diagnosis" not in found


def test_kidney_cancer_that_is_not_confirmed_is_not_known() -> None:
    doubtful = condition("C64.9", ICD10, verificationStatus=concept("differential", VERIFIED))
    assert charted(doubtful)["kidney_cancer"].valid is None


def test_a_past_condition_of_the_history_stays_and_a_past_one_of_now_does_not() -> None:
    assert charted(condition("128613002", SNOMED, "resolved"))["seizure_disorder"].valid is True
    assert "pregnant" not in charted(condition("77386006", SNOMED, "resolved"))
    assert charted(condition("allograft", OWN, "inactive", abatementDateTime="2023-01-01"))["allograft"].valid is True


@pytest.mark.parametrize(
    ("code", "unit", "value", "finding", "counts"),
    [
        ("10230-1", "%", 58, "lvef", D(58)),
        ("20150-9", "mL", 2900, "fev1", D("2.9")),
        ("20152-5", "%", 88, "fev1_percent", D(88)),
        ("2703-7", "kPa", 8, "pao2", D("60.0049260676525")),
        ("89243-0", "{score}", 80, "karnofsky", D(80)),
    ],
)
def test_what_a_clinic_measures_is_read_by_its_code(
    code: str, unit: str, value: object, finding: str, counts: object
) -> None:
    found = charted(observation(concept(code), valueQuantity=quantity(value, unit)))[finding].valid
    assert found is not None
    assert float(found) == pytest.approx(float(counts), rel=1e-9)  # type: ignore[arg-type]


def test_ecog_is_read_as_a_whole_number() -> None:
    assert charted(observation(concept("89247-1"), valueInteger=1))["ecog"].valid == D(1)
