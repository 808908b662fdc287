"""The case lines of the grades, asked: what each line says against what the ladders answer."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from aldes.findings.formula import evaluate, exact, names_in
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Vocabulary
from aldes.questions.answer import UNKNOWN, YES
from aldes.questions.ask import ask
from aldes.questions.tree import Name
from aldes.toxicity.ctcae.ladder import Ladder

VERSIONS = ("5.0", "6.0")
CLOSE = Decimal("0.5")  # two values so close, or within 2 %, stand on the two sides of a printed limit
NEAR = Decimal("1e-9")  # so close beside a printed limit a value is asked, too

Cell = Decimal | bool | str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """One block of a case file."""

    version: str
    number: int
    table: Mapping[str, Any] = field(repr=False)

    @property
    def term(self) -> str:
        """The ladder that it is about."""
        return str(self.table["term"])

    @property
    def name(self) -> str:
        """How a failing test calls it."""
        return f"{self.version} {self.number} {self.term}: {self.table['words']}"

    def values(self) -> Iterator[tuple[Cell, str]]:
        """Each value with the grade that it must get, those right beyond a printed limit included."""
        listed = [(value, key) for key in self.table if key[0] in "012345?" for value in self.table[key]]
        yield from listed
        numbers = sorted((Decimal(v), key) for v, key in listed if isinstance(v, Decimal | int) and v is not True)
        for (low, below), (high, above) in pairwise(numbers):
            if below != above and high - low <= max(CLOSE, high / 50):
                yield (low + NEAR, above) if _rounder(low, high) else (high - NEAR, below)


def _rounder(one: Decimal, other: Decimal) -> bool:
    """Whether the first of two values is the printed one: it has fewer decimals."""
    return _decimals(one) < _decimals(other) or (_decimals(one) == _decimals(other) and one % 5 == 0)


def _decimals(value: Decimal) -> int:
    return -min(0, int(value.normalize().as_tuple().exponent))


@cache
def lines(version: str) -> tuple[Line, ...]:
    """Every line of a version, in the order of its file."""
    file = files("aldes.toxicity.ctcae").joinpath("cases", f"lines-{version}.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)["case"]
    return tuple(Line(version=version, number=number, table=table) for number, table in enumerate(tables, 1))


def disagreements(line: Line, ladder: Ladder, words: Vocabulary | None = None) -> Iterator[str]:
    """What the ladder grades otherwise than the line says, one sentence each."""
    for value, expected in line.values():
        got = graded(ladder, look({**line.table.get("given", {}), line.table["finding"]: value}, words or vocabulary()))
        if got != expected:
            yield f"at {line.table['finding']} = {value} '{expected}' was expected; the grade is '{got}'"


def graded(ladder: Ladder, look: Callable[[Name], Any]) -> str:
    """The slow, obvious reading: go down from the highest grade; the first yes is it, unless one above is unknown."""
    open_above = False
    for rung in reversed(ladder.rungs):
        answer = ask(rung.question, look)
        if answer is YES:
            return f"{rung.grade}{'?' * open_above}"
        open_above = open_above or answer is UNKNOWN
    return "?" if open_above else "0"


def look(given: Mapping[str, Any], words: Vocabulary) -> Callable[[Name], float | bool | str | None]:
    """What a question sees of a patient of whom these findings are known; the patient is alive unless it says so."""
    cells: dict[str, Any] = {"deceased": False, **given}

    def value(name: str) -> Cell:
        if name in cells:
            found: Cell = cells[name]
            return Decimal(found) if isinstance(found, int) and not isinstance(found, bool) else found
        op = words[name].derived
        if op is None or op.op != "formula":
            return None
        parts = {part: value(part) for part in names_in(op.formula)}
        numbers = {part: each for part, each in parts.items() if isinstance(each, Decimal)}
        if len(numbers) < len(parts):
            return None
        result = evaluate(op.formula, numbers)
        return None if result is None else exact(result, words[name].worse)

    def seen(name: Name) -> float | bool | str | None:
        found = value(name.finding)
        return float(found) if isinstance(found, Decimal) else found

    return seen
