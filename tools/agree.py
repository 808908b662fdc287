"""Ask millions of random patients three ways, and count the decisions that differ: there must be none.

    python tools/agree.py [--patients N]

The bedside protocols, at the demo site, share N random patients (1,000,000) evenly; each is decided by the slow
reference, by NumPy and by DuckDB. Then a sweep: every limit, one unit of least precision below and above it, and a
missing value, each alone on an otherwise well patient, and on one with every hold standing. Then the verdicts of
selection, of every protocol that selects. It ends with 1 if a
decision differs, or if one of the four decisions was never reached: then the draw proves nothing.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.protocols.compile import Compiled, compiled
from aldes.protocols.layers import bases
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.verdict import Selecting, Verdict, selecting, verdict_of
from aldes.questions import arrays, sql
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.ask import ask
from aldes.questions.columns import candidates, column
from aldes.questions.signs import UP, signs
from aldes.questions.tree import Compare, Name, Node, Number, Or, Question, children, names

AT_ONCE = 20_000  # patients in one table
PROCESSES = 2
GRAINS = ("finding", "view", "row", "mixed")  # how finely a table's columns tell views and rows apart
CHANGED = (0.0, 0.002, 0.01, 0.05, 0.3, 1.0)  # the share of a patient's columns that are not well

Cell = float | bool | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a drawn table: its value in a well patient, and the values worth trying."""

    key: str
    kind: Kind
    codes: tuple[str, ...] = ()
    well: float
    tried: tuple[float, ...]
    low: float = 0
    high: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How many patients were given, held... and which decisions differed."""

    decisions: Counter[str] = field(default_factory=Counter)
    differ: tuple[str, ...] = ()


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--patients", type=int, default=1_000_000, help="random patients in all")
    patients = reader.parse_args().patients
    print(f"{'protocol':<20}{'draw':<8}{'patients':>10}", *(f"{each:>13}" for each in arrays.DECISIONS), end="")
    print(f"{'differ':>8}{'seconds':>9}")
    protocols = bedside()
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        sound = [_report(each, math.ceil(patients / len(protocols)), pool) for each in protocols]
        print(f"\n{'verdict':<20}{'draw':<8}{'patients':>10}", *(f"{each:>20}" for each in Verdict), f"{'differ':>8}")
        selects = selecting_protocols()
        sound += [_report_verdicts(each, math.ceil(patients / len(selects)), pool) for each in selects]
    return 0 if all(sound) else 1


def selecting_protocols() -> list[str]:
    """The protocols that select patients, for the bedside or not."""
    return [each for each in names_of_protocols() if each not in bases() and read(each, "demo").eligibility]


def _report_verdicts(protocol: str, patients: int, pool: ProcessPoolExecutor) -> bool:
    """The verdicts of random patients, three ways; every verdict that the protocol knows must be reached."""
    sizes = [min(AT_ONCE, patients - start) for start in range(0, patients, AT_ONCE)]
    verdicts: Counter[str] = Counter()
    differ: list[str] = []
    for part in pool.map(draw_and_compare_verdicts, [protocol] * len(sizes), range(len(sizes)), sizes):
        verdicts += part.decisions
        differ += part.differ
    counts = [f"{verdicts[each]:>20,}" for each in Verdict]
    print(f"{protocol:<20}{'random':<8}{verdicts.total():>10,}", *counts, f"{len(differ):>7}", flush=True)
    for each in differ[:5]:
        print(each, file=sys.stderr)
    least = 2 if read(protocol, "demo").no_selection else len(Verdict)
    swept = list(pool.map(sweep_verdicts, [protocol] * 3, GRAINS[:3]))
    for each in (line for part in swept for line in part.differ[:5]):
        print(each, file=sys.stderr)
    return not differ and len(verdicts) >= least and not any(part.differ for part in swept)


def draw_and_compare_verdicts(protocol: str, seed: int, size: int) -> Found:
    """The verdicts of random patients: by the reference, by NumPy, by DuckDB."""
    own = selecting(read(protocol, "demo"))
    draw = np.random.default_rng([seed, *protocol.encode()])
    grain = GRAINS[seed % len(GRAINS)]
    table = drawn(Or((own.exclude, own.caution)), grain, draw, size)
    return compare_verdicts(own, table, f"{protocol}, {grain}, seed {seed}")


def sweep_verdicts(protocol: str, grain: str) -> Found:
    """Every value worth trying, the missing one too, in one column at a time of a patient whom nothing excludes."""
    own = selecting(read(protocol, "demo"))
    every = columns(Or((own.exclude, own.caution)), grain, np.random.default_rng(0))
    well = [each.well for each in every]
    patients = [
        [*well[:place], value, *well[place + 1 :]]
        for place, each in enumerate(every)
        for value in (each.well, *each.tried)
    ]
    table = {
        each.key: values if each.kind is Kind.NUMBER else values.astype(np.int8)
        for each, values in zip(every, np.array(patients).T, strict=True)
    }
    return compare_verdicts(own, table, f"{protocol}, {grain}, sweep")


def compare_verdicts(own: Selecting, table: arrays.Table, place: str) -> Found:
    """The verdicts of one table, three ways."""
    reference = list(verdicts_by_reference(own, table))
    pairs = zip(*arrays.answers((own.exclude, own.caution), table), strict=True)
    by_numpy = [verdict_of(Answer(int(exclude)), Answer(int(caution))).value for exclude, caution in pairs]
    differ = tuple(
        f"{place}, patient {number}: reference {one}, NumPy {two}, DuckDB {three}"
        for number, (one, two, three) in enumerate(
            zip(reference, by_numpy, verdicts_by_duckdb(own, table), strict=True)
        )
        if not one == two == three
    )
    return Found(decisions=Counter(reference), differ=differ)


def verdicts_by_reference(own: Selecting, table: arrays.Table) -> Iterator[str]:
    """One patient after the other, the slow and obvious way."""
    cells = {key: list(_cells(key, data)) for key, data in table.items()}
    asked = {id(name): cells[column(name, table)] for name in (*names(own.exclude), *names(own.caution))}
    for patient in range(len(next(iter(cells.values())))):

        def look(name: Name, patient: int = patient) -> Cell:
            return asked[id(name)][patient]

        yield verdict_of(ask(own.exclude, look), ask(own.caution, look)).value


def verdicts_by_duckdb(own: Selecting, table: arrays.Table) -> list[str]:
    """As a table is screened: the answers of SQL, and the verdict from them."""
    with duckdb.connect() as connection:
        connection.execute("SET threads=1")
        load(connection, "patients", table)
        patients = connection.table("patients").order("place")
        pair = ", ".join(sql.write(each, patients.columns) for each in (own.exclude, own.caution))
        answer = {True: YES, False: NO, None: UNKNOWN}
        return [verdict_of(answer[one], answer[other]).value for one, other in patients.project(pair).fetchall()]


def bedside() -> list[str]:
    """The protocols that a patient may be treated by."""
    return [each for each in names_of_protocols() if read(each, "demo").bedside]


def _report(protocol: str, patients: int, pool: ProcessPoolExecutor) -> bool:
    sizes = [min(AT_ONCE, patients - start) for start in range(0, patients, AT_ONCE)]
    jobs = [(protocol, GRAINS[seed % len(GRAINS)], seed, size) for seed, size in enumerate(sizes)]
    started = time.perf_counter()
    sound = _print_found(protocol, "random", pool.map(draw_and_compare, *zip(*jobs, strict=True)), started, 4)
    started = time.perf_counter()
    return _print_found(protocol, "sweep", pool.map(sweep, [protocol] * 3, GRAINS[:3]), started, 2) and sound


def _print_found(protocol: str, draw: str, parts: Iterable[Found], started: float, least: int) -> bool:
    """One line of the table; whether all agreed and at least so many different decisions were reached."""
    decisions: Counter[str] = Counter()
    differ: list[str] = []
    for part in parts:
        decisions += part.decisions
        differ += part.differ
    counts = [f"{decisions[each]:>13,}" for each in arrays.DECISIONS]
    seconds = time.perf_counter() - started
    print(f"{protocol:<20}{draw:<8}{decisions.total():>10,}", *counts, f"{len(differ):>7}{seconds:>9.1f}", flush=True)
    for each in differ[:5]:
        print(each, file=sys.stderr)
    if len(decisions) < least:
        print(f"{protocol}, {draw}: only {', '.join(decisions)} were reached; draw more patients.", file=sys.stderr)
    return not differ and len(decisions) >= least


def draw_and_compare(protocol: str, grain: str, seed: int, size: int) -> Found:
    """The decisions of random patients, three ways."""
    decision = compiled(read(protocol, "demo"))
    draw = np.random.default_rng([seed, *protocol.encode()])
    table = drawn(Or((decision.stop, decision.hold)), grain, draw, size)
    return compare(decision, table, f"{protocol}, {grain}, seed {seed}")


def drawn(whole: Question, grain: str, draw: np.random.Generator, size: int) -> dict[str, NDArray[Any]]:
    """Random patients: most of them well but for a few columns, some of them changed in every column."""
    share = draw.choice(CHANGED, size)
    table: dict[str, NDArray[Any]] = {}
    for each in columns(whole, grain, draw):
        values = draw.choice(each.tried, size)
        if each.kind is Kind.NUMBER:
            values = np.where(draw.random(size) < 0.2, draw.uniform(each.low, each.high, size), values)
        values = np.where(draw.random(size) < share, values, each.well)
        table[each.key] = values if each.kind is Kind.NUMBER else values.astype(np.int8)
    return table


def sweep(protocol: str, grain: str) -> Found:
    """Every value worth trying, in one column at a time: of a well patient, and of one with every hold standing."""
    decision = compiled(read(protocol, "demo"))
    every = columns(Or((decision.stop, decision.hold)), grain, np.random.default_rng(0))
    well = [each.well for each in every]
    liftable = {f"standing.{row}" for row, resume in decision.resume.items() if resume is not None}
    held = [1.0 if each.key.split("@")[0] in liftable else each.well for each in every]
    patients = [
        [*base[:place], value, *base[place + 1 :]]
        for base in (well, held)
        for place, each in enumerate(every)
        for value in (each.well, *each.tried)
    ]
    numbers = np.array(patients).T
    table = {
        each.key: values if each.kind is Kind.NUMBER else values.astype(np.int8)
        for each, values in zip(every, numbers, strict=True)
    }
    return compare(decision, table, f"{protocol}, {grain}, sweep")


def compare(decision: Compiled, table: arrays.Table, place: str) -> Found:
    """The decisions of one table, three ways."""
    reference = list(by_reference(decision, table))
    by_numpy = [arrays.DECISIONS[code] for code in arrays.decide(decision.stop, decision.hold, table)]
    by_sql = by_duckdb(decision, table)
    differ = [
        f"{place}, patient {number}: reference {one}, NumPy {two}, DuckDB {three}"
        for number, (one, two, three) in enumerate(zip(reference, by_numpy, by_sql, strict=True))
        if not one == two == three
    ]
    return Found(decisions=Counter(reference), differ=tuple(differ))


def by_reference(decision: Compiled, table: arrays.Table) -> Iterator[str]:
    """One patient after the other, the slow and obvious way."""
    cells = {key: list(_cells(key, data)) for key, data in table.items()}
    asked = {id(name): cells[column(name, table)] for name in (*names(decision.stop), *names(decision.hold))}
    for patient in range(len(next(iter(cells.values())))):

        def look(name: Name, patient: int = patient) -> Cell:
            return asked[id(name)][patient]  # the tree's own names, each found without comparing

        stop = ask(decision.stop, look)
        hold = ask(decision.hold, look)
        if stop is YES:
            yield "stop"
        elif hold is YES:
            yield "hold"
        else:
            yield "insufficient" if UNKNOWN in (stop, hold) else "give"


def by_duckdb(decision: Compiled, table: arrays.Table) -> list[str]:
    with duckdb.connect() as connection:
        connection.execute("SET threads=1")
        load(connection, "patients", table)
        decided = sql.decide_table(connection, "patients", decision.stop, decision.hold, vocabulary())
        return [word for (word,) in decided.order("place").project("decision").fetchall()]


def load(connection: duckdb.DuckDBPyConnection, name: str, table: arrays.Table) -> None:
    """The arrays as a table of DuckDB: NaN, 0 and -1 become NULL, flags BOOLEAN, ranks their codes."""
    patients = len(next(iter(table.values())))
    connection.register("arrays", {**table, "place": np.arange(patients)})
    selected = ", ".join(f"{_as_sql(key)} AS {sql.identifier(key)}" for key in table)
    connection.table("arrays").project(f"place, {selected}").create(name)
    connection.unregister("arrays")


def columns(whole: Question, grain: str, draw: np.random.Generator) -> list[Column]:
    """The columns of a table that answers this question, in the tree's order."""
    toward_worse = dict(signs(whole, vocabulary()))
    limits = _limits(whole)
    keys = {_key(name, grain, draw): name.finding for name in dict.fromkeys(names(whole))}
    return [
        _column(key, finding, limits.get(finding, set()), toward_worse.get(finding, UP))
        for key, finding in keys.items()
    ]


def _key(name: Name, grain: str, draw: np.random.Generator) -> str:
    finest_first = candidates(name)
    if grain == "mixed":
        return str(draw.choice(finest_first))
    return finest_first[{"finding": -1, "view": -2, "row": 0}[grain]]


def _column(key: str, finding: str, limits: set[float], sign: int) -> Column:
    kind, codes = _kind(finding), _codes(finding)
    if kind is not Kind.NUMBER:
        highest = len(codes) - 1 if kind is Kind.CODE else 1
        well = 0 if kind is Kind.CODE else -sign  # what must be in place is well when it is
        return Column(key=key, kind=kind, codes=codes, well=well, tried=tuple(range(-1, highest + 1)))
    survivable = vocabulary()[finding].survivable or ()
    ends = sorted({*limits, *(float(each) for each in survivable)})
    low, high = (ends[0], ends[-1]) if survivable else (ends[0] - 10, ends[-1] + 10)
    near = [math.nextafter(each, toward) for each in ends for toward in (-math.inf, math.inf)]
    tried = (*ends, *near, low, high, math.nan)
    return Column(key=key, kind=kind, well=low if sign == UP else high, tried=tried, low=low, high=high)


def _limits(node: Node) -> dict[str, set[float]]:
    """The numbers that each finding is compared with; two findings that are compared share theirs."""
    found: dict[str, set[float]] = {}
    for compared in _comparisons(node):
        asked = {name.finding for name in names(compared)}
        shared = set(_numbers(compared)).union(*(found.get(each, set()) for each in asked))
        shared |= (
            {float(end) for each in asked for end in vocabulary()[each].survivable or ()} if len(asked) > 1 else set()
        )
        for each in asked:
            found.setdefault(each, set()).update(shared)
    return found


def _comparisons(node: Node) -> Iterator[Compare]:
    if isinstance(node, Compare):
        yield node
    for child in children(node):
        yield from _comparisons(child)


def _numbers(node: Node) -> Iterator[float]:
    if isinstance(node, Number):
        yield node.value
    for child in children(node):
        yield from _numbers(child)


def _kind(key: str) -> Kind:
    """The kind of a column's finding; what the vocabulary lacks is a flag of the record (`standing.ROW`)."""
    finding = vocabulary().findings.get(key.split("@")[0])
    return finding.kind if finding else Kind.FLAG


def _codes(key: str) -> tuple[str, ...]:
    finding = vocabulary().findings.get(key.split("@")[0])
    return finding.codes if finding else ()


def _cells(key: str, data: NDArray[Any]) -> Iterator[Cell]:
    kind, codes = _kind(key), _codes(key)
    for value in data.tolist():
        if kind is Kind.NUMBER:
            yield None if math.isnan(value) else value
        elif kind is Kind.FLAG:
            yield None if value == 0 else value > 0
        else:
            yield None if value < 0 else codes[value]


def _as_sql(key: str) -> str:
    kind, name = _kind(key), sql.identifier(key)
    if kind is Kind.NUMBER:
        return f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
    if kind is Kind.FLAG:
        return f"CASE {name} WHEN 1 THEN TRUE WHEN -1 THEN FALSE END"
    words = " ".join(f"WHEN {rank} THEN {sql.text(code)}" for rank, code in enumerate(_codes(key)))
    return f"CASE {name} {words} END"


if __name__ == "__main__":
    sys.exit(main())
