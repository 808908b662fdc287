"""Compile a protocol's rows of selection into the two questions of its verdict: EXCLUDE and CAUTION.

EXCLUDE yes is *excluded*; EXCLUDE unknown is *undetermined*; else CAUTION yes is *caution*; else there is *no listed
exclusion*. Rows of type A and T, and those of retreatment, make up EXCLUDE: a test is never yes, and unknown until it
is there. Each row is asked twice, as before a dose. Three back ends ask the same tree: one patient or a million.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from aldes.findings.view import View
from aldes.protocols.compile import asked_twice, seen_through
from aldes.protocols.eligibility import Eligibility, Retreatment, Type
from aldes.protocols.ids import NO_CRITERIA
from aldes.protocols.known import must_be_known
from aldes.protocols.row import Protocol
from aldes.questions.answer import UNKNOWN, YES, Answer
from aldes.questions.tree import And, Compare, Constant, Flag, Known, Name, Not, Number, Or, Question, Row


class Verdict(StrEnum):
    """What selection says; never more than that no listed criterion excludes."""

    NONE_LISTED = "no listed exclusion"
    CAUTION = "caution"
    EXCLUDED = "excluded"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Selecting:
    """The verdict of one protocol, and its parts by row, in the source's order."""

    protocol: Protocol
    exclude: Or
    caution: Or
    deciding: dict[str, Eligibility | Retreatment]  # A, T and retreatment rows: what EXCLUDE is made of
    cautions: dict[str, Eligibility]
    shown: dict[str, Eligibility]
    asked: dict[str, Question]  # every row that asks anything
    not_met: dict[str, Question]  # what would make the row no, on valid values


@cache
def selecting(protocol: Protocol) -> Selecting:
    """The two questions of this protocol."""
    own = {each.id: each for each in protocol.eligibility}
    deciding: dict[str, Eligibility | Retreatment] = {
        id: row for id, row in own.items() if row.type in (Type.EXCLUDES, Type.TEST)
    }
    deciding |= {each.id: each for each in protocol.retreatment}
    cautions = {id: row for id, row in own.items() if row.type is Type.CAUTIONS}
    shown = {id: row for id, row in own.items() if row.type is Type.SHOWN}
    every = {**deciding, **cautions, **shown}
    asked: dict[str, Question] = {id: Row(id, twice(row)) for id, row in every.items() if not _only_words(row)}
    return Selecting(
        protocol=protocol,
        exclude=Or((*(asked[id] for id in deciding), *_unlisted(protocol))),
        caution=Or(tuple(asked[id] for id in cautions)),
        deciding=deciding,
        cautions=cautions,
        shown=shown,
        asked=asked,
        not_met={id: not_met(row) for id, row in every.items() if not _only_words(row)},
    )


def verdict_of(exclude: Answer, caution: Answer) -> Verdict:
    """The one verdict that the two questions give together."""
    if exclude is YES:
        return Verdict.EXCLUDED
    if exclude is UNKNOWN:
        return Verdict.UNDETERMINED
    return Verdict.CAUTION if caution is YES else Verdict.NONE_LISTED


def twice(row: Eligibility | Retreatment) -> Question:
    """The row, asked on charted and on valid values; who need not be asked is no only while it is not a yes."""
    asked = asked_twice(_criterion(row), row.id)
    if isinstance(row, Retreatment):
        return And((_had_a_course(row.id), asked))
    if row.unless is None:
        return asked
    return Or((Known(asked), And((asked, asked_twice(Not(row.unless), row.id)))))


def not_met(row: Eligibility | Retreatment) -> Question:
    """What would make the row no, on valid values alone."""
    no = Not(seen_through(_criterion(row), View.VALID, row.id))
    if isinstance(row, Retreatment):
        return Or((Not(_had_a_course(row.id)), no))
    return no if row.unless is None else Or((no, seen_through(row.unless, View.VALID, row.id)))


def _criterion(row: Eligibility | Retreatment) -> Question:
    """The row's own question; of a test that each finding be known, which is never yes."""
    if isinstance(row, Eligibility) and row.tests:
        return Or(tuple(must_be_known(test) for test in row.tests))
    if row.question is None:
        raise ValueError(f"{row.id} asks nothing")
    return row.question


def _had_a_course(row: str) -> Question:
    """An earlier course: in the record, or by anybody's word. Nobody is asked to deny one (policy 0009)."""
    recorded = Compare(">=", Name("courses_before", View.VALID, row), Number(1.0))
    return Or((recorded, Known(Flag(Name("earlier_course", View.CHARTED, row)))))


def _only_words(row: Eligibility | Retreatment) -> bool:
    return isinstance(row, Eligibility) and row.question is None and not row.tests


def _unlisted(protocol: Protocol) -> Iterator[Question]:
    """A protocol without criteria of its own never says that none excludes."""
    if protocol.no_selection:
        yield Row(NO_CRITERIA, Constant(UNKNOWN, protocol.no_selection))
