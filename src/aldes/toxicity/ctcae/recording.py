"""A grade that somebody signs becomes an event; what was only computed stays a computation."""

from datetime import datetime

from aldes.course.events import GradeRecorded
from aldes.errors import InputError
from aldes.toxicity.ctcae.grade import Grade


def recorded(grade: Grade, *, by: str, happened_at: datetime, recorded_at: datetime) -> GradeRecorded:
    """The event that keeps a grade with its version and the entries that it rests on.

    Raises
    ------
    InputError
        When the grade is unknown, or nobody signs it.
    """
    if grade.grade is None:
        waits = "; ".join(each.why for each in grade.missing[:3])
        raise InputError(
            f"The grade of {grade.ladder.words} is unknown ({waits}). "
            "Only a known grade is recorded; chart what is missing."
        )
    if not by.strip():
        raise InputError("A grade came without who gives it. Name the role that signs it; nothing was recorded.")
    return GradeRecorded(
        happened_at=happened_at,
        recorded_at=recorded_at,
        by=by,
        term=grade.ladder.name,
        grade=grade.grade,
        version=grade.version,
        findings=tuple(dict.fromkeys(id for each in grade.used for id in each.entries)),
    )
