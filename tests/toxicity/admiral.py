"""The grading tables of pharmaverse/admiral as facts: their cut-points in our own short words, and what they give.

`admiral.toml` holds the facts with their citation. `tools/ctcae_agree.py` reads the real files and compares them with
the facts; the tests compare the facts with our ladders, from just below to just above every cut-point.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from grade_cases import graded, look

from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.toxicity.ctcae.read import read

LOW_OF_LIMIT = Decimal("0.6")  # the lower limit that a baseline is held against here, as a share of the upper one
FACTS = Path(__file__).parent / "admiral.toml"
STEPS = (
    Decimal("-0.5"),
    Decimal("-0.01"),
    Decimal("-1e-6"),
    Decimal(0),
    Decimal("1e-6"),
    Decimal("0.01"),
    Decimal("0.5"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One term of one of their files, and what it is compared with."""

    file: str
    term: str
    unit: str
    version: str
    units: str  # ours: conventional or si
    ladder: str
    finding: str
    convert_from: str  # our unit for their value; empty where it is the finding's own
    limit: str  # our finding for ULN or LLN
    baseline: str
    baseline_limit: str
    limits: tuple[Decimal, ...]  # reference limits to try, in their unit
    given: Mapping[str, object]  # what else a patient of ours has: a clinician judged that there is nothing
    cuts: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One value, graded both ways."""

    value: Decimal
    limit: Decimal
    baseline: Decimal
    theirs: str
    ours: str

    @property
    def words(self) -> str:
        """How a report shows it."""
        return (
            f"value {self.value}, limit {self.limit}, baseline {self.baseline}: theirs {self.theirs}, ours {self.ours}"
        )


def facts() -> dict[str, object]:
    """The data file as written."""
    return tomllib.loads(FACTS.read_text(encoding="utf-8"), parse_float=Decimal)


def tables(data: Mapping[str, object] | None = None) -> tuple[Table, ...]:
    """Every table of the data file."""
    entries = (data or facts())["table"]
    assert isinstance(entries, list)
    return tuple(
        Table(
            **{key: each.get(key, "") for key in ("file", "term", "unit", "version", "units", "ladder", "finding")},
            **{key: each.get(key, "") for key in ("convert_from", "limit", "baseline", "baseline_limit")},
            limits=tuple(map(Decimal, each["limits"])),
            given=each.get("given", {}),
            cuts={int(grade): tuple(texts) for grade, texts in each["cuts"].items()},
        )
        for each in entries
    )


def compared(table: Table) -> Iterator[Compared]:
    """Every value near every cut-point of theirs, below, at and above, with normal and abnormal baselines."""
    for limit in table.limits:
        for times in map(Decimal, ("0.5", "0.9", "1", "1.5", "2") if table.baseline else ("1",)):
            baseline = limit * times
            for value in _values(table, limit, baseline):
                yield Compared(
                    value=value,
                    limit=limit,
                    baseline=baseline,
                    theirs=theirs(table.cuts, value, limit, baseline),
                    ours=ours(table, value, limit, baseline),
                )


def _values(table: Table, limit: Decimal, baseline: Decimal) -> list[Decimal]:
    points = {point for cuts in table.cuts.values() for cut in cuts for point in _points(cut, limit, baseline)}
    return sorted({point + step for point in points for step in STEPS if point + step > 0})


def _points(cut: str, limit: Decimal, baseline: Decimal) -> Iterator[Decimal]:
    for part in cut.split(" and "):
        if part.startswith("value "):
            yield _right(part, limit, baseline)


def theirs(cuts: Mapping[int, tuple[str, ...]], value: Decimal, limit: Decimal, baseline: Decimal) -> str:
    """Their grade: the highest with a cut that holds, else 0."""
    found = [grade for grade, each in cuts.items() if any(_holds(cut, value, limit, baseline) for cut in each)]
    return str(max(found, default=0))


def _holds(cut: str, value: Decimal, limit: Decimal, baseline: Decimal) -> bool:
    return all(_part(part, value, limit, baseline) for part in cut.split(" and "))


def _part(part: str, value: Decimal, limit: Decimal, baseline: Decimal) -> bool:
    if not part.startswith("value "):
        low = baseline < LOW_OF_LIMIT * limit
        return {"normal": baseline <= limit, "abnormal": baseline > limit, "low": low, "not low": not low}[part]
    right = _right(part, limit, baseline)
    return {"<": value < right, "<=": value <= right, ">": value > right, ">=": value >= right}[part.split()[1]]


def _right(part: str, limit: Decimal, baseline: Decimal) -> Decimal:
    """ "value > 3 * limit", "value < 75"."""
    product = Decimal(1)
    for word in part.split()[2::2]:
        product *= {"limit": limit, "baseline": baseline}.get(word) or Decimal(word)
    return product


def ours(table: Table, value: Decimal, limit: Decimal, baseline: Decimal) -> str:
    """Our grade of a patient with these results, whom a clinician judged to have nothing beyond them."""
    ladder = read(table.version, table.units).ladder(table.ladder)
    assert ladder is not None
    given = dict(table.given) | {table.finding: _own(table, value)}
    named = ((table.limit, limit), (table.baseline, baseline), (table.baseline_limit, limit))
    given |= {name: _own(table, each) for name, each in named if name}
    if table.baseline:
        given[f"{table.baseline}_low_limit"] = _own(table, LOW_OF_LIMIT * limit)
    return graded(ladder, look(given, vocabulary()))


def _own(table: Table, value: Decimal) -> Decimal:
    finding = vocabulary()[table.finding]
    return convert(value, table.convert_from or finding.unit, finding)
