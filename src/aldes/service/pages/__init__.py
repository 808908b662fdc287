"""The pages of the ward, one module a page; each reads what it shows from `views` and writes nothing itself."""

from fastapi import APIRouter

from aldes.service.house import House
from aldes.service.pages import (
    about,
    acting,
    audit,
    board,
    charting,
    correcting,
    course,
    entrance,
    giving,
    joining,
    people,
    printing,
    protocol,
    staying,
)
from aldes.service.pages.refusals import refusal_page

__all__ = [
    "about",
    "acting",
    "audit",
    "board",
    "charting",
    "correcting",
    "course",
    "entrance",
    "giving",
    "joining",
    "pages",
    "people",
    "printing",
    "protocol",
    "refusal_page",
    "staying",
]


def pages(house: House) -> APIRouter:
    """Every route that a person opens."""
    router = APIRouter(include_in_schema=False)
    for part in (
        entrance,
        people,
        board,
        course,
        charting,
        correcting,
        giving,
        staying,
        about,
        audit,
        protocol,
        printing,
        joining,
        acting,
    ):
        router.include_router(part.routes(house))
    return router
