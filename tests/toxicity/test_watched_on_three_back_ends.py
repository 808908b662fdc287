"""The ladders in a table: NumPy and DuckDB give what the reference gives, patient by patient."""

import importlib.util
import math
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pytest
from test_ladders import LADDERS, around, grade_of, limits_of

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.questions.tree import names
from aldes.toxicity.ctcae.ladder import Ladder
from aldes.toxicity.ctcae.tables import UNKNOWN, grade_table, write_grade

PATIENTS = 400
TOOL = Path(__file__).parents[2] / "tools" / "agree.py"


@cache
def agree() -> ModuleType:
    """The tool that puts arrays into a table."""
    spec = importlib.util.spec_from_file_location("agree", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("agree", module)
    spec.loader.exec_module(module)
    return module


def table(ladder: Ladder, draw: np.random.Generator) -> dict[str, list[object]]:
    """Patients with every value on, beside and far from the ladder's limits, and with much unknown."""
    near = [each for limit in limits_of(ladder) or [1.0] for each in around(limit)]
    columns: dict[str, list[object]] = {}
    for name in sorted({name.finding for rung in ladder.rungs for name in names(rung.question)}):
        finding = vocabulary()[name]
        tried: list[object] = [None, *near, 0.0, 5000.0]
        if finding.kind is Kind.FLAG:
            tried = [None, False, True]
        elif finding.kind is Kind.CODE:
            tried = [None, *finding.codes]
        columns[name] = [tried[place] for place in draw.integers(len(tried), size=PATIENTS)]
    return columns


def as_arrays(columns: dict[str, list[object]]) -> dict[str, np.ndarray]:
    found = {}
    for name, values in columns.items():
        finding = vocabulary()[name]
        if finding.kind is Kind.NUMBER:
            found[name] = np.array([math.nan if each is None else each for each in values], dtype=np.float64)
        elif finding.kind is Kind.FLAG:
            found[name] = np.array([0 if each is None else 1 if each else -1 for each in values], dtype=np.int8)
        else:
            codes = {code: rank for rank, code in enumerate(finding.codes)}
            found[name] = np.array([codes.get(each, -1) for each in values], dtype=np.int8)
    return found


@pytest.mark.parametrize("ladder", LADDERS)
def test_three_ways_to_ask_a_ladder_agree(ladder: Ladder) -> None:
    columns = table(ladder, np.random.default_rng(sum(ladder.name.encode())))
    patients = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    reference = [grade_of(ladder, each) for each in patients]
    by_numpy = grade_table(ladder, as_arrays(columns))
    with duckdb.connect() as connection:
        agree().load(connection, "patients", as_arrays(columns))
        graded = connection.table("patients").order("place").project(write_grade(ladder, list(columns)))
        by_sql = [value for (value,) in graded.fetchall()]

    expected = [UNKNOWN if each.endswith("?") else int(each) for each in reference]
    assert by_numpy.tolist() == expected
    assert [UNKNOWN if each is None else each for each in by_sql] == expected
    assert len(set(expected)) > 1
