"""The phases of a course, in their order: rows say in which of them they are asked."""

from enum import StrEnum


class Phase(StrEnum):
    """Where a patient stands between screening and discharge."""

    SCREENING = "screening"  # not admitted for a cycle yet
    ADMITTED = "admitted"  # before the first dose of the cycle
    TREATING = "treating"  # slots of the cycle are open
    RECOVERING = "recovering"  # no dose of this cycle follows, and the patient is still in hospital
    DISCHARGED = "discharged"
