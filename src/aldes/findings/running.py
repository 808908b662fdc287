"""The running form of the eight ops: fed one entry at a time, with little state, for long courses and the virtual nurse.

A running finding gives through CHARTED and VALID the value that the reference (`moment.py`, `derived.py`) gives over
everything it was fed; a test feeds both the same series. It supports

- entries and anchors ("last_dose", "cycle", "course") in order of time, of one time in any order; it is asked at a
  `now` no earlier than any of them, so that no clock runs ahead of it;
- `cut(time)`, the reference's `after`: only what comes later than `time` still answers. No cut lies before the newest
  entry. RESUME is answered too, but not for one role only;
- of system statements only their outcome, as `Instant.stated`;
- for `sum`, collections that begin before they end. A formula has no state: evaluate it over these values.
"""

from collections import deque
from collections.abc import Mapping
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
        """The last dose, or the first of a cycle or course, began; None: a new one is open without a dose yet."""
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

    def _anchored(self, name: str, time: datetime | None) -> None: ...

    def _cut(self, time: datetime) -> None: ...

    def _value(self, view: View, at: Instant) -> Value | None:
        raise NotImplementedError


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


class Latest(Running):
    """A charted finding: its newest value, or through CHARTED the worst since the newest valid one."""

    def __init__(self, finding: Finding, max_age: MaxAge) -> None:
        super().__init__()
        self.finding, self.max_age = finding, max_age
        self.newest: list[Charted] = []  # the entries that share the newest time
        self.charted = _Greatest()

    def _add(self, entry: Charted, before: Decimal | None = None) -> None:
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
        if self.finding.name in self.max_age or self.is_reported(at):
            return self._newest_valid(at)
        return at.stated if view is View.VALID and not first_fault(self.newest) else None

    def worst(self, at: Instant) -> _Kept | None:
        limit = self.max_age.get(self.finding.name)
        return self.charted.first(None if limit is None else at.now - limit)

    def is_reported(self, at: Instant) -> bool:
        """Whether what is charted answers, not a statement."""
        value = worst_of(self.finding, valid_values(self.newest))
        return bool(self.newest) and (value != absent_value(self.finding) or self.newest[0].time >= at.slot_opened)

    def _newest_valid(self, at: Instant) -> Value | None:
        if not self.newest or first_fault(self.newest):
            return None
        if self.finding.name in self.max_age:
            limit = self.max_age[self.finding.name]
            if limit is None or at.now - self.newest[0].time > limit:
                return None
        return worst_of(self.finding, valid_values(self.newest))


class _Derived(Running):
    """A derived finding hears what its source hears."""

    def __init__(self, finding: Finding, op: Derivation, of: Finding, max_age: MaxAge) -> None:
        super().__init__()
        self.finding, self.op, self.of = finding, op, of
        self.source = Latest(of, max_age)

    def _add(self, entry: Charted) -> None:
        self.source.add(entry)

    def _cut(self, time: datetime) -> None:
        self.source.cut(time)


class Extreme(_Derived):
    """`min` and `max`; what a running drug or device was set to counts until it is set anew."""

    def __init__(self, finding: Finding, op: Derivation, of: Finding, max_age: MaxAge) -> None:
        super().__init__(finding, op, of, max_age)
        self.runs_on = of.group is Group.SUPPORT
        self._forget()

    def _forget(self) -> None:
        self.charted, self.valid, self.faults = _Greatest(), _Greatest(), _Greatest()

    def _add(self, entry: Charted) -> None:
        if self._answers(entry):
            if self.runs_on and self.source.newest and self.source.newest[0].time < entry.time:
                for each in (self.charted, self.valid, self.faults):
                    each.end(entry.time)
            self._push(entry, None if self.runs_on else entry.time)
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
        self._forget()

    def _value(self, view: View, at: Instant) -> Value | None:
        start = self._start(at)
        worst, best = self.charted.first(start), self.valid.first(start)
        if view is View.CHARTED:
            return worst.value if worst else None
        now = self.source.value(view, at)
        if now is None or self.faults.first(start):
            return None
        if best:
            return best.value
        return None if self.source.is_charted(at) else now

    def _start(self, at: Instant) -> datetime:
        if self.op.window_h is not None:
            return at.now - timedelta(hours=float(self.op.window_h))
        return self.anchors.get("last_dose" if self.op.since == "last_dose" else "cycle") or at.now - FIRST_WINDOW


class Total(_Derived):
    """`sum` over collections that cover the window exactly once."""

    def __init__(self, finding: Finding, op: Derivation, of: Finding, max_age: MaxAge) -> None:
        super().__init__(finding, op, of, max_age)
        self.inside: deque[Charted] = deque()
        self.whole_from: datetime | None = None  # from here on each collection begins where the one before ended
        self.broken_at: datetime | None = None  # the end of the last one before that
        self.faulty_at: datetime | None = None
