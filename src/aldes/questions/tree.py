"""The small tree that every clinical criterion, and the decision itself, is written in.

Terms have a value that may be unknown; questions have an answer that may be unknown. Predicates of protocol
rows are parsed into this tree (`parse`); three back ends ask it: `ask` (one patient, with reasons), `arrays`
(NumPy) and `sql`. `Known`, `AtLeast`, `Row` and `Constant` are written only by the compiler of the decision.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aldes.findings.view import View
from aldes.questions.answer import Answer


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """The value of a finding. `view` and `row` are filled in when the decision is compiled."""

    finding: str
    view: View = View.VALID
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A sum, difference, product, or quotient by a non-zero number."""

    op: str  # + - * /
    left: "Term"
    right: "Term"


Term = Number | Name | Arithmetic


@dataclass(frozen=True, slots=True)
class Compare:
    """An order or equality between two terms, or between a coded finding and a code."""

    op: str  # < <= > >= == !=
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class In:
    """Whether a coded finding is one of these codes."""

    name: Name
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A finding that is itself yes or no."""

    name: Name


@dataclass(frozen=True, slots=True)
class Not:
    part: "Question"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Question", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Question", ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Yes where the part is yes, else no: it never is unknown."""

    part: "Question"


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Whether k parts or more are yes; unknown while the unknown ones could still make up the number."""

    k: int
    parts: tuple["Question", ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A part that belongs to a protocol row: transparent to logic, it lets reasons name the row."""

    id: str
    part: "Question"


@dataclass(frozen=True, slots=True)
class Constant:
    """An answer that no finding changes; a question over a setting that nobody made is a constant unknown."""

    answer: Answer
    why: str = ""


Question = Compare | In | Flag | Not | And | Or | Known | AtLeast | Row | Constant
Node = Term | Question


def children(node: Node) -> tuple[Node, ...]:
    """The parts directly below a node, in reading order."""
    match node:
        case Number() | Name() | Constant():
            return ()
        case Arithmetic(_, left, right) | Compare(_, left, right):
            return (left, right)
        case In(name) | Flag(name):
            return (name,)
        case Not(part) | Known(part) | Row(_, part):
            return (part,)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            return parts


def names(node: Node) -> Iterator[Name]:
    """Every finding that the tree asks, in reading order, repeats included."""
    if isinstance(node, Name):
        yield node
    for child in children(node):
        yield from names(child)


def with_parts(question: Question, change: Callable[[Question], Question]) -> Question:
    """The same question with each part directly below it changed; what has no parts stays as it is."""
    match question:
        case And(parts):
            return And(tuple(map(change, parts)))
        case Or(parts):
            return Or(tuple(map(change, parts)))
        case AtLeast(k, parts):
            return AtLeast(k, tuple(map(change, parts)))
        case Not(part):
            return Not(change(part))
        case Known(part):
            return Known(change(part))
        case Row(id, part):
            return Row(id, change(part))
    return question


def with_names(term: Term, change: Callable[[Name], Term]) -> Term:
    """The same term with each finding in it changed."""
    match term:
        case Name():
            return change(term)
        case Arithmetic(op, left, right):
            return Arithmetic(op, with_names(left, change), with_names(right, change))
    return term
