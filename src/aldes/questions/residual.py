"""What is left of a question when what is known is filled in, as an AND of ORs of exact complements."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aldes.questions.answer import NO, YES, Answer
from aldes.questions.ask import Look, ask
from aldes.questions.tree import (
    And,
    Arithmetic,
    Compare,
    Flag,
    In,
    Known,
    Name,
    Not,
    Number,
    Or,
    Question,
    Row,
    Term,
    names,
)

Leaf = Compare | In | Flag
Clause = tuple["Literal", ...]  # one of these must become true

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_MOST = 200  # clauses; a residual longer than that helps nobody


@dataclass(frozen=True, slots=True)
class Literal:
    """A leaf that must be yes, or (`wanted` false, for flags and codes) no. Comparisons are always turned to yes."""

    leaf: Leaf
    wanted: bool = True


def residual(question: Question, look: Look, free: Callable[[Name], bool]) -> tuple[Clause, ...] | None:
    """What must become true for the question to be yes, when only `free` findings may change.

    An AND of ORs, simplified; empty when nothing is left to do, None when no change of the free findings helps.
    """
    clauses = _clauses(question, True, look, free)
    if any(not clause for clause in clauses) or len(clauses) > _MOST:
        return None
    return _simplified(clauses)


def _clauses(question: Question, wanted: bool, look: Look, free: Callable[[Name], bool]) -> list[Clause]:
    match question:
        case Not(part):
            return _clauses(part, not wanted, look, free)
        case Row(_, part) | Known(part):
            return _clauses(part, wanted, look, free)
        case And(parts) | Or(parts):
            each = [_clauses(part, wanted, look, free) for part in parts]
            return (
                [clause for group in each for clause in group] if isinstance(question, And) is wanted else _either(each)
            )
        case Compare() | In() | Flag():
            return _leaf(question, wanted, look, free)
        case _:
            return _known(ask(question, look), wanted)


def _leaf(leaf: Leaf, wanted: bool, look: Look, free: Callable[[Name], bool]) -> list[Clause]:
    """Nothing where it is so already: by the second theorem no finding must become worse for another to help."""
    if known := _known(ask(leaf, look), wanted):
        return [(_literal(leaf, wanted),)] if any(free(name) for name in names(leaf)) else known
    return []


def _literal(leaf: Leaf, wanted: bool) -> Literal:
    if not isinstance(leaf, Compare):
        return Literal(leaf, wanted)
    asked = leaf if wanted else opposite(leaf)
    if isinstance(asked.left, Number):
        return Literal(Compare(_MIRROR[asked.op], asked.right, asked.left))
    return Literal(asked)


def opposite(leaf: Compare) -> Compare:
    """The exact complement of a comparison: below 90 becomes at least 90."""
    return Compare(_OPPOSITE[leaf.op], leaf.left, leaf.right)


def _known(answer: Answer, wanted: bool) -> list[Clause]:
    """Nothing left to do, or (an empty clause) nothing that helps: unknown and not free does not help."""
    return [] if answer is (YES if wanted else NO) else [()]


def _either(groups: list[list[Clause]]) -> list[Clause]:
    """OR of ANDs as an AND of ORs."""
    product: list[Clause] = [()]
    for group in groups:
        if not group:
            return []  # one alternative asks for nothing
        product = [(*left, *right) for left in product for right in group][: _MOST + 1]
    return [tuple(dict.fromkeys(clause)) for clause in product]


def _simplified(clauses: Iterable[Clause]) -> tuple[Clause, ...]:
    """Without what another clause already demands: of `x > 90` and `x >= 90` only the first stays."""
    unique = list(dict.fromkeys(clauses))
    demanded: dict[object, list[Literal]] = {}
    for clause in unique:
        if len(clause) == 1:
            demanded.setdefault(_about(clause[0]), []).append(clause[0])
    return tuple(clause for clause in unique if not _demanded(clause, demanded))


def _demanded(clause: Clause, demanded: dict[object, list[Literal]]) -> bool:
    """Whether a clause of one part elsewhere already makes a part of this one true; of two equals the first stays."""
    if len(clause) > 1:
        return any(_implies(other, literal) for literal in clause for other in demanded.get(_about(literal), ()))
    alone, earlier = clause[0], True
    for other in demanded[_about(alone)]:
        if other is alone:
            earlier = False
        elif _implies(other, alone) and (earlier or not _implies(alone, other)):
            return True
    return False


def _about(literal: Literal) -> object:
    """What a literal speaks of, without view and row, so that two rows' demands on one finding meet."""
    match literal.leaf:
        case Compare(op, left, right):
            return ("compare", op[0], _bare(left), isinstance(right, Number) or _bare(right))
        case Flag(name):
            return ("flag", name.finding, literal.wanted)
        case In(name, codes):
            return ("in", name.finding, codes, literal.wanted)


def _bare(term: Term) -> object:
    match term:
        case Name(finding=name):
            return name
        case Number(value):
            return value
        case Arithmetic(op, left, right):
            return (op, _bare(left), _bare(right))


def _implies(a: Literal, b: Literal) -> bool:
    """Whether a makes b true, for two literals about the same: equal ones, or the tighter of two bounds."""
    if not (isinstance(a.leaf, Compare) and isinstance(b.leaf, Compare)):
        return True
    x, y = a.leaf.right, b.leaf.right
    if not (isinstance(x, Number) and isinstance(y, Number)) or a.leaf.op[0] not in "<>":
        return a.leaf.op == b.leaf.op and _bare(x) == _bare(y)
    if x.value == y.value:
        return a.leaf.op in "<>" or b.leaf.op not in "<>"
    return x.value > y.value if a.leaf.op[0] == ">" else x.value < y.value
