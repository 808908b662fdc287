"""Correct or retract an entry: a newer one in its place at the same time, or none; both stay in the record."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from aldes.course.state import Course
from aldes.errors import InputError
from aldes.exchange.acts import read_act
from aldes.exchange.document import Json
from aldes.findings.charted import Charted
from aldes.service.house import House
from aldes.service.pages.acting import back
from aldes.service.pages.asking import looking
from aldes.service.pages.charting import QUESTIONED, implausible, item_of
from aldes.service.pages.forms import Form, checked, form_of
from aldes.ward import Signature
from aldes.ward.acts import Act, Correct, Retract


def routes(house: House) -> APIRouter:
    """The one route."""
    router = APIRouter()

    @router.post("/patients/{id}/correct")
    async def correct(request: Request, id: str) -> Response:
        came = await form_of(request)
        return await run_in_threadpool(_correct, house, request, id, came)

    return router


def _correct(house: House, request: Request, id: str, came: dict[str, str]) -> Response:
    form = checked(came, looking(house, request, id))
    act = _act(house, form)
    questioned = implausible([act.entry]) if isinstance(act, Correct) else []
    if questioned and not came.get("keep"):
        return house.templates.page("questioned_part.html", QUESTIONED, questioned=questioned, form=_form_id(came))
    house.ward.perform(id, act, Signature(person=form.looking.person), command=form.command)
    return back(request, form.looking)


def _act(house: House, form: Form) -> Act:
    """What the form asks for; a correction keeps the time of what it corrects."""
    id, why = form.content.get("entry", ""), form.content.get("why", "")
    if form.content.get("do") == "retract":
        return Retract(id=id, why=why)
    text = form.content.get("v", "").strip()
    if not text:
        raise InputError("The right value is missing. Enter it, or retract the entry. Nothing was recorded.")
    item = _item(_entry(house.ward.course(form.looking.id), id), text, form.content.get("u", ""))
    told = read_act({"do": "correct", "id": id, "why": why, "item": item}, house.ward.clock(), form.command.id)
    return told.act


def _item(wrong: Charted, text: str, unit: str) -> Json:
    item = item_of(wrong.finding, text, unit)
    if wrong.start is not None:
        return item | {"period": [wrong.start.isoformat(), wrong.time.isoformat()]}
    return item | {"time": wrong.time.isoformat()}


def _entry(course: Course, id: str) -> Charted:
    found = (each for series in course.entries.values() for each in series if each.id == id)
    if entry := next(found, None):
        return entry
    raise InputError("No entry of this patient has this id. Load the page again. Nothing was recorded.")


def _form_id(came: dict[str, str]) -> str:
    """The form on the page that asks again, where it names one of ours."""
    name = came.get("form", "")
    return name if name.startswith("entry-") and name[6:].isdecimal() else "entry"
