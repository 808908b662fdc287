"""A small recorder: run the model on symbols instead of numbers, and it writes down its own equations.

A recorder of ours instead of a computer algebra system, because nothing is to be simplified or solved: the page of
equations shows what the program computes, term by term, and a test evaluates it against the numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

_LEVEL = {"<": 0, "+": 1, "-": 1, "*": 2, "/": 2, "negative": 3}
_ATOM = 9

Part = Union["Symbol", float, int]


@dataclass(frozen=True, slots=True, eq=False)
class Symbol:
    """A name, or an operation on symbols and numbers."""

    head: str
    parts: tuple[Part, ...] = ()

    def __add__(self, other: Part) -> "Symbol":
        return Symbol("+", (self, other))

    def __radd__(self, other: Part) -> "Symbol":
        return Symbol("+", (other, self))

    def __sub__(self, other: Part) -> "Symbol":
        return Symbol("-", (self, other))

    def __rsub__(self, other: Part) -> "Symbol":
        return Symbol("-", (other, self))

    def __mul__(self, other: Part) -> "Symbol":
        return Symbol("*", (self, other))

    def __rmul__(self, other: Part) -> "Symbol":
        return Symbol("*", (other, self))

    def __truediv__(self, other: Part) -> "Symbol":
        return Symbol("/", (self, other))

    def __rtruediv__(self, other: Part) -> "Symbol":
        return Symbol("/", (other, self))

    def __neg__(self) -> "Symbol":
        return Symbol("negative", (self,))

    def __lt__(self, other: Part) -> "Symbol":
        return Symbol("<", (self, other))

    def __bool__(self) -> bool:
        raise TypeError("A symbol is neither true nor false. Write where(condition, yes, no) in the model.")

    def __str__(self) -> str:
        return _text(self)[0]


def recorded(function: str, *parts: Part) -> Symbol:
    """One of the seven functions, applied to symbols and numbers."""
    return Symbol(function, parts)


def evaluate(symbol: Part, values: Mapping[str, float]) -> float:
    """The number that a recorded expression has for these values of its names.

    Raises
    ------
    KeyError
        For a name without a value.
    """
    if not isinstance(symbol, Symbol):
        return symbol
    if not symbol.parts:
        return values[symbol.head]
    numbers = [evaluate(part, values) for part in symbol.parts]
    return _evaluated(symbol.head, numbers)


def _evaluated(head: str, numbers: list[float]) -> float:
    from aldes.mechanism import functions  # here, because the functions record symbols

    match head, numbers:
        case "+", [x, y]:
            return x + y
        case "-", [x, y]:
            return x - y
        case "*", [x, y]:
            return x * y
        case "/", [x, y]:
            return x / y
        case "<", [x, y]:
            return x < y
        case "negative", [x]:
            return -x
    return float(getattr(functions, head)(*numbers))


def _text(part: Part) -> tuple[str, int]:
    """How the expression reads, and how tightly its outermost operation binds."""
    if not isinstance(part, Symbol):
        return f"{part:g}", _ATOM
    if not part.parts:
        return part.head, _ATOM
    level = _LEVEL.get(part.head)
    if level is None:
        return f"{part.head}({', '.join(_text(each)[0] for each in part.parts)})", _ATOM
    if part.head == "negative":
        return f"-{_inside(part.parts[0], level)}", level
    left, right = part.parts
    tighter = level + (part.head in "-/")  # a - (b - c) and a / (b / c) keep their brackets
    return f"{_inside(left, level)} {part.head} {_inside(right, tighter)}", level


def _inside(part: Part, level: int) -> str:
    text, own = _text(part)
    return text if own >= level else f"({text})"
