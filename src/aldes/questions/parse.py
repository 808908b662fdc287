"""Read a predicate: a closed subset of Python's expressions, parsed with the standard library, never evaluated.

Names, numbers, quoted codes, < <= > >= == !=, `in`, and / or / not, + - * and division by a non-zero number.
Every operand is checked by kind and unit against the vocabulary. Nothing may ask whether a finding is missing.
"""

import ast
import re
from collections.abc import Mapping

from aldes.errors import ProtocolError, nearest
from aldes.findings.vocabulary import Finding, Kind, Vocabulary
from aldes.numbers import DIGITS
from aldes.questions.answer import UNKNOWN
from aldes.questions.tree import (
    And,
    Arithmetic,
    Compare,
    Constant,
    Flag,
    In,
    Name,
    Not,
    Number,
    Or,
    Question,
    Term,
    names,
)

LONGEST = 500  # characters
DEEPEST = 20  # nested levels
WIDEST = 1e15  # a limit has at most 15 digits, so that decimals and doubles order alike
SMALLEST = 1e-9  # a divisor or limit below it means nothing at a bedside, and could overflow

_DECIMAL = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_ARITHMETIC = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


def parse(text: str, vocabulary: Vocabulary, settings: Mapping[str, float | None] | None = None) -> Question:
    """The question that a predicate asks.

    `settings` are the numeric site settings; a comparison with one that is None is a constant unknown.

    Raises
    ------
    ProtocolError
        Saying what stands there, what may stand there, and the nearest right word.
    """
    if len(text) > LONGEST:
        raise ProtocolError(
            f"the predicate has {len(text)} characters; at most {LONGEST} are read. Make two rows of it"
        )
    if "#" in text:
        raise ProtocolError("the predicate holds a comment; put it into the row's words")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ProtocolError(f"'{text}' cannot be read as a predicate; write for example: spo2 < 90") from None
    if _depth(tree) > DEEPEST:
        raise ProtocolError(f"the predicate is nested more than {DEEPEST} levels deep. Make two rows of it")
    return _Reader(text.strip(), vocabulary, settings or {}).question(tree)


def _depth(node: ast.AST) -> int:
    level, depth = [node], 0
    while level:
        level, depth = [child for each in level for child in ast.iter_child_nodes(each)], depth + 1
    return depth


class _Reader:
    """Turns checked syntax into our tree."""

    def __init__(self, text: str, vocabulary: Vocabulary, settings: Mapping[str, float | None]) -> None:
        self.text = text
        self.vocabulary = vocabulary
        self.settings = settings

    def question(self, node: ast.expr) -> Question:
        match node:
            case ast.BoolOp(op=ast.And(), values=parts):
                return And(tuple(self.question(part) for part in parts))
            case ast.BoolOp(values=parts):
                return Or(tuple(self.question(part) for part in parts))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Not(self.question(part))
            case ast.Compare(left=left, ops=ops, comparators=rights):
                return self.comparison(left, ops, rights)
            case ast.Name(id=name):
                return self.flag(name)
        raise ProtocolError(f"'{ast.unparse(node)}' is not a question; write a comparison or the name of a flag")

    def flag(self, name: str) -> Flag:
        finding = self.finding(name)
        if finding.kind is not Kind.FLAG:
            raise ProtocolError(f"'{name}' is {_article(finding)}, not yes or no; compare it with a value")
        return Flag(Name(name))

    def comparison(self, left: ast.expr, ops: list[ast.cmpop], rights: list[ast.expr]) -> Question:
        if len(ops) == 1 and isinstance(ops[0], ast.In):
            return self.membership(left, rights[0])
        parts: list[Question] = []
        for op, right in zip(ops, rights, strict=True):
            if type(op) not in _COMPARE:
                raise ProtocolError("only < <= > >= == != and `in` compare; missing is unknown and cannot be asked for")
            parts.append(self.pair(left, _COMPARE[type(op)], right))
            left = right
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def pair(self, left: ast.expr, op: str, right: ast.expr) -> Question:
        if code := _text(right):
            return self.code(left, op, code)
        if code := _text(left):
            return self.code(right, op, code)
        a, b = self.term(left), self.term(right)
        if a == b:
            raise ProtocolError("it compares a finding with itself; nothing may ask whether a finding is missing")
        units = {unit for unit in (self.unit(a), self.unit(b)) if unit is not None}
        if len(units) > 1:
            raise ProtocolError(f"it compares {' with '.join(sorted(units))}; both sides need one unit")
        if isinstance(a, Number) and isinstance(b, Number):
            raise ProtocolError("it compares two numbers; ask a finding")
        for name in (*names(a), *names(b)):
            if name.finding in self.settings:
                return Constant(UNKNOWN, f"site setting {name.finding} is not set")
        return Compare(op, a, b)

    def code(self, node: ast.expr, op: str, code: str) -> Question:
        name = self.coded(node)
        self.known_code(name, code)
        if op not in ("==", "!="):
            raise ProtocolError(f"'{name}' is compared with '{op}'; codes know == != and `in`")
        inside = In(Name(name), (code,))
        return inside if op == "==" else Not(inside)

    def membership(self, left: ast.expr, right: ast.expr) -> In:
        name = self.coded(left)
        codes = right.elts if isinstance(right, ast.Tuple | ast.List | ast.Set) else [right]
        texts = tuple(_text(each) or "" for each in codes)
        if not texts:
            raise ProtocolError(f"'{name}' is compared with no code; name at least one of its codes")
        for text in texts:
            self.known_code(name, text)
        return In(Name(name), texts)

    def coded(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name) and self.finding(node.id).kind is Kind.CODE:
            return node.id
        raise ProtocolError(f"'{ast.unparse(node)}' has no codes; only a coded finding is compared with a quoted code")

    def known_code(self, name: str, code: str) -> None:
        codes = self.vocabulary[name].codes
        if code not in codes:
            raise ProtocolError(f"'{code}' is no code of {name} ({', '.join(codes)}).{nearest(code, codes)}")

    def term(self, node: ast.expr) -> Term:
        match node:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return self.limit(node, value)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value) as bare) if (
                not isinstance(value, bool)
            ):
                return self.limit(bare, -value)
            case ast.Name(id=name):
                return self.quantity(name)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self.arithmetic(_ARITHMETIC[type(op)], self.term(left), self.term(right))
        raise ProtocolError(f"'{ast.unparse(node)}' is no term; write names, numbers, + - * and / by a number")

    def limit(self, node: ast.expr, value: int | float) -> Number:
        """A number as it is written: a digit that a double drops would let the three back ends answer apart."""
        number = _number(value)
        if not _is_decimal(ast.get_source_segment(self.text, node) or ""):
            raise ProtocolError(
                f"a number has at most {DIGITS} significant digits and no letters but an exponent's; write it so"
            )
        return number

    def quantity(self, name: str) -> Term:
        if name in self.settings:
            value = self.settings[name]
            return Name(name) if value is None else _number(value)
        if self.finding(name).kind is not Kind.NUMBER:
            raise ProtocolError(f"'{name}' is {_article(self.finding(name))}; arithmetic and < > need a number")
        return Name(name)

    def arithmetic(self, op: str, left: Term, right: Term) -> Arithmetic:
        if isinstance(left, Number) and isinstance(right, Number):
            raise ProtocolError("it calculates with two numbers; write the result")
        if op == "/" and (not isinstance(right, Number) or right.value == 0):
            raise ProtocolError("division is only by a non-zero number; make a derived finding of it")
        if op == "*" and Number(0.0) in (left, right):
            raise ProtocolError("a product with zero asks only whether a finding is known; multiply by another number")
        if op in "+-":
            units = {unit for unit in (self.unit(left), self.unit(right)) if unit is not None}
            if len(units) > 1:
                raise ProtocolError(f"it adds {' and '.join(sorted(units))}; both need one unit")
        if op == "*" and not (isinstance(left, Number) or isinstance(right, Number)):
            raise ProtocolError("a product of two findings has no unit here; make a derived finding of it")
        return Arithmetic(op, left, right)

    def unit(self, term: Term) -> str | None:
        """The unit of a term; None for a bare number or setting, which takes the other side's unit."""
        match term:
            case Name(finding=name):
                return None if name in self.settings else self.vocabulary[name].unit
            case Arithmetic(left=left, right=right):
                return self.unit(left) if self.unit(left) is not None else self.unit(right)
        return None

    def finding(self, name: str) -> Finding:
        if name not in self.vocabulary.findings:
            known = [*self.vocabulary.findings, *self.settings]
            raise ProtocolError(f"'{name}' is no finding of the vocabulary.{nearest(name, known)}")
        return self.vocabulary[name]


def _number(value: int | float) -> Number:
    if not abs(value) < WIDEST or 0 < abs(value) < SMALLEST:  # NaN is not below anything
        raise ProtocolError(f"'{str(value)[:20]}' is no number that a limit can have")
    return Number(float(value))


def _is_decimal(text: str) -> bool:
    """Whether a number is written in plain digits, an exponent at most, of which no more than 15 count."""
    match = _DECIMAL.fullmatch(text)
    return match is not None and len(match[1].replace(".", "").strip("0")) <= DIGITS


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _article(finding: Finding) -> str:
    return {Kind.NUMBER: "a number", Kind.FLAG: "a yes or no", Kind.CODE: "a code"}[finding.kind]
