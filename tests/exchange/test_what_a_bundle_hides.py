"""A bundle that is not the whole record, or says something where no reader looks, holds the dose."""

from typing import Any

import pytest
from fhir_patient import (
    ATC,
    OWN,
    PATIENT,
    SNOMED,
    Resource,
    bundle,
    concept,
    dose,
    entries,
    entry,
    observation,
    quantity,
    reading,
    reading_of,
    reasons,
    spo2,
)

from aldes.course.events import RecordDoubted, SlotClosed
from aldes.exchange import Reading

LOW = {key: value for key, value in spo2(85).items() if key != "subject"}
ABSENT = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}


def doubted(came: Reading) -> bool:
    return any(isinstance(each, RecordDoubted) for each in came.events)


def test_a_sound_bundle_leaves_no_doubt() -> None:
    assert not doubted(reading_of({**bundle(spo2()), "total": 2, "link": [{"relation": "self", "url": "urn:x"}]}))


@pytest.mark.parametrize(
    "changed",
    [
        {"link": [{"relation": "self", "url": "urn:x"}, {"relation": "next", "url": "urn:y"}]},
        {"total": 3},
        {"entry": [*bundle(spo2())["entry"], {"resource": bundle(spo2(id="inside"))}]},
    ],
    ids=["more pages", "fewer than its total", "a bundle inside"],
)
def test_a_part_of_a_record_holds(changed: dict[str, Any]) -> None:
    assert doubted(reading_of({**bundle(spo2()), **changed}))


@pytest.mark.parametrize(
    ("severity", "holds"), [("error", True), ("fatal", True), ("warning", False), ("information", False)]
)
def test_a_search_that_failed_in_part_holds(severity: str, holds: bool) -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "incomplete"}]}

    assert doubted(reading(spo2(), outcome)) is holds


@pytest.mark.parametrize(
    ("inside", "holds"),
    [
        (LOW, True),
        ({"resourceType": "Condition", "code": concept("29857009", SNOMED)}, True),
        ({"resourceType": "MedicationAdministration", "medicationCodeableConcept": concept("L03AC01", ATC)}, True),
        ({**LOW, "code": concept("85353-1"), "component": [{"code": concept("59408-5")}]}, True),
        ({**LOW, "code": concept("30525-0")}, False),
        ({"resourceType": "Practitioner", "code": concept("59408-5")}, False),
    ],
)
def test_a_contained_result_that_would_have_counted_holds(inside: Resource, holds: bool) -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r",
        "subject": {"reference": "Patient/p1"},
        "contained": [inside],
    }

    assert doubted(reading(report)) is holds


@pytest.mark.parametrize("kind", ["observation", "OBSERVATION", "condition", "medicationAdministration"])
def test_a_misspelt_type_holds_and_is_named(kind: str) -> None:
    came = reading({**spo2(85), "resourceType": kind})

    assert doubted(came)
    assert "Did you mean" in reasons(came)


@pytest.mark.parametrize(
    "changed",
    [
        {"code": [concept("59408-5")]},
        {"code": "59408-5"},
        {"code": {"coding": concept("59408-5")["coding"][0]}},
        {"code": {"coding": ["59408-5"]}},
        {"component": {"code": concept("59408-5"), "valueQuantity": quantity(85, "%")}},
        {"component": [[]]},
        {"component": [{"code": {"coding": {"code": "59408-5"}}}]},
        {"subject": "Patient/p1"},
    ],
)
def test_a_part_of_another_shape_on_which_the_reading_hangs_holds(changed: dict[str, Any]) -> None:
    assert doubted(reading(spo2(85, **changed)))


def test_a_dose_whose_drug_has_another_shape_holds() -> None:
    assert doubted(reading(dose(medicationCodeableConcept=[concept("L03AC01", ATC)])))


@pytest.mark.parametrize(
    "drug",
    [
        concept("l03ac01", ATC),
        concept("L03AC01", "https://www.whocc.no/atc"),
        concept(" 70223", "urn:rx"),
        concept("L03AC01", ""),
    ],
)
def test_the_drug_s_code_under_another_system_or_spelling_looks_like_it_and_holds(drug: Resource) -> None:
    came = reading(dose(medicationCodeableConcept=drug))

    assert doubted(came)
    assert not [each for each in came.events if isinstance(each, SlotClosed)]


@pytest.mark.parametrize("code", ["agina", "weight_gain", "dose_number", "statment.neuro"])
def test_a_name_that_our_own_system_does_not_have_was_meant_and_holds(code: str) -> None:
    assert doubted(reading(observation(concept(code, OWN), valueBoolean=True)))


@pytest.mark.parametrize("key", ["_deceasedBoolean", "_deceasedDateTime"])
def test_a_death_recorded_without_a_plain_value_holds(key: str) -> None:
    assert doubted(reading_of(bundle(spo2(), patient={**PATIENT, key: ABSENT})))


# ── an entry that contradicts itself ──


def judged(value: bool, code: str) -> Reading:
    return reading(
        observation(concept("29857009", SNOMED), valueBoolean=value, interpretation=[concept(code, "urn:x")])
    )


@pytest.mark.parametrize("code", ["POS", "DET", "RR", "WR", "A", "AA"])
def test_a_no_that_is_interpreted_as_found_may_hold_and_never_permits(code: str) -> None:
    found = entry(judged(False, code))

    assert (found.worst, found.valid) == (True, None)
    assert "interpretation" in str(found.fault)


@pytest.mark.parametrize(("value", "code"), [(False, "NEG"), (False, "N"), (True, "POS"), (True, "NEG")])
def test_an_interpretation_never_takes_a_finding_away(value: bool, code: str) -> None:
    assert entry(judged(value, code)).valid is value


@pytest.mark.parametrize(
    "changed",
    [
        {"valueQuantity": {**quantity(97, "%"), "_value": ABSENT}},
        {"valueQuantity": {**quantity(97, "%"), "_comparator": ABSENT}},
        {"valueQuantity": {**quantity(97, "%"), "_code": ABSENT}},
        {"_status": ABSENT},
        {"_effectiveDateTime": ABSENT},
    ],
)
def test_a_part_that_says_that_it_is_absent_may_hold_and_never_permits(changed: dict[str, Any]) -> None:
    found = entry(reading(spo2(97, **changed)))

    assert (found.worst, found.valid) == (97, None)
    assert "is absent" in str(found.fault)


@pytest.mark.parametrize(
    "changed",
    [
        {"_issued": ABSENT},
        {"performer": [{"_reference": ABSENT}]},
        {"_status": {"extension": [{"url": "urn:x"}]}},
        {"text": {"_status": ABSENT, "div": "x"}},
    ],
)
def test_what_we_do_not_read_may_be_absent(changed: dict[str, Any]) -> None:
    assert [each.valid for each in entries(reading(spo2(97, **changed)))] == [97]


def test_an_entry_with_an_absent_part_keeps_its_name_so_that_a_correction_replaces_it() -> None:
    assert entry(reading(spo2(97, _status=ABSENT))).id == entry(reading(spo2(97))).id
