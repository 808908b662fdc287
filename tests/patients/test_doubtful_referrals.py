"""Whatever of a referral becomes doubtful or is lost, nobody is said to be fitter than the whole record says."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from aldes import ward
from aldes.cli.walk import as_asked
from aldes.exchange.bundled import ASSESS, Bundled, bundled

PATIENTS = {each.name: each for each in bundled(ASSESS)}
STRICTER = ["no listed exclusion", "caution", "undetermined", "excluded"]  # each asks more of whoever treats
HL7 = "http://terminology.hl7.org/CodeSystem"
DOUBTFUL: dict[str, dict[str, Any]] = {  # what a source writes when something is not settled yet
    "Observation": {"status": "preliminary"},
    "DiagnosticReport": {"status": "preliminary"},
    "Condition": {"verificationStatus": {"coding": [{"system": f"{HL7}/condition-ver-status", "code": "provisional"}]}},
    "Procedure": {"status": "unknown"},
    "MedicationStatement": {"status": "unknown"},
    "MedicationAdministration": {"status": "unknown"},
}


def verdict(patient: Bundled, whole: dict[str, Any], protocol: str = "") -> str:
    changed = replace(patient, bundle=json.dumps(whole).encode())
    return str(ward.assess(as_asked(changed, protocol or patient.protocol, "demo"))["verdict"])


def changed(whole: dict[str, Any], part: dict[str, Any] | None, place: int) -> dict[str, Any]:
    """The bundle with one resource changed, or without its entry."""
    entries = list(whole["entry"])
    if part is None:
        del entries[place]
    else:
        entries[place] = {**entries[place], "resource": {**entries[place]["resource"], **part}}
    return {key: held for key, held in whole.items() if key != "total"} | {"entry": entries}


def resources(whole: dict[str, Any]) -> Iterator[tuple[int, str]]:
    yield from ((place, each["resource"]["resourceType"]) for place, each in enumerate(whole["entry"]))


ASKED = [
    pytest.param(each, it, id=f"{each.name} {it}") for each in PATIENTS.values() for it in (each.protocol, *each.others)
]


@pytest.mark.parametrize(("patient", "protocol"), ASKED)
def test_an_entry_that_becomes_doubtful_never_makes_the_verdict_more_permissive(
    patient: Bundled, protocol: str
) -> None:
    whole = json.loads(patient.bundle)
    before = STRICTER.index(verdict(patient, whole, protocol))
    doubted = [(place, kind) for place, kind in resources(whole) if kind in DOUBTFUL]
    assert len(doubted) >= 25
    for place, kind in doubted:
        after = verdict(patient, changed(whole, DOUBTFUL[kind], place), protocol)
        assert STRICTER.index(after) >= before, (kind, place)


@pytest.mark.parametrize("name", PATIENTS)
def test_an_entry_that_is_lost_never_clears_anybody_whom_the_rest_does_not_clear(name: str) -> None:
    """What excludes or cautions may be lost with its entry; what is missing then is never taken for a no."""
    whole = json.loads(PATIENTS[name].bundle)
    before = verdict(PATIENTS[name], whole)
    lost = {
        place: verdict(PATIENTS[name], changed(whole, None, place))
        for place, kind in resources(whole)
        if kind != "Patient"
    }
    if before == "no listed exclusion":
        assert set(lost.values()) <= {"no listed exclusion", "undetermined", "excluded"}
        assert "undetermined" in lost.values()
    elif before == "undetermined":
        assert set(lost.values()) <= {"undetermined", "excluded"}
    cleared = [whole["entry"][place]["resource"] for place, after in lost.items() if after == "no listed exclusion"]
    assert before == "no listed exclusion" or all(_says_it(each) for each in cleared)


def _says_it(resource: dict[str, Any]) -> bool:
    """The one entry that cautioned: without it nobody knows of an earlier checkpoint inhibitor, and that is named."""
    return bool(resource["resourceType"] == "MedicationStatement" and "nivolumab" in json.dumps(resource))
