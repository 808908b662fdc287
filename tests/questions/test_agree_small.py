"""The tool that compares whole decisions three ways, with a small draw; `make agree` draws a million patients."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pytest

from aldes.findings.read import vocabulary
from aldes.protocols.compile import compiled
from aldes.protocols.read import read
from aldes.questions import arrays, sql
from aldes.questions.tree import Or

TOOL = Path(__file__).parents[2] / "tools" / "agree.py"


@pytest.fixture(scope="module")
def agree() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agree", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["agree"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


PROTOCOLS = ("us-label-2023", "us-label-1992", "consensus-2014", "institution-2015", "nci-2001")


def test_every_bedside_protocol_is_compared(agree: ModuleType) -> None:
    assert set(agree.bedside()) == set(PROTOCOLS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(("seed", "grain"), [(0, "finding"), (1, "view"), (2, "row"), (3, "mixed")])
def test_whole_decisions_agree_over_random_patients(agree: ModuleType, protocol: str, grain: str, seed: int) -> None:
    found = agree.draw_and_compare(protocol, grain, seed, 500)

    assert found.differ == ()
    assert set(found.decisions) == set(arrays.DECISIONS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_whole_decisions_agree_at_every_limit_and_its_neighbours(agree: ModuleType, protocol: str) -> None:
    found = agree.sweep(protocol, "finding")

    assert found.differ == ()
    assert set(found.decisions) == set(arrays.DECISIONS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_swept_patients_are_well_but_for_one_value(agree: ModuleType, protocol: str) -> None:
    decision = compiled(read(protocol, "demo"))
    every = agree.columns(Or((decision.stop, decision.hold)), "row", np.random.default_rng(0))
    well = {each.key: np.array([each.well]).astype(float if each.kind == "number" else np.int8) for each in every}

    assert arrays.DECISIONS[arrays.decide(decision.stop, decision.hold, well)[0]] == "give"


def test_a_back_end_that_differs_is_told(agree: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "write_decision", lambda stop, hold, columns: "'give'")

    found = agree.draw_and_compare("us-label-2023", "finding", 0, 100)

    assert any("reference hold, NumPy hold, DuckDB give" in each for each in found.differ)


def test_every_protocol_that_selects_is_compared(agree: ModuleType) -> None:
    assert set(agree.selecting_protocols()) == {*PROTOCOLS, "uk-smpc-2020", "til-2024", "nci-2001"}


@pytest.mark.parametrize("protocol", [*PROTOCOLS, "uk-smpc-2020", "til-2024", "nci-2001"])
@pytest.mark.parametrize("seed", range(4))
def test_verdicts_agree_over_random_patients(agree: ModuleType, protocol: str, seed: int) -> None:
    found = agree.draw_and_compare_verdicts(protocol, seed, 1000)

    assert found.differ == ()
    assert len(found.decisions) >= 2


@pytest.mark.parametrize("protocol", [*PROTOCOLS, "uk-smpc-2020", "til-2024", "nci-2001"])
@pytest.mark.parametrize("grain", ["finding", "view", "row"])
def test_verdicts_agree_with_each_finding_missing_and_beside_each_limit(
    agree: ModuleType, protocol: str, grain: str
) -> None:
    found = agree.sweep_verdicts(protocol, grain)

    assert found.differ == ()
    assert "undetermined" in found.decisions


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_decision_made_of_the_rows_answers_is_the_decision_and_each_row_is_the_arrays(
    agree: ModuleType, protocol: str
) -> None:
    decision = compiled(read(protocol, "demo"))
    table = agree.drawn(Or((decision.stop, decision.hold)), "finding", np.random.default_rng(7), 2000)
    with duckdb.connect() as connection:
        agree.load(connection, "patients", table)
        asked = (connection, "patients", decision.stop, decision.hold, vocabulary())
        whole = sql.decide_table(*asked).order("place").project("decision").fetchall()
        of_rows = sql.decide_table(*asked, decision.asked).order("place")
        assert of_rows.project("decision").fetchall() == whole
        for id, question in list(decision.asked.items())[::7]:
            (said,) = (of_rows.project(sql.identifier(id)).fetchnumpy()[id],)
            yes = np.ma.filled(said, False) & ~np.ma.getmaskarray(said)
            assert np.array_equal(yes, arrays.ask(question, table) == 1), id
