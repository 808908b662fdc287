"""Put questions into a clinician's words: "oxygen saturation below 90 %"."""

from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from aldes.findings.vocabulary import Vocabulary
from aldes.questions.residual import Clause, Literal, opposite
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
from aldes.units import show

_OP = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "other than"}


def in_words(question: Question, vocabulary: Vocabulary) -> str:
    """The whole question, with brackets only where they are needed."""
    match question:
        case And(parts):
            return " and ".join(_bracketed(part, vocabulary) for part in parts)
        case Or(parts):
            return " or ".join(_bracketed(part, vocabulary) for part in parts)
        case Not(Flag(name)):
            return f"{_words(name, vocabulary)}: no"
        case Not(In(name, codes)):
            return f"{_words(name, vocabulary)} other than {' or '.join(codes)}"
        case Not(Compare() as leaf):
            return in_words(opposite(leaf), vocabulary)
        case Not(part):
            return f"not ({in_words(part, vocabulary)})"
        case Known(part) | Row(_, part):
            return in_words(part, vocabulary)
        case AtLeast(k, parts):
            return f"at least {k} of: " + "; ".join(in_words(part, vocabulary) for part in parts)
        case Compare("==", Name() as left, right) if left == right:
            return f"{_words(left, vocabulary)}: known"
        case In(name, codes) if _any_code(name, codes, vocabulary):
            return f"{_words(name, vocabulary)}: known"
        case Compare(op, left, right):
            return f"{_term(left, vocabulary)} {_OP[op]} {_term(right, vocabulary, left)}"
        case In(name, codes):
            return f"{_words(name, vocabulary)} {' or '.join(codes)}"
        case Flag(name):
            return _words(name, vocabulary)
        case Constant(why=why):
            return why
    assert_never(question)


def limit(leaf: Compare | In | Flag | Constant, vocabulary: Vocabulary) -> str:
    """What the value is held against: "below 90 %"; nothing for a yes or no."""
    match leaf:
        case Compare(_, left, right) if left == right:
            return "known"
        case Compare(op, left, right):
            return f"{_OP[op]} {_term(right, vocabulary, left)}"
        case In(name, codes) if _any_code(name, codes, vocabulary):
            return "known"
        case In(_, codes):
            return " or ".join(codes)
        case _:
            return ""


def literal_words(literal: Literal, vocabulary: Vocabulary) -> str:
    """One thing that must become true: "urine over the last 8 hours above 160 mL"."""
    return in_words(literal.leaf if literal.wanted else Not(literal.leaf), vocabulary)


def residual_words(clauses: tuple[Clause, ...], vocabulary: Vocabulary) -> str:
    """An AND of ORs in words; what reads shorter as an OR of ANDs is put so."""
    single = [clause for clause in clauses if len(clause) != 2]
    words = [_either([(each,) for each in clause], vocabulary) for clause in single]
    return " and ".join([*words, *(_either(sides, vocabulary) for sides in _sides(clauses))])


def _sides(clauses: tuple[Clause, ...]) -> Iterator[list[tuple[Literal, ...]]]:
    """Clauses of two parts, gathered: (a or x) and (a or y) is a or (x and y)."""
    partners: dict[Literal, list[Literal]] = {}
    for clause in clauses:
        if len(clause) == 2:
            partners.setdefault(clause[0], []).append(clause[1])
    alike: dict[tuple[Literal, ...], list[Literal]] = {}
    for first, seconds in partners.items():
        alike.setdefault(tuple(seconds), []).append(first)
    for right, left in alike.items():
        yield [tuple(left), right]


def _either(sides: list[tuple[Literal, ...]], vocabulary: Vocabulary) -> str:
    """One side or another, each an AND; brackets only where they are needed."""
    words = [" and ".join(literal_words(each, vocabulary) for each in side) for side in sides]
    if len(words) == 1:
        return words[0]
    return (
        "(" + " or ".join(f"({text})" if len(side) > 1 else text for side, text in zip(sides, words, strict=True)) + ")"
    )


def value_words(value: Decimal | bool | str, finding: str, vocabulary: Vocabulary) -> str:
    """A value with its unit, exactly as it counted."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else show(value, vocabulary[finding].unit)


def _bracketed(part: Question, vocabulary: Vocabulary) -> str:
    words = in_words(part, vocabulary)
    return f"({words})" if isinstance(part, And | Or) else words


def _any_code(name: Name, codes: tuple[str, ...], vocabulary: Vocabulary) -> bool:
    """Whether any result would do: a required test asks only that it was done."""
    return set(codes) == set(vocabulary[name.finding].codes)


def _words(name: Name, vocabulary: Vocabulary) -> str:
    found = vocabulary.findings.get(name.finding)
    return found.words if found else name.finding


def _term(term: Term, vocabulary: Vocabulary, beside: Term | None = None) -> str:
    match term:
        case Number(value):
            unit = vocabulary[beside.finding].unit if isinstance(beside, Name) else ""
            return show(_decimal(value), unit)
        case Name():
            return _words(term, vocabulary)
        case Arithmetic(op, left, right):
            sign = {"*": "×", "/": "÷", "-": "−"}.get(op, op)
            return f"({_term(left, vocabulary)} {sign} {_term(right, vocabulary)})"
    assert_never(term)


def _decimal(value: float) -> Decimal:
    """A limit as it was written: the shortest decimal that reads back as this number."""
    return Decimal(repr(value)).normalize() + 0 if value != int(value) else Decimal(int(value))
