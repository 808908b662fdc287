"""Give a dose: the go, the bag, the start with a second person, the end; one key breaks off."""

from fastapi import APIRouter, Request, Response

from aldes.course.people import Role
from aldes.service.house import House
from aldes.service.pages.asking import looking
from aldes.service.views.course import course_view
from aldes.ward import Signature
from aldes.ward.acts import OverrideReason


def routes(house: House) -> APIRouter:
    """The route of the page; what its forms ask for goes to the one route of acts."""
    router = APIRouter()

    @router.get("/patients/{id}/give")
    def page(request: Request, id: str) -> Response:
        who = looking(house, request, id)
        view = course_view(house.ward, id, Signature(person=who.person))
        others = [
            each for each in house.gate.people().values() if each.id != who.person.id and each.role is not Role.READER
        ]
        return house.templates.page(
            "give.html",
            who=who,
            person=who.person,
            view=view,
            now=view.now,
            others=sorted(others, key=lambda each: each.name),
            reasons=[each.value for each in OverrideReason],
        )

    return router
