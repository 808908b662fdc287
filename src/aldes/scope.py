"""How far a stop reaches: rows propose it, a physician sets it."""

from enum import StrEnum


class Scope(StrEnum):
    """The reach of a stop, narrowest first."""

    DOSE = "this dose"
    CYCLE = "this cycle"
    COURSE = "this course"
    GOOD = "for good"
