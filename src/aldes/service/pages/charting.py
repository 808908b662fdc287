"""The entry of a check: what was filled in becomes entries; an implausible value is questioned, and kept as such."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from aldes.course.events import FindingCharted
from aldes.errors import InputError
from aldes.exchange.acts import read_act
from aldes.exchange.document import Json
from aldes.exchange.statements import NONE_OF_THE_LISTED
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Kind
from aldes.numbers import parse_decimal
from aldes.service.house import House
from aldes.service.pages.acting import back
from aldes.service.pages.asking import looking
from aldes.service.pages.forms import Form, checked, form_of, local_time
from aldes.service.pages.zone import zone_of
from aldes.ward import Signature
from aldes.ward.acts import Chart

QUESTIONED = 422
LONGEST_COLLECTION_H = 24


def routes(house: House) -> APIRouter:
    """The route of the entry form."""
    router = APIRouter()

    @router.post("/patients/{id}/chart")
    async def chart(request: Request, id: str) -> Response:
        came = await form_of(request)
        return await run_in_threadpool(_chart, house, request, id, came)

    return router


def _chart(house: House, request: Request, id: str, came: dict[str, str]) -> Response:
    form = checked(came, looking(house, request, id))
    now = house.ward.clock()
    at = local_time(came["at"], zone_of(house.ward, id)) if came.get("at") else now.isoformat()
    items = list(_items(form, datetime.fromisoformat(at)))
    if not items:
        raise InputError("Nothing was filled in. Enter a value, or a key for an organ system.")
    told = read_act({"do": "chart", "items": items}, now, form.command.id)
    questioned = implausible(told.act.entries) if isinstance(told.act, Chart) else []
    if questioned and not came.get("keep"):
        return house.templates.page("questioned_part.html", QUESTIONED, questioned=questioned, form="entry")
    house.ward.perform(id, told.act, Signature(person=form.looking.person), command=form.command)
    return back(request, form.looking)


def _items(form: Form, at: datetime) -> Iterator[Json]:
    """What was filled in, as items of our own form; an empty field says nothing."""
    held = {key: value.strip() for key, value in form.content.items() if value.strip()}
    for key, text in held.items():
        sort, _, name = key.partition(".")
        if sort == "v":
            yield _value(vocabulary()[_known(name)], text, held, at)
        elif sort == "s" and text == "none":
            yield {"name": f"statement.{name}", "value": NONE_OF_THE_LISTED, "time": at.isoformat()}


def _value(finding: Finding, text: str, held: dict[str, str], at: datetime) -> Json:
    item = item_of(finding.name, text, held.get(f"u.{finding.name}", ""))
    if hours := held.get(f"h.{finding.name}"):
        return item | {"period": [(at - _over(hours)).isoformat(), at.isoformat()]}
    return item | {"time": at.isoformat()}


def item_of(name: str, text: str, unit: str) -> dict[str, Json]:
    """A value of a finding as an item of our own form, without its time."""
    finding = vocabulary()[name]
    match finding.kind:
        case Kind.NUMBER:
            return {"name": name, "value": parse_decimal(text), "unit": unit or finding.unit}
        case Kind.FLAG:
            return {"name": name, "value": text == "yes"}
        case Kind.CODE:
            return {"name": name, "value": text}


def _over(hours: str) -> timedelta:
    over = parse_decimal(hours)
    if not 0 < over <= LONGEST_COLLECTION_H:
        raise InputError(
            f"An amount is collected over more than 0 and at most {LONGEST_COLLECTION_H} hours. Correct it."
        )
    return timedelta(hours=float(over))


def _known(name: str) -> str:
    if name not in vocabulary().findings:
        raise InputError("The form holds a field that is no finding. Load the page again.")
    return name


def implausible(entries: Iterable[object]) -> list[str]:
    """Why an entry is doubtful, where its value is not one that a patient survives."""
    faults = [each.entry.fault for each in entries if isinstance(each, FindingCharted)]
    return [fault for fault in faults if fault and "implausible" in fault]
