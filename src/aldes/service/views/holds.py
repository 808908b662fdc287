"""Holds that stand though their criterion is no longer met, and what each waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from aldes.administration.asking import Asking
from aldes.course.state import Course
from aldes.findings.read import vocabulary
from aldes.protocols.compile import compiled
from aldes.protocols.row import Protocol
from aldes.questions.answer import NO
from aldes.questions.words import in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A standing hold whose criterion is no longer met."""

    row: str
    words: str
    since: datetime
    waits_for: str
    by: str  # the role that must judge it


def no_longer_met(course: Course, protocol: Protocol, now: datetime) -> list[Waiting]:
    """The standing holds whose row is answered no by now: they wait for their own resume question."""
    asking = Asking(course, compiled(protocol), now, lifting=True)
    return list(_waiting(asking))


def _waiting(asking: Asking) -> Iterator[Waiting]:
    for hold in asking.course.standing():
        row = asking.compiled.rows.get(hold.row)
        if row is None or asking.answer(hold.row) is not NO:
            continue
        resume = in_words(row.resume, vocabulary()) if row.resume else f"not: {row.words}"
        by = "physician" if hold.retracted else row.resume_by
        waits_for = "a physician: what opened it was charted in error" if hold.retracted else resume
        yield Waiting(row=row.id, words=row.words, since=hold.onset, waits_for=waits_for, by=by)
