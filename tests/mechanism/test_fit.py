"""The search finds what it is told to find, goes on where it was interrupted, and survives an absurd candidate."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aldes.errors import ModelError
from aldes.mechanism import typical
from aldes.mechanism.read import Standing, read_parameters
from aldes.mechanism.targets import read_targets
from calibration import fit

NAMES = fit.fitted()


def perfect() -> dict[tuple[str, str], np.ndarray]:
    """Every part in the middle of its tolerance, every shape as wanted."""
    seen = {
        (t.id, part.name): np.array([(part.least + part.most) / 2]) for t in read_targets().values() for part in t.parts
    }
    wanted = {name: value for name, (value, _) in {**fit.SHAPE, **fit.AT_LEAST, **fit.AT_MOST}.items()}
    return seen | {("shape", name): np.array([value]) for name, value in wanted.items()}


def test_stage_1_moves_calibrated_parameters_alone() -> None:
    assert NAMES
    assert all(read_parameters()[name].status is Standing.CALIBRATED for name in NAMES)
    assert not set(NAMES) & fit.STAGE_2


def test_the_middle_of_every_tolerance_scores_nil() -> None:
    assert fit.score(perfect()) == pytest.approx([0])


def test_the_end_of_a_tolerance_scores_one() -> None:
    assert fit.score(perfect() | {("C5", "ratio"): np.array([0.85])}) == pytest.approx([1])


def test_more_pressure_than_the_least_costs_nothing_and_less_does() -> None:
    least, tolerance = fit.AT_LEAST["lowest pressure"]
    assert fit.score(perfect() | {("shape", "lowest pressure"): np.array([least + 0.2])}) == pytest.approx([0])
    assert fit.score(perfect() | {("shape", "lowest pressure"): np.array([least - tolerance])}) == pytest.approx([1])


def test_what_is_no_number_scores_worst() -> None:
    assert fit.score(perfect() | {("C5", "ratio"): np.array([np.nan])}) == pytest.approx([fit.WORST])


def test_an_absurd_candidate_is_found_and_the_others_keep_their_scores(monkeypatch: pytest.MonkeyPatch) -> None:
    def observed(candidates: np.ndarray, names: list[str]) -> dict[tuple[str, str], np.ndarray]:
        if (candidates > 99).any():
            raise ModelError("left the numbers")
        return {("C5", "ratio"): candidates[:, 0]}

    monkeypatch.setattr(fit, "observed", observed)
    monkeypatch.setattr(fit, "score", lambda seen: seen["C5", "ratio"])
    candidates = np.array([[1.0], [2.0], [100.0], [4.0], [5.0]])
    assert fit.scores(candidates, ["ka"]).tolist() == [1, 2, fit.WORST, 4, 5]


def stage(rounds: int, candidates: int) -> fit.Stage:
    """Stage 1 with so many rounds and candidates."""
    return replace(fit.stages()[0], rounds=rounds, candidates=candidates)


@pytest.fixture
def bowl(monkeypatch: pytest.MonkeyPatch) -> None:
    """Instead of the experiments: the nearer every parameter to 1.2 of its value, the better."""
    wanted = np.log([1.2 * getattr(typical(), name) for name in NAMES])

    def scores(candidates: np.ndarray, names: list[str]) -> np.ndarray:
        return ((np.log(candidates) - wanted) ** 2).sum(1)

    monkeypatch.setattr(fit, "scores", scores)


@pytest.mark.usefixtures("bowl")
def test_the_search_comes_nearer_and_stays_inside_the_ranges(tmp_path: Path) -> None:
    last = fit.search(stage(12, 64), 1, tmp_path)
    score_at_the_start = len(NAMES) * np.log(1.2) ** 2
    assert fit.scores(np.array([list(last.values())]), NAMES)[0] < score_at_the_start / 3
    for name, value in last.items():
        least, most = read_parameters()[name].range or (0.0, 0.0)
        assert least * (1 - 1e-9) <= value <= most * (1 + 1e-9)


@pytest.mark.usefixtures("bowl")
def test_an_interrupted_search_ends_where_an_uninterrupted_one_does(tmp_path: Path) -> None:
    fit.search(stage(3, 32), 1, tmp_path / "interrupted")
    again = fit.search(stage(6, 32), 1, tmp_path / "interrupted")
    assert again == fit.search(stage(6, 32), 1, tmp_path / "whole")


@pytest.mark.usefixtures("bowl")
def test_rounds_that_are_done_are_not_done_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit.search(stage(3, 32), 1, tmp_path)
    capsys.readouterr()
    fit.search(stage(4, 32), 1, tmp_path)
    assert capsys.readouterr().out.count("round") == 1


@pytest.mark.usefixtures("bowl")
def test_no_round_begins_after_the_budget(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit.search(stage(3, 32), 1, tmp_path, until=0.0)
    assert "round" not in capsys.readouterr().out


def test_the_two_stages_share_no_parameter_and_move_every_calibrated_one() -> None:
    one, two = fit.stages()
    calibrated = {name for name, each in read_parameters().items() if each.status is Standing.CALIBRATED}
    assert not set(one.names) & set(two.names)
    assert set(one.names) | set(two.names) == calibrated
    assert set(two.names) == fit.STAGE_2


def test_stage_2_scores_the_people_of_each_candidate(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def population(patients: int, seed: int, folder: Path, factors: dict[str, float]) -> float:
        asked.append((patients, seed))
        if factors["kappa"] > 5:
            raise ModelError("left the numbers")
        return factors["kappa"]

    monkeypatch.setattr(fit, "population", population)
    monkeypatch.setattr(fit, "of_population", lambda kappa: {("C15", "mean"): 2.6 + 0.4 * (kappa - 1)})
    value = read_parameters()["kappa"].value
    found = fit.of_people(np.array([[value], [2 * value], [9 * value]]), ["kappa"])
    assert found == pytest.approx([0, 1, fit.WORST])
    assert set(asked) == {(1000, 1)}
