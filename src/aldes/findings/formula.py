"""Formulas of derived findings: exact arithmetic over other findings, parsed and never evaluated as Python."""

import ast
from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cache

from aldes import numbers
from aldes.errors import ProtocolError
from aldes.findings.vocabulary import Worse

_ROUNDING = {Worse.LOW: ROUND_FLOOR, Worse.HIGH: ROUND_CEILING}


def exact(value: Fraction, worse: Worse) -> Decimal:
    """A quotient as a decimal of at most 15 digits; what does not fit is rounded toward the worse side.

    So no conversion and no formula carries a value across a limit to the safe side.
    """
    return numbers.exact(value, _ROUNDING.get(worse, ROUND_HALF_EVEN))


@cache
def parse(formula: str) -> ast.expr:
    """The formula as a checked syntax tree: names, numbers, + − × ÷ and brackets.

    Raises
    ------
    ProtocolError
        For anything else.
    """
    try:
        tree = ast.parse(formula, mode="eval").body
    except SyntaxError:
        raise ProtocolError(
            f"The formula '{formula}' cannot be read; write names, numbers, + - * / and brackets."
        ) from None
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, ast.Constant) and type(node.value) is not int):
            raise ProtocolError(f"The formula '{formula}' may hold only names, whole numbers, + - * / and brackets.")
    return tree


@cache
def names_in(formula: str) -> tuple[str, ...]:
    """The findings that a formula needs, each once, in the order in which they are read."""
    found = [node for node in ast.walk(parse(formula)) if isinstance(node, ast.Name)]
    return tuple(dict.fromkeys(node.id for node in sorted(found, key=lambda node: (node.lineno, node.col_offset))))


def evaluate(formula: str, values: Mapping[str, Decimal]) -> Fraction | None:
    """The formula's exact value, or None where it would divide by zero."""
    return _value(parse(formula), values)


def _value(node: ast.expr, values: Mapping[str, Decimal]) -> Fraction | None:
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.Name(id=name):
            return Fraction(values[name])
        case ast.UnaryOp(op=ast.USub(), operand=part):
            inner = _value(part, values)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _value(left, values), _value(right, values)
            return None if a is None or b is None else _arithmetic(op, a, b)
    raise ProtocolError("The formula holds a part that is not arithmetic.")


def _arithmetic(op: ast.operator, a: Fraction, b: Fraction) -> Fraction | None:
    match op:
        case ast.Add():
            return a + b
        case ast.Sub():
            return a - b
        case ast.Mult():
            return a * b
    return a / b if b else None


_ALLOWED = (
    ast.Constant,
    ast.Name,
    ast.Load,
    ast.UnaryOp,
    ast.USub,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Div,
)
