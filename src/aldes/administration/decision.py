"""The decision before a dose, as a finished value: the answer and everything that it rests on."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aldes.findings.charted import Value
from aldes.protocols.row import NotCovered
from aldes.questions.residual import Clause
from aldes.scope import Scope


class Word(StrEnum):
    """The four answers. People read *give* as "no listed reason to hold"."""

    GIVE = "give"
    INSUFFICIENT = "insufficient"
    HOLD = "hold"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """One value that decided: as it counted, as it was charted, when, and what is wrong with it."""

    finding: str
    words: str
    value: Value | None
    unit: str
    value_words: str  # "87 %", or "unknown"
    time: datetime | None
    charted: str  # as it came
    limit: str  # what it was held against: "below 90 %"
    why: str  # why it is unknown, or may not answer no


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One row that decided, with the values that made it answer so."""

    row: str
    kind: str
    words: str
    answer: str  # yes | unknown
    findings: tuple[Deciding, ...]
    limit: str
    source: str
    status: str
    scope: Scope | None = None  # stops
    confirmed: bool | None = None  # stops
    since: datetime | None = None  # a standing hold's onset, or when a stop was raised
    resume: str = ""  # what ends it, in words
    resume_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Something to measure, judge or state, with the rows that wait for it."""

    finding: str
    words: str
    why: str
    rows: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unverified:
    """A recalled row that answered no: its words were never compared with the page."""

    row: str
    words: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """A care step of the protocol's own source for what is present."""

    row: str
    words: str
    advice: str
    source: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do about the next dose, and why."""

    word: Word
    scope: Scope | None
    confirmed: bool | None
    because: tuple[Reason, ...]
    measure: tuple[Measure, ...]
    would_give_if: tuple[Clause, ...] | None  # None: no later measurement changes this
    would_give_words: str
    unverified: tuple[Unverified, ...]
    not_covered: tuple[NotCovered, ...]
    care: tuple[Care, ...]
    asked_at: datetime
    next_time: datetime
    valid_until: datetime | None  # None: the site has not set how long a decision stands
    cycle: int
    dose_number: int
