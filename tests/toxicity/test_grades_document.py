"""The document of grades keeps to its schema, and says what it rests on."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from courses import NOW, demo, result

from aldes import ward
from aldes.errors import ProtocolError
from aldes.protocols.read import read as read_protocol
from aldes.protocols.row import Protocol

SCHEMA = json.loads(files("aldes.toxicity.ctcae").joinpath("grades.schema.json").read_text(encoding="utf-8"))


def document(
    version: str | None = None, against: str | None = None, patient: str | None = None, site: Protocol | None = None
) -> dict[str, Any]:
    events = [result("platelets", 40, low=150), result("potassium", 3.2, low=3.5), result("neutrophils", 0.4, low=2)]
    asked = ward.Asked(events=tuple(events), protocol=site or demo(), now=NOW, has_course=True, patient=patient)
    return dict(json.loads(json.dumps(ward.grades(asked, version, against))))


@pytest.mark.parametrize("more", [{}, {"version": "6.0"}, {"version": "5.0", "against": "6.0", "patient": "a"}])
def test_a_document_keeps_to_its_schema(more: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document(**more), SCHEMA)


def test_a_grade_carries_value_limit_time_source_and_version() -> None:
    found = next(each for each in document()["grades"] if each["name"] == "platelet_count_decreased")

    assert (found["grade"], found["version"], found["status"]) == (3, "5.0", "read")
    assert found["source"].startswith("ctcae-5 ")
    assert found["time"] == "2026-11-20T13:00:00-06:00"
    assert ("platelets", 40) in [(each["finding"], each["value"]) for each in found["used"]]


def test_an_open_grade_says_what_is_certain_and_what_it_waits_for() -> None:
    found = next(each for each in document()["grades"] if each["name"] == "hypokalaemia")

    assert (found["grade"], found["at_least"]) == (None, 1)
    assert [each["finding"] for each in found["missing"]] == ["grade_hypokalaemia"]


def test_the_version_is_the_callers_then_the_sites_then_said_to_be_assumed() -> None:
    assert document()["version_assumed"] is False
    assert document(version="6.0")["version"] == "6.0"
    nobody = document(site=read_protocol("us-label-2023"))
    assert (nobody["version"], nobody["version_assumed"]) == ("5.0", True)


def test_the_differences_are_listed_only_where_they_were_asked_for() -> None:
    assert document()["differences"] is None
    found = document(against="6.0")["differences"]
    assert ("neutrophil_count_decreased", 3, 4) in [
        (each["name"], each["before"]["grade"], each["after"]["grade"]) for each in found if each["before"]
    ]


def test_another_version_is_refused() -> None:
    with pytest.raises(ProtocolError, match=r"'7\.0' is no version of CTCAE here"):
        document(version="7.0")
