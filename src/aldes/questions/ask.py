"""Ask one patient: the slow, obvious reference, with the parts that decided."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.tree import (
    And,
    Arithmetic,
    AtLeast,
    Compare,
    Constant,
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
)

Look = Callable[[Name], float | bool | str | None]  # the value of a finding, or None: unknown
Leaf = Compare | In | Flag | Constant

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Because:
    """One leaf that decided an answer, and the protocol row it belongs to."""

    row: str | None
    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer with the leaves that decided it."""

    answer: Answer
    because: tuple[Because, ...] = ()


def ask(question: Question, look: Look, memo: dict[int, Answer] | None = None) -> Answer:
    """Yes, no or unknown: AND is the minimum, OR the maximum, NOT the minus.

    With a `memo` each labelled row is asked once, however often the tree holds it. Nothing lies below no or above
    yes: what follows a no in an AND, or a yes in an OR, is not asked.
    """
    match question:
        case Or():
            greatest = NO
            for part in question.parts:
                if (answer := ask(part, look, memo)) is YES:
                    return YES
                if answer is UNKNOWN:
                    greatest = UNKNOWN
            return greatest
        case And():
            least = YES
            for part in question.parts:
                if (answer := ask(part, look, memo)) is NO:
                    return NO
                if answer is UNKNOWN:
                    least = UNKNOWN
            return least
        case Row():
            return ask(question.part, look) if memo is None else _once(question, look, memo)
        case Known():
            return YES if ask(question.part, look, memo) is YES else NO
        case Not():
            return _minus(ask(question.part, look, memo))
        case AtLeast():
            return _at_least(question.k, [ask(part, look, memo) for part in question.parts])
        case Compare() | Flag() | In() | Constant():
            return _leaf(question, look)
    assert_never(question)


def _once(row: Row, look: Look, memo: dict[int, Answer]) -> Answer:
    """By identity: the caller keeps the tree for as long as the memo."""
    answer = memo.get(id(row))
    if answer is None:
        answer = memo[id(row)] = ask(row.part, look, memo)
    return answer


def explain(question: Question, look: Look, row: str | None = None) -> Asked:
    """The answer of `ask`, with the leaves that decided it, each under its row."""
    match question:
        case And(parts):
            asked = [explain(part, look, row) for part in parts]
            return _decided(asked, min(each.answer for each in asked))
        case Or(parts):
            asked = [explain(part, look, row) for part in parts]
            return _decided(asked, max((each.answer for each in asked), default=NO))
        case Not(part):
            inner = explain(part, look, row)
            return Asked(_minus(inner.answer), inner.because)
        case Row(name, part):
            return explain(part, look, name)
        case Known(part):
            inner = explain(part, look, row)
            return Asked(YES if inner.answer is YES else NO, inner.because)
        case AtLeast(k, parts):
            asked = [explain(part, look, row) for part in parts]
            return _decided(asked, _at_least(k, [each.answer for each in asked]))
        case Compare() | In() | Flag() | Constant():
            return Asked(_leaf(question, look), (Because(row, question),))
    assert_never(question)


def value(term: Term, look: Look) -> float | None:
    """The value of a term; arithmetic with an unknown is unknown."""
    match term:
        case Name():
            found = look(term)
            return None if found is None else float(found)
        case Number():
            return term.value
        case Arithmetic():
            a, b = value(term.left, look), value(term.right, look)
            return None if a is None or b is None else _arithmetic(term.op, a, b)
    assert_never(term)


def _leaf(leaf: Leaf, look: Look) -> Answer:
    match leaf:
        case Compare():
            a, b = value(leaf.left, look), value(leaf.right, look)
            return UNKNOWN if a is None or b is None else _yes_or_no(_COMPARE[leaf.op](a, b))
        case Flag():
            flag = look(leaf.name)
            return UNKNOWN if flag is None else _yes_or_no(flag is True)
        case In():
            code = look(leaf.name)
            return UNKNOWN if code is None else _yes_or_no(code in leaf.codes)
        case Constant():
            return leaf.answer
    assert_never(leaf)


def _arithmetic(op: str, a: float, b: float) -> float:
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
    return a / b


def _at_least(k: int, answers: list[Answer]) -> Answer:
    certain, possible = answers.count(YES), answers.count(UNKNOWN)
    if certain >= k:
        return YES
    return UNKNOWN if certain + possible >= k else NO


def _decided(asked: list[Asked], answer: Answer) -> Asked:
    """The parts that share the answer decided it."""
    because = [reason for each in asked if each.answer is answer for reason in each.because]
    return Asked(answer, tuple(because))


def _minus(answer: Answer) -> Answer:
    if answer is UNKNOWN:
        return UNKNOWN
    return NO if answer is YES else YES


def _yes_or_no(fact: bool) -> Answer:
    return YES if fact else NO
