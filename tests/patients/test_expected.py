"""The bundled patients' answers are those that a clinician wrote down from the sources before the code."""

import tomllib
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from aldes import ward
from aldes.cli.walk import answer, as_asked
from aldes.exchange.bundled import ASSESS, Bundled, bundled

PATIENTS = {each.name: each for each in bundled()}
EVERYBODY = PATIENTS | {each.name: each for each in bundled(ASSESS)}


def case(name: str) -> dict[str, Any]:
    return tomllib.loads(files("aldes").joinpath("patients", name, "case.toml").read_text(encoding="utf-8"))


def expectations() -> list[tuple[Bundled, dict[str, Any]]]:
    return [(patient, each) for name, patient in PATIENTS.items() for each in case(name)["expect"]]


NAMED = [pytest.param(*each, id=f"{each[0].name}-{each[1]['protocol']}") for each in expectations()]
GRADED = [
    pytest.param(patient, each, id=f"{name}-{each['term']}")
    for name, patient in EVERYBODY.items()
    for each in case(name).get("grade", [])
]


def test_there_are_at_least_six_patients_and_every_answer_is_among_them() -> None:
    assert len(PATIENTS) >= 6
    assert {each[1]["decision"] for each in expectations()} == {"give", "hold", "stop", "insufficient"}


@pytest.mark.parametrize(("patient", "expected"), NAMED)
def test_the_answer_is_the_expected_one(patient: Bundled, expected: dict[str, Any]) -> None:
    asked = replace(patient, now=expected.get("now", patient.now))
    document = answer(asked, expected["protocol"], "demo")
    assert document["decision"] == expected["decision"], [each["row"] for each in document["because"]]
    assert set(expected["because"]) <= {each["row"] for each in document["because"]}
    assert set(expected.get("measure", [])) <= {each["finding"] for each in document["measure"]}
    if "confirmed" in expected:
        assert document["confirmed"] is expected["confirmed"]
    if "scope" in expected:
        assert document["scope"].endswith(expected["scope"])
    if "dose_iu" in expected:
        assert document["dose"]["iu"] == expected["dose_iu"]
        assert not document["dose"]["provisional"]


@pytest.mark.parametrize(("patient", "expected"), GRADED)
def test_the_grade_is_the_one_that_clinicians_wrote(patient: Bundled, expected: dict[str, Any]) -> None:
    asked = replace(patient, now=expected.get("now", patient.now))
    document = ward.grades(as_asked(asked, patient.protocol, "demo"), expected["ctcae"])
    assert document["version"] == expected["ctcae"]
    (found,) = (each for each in document["grades"] if each["term"].lower() == expected["term"])
    assert (found["grade"], found["at_least"]) == (expected["grade"], expected["grade"])
    assert found["source"]
    assert all(each["time"] for each in found["used"])


def test_a_leak_that_everybody_sees_is_graded() -> None:
    assert any(each.values[0].name == "capillary-leak-12-percent" for each in GRADED)


@pytest.mark.parametrize(("patient", "expected"), NAMED)
def test_without_a_site_nothing_is_given(patient: Bundled, expected: dict[str, Any]) -> None:
    document = answer(patient, expected["protocol"], None)
    assert document["decision"] != "give"


@pytest.mark.parametrize(
    "protocol", ["us-label-2023", "us-label-1992", "consensus-2014", "institution-2015", "nci-2001"]
)
@pytest.mark.parametrize("name", sorted(EVERYBODY.keys() - PATIENTS.keys()))
def test_a_patient_in_the_clinic_is_given_nothing(name: str, protocol: str) -> None:
    asked = as_asked(EVERYBODY[name], protocol, "demo")
    assert ward.answer(asked.events, asked.protocol, asked.now)["decision"] != "give"


@pytest.mark.parametrize("name", PATIENTS)
def test_every_deciding_value_of_a_hold_shows_its_age_its_source_and_its_status(name: str) -> None:
    for reason in answer(PATIENTS[name], PATIENTS[name].protocol, "demo")["because"]:
        assert reason["source"]
        assert reason["status"]
        if reason["answer"] == "yes" and reason["kind"] != "count":
            assert reason["findings"]
            assert all(
                each["time"] or each["finding"].startswith(("slots", "doses", "days", "hours"))
                for each in reason["findings"]
            )


@pytest.mark.parametrize("name", PATIENTS)
def test_the_demo_site_is_marked_and_what_no_row_covers_is_listed(name: str) -> None:
    document = answer(PATIENTS[name], "us-label-2023", "demo")
    assert document["demo"] is True
    assert {"pressor", "urine", "creatinine"} <= {each["topic"] for each in document["not_covered"]}


@pytest.mark.parametrize("name", PATIENTS)
def test_asking_again_gives_the_same_document(name: str) -> None:
    assert answer(PATIENTS[name], "us-label-2023", "demo") == answer(PATIENTS[name], "us-label-2023", "demo")
