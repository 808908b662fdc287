"""Our grades against pharmaverse's: no difference near any of their cut-points that is not explained."""

import importlib.util
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from admiral import Table, compared, facts, tables, theirs

TOOL = Path(__file__).parents[2] / "tools" / "ctcae_agree.py"
EVERY = [pytest.param(each, id=f"{each.version} {each.ladder} {each.unit}") for each in tables()]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("ctcae_agree", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ctcae_agree"] = module
    spec.loader.exec_module(module)
    return module


def test_every_difference_is_explained_and_every_explanation_is_needed(tool: ModuleType) -> None:
    open_ones, counted, explained = tool.disagreements(facts())

    assert open_ones == []
    assert counted > 5000
    assert {name for name, times in explained.items() if times} == set(tool._explanations(facts()))


@pytest.mark.parametrize("table", EVERY)
def test_a_table_is_compared_below_at_and_above_each_of_its_cut_points(table: Table) -> None:
    grades = {each.theirs for each in compared(table)}

    assert {"0", *map(str, table.cuts)} <= grades | {"0"}
    assert len(list(compared(table))) >= 3 * len(table.cuts)


def test_their_grade_is_the_highest_whose_condition_holds() -> None:
    cuts = {1: ("value < limit",), 3: ("value < 50", "normal and value > 3 * limit")}

    assert theirs(cuts, Decimal(60), Decimal(150), Decimal(1)) == "1"
    assert theirs(cuts, Decimal(49), Decimal(150), Decimal(1)) == "3"
    assert theirs(cuts, Decimal(451), Decimal(150), Decimal(1)) == "3"
    assert theirs(cuts, Decimal(451), Decimal(150), Decimal(151)) == "0"


def test_their_conditions_are_read_word_by_word(tool: ModuleType) -> None:
    code = (
        "is.na(ANRLO) ~ NA_character_, BNRIND %in% high_indicator & signif(AVAL, signif_dig) >= "
        'signif(1.5*BASE, signif_dig) ~ "1", signif(AVAL, signif_dig) < 75 ~ "2"'
    )

    assert list(tool.cuts_of(code)) == ["abnormal and value >= 1.5 * baseline", "value < 75"]


def test_a_condition_that_is_not_understood_is_refused(tool: ModuleType) -> None:
    with pytest.raises(ValueError, match="teach this tool"):
        list(tool.cuts_of('PCHG <= -75 ~ "4"'))


def test_a_changed_cut_point_of_the_real_file_is_noticed(tool: ModuleType, tmp_path: Path) -> None:
    table = next(each for each in tables() if each.ladder == "acidosis" and each.version == "5.0")
    text = '[{"TERM": "Acidosis", "GRADE_1_CODE": "AVAL < ANRLO ~ \\"1\\"", "GRADE_3_CODE": "AVAL < %s ~ \\"3\\""}]'
    (tmp_path / table.file).write_text(text % "7.3")
    assert list(tool.differing_facts(table, tmp_path)) == []
    (tmp_path / table.file).write_text(text % "7.2")
    assert len(list(tool.differing_facts(table, tmp_path))) == 1
