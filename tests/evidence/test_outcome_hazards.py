"""The hazards of outcomes keep their word as those of the program do."""

import pytest
from test_hazards import HEADER, NOTHING, ROOT, STATE, Hazard, by_id, cells, holds_test, listed

PAGE = ROOT / "docs" / "safety" / "outcome-hazards.md"
LINES = [cells(line) for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
HAZARDS = [Hazard(*line) for line in LINES[2:]]


def test_the_table_has_the_columns_of_the_hazards_and_counts_on() -> None:
    assert LINES[0] == HEADER
    assert [each.id for each in HAZARDS] == [f"O{number:02}" for number in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("hazard", HAZARDS, ids=by_id)
def test_a_hazard_of_outcomes_has_a_state_and_what_it_claims(hazard: Hazard) -> None:
    assert hazard.severity in {"1", "2", "3", "4", "5"}
    assert STATE.fullmatch(hazard.state)
    if not hazard.built:
        assert (hazard.control, hazard.where, hazard.test) == (NOTHING, NOTHING, NOTHING)
        return
    assert [path for path in listed(hazard.where) if not (ROOT / path).exists()] == []
    assert [test for test in listed(hazard.test) if not holds_test(test)] == []
