"""What a bundle says of the patient's history: earlier drugs, procedures, reports, and conditions that stay."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from fhir_patient import ATC, NOW, SNOMED, Resource, concept, dose, entries, reading, reasons

from aldes.course.events import EntryRetracted
from aldes.exchange import Reading, read
from aldes.findings.charted import Charted

D = Decimal
PAZOPANIB, NIVOLUMAB, IPILIMUMAB = "L01EX03", "L01FF01", "L01FX04"
POSITIVE, NEGATIVE, SINUSITIS = "10828004", "260385009", "36971009"
MRI, STRESS_TEST = "24590-2", "18752-6"
NEPHRECTOMY, RADIOTHERAPY = "108022006", "108290001"


def drug(code: str = PAZOPANIB, kind: str = "MedicationStatement", **changed: object) -> Resource:
    whole = {
        "resourceType": kind,
        "id": "m1",
        "status": "completed",
        "medicationCodeableConcept": concept(code, ATC),
        "subject": {"reference": "Patient/p1"},
        "effectivePeriod": {"start": "2023-10-01", "end": "2024-02-01"},
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def found(*resources: Resource) -> dict[str, Charted]:
    """What is charted, by finding."""
    return {each.finding: each for each in entries(reading(*resources))}


# ── drugs; now is 5 March 2024 ──


@pytest.mark.parametrize("code", ["L01EK01", "L01EX01", "L01EX02", PAZOPANIB, "L01EX07", "L01EX08", "L01XE11"])
def test_a_kinase_inhibitor_against_the_vegf_receptor_that_is_over_says_since_when(code: str) -> None:
    came = found(drug(code))
    assert (came["prior_vegf_tki"].valid, came["vegf_tki_days"].valid) == (True, D(33))


@pytest.mark.parametrize("code", [NIVOLUMAB, "L01FF02", "L01FF05", "L01XC17", "L01FY02"])
def test_a_checkpoint_inhibitor_says_that_it_was_one_and_no_days(code: str) -> None:
    assert list(found(drug(code))) == ["prior_pd1"]


@pytest.mark.parametrize("code", [IPILIMUMAB, "L01E", "L01", "H02AB02", "L01EX"])
def test_another_drug_and_a_class_too_wide_say_nothing_of_them(code: str) -> None:
    assert found(drug(code)) == {}


def test_a_code_of_the_index_under_another_system_is_not_read() -> None:
    assert found(drug(medicationCodeableConcept=concept(PAZOPANIB, "urn:local"))) == {}


@pytest.mark.parametrize(
    ("status", "period", "days", "faulty"),
    [
        ("active", {"start": "2023-10-01"}, 0, False),
        ("active", None, 0, False),
        ("active", {"end": "2024-06-01"}, 0, False),
        ("active", {"end": "2024-03-05T07:00:00Z"}, 0, False),
        ("active", {"end": "2024-02-01"}, 0, True),
        ("stopped", {"end": "2024-03-04T23:59:00-06:00"}, 1, False),
        ("stopped", {"end": "2024-03-05"}, 0, False),
        ("completed", {"end": "2024-02"}, 4, True),
        ("completed", {"end": "last spring"}, None, True),
        ("completed", {"start": "2023-10-01"}, None, True),
        ("completed", None, None, True),
        ("on-hold", {"end": "2024-02-01"}, 33, True),
        ("unknown", {"end": "2024-02-01"}, 33, True),
        (None, {"end": "2024-02-01"}, 33, True),
    ],
)
def test_the_days_since_the_last_one_are_counted_from_the_end_that_is_written(
    status: str | None, period: object, days: int | None, faulty: bool
) -> None:
    came = found(drug(status=status, effectivePeriod=period))["vegf_tki_days"]
    assert came.worst == (None if days is None else D(days))
    assert came.valid == (None if faulty else came.worst)
    assert bool(came.fault) is faulty


def test_that_it_was_taken_is_certain_although_the_end_is_not() -> None:
    assert found(drug(effectivePeriod=None))["prior_vegf_tki"].valid is True


@pytest.mark.parametrize(("status", "days"), [("active", D(0)), ("on-hold", D(0)), ("completed", None)])
def test_an_order_alone_leaves_in_doubt_whether_it_was_taken(status: str, days: Decimal | None) -> None:
    order = drug(kind="MedicationRequest", status=status, authoredOn="2023-10-01", effectivePeriod=None)
    came = found(order)
    assert (came["prior_vegf_tki"].worst, came["prior_vegf_tki"].valid) == (True, None)
    assert (came["vegf_tki_days"].worst if "vegf_tki_days" in came else None) == days


def test_a_dose_that_was_given_counts_on_its_day() -> None:
    given = dose(medicationCodeableConcept=concept(PAZOPANIB, ATC), effectivePeriod={"start": "2024-02-24T08:00:00Z"})
    assert found(given)["vegf_tki_days"].valid == D(10)
    held = {**given, "status": "on-hold"}
    assert (found(held)["prior_vegf_tki"].worst, found(held)["prior_vegf_tki"].valid) == (True, None)


@pytest.mark.parametrize("status", ["not-taken", "intended", "entered-in-error"])
def test_what_was_never_taken_says_nothing(status: str) -> None:
    assert found(drug(status=status)) == {}


def test_a_drug_entered_in_error_withdraws_what_it_said_before() -> None:
    came = reading(drug(status="entered-in-error"))
    (withdrawn,) = (each for each in came.events if isinstance(each, EntryRetracted))
    assert withdrawn.withdraws("MedicationStatement/m1#prior_vegf_tki")


def test_a_modifier_leaves_the_history_unknown() -> None:
    came = found(drug(modifierExtension=[{"url": "urn:x"}]))
    assert (came["prior_vegf_tki"].worst, bool(came["prior_vegf_tki"].fault)) == (None, True)


def test_of_two_such_drugs_each_says_its_own_days() -> None:
    two = reading(drug(), drug("L01EX07", id="m2", effectivePeriod={"end": "2024-03-01"}))
    assert sorted(each.valid for each in entries(two) if each.finding == "vegf_tki_days") == [D(4), D(33)]


def lines(value: str, period: list[str | None]) -> Reading:
    item = {"name": "medication", "value": value, "period": period}
    return read(json.dumps({"id": "a", "now": NOW.isoformat(), "findings": [item]}).encode(), now=NOW)


@pytest.mark.parametrize(("end", "days"), [("2024-02-01T08:00:00Z", D(33)), (None, D(0))])
def test_a_drug_of_a_batch_line_says_the_same(end: str | None, days: Decimal) -> None:
    came = {each.finding: each.valid for each in entries(lines(PAZOPANIB, ["2023-10-01T08:00:00Z", end]))}
    assert came == {"prior_vegf_tki": True, "vegf_tki_days": days}


# ── procedures ──


def procedure(code: str = RADIOTHERAPY, **changed: object) -> Resource:
    whole = {
        "resourceType": "Procedure",
        "id": "pr1",
        "status": "completed",
        "code": concept(code, SNOMED),
        "subject": {"reference": "Patient/p1"},
        "performedDateTime": "2024-01-20",
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.mark.parametrize(
    ("code", "finding"),
    [(RADIOTHERAPY, "prior_radiotherapy"), ("33195004", "prior_radiotherapy"), (NEPHRECTOMY, "nephrectomy")],
)
def test_a_completed_procedure_is_history_and_its_day_is_precise_enough(code: str, finding: str) -> None:
    assert found(procedure(code))[finding].valid is True


def test_a_procedure_of_several_days_happened_when_it_began() -> None:
    over = procedure(performedDateTime=None, performedPeriod={"start": "2024-01-20T09:00:00Z"})
    assert NOW - found(over)["prior_radiotherapy"].time == timedelta(days=44, hours=23)


@pytest.mark.parametrize("status", ["in-progress", "stopped", "on-hold", "unknown", None])
def test_a_procedure_whose_end_is_not_said_is_charted_in_doubt(status: str | None) -> None:
    came = found(procedure(status=status))["prior_radiotherapy"]
    assert (came.worst, came.valid) == (True, None)


@pytest.mark.parametrize("status", ["not-done", "preparation", "entered-in-error"])
def test_a_procedure_that_was_not_done_charts_nothing(status: str) -> None:
    assert found(procedure(status=status)) == {}
    assert "Procedure" in reasons(reading(procedure(status=status)))


def test_a_procedure_never_charts_what_can_be_over_by_now() -> None:
    came = reading(procedure("91175000"))  # a seizure's code, whatever a procedure may mean by it
    assert entries(came) == []
    assert "Chart what is present now as a finding" in reasons(came)


def test_a_procedure_of_somebody_who_cannot_be_told_leaves_the_history_unknown() -> None:
    came = found(procedure(subject=None))["prior_radiotherapy"]
    assert (came.worst, bool(came.fault)) == (None, True)


# ── reports ──


def report(code: str = MRI, conclusion: tuple[str, ...] = (NEGATIVE,), **changed: object) -> Resource:
    whole = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": concept(code),
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2024-03-01T09:00:00Z",
        "conclusionCode": [concept(each, SNOMED) for each in conclusion] or None,
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.mark.parametrize(("conclusion", "found_it"), [(POSITIVE, True), (NEGATIVE, False)])
def test_a_report_of_the_brain_says_by_code_whether_something_was_found(conclusion: str, found_it: bool) -> None:
    assert found(report(conclusion=(conclusion,)))["brain_scan_positive"].valid is found_it


def test_a_report_of_a_stress_test_is_judged_by_whoever_interpreted_it() -> None:
    role = {
        "resourceType": "PractitionerRole",
        "id": "doctor",
        "code": [concept("309343006", SNOMED)],
    }
    named = report(STRESS_TEST, resultsInterpreter=[{"reference": "PractitionerRole/doctor"}])
    issued = report(STRESS_TEST, performer=[{"reference": "PractitionerRole/doctor"}])
    nobody = report(STRESS_TEST, performer=[{"reference": "PractitionerRole/doctor"}], resultsInterpreter=[{}])
    roles = [found(role, each)["stress_test_abnormal"].role for each in (named, issued, nobody)]
    assert roles == ["physician", "physician", None]


@pytest.mark.parametrize(
    ("changed", "worst"),
    [
        ({"conclusionCode": None, "conclusion": "Nothing found."}, None),
        ({"conclusionCode": None}, None),
        ({"conclusionCode": [concept(NEGATIVE, SNOMED), concept(SINUSITIS, SNOMED)]}, False),
        ({"conclusionCode": [concept(SINUSITIS, SNOMED)]}, None),
        ({"conclusionCode": [concept(NEGATIVE, SNOMED), concept(POSITIVE, SNOMED)]}, True),
        ({"status": "preliminary"}, False),
        ({"status": "partial"}, False),
        ({"effectiveDateTime": "2024-03-01"}, False),
        ({"effectiveDateTime": None}, False),
        ({"subject": None}, None),
        ({"modifierExtension": [{"url": "urn:x"}]}, None),
    ],
)
def test_a_report_that_is_not_plainly_negative_leaves_the_scan_unknown(
    changed: dict[str, object], worst: object
) -> None:
    came = found(report(**changed))["brain_scan_positive"]
    assert (came.worst, came.valid, bool(came.fault)) == (worst, None, True)


def test_a_final_report_to_which_something_was_added_is_final() -> None:
    assert found(report(status="appended"))["brain_scan_positive"].valid is False


def test_a_report_that_groups_results_charts_nothing_and_its_results_are_read_alone() -> None:
    grouping = report("2106-3", (), result=[{"reference": "Observation/o1"}])
    came = reading(grouping)
    assert entries(came) == []
    assert "read on their own" in reasons(came)


def test_a_laboratory_report_of_a_measured_value_never_hides_the_value() -> None:
    assert entries(reading(report("2160-0", ()))) == []


def test_a_report_entered_in_error_withdraws_what_it_concluded() -> None:
    came = reading(report(status="entered-in-error"))
    (withdrawn,) = (each for each in came.events if isinstance(each, EntryRetracted))
    assert withdrawn.withdraws("DiagnosticReport/r1#brain_scan_positive")


# ── conditions ──


@pytest.mark.parametrize(
    ("code", "system", "finding"),
    [
        ("53741008", SNOMED, "cardiac_history"),
        ("I25.10", "http://hl7.org/fhir/sid/icd-10-cm", "cardiac_history"),
        ("Z94.0", "http://hl7.org/fhir/sid/icd-10-cm", "allograft"),
        ("254915003", SNOMED, "kidney_cancer"),
        ("94391008", SNOMED, "metastatic_disease"),
        ("94225005", SNOMED, "cns_metastases"),
        ("C77.1", "http://hl7.org/fhir/sid/icd-10-cm", "metastatic_disease"),
    ],
)
def test_a_condition_of_the_referral_is_the_finding_that_its_code_names(code: str, system: str, finding: str) -> None:
    hl7 = "http://terminology.hl7.org/CodeSystem"
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "code": concept(code, system),
        "subject": {"reference": "Patient/p1"},
        "clinicalStatus": concept("active", f"{hl7}/condition-clinical"),
        "verificationStatus": concept("confirmed", f"{hl7}/condition-ver-status"),
        "onsetDateTime": "2022-03-05T08:00:00Z",
    }
    assert found(condition)[finding].valid is True
