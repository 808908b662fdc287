"""The page of hazards keeps its word: what is called built has a control in the code and a test that exists."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "safety" / "hazards.md"
HEADER = ["id", "hazard", "severity", "control", "where", "test", "state"]
STATE = re.compile(r"built|(built; )?open: \S.{10,}")
NOTHING = "-"


class Hazard(NamedTuple):
    """One row of the page."""

    id: str
    hazard: str
    severity: str
    control: str
    where: str
    test: str
    state: str

    @property
    def built(self) -> bool:
        """Whether some control is in force."""
        return self.state.startswith("built")


def cells(line: str) -> list[str]:
    """The cells of one line of a Markdown table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def listed(cell: str) -> list[str]:
    """The paths or tests of one cell, without their backticks."""
    return [part.strip().strip("`") for part in cell.split(",")]


def hazards() -> list[Hazard]:
    """The rows of the page, in its order."""
    lines = [cells(line) for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert lines[0] == HEADER
    return [Hazard(*line) for line in lines[2:]]


HAZARDS = hazards()
BUILT = [each for each in HAZARDS if each.built]
OPEN = [each for each in HAZARDS if not each.built]


def by_id(hazard: Hazard) -> str:
    return hazard.id


def holds_test(test: str) -> bool:
    """Whether `tests/units/test_dose.py::test_pounds_are_refused` names a function of a file that exists."""
    file, _, name = test.partition("::")
    path = ROOT / file
    if not name or not path.is_file():
        return False
    return re.search(rf"^ *def {re.escape(name.split('::')[-1])}\(", path.read_text(encoding="utf-8"), re.M) is not None


def test_no_hazard_is_dropped_or_listed_twice() -> None:
    assert [each.id for each in HAZARDS] == [f"H{number:02}" for number in range(1, 99)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=by_id)
def test_a_hazard_has_words_a_severity_and_a_state(hazard: Hazard) -> None:
    assert len(hazard.hazard.split()) >= 4
    assert hazard.severity in {"1", "2", "3", "4", "5"}
    assert STATE.fullmatch(hazard.state)


@pytest.mark.parametrize("hazard", BUILT, ids=by_id)
def test_a_built_hazard_names_a_control_that_exists(hazard: Hazard) -> None:
    assert hazard.control != NOTHING
    assert [path for path in listed(hazard.where) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("hazard", BUILT, ids=by_id)
def test_a_built_hazard_names_tests_that_exist(hazard: Hazard) -> None:
    assert [test for test in listed(hazard.test) if not holds_test(test)] == []


@pytest.mark.parametrize("hazard", OPEN, ids=by_id)
def test_an_open_hazard_claims_nothing(hazard: Hazard) -> None:
    assert (hazard.control, hazard.where, hazard.test) == (NOTHING, NOTHING, NOTHING)


@pytest.mark.parametrize(
    "state", ["", "built; ", "open", "open: ", "open: later", "builtopen: not built yet", "closed"]
)
def test_an_open_hazard_without_a_reason_is_noticed(state: str) -> None:
    assert not STATE.fullmatch(state)


def test_a_test_that_nobody_wrote_is_noticed() -> None:
    here = "tests/evidence/test_hazards.py"
    assert holds_test(f"{here}::test_a_test_that_nobody_wrote_is_noticed")
    assert not holds_test(f"{here}::test_that_nobody_wrote")
    assert not holds_test("tests/evidence/test_nowhere.py::test_a_test_that_nobody_wrote_is_noticed")
    assert not holds_test(here)
    assert not holds_test("?")
