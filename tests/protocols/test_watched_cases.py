"""What is watched, told, given, done and checked answers what its case lines say, and no row is without them."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from watched import PROTOCOLS, Said, contradictions, rows_beside, said

from aldes.protocols.care import Care, Premedication
from aldes.protocols.interaction import Interaction
from aldes.protocols.monitor import Monitor
from aldes.protocols.notify import Notify
from aldes.protocols.row import Cited

ALL = [line for protocol in PROTOCOLS for line in said(protocol)]
ROWS = [(protocol, row) for protocol in PROTOCOLS for row in rows_beside(protocol).values()]


@pytest.mark.parametrize("line", ALL, ids=lambda line: line.name)
def test_the_row_says_what_the_line_says(line: Said) -> None:
    assert list(contradictions(line, rows_beside(line.protocol).get(line.table["row"]))) == []


def keys(protocol: str, row: Cited) -> set[str]:
    """What the lines of a row show: their blocks, and the answers of its questions."""
    lines = [line for line in said(protocol) if line.table["row"] == row.id]
    sides = {"yes", "no", "unsure", "forbids", "allows"}
    return {line.block for line in lines} | {key for line in lines for key in sides if line.table.get(key)}


def wanted(row: Cited) -> set[str]:
    """What the lines of a row of this kind must show."""
    match row:
        case Monitor():
            return {"owed"} | ({"yes", "no"} if row.question else set())
        case Notify():
            return {"yes", "no"}
        case Care() | Premedication():
            asked = {"yes", "no"} if isinstance(row, Care) else set()
            return {"advice"} | asked | ({"forbids", "allows"} if row.not_if else set())
        case Interaction():
            return {"yes", "no", "unsure"}
    raise TypeError(row)


@pytest.mark.parametrize(("protocol", "row"), ROWS, ids=lambda each: each if isinstance(each, str) else each.id)
def test_every_row_has_lines_for_each_of_its_answers(protocol: str, row: Cited) -> None:
    assert wanted(row) - keys(protocol, row) == set()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_line_speaks_of_a_row_that_is_not_there(protocol: str) -> None:
    assert {line.table["row"] for line in said(protocol)} - set(rows_beside(protocol)) == set()


def test_every_small_change_of_a_row_is_noticed_by_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    tool, watched = import_module("mutate_watched"), sys.modules["watched"]
    mutants = [each for protocol in PROTOCOLS for each in tool.of_protocol(protocol, watched)]
    survivors = [each.name for each in mutants if not tool.is_killed(each, watched)]

    assert len(mutants) > 500
    assert [each for each in survivors if not any(tool.fnmatchcase(each, why) for why in tool.read_reasons())] == []


def test_an_unchanged_row_contradicts_none_of_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    tool, watched = import_module("mutate_watched"), sys.modules["watched"]
    for protocol, row in ROWS:
        assert not tool.is_killed(tool.Mutant(protocol=protocol, what="nothing", row=row), watched)
