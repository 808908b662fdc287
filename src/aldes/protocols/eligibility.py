"""Rows that select a patient before a course, and rows that ask again before another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from aldes.errors import ProtocolError, nearest
from aldes.findings.read import vocabulary
from aldes.findings.sources import steps_to
from aldes.findings.vocabulary import Group
from aldes.protocols.fields import Fields
from aldes.protocols.row import Cited
from aldes.questions.tree import Question, names

ABOUT = (  # what a row is about, in the order of the summary
    *("age", "indication", "performance", "heart", "lung", "kidney", "liver", "blood", "brain", "infection"),
    *("autoimmunity", "transplant", "hypersensitivity", "pregnancy", "earlier treatment", "tumour", "earlier course"),
)
OF_RECORD = frozenset({"courses_before", "days_since_discharge", "deceased", "stops_in_force"})
_BEFORE_A_COURSE = frozenset({"limit_low", "limit_high", "formula"})  # ops that need no running cycle
_COMMON = {"id", "words", "when", "source", "status", "also", "conflict", "signed"}


class Type(StrEnum):
    """What a row of eligibility does, by the letter of the evidence."""

    EXCLUDES = "A"  # a yes excludes, an unknown leaves the verdict undetermined
    CAUTIONS = "R"  # a yes is a caution
    TEST = "T"  # a test that must be there: it is never yes, and unknown until it is
    SHOWN = "N"  # a preference: shown, never decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility(Cited):
    """One criterion of selection, as its source prints it. A recalled one may exclude or caution."""

    type: Type
    about: str
    text: str = ""  # the predicate as written; a test has none, a preference may have none
    question: Question | None = None
    tests: tuple[str, ...] = ()  # type T: the findings that must be known
    unless_text: str = ""
    unless: Question | None = None  # of whom it need not be asked
    also: tuple[str, ...] = ()  # ids of the evidence that say the same
    conflict: str = ""  # where sources disagree: shown, never blended


@dataclass(frozen=True, slots=True, kw_only=True)
class Retreatment(Cited):
    """One reason against another course, asked where an earlier one exists. A yes excludes."""

    text: str
    question: Question
    also: tuple[str, ...] = ()
    conflict: str = ""
    about: str = "earlier course"


def read_eligibility(fields: Fields) -> Eligibility:
    """A block [[eligibility]].

    Raises
    ------
    ProtocolError
        When a field is missing or its question moves the wrong way, or asks what only a running cycle can answer.
    """
    fields.known(_COMMON | {"type", "about", "tests", "unless"})
    type: Type = fields.choice(Type, "type")
    found = Eligibility(
        **fields.cited(),
        type=type,
        about=_about(fields),
        text=fields.predicate("when"),
        question=fields.question("when", worse=None if type is Type.SHOWN else True),
        tests=_tests(fields),
        unless_text=fields.predicate("unless"),
        unless=fields.question("unless", worse=False),
        also=fields.listed("also"),
        conflict=fields.optional("conflict"),
    )
    _check(found, fields)
    return found


def read_retreatment(fields: Fields) -> Retreatment:
    """A block [[retreatment]]; see `read_eligibility`."""
    fields.known(_COMMON)
    question = fields.needed("when", worse=True)
    _check_answerable(question, fields)
    return Retreatment(
        **fields.cited(),
        text=fields.predicate("when"),
        question=question,
        also=fields.listed("also"),
        conflict=fields.optional("conflict"),
    )


def _about(fields: Fields) -> str:
    about = fields.text("about")
    if about not in ABOUT:
        raise ProtocolError(f"{fields.where}about '{about}' is none of {', '.join(ABOUT)}.{nearest(about, ABOUT)}")
    return about


def _tests(fields: Fields) -> tuple[str, ...]:
    tests = fields.listed("tests")
    for name in tests:
        if name not in vocabulary().findings:
            raise ProtocolError(f"{fields.where}test '{name}' is no finding.{nearest(name, vocabulary().findings)}")
    return tests


def _check(row: Eligibility, fields: Fields) -> None:
    """A test lists what must be known and asks nothing else; an exclusion or caution asks."""
    if (row.type is Type.TEST) is not bool(row.tests) or (row.type is Type.TEST and row.question):
        raise ProtocolError(f"{fields.where}a row of type T, and only that, has tests = [...], and it has no 'when'.")
    if row.type in (Type.EXCLUDES, Type.CAUTIONS) and row.question is None:
        raise ProtocolError(f"{fields.where}'when' is missing; write when = \"...\".")
    for question in (row.question, row.unless):
        if question is not None:
            _check_answerable(question, fields)


def _check_answerable(question: Question, fields: Fields) -> None:
    """Before a course nothing is known of slots, doses and shifts."""
    for name in dict.fromkeys(each.finding for each in names(question)):
        if wrong := next(_of_a_running_cycle(name), None):
            raise ProtocolError(
                f"{fields.where}'{name}' rests on '{wrong}', which only a running cycle can answer; "
                "ask what is known before a course."
            )


def _of_a_running_cycle(name: str) -> Iterator[str]:
    for step in steps_to(name):
        finding = vocabulary().findings.get(step)
        if finding is None:
            continue
        of_cycle = finding.group is Group.COURSE and step not in OF_RECORD
        if of_cycle or (finding.derived and finding.derived.op not in _BEFORE_A_COURSE):
            yield step
