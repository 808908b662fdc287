"""The tool that mutates every row, with a small fixed draw; `make mutate-rows` tries all of them."""

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

import cases
from aldes.findings.read import vocabulary
from aldes.protocols.read import read
from aldes.questions.parse import parse
from aldes.questions.tree import Not, Question

TOOL = Path(__file__).parents[2] / "tools" / "mutate_rows.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutate_rows", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutate_rows"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def question(text: str) -> Question:
    return parse(text, vocabulary())


@pytest.mark.parametrize("protocol", cases.PROTOCOLS)
def test_a_small_draw_of_mutants_is_noticed_by_the_case_lines(tool: ModuleType, protocol: str) -> None:
    drawn = random.Random(protocol).sample(list(tool.of_protocol(protocol)), 25)
    excused = {each.name for each in drawn for pattern in tool.read_reasons() if tool.fnmatchcase(each.name, pattern)}

    assert [each.name for each in drawn if each.name not in excused and not tool.is_killed(each, cases)] == []


def test_every_mutant_of_a_derived_finding_is_noticed(tool: ModuleType) -> None:
    drawn = list(tool.of_vocabulary(cases))

    assert len(drawn) >= 20
    assert [each.name for each in drawn if not tool.is_killed(each, cases)] == []


def test_what_changes_nothing_survives(tool: ModuleType) -> None:
    unchanged = tool.Mutant(protocol="us-label-2023", part="HOLD-RESP-01", what="nothing", rewrite=lambda same: same)

    assert not tool.is_killed(unchanged, cases)


def test_every_row_that_can_hold_or_stop_is_mutated(tool: ModuleType) -> None:
    for protocol in cases.PROTOCOLS:
        mutated = {each.part for each in tool.of_protocol(protocol)}
        resolved = read(protocol, "demo")

        asked = {row.id for row in resolved.rows}
        assert mutated == asked | {count.id for count in resolved.counts}


def test_a_limit_is_moved_by_its_last_printed_digit_and_by_one_double(tool: ModuleType) -> None:
    near = [what for what, _ in tool.questions_near(question("creatinine > 4.5"), "creatinine > 4.5")]

    assert near == [
        "> as <",
        "> as <=",
        "> as >=",
        "limit 4.5 a step lower",
        "limit 4.5 a double lower",
        "limit 4.5 a step higher",
        "limit 4.5 a double higher",
    ]
    assert question("creatinine > 4.4") in [
        each for _, each in tool.questions_near(question("creatinine > 4.5"), "4.5")
    ]
    assert question("creatinine > 3.0") in [each for _, each in tool.questions_near(question("creatinine > 4.0"), "4")]
    assert question("creatinine > 3.9") in [
        each for _, each in tool.questions_near(question("creatinine > 4.0"), "4.0")
    ]


def test_a_part_is_dropped_and_and_becomes_or(tool: ModuleType) -> None:
    near = [each for _, each in tool.questions_near(question("angina and not seizure"), "")]

    assert question("angina or not seizure") in near
    assert question("angina") in near
    assert question("angina and seizure") in near


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("spo2 < 90", "not spo2 >= 90", True),
        ("spo2 < 90", "not spo2 > 90", False),
        ("not (angina or seizure)", "not seizure and not angina", True),
        ("not (angina or seizure)", "not angina or not seizure", False),
        ("mental_status == 'normal'", "not mental_status != 'normal'", True),
        ("mental_status in ('normal', 'changed')", "not mental_status == 'severe'", False),
    ],
)
def test_a_resume_question_that_is_the_complement_is_recognised(
    tool: ModuleType, one: str, other: str, same: bool
) -> None:
    assert (tool.plain(question(one)) == tool.plain(question(other))) is same
    assert (tool.plain(Not(question(one))) == tool.plain(Not(question(other)))) is same
