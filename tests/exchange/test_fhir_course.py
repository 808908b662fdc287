"""Doses, stays and conditions in a bundle."""

from datetime import UTC, datetime, timedelta

import pytest
from fhir_patient import (
    ATC,
    NOW,
    OWN,
    PATIENT,
    SNOMED,
    bundle,
    concept,
    dose,
    entries,
    entry,
    reading,
    reading_of,
    reasons,
    slots,
    spo2,
)

from aldes.course.events import (
    Admitted,
    CourseEnded,
    CycleOpened,
    Died,
    Discharged,
    MedicationListed,
    RecordDoubted,
    SlotClosed,
)


def test_a_completed_dose_of_aldesleukin_opens_cycle_1():
    came = reading(dose())
    assert [type(each) for each in came.events] == [CycleOpened, SlotClosed]
    assert slots(came) == [(1, 1, "given")]
    assert came.events[0].happened_at == came.events[1].happened_at == datetime(2024, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "state"), [("completed", "given"), ("in-progress", "given"), ("stopped", "given partly")]
)
def test_what_has_begun_counts_as_a_dose(status, state):
    assert slots(reading(dose(status=status))) == [(1, 1, state)]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ([{"text": "dose held for low pressure"}], "held"),
        ([{"text": "WITHHELD"}], "held"),
        ([concept("held", OWN)], "held"),
        ([{"text": "drug not available"}], "omitted"),
        ([{"text": "household emergency"}], "omitted"),
        (None, "omitted"),
    ],
)
def test_a_dose_not_done_was_held_or_omitted(reason, state):
    assert slots(reading(dose(status="not-done", statusReason=reason))) == [(1, 1, state)]


def test_a_dose_entered_in_error_never_counted():
    came = reading(dose(status="entered-in-error"))
    assert (came.events, came.alert) == ((), ())
    assert "entered in error" in reasons(came)


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "on-hold"},
        {"status": "unknown"},
        {"status": None},
        {"effectivePeriod": None, "effectiveDateTime": "2024-03-05"},
        {"effectivePeriod": {"start": "2024-03-05T00:00:00"}},
        {"effectivePeriod": None},
        {"effectivePeriod": {"end": "2024-03-05T00:15:00Z"}},
        {"effectivePeriod": {"start": "2024-03-05T09:00:00Z"}},
        {"modifierExtension": [{"url": "urn:x"}]},
        {"subject": None},
        {"subject": {"reference": "Patient/unknown"}},
    ],
)
def test_a_dose_that_cannot_be_counted_is_said_first(changed):
    came = reading(dose(**changed))
    assert [type(each) for each in came.events] == [RecordDoubted]
    assert len(came.alert) == 1


@pytest.mark.parametrize(
    "drug",
    [
        {"text": "aldesleukin 42 MIU"},
        {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "0", "display": "Proleukin"}]},
        {"coding": [{"system": "urn:local", "code": "L03AC01", "display": "IL-2"}]},
        {},
    ],
)
def test_a_drug_that_may_be_aldesleukin_is_never_lost_in_silence(drug):
    came = reading(dose(medicationCodeableConcept=drug))
    assert {type(each) for each in came.events} == {RecordDoubted}
    assert came.alert


def test_another_drug_is_no_dose_and_comes_onto_the_list_of_drugs():
    came = reading(dose(medicationCodeableConcept={"text": "paracetamol"}))
    assert [type(each) for each in came.events] == [MedicationListed]
    assert slots(came) == []
    assert came.alert == ()


def test_the_dose_of_another_patient_is_no_alert_of_this_one():
    other = {"resourceType": "Patient", "id": "p2"}
    came = reading(other, dose(subject={"reference": "Patient/p2"}), patient_id="p1")
    assert (came.events, came.alert) == ((), ())


def test_the_drug_may_be_a_medication_of_its_own_or_contained():
    drug = {"resourceType": "Medication", "id": "m", "code": concept("L03AC01", ATC)}
    by = {"medicationCodeableConcept": None}
    assert slots(reading(drug, dose(**by, medicationReference={"reference": "Medication/m"})))
    assert slots(reading(dose(**by, contained=[drug], medicationReference={"reference": "#m"})))


def test_a_drug_that_is_not_in_the_bundle_is_said():
    came = reading(dose(medicationCodeableConcept=None, medicationReference={"reference": "Medication/m"}))
    assert came.alert


def test_the_end_of_the_infusion_is_kept():
    period = {"start": "2024-03-05T00:00:00Z", "end": "2024-03-05T00:15:00Z"}
    (_, slot) = reading(dose(effectivePeriod=period)).events
    assert slot.ended_at - slot.happened_at == timedelta(minutes=15)


def test_two_doses_within_4_hours_both_count_and_are_said():
    came = reading(dose(), dose("2024-03-05T00:05:00Z", id="d2"))
    assert slots(came) == [(1, 1, "given"), (1, 2, "given")]
    assert "within 4 hours" in came.alert[0]


def test_one_dose_in_two_versions_is_not_counted_but_said():
    came = reading(dose(), dose(status="in-progress"))
    assert {type(each) for each in came.events} == {RecordDoubted}
    assert came.alert


def test_doses_are_numbered_by_time_whatever_their_order_in_the_bundle():
    came = reading(dose("2024-03-05T00:00:00Z", id="b"), dose("2024-03-04T08:00:00Z", id="a"))
    assert slots(came) == [(1, 1, "given"), (1, 3, "given")]


def test_a_second_cycle_opens_after_the_rest():
    came = reading(dose("2024-02-19T08:00:00Z"), dose("2024-03-04T08:00:00Z", id="d2"))
    assert slots(came) == [(1, 1, "given"), (2, 1, "given")]
    assert [each.cycle for each in came.events if isinstance(each, CycleOpened)] == [1, 2]
    assert not [each for each in came.events if isinstance(each, CourseEnded)]


def test_another_course_begins_at_cycle_1_and_keeps_what_was_charted_before_its_first_dose():
    morning = spo2(effectiveDateTime="2024-03-04T07:00:00Z")
    came = reading(dose("2024-01-01T08:00:00Z"), dose("2024-03-04T08:00:00Z", id="d2"), morning)
    kinds = [type(each).__name__ for each in came.events]
    assert kinds == ["CycleOpened", "SlotClosed", "CourseEnded", "FindingCharted", "CycleOpened", "SlotClosed"]
    assert slots(came) == [(1, 1, "given"), (1, 1, "given")]


def test_a_cycle_is_open_before_what_was_charted_at_its_very_start():
    came = reading(spo2(effectiveDateTime="2024-03-05T00:00:00Z"), dose())
    assert isinstance(came.events[0], CycleOpened)


def stay(**changed):
    whole = {
        "resourceType": "Encounter",
        "id": "e1",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": "Patient/p1"},
        "period": {"start": "2024-01-01T08:00:00Z", "end": "2024-01-06T12:00:00Z"},
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


def test_a_finished_stay_is_admission_and_discharge():
    assert [type(each) for each in reading(stay()).events] == [Admitted, Discharged]


def test_a_stay_in_progress_is_an_admission_alone():
    (event,) = reading(stay(status="in-progress", period={"start": "2024-03-04T08:00:00Z"})).events
    assert isinstance(event, Admitted)


@pytest.mark.parametrize(
    "changed",
    [
        {"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}},
        {"class": {"code": "IMP"}},
        {"status": "planned"},
        {"status": "entered-in-error"},
        {"subject": None},
        {"modifierExtension": [{"url": "urn:x"}]},
        {"period": {"start": "2025-01-01T08:00:00Z", "end": "2025-01-06T08:00:00Z"}},
    ],
)
def test_a_stay_that_is_not_clear_is_not_used(changed):
    came = reading(stay(**changed))
    assert came.events == ()
    assert came.not_used


@pytest.mark.parametrize(
    ("end", "at"),
    [
        ("2024-01-06", "2024-01-07T12:00:00+00:00"),  # the day ends last at 12 hours behind UTC
        ("2024-03-05", NOW.isoformat()),
        (None, NOW.isoformat()),
        ("yesterday", NOW.isoformat()),
    ],
)
def test_a_finished_stay_ended_at_the_latest_instant_that_its_end_can_mean(end, at):
    period = {"start": "2024-01-01T08:00:00Z", "end": end}
    came = reading(stay(period={key: value for key, value in period.items() if value}))
    assert [each.happened_at.isoformat() for each in came.events if isinstance(each, Discharged)] == [at]
    assert "taken for the latest possible" in reasons(came)


FIBRILLATION = concept("49436004", SNOMED)


def status(code, kind="clinical"):
    return concept(code, f"http://terminology.hl7.org/CodeSystem/condition-{kind}")


def condition(**changed):
    whole = {
        "resourceType": "Condition",
        "id": "c1",
        "clinicalStatus": status("active"),
        "verificationStatus": status("confirmed", "ver-status"),
        "code": FIBRILLATION,
        "subject": {"reference": "Patient/p1"},
        "onsetDateTime": "2024-03-04T10:00:00Z",
        **changed,
    }
    return {key: value for key, value in whole.items() if value is not None}


@pytest.mark.parametrize("code", ["active", "recurrence", "relapse"])
def test_an_active_confirmed_condition_is_charted_as_present(code):
    charted = entry(reading(condition(clinicalStatus=status(code))))
    assert (charted.finding, charted.valid) == ("atrial_fibrillation", True)
    assert charted.time == datetime(2024, 3, 4, 10, tzinfo=UTC)


@pytest.mark.parametrize("code", ["inactive", "remission", "resolved"])
def test_a_past_condition_is_history(code):
    came = reading(condition(clinicalStatus=status(code)))
    assert came.events == ()
    assert "history" in reasons(came)


@pytest.mark.parametrize("code", ["refuted", "entered-in-error"])
def test_a_refuted_condition_charts_nothing(code):
    assert entries(reading(condition(verificationStatus=status(code, "ver-status")))) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"clinicalStatus": None},
        {"clinicalStatus": concept("55561003", SNOMED)},  # "active", but not FHIR's own code
        {"clinicalStatus": "active"},
        {"verificationStatus": None},
        {"verificationStatus": status("unconfirmed", "ver-status")},
        {"verificationStatus": status("provisional", "ver-status")},
        {"verificationStatus": status("differential", "ver-status")},
        {"abatementDateTime": "2024-03-04"},
        {"onsetDateTime": None},
        {"onsetDateTime": "2024-03-04"},
    ],
)
def test_a_condition_in_doubt_may_hold(changed):
    charted = entry(reading(condition(**changed)))
    assert (charted.worst, charted.valid) == (True, None)
    assert charted.time <= NOW


def test_a_condition_under_an_unknown_modifier_is_unknown():
    assert entry(reading(condition(modifierExtension=[{"url": "urn:x"}]))).worst is None


def test_a_condition_recorded_without_onset_counts_from_its_record():
    charted = entry(reading(condition(onsetDateTime=None, recordedDate="2024-03-01T10:00:00Z")))
    assert (charted.valid, charted.time.day) == (True, 1)


@pytest.mark.parametrize("code", [{"text": "atrial fibrillation"}, concept("I48.0", "http://hl7.org/fhir/sid/icd-10")])
def test_a_condition_by_text_or_another_code_is_reported(code):
    came = reading(condition(code=code))
    assert entries(came) == []
    assert came.not_used


def test_a_condition_of_another_patient_is_not_used():
    assert reading(condition(subject={"reference": "Patient/p2"})).events == ()


def test_an_admission_after_the_rest_opens_the_next_cycle_before_its_first_dose():
    first = dose("2024-02-25T00:00:00Z")
    admitted = stay(status="in-progress", period={"start": "2024-03-04T09:00:00Z"})
    came = reading(first, admitted)
    opened = [(each.cycle, each.happened_at.day) for each in came.events if isinstance(each, CycleOpened)]
    assert opened == [(1, 25), (2, 4)]


def test_an_admission_within_the_cycle_opens_none():
    admitted = stay(status="in-progress", period={"start": "2024-03-04T09:00:00Z"})
    came = reading(dose(), admitted)
    assert [each.cycle for each in came.events if isinstance(each, CycleOpened)] == [1]


def test_an_admission_weeks_later_opens_the_next_course():
    admitted = stay(status="in-progress", period={"start": "2024-03-04T09:00:00Z"})
    came = reading(dose("2024-01-02T00:00:00Z"), admitted)
    kinds = [type(each) for each in came.events if isinstance(each, CycleOpened | CourseEnded)]
    assert kinds == [CycleOpened, CourseEnded, CycleOpened]


def test_a_deceased_patient_is_an_event_too():
    came = reading_of(bundle(patient={**PATIENT, "deceasedDateTime": "2024-03-05"}))
    assert any(isinstance(each, Died) for each in came.events)
