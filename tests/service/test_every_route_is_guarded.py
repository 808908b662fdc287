"""Every route, found by walking the application: nobody, a locked session and a reader get nothing from it.

A route that is added is asked here by itself; one that is open to everybody must be named below.
"""

from collections.abc import Iterator

import pytest
import shift as s
from fastapi.routing import APIRoute

import house as h
from aldes.service.access.sessions import IDLE

OPEN = {  # who is not signed in may ask these: they say nothing of patients
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/begin"),
}
KEEPERS = {"/people", "/people/{id}/leave", "/people/{id}/secret"}  # of whoever came by the link of the start
OWN = {"/lock", "/sign-out"}  # what anybody does with their own session
ASKING = {"/api/decision"}  # sent to be answered; nothing is kept
SERVED = h.Served()


def routes() -> Iterator[tuple[str, str]]:
    """Method and path of each route of the application, those of included routers too."""
    waiting = list(SERVED.app.routes)
    while waiting:
        route = waiting.pop(0)
        if isinstance(route, APIRoute):
            yield from ((method, route.path) for method in sorted(route.methods))
        waiting += list(getattr(getattr(route, "original_router", None), "routes", []))


ROUTES = sorted(set(routes()))
GUARDED = [each for each in ROUTES if each not in OPEN]
WRITES = [each for each in GUARDED if each[0] != "GET" and each[1] not in OWN | ASKING]


@pytest.fixture(scope="module")
def locked():
    """A physician whose session nobody used for long."""
    served = h.Served()
    browser = served.browser("physician A")
    served.shift.now += IDLE
    return browser


@pytest.fixture(scope="module")
def reader():
    return SERVED.browser("reader A")


@pytest.fixture(scope="module")
def nurse():
    return SERVED.browser("nurse A")


def ask(client, method: str, path: str, **headers: str):
    """The route with this patient's key, the least body that it reads, and no token."""
    at = path.replace("{id}", s.BED).replace("{verb}", "watch").replace("{do}", "hold").replace("{kind}", "chart")
    more = {"params": {"at": s.b.NOW.isoformat()}} if path.endswith("/knew") else {}
    if method != "GET":
        more |= {"json": {}} if path.startswith("/api/") else {"data": {"why": "unwell"}}
    return client.request(method, at, headers=headers, **more)


def refused(answer) -> bool:
    """Whether it was sent to the door, or told that it may not."""
    to_the_door = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    return to_the_door or answer.status_code in (401, 403)


def test_the_walk_finds_the_routes():
    assert len(ROUTES) >= 25
    assert {("GET", "/"), ("GET", "/stream"), ("POST", "/api/courses/{id}/acts")} <= set(ROUTES)
    assert set(ROUTES) >= OPEN


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nobody_gets_nothing(method, path):
    assert refused(ask(SERVED.browser(None).client, method, path))


@pytest.mark.parametrize(("method", "path"), [each for each in GUARDED if each[1] not in OWN])
def test_a_locked_session_gets_nothing(locked, method, path):
    assert refused(ask(locked.client, method, path))


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_reader_changes_nothing(reader, method, path):
    served = reader.served
    hidden, before = reader.hidden(), served.shift.course.version
    headers = {"x-aldes-token": hidden["token"]}
    at = path.replace("{id}", s.BED).replace("{do}", "hold")
    if path.startswith("/api/"):
        body = {"act": {"do": "hold", "why": "unwell"}, "command": "c", "secret": h.SECRET}
        answer = reader.client.request(method, at, headers=headers, json=body)
    else:
        new = {"family": "A", "given": "B", "born": "1960-01-01", "system": "x", "value": "y", "v.spo2": "97"}
        answer = reader.client.request(method, at, data={**hidden, **new, "why": "unwell", "secret": h.SECRET})
    assert answer.status_code in (400, 403)  # 400 of a form that needs more than all of these fields
    assert served.shift.course.version == before
    assert served.shift.ward.courses() == (s.BED,)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_write_without_its_token_changes_nothing(nurse, method, path):
    """Another page of the browser, which has the cookie and no more."""
    before = nurse.served.shift.course.version
    assert ask(nurse.client, method, path).status_code == 403
    assert nurse.served.shift.course.version == before
