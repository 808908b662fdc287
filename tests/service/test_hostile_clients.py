"""Slow, large, many and crooked requests against a real server on this machine: it answers everybody else."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import shift as s
from live import heard, live

import house as h
from aldes.course.events import HoldOpened
from aldes.service import limits, news, server
from aldes.service.access.guesses import FREE

XXE = b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"


@pytest.fixture(scope="module")
def here():
    with live() as found:
        yield found


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_body_that_never_ends_is_given_up(monkeypatch):
    """Hazard H77: the time limit is for the whole body, not for each part of it."""
    monkeypatch.setattr(limits.Limits.__init__, "__kwdefaults__", {"most_bytes": 1000, "seconds": 0.5})
    with live() as found:
        cookie = found.cookie()
        token = found.served.gate.sessions.of(cookie, found.served.shift.now).token
        head = found.head(
            "POST", "/api/decision", cookie, x_aldes_token=token, Content_Type="application/json", Content_Length="900"
        )
        with found.connect() as held:
            held.sendall(head)
            began = time.monotonic()
            for _ in range(4):
                held.sendall(b" ")
                time.sleep(0.1)
            answer = heard(held)
        assert status(answer) == 408
        assert b"too slow" in answer
        assert 0.3 < time.monotonic() - began < 5


@pytest.mark.parametrize("path", ["/api/decision", "/sign-in", f"/patients/{s.BED}/chart"])
def test_a_body_that_is_too_large_is_not_read_to_its_end(monkeypatch, path):
    """A form too: it has no limit of its own."""
    monkeypatch.setattr(limits.Limits.__init__, "__kwdefaults__", {"most_bytes": 1000, "seconds": 5})
    with live() as found:
        cookie = found.cookie()
        token = found.served.gate.sessions.of(cookie, found.served.shift.now).token
        kind = "application/json" if path.startswith("/api") else "application/x-www-form-urlencoded"
        head = found.head("POST", path, cookie, x_aldes_token=token, Content_Type=kind, Content_Length="100000000")
        assert status(found.say(head + b"a" * 5000)) == 413


def test_a_head_that_never_ends_is_cut_off(monkeypatch):
    monkeypatch.setattr(server, "HEAD_S", 0.5)
    with live() as found, found.connect() as held:
        held.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        began = time.monotonic()
        for _ in range(3):
            time.sleep(0.1)
            held.sendall(b"X-More: 1\r\n")
        assert heard(held, most_s=10) == b""
        assert time.monotonic() - began < 5


def test_a_second_request_that_never_ends_is_cut_off_too(monkeypatch):
    monkeypatch.setattr(server, "HEAD_S", 0.5)
    with live() as found, found.connect() as held:
        held.sendall(found.head("GET", "/healthz"))
        assert b"alive" in heard(held, until=b"alive")
        held.sendall(b"GET / HTTP/1.1\r\n")
        began = time.monotonic()
        heard(held, most_s=10)
        assert time.monotonic() - began < 5


def test_a_request_that_takes_its_time_is_not_cut_off(monkeypatch):
    monkeypatch.setattr(server, "HEAD_S", 0.3)
    with live() as found, found.connect() as held:
        held.sendall(found.head("GET", "/stream", found.cookie()))
        assert b"event: beat" in heard(held, until=b"beat")
        time.sleep(1)
        found.served.shift.chart("spo2", 96)
        assert f"event: course-{s.BED}".encode() in heard(held, until=b"course-")


@pytest.mark.parametrize("lines", [[f"X-{each}: {'a' * 1000}" for each in range(5000)], ["X-Long: " + "a" * 5_000_000]])
def test_a_flood_of_headers_is_refused(here, lines):
    answer = here.say(here.head("GET", "/healthz")[:-2] + "\r\n".join(lines).encode() + b"\r\n\r\n")
    assert answer == b"" or status(answer) in (400, 431)
    assert b"alive" in here.say(here.head("GET", "/healthz", Connection="close"))


def test_200_idle_connections_leave_the_server_alive(monkeypatch):
    monkeypatch.setattr(server, "HEAD_S", 1.0)
    with live() as found:
        held = [found.connect() for _ in range(200)]
        assert status(found.say(found.head("GET", "/healthz", Connection="close"))) == 503
        time.sleep(2)
        assert status(found.say(found.head("GET", "/healthz", Connection="close"))) == 200
        for each in held:
            each.close()


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "127.0.0.1.elsewhere.example", "127.0.0.1@elsewhere.example", "", "a" * 5000]
)
def test_another_host_name_is_refused_by_the_server(here, host):
    request = f"GET /sign-in HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    assert status(here.say(request)) == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_this_machine_by_any_of_its_names_is_answered(here, host):
    request = f"GET /sign-in HTTP/1.1\r\nHost: {host}:{here.port}\r\nConnection: close\r\n\r\n".encode()
    assert status(here.say(request)) == 200


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/static/....//app.py",
        "/static//etc/passwd",
        "/static/%2Fetc%2Fpasswd",
        "/static/..%5c..%5capp.py",
        "/static/ward.css%00.py",
        "/static/",
        "/static/../../../../../../etc/passwd",
    ],
)
def test_no_file_outside_of_the_static_ones_is_read(here, path):
    answer = here.say(here.head("GET", path, Connection="close"))
    assert status(answer) in (400, 404, 405)
    assert b"create_app" not in answer
    assert b"root:" not in answer


def test_no_line_of_the_log_is_forged(here, caplog):
    """Hazard H80."""
    with caplog.at_level("INFO", logger="aldes.service"):
        for path in ("/patients/x%0a%7B%22forged%22:1%7D", "/%0d%0aSet-Cookie:%20a=b", "/patients/%1b[31m"):
            answer = here.say(here.head("GET", path, here.cookie(), Connection="close", User_Agent="forged"))
            assert status(answer) in (303, 404)
            assert b"\r\nSet-Cookie" not in answer
    assert caplog.messages
    for line in caplog.messages:
        assert "\n" not in line
        assert "forged" not in line
        assert set(json.loads(line)) == {"method", "route", "patient", "status", "ms"}


@pytest.mark.parametrize(
    ("kind", "body", "wanted"),
    [
        (
            "application/xml",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            415,
        ),
        (
            "application/json",
            b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
            400,
        ),
        ("application/json", b"\x1f\x8b\x08" + b"\0" * 100, 400),
        ("application/json", b"PK\x03\x04" + b"\0" * 100, 400),
    ],
)
def test_xml_and_compressed_bodies_are_not_read(here, kind, body, wanted):
    """Hazards H76 and H78."""
    cookie = here.cookie()
    token = here.served.gate.sessions.of(cookie, here.served.shift.now).token
    head = here.head(
        "POST",
        "/api/decision",
        cookie,
        x_aldes_token=token,
        Content_Type=kind,
        Content_Encoding="gzip",
        Content_Length=str(len(body)),
        Connection="close",
    )
    answer = here.say(head + body)
    assert status(answer) == wanted
    assert b"root:" not in answer


def test_a_server_with_open_streams_stops_within_five_seconds():
    with live() as found:
        streams = [found.connect() for _ in range(3)]
        for each in streams:
            each.sendall(found.head("GET", "/stream", found.cookie()))
            assert b"event: beat" in heard(each, until=b"beat")
        assert found.stop() < 5
        for each in streams:
            assert heard(each, most_s=1).endswith(b"0\r\n\r\n")  # ended, and not torn off
            each.close()


def test_streams_do_not_keep_others_waiting():
    """Sixty pages that follow, more than there are threads: a decision is answered as ever."""
    with live() as found:
        cookies = [found.cookie(name) for name in h.NAMES for _ in range(3)]
        streams = [found.connect() for _ in range(60)]
        for number, each in enumerate(streams):
            each.sendall(found.head("GET", "/stream", cookies[number % len(cookies)]))
            assert b"event: beat" in heard(each, until=b"beat")
        began = time.monotonic()
        answer = found.say(found.head("GET", f"/api/courses/{s.BED}/decision", cookies[0], Connection="close"))
        assert status(answer) == 200
        assert time.monotonic() - began < 2
        found.served.shift.chart("spo2", 96)
        for each in streams:
            assert f"event: course-{s.BED}".encode() in heard(each, until=b"course-")
            each.close()


def test_a_session_follows_with_few_pages_alone():
    with live() as found:
        cookie = found.cookie()
        streams = [found.connect() for _ in range(news.MOST_OF_A_SESSION)]
        for each in streams:
            each.sendall(found.head("GET", "/stream", cookie))
            assert b"event: beat" in heard(each, until=b"beat")
        assert status(found.say(found.head("GET", "/stream", cookie, Connection="close"))) == 429
        streams.pop().close()
        for _ in range(50):  # until the server has seen that it went
            time.sleep(0.1)
            with found.connect() as again:
                again.sendall(found.head("GET", "/stream", cookie))
                if status(heard(again, until=b"\r\n")) == 200:
                    break
        else:
            pytest.fail("a page that went still counts")
        for each in streams:
            each.close()


def test_a_stream_ends_with_its_session(monkeypatch):
    """Hazard H56."""
    monkeypatch.setattr("aldes.service.stream.BEAT_S", 0.2)
    with live() as found, found.connect() as held:
        cookie = found.cookie()
        held.sendall(found.head("GET", "/stream", cookie))
        assert b"event: beat" in heard(held, until=b"beat")
        gate = found.served.gate
        gate.sessions.lock(gate.sessions.of(cookie, found.served.shift.now))
        assert heard(held, most_s=5).endswith(b"0\r\n\r\n")


def test_a_flood_of_guesses_is_soon_answered_without_being_looked_at():
    served = h.Served()
    client = served.browser(None).client
    began = time.monotonic()
    found = [
        client.post("/sign-in", data={"person": f"p-{each}", "secret": "guess-it"}).status_code for each in range(200)
    ]
    assert found == [403] * FREE + [429] * (200 - FREE)
    assert time.monotonic() - began < 30
    assert not served.gate.sessions.count()
    assert served.gate.sign_in(served.ids["nurse A"], h.SECRET)  # others sign in as ever


def test_a_flood_of_names_that_nobody_has_does_not_make_guessing_free_again():
    served = h.Served()
    client = served.browser(None).client
    guess = {"person": served.ids["nurse A"], "secret": "guess-it"}
    for _ in range(FREE):
        client.post("/sign-in", data=guess)
    for each in range(50):
        client.post("/sign-in", data={"person": f"p-{each}", "secret": "guess-it"})
    assert client.post("/sign-in", data=guess).status_code == 429


def test_somebody_who_signs_in_again_and_again_has_few_sessions():
    served = h.Served()
    first = served.gate.sign_in(served.ids["nurse A"], h.SECRET)
    for _ in range(25):
        served.gate.sessions.begin(served.ids["nurse A"], served.shift.now)
    assert served.gate.sessions.count() == 20
    assert served.gate.sessions.of(first, served.shift.now) is None


@pytest.mark.parametrize("seen", [True, False])
def test_fifty_at_once_with_one_command_are_one_event(seen):
    """Hazard H23: each of the fifty is told that it was done."""
    served = h.Served()
    nurse = served.browser()
    headers = {"x-aldes-token": nurse.hidden()["token"]}
    body = {"act": {"do": "hold", "why": "unwell"}, "command": "one"}
    if seen:
        body["seen"] = served.shift.course.version
    before = served.shift.course.version

    def ask(_):
        return nurse.client.post(f"/api/courses/{s.BED}/acts", json=body, headers=headers)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, range(50)))
    assert [each.status_code for each in answers] == [200] * 50
    assert sum(not each.json()["again"] for each in answers) == 1
    assert served.shift.course.version == before + 1


def test_fifty_charts_at_once_lose_nothing():
    """Different commands, none of which rests on a version: all are kept, or told that they were not."""
    served = h.Served()
    nurse = served.browser()
    headers = {"x-aldes-token": nurse.hidden()["token"]}

    def ask(number):
        item = {"name": "spo2", "value": 95, "unit": "%"}
        body = {"act": {"do": "chart", "items": [item]}, "command": f"chart-{number}"}
        return nurse.client.post(f"/api/courses/{s.BED}/acts", json=body, headers=headers)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, range(50)))
    done = [each for each in answers if each.status_code == 200]
    assert {each.status_code for each in answers} <= {200, 409}
    kept = {each.entry.id for each in served.shift.events(s.FindingCharted)}
    assert len([id for id in kept if id.startswith("chart-")]) == len(done)
    assert not served.shift.events(HoldOpened)


def test_a_fault_of_the_program_shows_nothing_of_the_patient(caplog, monkeypatch):
    """Hazard H80: neither the answer nor the log holds the words of the fault, which may hold anything."""
    served = h.Served()
    nurse = served.browser()

    def broken(*_):
        raise ValueError("Example, Ada, 1966-05-04")

    monkeypatch.setattr(served.shift.ward, "decision", broken)
    monkeypatch.setattr(served.shift.ward, "course", broken)
    for path in ("/", f"/patients/{s.BED}", f"/api/courses/{s.BED}/decision"):
        answer = nurse.get(path)
        assert answer.status_code == 500
        assert "Ada" not in answer.text
    assert "ValueError" in caplog.text
    assert "Ada" not in caplog.text


def test_looking_on_is_no_use_of_a_session():
    """Hazard H56: parts that load by themselves each minute do not keep an abandoned page open for ever."""
    served = h.Served()
    nurse = served.browser()
    for _ in range(10):
        nurse.get("/board/lines")
        nurse.get(f"/patients/{s.BED}/now")
        served.shift.pass_time(minutes=1)
    assert nurse.get("/board/lines").status_code == 303
    assert nurse.get(f"/patients/{s.BED}/now").status_code == 303
