"""The routes of the JSON interface."""

from dataclasses import asdict
from decimal import Decimal
from hashlib import sha256
from itertools import islice
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from aldes import ward as verbs
from aldes.administration.document import answer as compose
from aldes.course.journal import Command
from aldes.course.people import Person
from aldes.errors import InputError
from aldes.exchange.acts import read_act
from aldes.exchange.document import Json, fingerprint
from aldes.exchange.fields import instant, known_keys
from aldes.exchange.reader import Form, read
from aldes.protocols.read import names_of_protocols, names_of_sites
from aldes.protocols.read import read as read_protocol
from aldes.service.access import Gate
from aldes.service.api import asked
from aldes.service.api.body import document, whole
from aldes.service.api.schema import ACT, ANSWER, COMMAND, DECISION, DONE, EVENTS, MOST_EVENTS, QUESTION, described
from aldes.service.faults import RefusedError
from aldes.service.signing import Signed, signature
from aldes.ward import Signature, Ward

PAGE = 500  # events that are sent at once
_ACT_KEYS = ("act", "command", "seen", "secret", "second")


def router(ward: Ward, access: Gate) -> APIRouter:
    """Every route under `/api`."""
    api = APIRouter(prefix="/api", tags=["ward"])
    _add_questions(api, ward, access)
    _add_acts(api, ward, access)
    return api


def _add_questions(api: APIRouter, ward: Ward, access: Gate) -> None:
    """A document is JSON already and goes out as it is: nobody looks through each of its values again."""

    @api.get("/courses", **described("Every patient's key with its version.", ANSWER))
    def courses(request: Request) -> dict[str, Any]:
        access.person(request)
        return {"courses": [{"course": id, "version": ward.course(id).version} for id in ward.courses()]}

    @api.get("/courses/{id}/decision", **described("The decision before the next dose, as it is shown now.", DECISION))
    def decision(request: Request, id: str) -> JSONResponse:
        person = access.person(request)
        return JSONResponse(asked.decision(ward, _known(ward, id), Signature(person=person)))

    @api.get("/courses/{id}/events", **described(f"At most {PAGE} events of a course after a version.", EVENTS))
    def events(request: Request, id: str, after: Annotated[int, Query(ge=0, le=MOST_EVENTS)] = 0) -> dict[str, Any]:
        access.person(request)
        kept = islice(ward.journal.kept(_known(ward, id), after), PAGE)
        return {"events": [asked.event(each) for each in kept]}

    @api.get(
        "/courses/{id}/knew", **described("What the ward knew at an instant, and what it would have said.", DECISION)
    )
    def knew(
        request: Request, id: str, at: Annotated[str, Query(json_schema_extra={"format": "date-time"})]
    ) -> JSONResponse:
        access.person(request)
        then = instant(at, "at")
        course = ward.knew(_known(ward, id), then)
        said = compose(course, ward.protocol(course), then, patient=id)
        return JSONResponse({"course": id, "version": course.version, "decision": said, "blocks": []})

    @api.get("/courses/{id}/{verb}", **described(f"Beside the decision: {', '.join(asked.VERBS)}.", ANSWER))
    def beside(
        request: Request, id: str, verb: Annotated[str, Path(json_schema_extra={"enum": [*asked.VERBS]})]
    ) -> JSONResponse:
        access.person(request)
        if verb not in asked.VERBS:
            raise RefusedError(404, "not found", f"We answer {', '.join(asked.VERBS)}. Ask for one of these.")
        return JSONResponse(asked.VERBS[verb](ward.asked(_known(ward, id))))

    @api.post("/decision", **described("The decision for a record that is sent; nothing is kept.", DECISION, QUESTION))
    async def of_a_record(
        request: Request,
        protocol: Annotated[str, Query(json_schema_extra={"enum": [*names_of_protocols()]})] = "us-label-2023",
        site: Annotated[str | None, Query(json_schema_extra={"enum": [*names_of_sites()]})] = None,
    ) -> JSONResponse:
        access.person(request)
        came = await whole(request)
        return JSONResponse(await run_in_threadpool(_of_a_record, came, ward, protocol, site))


def _add_acts(api: APIRouter, ward: Ward, access: Gate) -> None:
    @api.post("/courses", status_code=201, **described("Open the record of a patient who is not here yet.", DONE, ACT))
    async def opened(request: Request) -> dict[str, Any]:
        person = access.person(request)
        came = await document(request)
        return await run_in_threadpool(_act, ward, access, request, person, f"c-{uuid4().hex}", came)

    @api.post(
        "/courses/{id}/acts", **described("Do something for a patient; the same command twice is done once.", DONE, ACT)
    )
    async def acted(request: Request, id: str) -> dict[str, Any]:
        person = access.person(request)
        came = await document(request)
        return await run_in_threadpool(_act, ward, access, request, person, _known(ward, id), came)


def _act(ward: Ward, access: Gate, request: Request, person: Person, id: str, came: Json) -> dict[str, Any]:
    """Read, judge and record one act."""
    body = known_keys(came, _ACT_KEYS, "the request")
    command = _command(body, person, id)
    seen = body.get("seen")
    expected = None if seen is None else _version(seen)
    told = read_act(body.get("act"), ward.clock(), command.id)
    signed = signature(access, request, person, told.act, _signed(body))
    done = ward.perform(id, told.act, signed, command=command, expected=expected)
    return {
        "course": done.course,
        "version": done.version,
        "again": done.again,
        "events": [type(each).__name__ for each in done.events],
        "not_used": [asdict(each) for each in told.not_used],
        "alert": list(told.alert),
    }


def _command(body: dict[str, Json], person: Person, id: str) -> Command:
    """The client's own id of what it asks, bound to who asks and for whom; without one a double click acts twice."""
    own = body.get("command")
    if not isinstance(own, str) or not COMMAND.fullmatch(own):
        raise InputError("'command' is not an id of the client's own, such as a UUID. Send one with each act.")
    asked_for = [
        person.id,
        id if not id.startswith("c-") else "",
        fingerprint({key: body.get(key) for key in ("act", "seen")}),
    ]
    return Command(id=own, digest=sha256("\n".join(asked_for).encode()).hexdigest())


def _version(seen: Json) -> int:
    if not isinstance(seen, Decimal) or seen != seen.to_integral_value() or not 0 <= seen <= MOST_EVENTS:
        raise InputError("'seen' is not the version of the course that you saw. Send the number, or leave it out.")
    return int(seen)


def _signed(body: dict[str, Json]) -> Signed:
    secret, second = body.get("secret", ""), body.get("second", {})
    told = known_keys(second, ("person", "secret"), "second")
    parts = (secret, told.get("person", ""), told.get("secret", ""))
    if not all(isinstance(each, str) for each in parts):
        raise InputError("'secret', and 'person' and 'secret' of 'second', are texts. Send them so.")
    return Signed(secret=str(parts[0]), second=str(parts[1]), second_secret=str(parts[2]))


def _known(ward: Ward, id: str) -> str:
    if not ward.knows(id):
        raise RefusedError(404, "not found", "No patient has this key here. Look at the list of courses.")
    return id


def _of_a_record(came: bytes, ward: Ward, protocol: str, site: str | None) -> dict[str, Any]:
    asked_for = _bundled(protocol, names_of_protocols(), "protocol")
    settings = None if site is None else _bundled(site, names_of_sites(), "site")
    reading = read(came, now=ward.clock(), form=Form.JSON)
    pinned = _bundled(reading.protocol, names_of_protocols(), "protocol") if reading.protocol else asked_for
    rules = read_protocol(pinned, settings)
    said = verbs.answer(
        reading.events,
        rules,
        reading.now or ward.clock(),
        has_course=reading.has_course,
        patient=reading.id,
        not_used=[asdict(each) for each in reading.not_used],
        alert=reading.alert,
    )
    return {"course": None, "version": None, "decision": said, "blocks": []}


def _bundled(name: str, known: tuple[str, ...], sort: str) -> str:
    """A protocol or site that ships with the program: no path of this machine is read for a request."""
    if name not in known:
        raise InputError(f"No bundled {sort} has this name. We know {', '.join(known)}. Name one of these.")
    return name
