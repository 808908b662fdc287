"""One patient at one instant, asked by the rows of selection: what every name of their questions sees."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.course.at import at
from aldes.course.state import Course
from aldes.findings.moment import Moment
from aldes.findings.read import vocabulary
from aldes.findings.seen import Seen
from aldes.findings.sources import sources_of
from aldes.findings.view import View
from aldes.findings.vocabulary import Group
from aldes.protocols.row import Protocol
from aldes.protocols.verdict import Selecting
from aldes.questions.answer import Answer
from aldes.questions.ask import ask
from aldes.questions.tree import Name, Question, names

JUDGE = "physician"  # words without a number: nobody else's "nothing is wrong here" counts


class Asking:
    """Answers the names of a protocol's rows of selection; each is looked up once.

    `more` are findings that no row asks and that are shown all the same.
    """

    def __init__(self, course: Course, selecting: Selecting, now: datetime, more: Iterable[str] = ()) -> None:
        self.selecting = selecting
        self.course = course
        self.now = now
        asked = {name.finding for question in selecting.asked.values() for name in names(question)}
        self.moment = _moment(course, selecting.protocol, now, asked.union(more))
        self._seen: dict[Name, Seen] = {}
        self._answers: dict[int, Answer] = {}

    def ask(self, question: Question) -> Answer:
        """The answer of a part of this protocol's verdict; a row that stands in several is asked once."""
        return ask(question, self.look, self._answers)

    def look(self, name: Name) -> float | bool | str | None:
        """The value that the tree compares: numbers as doubles, flags, codes; None is unknown."""
        value = self.seen(name).value
        return float(value) if isinstance(value, Decimal) else value

    def seen(self, name: Name) -> Seen:
        """What the name sees, with the entries behind it."""
        if name not in self._seen:
            self._seen[name] = self.moment.look(name.finding, name.view, role=JUDGE)
        return self._seen[name]

    def known(self, finding: str) -> Seen:
        """The finding as it counts; where it is not valid, as it is charted, with the reason."""
        valid = self.seen(Name(finding, View.VALID))
        if valid.value is not None:
            return valid
        charted = self.seen(Name(finding, View.CHARTED))
        return Seen(charted.value, charted.entries, valid.why) if charted.value is not None else valid


def _moment(course: Course, protocol: Protocol, now: datetime, asked: Iterable[str]) -> Moment:
    """The findings at an instant, as fresh as the site wants them for a selection."""
    charted = {source for name in asked for source in sources_of(name)}
    charted = {name for name in charted if vocabulary()[name].group is not Group.COURSE}
    found = at(
        course, now, {name: _age(name, protocol) for name in charted}, protocol.schedule.zone, protocol.schedule.late_h
    )
    return replace(found, unset={**found.unset, **{name: _setting(name) for name in charted}})


def _age(name: str, protocol: Protocol) -> timedelta | None:
    """The finding's own age, else that of its group; an item of readiness keeps the ward's."""
    group = vocabulary()[name].group
    if group is Group.READINESS:
        return protocol.readiness_age.get(name)
    return protocol.selection_age.get(name) or protocol.selection_age.get(group)


def _setting(name: str) -> str:
    group = vocabulary()[name].group
    return f"max_age_h.{name}" if group is Group.READINESS else f"selection_max_age_d.{group}"
