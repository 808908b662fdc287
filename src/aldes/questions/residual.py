"""What is left of a question when what is known is filled in, as an AND of ORs of exact complements."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aldes.questions.answer import NO, YES, Answer
from aldes.questions.ask import Look, ask
from aldes.questions.tree import And, Arithmetic, Compare, Flag, In, Known, Name, Not, Number, Or, Question, Row, names

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
    if any(free(name) for name in names(leaf)):
        return [(_literal(leaf, wanted),)]
    return _known(ask(leaf, look), wanted)


def _literal(leaf: Leaf, wanted: bool) -> Literal:
    if not isinstance(leaf, Compare):
        return Literal(leaf, wanted)
    op = leaf.op if wanted else _OPPOSITE[leaf.op]
    if isinstance(leaf.left, Number):
        return Literal(Compare(_MIRROR[op], leaf.right, leaf.left))
    return Literal(Compare(op, leaf.left, leaf.right))


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
    alone = [clause[0] for clause in unique if len(clause) == 1]
    kept: list[Clause] = []
    for clause in unique:
        others = [each for each in alone if (each,) != clause]
        if any(_implies(other, literal) for other in others for literal in clause):
            continue
        kept.append(clause)
    return tuple(kept)


def _implies(a: Literal, b: Literal) -> bool:
    """Whether a being true makes b true, for two bounds on one term in one direction."""
    if a == b:
        return True
    if not (isinstance(a.leaf, Compare) and isinstance(b.leaf, Compare)) or _bare(a.leaf) != _bare(b.leaf):
        return False
    x, y = a.leaf.right, b.leaf.right
    if not (isinstance(x, Number) and isinstance(y, Number)) or a.leaf.op[0] != b.leaf.op[0]:
        return False
    strict = a.leaf.op in "<>" or b.leaf.op not in "<>"
    if a.leaf.op[0] == ">":
        return x.value > y.value or (x.value == y.value and strict)
    return a.leaf.op[0] == "<" and (x.value < y.value or (x.value == y.value and strict))


def _bare(leaf: Compare) -> object:
    """The left side without view and row, so that two rows' bounds on one finding compare."""
    match leaf.left:
        case Name(finding=name):
            return name
        case Arithmetic() as term:
            return (term.op, tuple(name.finding for name in names(term)), str(term))
        case other:
            return other
