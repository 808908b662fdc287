"""Which steps of a protocol's care are due for what is present, asked of the findings for every room that shows them.

A step begins with what anybody charted, valid or not; what excludes it must be known to be absent, on valid values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from aldes.findings.charted import Charted
from aldes.findings.moment import Moment
from aldes.findings.view import View
from aldes.phase import Phase
from aldes.protocols.care import Care, Exclusion, Premedication
from aldes.protocols.compile import seen_through
from aldes.protocols.row import Protocol
from aldes.questions.answer import NO, YES, Answer
from aldes.questions.ask import ask, explain
from aldes.questions.tree import Name, Question, names
from aldes.questions.words import in_words


class Offer(StrEnum):
    """Whether a step may be taken now."""

    NOW = "now"
    ASK_FIRST = "ask first"  # what would exclude it is not known
    NOT_NOW = "not now"  # what excludes it is present


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of care or premedication, and whether it may be taken now."""

    row: Care | Premedication
    offer: Offer
    why: str  # what excludes it or must be known first, in words; empty where it may be taken


def care_now(protocol: Protocol, moment: Moment, phase: Phase, since: datetime | None) -> tuple[Step, ...]:
    """The steps of care whose finding is charted, later than `since`: an earlier stay starts none."""
    present = (row for row in protocol.care if not row.phases or phase in row.phases)
    return tuple(
        _step(row, moment, since) for row in present if answer(row.question, moment, View.CHARTED, since) is YES
    )


def premedication_now(protocol: Protocol, moment: Moment, phase: Phase, since: datetime | None) -> tuple[Step, ...]:
    """The premedication of this phase of the course."""
    return tuple(_step(row, moment, since) for row in protocol.premedication if phase in row.phases)


def answer(question: Question, moment: Moment, view: View, since: datetime | None) -> Answer:
    """The answer of a question that belongs to no decision, through one view."""
    return ask(seen_through(question, view, ""), lambda name: cell(moment, name, since))


def deciding(question: Question, moment: Moment, view: View, since: datetime | None) -> tuple[Charted, ...]:
    """The entries that made a question answer as it does."""
    found = explain(seen_through(question, view, ""), lambda name: cell(moment, name, since)).because
    entries = {each.id: each for leaf in found for each in _entries(moment, leaf.leaf, since)}
    return tuple(sorted(entries.values(), key=lambda each: each.time))


def _entries(moment: Moment, leaf: Question, since: datetime | None) -> Iterator[Charted]:
    for name in names(leaf):
        yield from moment.look(name.finding, name.view, since).entries


def cell(moment: Moment, name: Name, since: datetime | None) -> float | bool | str | None:
    """What a tree compares: the value that a name sees later than `since`; None is unknown."""
    value = moment.look(name.finding, name.view, since).value
    return float(value) if isinstance(value, Decimal) else value


def _step(row: Care | Premedication, moment: Moment, since: datetime | None) -> Step:
    if row.not_if is None:
        return Step(row=row, offer=Offer.NOW, why="")
    if answer(row.not_if.question, moment, View.CHARTED, since) is YES:
        return Step(row=row, offer=Offer.NOT_NOW, why=_excluded(row.not_if, moment))
    if answer(row.not_if.question, moment, View.VALID, since) is NO:
        return Step(row=row, offer=Offer.NOW, why="")
    return Step(row=row, offer=Offer.ASK_FIRST, why=_excluded(row.not_if, moment))


def _excluded(exclusion: Exclusion, moment: Moment) -> str:
    return f"not if {in_words(exclusion.question, moment.vocabulary)} ({exclusion.source})"
