"""What a ladder's questions see of a patient at one instant: valid values, fresh enough, that do not contradict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.course.at import at
from aldes.course.state import Course
from aldes.findings.charted import Charted
from aldes.findings.moment import Moment
from aldes.findings.read import vocabulary
from aldes.findings.seen import Seen
from aldes.findings.sources import sources_of
from aldes.findings.view import View
from aldes.findings.vocabulary import Group, Worse
from aldes.protocols.row import Protocol
from aldes.questions.tree import Name, names
from aldes.toxicity.ctcae.ladder import Criteria, Ladder

SETTING = "grade_max_age_h"


class Chart:
    """Answers the names of ladders. A grade is a statement of fact: doubt makes it unknown, never yes and never no.

    With `judged_at` the grades that clinicians charted are seen as of that later moment: a day's grade is often
    charted after the day's results.
    """

    def __init__(self, moment: Moment, judged_at: Moment | None = None) -> None:
        self.moment = moment
        self.judged_at = judged_at or moment
        self._seen: dict[str, Seen] = {}

    def look(self, name: Name) -> float | bool | str | None:
        """The value that the tree compares; None is unknown."""
        value = self.seen(name.finding).value
        return float(value) if isinstance(value, Decimal) else value

    def seen(self, finding: str) -> Seen:
        """What a question sees of a finding, with the entries behind it."""
        if finding not in self._seen:
            self._seen[finding] = self._find(finding)
        return self._seen[finding]

    def doubted(self, finding: str) -> bool:
        """Whether the newest entry of a finding says something that cannot be used: then it is not simply absent."""
        seen = self.seen(finding)
        unusable = _contradict(seen.entries) or any(each.valid is None for each in seen.entries)
        return seen.value is None and unusable

    def _find(self, finding: str) -> Seen:
        seen = (self.judged_at if finding.startswith("grade_") else self.moment).look(finding, View.VALID)
        if seen.value is not None and _contradict(seen.entries):
            why = f"{vocabulary()[finding].words}: two values at one time"
            return Seen(None, seen.entries, why=why)
        return seen


def chart(course: Course, criteria: Criteria, protocol: Protocol, now: datetime) -> Chart:
    """The chart of a course at `now`."""
    return Chart(moment(course, ages_of(criteria, protocol), protocol, now))


Ages = Mapping[str, timedelta | None]


def ages_of(criteria: Criteria, protocol: Protocol) -> Ages:
    """How old each finding that a ladder asks may be, as the site says; it walks every question, so ask it once."""
    return {name: protocol.grading.age_of(name) for name in sorted(set(_charted(criteria)))}


def moment(course: Course, ages: Ages, protocol: Protocol, now: datetime) -> Moment:
    """The findings of a course at an instant: whatever a ladder asks must be as fresh as the site says."""
    found = at(course, now, ages, protocol.schedule.zone, protocol.schedule.late_h)
    return replace(found, unset=dict(found.unset) | {name: SETTING for name, age in ages.items() if age is None})


def asked_by(ladder: Ladder) -> frozenset[str]:
    """The charted findings behind a ladder, the judged grade included."""
    asked = {name.finding for rung in ladder.rungs for name in names(rung.question)}
    return frozenset(source for each in asked for source in sources_of(each))


def _charted(criteria: Criteria) -> Iterator[str]:
    for ladder in criteria.ladders:
        for name in asked_by(ladder):
            finding = vocabulary()[name]
            if finding.group is not Group.COURSE and finding.worse is not Worse.NONE:
                yield name


def _contradict(entries: Sequence[Charted]) -> bool:
    """Whether two entries of one finding say different things of one instant (hazard H39)."""
    said: dict[tuple[str, datetime], object] = {}
    return any(said.setdefault((each.finding, each.time), each.valid) != each.valid for each in entries)
