"""Whatever a form of plain fields asks for: one route for every act, which the ward judges."""

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from aldes.errors import MovedOnError
from aldes.service.house import House
from aldes.service.pages.asking import Looking, looking
from aldes.service.pages.forms import Form, act_of, checked, form_of
from aldes.service.pages.zone import zone_of
from aldes.service.signing import signature
from aldes.service.views.telling import told as tell
from aldes.ward import Done, Ward

MOST_NEW = 8  # events that are told to whoever was slower


def routes(house: House) -> APIRouter:
    """The one route."""
    router = APIRouter()

    @router.post("/patients/{id}/acts/{do}")
    async def act(request: Request, id: str, do: str) -> Response:
        came = await form_of(request)
        return await run_in_threadpool(_act, house, request, id, do.replace("-", " "), came)

    return router


def _act(house: House, request: Request, id: str, do: str, came: dict[str, str]) -> Response:
    form = checked(came, looking(house, request, id))
    perform(house, request, form, do)
    return back(request, form.looking, came.get("to", ""))


def perform(house: House, request: Request, form: Form, do: str) -> Done:
    """Read the act of a form, sign it and let the ward judge it."""
    ward = house.ward
    told = act_of(form, do, ward.clock(), zone_of(ward, form.looking.id))
    signed = signature(house.gate, request, form.looking.person, told.act, form.signed)
    try:
        return ward.perform(form.looking.id, told.act, signed, command=form.command, expected=form.seen)
    except MovedOnError as fault:
        raise MovedOnError(f"{fault} {_new_since(ward, form)}") from fault


def _new_since(ward: Ward, form: Form) -> str:
    """What happened since the page was shown, for whoever was slower (hazard H24)."""
    events = ward.journal.read(form.looking.id, after=form.seen or 0)
    words = [each.words for each in map(tell, events[:MOST_NEW])]
    more = f"; and {len(events) - MOST_NEW} more" if len(events) > MOST_NEW else ""
    return f"New since you looked: {'; '.join(words)}{more}."


def back(request: Request, looking: Looking, part: str = "") -> Response:
    """To the patient's page, whose parts are loaded anew."""
    to = f"/patients/{looking.id}{'/' + part if part in ('give', 'stay') else ''}"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=204, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)
