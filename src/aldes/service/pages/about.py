"""A patient before a course: who it is, eligibility with its reasons, readiness, risk groups."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from aldes import ward as verbs
from aldes.course.patient import Patient
from aldes.service.house import House
from aldes.service.pages.asking import looking
from aldes.service.pages.zone import zone_of
from aldes.ward import Ward
from aldes.ward.ward import alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another record on the ward that may be, was or is being told of the same person."""

    id: str
    name: str
    joined: bool  # to this one, or this one to it


def _others(ward: Ward, id: str) -> list[Other]:
    course, courses = ward.course(id), [(each, ward.course(each)) for each in ward.courses()]
    settled = [each for each in (course.ended_into, *course.joined) if each]
    names = {each: _named(other.patient) for each, other in courses}
    return [
        *(Other(id=each, name=names.get(each, each), joined=True) for each in settled),
        *(Other(id=each, name=names[each], joined=False) for each in alike(courses, course)),
    ]


def _named(patient: Patient | None) -> str:
    if patient is None:
        return "not registered"
    return f"{patient.family}, {patient.given}, born {patient.born.isoformat()}, no. {patient.identifiers[0][1]}"


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
            others=_others(house.ward, id),
            drugs=verbs.interactions(house.ward.asked(id, now)),
            zone=zone_of(house.ward, id),
            now=now,
        )

    return router
