"""The table of targets says what was met and what was missed, and the hold rule behind it is the one that is stated."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aldes.mechanism import State, regimen, resting, typical
from aldes.mechanism.read import read_parameters
from aldes.mechanism.regimen import PlannedDose
from aldes.mechanism.solve import spread_out
from aldes.mechanism.targets import read_targets
from calibration import people
from calibration.experiments import all_experiments
from calibration.people import Outcome, population
from calibration.table import counted, lines, of_population, verdict
from calibration.ward import HoldRule

TARGETS = read_targets()
DOSES = regimen("high-dose").doses


def outcome(**changes: Any) -> Outcome:
    """Four patients, one of each response."""
    fields: dict[str, Any] = {name: np.ones(4) for name in Outcome.__slots__}
    return Outcome(**fields | {"response": np.array([0, 1, 2, 3]), "doses_1": np.array([8, 9, 10, 12])} | changes)


@pytest.fixture(scope="module")
def simulated() -> dict[tuple[str, str], float]:
    return all_experiments()


def test_there_are_24_targets_with_a_source_and_a_tolerance_each() -> None:
    assert list(TARGETS) == [f"C{number}" for number in range(1, 25)]
    for target in TARGETS.values():
        assert target.sources
        assert all(part.least < part.most for part in target.parts)


def test_every_calibrated_parameter_is_pinned_by_a_target_that_exists() -> None:
    assert {id for each in read_parameters().values() for id in each.pins} <= TARGETS.keys()


def test_every_part_of_every_target_is_simulated(simulated: dict[tuple[str, str], float]) -> None:
    found = simulated | of_population(outcome())
    assert {(target.id, part.name) for target in TARGETS.values() for part in target.parts} <= found.keys()


def test_a_target_is_missed_when_one_of_its_parts_is() -> None:
    target = TARGETS["C2"]
    assert verdict(target, {("C2", "first"): 12.9, ("C2", "second"): 85}) == "met"
    assert verdict(target, {("C2", "first"): 12.9, ("C2", "second"): 86}) == "MISSED"


def test_what_is_no_number_is_missed() -> None:
    assert verdict(TARGETS["C1"], {("C1", "level"): float("nan")}) == "MISSED"


@pytest.mark.parametrize(("level", "met"), [(487.4, False), (487.5, True), (812.5, True), (812.6, False)])
def test_both_ends_of_a_tolerance_belong_to_it(level: float, met: bool) -> None:
    assert TARGETS["C1"].parts[0].is_met(level) is met


def test_a_missed_target_stays_in_the_table_with_its_number() -> None:
    numbers = {(target.id, part.name): part.least for target in TARGETS.values() for part in target.parts}
    numbers["C5", "ratio"] = 0.96
    table = list(lines(numbers))
    assert counted(numbers) == "23 of 24 met; missed: C5"
    assert any("| 0.96 ✗ |" in line and "| MISSED |" in line for line in table)
    assert len(table) == 2 + sum(len(target.parts) for target in TARGETS.values())


def test_the_table_says_which_targets_wait_for_the_nurse() -> None:
    waiting = {target.id for target in TARGETS.values() if target.needs == "nurse"}
    assert waiting == {"C15", "C16", "C18", "C22", "C23", "C24"}
    assert all(verdict(TARGETS[id], dict.fromkeys(_names(id), 9.0)).endswith(", hold rule") for id in waiting)


def _names(id: str) -> list[tuple[str, str]]:
    return [(id, part.name) for part in TARGETS[id].parts]


# ── the hold rule ────────────────────────────────────────────────────────────────────────────────────────────
def state(**changes: float) -> State:
    """One patient at rest, changed in one respect."""
    return spread_out(resting(typical())._replace(**changes), 1)


def asked(rule: HoldRule, y: State, number: int = 1, cycle: int = 1) -> bool:
    dose: PlannedDose = next(each for each in DOSES if (each.cycle, each.number) == (cycle, number))
    return bool(rule.gives(dose, y, typical())[0])


@pytest.mark.parametrize(
    ("changes", "given"),
    [
        ({}, True),
        ({"creatinine": 2.49}, True),
        ({"creatinine": 2.5}, False),
        ({"platelets": 50}, True),
        ({"platelets": 49}, False),
        ({"bilirubin": 7}, True),
        ({"bilirubin": 7.1}, False),
        ({"interstitium": 23.9}, True),
        ({"interstitium": 24.1}, False),
        ({"plasma": 1.5}, False),  # pressure far below 62 mmHg
    ],
)
def test_a_relative_limit_holds_the_dose(changes: dict[str, float], given: bool) -> None:
    assert asked(HoldRule(1, (0.0, 336.0)), state(**changes)) is given


@pytest.mark.parametrize("changes", [{"creatinine": 3}, {"platelets": 29}, {"burden": 1e4}])
def test_an_absolute_limit_ends_the_cycle_even_when_it_passes(changes: dict[str, float]) -> None:
    rule = HoldRule(1, (0.0, 336.0))
    assert not asked(rule, state(**changes))
    assert not asked(rule, state(), number=2)


def test_the_third_held_dose_ends_the_cycle_and_the_next_cycle_begins_anew() -> None:
    rule, ill = HoldRule(1, (0.0, 336.0)), state(creatinine=2.6)
    assert [asked(rule, ill, 1), asked(rule, ill, 2), asked(rule, state(), 3)] == [False, False, True]
    assert [asked(rule, ill, 4), asked(rule, state(), 5)] == [False, False]
    assert asked(rule, state(), 1, cycle=2)
    assert rule.doses[:, 0].tolist() == [1, 1]
    assert rule.last_h[:, 0].tolist() == [16, 336]


# ── the population ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_chunk_that_is_done_is_not_computed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def simulate(numbers: range, seed: int, protocol: str, factors: Mapping[str, float]) -> Outcome:
        ran.extend(f"patient {number}" for number in numbers)
        return outcome()

    monkeypatch.setattr(people, "simulate", simulate)
    monkeypatch.setattr(people, "CHUNK", 4)
    first = population(8, 1, tmp_path)
    again = population(12, 1, tmp_path)
    assert len(ran) == len(set(ran)) == 12
    assert (first.doses_1.size, again.doses_1.size) == (8, 12)
    population(4, 1, tmp_path, factors={"kappa": 1.1})
    assert len(ran) == 16  # another candidate's people are computed


def test_an_interrupted_chunk_leaves_nothing_that_could_be_taken_for_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(numbers: range, seed: int, protocol: str, factors: Mapping[str, float]) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(people, "simulate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        population(4, 1, tmp_path)
    assert list(tmp_path.iterdir()) == []
