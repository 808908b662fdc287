"""Whole bundles: whose record it is, what an entry refers to, and what is reported as not used."""

import pytest
from fhir_patient import (
    LOINC,
    NOW,
    PATIENT,
    bundle,
    concept,
    entries,
    entry,
    reading,
    reading_of,
    reasons,
    spo2,
)

from aldes.errors import InputError

SERVER = "https://ehr.example/fhir"


def with_urls(*pairs):
    return {"resourceType": "Bundle", "entry": [{"fullUrl": url, "resource": resource} for url, resource in pairs]}


@pytest.mark.parametrize("kind", ["transaction", "collection", "batch", "searchset", "document", "message", None])
def test_a_bundle_is_read_by_its_entries_and_not_by_its_kind(kind):
    assert len(entries(reading_of({**bundle(spo2()), "type": kind}))) == 1


@pytest.mark.parametrize("document", [PATIENT, {"resourceType": "Parameters"}, {"resourceType": "Bundle", "entry": {}}])
def test_a_resource_that_is_no_bundle_is_refused(document):
    with pytest.raises(InputError, match=r"bundle|Bundle"):
        reading_of(document)


def test_a_bundle_without_entries_has_no_patient():
    with pytest.raises(InputError, match="no Patient"):
        reading_of({"resourceType": "Bundle"})


def test_a_bundle_without_a_patient_is_refused():
    with pytest.raises(InputError, match="no Patient"):
        reading_of(bundle(spo2(), patient=None))


def test_a_contained_patient_is_not_the_record_of_the_patient():
    inside = spo2(contained=[PATIENT], subject={"reference": "#p1"})
    with pytest.raises(InputError, match="no Patient"):
        reading_of(bundle(inside, patient=None))


def test_a_contained_observation_is_not_read():
    basic = {"resourceType": "Basic", "id": "b", "contained": [spo2()]}
    assert entries(reading(basic)) == []


def test_of_several_patients_one_must_be_chosen():
    second = {"resourceType": "Patient", "id": "p2"}
    with pytest.raises(InputError, match=r"2 Patients .*--patient"):
        reading(second, spo2())


def test_the_chosen_patient_alone_is_read():
    second = {"resourceType": "Patient", "id": "p2"}
    came = reading(second, spo2(), spo2(97, id="o2", subject={"reference": "Patient/p2"}), patient_id="p2")
    assert (came.patient, entry(came).id) == ("p2", "Observation/o2")
    assert "another patient" in reasons(came)


def test_a_chosen_patient_that_is_not_there_is_refused():
    with pytest.raises(InputError, match="no Patient with the id"):
        reading(spo2(), patient_id="p9")


def test_one_patient_in_two_versions_is_refused():
    with pytest.raises(InputError, match="versions that differ"):
        reading({**PATIENT, "active": True}, spo2())


@pytest.mark.parametrize("death", [{"deceasedBoolean": True}, {"deceasedDateTime": "2024-03-01"}])
def test_a_death_is_said_first(death):
    came = reading_of(bundle(spo2(), patient={**PATIENT, **death, "active": False}))
    assert "deceased" in came.alert[0]


def test_a_living_patient_has_no_alert():
    assert reading_of(bundle(spo2(), patient={**PATIENT, "deceasedBoolean": False})).alert == ()


def test_a_patient_record_linked_to_another_is_said():
    linked = {**PATIENT, "link": [{"other": {"reference": "Patient/p0"}, "type": "replaces"}]}
    assert "linked to another" in reading_of(bundle(spo2(), patient=linked)).alert[0]


@pytest.mark.parametrize(
    "subject",
    [
        None,
        {},
        {"reference": "Group/g1"},
        {"reference": "Patient?identifier=urn:x|1"},
        {"reference": "Patient/p1/_history/2"},
        {"reference": "https://elsewhere.example/fhir/Patient/p1"},
        {"reference": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {"reference": "#p1"},
        {"display": "the patient"},
        {"identifier": {"system": "urn:mrn", "value": "1"}},
        "Patient/p1",
    ],
)
def test_an_entry_whose_subject_cannot_be_told_makes_its_finding_unknown(subject):
    """It may be this patient's newest value: nothing in it is believed, and no older one stands in for it."""
    came = reading(spo2(97, id="o0", effectiveDateTime="2024-03-05T07:00:00Z"), spo2(subject=subject))
    assert [(each.worst, each.valid) for each in entries(came)] == [(97, 97), (None, None)]
    assert "subject" in reasons(came)


@pytest.mark.parametrize(
    "reference", ["Patient/p2", "Patient/p2/_history/1", "https://elsewhere.example/fhir/Patient/p2"]
)
def test_an_entry_of_another_patient_is_not_used(reference):
    came = reading(spo2(subject={"reference": reference}))
    assert came.events == ()
    assert "another id" in reasons(came)


def test_an_observation_about_something_else_than_the_patient_is_not_used():
    assert reading(spo2(focus=[{"reference": "Group/donor"}])).events == ()


def test_a_reference_by_urn_finds_its_entry():
    url = "urn:uuid:3d1a5bd4-7b1c-4a53-9d6a-0d5c1b1f2a33"
    nameless = {"resourceType": "Patient"}
    came = reading_of(with_urls((url, nameless), ("urn:uuid:1", spo2(subject={"reference": url}))))
    assert (len(entries(came)), came.patient) == (1, url)


def test_an_absolute_reference_finds_only_that_very_address():
    subject = {"reference": f"{SERVER}/Patient/p1"}
    came = reading_of(with_urls((f"{SERVER}/Patient/p1", PATIENT), (f"{SERVER}/Observation/o1", spo2(subject=subject))))
    assert len(entries(came)) == 1


def test_a_relative_reference_stays_on_its_own_server():
    other = "https://other.example/fhir"
    came = reading_of(with_urls((f"{SERVER}/Patient/p1", PATIENT), (f"{other}/Observation/o1", spo2())))
    assert entry(came).worst is None
    same = reading_of(with_urls((f"{SERVER}/Patient/p1", PATIENT), (f"{SERVER}/Observation/o1", spo2())))
    assert len(same.events) == 1


def test_an_identifier_alone_finds_the_one_patient_who_has_it():
    patient = {**PATIENT, "identifier": [{"system": "urn:mrn", "value": "42"}]}
    subject = {"identifier": {"system": "urn:mrn", "value": "42"}}
    assert len(entries(reading_of(bundle(spo2(subject=subject), patient=patient)))) == 1


@pytest.mark.parametrize(
    "odd",
    [
        None,
        {},
        {"resource": None},
        {"request": {"method": "DELETE", "url": "Observation/o1"}},
        {"request": {"method": "DELETE"}, "resource": spo2()},
        {"response": {"status": "201"}},
        {"resource": {"id": "x"}},
        {"resource": {"resourceType": 7}},
    ],
)
def test_an_entry_with_nothing_to_read_is_reported(odd):
    whole = bundle()
    whole["entry"].append(odd)
    came = reading_of(whole)
    assert came.events == ()
    assert "Bundle.entry[1]" in reasons(came)


@pytest.mark.parametrize(
    "kind", ["FamilyMemberHistory", "Procedure", "QuestionnaireResponse", "MedicationDispense", "X"]
)
def test_resources_that_are_not_read_are_reported(kind):
    cancer = {"resourceType": kind, "id": "f", "code": concept("49436004", "http://snomed.info/sct")}
    came = reading(cancer)
    assert came.events == ()
    assert kind in reasons(came)


def test_a_modifier_on_the_entry_makes_it_unusable():
    whole = bundle(spo2())
    whole["entry"][1]["modifierExtension"] = [{"url": "urn:x"}]
    assert entry(reading_of(whole)).worst is None


@pytest.mark.parametrize("rule", [{"implicitRules": "urn:x"}, {"modifierExtension": [{"url": "urn:x"}]}])
def test_a_bundle_under_rules_that_we_do_not_know_is_refused(rule):
    with pytest.raises(InputError, match="implicit rules"):
        reading_of({**bundle(spo2()), **rule})


@pytest.mark.parametrize(("count", "read"), [(4999, True), (5000, False)])
def test_a_bundle_has_at_most_5000_entries(count, read):
    whole = bundle(*[{"resourceType": "Basic"}] * count)
    if read:
        assert reading_of(whole).not_used[0].count == count
    else:
        with pytest.raises(InputError, match="5,000"):
            reading_of(whole)


def test_a_bulk_export_without_observations_has_no_events_and_is_no_error():
    allergy = {"resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/p1"}}
    came = reading(allergy)
    assert (came.events, came.has_course, came.now, came.protocol) == ((), False, None, None)


def test_events_are_in_order_of_time_and_then_of_input():
    came = reading(spo2(91, id="b"), spo2(90, id="a"), spo2(99, id="c", effectiveDateTime="2024-03-05T01:00:00+02:00"))
    assert [each.entry.id for each in came.events] == ["Observation/c", "Observation/b", "Observation/a"]


def test_messages_never_repeat_names_birth_dates_or_identifiers():
    words = ["SURNAME", "1970-01-01", "MRN-4711"]
    patient = {
        **PATIENT,
        "name": [{"family": words[0]}],
        "birthDate": words[1],
        "identifier": [{"system": "urn:mrn", "value": words[2]}],
        "active": False,
    }
    odd = [
        spo2(code={"text": words[0]}),
        spo2(id=f"{words[0]} {words[1]}", valueQuantity={"value": 1, "unit": words[0]}),
        spo2(id="x", valueQuantity=None, valueString=f"{words[0]} {words[2]}"),
        spo2(id="y", subject={"reference": f"Patient/{words[2]}", "display": words[0]}),
        spo2(id="z", status=words[0], effectiveDateTime=words[0]),
        spo2(id="u", code={"coding": [{"system": LOINC, "code": f"{words[0]} {words[2]}"}]}),
    ]
    came = reading_of(bundle(*odd, patient=patient))
    said = reasons(came) + " ".join(came.alert) + " ".join(f"{each.fault} {each.text}" for each in entries(came))
    assert not [word for word in words if word in said]


def test_a_report_says_where_its_entry_is():
    came = reading(spo2(id=None, status="preliminary"))
    assert came.not_used[0].where == "Bundle.entry[1]"


def test_nothing_happens_after_the_reading_time():
    came = reading(spo2(effectiveDateTime="2030-01-01T00:00:00Z"), spo2(id="o2", effectiveDateTime=None))
    assert all(event.happened_at <= NOW for event in came.events)
