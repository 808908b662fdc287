"""The running form of the ops: fed one entry at a time, with little state, for long courses and the virtual nurse.

A running finding gives through CHARTED and VALID the value that the reference (`moment.py`, `derived.py`) gives over
everything it was fed; a test feeds both the same series. It supports

- entries and anchors ("last_dose", "cycle", "course") in order of time, of one time in any order; it is asked at a
  `now` no earlier than any of them, so that no clock runs ahead of it;
- `cut(time)`, the reference's `after`: only what comes later than `time` still answers. No cut lies before the newest
  entry. RESUME is answered too, but never for one role only;
- of system statements only their outcome, as `Instant.stated`;
- for `min`, `max` and `change`, numbers; for `sum`, collections that begin before they end.

A formula has no state of its own: evaluate it over these values.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from aldes.findings.charted import Charted, Value
from aldes.findings.derived import BASELINE_REACH, FIRST_WINDOW
from aldes.findings.formula import exact
from aldes.findings.seen import first_fault, valid_values
from aldes.findings.view import View
from aldes.findings.vocabulary import Derivation, Finding, Group, Vocabulary, Worse, absent_value, severity, worst_of

MaxAge = Mapping[str, timedelta | None]  # as in `Moment`: of required measurements; None: the site has not set it


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """When a running finding is asked, and what its system's statement answers then."""

    now: datetime
    slot_opened: datetime  # older reported "no" answers do not count
    stated: Value | None = None


def running(finding: Finding, vocabulary: Vocabulary, max_age: MaxAge) -> "Running":
    """The running form of a charted or derived finding.

    Raises
    ------
    ValueError
        For a formula, a course fact, or a weight or target that people settled: none of them runs.
    """
    op = finding.derived
    if op is None and finding.group is not Group.COURSE and finding.worse is not Worse.NONE:
        return Latest(finding, max_age)
    if op is None or op.op not in _FORMS:
        raise ValueError(f"'{finding.name}' has no running form. Ask the moment, or evaluate the formula.")
    return _FORMS[op.op](finding, op, vocabulary[op.of], max_age)


class Running:
    """A finding that is told what happens in order of time; the base of the running ops."""

    def __init__(self) -> None:
        self.reached: datetime | None = None
        self.after: datetime | None = None
        self.anchors: dict[str, datetime | None] = {}

    def add(self, entry: Charted) -> None:
        """One more entry."""
        self._reach(entry.time)
        self._add(entry)

    def anchor(self, name: str, time: datetime | None) -> None:
        """A dose, or the first dose of a cycle or course, began; None: a new one is open and has no dose yet.

        None is told no sooner than `FIRST_WINDOW` after the anchor before it: what was forgotten would count again.
        """
        self._reach(time)
        self.anchors[name] = time
        self._anchored(name, time)

    def cut(self, time: datetime) -> None:
        """What is not later than this time answers no more."""
        self._reach(time)
        self.after = time
        self._cut(time)

    def value(self, view: View, at: Instant) -> Value | None:
        """What a question sees at this instant, or None: unknown."""
        self._reach(at.now)
        return self._value(view, at)

    def _reach(self, time: datetime | None) -> None:
        if time and self.reached and time < self.reached:
            raise ValueError("A running finding was told or asked out of order of time. Sort what it is fed.")
        self.reached = time or self.reached

    def _answers(self, entry: Charted) -> bool:
        return self.after is None or entry.time > self.after

    def _add(self, entry: Charted) -> None:
        raise NotImplementedError

    def _anchored(self, name: str, time: datetime | None) -> None:
        """Most ops need only the time of an anchor."""

    def _cut(self, time: datetime) -> None:
        raise NotImplementedError

    def _value(self, view: View, at: Instant) -> Value | None:
        raise NotImplementedError


class Latest(Running):
    """A charted finding: its newest value, or through CHARTED the worst since the newest valid one."""

    def __init__(self, finding: Finding, max_age: MaxAge) -> None:
        super().__init__()
        self.finding, self.max_age = finding, max_age
        self.newest: list[Charted] = []  # the entries that share the newest time
        self.charted = _Greatest()

    def _add(self, entry: Charted) -> None:
        self.note(entry, None)

    def note(self, entry: Charted, before: Decimal | None) -> None:
        """One more entry, with the result before it."""
        if not self._answers(entry):
            return
        self.newest = _joined(self.newest, entry)
        if entry.valid is not None:
            self.charted.first(entry.time)  # what came before a valid value answers no more
        if entry.worst is not None:
            self.charted.push(_Kept(severity(self.finding, entry.worst), entry.worst, entry.time, before))

    def _cut(self, time: datetime) -> None:
        self.newest, self.charted = [], _Greatest()

    def _value(self, view: View, at: Instant) -> Value | None:
        if view is View.CHARTED:
            worst = self.worst(at)
            return worst.value if worst else None
        return self.known(view, at)[0]

    def worst(self, at: Instant) -> "_Kept | None":
        """The worst of what is charted since the newest valid value and is not too old."""
        limit = self.max_age.get(self.finding.name)
        return self.charted.first(None if limit is None else at.now - limit)

    def known(self, view: View, at: Instant) -> tuple[Value | None, bool]:
        """The value that may answer no, and whether a statement says it."""
        if first_fault(self.newest):
            return None, False
        value = worst_of(self.finding, valid_values(self.newest))
        if self.finding.name in self.max_age:
            limit = self.max_age[self.finding.name]
            fresh = bool(self.newest) and limit is not None and at.now - self.newest[0].time <= limit
            return (value if fresh else None), False
        if self.newest and (value != absent_value(self.finding) or self.newest[0].time >= at.slot_opened):
            return value, False
        return (at.stated, at.stated is not None) if view is View.VALID else (None, False)


class _Derived(Running):
    """A derived finding hears what its source hears."""

    def __init__(self, finding: Finding, op: Derivation, of: Finding, max_age: MaxAge) -> None:
        super().__init__()
        self.finding, self.op, self.of = finding, op, of
        self.source = Latest(of, max_age)
        self._begin()

    def _begin(self) -> None:
        """The state before any entry."""

    def _add(self, entry: Charted) -> None:
        self.source.add(entry)

    def _cut(self, time: datetime) -> None:
        self.source.cut(time)


class Extreme(_Derived):
    """`min` and `max`; what a running drug or device was set to counts until it is set anew."""

    def _begin(self) -> None:
        self.charted, self.valid, self.faults = _Greatest(), _Greatest(), _Greatest()

    def _add(self, entry: Charted) -> None:
        if self._answers(entry):
            runs_on = self.of.group is Group.SUPPORT
            if runs_on and self.source.newest and self.source.newest[0].time < entry.time:
                for each in (self.charted, self.valid, self.faults):
                    each.end(entry.time)
            self._push(entry, None if runs_on else entry.time)
        super()._add(entry)

    def _push(self, entry: Charted, until: datetime | None) -> None:
        sign = 1 if self.op.op == "max" else -1
        if isinstance(entry.worst, Decimal):
            self.charted.push(_Kept(sign * entry.worst, entry.worst, until))
        if isinstance(entry.valid, Decimal):
            self.valid.push(_Kept(sign * entry.valid, entry.valid, until))
        else:
            self.faults = _Greatest()  # a later fault outlasts an earlier one
            self.faults.push(_Kept(Decimal(0), False, until))

    def _cut(self, time: datetime) -> None:
        super()._cut(time)
        self._begin()

    def _value(self, view: View, at: Instant) -> Value | None:
        start = self._start(at)
        worst, valid = self.charted.first(start), self.valid.first(start)
        if view is View.CHARTED:
            return worst.value if worst else None
        now, stated = self.source.known(view, at)
        if now is None or self.faults.first(start):
            return None
        return valid.value if valid else (now if stated else None)

    def _start(self, at: Instant) -> datetime:
        if self.op.window_h is not None:
            return at.now - timedelta(hours=float(self.op.window_h))
        return self.anchors.get("last_dose" if self.op.since == "last_dose" else "cycle") or at.now - FIRST_WINDOW


class Total(_Derived):
    """`sum` over collections that cover the window exactly once."""

    def _begin(self) -> None:
        self.inside: deque[Charted] = deque()
        self.joined_from: datetime | None = None  # since then each collection begins where the one before ended
        self.broken_at: datetime | None = None  # when the last collection before that ended
        self.faulty_at: datetime | None = None  # the newest entry that may not answer no

    def _add(self, entry: Charted) -> None:
        super()._add(entry)
        if entry.valid is None:
            self.faulty_at = entry.time
        if entry.start is None:
            return
        if not self.inside or self.inside[-1].time != entry.start:
            self.broken_at = self.inside[-1].time if self.inside else None
            self.joined_from = entry.start
        self.inside.append(entry)
        while self.inside[0].time <= self._start():
            self.inside.popleft()

    def _start(self) -> datetime:
        return self.inside[-1].time - timedelta(hours=float(self.op.window_h or 0))

    def _value(self, view: View, at: Instant) -> Value | None:
        if view is not View.CHARTED and self._is_reported_no_more(at):
            value, stated = self.source.known(view, at)
            return value if stated else None
        if not self.inside or not self._answers(self.inside[-1]) or not self._is_covered() or self._is_old(at):
            return None
        if view is not View.CHARTED and self.faulty_at and self.faulty_at > self._start():
            return None
        whole = (view is View.CHARTED) is (self.finding.worse is Worse.LOW)  # as in the reference
        total = Decimal(0)
        for each in self.inside:
            amount = each.worst if view is View.CHARTED else each.valid
            if not isinstance(amount, Decimal) or each.start is None:
                return None
            total += amount if whole or each.start >= self._start() else 0
        return total

    def _is_reported_no_more(self, at: Instant) -> bool:
        """Whether it is a reported amount of which nothing was collected since the slot before."""
        collected = bool(self.inside) and self.inside[-1].time >= at.slot_opened
        return bool(self.of.system) and self.of.name not in self.source.max_age and not collected

    def _is_covered(self) -> bool:
        gapless = self.joined_from is not None and self.joined_from <= self._start()
        return gapless and (self.broken_at is None or self.broken_at <= self._start())

    def _is_old(self, at: Instant) -> bool:
        if self.of.name not in self.source.max_age:
            return False
        limit = self.source.max_age[self.of.name]
        return limit is None or at.now - self.inside[-1].time > limit


class Change(_Derived):
    """`change` against the result before, the last dose, or the peak since the cut."""

    def _begin(self) -> None:
        self.group: list[Charted] = []  # at the newest time
        self.past = _Past()  # of the times before it
        self.at_dose = _Past()
        self.peak: Decimal | None = None

    def _add(self, entry: Charted) -> None:
        if self.group and entry.time != self.group[-1].time:
            self.past, self.group = self.past.with_group(self.group), []
        self.group.append(entry)
        if entry.time == self.anchors.get("last_dose"):
            self.at_dose = self.past.with_group(self.group)
        if self.after is not None and isinstance(entry.valid, Decimal):
            self.peak = entry.valid if self.peak is None else max(self.peak, entry.valid)
        self.source.note(entry, self.past.charted)

    def _anchored(self, name: str, time: datetime | None) -> None:
        if name == "last_dose":
            self.at_dose = self.past.with_group(self.group)

    def _cut(self, time: datetime) -> None:
        super()._cut(time)
        at_cut = self.group if self.group and self.group[-1].time == time else []
        self.peak = max((each.valid for each in at_cut if isinstance(each.valid, Decimal)), default=None)

    def _value(self, view: View, at: Instant) -> Value | None:
        worst = self.source.worst(at) if view is View.CHARTED else None
        newest, stated = (worst and worst.value, False) if view is View.CHARTED else self.source.known(view, at)
        if not isinstance(newest, Decimal) or not (stated or self._is_later(worst)):
            return None
        against = self._against(worst)
        return newest - against if against is not None else None

    def _is_later(self, worst: "_Kept | None") -> bool:
        """Whether the value was charted after what it is compared with."""
        if self.op.against != "last_dose":
            return True
        dose, time = self.anchors.get("last_dose"), worst.until if worst else self.source.newest[0].time
        return dose is not None and time is not None and time > dose

    def _against(self, worst: "_Kept | None") -> Decimal | None:
        """What the value is compared with; `worst` is what is charted, None where only valid values count."""
        if self.op.against == "peak":
            return self.peak
        if worst is None:
            return self.past.valid if self.op.against == "previous" else self.at_dose.valid
        against = worst.before if self.op.against == "previous" else self.at_dose.charted
        return self.of.absent if against is None else against


@dataclass(frozen=True, slots=True)
class _Past:
    """What earlier times leave to be compared with: an unusable newest one is unknown for a no."""

    charted: Decimal | None = None
    valid: Decimal | None = None
    last_valid: Decimal | None = None

    def with_group(self, group: Sequence[Charted]) -> "_Past":
        """The past with the entries of one more time."""
        if not group:
            return self
        valid = [each.valid for each in group if isinstance(each.valid, Decimal)]
        last_valid = min(valid, default=self.last_valid)
        if len(valid) == len(group):
            return _Past(last_valid, last_valid, last_valid)
        charted = min(_said(group), default=self.charted) if last_valid is None else last_valid
        return _Past(charted, None, last_valid)


def _said(group: Sequence[Charted]) -> list[Decimal]:
    """The values of entries that have one: the valid value, else the worst it admits."""
    values = [each.valid if each.valid is not None else each.worst for each in group]
    return [value for value in values if isinstance(value, Decimal)]


class HoursWhile(_Derived):
    """`hours_while`: how long a flag has been true, in the current or the longest episode."""

    def _begin(self) -> None:
        self.charted, self.valid = _Episodes(), _Episodes()

    def _add(self, entry: Charted) -> None:
        super()._add(entry)
        self.charted.hear(entry.worst, entry.time)
        self.valid.hear(entry.valid, entry.time)

    def _cut(self, time: datetime) -> None:
        super()._cut(time)
        self.charted.cut(time)
        self.valid.cut(time)

    def _value(self, view: View, at: Instant) -> Value | None:
        charted = view is View.CHARTED
        if not charted and self.source.value(view, at) is None:
            return None
        spans = (self.charted if charted else self.valid).spans(at.now)
        if charted and not spans:
            return None
        if self.op.episode == "current":
            spans = {end: length for end, length in spans.items() if end == at.now}
        longest = max(spans.values(), default=timedelta(0))
        return exact(Fraction(longest // timedelta(microseconds=1), 3_600_000_000), self.finding.worse)


class _Episodes:
    """The spans in which a flag was true, as far as they can still be the longest or the current one."""

    def __init__(self) -> None:
        self.begun: datetime | None = None
        self.ended: dict[datetime, timedelta] = {}  # end → length: of the longest, and of the newest end
        self.after: datetime | None = None

    def hear(self, value: Value | None, time: datetime) -> None:
        if value is True and self.begun is None:
            self.begun = time
        elif value is False and self.begun is not None:
            if self.after is None or time > self.after:
                self._end(self.begun, time)
            self.begun = None

    def _end(self, begun: datetime, time: datetime) -> None:
        best = max(self.ended, key=self.ended.__getitem__, default=None)
        kept = {} if best is None else {best: self.ended[best]}
        self.ended = kept | {time: max(time - begun, self.ended.get(time, timedelta(0)))}

    def cut(self, time: datetime) -> None:
        self.after, self.ended = time, {}
        self.begun = time if self.begun else None

    def spans(self, now: datetime) -> dict[datetime, timedelta]:
        """End and length of each, the open one to now."""
        if self.begun is None or (self.after is not None and now <= self.after):
            return self.ended
        return self.ended | {now: max(now - self.begun, self.ended.get(now, timedelta(0)))}


class Count(_Derived):
    """`count`: how often a flag was charted true since the cycle or course began, each time of day once."""

    def _begin(self) -> None:
        self.charted, self.valid = _Times(), _Times()

    def _add(self, entry: Charted) -> None:
        super()._add(entry)
        if self._answers(entry):
            self.charted.hear(entry.worst, entry.time)
            self.valid.hear(entry.valid, entry.time)

    def _anchored(self, name: str, time: datetime | None) -> None:
        if name == ("cycle" if self.op.since == "cycle" else "course"):
            self.charted.anchor(time)
            self.valid.anchor(time)

    def _cut(self, time: datetime) -> None:
        super()._cut(time)
        self.charted.cut()
        self.valid.cut()

    def _value(self, view: View, at: Instant) -> Value | None:
        if view is View.CHARTED:
            return self.charted.counted or None
        return None if self.source.value(view, at) is None else self.valid.counted


class _Times:
    """How many times of day a flag was true, in all and since an anchor."""

    def __init__(self) -> None:
        self.newest: datetime | None = None
        self.all = self.since = Decimal(0)
        self.anchored = False

    def hear(self, value: Value | None, time: datetime) -> None:
        if value is True and time != self.newest:
            self.newest, self.all, self.since = time, self.all + 1, self.since + 1

    def anchor(self, time: datetime | None) -> None:
        self.anchored = time is not None
        self.since = Decimal(time is not None and time == self.newest)

    def cut(self) -> None:
        self.newest, self.all, self.since = None, Decimal(0), Decimal(0)

    @property
    def counted(self) -> Decimal:
        return self.since if self.anchored else self.all


class Baseline(_Derived):
    """`baseline`: the newest value before the first dose; no cut concerns it."""

    def _begin(self) -> None:
        self.newest: list[Charted] = []
        self.pinned: list[Charted] = []

    def _add(self, entry: Charted) -> None:
        super()._add(entry)
        self.newest = _joined(self.newest, entry)
        if entry.time == self._until():
            self.pinned = self.newest

    def _until(self) -> datetime | None:
        return self.anchors.get("cycle" if self.op.anchor == "cycle" else "course")

    def _anchored(self, name: str, time: datetime | None) -> None:
        if name == ("cycle" if self.op.anchor == "cycle" else "course"):
            self.pinned = self.newest

    def _reached(self, at: Instant) -> list[Charted]:
        until = self._until()
        found = self.pinned if until else self.newest
        return [each for each in found if each.time >= (until or at.now) - BASELINE_REACH]

    def _value(self, view: View, at: Instant) -> Value | None:
        reached = self._reached(at)
        values = [] if first_fault(reached) else valid_values(reached)
        return min(values, key=lambda value: severity(self.of, value), default=None)


class Limit(Baseline):
    """`limit_low` and `limit_high`: the harder limit printed with the newest or the baseline result."""

    def _value(self, view: View, at: Instant) -> Value | None:
        printed = self._reached(at) if self.op.anchor else self.source.newest
        if self.op.op == "limit_high":
            return min((each.high for each in printed if each.high is not None), default=None)
        return max((each.low for each in printed if each.low is not None), default=None)


@dataclass(slots=True)
class _Kept:
    key: Decimal
    value: Value
    until: datetime | None  # how long it counts; None: still in force
    before: Decimal | None = None  # what the result before it said


class _Greatest:
    """The greatest of what still counts: a queue in falling order, constant time on average."""

    def __init__(self) -> None:
        self.queue: deque[_Kept] = deque()

    def push(self, kept: _Kept) -> None:
        while self.queue and self.queue[-1].key < kept.key:
            self.queue.pop()  # smaller, and it ends no later
        self.queue.append(kept)

    def end(self, time: datetime) -> None:
        """What was in force until now was so until `time`."""
        for kept in reversed(self.queue):
            if kept.until is not None:
                return
            kept.until = time

    def first(self, start: datetime | None) -> _Kept | None:
        """The greatest that counts at `start` or later, the earliest among equals; what ended before is forgotten."""
        while start and self.queue and (until := self.queue[0].until) and until < start:
            self.queue.popleft()
        return self.queue[0] if self.queue else None


def _joined(newest: list[Charted], entry: Charted) -> list[Charted]:
    """The entries of the newest time, with one more."""
    return [*newest, entry] if newest and newest[0].time == entry.time else [entry]


_FORMS: dict[str, type[_Derived]] = {
    "baseline": Baseline,
    "min": Extreme,
    "max": Extreme,
    "sum": Total,
    "change": Change,
    "hours_while": HoursWhile,
    "count": Count,
    "limit_low": Limit,
    "limit_high": Limit,
}
