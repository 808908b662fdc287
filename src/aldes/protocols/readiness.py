"""Rows asked before the first dose of a cycle: what must be in place, and what cycle 2 asks again.

They are part of the decision before dose 1, and of no later one: a missing item holds, an unknown one leaves the
answer *insufficient*. They open no standing hold: before dose 1 they are asked afresh each time.
"""

from dataclasses import dataclass

from aldes.errors import ProtocolError, nearest
from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group, Kind, Worse, absent_value
from aldes.protocols.fields import Fields
from aldes.protocols.known import must_be_known
from aldes.protocols.row import Cited, Protocol, Row, RowKind
from aldes.questions.tree import And, Compare, Flag, Name, Number, Or, Question, names

_ROLES = ("physician", "pharmacist", "nurse")
_HEART = frozenset({"rhythm", "rate", "ischaemia"})  # coverage topics
# Until a dose was given: after slots that were held or omitted dose 1 is still to come.
_FIRST_DOSE: tuple[Question, ...] = (Compare("<", Name("doses_in_cycle"), Number(1.0)),)
_SECOND_CYCLE = (*_FIRST_DOSE, Compare(">=", Name("cycle"), Number(2.0)))
_CARDIAC: tuple[Question, ...] = (Flag(Name("cardiac_row_in_course")),)
_COMMON = {"id", "words", "hold", "source", "status", "judged_by", "signed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness(Cited):
    """One thing that must be in place before dose 1 of each cycle."""

    text: str
    question: Question  # yes: it is not in place
    judged_by: str = ""  # the role whose "in place" alone counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle2(Cited):
    """One thing that is asked again before dose 1 of cycle 2; its limits are the site's."""

    text: str = ""
    question: Question | None = None
    tests: tuple[str, ...] = ()  # what must be known again
    if_cardiac: bool = False  # asked only where a cardiac row held or stopped in cycle 1
    judged_by: str = ""


def read_readiness(fields: Fields) -> Readiness:
    """A block [[readiness]].

    Raises
    ------
    ProtocolError
        When a field is missing or its question moves the wrong way.
    """
    fields.known(_COMMON)
    return Readiness(
        **fields.cited(),
        text=fields.predicate("hold"),
        question=fields.needed("hold", worse=True),
        judged_by=_role(fields),
    )


def read_cycle2(fields: Fields) -> Cycle2:
    """A block [[cycle2]]; see `read_readiness`."""
    fields.known(_COMMON | {"tests", "if_cardiac"})
    found = Cycle2(
        **fields.cited(),
        text=fields.predicate("hold"),
        question=fields.question("hold", worse=True),
        tests=_tests(fields),
        if_cardiac=fields.yes_or_no("if_cardiac"),
        judged_by=_role(fields),
    )
    if found.question is None and not found.tests:
        raise ProtocolError(f'{fields.where}it asks nothing; write hold = "..." or tests = ["..."].')
    return found


def _tests(fields: Fields) -> tuple[str, ...]:
    tests = fields.listed("tests")
    for name in tests:
        if name not in vocabulary().findings:
            raise ProtocolError(f"{fields.where}test '{name}' is no finding.{nearest(name, vocabulary().findings)}")
    return tests


def _role(fields: Fields) -> str:
    role = fields.optional("judged_by")
    if role and role not in _ROLES:
        raise ProtocolError(f"{fields.where}'{role}' is no role ({', '.join(_ROLES)}).{nearest(role, _ROLES)}")
    return role


def rows_before_dose_1(protocol: Protocol) -> tuple[Row, ...]:
    """The rows of readiness, then those of cycle 2, as the decision asks them."""
    return (
        *(_row(each, _FIRST_DOSE, each.question) for each in protocol.readiness),
        *(_row(each, _SECOND_CYCLE + _CARDIAC * each.if_cardiac, _again(each)) for each in protocol.cycle2),
    )


def cardiac_rows(protocol: Protocol) -> frozenset[str]:
    """The rows of the decision that are about the heart: rhythm, rate or ischaemia."""
    return frozenset(row.id for row in protocol.rows if _HEART.intersection(row.topics))


def asked_before_dose_1(protocol: Protocol, cycle: int) -> frozenset[str]:
    """The charted findings whose age the site must have settled before dose 1 of this cycle."""
    questions = [each.question for each in protocol.readiness]
    if cycle >= 2:
        questions += [_again(each) for each in protocol.cycle2]
    asked = {source for each in questions for name in names(each) for source in sources_of(name.finding)}
    return frozenset(name for name in asked if _has_an_age(name))


def _has_an_age(name: str) -> bool:
    """A measurement or an item of readiness; what a system statement answers keeps its own rule."""
    finding = vocabulary()[name]
    if finding.group is Group.COURSE or finding.worse is Worse.NONE:
        return False
    return finding.group is Group.READINESS or (finding.kind is Kind.NUMBER and absent_value(finding) is None)


def _again(row: Cycle2) -> Question:
    """Known again, and within the limits."""
    unknown = tuple(must_be_known(test) for test in row.tests)
    parts = (*unknown, *((row.question,) if row.question else ()))
    return parts[0] if len(parts) == 1 else Or(parts)


def _row(row: Readiness | Cycle2, where: tuple[Question, ...], question: Question) -> Row:
    return Row(
        id=row.id,
        kind=RowKind.HOLD,
        words=row.words,
        text=row.text,
        question=And((*where, question)),
        source=row.source,
        status=row.status,
        judged_by=row.judged_by,
        signed=row.signed,
    )
