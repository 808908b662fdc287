"""What is one patient's is in no other's answer, and what a record names is never fetched."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import shift as s
from live import live
from test_every_route_is_guarded import ROUTES

import house as h
from aldes.course.people import Role
from attack.served import Served, post

OTHER = "bed-2"
MARKS = ("Zweitname", "Quirin", "1951-02-03", "777-unique", OTHER)  # of the other patient alone
BOARDS = {"/", "/board/lines", "/api/courses", "/people", "/begin", "/sign-in", "/stream", "/healthz", "/readyz"}


@pytest.fixture(scope="module")
def served():
    found = h.Served()
    other = s.PATIENT.__class__(
        family=MARKS[0], given=MARKS[1], born=date(1951, 2, 3), identifiers=(("urn:aldes:demo", MARKS[3]),)
    )
    found.shift.do(s.Register(patient=other), bed=OTHER)
    found.shift.do(s.Chart(entries=(found.shift.entry("spo2", 81),)), bed=OTHER)
    return found


PATHS = [path for method, path in ROUTES if method == "GET" and path not in BOARDS and "{id}" in path]


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_about_one_patient_holds_nothing_of_another(served, path):
    """Every route that answers about a patient, found by walking the application (hazards H08, H11)."""
    physician = served.browser("physician A")
    for verb in ("watch", "leak", "grades", "assessment", "interactions"):
        at = path.replace("{id}", s.BED).replace("{verb}", verb)
        answer = physician.client.get(at, params={"at": s.b.NOW.isoformat()})
        if answer.status_code == 200:
            assert not [mark for mark in MARKS if mark in answer.text]
        if "{verb}" not in path:
            break
    mirrored = physician.client.get(path.replace("{id}", OTHER).replace("{verb}", "watch"))
    assert "Example" not in mirrored.text  # the name of the first one


def test_the_other_patient_is_there_to_be_found(served):
    text = served.browser("physician A").get("/").text
    assert MARKS[0] in text
    assert "Example" in text


REFERENCES = ["http://127.0.0.1:{port}/Patient/1", "http://localhost:{port}/fhir/Observation/1", "file:///etc/passwd"]


@pytest.mark.parametrize("reference", REFERENCES)
def test_no_address_in_a_record_is_ever_fetched(reference):
    """Hazard H73: a listener that would hear it hears nothing, and nothing of a file comes back."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        served = Served()
        client = served.client(Role.NURSE)
        address = reference.format(port=listener.getsockname()[1])
        bundle = json.loads(served.patient.bundle)
        for each in bundle["entry"]:
            each["resource"]["subject"] = {"reference": address}
            each["resource"]["derivedFrom"] = [{"reference": address}]
            each["fullUrl"] = address
        bundle["link"] = [{"relation": "next", "url": address}]
        answer = post(client, "/api/decision", json.dumps(bundle).encode(), site="demo")
        assert answer.status_code in (200, 400)
        assert answer.status_code == 400 or answer.json()["decision"]["decision"] != "give"
        assert "root:" not in answer.text
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "demo.toml", "sites/demo", "%2e%2e/x", "us-label-2023\x00", "strictest"]
)
@pytest.mark.parametrize("key", ["protocol", "site"])
def test_no_path_is_taken_for_a_name(name, key):
    served = h.Served()
    nurse = served.browser()
    headers = {"x-aldes-token": nurse.hidden()["token"]}
    answer = nurse.client.post("/api/decision", params={key: name}, json={"findings": []}, headers=headers)
    assert answer.status_code == 400
    body = {"protocol": name, "findings": []}
    if key == "protocol" and "\x00" not in name:  # a control character within a text is left out on reading
        assert nurse.client.post("/api/decision", json=body, headers=headers).status_code == 400


def test_a_live_ward_answers_two_people_about_two_patients_at_once(served):
    """Sixteen callers at once, each about one of two patients: no answer is about the other one."""
    with live(served) as found:
        cookie = found.cookie("physician A")

        def ask(number):
            own, other = ((s.BED, OTHER), (OTHER, s.BED))[number % 2]
            answer = found.say(found.head("GET", f"/api/courses/{own}/decision", cookie, Connection="close"))
            return own.encode() in answer and other.encode() not in answer

        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(ask, range(64)))
