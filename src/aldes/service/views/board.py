"""The board: every patient in a line, with what is due, what stands and what is owed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import Any

from aldes import ward as verbs
from aldes.course.patient import Patient
from aldes.course.phase import phase_of
from aldes.course.state import Course
from aldes.phase import Phase
from aldes.service.views.names import look_alike
from aldes.ward import Ward
from aldes.ward.unused import Unused, unused
from aldes.ward.ward import alike

_MOST_OWED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One patient of the board."""

    id: str
    patient: Patient | None
    phase: str
    decision: Mapping[str, Any]
    next_time: str
    running: str  # since when a dose runs
    owed: tuple[str, ...]
    more_owed: int
    on_its_way: tuple[str, ...]
    holds: tuple[str, ...]
    stops: tuple[str, ...]  # waiting for a physician, or in force
    ended: bool = False  # the person's record goes on in another one
    alike: tuple[str, ...] = ()  # patients who could be taken for this one, as they are called

    @property
    def watched(self) -> bool:
        """Whether no dose follows and the patient is still to be watched."""
        return self.phase == Phase.RECOVERING


class Board:
    """The lines of a ward; one that nothing has happened to is reckoned once a minute."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward
        self._lines: dict[str, tuple[tuple[int, datetime], Line]] = {}
        self._lock = Lock()

    def lines(self, now: datetime) -> list[Line]:
        """Everybody who is not gone, those with the earliest slot first, recovering patients after them."""
        courses = [(id, self._ward.course(id)) for id in self._ward.courses()]
        found = [replace(self._line(id, course, now), alike=_taken_for(id, course, courses)) for id, course in courses]
        return sorted(found, key=lambda each: (_ORDER.index(each.phase), each.next_time))

    def unused(self, now: datetime) -> Unused:
        """How much of the records that came could not be used (hazard H33)."""
        return unused((self._ward.course(id) for id in self._ward.courses()), now)

    def _line(self, id: str, course: Course, now: datetime) -> Line:
        key = (course.version, now.replace(second=0, microsecond=0))
        with self._lock:
            known = self._lines.get(id)
        if known is not None and known[0] == key:
            return known[1]
        line = _line(self._ward, id, course, now)
        with self._lock:
            self._lines[id] = (key, line)
        return line


_ORDER = [each.value for each in (Phase.TREATING, Phase.RECOVERING, Phase.ADMITTED, Phase.SCREENING, Phase.DISCHARGED)]


def _line(ward: Ward, id: str, course: Course, now: datetime) -> Line:
    decision = ward.decision(id, now)
    watched = verbs.watch(ward.asked(id, now))
    overdue = [each["words"] for each in watched["items"] if each["state"] == "overdue"]
    owed = [each["words"] for each in watched["items"] if each["state"] == "owed"]
    running = course.infusing
    return Line(
        id=id,
        patient=course.patient,
        phase=phase_of(course, now).value,
        decision=decision,
        next_time=decision["next_time"],
        running=running.at.isoformat() if running else "",
        owed=tuple(overdue[:_MOST_OWED]),
        more_owed=max(0, len(overdue) - _MOST_OWED),
        on_its_way=tuple(owed[:_MOST_OWED]),
        holds=tuple(each.row for each in course.standing()),
        ended=bool(course.ended_into),
        stops=tuple(f"{each.row}{'' if each.confirmed else ', unconfirmed'}" for each in course.stops_in_force()),
    )


def _taken_for(id: str, course: Course, courses: Sequence[tuple[str, Course]]) -> tuple[str, ...]:
    """Who else is called so, or nearly so, or bears an identifier of this patient (hazards H09 and H10)."""
    own, sure, settled = course.patient, alike(courses, course), (id, course.ended_into, *course.joined)
    others = [(key, other.patient) for key, other in courses if key not in settled and other.patient is not None]
    if own is None:
        return ()
    return tuple(f"{them.family}, {them.given}" for key, them in others if key in sure or look_alike(own, them))
