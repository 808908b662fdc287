"""The case lines of what is asked before a course: what each line says against what the row answers.

A line is asked of a protocol that is handed over, so that the same lines also judge a mutated one
(`tools/mutate_rows.py`). README.md beside the lines explains their format.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from aldes.protocols.cases import read_cases
from aldes.protocols.eligibility import Eligibility, Retreatment
from aldes.protocols.layers import bases, names_of_protocols
from aldes.protocols.row import Protocol
from aldes.protocols.verdict import twice
from aldes.questions.ask import ask
from cases import ANSWERS, beside_the_limit, listed, look, site_with

PROTOCOLS = tuple(each for each in names_of_protocols() if each not in bases())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Eligible:
    """One block [[eligible]] of a case file."""

    protocol: str
    number: int
    table: Mapping[str, Any] = field(repr=False)

    @property
    def row(self) -> str:
        """The row that it is about."""
        return str(self.table["row"])

    @property
    def name(self) -> str:
        """How a failing test calls it."""
        return f"{self.protocol} eligible {self.number} {self.row}: {self.table['words']}"

    def site(self) -> Protocol:
        """The protocol resolved with the demo site and the settings of this line."""
        return site_with(self.protocol, self.table.get("settings", {}))


def eligible(protocol: str) -> tuple[Eligible, ...]:
    """Every such line of a protocol, in the order of its files."""
    return tuple(
        Eligible(protocol=protocol, number=number, table=table)
        for number, table in enumerate(read_cases(protocol).get("eligible", []), 1)
    )


def rows_of(protocol: Protocol) -> dict[str, Eligibility | Retreatment]:
    """The rows of selection and retreatment that ask anything, by id."""
    rows: tuple[Eligibility | Retreatment, ...] = (*protocol.eligibility, *protocol.retreatment)
    return {row.id: row for row in rows if row.question is not None or getattr(row, "tests", ())}


def disagreements(line: Eligible, protocol: Protocol) -> Iterator[str]:
    """What the protocol answers otherwise than the line says, one sentence each."""
    row = rows_of(protocol).get(line.row)
    if row is None:
        yield f"{line.row} is not asked"
        return
    sides = {key: line.table[key] for key in ANSWERS if key in line.table}
    for key, value in (*listed(sides), *beside_the_limit(sides)):
        answer = ask(twice(row), look(line.table, value))
        if answer is not ANSWERS[key]:
            yield f"at {line.table['finding']} = {value} '{key}' was expected; the answer is {answer.name.lower()}"
