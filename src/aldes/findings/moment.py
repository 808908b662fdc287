"""Everything known about one patient at one instant, and what a question gets to see of it.

A question looks at a finding through a view (`charted`, `valid`, `resume`) and, for a row whose hold began
earlier, only at what came after (`after`). What it sees is a value with the entries that decided it, or no value
with the reason. Missing is unknown, never no.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.findings import derived
from aldes.findings.charted import Charted
from aldes.findings.seen import Seen, age, at_newest_time, first_fault, since_newest_valid, valid_values
from aldes.findings.view import View
from aldes.findings.vocabulary import Finding, Group, Vocabulary, Worse, absent_value, worst_of

CLOCK_SKEW = timedelta(minutes=5)  # hazard H16: later than this after "now" is not known yet

_Look = tuple[str, View, datetime | None, str | None]  # finding, view, after, role


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A signed statement for one organ system: none of the listed."""

    system: str
    time: datetime
    id: str = ""
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The findings of one patient at `now`."""

    now: datetime
    vocabulary: Vocabulary
    series: Mapping[str, Sequence[Charted]] = field(default_factory=dict)  # each in order of time
    statements: Mapping[str, Statement] = field(default_factory=dict)  # the newest of each system
    facts: Mapping[str, Decimal | bool | None] = field(default_factory=dict)  # of the course
    unset: Mapping[str, str] = field(default_factory=dict)  # what waits for a site setting, with the setting's name
    max_age: Mapping[str, timedelta | None] = field(default_factory=dict)  # required; None: the site has not set it
    slot_opened: datetime  # when the slot before closed: older statements and "no" answers do not count
    last_dose: datetime | None = None
    cycle_start: datetime | None = None  # the first dose of this cycle
    course_start: datetime | None = None
    # A moment is a finished value, so what was found in it once stays so; another course or time is another moment.
    _known: dict[str, tuple[Charted, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _looked: dict[_Look, Seen] = field(default_factory=dict, init=False, repr=False, compare=False)
    _refused: dict[str, Seen | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def look(self, name: str, view: View, after: datetime | None = None, role: str | None = None) -> Seen:
        """What a question sees of the finding `name` through `view`, later than `after`, judged by `role`."""
        asked = (name, view, after, role)
        seen = self._looked.get(asked)
        if seen is None:
            seen = self._looked[asked] = self._look(name, view, after, role)
        return seen

    def _look(self, name: str, view: View, after: datetime | None, role: str | None) -> Seen:
        finding = self.vocabulary[name]
        if finding.derived:
            return derived.look(self, finding, view, after, role)
        if finding.group is Group.COURSE:
            if view is not View.VALID:  # the record knows a fact or not, however it is looked at
                return self.look(name, View.VALID)
            value = self.facts.get(name)
            return Seen(value, why="" if value is not None else self._not_recorded(finding))
        if finding.worse is Worse.NONE:
            return self._pinned(finding)
        entries = self.entries(name, after)
        if finding.group is Group.HISTORY and (once := self._once(finding, entries)):
            return once
        if view is View.CHARTED:
            return self._charted(finding, entries)
        if name in self.max_age:
            return self._measured(finding, entries, after, role)
        return self._reported(finding, entries, view, role)

    def _not_recorded(self, finding: Finding) -> str:
        setting = self.unset.get(finding.name)
        return f"site setting {setting} is not set" if setting else f"{finding.words}: not in the record"

    def entries(self, name: str, after: datetime | None = None) -> tuple[Charted, ...]:
        """What is charted of a finding up to now, later than `after`, in order of time."""
        known = self._known.get(name)
        if known is None:
            known, until = tuple(self.series.get(name, ())), self.now + CLOCK_SKEW
            if known and known[-1].time > until:  # rarely: a course is mostly asked at the time of its newest entry
                known = known[: bisect_right(known, until, key=lambda each: each.time)]
            self._known[name] = known
        if after is None or not known:
            return known
        return tuple(each for each in known if each.time > after)

    def _pinned(self, finding: Finding) -> Seen:
        """A weight or target that people settled: the newest holds, however old, and the newest alone."""
        newest = at_newest_time(self.entries(finding.name))
        if not newest:
            return Seen(None, why=f"{finding.words}: not settled")
        if fault := first_fault(newest):
            return Seen(None, newest, why=f"{finding.words}: {fault}")
        values = valid_values(newest)
        if len(set(values)) > 1:
            return Seen(None, newest, why=f"{finding.words}: two values at one time")
        return Seen(values[0], newest)

    def _once(self, finding: Finding, entries: Sequence[Charted]) -> Seen | None:
        """What once was so stays so, however old and whatever a later entry says: only a retraction takes it back."""
        was = tuple(each for each in entries if each.worst is not None and each.worst != absent_value(finding))
        return Seen(was[-1].worst, was) if was else None

    def _charted(self, finding: Finding, entries: Sequence[Charted]) -> Seen:
        """The worst of what is charted since the newest valid value: preliminary or implausible counts here."""
        if not entries:
            return Seen(None, why=f"{finding.words}: nothing usable charted")
        window = [each for each in since_newest_valid(entries) if each.worst is not None and self._in_age(each)]
        worst = worst_of(finding, (each.worst for each in window if each.worst is not None))
        if worst is None:
            return Seen(None, why=f"{finding.words}: nothing usable charted")
        return Seen(worst, tuple(each for each in window if each.worst == worst))

    def _in_age(self, entry: Charted) -> bool:
        limit = self.max_age.get(entry.finding)
        return limit is None or self.now - entry.time <= limit

    def _measured(
        self, finding: Finding, entries: Sequence[Charted], after: datetime | None, role: str | None = None
    ) -> Seen:
        """The newest value, if it is valid and fresh; an older good one never stands in for a newer unusable one.

        Where a `role` must judge it, "nothing is wrong here" counts from that role alone.
        """
        newest = at_newest_time(entries)
        if not newest:
            return Seen(None, why=f"{finding.words}: not charted{' since the hold began' if after else ''}")
        if fault := first_fault(newest):
            return Seen(None, newest, why=f"{finding.words}: {fault}")
        limit = self.max_age[finding.name]
        if limit is None:
            setting = self.unset.get(finding.name, f"max_age_h.{finding.name}")
            return Seen(None, newest, why=f"site setting {setting} is not set")
        if self.now - newest[0].time > limit:
            return Seen(None, newest, why=f"{finding.words}: older than {age(limit)}")
        value = worst_of(finding, valid_values(newest))
        by_people = finding.group in (Group.JUDGED, Group.HISTORY, Group.READINESS)
        if role and by_people and value == absent_value(finding) and not any(each.role == role for each in newest):
            return Seen(None, newest, why=f"{finding.words}: not judged by a {role}")
        return Seen(value, newest)

    def _reported(self, finding: Finding, entries: Sequence[Charted], view: View, role: str | None) -> Seen:
        """A judged or supporting finding: what is charted, else what the statement of its system says."""
        judging = view is View.RESUME and role is not None and finding.group is Group.JUDGED
        newest = at_newest_time(entries)
        if newest and (fault := first_fault(newest)):
            return Seen(None, newest, why=f"{finding.words}: {fault}")
        if newest:
            value = worst_of(finding, valid_values(newest))
            if value != absent_value(finding):
                return Seen(value, newest)  # whoever charts that it is there
            if judging and not any(each.role == role for each in newest):
                newest = ()
            elif newest[0].time >= self.slot_opened:
                return Seen(value, newest)
        if view is View.RESUME:
            said = f"judged by a {role}" if judging else "charted"
            return Seen(None, newest, why=f"{finding.words}: not {said} since the hold began")
        return self._stated(finding)

    def _stated(self, finding: Finding) -> Seen:
        """What a system statement answers; it never clears a charted yes and ends at any later event there."""
        statement, absent = self.statements.get(finding.system), absent_value(finding)
        if statement is None or absent is None:
            return Seen(None, why=f"{finding.words}: not charted, and no statement covers it")
        return self._refusal(statement) or Seen(absent, stated=statement.time)

    def _refusal(self, statement: Statement) -> Seen | None:
        """Why a statement answers nothing, or None; the same for every finding of its system, so it is told once."""
        if statement.system not in self._refused:
            self._refused[statement.system] = self._refuse(statement)
        return self._refused[statement.system]

    def _refuse(self, statement: Statement) -> Seen | None:
        if statement.fault:
            return Seen(None, why=f"statement.{statement.system}: {statement.fault}")
        if not self.slot_opened < statement.time <= self.now + CLOCK_SKEW:
            return Seen(None, why=f"statement.{statement.system}: not made since the slot before")
        if event := self._contradiction(statement):
            return Seen(None, (event,), why=f"statement.{statement.system}: {event.finding} is charted")
        return None

    def _contradiction(self, statement: Statement) -> Charted | None:
        """An entry that a system statement cannot stand beside: a standing yes, or an event later than it."""
        for finding in self.vocabulary.in_system(statement.system):
            if finding.derived or not self.entries(finding.name):
                continue
            for entry in at_newest_time(self.entries(finding.name)):
                present = entry.fault is not None or entry.valid != absent_value(finding)
                if present:
                    return entry
            for entry in self.entries(finding.name, statement.time):
                if entry.worst is not None and entry.worst != absent_value(finding):
                    return entry
        return None
