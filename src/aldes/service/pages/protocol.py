"""The protocol to read, and two of them side by side."""

from fastapi import APIRouter, Request, Response

from aldes.protocols.layers import bases
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Protocol
from aldes.service.faults import RefusedError
from aldes.service.house import House
from aldes.service.pages.asking import Looking, looking
from aldes.service.views.protocols import compared, protocol_view

_NAMES = tuple(each for each in names_of_protocols() if each not in bases())  # a base is read within its protocols


def routes(house: House) -> APIRouter:
    """The routes of the protocol pages."""
    router = APIRouter()

    @router.get("/protocol")
    def own(request: Request) -> Response:
        return _page(house, looking(house, request), house.ward.protocols()[0])

    @router.get("/protocol/compare")
    def compare(request: Request, a: str = "", b: str = "") -> Response:
        who = looking(house, request)
        sides = (_bundled(house, a), _bundled(house, b))
        return house.templates.page(
            "compare.html",
            who=who,
            person=who.person,
            sides=sides,
            topics=compared(*sides),
            names=_NAMES,
        )

    @router.get("/protocol/{name}")
    def another(request: Request, name: str) -> Response:
        who = looking(house, request)  # before anything else: who is not signed in learns no name
        return _page(house, who, _bundled(house, name))

    return router


def _page(house: House, who: Looking, protocol: Protocol) -> Response:
    return house.templates.page(
        "protocol.html",
        who=who,
        person=who.person,
        view=protocol_view(protocol),
        names=_NAMES,
        own=house.ward.protocols()[0].id,
    )


def _bundled(house: House, name: str) -> Protocol:
    """A bundled protocol at this ward's site; an address names no file.

    Raises
    ------
    RefusedError
        When no bundled protocol has this name.
    """
    own = house.ward.protocols()[0]
    if name == own.id:
        return own
    if name not in _NAMES:
        raise RefusedError(404, "not found", "No bundled protocol has this name. Look at the list on /protocol.")
    return read(name, own.site)
