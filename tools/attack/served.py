"""A ward behind its interface, asked without a socket: one well patient before dose 6, and a session for each role."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi.testclient import TestClient

from aldes.course.journal import Journal, MemoryJournal
from aldes.course.people import Role
from aldes.exchange import read
from aldes.exchange.bundled import Bundled, bundled
from aldes.service.access import Gate
from aldes.service.access.gate import COOKIE, TOKEN_HEADER
from aldes.service.app import create_app
from aldes.ward import Signature, Ward
from aldes.ward.acts import TakeOver

SECRET = "six-or-more"  # noqa: S105  (of made-up people)
BED = "bed-1"
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """One person's session, as a program holds it."""

    person: str
    cookies: dict[str, str]
    headers: dict[str, str]


class Served:
    """The ward, its gate and its application."""

    def __init__(self, journal: Journal | None = None, patient: Bundled | None = None) -> None:
        self.patient = patient or next(each for each in bundled() if each.name == "well-before-dose-6")
        self.now: datetime = self.patient.now
        self.ward = Ward(journal or MemoryJournal(), protocol="us-label-2023", site="demo", clock=lambda: self.now)
        self.gate = Gate(self.ward, lambda: self.now)
        self.app = create_app(self.ward, self.gate, demo=True)
        self.ids = {role: self.gate.enrol(f"{role} A", role, SECRET, "keeper") for role in Role}
        nurse = Signature(person=self.gate.people()[self.ids[Role.NURSE]])
        self.ward.perform(BED, TakeOver(events_read=read(self.patient.bundle, now=self.now).events), nurse)

    def caller(self, role: Role) -> Caller:
        """Somebody of this role, signed in."""
        cookie = self.gate.sign_in(self.ids[role], SECRET)
        session = self.gate.sessions.of(cookie, self.now)
        assert session is not None
        return Caller(person=self.ids[role], cookies={COOKIE: cookie}, headers={TOKEN_HEADER: session.token})

    def client(self, role: Role) -> TestClient:
        """Their client; a fault of the server is an answer, not an exception."""
        caller = self.caller(role)
        return TestClient(
            self.app,
            cookies=caller.cookies,
            headers=caller.headers,
            follow_redirects=False,
            raise_server_exceptions=False,
        )


def post(client: TestClient, path: str, data: bytes, **params: str) -> Any:
    """Send these bytes as JSON."""
    return client.post(path, params=params, content=data, headers={"content-type": JSON})
