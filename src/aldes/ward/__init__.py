"""The verbs of the day: record what happened, decide before the next dose, act on it as a named person."""

from aldes.ward.asked import (
    CTCAE,
    Asked,
    answer,
    assess,
    grades,
    interactions,
    leak,
    next_course,
    next_dose,
    responses,
    watch,
)
from aldes.ward.bed import Bed, Signature
from aldes.ward.recording import record, recorded, walk
from aldes.ward.ward import Done, Ward

__all__ = [
    "CTCAE",
    "Asked",
    "Bed",
    "Done",
    "Signature",
    "Ward",
    "answer",
    "assess",
    "grades",
    "interactions",
    "leak",
    "next_course",
    "next_dose",
    "record",
    "recorded",
    "responses",
    "walk",
    "watch",
]
