"""The page of a course, the part of it that follows the stream, and its pictures' series."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from aldes.service.house import House
from aldes.service.pages.asking import Looking, looking
from aldes.service.views.course import CourseView, course_view
from aldes.service.views.entries import lately
from aldes.service.views.entry import entry_form
from aldes.service.views.series import panels
from aldes.ward import Signature


def routes(house: House) -> APIRouter:
    """The routes of a course."""
    router = APIRouter()

    @router.get("/patients/{id}")
    def page(request: Request, id: str) -> Response:
        who = looking(house, request, id)
        view = _view(house, who)
        owed = frozenset(each["finding"] for each in view.decision["measure"])
        form = entry_form(view.course, view.protocol, owed)
        return house.templates.page(
            "course.html",
            who=who,
            person=who.person,
            view=view,
            form=form,
            lately=lately(view.course),
            now=view.now,
        )

    @router.get("/patients/{id}/now")
    def now(request: Request, id: str) -> Response:
        who = looking(house, request, id, by_itself=True)
        view = _view(house, who)
        return house.templates.page("course_now.html", who=who, view=view, now=view.now)

    @router.get("/patients/{id}/series")
    def series(request: Request, id: str) -> Response:
        who = looking(house, request, id)
        course = house.ward.course(who.id)
        return JSONResponse(panels(course, house.ward.protocol(course), house.ward.clock()))

    return router


def _view(house: House, who: Looking) -> CourseView:
    return course_view(house.ward, who.id, Signature(person=who.person))
