"""The course page: the decision with what it rests on, the slots, what stands, what is owed, what is charted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aldes import ward as verbs
from aldes.course.facts import next_slot
from aldes.course.phase import phase_of
from aldes.course.state import Bag, BagState, Course, Slot
from aldes.protocols.row import Protocol
from aldes.service.views.holds import Waiting, no_longer_met
from aldes.service.views.slots import Place, timeline
from aldes.ward import Signature, Ward
from aldes.ward.acts import blocks
from aldes.ward.acts.dosing import against


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseView:
    """One patient's course at one instant, as the page shows it."""

    id: str
    course: Course
    protocol: Protocol
    now: datetime
    zone: ZoneInfo | None
    decision: dict[str, Any]
    blocks: tuple[str, ...]  # what else keeps the next dose from running
    against: tuple[str, ...]  # every row that an override would have to name
    timeline: list[list[Place]]
    no_longer_met: list[Waiting]
    watch: dict[str, Any]
    leak: dict[str, Any]
    grades: dict[str, Any]
    phase: str
    due: datetime
    expected_end: datetime | None  # of the infusion that runs

    @property
    def version(self) -> int:
        """The version that everything here rests on."""
        return self.course.version

    @property
    def infusing(self) -> Slot | None:
        """The dose that runs."""
        return self.course.infusing

    @property
    def bags(self) -> list[Bag]:
        """The bags that are ready."""
        return [each for each in self.course.bags.values() if each.state is BagState.READY]

    @property
    def grid(self) -> list[tuple[str, dict[str, str]]]:
        """The terms that were ever graded 1 or more, each with its word by day."""
        shown = ("1", "2", "3", "4", "5")
        rows = [
            (row["term"], {cell["day"]: str(cell["words"]) for cell in row["cells"]}) for row in self.grades["days"]
        ]
        return [row for row in rows if any(words[:1] in shown for words in row[1].values())]

    @property
    def days(self) -> list[str]:
        """Every day of the grid."""
        return sorted({cell["day"] for row in self.grades["days"] for cell in row["cells"]})


def course_view(ward: Ward, id: str, signature: Signature) -> CourseView:
    """Everything that the page of a course shows, and the decision kept as shown."""
    bed = ward.show(id, signature)
    asked = ward.asked(id, bed.now)
    running, dose = bed.course.infusing, bed.protocol.dose
    return CourseView(
        id=id,
        course=bed.course,
        protocol=bed.protocol,
        now=bed.now,
        zone=ZoneInfo(bed.protocol.schedule.zone) if bed.protocol.schedule.zone else None,
        decision=bed.document(),
        blocks=blocks(bed),
        against=against(bed.decision()),
        timeline=timeline(bed.course, bed.now),
        no_longer_met=no_longer_met(bed.course, bed.protocol, bed.now),
        watch=verbs.watch(asked),
        leak=verbs.leak(asked),
        grades=verbs.grades(asked),
        phase=phase_of(bed.course, bed.now).value,
        due=next_slot(bed.course, bed.now),
        expected_end=running.at + timedelta(minutes=float(dose.over_min)) if running and dose else None,
    )
