"""The people of the ward: enrolled by whoever came by the link of the start."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from aldes.course.people import Role
from aldes.service.access.gate import check_token
from aldes.service.access.sessions import Session
from aldes.service.faults import RefusedError
from aldes.service.house import House

Text = Annotated[str, Form()]
KEEPER = "keeper"


def routes(house: House) -> APIRouter:
    """The routes of the keeper."""
    router, gate = APIRouter(), house.gate

    @router.get("/people")
    def page(request: Request) -> Response:
        session = _keeper(house, request)
        people = sorted(house.ward.people().values(), key=lambda each: (each.left, each.name))
        return house.templates.page("people.html", people=people, roles=list(Role), token=session.token, person=None)

    @router.post("/people")
    def enrol(request: Request, token: Text = "", name: Text = "", role: Text = "", secret: Text = "") -> Response:
        check_token(_keeper(house, request), token)
        if role not in set(Role):
            raise RefusedError(400, "input", f"A role is one of {', '.join(Role)}. Choose one.")
        gate.enrol(name, Role(role), secret, KEEPER)
        return RedirectResponse("/people", status_code=303)

    @router.post("/people/{id}/leave")
    def leave(request: Request, id: str, token: Text = "") -> Response:
        check_token(_keeper(house, request), token)
        if id not in gate.people():
            raise RefusedError(404, "not found", "Nobody here has this key.")
        gate.leave(id, KEEPER)
        return RedirectResponse("/people", status_code=303)

    @router.post("/people/{id}/secret")
    def change(request: Request, id: str, token: Text = "", secret: Text = "") -> Response:
        check_token(_keeper(house, request), token)
        if id not in gate.people():
            raise RefusedError(404, "not found", "Nobody here has this key.")
        gate.change_secret(id, secret, KEEPER)
        return RedirectResponse("/people", status_code=303)

    return router


def _keeper(house: House, request: Request) -> Session:
    session = house.gate.session(request)
    if session is None or session.person or session.locked:
        raise RefusedError(
            403, "not allowed", "People are enrolled by whoever opened the link that is printed when the ward starts."
        )
    return session
