"""Two records of one person: one ends and the other takes what it held, by one form; and the way back."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from aldes.course.journal import Command
from aldes.errors import InputError
from aldes.service.house import House
from aldes.service.pages.acting import back
from aldes.service.pages.asking import looking
from aldes.service.pages.forms import Form, checked, form_of
from aldes.service.signing import signature
from aldes.ward.acts import Act, EndRecord, JoinRecord, PartRecord


def routes(house: House) -> APIRouter:
    """The two routes; each does two acts, and done again it goes on where it was interrupted."""
    router = APIRouter()

    @router.post("/patients/{id}/join")
    async def join(request: Request, id: str) -> Response:
        came = await form_of(request)
        return await run_in_threadpool(_join, house, request, id, came)

    @router.post("/patients/{id}/part")
    async def part(request: Request, id: str) -> Response:
        came = await form_of(request)
        return await run_in_threadpool(_part, house, request, id, came)

    return router


def _join(house: House, request: Request, id: str, came: dict[str, str]) -> Response:
    form, other, why = _read(house, request, id, came)
    if house.ward.course(other).ended_into != id:
        _do(house, request, form, other, EndRecord(into=id, why=why))
    _do(house, request, form, id, JoinRecord(other=other, why=why))
    return back(request, form.looking)


def _part(house: House, request: Request, id: str, came: dict[str, str]) -> Response:
    """Asked on either of the two."""
    form, other, why = _read(house, request, id, came)
    here, there = house.ward.course(id), house.ward.course(other)
    if other in here.joined or here.ended_into == other:
        _do(house, request, form, id, PartRecord(other=other, why=why))
    if id in there.joined or there.ended_into == id:
        _do(house, request, form, other, PartRecord(other=id, why=why))
    return back(request, form.looking)


def _read(house: House, request: Request, id: str, came: dict[str, str]) -> tuple[Form, str, str]:
    form = checked(came, looking(house, request, id))
    other = form.content.get("other", "")
    if not house.ward.knows(other):
        raise InputError("No patient has this key here. Choose the other record on the page.")
    return form, other, form.content.get("why", "")


def _do(house: House, request: Request, form: Form, id: str, act: Act) -> None:
    """One of the two acts, under a command of its own, so that a form that is sent twice does each once."""
    signed = signature(house.gate, request, form.looking.person, act, form.signed)
    command = Command(id=f"{form.command.id}-{type(act).__name__}-{id}", digest=form.command.digest)
    house.ward.perform(id, act, signed, command=command)
