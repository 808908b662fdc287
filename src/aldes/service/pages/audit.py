"""The audit of a course: what happened, when it was so and when it was recorded, by whom; what the ward knew then."""

from datetime import datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from aldes.errors import InputError
from aldes.service.house import House
from aldes.service.pages.asking import looking
from aldes.service.pages.forms import local_time
from aldes.service.pages.zone import zone_of
from aldes.service.views.alerts import alerts
from aldes.service.views.audit import in_hindsight, knew, lines
from aldes.service.views.telling import SORTS


def routes(house: House) -> APIRouter:
    """The route of the audit."""
    router = APIRouter()

    @router.get("/patients/{id}/audit")
    def page(request: Request, id: str, sort: str = "", at: str = "") -> Response:
        who = looking(house, request, id)
        ward, zone = house.ward, zone_of(house.ward, id)
        now = ward.clock()
        then = _instant(at, zone, now) if at else None
        return house.templates.page(
            "audit.html",
            who=who,
            person=who.person,
            course=who.course,
            lines=lines(ward, id, sort if sort in SORTS else ""),
            sorts=SORTS,
            sort=sort,
            at=at,
            then=knew(ward, id, then) if then else None,
            corrected=in_hindsight(ward, id, then) if then else None,
            today=knew(ward, id, now) if then else None,
            alerts=alerts(ward.journal.read(id), ward.protocol(ward.course(id))),
            head=ward.journal.head(),
            zone=zone,
            now=now,
        )

    return router


def _instant(text: str, zone: ZoneInfo | None, now: datetime) -> datetime:
    at = datetime.fromisoformat(local_time(text, zone))
    if at > now:
        raise InputError("What the ward will know cannot be asked. Choose an instant that has passed.")
    return at
