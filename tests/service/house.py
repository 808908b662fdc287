"""A ward behind its pages, and people who are signed in; asked without a socket."""

import re

import shift as s
from fastapi.testclient import TestClient

from aldes.course.people import Role
from aldes.service.access import Gate
from aldes.service.app import create_app

SECRET = "six-or-more"  # noqa: S105  (of made-up people)
NAMES = {
    "nurse A": Role.NURSE,
    "nurse B": Role.NURSE,
    "physician A": Role.PHYSICIAN,
    "pharmacist A": Role.PHARMACIST,
    "reader A": Role.READER,
}


class Served:
    """A ward with its application, and one browser for each person."""

    def __init__(self, shift: s.Shift | None = None) -> None:
        self.shift = shift or s.shift()
        self.gate = Gate(self.shift.ward, lambda: self.shift.now)
        self.ids = {name: self.gate.enrol(name, role, SECRET, "keeper") for name, role in NAMES.items()}
        self.app = create_app(self.shift.ward, self.gate, demo=True)

    def browser(self, name: str | None = "nurse A") -> "Browser":
        """A browser in which this person is signed in, or nobody."""
        return Browser(self, name)


class Browser:
    """One person's browser."""

    def __init__(self, served: Served, name: str | None) -> None:
        self.served = served
        self.client = TestClient(served.app, follow_redirects=False)
        self.name = name
        if name:
            answer = self.client.post("/sign-in", data={"person": served.ids[name], "secret": SECRET})
            assert answer.status_code == 303, answer.text

    def get(self, path: str):
        """A page."""
        return self.client.get(path)

    def hidden(self, path: str = f"/patients/{s.BED}/give") -> dict[str, str]:
        """What the first form of a patient's page brings beside its fields."""
        text = self.get(path).text
        return {key: re.search(rf'name="{key}" value="([^"]*)"', text)[1] for key in ("token", "patient", "command")}

    def act(self, do: str, *, second: str | None = None, sign: bool = True, **fields: str):
        """Send a patient's form as the page would."""
        signed = {"secret": SECRET} if sign else {}
        if second:
            signed |= {"second": self.served.ids[second], "second_secret": SECRET}
        data = {**self.hidden(), **signed, **fields}
        return self.client.post(f"/patients/{s.BED}/acts/{do}", data=data)

    def chart(self, **fields: str):
        """Send the entry form."""
        return self.client.post(f"/patients/{s.BED}/chart", data={**self.hidden(f"/patients/{s.BED}"), **fields})
