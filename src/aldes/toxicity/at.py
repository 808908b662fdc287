"""One course at one instant under one protocol, as everything in this room looks at it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from aldes.course.at import at
from aldes.course.facts import next_slot
from aldes.course.phase import phase_of, stay_began
from aldes.course.state import Course
from aldes.findings.charted import Charted
from aldes.findings.moment import Moment
from aldes.findings.sources import sources_of
from aldes.findings.view import View
from aldes.phase import Phase
from aldes.protocols.row import Protocol
from aldes.protocols.steps import answer
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.tree import Question, names


@dataclass(frozen=True, slots=True, kw_only=True)
class Bedside:
    """What the ward knows at `now`, and where the patient stands."""

    course: Course
    protocol: Protocol
    now: datetime
    moment: Moment
    phase: Phase
    since: datetime | None  # when the stay began
    next_time: datetime  # of the next slot; in the past where it is late

    def answer(self, question: Question) -> Answer:
        """Yes on whatever is charted in this stay, no on valid values only, else unknown."""
        if answer(question, self.moment, View.CHARTED, self.since) is YES:
            return YES
        return NO if answer(question, self.moment, View.VALID, self.since) is NO else UNKNOWN

    def began(self, question: Question) -> datetime:
        """Since when a question that is yes has been yes: the entry that made it so first, without a break."""
        times = sorted({each.time for each in self.asked(question)}, reverse=True)
        onset = self.now
        for time in times:
            if answer(question, replace(self.moment, now=time), View.CHARTED, self.since) is not YES:
                break
            onset = time
        return onset

    def asked(self, question: Question) -> Iterator[Charted]:
        """What was charted in this stay of all that a question looks at."""
        for name in names(question):
            for source in sources_of(name.finding):
                yield from self.moment.entries(source, self.since)


def bedside(course: Course, protocol: Protocol, now: datetime) -> Bedside:
    """The course at `now`, its findings as fresh as the protocol's site asks them to be."""
    max_age = {name: each.max_age for name, each in protocol.required.items()}
    return Bedside(
        course=course,
        protocol=protocol,
        now=now,
        moment=at(course, now, max_age, protocol.schedule.zone, protocol.schedule.late_h),
        phase=phase_of(course, now),
        since=stay_began(course, now),
        next_time=next_slot(course, now),
    )
