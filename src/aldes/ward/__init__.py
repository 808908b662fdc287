"""The verbs of the day: record what happened, decide before the next dose, act on it as a named person."""

from aldes.ward.asked import (
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
from aldes.ward.recording import record, recorded, walk

__all__ = [
    "Asked",
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
