"""Rows as the readers hand them over: one lesion at one assessment, or one event, in words as they came."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; a blank text is a cell without anything in it."""

    where: str  # "line 12", "Bundle.entry[4]"
    day: date
    patient: str = ""
    event: str = ""
    lesion: str = ""
    part: str = ""
    organ: str = ""
    kind: str = ""
    value: Decimal | None = None
    unit: str = ""
    axis: str = ""
    state: str = ""
    method: str = ""
    slice_mm: Decimal | None = None
    irradiated: str = ""
    role: str = ""


EVENTS = (
    "course",  # its first dose
    "last dose",
    "discharge",
    "missed assessment",
    "other therapy",
    "marker normal",
    "marker raised",
    "death",
)
