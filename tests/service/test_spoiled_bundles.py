"""Spoiled bundles sent to the service: no fault of the server, and no *give* from an entry that cannot be believed."""

import json
import random

import pytest

from aldes.course.people import Role
from aldes.exchange.bundled import bundled
from attack import bundles
from attack.served import Served, post
from draws import few

PATIENTS = [*bundled()]


@pytest.mark.campaign
@pytest.mark.parametrize("patient", PATIENTS, ids=lambda each: each.name)
def test_no_fault_and_no_give_from_what_cannot_be_believed(patient):
    """150 in all; `make campaign` draws 3,000, `make attack` 20,000."""
    number = -(-few(150, 3000) // len(PATIENTS))
    found = bundles.of_a_patient(patient, number, seed=2)
    assert found.faults == []
    assert found.gives == []
    assert sum(found.answers.values()) >= number


@pytest.mark.parametrize("name", [*bundles.UNUSABLE])
def test_each_way_to_make_an_entry_unusable_changes_it(name):
    whole = json.loads(PATIENTS[0].bundle)
    entry = next(
        each["resource"]
        for each in whole["entry"]
        if each["resource"]["resourceType"] == "Observation" and "valueQuantity" in each["resource"]
    )
    before = json.dumps(entry)
    bundles.UNUSABLE[name](entry, random.Random(1))
    assert json.dumps(entry) != before


def test_a_give_that_should_not_be_is_seen(monkeypatch):
    """The draw can fail: a service that always gives is found out."""
    words = iter(["hold", "hold"])
    monkeypatch.setattr(bundles, "_decide", lambda *_: next(words, "give"))
    monkeypatch.setattr(bundles, "_take_over", lambda *_: next(words, "500"))
    found = bundles.of_a_patient(PATIENTS[0], 40, seed=2)
    assert found.gives
    assert found.faults


@pytest.mark.parametrize("text", ["\ud800", "Observation\u200b", "A" * 5000, "Ada Example", "\u202eObservation"])
def test_a_type_that_is_no_code_is_answered_and_not_repeated(text):
    """Hazard H81: a lone surrogate among the types broke the answer."""
    served = Served()
    whole = json.loads(served.patient.bundle)
    place = next(each for each in whole["entry"] if each["resource"]["resourceType"] == "Observation")
    place["resource"]["resourceType"] = text
    answer = post(served.client(Role.NURSE), "/api/decision", json.dumps(whole).encode(), site="demo")
    assert answer.status_code == 200
    said = [each["what"] + each["where"] + each["why"] for each in answer.json()["decision"]["not_used"]]
    assert any("unreadable type" in each for each in said)
    assert not any(text in each for each in said)
