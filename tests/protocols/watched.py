"""The case lines of what stands beside the decision, asked: what is watched, told, given, done and checked.

A line is asked of a row that is handed over, so that the same lines also judge a mutated one
(`tools/mutate_watched.py`). README.md beside the lines explains their format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from aldes.protocols.care import Care, Fluid, Premedication, Titration
from aldes.protocols.cases import read_cases
from aldes.protocols.interaction import ATC, Interaction
from aldes.protocols.layers import bases, names_of_protocols
from aldes.protocols.monitor import Monitor
from aldes.protocols.notify import Notify
from aldes.protocols.read import read
from aldes.protocols.row import Cited, Protocol
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import ask
from aldes.questions.tree import Question
from cases import beside_the_limit, listed, look

PROTOCOLS = tuple(each for each in names_of_protocols() if each not in bases())
BLOCKS = ("when", "owed", "advice", "listed")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """One block of a case file about a row beside the decision."""

    protocol: str
    block: str
    number: int
    table: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """How a failing test calls it."""
        return f"{self.protocol} {self.block} {self.number} {self.table['row']}: {self.table['words']}"


def said(protocol: str) -> tuple[Said, ...]:
    """Every such line of a protocol, in the order of its files."""
    return tuple(
        Said(protocol=protocol, block=block, number=number, table=table)
        for block in BLOCKS
        for number, table in enumerate(read_cases(protocol).get(block, []), 1)
    )


def rows_beside(protocol: str) -> dict[str, Cited]:
    """The rows of a protocol that decide nothing, by id."""
    resolved: Protocol = read(protocol)
    return {row.id: row for row in resolved.every_row() if row not in resolved.rows}


def contradictions(line: Said, row: Cited | None) -> Iterator[str]:
    """What a row says otherwise than the line, one sentence each."""
    match line.block, row:
        case "when", Monitor() | Notify() | Care() | Premedication():
            yield from _when(line.table, row)
        case "owed", Monitor():
            yield from _owed(line.table, row)
        case "advice", Care() | Premedication():
            yield from _advice(line.table, row)
        case "listed", Interaction():
            yield from _listed(line.table, row)
        case _:
            yield f"{line.table['row']} has no '{line.block}'"


def _when(table: Mapping[str, Any], row: Monitor | Notify | Care | Premedication) -> Iterator[str]:
    condition = None if isinstance(row, Premedication) else row.question
    excluded = row.not_if.question if isinstance(row, Care | Premedication) and row.not_if else None
    for keys, question in ((("no", "yes"), condition), (("allows", "forbids"), excluded)):
        sides = {key: table[key] for key in keys if key in table}
        if sides and question is None:
            yield f"nothing is asked for {' and '.join(sides)}"
        elif question is not None:
            yield from _sides(table, sides, question)


def _sides(table: Mapping[str, Any], sides: Mapping[str, Any], question: Question) -> Iterator[str]:
    for key, value in (*listed(sides), *beside_the_limit(sides)):
        answer = ask(question, look(table, value))
        if answer is not (YES if key in ("yes", "forbids") else NO):
            yield f"at {table['finding']} = {value} '{key}' was expected; the answer is {answer.name.lower()}"


def _owed(table: Mapping[str, Any], row: Monitor) -> Iterator[str]:
    if row.often.value != table["often"]:
        yield f"'{table['often']}' was expected, not '{row.often.value}'"
    if sorted(row.findings) != sorted(table.get("findings", [])):
        yield f"it watches {', '.join(row.findings) or 'no finding'}"
    if "phases" in table and [each.value for each in row.phases] != table["phases"]:
        yield f"its phases are {', '.join(row.phases)}"
    for raised, keys in ((False, ("fresh", "overdue")), (True, ("fresh_raised", "overdue_raised"))):
        limit = row.within_h(raised=raised)
        for hours in table.get(keys[0], []):
            if limit is None or Decimal(str(hours)) > limit:
                yield f"{hours} h ago is overdue"
        for hours in table.get(keys[1], []):
            if limit is None or Decimal(str(hours)) <= limit:
                yield f"{hours} h ago is not overdue"


def _advice(table: Mapping[str, Any], row: Care | Premedication) -> Iterator[str]:
    numbers = re.findall(r"\d[\d,.]*\d|\d", row.advice)
    if numbers != table.get("numbers", []):
        yield f"the advice holds the numbers {', '.join(numbers)}"
    for text in table["says"]:
        if text not in row.advice:
            yield f"the advice does not say '{text}'"
    if "phases" in table and [each.value for each in row.phases] != table["phases"]:
        yield f"its phases are {', '.join(row.phases)}"
    if isinstance(row, Care):
        if _action(row) != table.get("do"):
            yield f"its action is {_action(row)}"
        if row.recheck_min != table.get("recheck_min"):
            yield f"it is rechecked after {row.recheck_min} min"


def _action(row: Care) -> dict[str, Any] | None:
    match row.do:
        case Fluid(fluid_ml=ml, over_min=minutes):
            return {"fluid_ml": ml, "over_min": minutes}
        case Titration(drug=drug, start=start, step=step, max=most, unit=unit):
            return {"drug": drug, "start": start, "step": step, "max": most, "unit": unit}
    return None


def _listed(table: Mapping[str, Any], row: Interaction) -> Iterator[str]:
    for key, wanted in (("yes", YES), ("no", NO), ("unsure", UNKNOWN)):
        for code in table.get(key, []):
            answer = row.concerns([(ATC, code)])
            if answer is not wanted:
                yield f"for {code} '{key}' was expected; the answer is {answer.name.lower()}"
    for key, days in (("before_days", row.before_days), ("after_days", row.after_days)):
        if days != table.get(key):
            yield f"{key} is {days}"
