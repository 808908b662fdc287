"""The case lines, asked: what each line of `cases/*.toml` says against what the rows answer.

A line is asked of a protocol that is handed over, so that the same lines also judge a mutated one
(`tools/mutate_rows.py`). README.md beside the lines explains their format.
"""

import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from aldes.administration.decide import word_of
from aldes.findings.charted import Charted, Value
from aldes.findings.moment import Moment
from aldes.findings.view import View
from aldes.findings.vocabulary import Finding, Kind, Vocabulary, Worse
from aldes.protocols.cases import read_cases
from aldes.protocols.compile import Compiled, compiled, seen_through, twice, unnamed
from aldes.protocols.read import read
from aldes.protocols.readiness import rows_before_dose_1
from aldes.protocols.row import Protocol, Row
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import Look, ask
from aldes.questions.tree import Name, Not, Question

PROTOCOLS = ("us-label-2023", "us-label-1992", "consensus-2014", "institution-2015", "nci-2001", "til-2024")
BEDSIDE = tuple(each for each in PROTOCOLS if read(each).bedside)
BLOCKS = ("case", "series", "count", "uncovered")
ANSWERS = {"yes": YES, "no": NO, "unknown": UNKNOWN}
NEUTRAL = {  # others: 0
    "dose_number": 8.0,
    "doses_in_cycle": 7.0,
    "cycle": 1.0,
    "systolic_target": 90.0,
    "creatinine_limit": 1.2,
}
FAR = 1e6  # beyond every limit

Cell = float | bool | str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """One block of a case file."""

    protocol: str
    block: str
    number: int
    table: Mapping[str, Any] = field(repr=False)

    @property
    def row(self) -> str:
        """The row that it is about; none for a counting rule."""
        return f"NO-ROW-{self.table['finding']}" if self.block == "uncovered" else str(self.table.get("row", ""))

    @property
    def settings(self) -> tuple[tuple[str, object], ...]:
        """The site settings that it depends on."""
        rule = {"counting": self.table["rule"]} if self.block == "count" else {}
        return tuple(sorted((rule | self.table.get("settings", {})).items()))

    @property
    def name(self) -> str:
        """How a failing test calls it."""
        return f"{self.protocol} {self.block} {self.number} {self.row or self.table['rule']}: {self.table['words']}"

    @property
    def signed(self) -> tuple[str, ...]:
        """The recalled rows that this line takes as compared with the printed page."""
        if not self.table.get("signed"):
            return ()
        return tuple(row.id for row in read(self.protocol, "demo").rows if row.recalled)

    def site(self) -> Protocol:
        """The protocol resolved with the demo site and the settings and signatures of this line."""
        return site_with(self.protocol, dict(self.settings), self.signed)


def lines(protocol: str) -> tuple[Line, ...]:
    """Every line of a protocol, in the order of its file."""
    tables = read_cases(protocol)
    return tuple(
        Line(protocol=protocol, block=block, number=number, table=table)
        for block in BLOCKS
        for number, table in enumerate(tables.get(block, []), 1)
    )


def disagreements(line: Line, protocol: Protocol, vocabulary: Vocabulary) -> Iterator[str]:
    """What the protocol answers otherwise than the line says, one sentence each."""
    if line.block == "count":
        yield from _count(line, protocol, vocabulary)
        return
    row = find(protocol, line.row)
    if row is None:
        yield f"{line.row} is not asked"
    elif line.block == "series":
        yield from _series(line, row, protocol, vocabulary)
    else:
        yield from _case(line, row)


def find(protocol: Protocol, id: str) -> Row | None:
    """The row as the decision asks it: under the counting rule in force, for unnamed support, or before dose 1."""
    rows = (*protocol.rows, *unnamed(protocol), *rows_before_dose_1(protocol))
    return next((row for row in rows if row.id == id and row.rule in ("", protocol.counting)), None)


def site_with(protocol: str, settings: Mapping[str, object], signed: tuple[str, ...] = ()) -> Protocol:
    """The protocol resolved with the demo site, these settings in place of its own and these rows signed."""
    return read(protocol, _site(tuple(sorted(settings.items())), signed) if settings or signed else "demo")


@cache
def _site(settings: tuple[tuple[str, object], ...], signed: tuple[str, ...] = ()) -> str:
    """A site file as the demo site's, with these settings in place of its own and these rows signed."""
    text = files("aldes.protocols").joinpath("sites", "demo.toml").read_text(encoding="utf-8")
    for key, value in settings:
        written = f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}"
        text, found = re.subn(rf"(?m)^{key} = .*$", written, text)
        if found != 1:
            raise KeyError(f"a case line sets '{key}', which the demo site does not set")
    text += "".join(f'\n[[sign]]\nrow = "{row}"\nby = "a line"\npage = "1"\ndate = "2024-03-06"\n' for row in signed)
    path = Path(_folder().name) / f"site-{abs(hash((settings, signed)))}.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="aldes-sites-")


# ── one row, one finding that varies ──


def _case(line: Line, row: Row) -> Iterator[str]:
    table = line.table
    asked, resume = twice(row), resume_of(row)
    for keys, question in ((("no", "yes", "unknown"), asked), (("stays", "resume"), resume)):
        sides = {key: table[key] for key in keys if key in table}
        for key, value in (*listed(sides), *beside_the_limit(sides)):
            answer = ask(question, look(table, value))
            right = answer is not YES if key == "stays" else answer is ANSWERS.get(key, YES)
            if not right:
                yield f"at {table['finding']} = {value} '{key}' was expected; the answer is {answer.name.lower()}"


def resume_of(row: Row) -> Question:
    """The row's own resume question, else the complement of its criterion."""
    return row.resume or Not(row.question)


def look(table: Mapping[str, Any], value: Cell) -> Look:
    cells: dict[str, Cell] = {**table.get("given", {}), table["finding"]: value}
    return lambda name: cells.get(name.finding)


def listed(sides: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, Any]]:
    for key, values in sides.items():
        yield from ((key, value) for value in values)


def beside_the_limit(sides: Mapping[str, Sequence[Any]]) -> Iterator[tuple[str, float]]:
    """The doubles beside each printed limit, which must answer as their side does.

    Where the answer changes between two values, the one with fewer decimals is the printed limit; of two whole
    numbers neither is, for they are counts or days.
    """
    marks = sorted((float(value), key) for key, value in listed(sides) if not isinstance(value, bool | str))
    for (low, below), (high, above) in pairwise(marks):
        if below == above or _decimals(low) == _decimals(high):
            continue
        if _decimals(low) < _decimals(high):
            yield below, math.nextafter(low, -math.inf)
            yield above, math.nextafter(low, math.inf)
        else:
            yield below, math.nextafter(high, -math.inf)
            yield above, math.nextafter(high, math.inf)


def _decimals(value: float) -> int:
    return 0 if value == int(value) else len(repr(value).partition(".")[2])


# ── charted entries in time ──


def _series(line: Line, row: Row, protocol: Protocol, vocabulary: Vocabulary) -> Iterator[str]:
    table = line.table
    moment = _moment(table, protocol, vocabulary)
    onset = datetime.fromisoformat(table["onset"]) if "onset" in table else None
    question = seen_through(resume_of(row), View.RESUME, row.id) if onset else twice(row)

    def look(name: Name) -> Cell:
        if name.finding in table.get("given", {}):
            return table["given"][name.finding]  # type: ignore[no-any-return]  # as written in the file
        value = moment.look(name.finding, name.view, onset, row.resume_by or None if onset else None).value
        return float(value) if isinstance(value, Decimal) else value

    answer = ask(question, look)
    if answer is not ANSWERS[table["expect"]]:
        yield f"'{table['expect']}' was expected; the answer is {answer.name.lower()}"


def _moment(table: Mapping[str, Any], protocol: Protocol, vocabulary: Vocabulary) -> Moment:
    now, last, first = (datetime.fromisoformat(table[key]) for key in ("now", "last_dose", "first_dose"))
    series: dict[str, list[Charted]] = {}
    for number, entry in enumerate(table["entries"]):
        series.setdefault(entry["finding"], []).append(_charted(entry, number))
    return Moment(
        now=now,
        vocabulary=vocabulary,
        series=series,
        max_age={name: each.max_age for name, each in protocol.required.items()},
        slot_opened=last,
        last_dose=last,
        cycle_start=first,
        course_start=datetime.fromisoformat(table["course_start"]) if "course_start" in table else first,
    )


def _charted(entry: Mapping[str, Any], number: int) -> Charted:
    value = _value(entry["value"])
    return Charted(
        finding=entry["finding"],
        id=f"entry {number}",
        time=datetime.fromisoformat(entry.get("time") or entry["end"]),
        start=datetime.fromisoformat(entry["start"]) if "start" in entry else None,
        worst=value,
        valid=value,
        low=Decimal(str(entry["low"])) if "low" in entry else None,
        high=Decimal(str(entry["high"])) if "high" in entry else None,
        role=entry.get("role"),
    )


def _value(value: Any) -> Value:
    return value if isinstance(value, bool | str) else Decimal(str(value))


# ── counting rules, through the whole decision ──


def _count(line: Line, protocol: Protocol, vocabulary: Vocabulary) -> Iterator[str]:
    table, decision = line.table, compiled.__wrapped__(protocol)
    criteria, absolute = relative(line.protocol), [[row] for row in absolutes(line.protocol)]
    for number in table["relative_groups"]:
        for turn in range(_turns(criteria, number, absolute, table["absolute"])):
            some = (*_neighbours(criteria, number, turn), *_neighbours(absolute, table["absolute"], turn))
            true = frozenset(id for each in some for id in each)
            found = word_of(*decided(decision, true, vocabulary, table.get("not_easily_reversed"))).value
            if found != table["expect"]:
                yield f"with {', '.join(sorted(true)) or 'nothing'} '{table['expect']}' was expected, not '{found}'"


def _turns(criteria: list[list[str]], number: int, absolute: list[list[str]], count: int) -> int:
    """So many tries that each criterion which may be true is once the first of its neighbours."""
    return max(len(criteria) if number else 1, len(absolute) if count else 1)


def _neighbours(items: list[list[str]], number: int, turn: int) -> list[list[str]]:
    return [items[(turn + step) % len(items)] for step in range(number)]


def relative(protocol: str) -> list[list[str]]:
    """The relative criteria as the case file lists them: the rows of one block count once."""
    return [each["rows"] for each in read_cases(protocol).get("relative", [])]


def absolutes(protocol: str) -> list[str]:
    """The absolute rows as the case file lists them."""
    return [row for each in read_cases(protocol).get("absolute", []) for row in each["rows"]]


def decided(
    decision: Compiled, true: frozenset[str], vocabulary: Vocabulary, reversed_: bool | None = None
) -> tuple[Any, Any]:
    """STOP and HOLD when exactly these rows are yes: each row sees findings of its own, at their worst or best."""

    def look(name: Name) -> Cell:
        if "." in name.finding:
            return False  # nothing stands and nothing was raised
        if name.finding == "not_easily_reversed":
            return reversed_
        return extreme(vocabulary[name.finding], worst=name.row in true)

    return ask(decision.stop, look), ask(decision.hold, look)


def extreme(finding: Finding, *, worst: bool) -> Cell:
    """A value beyond every limit, on the worse or the better side; a neutral one where neither is worse."""
    if finding.kind is Kind.FLAG:
        return worst is (finding.worse is Worse.TRUE)
    if finding.kind is Kind.CODE:
        return finding.codes[-1 if worst else 0]
    if finding.worse is Worse.NONE:
        return NEUTRAL.get(finding.name, 0.0)
    return FAR if worst is (finding.worse is Worse.HIGH) else -FAR
