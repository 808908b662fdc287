"""A patient before a course: who it is, eligibility with its reasons, readiness, risk groups."""

from fastapi import APIRouter, Request, Response

from aldes import ward as verbs
from aldes.service.house import House
from aldes.service.pages.asking import looking
from aldes.service.pages.zone import zone_of


def routes(house: House) -> APIRouter:
    """The route of the page."""
    router = APIRouter()

    @router.get("/patients/{id}/about")
    def page(request: Request, id: str) -> Response:
        who = looking(house, request, id)
        now = house.ward.clock()
        return house.templates.page(
            "about.html",
            who=who,
            person=who.person,
            course=who.course,
            selection=verbs.assess(house.ward.asked(id, now)),
            drugs=verbs.interactions(house.ward.asked(id, now)),
            zone=zone_of(house.ward, id),
            now=now,
        )

    return router
