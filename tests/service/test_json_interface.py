"""The JSON interface: the same decision document, acts done once, refusals in sentences."""

import json
from pathlib import Path

import builders as b
import jsonschema
import pytest
import shift as s
from fastapi import FastAPI
from fastapi.testclient import TestClient

from aldes.service.api import router
from aldes.service.api.schema import components, describe
from aldes.service.faults import RefusedError, answer_faults

PEOPLE = {each.id: each for each in s.EVERYBODY}


class Anybody:
    """A gate that believes a header: the service's own gate has its own tests."""

    def signed_by(self, person, secret):
        if secret != "right":  # noqa: S105
            raise RefusedError(403, "not allowed", "This is not what they sign with.")
        return person

    def person(self, request):
        if (id := request.headers.get("x-person", "n1")) not in PEOPLE:
            raise RefusedError(401, "nobody", "Nobody is signed in.")
        return PEOPLE[id]

    def second(self, request, id, secret):
        if secret != "right" or id not in PEOPLE:  # noqa: S105
            raise RefusedError(403, "not allowed", "This is not what they sign with.")
        return PEOPLE[id]


@pytest.fixture
def ward():
    return s.shift()


@pytest.fixture
def client(ward):
    app = FastAPI()
    answer_faults(app)
    app.include_router(router(ward.ward, Anybody()))
    describe(app)
    return TestClient(app)


def act(client, what, *, person="n1", second=None, seen=None, command="c1", course=s.BED):
    body = {"act": what, "command": command, "secret": "right"}
    if second:
        body["second"] = {"person": second, "secret": "right"}
    if seen is not None:
        body["seen"] = seen
    return client.post(f"/api/courses/{course}/acts", json=body, headers={"x-person": person})


def decision(client):
    return client.get(f"/api/courses/{s.BED}/decision").json()


def test_the_decision_is_the_one_document(client, ward):
    found = decision(client)
    assert found["decision"] == ward.ward.decision(s.BED)
    assert found["version"] == ward.course.version
    assert len(found["blocks"]) == 2


def test_a_dose_is_given_over_http(client, ward):
    assert act(client, {"do": "go"}, person="p1", command="1").status_code == 200
    assert act(client, {"do": "prepare"}, person="f1", second="n1", command="2").status_code == 200
    seen = decision(client)["version"]
    started = act(client, {"do": "start", "bag": "1-6-1"}, second="n2", seen=seen, command="3")
    assert (started.status_code, started.json()["events"]) == (200, ["DecisionShown", "DoseStarted"])
    again = act(client, {"do": "start", "bag": "1-6-1"}, second="n2", seen=seen, command="3")
    assert (again.status_code, again.json()["again"]) == (200, True)
    assert len([each for each in ward.course.slots if each.number == 6]) == 1


def test_charting_changes_the_decision(client):
    done = act(client, {"do": "chart", "items": [{"name": "spo2", "value": 87, "unit": "%"}]})
    assert done.json()["events"] == ["FindingCharted", "HoldOpened"]
    assert decision(client)["decision"]["decision"] == "hold"


@pytest.mark.parametrize(
    ("what", "person", "status", "kind"),
    [
        ({"do": "go"}, "n1", 403, "not allowed"),
        ({"do": "end"}, "n1", 409, "refused"),
        ({"do": "start"}, "n1", 400, "input"),
        ({"do": "nothing"}, "n1", 400, "input"),
        ({"do": "go"}, "nobody", 401, "nobody"),
    ],
)
def test_a_refusal_is_a_sentence_with_its_kind(client, what, person, status, kind):
    answer = act(client, what, person=person)
    assert (answer.status_code, answer.json()["error"]) == (status, kind)
    assert answer.json()["sentence"].endswith(".")


def test_an_act_on_an_older_course_is_refused(client, ward):
    seen = ward.course.version
    ward.chart("spo2", 97)
    answer = act(client, {"do": "go"}, person="p1", seen=seen)
    assert (answer.status_code, answer.json()["error"]) == (409, "moved on")


def test_a_command_of_another_is_not_taken_for_ones_own(client):
    act(client, {"do": "hold", "why": "unwell"}, command="same")
    answer = act(client, {"do": "hold", "why": "other"}, command="same")
    assert (answer.status_code, answer.json()["error"]) == (409, "journal")
    answer = act(client, {"do": "hold", "why": "unwell"}, person="n2", command="same")
    assert answer.status_code == 409


def test_a_wrong_secret_signs_nothing(client, ward):
    body = {"act": {"do": "prepare"}, "command": "c", "secret": "right", "second": {"person": "n1", "secret": "wrong"}}
    answer = client.post(f"/api/courses/{s.BED}/acts", json=body, headers={"x-person": "f1"})
    assert (answer.status_code, dict(ward.course.bags)) == (403, {})


def test_without_a_command_nothing_is_done(client, ward):
    before = ward.course.version
    answer = client.post(f"/api/courses/{s.BED}/acts", json={"act": {"do": "hold", "why": "x"}})
    assert (answer.status_code, ward.course.version) == (400, before)


def test_a_patient_who_is_not_here_is_not_found(client):
    for path in ("decision", "watch", "events"):
        assert client.get(f"/api/courses/nobody/{path}").status_code == 404
    assert act(client, {"do": "go"}, course="nobody").status_code == 404


def test_a_new_patient_is_opened_once(client, ward):
    body = {
        "act": {
            "do": "register",
            "patient": {
                "family": "Other",
                "given": "Bo",
                "born": "1960-01-01",
                "identifiers": [{"system": "urn:aldes:demo", "value": "2"}],
            },
        },
        "command": "new",
    }
    first = client.post("/api/courses", json=body)
    again = client.post("/api/courses", json=body)
    assert (first.status_code, again.json()["again"]) == (201, True)
    assert len(ward.ward.courses()) == 2


@pytest.mark.parametrize("verb", ["assessment", "watch", "leak", "interactions", "grades"])
def test_what_stands_beside_the_decision_is_answered(client, verb):
    answer = client.get(f"/api/courses/{s.BED}/{verb}")
    assert (answer.status_code, answer.json()["id"]) == (200, s.BED)


def test_what_is_no_verb_is_not_found(client):
    assert client.get(f"/api/courses/{s.BED}/anything").status_code == 404


def test_events_are_read_after_a_version(client, ward):
    ward.chart("spo2", 97)
    found = client.get(f"/api/courses/{s.BED}/events", params={"after": ward.course.version - 1}).json()["events"]
    assert [each["event"]["event"] for each in found] == ["FindingCharted"]


def test_what_the_ward_knew_is_answered(client, ward):
    then = ward.now.isoformat()
    ward.pass_time(minutes=5)
    ward.chart("spo2", 87)
    knew = client.get(f"/api/courses/{s.BED}/knew", params={"at": then}).json()
    assert knew["decision"]["decision"] == "give"


def test_a_record_that_is_sent_along_is_answered_and_kept_nowhere(client, ward):
    bundle = Path("src/aldes/patients/weight-gain-low-oxygen/bundle.json").read_bytes()
    answer = client.post(
        "/api/decision", params={"site": "demo"}, content=bundle, headers={"content-type": "application/fhir+json"}
    )
    assert answer.status_code == 200
    assert answer.json()["decision"]["decision"] in ("hold", "insufficient", "stop")
    assert ward.ward.courses() == (s.BED,)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/x/y.toml", "a.toml", ""])
def test_no_path_of_the_server_is_read_as_a_protocol(client, name):
    answer = client.post("/api/decision", params={"protocol": name}, json={"findings": []})
    assert answer.status_code in (400, 503)


@pytest.mark.parametrize("name", ["../../etc/passwd", "unknown-hospital", ""])
def test_a_site_that_is_none_of_ours_is_refused_and_not_left_out(client, name):
    answer = client.post("/api/decision", params={"site": name}, json={"findings": []})
    assert answer.status_code == 400


def test_an_unknown_protocol_is_refused_though_the_record_names_its_own(client):
    record = {"findings": [], "protocol": "us-label-2023"}
    assert client.post("/api/decision", json=record).status_code == 200
    answer = client.post("/api/decision", params={"protocol": "nci-20001"}, json=record)
    assert answer.status_code == 400
    assert "nci-2001" in answer.text


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"<a/>", {"content-type": "application/xml"}, 415),
        (b"{}", {"content-type": "text/plain"}, 415),
        (b"<a/>", {"content-type": "application/json"}, 400),
        (b"{", {"content-type": "application/json"}, 400),
        (b'{"a": NaN}', {"content-type": "application/json"}, 400),
        (b"[" * 100_000, {"content-type": "application/json"}, 400),
        (b" " * 5_000_001, {"content-type": "application/json"}, 413),
    ],
)
def test_what_is_no_strict_json_is_refused(client, body, headers, status):
    assert client.post("/api/decision", content=body, headers=headers).status_code == status


def test_the_description_names_every_act_and_holds_together(client):
    described = client.get("/openapi.json").json()
    names = {each["title"] for each in described["components"]["schemas"]["ActAsked"]["properties"]["act"]["oneOf"]}
    assert {"start", "take over", "pin weight"} <= names
    text = json.dumps(described)
    for name in {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in described["components"]["schemas"], name


def test_what_is_answered_is_what_is_described(client):
    schemas = components()
    whole = {"$ref": "#/components/schemas/ShownDecision", "components": {"schemas": schemas}}
    jsonschema.Draft202012Validator(whole).validate(decision(client))


def test_the_builder_of_the_ward_is_the_bedside_s_own(ward):
    assert ward.now == b.NOW
