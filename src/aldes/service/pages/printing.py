"""The papers of a patient: a list of them, and each as a page that is made to be printed, or as a PDF."""

from fastapi import APIRouter, Request, Response

from aldes.course.facts import doses_in_cycle
from aldes.findings.vocabulary import Group
from aldes.service.faults import RefusedError
from aldes.service.house import House
from aldes.service.pages.asking import Looking, looking
from aldes.service.paper import pdf
from aldes.service.views.course import course_view
from aldes.service.views.prints import SHEETS, Sheet, chart_lines, criteria, discharge_plan, newest
from aldes.service.views.protocols import required_words
from aldes.ward import Signature

CHECKED = (Group.VITAL, Group.FLUID, Group.WEIGHT, Group.SUPPORT, Group.LAB)


def routes(house: House) -> APIRouter:
    """The list of papers, and each of them."""
    router = APIRouter()

    @router.get("/patients/{id}/print")
    def papers(request: Request, id: str) -> Response:
        who = looking(house, request, id)
        return house.templates.page("print.html", who=who, person=who.person, course=who.course, sheets=SHEETS)

    @router.get("/patients/{id}/print/{sheet}")
    def paper(request: Request, id: str, sheet: str, form: str = "html") -> Response:
        who = looking(house, request, id)
        found = next((each for each in SHEETS if each.name == sheet), None)
        if found is None or form not in ("html", "pdf"):
            raise RefusedError(404, "not found", "There is no such paper. Choose one from the list of the patient.")
        return _paper(_text(house, who, found), found, form)

    return router


def _paper(text: str, sheet: Sheet, form: str) -> Response:
    if form == "pdf":
        named = {"Content-Disposition": f'inline; filename="{sheet.name}.pdf"'}  # nothing of the patient's in a name
        return Response(pdf(text), media_type="application/pdf", headers=named)
    return Response(text, media_type="text/html; charset=utf-8")


def _text(house: House, who: Looking, sheet: Sheet) -> str:
    view = course_view(house.ward, who.id, Signature(person=who.person))
    dose_1 = doses_in_cycle(view.course) == 0
    return house.templates.text(
        f"print_{sheet.name}.html",
        who=who,
        person=who.person,
        view=view,
        course=view.course,
        sheet=sheet,
        lines=chart_lines(house.ward, who.id, view.course, view.now),
        criteria=criteria(view.protocol, cycle=view.course.cycle, dose_1=dose_1),
        dose_1=dose_1,
        required=required_words(view.protocol),
        values=newest(view.course, *CHECKED),
        plan=discharge_plan(view.protocol),
        zone=view.zone,
        now=view.now,
    )
