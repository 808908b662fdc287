"""Ask a whole table at once, with NumPy: AND is the minimum, OR the maximum, NOT the minus.

One array a column, one element a patient:

    number columns   float64, NaN where it is not known; infinity is refused
    flag columns     int8, +1 yes, -1 no, 0 not known
    code columns     int8, the rank in the vocabulary's list of codes, -1 not known

Columns are named as `columns` says. Equal parts of a question over the same columns are asked once, so a table
with one column a finding pays nothing for a row that is asked twice. The table is read in pieces that fit the cache.
"""

import operator
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, assert_never

from aldes.errors import AldesError, InputError, nearest
from aldes.findings import read
from aldes.findings.vocabulary import Kind, Vocabulary
from aldes.questions.columns import column
from aldes.questions.parse import WIDEST
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

try:
    import numpy as np
    from numpy.typing import NDArray
except ModuleNotFoundError:
    raise AldesError("Asking a whole table needs NumPy, which is not here; run: pip install 'aldes[lab]'.") from None

Answers = NDArray[np.int8]  # -1 no, 0 unknown, +1 yes
Table = Mapping[str, NDArray[Any]]
Step = Callable[[list[Any], slice], Any]  # the steps done before, and the patients of this piece

DECISIONS = ("give", "insufficient", "hold", "stop")  # the code of a decision is its place: the most permissive first
PIECE = 16384  # patients at a time: a number column of a piece is 128 KiB


def ask(question: Question, table: Table, vocabulary: Vocabulary | None = None) -> Answers:
    """Yes (+1), no (-1) or unknown (0) for each patient of the table.

    Raises
    ------
    InputError
        When a column is absent, of another kind or length, or holds what no patient can have.
    """
    return answers((question,), table, vocabulary)[0]


def decide(stop: Question, hold: Question, table: Table, vocabulary: Vocabulary | None = None) -> Answers:
    """The decision for each patient, as its place in `DECISIONS`.

    STOP yes is stop; else HOLD yes is hold; else either unknown is insufficient; else give.
    """
    stops, holds = answers((stop, hold), table, vocabulary)
    decision: Answers = np.maximum(stops, holds) + np.int8(1)
    decision += stops == 1
    return decision


def answers(questions: Sequence[Question], table: Table, vocabulary: Vocabulary | None = None) -> list[Answers]:
    """The answers to several questions; what they have in common is asked once."""
    plan = _Plan(table, vocabulary or read.vocabulary())
    asked = [plan.question(each) for each in questions]
    found = [np.empty(plan.patients, dtype=np.int8) for _ in questions]
    for start in range(0, plan.patients, PIECE):
        part = slice(start, min(start + PIECE, plan.patients))
        done = plan.run(part)
        for answer, place in zip(found, asked, strict=True):
            answer[part] = done[place]
    return found


def numbers(values: Iterable[float | None]) -> NDArray[np.float64]:
    """A number column; None is not known."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def flags(values: Iterable[bool | None]) -> Answers:
    """A flag column; None is not known."""
    return np.array([0 if value is None else 1 if value else -1 for value in values], dtype=np.int8)


def ranks(values: Iterable[str | None], codes: Sequence[str]) -> Answers:
    """A code column; None is not known.

    Raises
    ------
    InputError
        When a value is none of the codes.
    """
    rank: dict[str | None, int] = {None: -1} | {code: place for place, code in enumerate(codes)}
    try:
        return np.array([rank[value] for value in values], dtype=np.int8)
    except KeyError as fault:
        raise InputError(
            f"'{fault.args[0]}' is no code of this finding; accepted are {', '.join(codes)}."
            + nearest(str(fault.args[0]), codes)
        ) from None


class _Plan:
    """The questions as a list of steps, each different part once; a part is named by the place of its step."""

    def __init__(self, table: Table, vocabulary: Vocabulary) -> None:
        self.table = table
        self.vocabulary = vocabulary
        self.steps: list[Step] = []
        self.places: dict[Hashable, int] = {}
        self.known: dict[int, int] = {}  # place of Known(part) → place of the part
        self.patients = _patients(table)

    def run(self, part: slice) -> list[Any]:
        """Every step for the patients of one piece."""
        done: list[Any] = []
        for step in self.steps:
            done.append(step(done, part))
        return done

    def question(self, question: Question) -> int:
        match question:
            case And(parts):
                return self.extreme(np.minimum, [self.question(part) for part in parts])
            case Or(parts) if parts:
                return self.any_of([self.question(part) for part in parts])
            case Or():
                return self.constant(-1)
            case Not(part):
                return self.of(np.negative, self.question(part))
            case Row(_, part):
                return self.question(part)
            case Known(part):
                return self.certain(self.question(part))
            case AtLeast(k, parts):
                return self.at_least(k, [self.question(part) for part in parts])
            case Compare(op, left, right):
                return self.of(_COMPARE[op], self.term(left), self.term(right))
            case In(name, codes):
                return self.membership(name, codes)
            case Flag(name):
                return self.flag(name)
            case Constant(answer):
                return self.constant(int(answer))
        assert_never(question)

    def term(self, term: Term) -> int:
        match term:
            case Number(value):
                return self.step(("number", value), lambda done, part: value)
            case Name():
                return self.quantity(term)
            case Arithmetic(op, left, right):
                return self.of(_ARITHMETIC[op], self.term(left), self.term(right))
        assert_never(term)

    def step(self, key: Hashable, step: Step) -> int:
        """The place of this step: a new one, or that of the equal step before it."""
        if key not in self.places:
            self.places[key] = len(self.steps)
            self.steps.append(step)
        return self.places[key]

    def of(self, verb: Callable[..., Any], *parts: int) -> int:
        return self.step((verb, parts), lambda done, part: verb(*[done[each] for each in parts]))

    def any_of(self, parts: list[int]) -> int:
        """OR; `Known(part)` beside the part itself adds nothing: the one is yes only where the other is."""
        return self.extreme(np.maximum, [each for each in parts if self.known.get(each) not in parts])

    def extreme(self, verb: Callable[..., Any], parts: list[int]) -> int:
        each_once = sorted(set(parts))
        if len(each_once) == 1:
            return each_once[0]
        return self.step((verb, *each_once), lambda done, part: reduce(verb, [done[each] for each in each_once]))

    def certain(self, part: int) -> int:
        place = self.of(_certain, part)
        self.known[place] = part
        return place

    def at_least(self, k: int, parts: list[int]) -> int:
        return self.step(("at least", k, *parts), lambda done, part: _at_least(k, [done[each] for each in parts]))

    def constant(self, answer: int) -> int:
        return self.step(("constant", answer), lambda done, part: np.full(part.stop - part.start, answer, np.int8))

    def quantity(self, name: Name) -> int:
        finding = self.vocabulary.findings.get(name.finding)
        if finding is not None and finding.kind is not Kind.NUMBER:  # its 0 or -1 would pass for a number that is known
            raise InputError(
                f"'{name.finding}' is {finding.kind}, not a number, and is asked as one. Ask it by its kind."
            )
        key, data = self.column(name, "fiu", "numbers, with NaN where it is not known")
        return self.step(("quantity", key), lambda done, part: _possible(key, data[part]))

    def flag(self, name: Name) -> int:
        key, data = self.column(name, "i", "int8: +1 yes, -1 no, 0 not known")
        return self.step(("flag", key), lambda done, part: _within(key, data[part], 1))

    def rank(self, name: Name, codes: tuple[str, ...]) -> int:
        key, data = self.column(name, "i", f"int8: the rank in {', '.join(codes)}, or -1 where it is not known")
        return self.step(("rank", key), lambda done, part: _within(key, data[part], len(codes) - 1))

    def membership(self, name: Name, asked: tuple[str, ...]) -> int:
        codes = self.vocabulary[name.finding].codes
        rank = self.rank(name, codes)
        answer = np.array([*(1 if code in asked else -1 for code in codes), 0], dtype=np.int8)  # rank -1 is the last
        return self.step(("in", rank, answer.tobytes()), lambda done, part: answer[done[rank]])

    def column(self, name: Name, kinds: str, wanted: str) -> tuple[str, NDArray[Any]]:
        key = column(name, self.table)
        data = self.table[key]
        if data.dtype.kind not in kinds:
            raise InputError(f"Column '{key}' holds {data.dtype}; it needs {wanted}.")
        return key, data


def _patients(table: Table) -> int:
    """How many patients the table has; every column must have as many."""
    shapes = {data.shape for data in table.values()}
    if len(shapes) != 1 or len(next(iter(shapes))) != 1:
        came = ", ".join(str(shape) for shape in sorted(shapes)) or "no column"
        raise InputError(f"The table has columns of shape {came}; give one element a patient, equally many in each.")
    return int(next(iter(shapes))[0])


def _possible(key: str, data: NDArray[Any]) -> NDArray[np.float64]:
    values = data.astype(np.float64, copy=False)
    if (np.abs(values) >= WIDEST).any():
        raise InputError(
            f"Column '{key}' holds infinity, or a number of more than 15 digits; give the value in the finding's unit, "
            "and NaN where it is not known."
        )
    return values


def _within(key: str, data: Answers, highest: int) -> Answers:
    if data.size and (data.min() < -1 or data.max() > highest):
        raise InputError(f"Column '{key}' holds {data.min()} to {data.max()}; only -1 to {highest} mean something.")
    return data


def _certain(part: Answers) -> Answers:
    return np.where(part == 1, np.int8(1), np.int8(-1))


def _at_least(k: int, parts: list[Answers]) -> Answers:
    """Yes where the certain reach k; no where the certain and the unknown together stay below it."""
    certain = sum(np.equal(part, 1).astype(np.int16) for part in parts)
    possible = sum(np.greater_equal(part, 0).astype(np.int16) for part in parts)
    return _yes_less_no(np.greater_equal(certain, k), np.less(possible, k))


def _yes_less_no(yes: Any, no: Any) -> Answers:
    """+1 where yes, -1 where no, 0 where neither: a comparison with NaN is neither."""
    answer: Answers = np.subtract(yes.view(np.int8), no.view(np.int8))
    return answer


_COMPARE: dict[str, Callable[[Any, Any], Answers]] = {
    "<": lambda a, b: _yes_less_no(np.less(a, b), np.greater_equal(a, b)),
    "<=": lambda a, b: _yes_less_no(np.less_equal(a, b), np.greater(a, b)),
    ">": lambda a, b: _yes_less_no(np.greater(a, b), np.less_equal(a, b)),
    ">=": lambda a, b: _yes_less_no(np.greater_equal(a, b), np.less(a, b)),
    "==": lambda a, b: _yes_less_no(np.equal(a, b), np.less(a, b) | np.greater(a, b)),
    "!=": lambda a, b: _yes_less_no(np.less(a, b) | np.greater(a, b), np.equal(a, b)),
}

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
