"""One tree, three back ends: the slow reference, NumPy and DuckDB answer alike, for random trees and patients."""

import math
from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.questions import arrays, ask, columns, sql
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.parse import parse
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
    Node,
    Not,
    Number,
    Or,
    Question,
    Row,
    children,
)

PATIENTS = 2000
NUMBERS = ("spo2", "creatinine", "urine", "systolic@charted", "systolic")
FLAGS = ("angina", "seizure", "seizure@charted@R1", "standing.R1")
CODES = vocabulary()["mental_status"].codes
COLUMNS = (*NUMBERS, *FLAGS, "mental_status")
OPS = ("<", "<=", ">", ">=", "==", "!=")

views, rows = st.sampled_from(list(View)), st.sampled_from([None, "R1"])
limits = st.sampled_from([90.0, 4.5, 160.0, 0.1, -1.5, 0.0, 1e-7, 123456.789, 999999999999999.0])
terms = st.recursive(
    st.builds(Number, limits)
    | st.builds(Name, st.sampled_from(["spo2", "creatinine", "urine", "systolic"]), views, rows),
    lambda below: (
        st.builds(Arithmetic, st.sampled_from("+-*"), below, below)
        | st.builds(Arithmetic, st.just("/"), below, st.builds(Number, limits.filter(bool)))
    ),
    max_leaves=3,
)
leaves = st.one_of(
    st.builds(Compare, st.sampled_from(OPS), terms, terms),
    st.builds(Flag, st.builds(Name, st.sampled_from(["angina", "seizure", "standing.R1"]), views, rows)),
    st.builds(
        In,
        st.builds(Name, st.just("mental_status"), views, rows),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=4, unique=True).map(tuple),
    ),
    st.builds(Constant, st.sampled_from([NO, UNKNOWN, YES])),
)


def grown(below: st.SearchStrategy[Question]) -> st.SearchStrategy[Question]:
    parts = st.lists(below, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(And, parts),
        st.builds(Or, parts),
        st.builds(Not, below),
        st.builds(Known, below),
        st.builds(AtLeast, st.integers(0, 5), parts),
        st.builds(Row, st.just("R1"), below),
        below.map(lambda part: Or((Known(part), part))),
    )


questions = st.recursive(leaves, grown, max_leaves=10)


def numbers_in(node: Node) -> Iterator[float]:
    if isinstance(node, Number):
        yield node.value
    for child in children(node):
        yield from numbers_in(child)


def patients(asked: Question, seed: int, count: int = PATIENTS) -> arrays.Table:
    """Every column drawn from: each limit of the tree, its two neighbours, not known, and anything between."""
    draw = np.random.default_rng(seed)
    near = [np.nan]
    for limit in {90.0, *numbers_in(asked)}:
        near += [limit, math.nextafter(limit, -math.inf), math.nextafter(limit, math.inf), -limit]
    table: dict[str, Any] = {}
    for name in NUMBERS:
        table[name] = np.where(draw.random(count) < 0.7, draw.choice(near, count), draw.uniform(-10, 300, count))
    for name in FLAGS:
        table[name] = draw.integers(-1, 2, count).astype(np.int8)
    table["mental_status"] = draw.integers(-1, len(CODES), count).astype(np.int8)
    return table


def cells(table: arrays.Table) -> list[dict[str, float | bool | str | None]]:
    """The same patients, one by one, the way the reference looks at them."""
    flag = {1: True, -1: False, 0: None}
    plain: dict[str, list[float | bool | str | None]] = {}
    for name, data in table.items():
        if name in NUMBERS:
            plain[name] = [None if math.isnan(value) else value for value in data.tolist()]
        elif name in FLAGS:
            plain[name] = [flag[value] for value in data.tolist()]
        else:
            plain[name] = [CODES[rank] if rank >= 0 else None for rank in data.tolist()]
    return [dict(zip(plain, row, strict=True)) for row in zip(*plain.values(), strict=True)]


def by_reference(asked: Question, table: arrays.Table) -> list[int]:
    return [int(ask.ask(asked, lambda name, row=row: row[columns.column(name, row)])) for row in cells(table)]


def by_duckdb(connection: "duckdb.DuckDBPyConnection", asked: Question, table: arrays.Table) -> list[int]:
    """The table as SQL has it: NULL, TRUE and text; read back as -1, 0 and +1."""
    texts = "[" + ", ".join(sql.text(code) for code in CODES) + "]"
    written = {
        name: f"CASE WHEN isnan({sql.identifier(name)}) THEN NULL ELSE {sql.identifier(name)} END" for name in NUMBERS
    }
    written |= {name: f"CASE {sql.identifier(name)} WHEN 1 THEN TRUE WHEN -1 THEN FALSE END" for name in FLAGS}
    written["mental_status"] = f"CASE WHEN mental_status >= 0 THEN {texts}[mental_status + 1] END"
    selected = ", ".join(f"{value} AS {sql.identifier(name)}" for name, value in written.items())
    connection.register("drawn", {**table, "place": np.arange(len(table["spo2"]))})
    connection.execute("DROP TABLE IF EXISTS ward")
    connection.table("drawn").project(f"place, {selected}").create("ward")
    answers = connection.table("ward").order("place").project(f"{sql.write(asked, COLUMNS)} AS answer")
    coded = answers.project("CASE WHEN answer THEN 1 WHEN NOT answer THEN -1 ELSE 0 END AS answer").fetchnumpy()
    return coded["answer"].tolist()


@pytest.fixture(scope="module")
def connection() -> Iterator[
    "duckdb.DuckDBPyConnection"
]:  # quoted: an annotation that is held to the end reads as a leak
    with duckdb.connect() as opened:
        opened.execute("SET threads=1")
        yield opened


def trap(predicate: str) -> Question:
    return parse(predicate, vocabulary())


BELOW = Compare("<", Name("systolic", View.CHARTED), Number(90.0))
ANGINA, SEIZURE = Flag(Name("angina")), Flag(Name("seizure"))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions, seed=st.integers(0, 2**32 - 1))
@example(asked=trap("80 < urine < 160"), seed=0)
@example(asked=trap("not (80 < urine < 160)"), seed=0)
@example(asked=trap("not (not spo2 < 90)"), seed=0)
@example(asked=trap("not mental_status == 'normal'"), seed=0)
@example(asked=Compare("!=", Name("spo2"), Name("spo2")), seed=0)  # written by the compiler: is it known?
@example(asked=trap("urine / 0.1 - urine * -1.5 >= 4.5"), seed=0)
@example(asked=Not(Known(Not(SEIZURE))), seed=0)
@example(asked=Or((Known(BELOW), Compare("<", Name("systolic"), Number(90.0)))), seed=0)
@example(asked=And((Known(BELOW), BELOW)), seed=0)
@example(asked=Or((Known(BELOW), Not(BELOW))), seed=0)
@example(asked=AtLeast(2, (ANGINA, ANGINA, SEIZURE)), seed=0)
@example(asked=AtLeast(0, (ANGINA,)), seed=0)
@example(asked=Not(AtLeast(2, (AtLeast(1, (ANGINA, SEIZURE)), Known(ANGINA), Constant(UNKNOWN)))), seed=0)
def test_the_three_back_ends_answer_alike(connection: "duckdb.DuckDBPyConnection", asked: Question, seed: int) -> None:
    table = patients(asked, seed)

    reference = by_reference(asked, table)

    assert arrays.ask(asked, table).tolist() == reference
    assert by_duckdb(connection, asked, table) == reference


@settings(max_examples=60, deadline=None)
@given(asked=questions, seed=st.integers(0, 2**32 - 1))
@example(asked=Not(Known(Not(SEIZURE))), seed=0)
@example(asked=Or((ANGINA, Constant(UNKNOWN), SEIZURE)), seed=0)
@example(asked=And((ANGINA, Constant(UNKNOWN), SEIZURE)), seed=0)
@example(asked=AtLeast(0, (ANGINA,)), seed=0)
def test_stopping_early_changes_no_answer(asked: Question, seed: int) -> None:
    """`explain` asks every part; `ask` stops as soon as it knows."""
    for patient in cells(patients(asked, seed, 200)):

        def look(name: Name, patient: dict[str, float | bool | str | None] = patient) -> float | bool | str | None:
            return patient[columns.column(name, patient)]

        everything = ask.explain(asked, look).answer
        assert ask.ask(asked, look) is everything
        assert ask.ask(asked, look, {}) is everything


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stop=questions, hold=questions, seed=st.integers(0, 2**32 - 1))
def test_they_decide_alike(connection: "duckdb.DuckDBPyConnection", stop: Question, hold: Question, seed: int) -> None:
    table = patients(Or((stop, hold)), seed)

    decided = arrays.decide(stop, hold, table)

    stops, holds = by_reference(stop, table), by_reference(hold, table)
    expected = [
        "stop" if s == 1 else "hold" if h == 1 else "insufficient" if 0 in (s, h) else "give"
        for s, h in zip(stops, holds, strict=True)
    ]
    by_duckdb(connection, stop, table)  # writes the table
    written = sql.write_decision(stop, hold, COLUMNS)
    assert [arrays.DECISIONS[code] for code in decided] == expected
    assert [word for (word,) in connection.table("ward").order("place").project(written).fetchall()] == expected
