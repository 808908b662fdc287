"""A protocol and its rows, as finished values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from aldes.evidence.source import Citation
from aldes.questions.tree import Question
from aldes.scope import Scope

if TYPE_CHECKING:  # their readers know the values of this module
    from aldes.protocols.care import Care, Premedication
    from aldes.protocols.changes import Change
    from aldes.protocols.dosing import Dosing, Preparing
    from aldes.protocols.eligibility import Eligibility, Retreatment
    from aldes.protocols.interaction import Interaction
    from aldes.protocols.monitor import Monitor
    from aldes.protocols.notify import Notify
    from aldes.protocols.readiness import Cycle2, Readiness
    from aldes.protocols.regimen import Regimen


class RowKind(StrEnum):
    """What a row of the decision is for."""

    HOLD = "hold"
    STOP = "stop"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"


class Status(StrEnum):
    """How surely a row's place in its source was read."""

    READ = "read"
    SECOND_HAND = "second-hand"
    RECALLED = "recalled"
    DERIVED = "derived"
    VERIFIED = "verified locally"
    POLICY = "policy"  # ours: docs/decisions gives the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What every row has: its words, where it stands in the source, and how surely it was read."""

    id: str
    words: str
    source: Citation
    status: Status
    signed: str = ""  # who verified a recalled row, page and date

    @property
    def recalled(self) -> bool:
        """Whether the place was never read: such a row may hold, and never more."""
        return self.status is Status.RECALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Cited):
    """One criterion of the decision."""

    kind: RowKind
    text: str  # the predicate as written
    question: Question
    topics: tuple[str, ...] = ()  # coverage topics it answers for
    group: str = ""  # relative rows: rows of one group count once
    rule: str = ""  # a row that belongs to one counting rule is asked only where that rule is in force
    from_dose: int = 1
    scope: Scope = Scope.DOSE
    resume_text: str = ""
    resume: Question | None = None  # None: the exact complement of the hold question
    resume_by: str = ""  # the role that must judge it
    judged_by: str = ""  # readiness: the role whose "in place" alone counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A counting rule over relative or absolute rows."""

    id: str
    rule: str  # the setting that switches it on: spr15 or card-2007
    words: str
    outcome: RowKind  # hold or stop
    at_least: int
    of: RowKind  # relative (by group) or absolute
    scope: Scope
    source: Citation
    status: Status
    only_if: Question | None = None
    only_if_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Required:
    """A measurement that must be there and fresh before a dose."""

    finding: str
    max_age: timedelta | None  # None: the site has not set it
    from_dose: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCovered:
    """A coverage topic that no row answers for, with the reason and who says so."""

    topic: str
    reason: str
    signed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What the site settles about time; None is unset and is named wherever it is needed."""

    zone: str | None = None
    min_interval_h: Decimal | None = None
    late_h: Decimal | None = None  # how long after its time a slot may still be given
    valid_min: Decimal | None = None  # how long a decision stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """What the site settles about grading; None is unset: what needs it is unknown and names the setting."""

    version: str | None = None
    units: str | None = None
    max_age: timedelta | None = None  # of a result or judged grade without an age of its own
    ages: Mapping[str, timedelta] = field(default_factory=dict)  # the site's max_age_h, by finding

    def age_of(self, finding: str) -> timedelta | None:
        """How old a result of this finding may be, to be graded now."""
        return self.ages.get(finding, self.max_age)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # compared and cached by identity; `pin` names its content
class Protocol:
    """A protocol resolved with a site: everything that a decision asks, as one value."""

    id: str
    words: str
    bedside: bool
    rows: tuple[Row, ...]
    counts: tuple[Count, ...]
    counting: str | None  # the rule in force; None: the site has not chosen
    counting_needed: bool
    required: Mapping[str, Required]
    not_covered: tuple[NotCovered, ...]
    schedule: Schedule
    monitors: tuple["Monitor", ...] = ()
    notices: tuple["Notify", ...] = ()
    premedication: tuple["Premedication", ...] = ()
    care: tuple["Care", ...] = ()
    interactions: tuple["Interaction", ...] = ()
    dose: "Dosing | None" = None  # None: a part of a protocol, by which nothing is dosed
    preparation: "Preparing | None" = None
    eligibility: tuple["Eligibility", ...] = ()
    retreatment: tuple["Retreatment", ...] = ()
    readiness: tuple["Readiness", ...] = ()
    cycle2: tuple["Cycle2", ...] = ()
    regimens: tuple["Regimen", ...] = ()
    no_selection: str = ""  # why this protocol lists no criteria of selection of its own
    selection_age: Mapping[str, timedelta] = field(default_factory=dict)  # finding or group → how long it stays fresh
    readiness_age: Mapping[str, timedelta] = field(default_factory=dict)  # finding → the same, before dose 1
    settings: Mapping[str, str] = field(default_factory=dict)  # dose and preparation settings, as the site wrote them
    grading: Grading = field(default_factory=Grading)
    site: str | None = None
    site_words: str = ""
    demo: bool = False
    changes: tuple["Change", ...] = ()  # what the site, or a file of its own, changed in the printed protocol
    pin: str = ""

    def row(self, id: str) -> Row | None:
        """The row of this id, if the protocol has it."""
        return next((each for each in self.rows if each.id == id), None)

    def every_row(self) -> Iterator[Cited]:
        """Every row of whatever kind: those of the decision, then what is watched, told, done and checked."""
        yield from self.rows
        for section in (self.monitors, self.notices, self.premedication, self.care, self.interactions):
            yield from section

    def rows_before(self) -> Iterator[Cited]:
        """Every row asked before a course or a cycle; it may bear the id of one that is asked before each dose."""
        for section in (self.eligibility, self.retreatment, self.readiness, self.cycle2, self.regimens):
            yield from section

    def of_kind(self, kind: RowKind) -> tuple[Row, ...]:
        """The rows of one kind, in the source's order."""
        return tuple(each for each in self.rows if each.kind is kind)
