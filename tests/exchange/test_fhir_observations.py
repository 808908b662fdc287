"""Observations as real records send them: the sound ones are used, the rest may hold and never permits."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from fhir_patient import (
    LOINC,
    NOW,
    OWN,
    SNOMED,
    TIME,
    UCUM,
    concept,
    entries,
    entry,
    observation,
    quantity,
    reading,
    reasons,
    spo2,
)

from aldes.course.events import StatementMade

D = Decimal
AT = datetime(2024, 3, 5, 7, 40, tzinfo=UTC)


def test_a_final_saturation_is_charted_at_its_own_time():
    charted = entry(reading(spo2(87)))
    assert (charted.finding, charted.valid, charted.time, charted.id) == ("spo2", D(87), AT, "Observation/o1")


def test_it_is_recorded_as_if_charted_live():
    (event,) = reading(spo2(87)).events
    assert event.happened_at == event.recorded_at == AT


def test_two_codes_of_one_finding_are_one_value():
    both = {"coding": [{"system": LOINC, "code": "59408-5"}, {"system": LOINC, "code": "2708-6"}]}
    assert len(entries(reading(spo2(code=both)))) == 1


def test_any_coding_may_match():
    local = {"coding": [{"system": "urn:local", "code": "59408-5x"}, {"system": LOINC, "code": "59408-5"}]}
    assert entry(reading(spo2(code=local))).valid == D(87)


@pytest.mark.parametrize("code", ["2160-0", "38483-4", "14682-9"])
def test_creatinine_is_known_by_each_of_its_codes(code):
    charted = entry(reading(observation(concept(code), valueQuantity=quantity(1.1, "mg/dL"))))
    assert (charted.finding, charted.valid) == ("creatinine", D("1.1"))


@pytest.mark.parametrize(
    "code",
    [
        concept("59408-5", "urn:oid:2.16.840.1.113883.6.1"),  # the right code in a wrong system
        {"coding": [{"code": "59408-5"}]},
        {"text": "SpO2"},
        {},
    ],
)
def test_a_code_without_its_system_or_as_text_is_not_used_and_shown(code):
    came = reading(spo2(code=code))
    assert entries(came) == []
    assert "No finding of the vocabulary" in reasons(came)


def test_unmapped_codes_are_counted():
    prothrombin = [observation(concept("5902-2"), id=f"h{n}", valueQuantity=quantity(12, "s")) for n in range(3)]
    (note,) = reading(*prothrombin).not_used
    assert (note.count, note.what) == (3, "LOINC '5902-2'")


def test_one_code_that_names_two_findings_makes_both_unknown():
    both = {"coding": [{"system": LOINC, "code": "59408-5"}, {"system": LOINC, "code": "8867-4"}]}
    charted = entries(reading(spo2(code=both)))
    assert {each.finding for each in charted} == {"spo2", "heart_rate"}
    assert all(each.worst is None for each in charted)


@pytest.mark.parametrize("panel", ["85354-9", "55284-4"])
def test_a_blood_pressure_panel_is_read_by_its_components(panel):
    parts = [
        {"code": concept("8480-6"), "valueQuantity": quantity(88, "mm[Hg]")},
        {"code": concept("8462-4"), "valueQuantity": quantity(50, "mm[Hg]")},
    ]
    charted = entries(reading(observation(concept(panel), component=parts)))
    assert [(each.finding, each.valid, each.id) for each in charted] == [
        ("systolic", D(88), "Observation/o1#systolic"),
        ("diastolic", D(50), "Observation/o1#diastolic"),
    ]


def test_a_panel_and_its_members_are_not_counted_twice():
    panel = observation(concept("85354-9"), id="panel", hasMember=[{"reference": "Observation/o1"}])
    systolic = observation(concept("8480-6"), valueQuantity=quantity(88, "mm[Hg]"))
    assert len(entries(reading(panel, systolic))) == 1


def test_a_value_beside_its_components_is_charted_beside_them():
    oxygen = [{"code": concept("3151-8"), "valueQuantity": quantity(4, "L/min")}]
    charted = entries(reading(spo2(component=oxygen)))
    assert [(each.finding, each.valid) for each in charted] == [("spo2", D(87)), ("oxygen_flow", D(4))]


def test_two_components_of_one_finding_are_two_entries():
    parts = [{"code": concept("8480-6"), "valueQuantity": quantity(value, "mm[Hg]")} for value in (120, 80)]
    charted = entries(reading(observation(concept("85354-9"), component=parts)))
    assert len({each.id for each in charted}) == 2


def test_a_component_without_value_makes_its_finding_unknown():
    parts = [{"code": concept("8480-6"), "dataAbsentReason": concept("not-performed", "urn:x")}]
    assert entry(reading(observation(concept("85354-9"), component=parts))).worst is None


def test_the_unit_code_decides_and_the_text_is_only_shown():
    pounds = {"value": 185, "unit": "lbs", "system": UCUM, "code": "[lb_av]"}
    assert entry(reading(observation(concept("29463-7"), valueQuantity=pounds))).valid == D("83.91458845")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": 97, "unit": "%"}, "text only"),
        ({"value": 97}, "without a unit"),
        ({"value": 97, "code": "%"}, "without the UCUM system"),
        ({"value": 97, "system": "urn:x", "code": "%"}, "without the UCUM system"),
        (quantity(97, "percent"), "no unit we know"),
        (quantity(97, "mg/dL"), "not of a percentage"),
        ({"unit": "%", "system": UCUM, "code": "%"}, "without a number"),
        (quantity("97", "%"), "text or yes/no"),
        (quantity(True, "%"), "text or yes/no"),
        (quantity([], "%"), "text or yes/no"),
    ],
)
def test_a_number_without_its_ucum_unit_is_no_value(changed, said):
    came = reading(spo2(valueQuantity=changed))
    assert (entry(came).worst, entry(came).valid) == (None, None)
    assert said in reasons(came)


def test_haemoglobin_like_slips_by_a_factor_never_permit():
    platelets = observation(concept("777-3"), valueQuantity=quantity(105600, "10*3/uL"))
    assert entry(reading(platelets)).valid is None


@pytest.mark.parametrize(("comparator", "worst"), [("<", 30), (">", 97), ("about", None), ("", None), (3, None)])
def test_a_comparator_is_never_lost(comparator, worst):
    charted = entry(reading(spo2(valueQuantity={**quantity(97, "%"), "comparator": comparator})))
    assert (charted.worst, charted.valid) == (worst and D(worst), None)


def test_a_range_counts_as_its_worse_end():
    came = reading(spo2(valueQuantity=None, valueRange={"low": quantity(85, "%"), "high": quantity(95, "%")}))
    assert (entry(came).worst, entry(came).valid) == (D(85), None)


def test_a_range_of_two_units_is_no_value():
    ends = {"low": quantity(85, "%"), "high": quantity(1, "mg/dL")}
    assert entry(reading(spo2(valueQuantity=None, valueRange=ends))).worst is None


@pytest.mark.parametrize(
    "value",
    [{"valueString": "97 %"}, {"valueInteger": 97}, {"valueCodeableConcept": {"text": "97"}}, {"valueBoolean": True}],
)
def test_text_integer_code_or_boolean_is_no_saturation(value):
    charted = entry(reading(spo2(valueQuantity=None, **value)))
    assert (charted.worst, charted.valid) == (None, None)


def test_two_values_in_one_observation_may_hold_but_not_permit():
    charted = entries(reading(spo2(valueInteger=4)))
    assert all(each.valid is None for each in charted)
    assert D(87) in [each.worst for each in charted]


@pytest.mark.parametrize("absent", [concept("unknown", "urn:x"), {"text": "refused"}])
def test_a_reason_for_no_value_makes_the_finding_unknown(absent):
    came = reading(spo2(valueQuantity=None, dataAbsentReason=absent))
    assert (entry(came).worst, entry(came).valid, entry(came).time) == (None, None, AT)
    assert "no value" in reasons(came)


def test_no_value_and_no_reason_makes_the_finding_unknown():
    assert entry(reading(spo2(valueQuantity=None))).worst is None


@pytest.mark.parametrize("status", ["registered", "preliminary", "unknown", None, 7])
def test_a_result_that_is_not_final_may_hold_but_not_permit(status):
    charted = entry(reading(spo2(status=status)))
    assert (charted.worst, charted.valid) == (D(87), None)


def test_a_cancelled_result_is_no_value_but_makes_the_finding_unknown():
    charted = entry(reading(spo2(status="cancelled")))
    assert (charted.worst, charted.valid) == (None, None)


def test_a_result_entered_in_error_never_counts_and_is_reported():
    came = reading(spo2(status="entered-in-error"))
    assert entries(came) == []
    assert "entered in error" in reasons(came)


@pytest.mark.parametrize(
    "modified",
    [
        {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
        {"implicitRules": "urn:x"},
        {"valueQuantity": {**quantity(87, "%"), "modifierExtension": [{"url": "urn:x"}]}},
        {"component": [{"code": concept("x"), "modifierExtension": [{"url": "urn:x"}]}]},
        {"modifierExtension": "of a wrong shape"},
    ],
)
def test_a_modifier_that_we_do_not_know_makes_it_unusable(modified):
    charted = entries(reading(spo2(**modified)))[0]
    assert (charted.finding, charted.worst, charted.valid) == ("spo2", None, None)


def test_a_modifier_in_a_contained_resource_speaks_for_itself_only():
    device = {"resourceType": "Device", "id": "x", "modifierExtension": [{"url": "urn:x"}]}
    assert entry(reading(spo2(contained=[device]))).valid == D(87)


def test_a_plain_extension_is_ignored():
    assert entry(reading(spo2(extension=[{"url": "urn:x"}], _status={"id": "s"}))).valid == D(87)


@pytest.mark.parametrize(
    ("time", "counts_as", "said"),
    [
        (None, NOW, "is missing"),
        ("2024-03-05", NOW, "date without a time"),  # may mean until noon UTC of the next day: capped at now
        ("2024-03-03", datetime(2024, 3, 4, 12, tzinfo=UTC), "date without a time"),
        ("2024-03-04T10:00:00", datetime(2024, 3, 4, 22, tzinfo=UTC), "no zone"),
        ("2024-02", datetime(2024, 3, 1, 12, tzinfo=UTC), "month or a year"),
        ("2023", datetime(2024, 1, 1, 12, tzinfo=UTC), "month or a year"),
        ("2024-03-05T08:05:01Z", NOW, "future"),
        ("2999-01-01T00:00:00Z", NOW, "outside the years"),
        ("0001-01-01T00:00:00+14:00", NOW, "outside the years"),
        ("yesterday", NOW, "cannot be read"),
        ("2024-02-30T08:00:00Z", NOW, "no time that exists"),
        (20240305, NOW, "not a text"),
    ],
)
def test_a_time_that_is_no_instant_counts_as_late_as_it_can_be_and_permits_nothing(time, counts_as, said):
    came = reading(spo2(effectiveDateTime=time))
    charted = entry(came)
    assert (charted.time, charted.worst, charted.valid) == (counts_as, D(87), None)
    assert said in reasons(came)
    assert came.events[0].recorded_at == NOW


def test_the_time_of_issue_is_never_taken_for_the_time_of_collection():
    came = reading(spo2(effectiveDateTime=None, issued=TIME))
    assert (entry(came).time, entry(came).valid) == (NOW, None)


def test_a_time_of_years_ago_is_kept_as_it_is():
    assert entry(reading(spo2(effectiveDateTime="2004-03-05T07:40:00+01:00"))).time.year == 2004


@pytest.mark.parametrize(
    "time",
    [
        {"effectiveTiming": {"event": [TIME]}},
        {"effectivePeriod": {"start": "2024-03-05T05:00:00Z"}},
        {"effectivePeriod": {"start": "2024-03-05", "end": TIME}},
        {"effectivePeriod": {"start": "2024-03-05T05:00:00Z", "end": TIME}},  # a saturation has one instant
        {"effectiveDateTime": TIME, "effectiveInstant": TIME},
    ],
)
def test_a_saturation_over_a_period_or_schedule_permits_nothing(time):
    charted = entry(reading(spo2(**{"effectiveDateTime": None, **time})))
    assert (charted.worst, charted.valid) == (D(87), None)


def urine(**changed):
    period = {"start": "2024-03-04T23:30:00Z", "end": "2024-03-05T07:30:00Z"}
    whole = {"valueQuantity": quantity(400, "mL"), "effectiveDateTime": None, "effectivePeriod": period}
    return observation(concept("9187-6"), **{**whole, **changed})


def test_urine_is_charted_with_its_collection_period():
    charted = entry(reading(urine()))
    assert (charted.valid, charted.time - charted.start) == (D(400), datetime(1, 1, 1, 8) - datetime(1, 1, 1))  # noqa: DTZ001


def test_urine_at_an_instant_permits_nothing():
    assert entry(reading(urine(effectivePeriod=None, effectiveDateTime=TIME))).valid is None


def test_the_reference_range_is_kept_with_the_result():
    limits = [{"low": quantity(60, "umol/L"), "high": quantity(88.4, "umol/L")}]
    creatinine = observation(concept("38483-4"), valueQuantity=quantity(221, "umol/L"), referenceRange=limits)
    assert entry(reading(creatinine)).high == D(1)


@pytest.mark.parametrize(
    "limits",
    [
        [{"high": quantity(1, "mg/dL")}, {"high": quantity(2, "mg/dL")}],  # which one holds is not told
        [{"high": quantity(1, "umol/L")}],  # another unit than the value's
        [{"type": concept("therapeutic", "urn:x"), "high": quantity(1, "mg/dL")}],
        [{"text": "< 1.2"}],
    ],
)
def test_a_reference_range_that_is_not_clear_is_none(limits):
    creatinine = observation(concept("2160-0"), valueQuantity=quantity(1, "mg/dL"), referenceRange=limits)
    assert entry(reading(creatinine)).high is None


def flag(name="atrial_fibrillation", **changed):
    return observation(concept(name, OWN), **{"valueBoolean": True, **changed})


@pytest.mark.parametrize(
    ("code", "answer"), [("373066001", True), ("10828004", True), ("373067005", False), ("260385009", False)]
)
def test_a_flag_reads_yes_no_positive_and_negative_by_code(code, answer):
    stool = observation(concept("2335-8"), valueCodeableConcept=concept(code, SNOMED))
    assert entry(reading(stool)).valid is answer


def test_codes_that_contradict_each_other_say_nothing():
    both = {"coding": [{"system": SNOMED, "code": "373066001"}, {"system": SNOMED, "code": "373067005"}]}
    assert entry(reading(flag(valueBoolean=None, valueCodeableConcept=both))).worst is None


@pytest.mark.parametrize("value", [{"valueInteger": 1}, {"valueString": "yes"}, {"valueBoolean": "true"}])
def test_a_flag_is_never_guessed(value):
    assert entry(reading(flag(**{"valueBoolean": None, **value}))).worst is None


@pytest.mark.parametrize("value", [{"valueString": "changed"}, {"valueCodeableConcept": concept("changed", OWN)}])
def test_mental_status_is_one_of_its_words(value):
    assert entry(reading(observation(concept("mental_status", OWN), **value))).valid == "changed"


def test_a_derived_finding_cannot_be_charted():
    assert entries(reading(observation(concept("urine_8h", OWN), valueQuantity=quantity(400, "mL")))) == []


def role(code, **changed):
    return {"resourceType": "PractitionerRole", "id": "r1", "code": [concept(code, SNOMED)], **changed}


PERFORMER = [{"reference": "PractitionerRole/r1"}]


@pytest.mark.parametrize(
    ("code", "named"), [("309343006", "physician"), ("224535009", "nurse"), ("46255001", "pharmacist"), ("1", None)]
)
def test_who_judged_it_is_told_by_the_role(code, named):
    assert entry(reading(flag(performer=PERFORMER), role(code))).role == named


def test_a_practitioner_alone_has_no_role():
    person = {"resourceType": "Practitioner", "id": "x"}
    assert entry(reading(flag(performer=[{"reference": "Practitioner/x"}]), person)).role is None


def test_two_roles_are_no_certain_role():
    nurse = {**role("224535009"), "id": "r2"}
    both = [*PERFORMER, {"reference": "PractitionerRole/r2"}]
    assert entry(reading(flag(performer=both), role("309343006"), nurse)).role is None


def test_a_role_that_ended_is_none():
    assert entry(reading(flag(performer=PERFORMER), role("309343006", active=False))).role is None


def test_two_values_at_one_time_are_both_kept_and_reported():
    came = reading(spo2(87), spo2(95, id="o2"))
    assert [each.valid for each in entries(came)] == [D(87), D(95)]
    assert "Two values came for one time" in reasons(came)


def test_the_same_value_at_one_time_is_no_conflict():
    assert reading(spo2(87), spo2(87, id="o2")).not_used == ()


def test_an_identical_repetition_is_read_once():
    came = reading(spo2(87), spo2(87))
    assert len(entries(came)) == 1
    assert "read once" in reasons(came)


def test_different_contents_under_one_id_may_hold_but_not_permit():
    charted = entries(reading(spo2(87), spo2(97)))
    assert [(each.worst, each.valid) for each in charted] == [(D(87), None), (D(97), None)]
    assert len({each.id for each in charted}) == 2  # one id would replace the other


def test_observations_without_an_id_never_share_one():
    charted = entries(reading(spo2(87, id=None), spo2(95, id=None)))
    assert len({each.id for each in charted}) == 2


def statement(system="neuro", **changed):
    return observation(concept(f"statement.{system}", OWN), **{"valueString": "none of the listed", **changed})


def test_a_signed_statement_is_read():
    (event,) = reading(statement()).events
    assert isinstance(event, StatementMade)
    assert (event.system, event.fault, event.happened_at) == ("neuro", None, AT)


@pytest.mark.parametrize(
    "changed",
    [
        {"valueString": "None of the listed"},
        {"valueString": None},
        {"valueString": "none of the listed", "valueBoolean": True},
        {"status": "preliminary"},
        {"status": None},
        {"effectiveDateTime": "2024-03-05"},
        {"effectiveDateTime": None},
        {"effectiveDateTime": "2024-03-05T09:00:00Z"},
        {"modifierExtension": [{"url": "urn:x"}]},
    ],
)
def test_a_statement_with_a_fault_is_kept_and_answers_nothing(changed):
    came = reading(statement(**changed))
    (event,) = came.events
    assert isinstance(event, StatementMade)
    assert event.fault
    assert event.happened_at <= NOW
    assert came.not_used


def test_a_statement_for_an_unknown_system_is_not_used_and_names_the_nearest():
    came = reading(statement("neurol"))
    assert came.events == ()
    assert "neuro" in reasons(came)
