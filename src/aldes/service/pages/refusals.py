"""A refusal as people see it: in place where a form was sent, else as a page; who is not signed in, signs in."""

from collections.abc import Callable
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from aldes.errors import AldesError
from aldes.service.house import House

NOBODY = 401


def refusal_page(house: House) -> Callable[[Request, AldesError, int], Response]:
    """How this house answers a refusal."""

    def answer(request: Request, fault: AldesError, status: int) -> Response:
        in_place = request.headers.get("hx-request") == "true"
        if status == NOBODY:
            return _to_the_door(request, in_place)
        if in_place:
            return house.templates.page("refusal_part.html", status, sentence=str(fault))
        return house.templates.page("refusal.html", status, sentence=str(fault), person=None)

    return answer


def _to_the_door(request: Request, in_place: bool) -> Response:
    if request.headers.get("accept") == "text/event-stream":
        return Response(status_code=NOBODY)  # a page that listens is not led away; it says that it hears nothing
    door = f"/sign-in?to={quote(request.url.path)}" if request.method == "GET" else "/sign-in"
    if in_place:
        return Response(status_code=200, headers={"HX-Redirect": "/sign-in"})
    return RedirectResponse(door, status_code=303)
