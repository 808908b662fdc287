"""What selection says of one patient, as finished values: the verdict and everything that it rests on."""

from dataclasses import dataclass
from datetime import datetime

from aldes.findings.charted import Value
from aldes.protocols.verdict import Verdict
from aldes.questions.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One finding as it counts here: its value, when it was charted, by whom it was judged, or why it is not known."""

    finding: str
    words: str
    value: Value | None
    unit: str
    value_words: str  # "58 %", or "unknown"
    charted: str  # as it came, in the unit that it came in
    time: datetime | None
    role: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One row with its answer. A test answers no once it is there; a row that is only words has no answer."""

    row: str
    type: str  # A, R, T, N; C for a row about the earlier course; F for readiness
    about: str
    words: str
    answer: Answer | None
    findings: tuple[Shown, ...]
    limit: str
    source: str
    status: str
    also: tuple[str, ...] = ()
    conflict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle:
    """The smallest set of findings that would settle an undetermined verdict, and what no finding settles."""

    findings: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    blocked: tuple[tuple[str, str], ...] = ()  # rows that wait for a setting or for the record, with the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Organ:
    """What is known of one organ or condition: its rows, its values, or that no row answers for it."""

    about: str
    rows: tuple[tuple[str, Answer | None], ...]
    values: tuple[Shown, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Is this patient a candidate, and why."""

    verdict: Verdict
    rows: tuple[Answered, ...]  # in the source's order
    because: tuple[str, ...]  # the rows that decided
    settle: Settle
    cautions: tuple[str, ...]  # the rows of type R that answer yes, whatever the verdict
    cautions_unknown: tuple[str, ...]
    unverified: tuple[str, ...]  # recalled rows that answered no
    organs: tuple[Organ, ...]
    readiness: tuple[Answered, ...]
    first_course: bool
    asked_at: datetime
