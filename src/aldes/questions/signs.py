"""Which way each finding moves an answer: the static half of the second theorem.

Moving one finding's current value in its worse direction must never make the decision more permissive. A hold or
stop row may therefore become *yes* only toward worse, and a resume question only toward better.
"""

from collections.abc import Iterator
from typing import assert_never

from aldes.findings.vocabulary import Vocabulary, Worse
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

UP, DOWN, BOTH = 1, -1, 0
_TOWARD_WORSE = {Worse.LOW: DOWN, Worse.HIGH: UP, Worse.TRUE: UP, Worse.FALSE: DOWN}


def against_worse(question: Question, vocabulary: Vocabulary, toward_better: bool = False) -> tuple[str, ...]:
    """The findings that can move this question's answer the wrong way; empty when the row keeps the theorem."""
    wanted = -1 if toward_better else 1
    wrong = []
    for name, sign in signs(question, vocabulary):
        worse = vocabulary[name].worse if name in vocabulary.findings else Worse.NONE
        if worse is not Worse.NONE and sign != wanted * _TOWARD_WORSE[worse]:
            wrong.append(name)
    return tuple(dict.fromkeys(wrong))


def signs(question: Question, vocabulary: Vocabulary) -> Iterator[tuple[str, int]]:
    """For each finding asked: UP if a higher value makes *yes* likelier, DOWN if a lower one does, BOTH if either."""
    match question:
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from signs(part, vocabulary)
        case Not(part):
            for name, sign in signs(part, vocabulary):
                yield name, -sign
        case Known(part) | Row(_, part):
            yield from signs(part, vocabulary)
        case Flag(name):
            yield name.finding, UP
        case In(name, codes) if set(codes) == set(vocabulary[name.finding].codes):
            return  # likewise
        case In(name, codes):
            yield name.finding, _code_sign(codes, vocabulary[name.finding].codes)
        case Compare(_, left, right) if left == right:
            return  # only whether it is known, and that no value moves
        case Compare(op, left, right):
            direction = {"<": DOWN, "<=": DOWN, ">": UP, ">=": UP}.get(op, BOTH)
            yield from _term(left, direction)
            yield from _term(right, -direction)
        case Constant():
            return
        case _:
            assert_never(question)


def _code_sign(asked: tuple[str, ...], codes: tuple[str, ...]) -> int:
    """Codes are ordered best first: the last ones together go up, the first ones together go down."""
    if set(asked) == set(codes[-len(asked) :]):
        return UP
    return DOWN if set(asked) == set(codes[: len(asked)]) else BOTH


def _term(term: Term, direction: int) -> Iterator[tuple[str, int]]:
    match term:
        case Number():
            return
        case Name(finding=name):
            yield name, direction
        case Arithmetic("*" | "/", left, right):
            factor = left if isinstance(left, Number) else right
            sign = direction if isinstance(factor, Number) and factor.value > 0 else -direction
            yield from _term(left, sign)
            yield from _term(right, sign)
        case Arithmetic(op, left, right):
            yield from _term(left, direction)
            yield from _term(right, -direction if op == "-" else direction)
        case _:
            assert_never(term)
