"""Come in, sign in, lock, go."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from aldes.service.access.gate import COOKIE, check_token
from aldes.service.access.sessions import Session
from aldes.service.faults import RefusedError
from aldes.service.house import House

Text = Annotated[str, Form()]


def routes(house: House) -> APIRouter:
    """The routes of the door."""
    router, gate = APIRouter(), house.gate

    @router.get("/begin")
    def begin(link: str = "") -> Response:
        return _with_cookie(RedirectResponse("/people", status_code=303), gate.begin(link))

    @router.get("/sign-in")
    def door(request: Request, to: str = "/") -> Response:
        return house.templates.page(
            "sign_in.html",
            people=sorted(gate.people().values(), key=lambda each: each.name),
            locked=_locked(house, request),
            to=_inside(to),
            person=None,
        )

    @router.post("/sign-in")
    def sign_in(person: Text = "", secret: Text = "", to: Text = "/") -> Response:
        return _with_cookie(RedirectResponse(_inside(to), status_code=303), gate.sign_in(person, secret))

    @router.post("/lock")
    def lock(request: Request, token: Text = "") -> Response:
        session = _session(house, request, token)
        gate.sessions.lock(session)
        return RedirectResponse("/sign-in", status_code=303)

    @router.post("/sign-out")
    def sign_out(request: Request, token: Text = "") -> Response:
        gate.sessions.end(_session(house, request, token))
        answer = RedirectResponse("/sign-in", status_code=303)
        answer.delete_cookie(COOKIE)
        return answer

    return router


def _locked(house: House, request: Request) -> str:
    """The id of the person whose session of this browser is locked."""
    session = house.gate.session(request, touch=False)
    return session.person if session and session.locked else ""


def _session(house: House, request: Request, token: str) -> Session:
    session = house.gate.session(request)
    if session is None:
        raise RefusedError(401, "nobody", "Nobody is signed in.")
    check_token(session, token)
    return session


def _inside(to: str) -> str:
    """A path of this house and no other address."""
    return to if to.startswith("/") and not to.startswith("//") and "\\" not in to else "/"


def _with_cookie(answer: Response, cookie: str) -> Response:
    answer.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
    return answer
