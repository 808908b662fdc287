"""The board, and the registration of a new patient."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from aldes.course.patient import Patient
from aldes.errors import InputError
from aldes.exchange.text import clean
from aldes.service.access.gate import check_token
from aldes.service.house import House
from aldes.service.pages.asking import looking
from aldes.service.views.board import Board
from aldes.ward import Signature
from aldes.ward.acts import Register

Text = Annotated[str, Form()]


def routes(house: House) -> APIRouter:
    """The routes of the board."""
    router, board = APIRouter(), Board(house.ward)

    def shown(now: datetime) -> dict[str, Any]:
        return {"lines": board.lines(now), "unused": board.unused(now), "now": now}

    @router.get("/")
    def page(request: Request) -> Response:
        who = looking(house, request)
        now = house.ward.clock().astimezone(house.ward.zone)
        return house.templates.page("board.html", who=who, person=who.person, **shown(now))

    @router.get("/board/lines")
    def lines(request: Request) -> Response:
        looking(house, request, by_itself=True)
        return house.templates.page("board_lines.html", **shown(house.ward.clock().astimezone(house.ward.zone)))

    @router.get("/patients/new")
    def new(request: Request) -> Response:
        who = looking(house, request)
        return house.templates.page("new_patient.html", who=who, person=who.person)

    @router.post("/patients")
    def register(
        request: Request,
        token: Text = "",
        family: Text = "",
        given: Text = "",
        born: Text = "",
        system: Text = "",
        value: Text = "",
        anyway: Text = "",
    ) -> Response:
        who = looking(house, request)
        check_token(who.session, token)
        patient = Patient(
            family=clean(family), given=clean(given), born=_day(born), identifiers=((clean(system), clean(value)),)
        )
        house.ward.refuse_known(patient, anyway=bool(anyway))
        id = f"c-{uuid4().hex}"
        house.ward.perform(id, Register(patient=patient), Signature(person=who.person))
        return RedirectResponse(f"/patients/{id}", status_code=303)

    return router


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("The birth date is not a day. We read year, month and day, as 1966-05-04.") from None
