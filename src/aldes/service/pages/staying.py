"""The stay around the doses: cycles, phases, what happened, what must be settled, grades, another record."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from aldes.course.events import RecordDoubted, Stay
from aldes.errors import InputError
from aldes.exchange.acts import read_act
from aldes.exchange.document import parse
from aldes.exchange.text import MOST_BYTES
from aldes.service.house import House
from aldes.service.pages.acting import back
from aldes.service.pages.asking import looking
from aldes.service.pages.forms import checked
from aldes.service.views.course import course_view
from aldes.toxicity.ctcae.read import read as read_criteria
from aldes.ward import CTCAE, Signature
from aldes.ward.acts import TakeOver, left_out


def routes(house: House) -> APIRouter:
    """The page, and the route that takes a record over; every other form goes to the one route of acts."""
    router = APIRouter()

    @router.get("/patients/{id}/stay")
    def page(request: Request, id: str) -> Response:
        who = looking(house, request, id)
        view = course_view(house.ward, id, Signature(person=who.person))
        grading = view.protocol.grading
        criteria = read_criteria(grading.version or CTCAE, grading.units or "conventional")
        doubts = [each.why for each in house.ward.journal.read(id) if isinstance(each, RecordDoubted)]
        return house.templates.page(
            "stay.html",
            who=who,
            person=who.person,
            view=view,
            now=view.now,
            changes=list(Stay),
            terms=[(each.name, each.words) for each in criteria.ladders],
            doubts=doubts[-view.course.doubts :] if view.course.doubts else [],
            others=sorted(
                (each for each in house.gate.people().values() if each.id != who.person.id), key=lambda each: each.name
            ),
        )

    @router.post("/patients/{id}/record")
    async def record(request: Request, id: str) -> Response:
        async with request.form(max_files=1, max_fields=20) as came:
            file = came.get("record")
            data = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
            fields = {key: value for key, value in came.items() if isinstance(value, str)}
        return await run_in_threadpool(_take_over, house, request, id, fields, data)

    return router


def _take_over(house: House, request: Request, id: str, came: dict[str, str], data: bytes) -> Response:
    """The record is read as every other one; what an open course does not take is said, and nothing is lost."""
    form = checked(came, looking(house, request, id))
    if not data:
        raise InputError("No file came. Choose a FHIR R4 bundle or a batch line as a JSON file.")
    now = house.ward.clock()
    told = read_act({"do": "take over", "record": parse(data)}, now, form.command.id)
    left = left_out(house.ward.course(id), told.act.events_read) if isinstance(told.act, TakeOver) else ()
    house.ward.perform(id, told.act, Signature(person=form.looking.person), command=form.command)
    if not (told.not_used or left):
        return back(request, form.looking)
    return house.templates.page(
        "taken_over.html", who=form.looking, person=form.looking.person, told=told, left=left, id=id
    )
