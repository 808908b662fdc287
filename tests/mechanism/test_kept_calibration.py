"""The numbers that papers and manual show are those of a run, and of this model."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aldes.mechanism import digest as digests
from aldes.mechanism.read import Parameter, read_parameters
from aldes.mechanism.targets import read_targets
from calibration.result import NURSE, PAPERS, RULE, Result, keep, kept, place
from calibration.table import counted, lines, side_by_side

runs = pytest.mark.parametrize("held_by", [RULE, NURSE])


@runs
def test_a_kept_run_is_of_this_model(held_by: str) -> None:
    again = "make calibration KEEP=1" + ("" if held_by == RULE else f" PROTOCOL={held_by}")
    assert kept(place(held_by)).is_of_this_model, f"equations or parameters changed: run {again} again"


@runs
def test_a_kept_run_has_every_part_of_every_target(held_by: str) -> None:
    wanted = {(target.id, part.name) for target in read_targets().values() for part in target.parts}
    run = kept(place(held_by))
    assert set(run.simulated) == wanted
    assert run.patients >= 1000
    assert run.held_by == held_by


def test_the_paper_shows_rule_and_nurse_side_by_side() -> None:
    rule, nurse = kept(), kept(place(NURSE))
    assert (rule.patients, rule.seed) == (nurse.patients, nurse.seed), "the same people, or the columns compare nothing"
    text = (PAPERS / "calibration.md").read_text(encoding="utf-8")
    assert "\n".join(side_by_side(rule, nurse)) in text
    assert all(each in text for each in nurse.beside)
    assert text.count(f"{counted(nurse.simulated).split('; ')[0]}, without any new fit") == 1


def test_a_number_outside_its_tolerance_is_marked_in_its_column() -> None:
    missed = replace(kept(), held_by="other", simulated=dict(kept().simulated) | {("C22", "median"): 14.0})
    row = next(line for line in side_by_side(kept(), missed) if line.startswith("| C22"))
    assert row.endswith("| 10 doses | 14 doses ✗ |")


def test_the_paper_shows_the_kept_run() -> None:
    text = (PAPERS / "calibration.md").read_text(encoding="utf-8")
    for line in lines(kept().simulated):
        assert line in text
    assert counted(kept().simulated).split("; ")[0] in text
    assert f"{kept().patients:,} virtual patients, seed {kept().seed}" in text
    assert all(each in text for each in kept().beside)


def test_what_is_kept_reads_back(tmp_path: Path) -> None:
    simulated = {("C5", "ratio"): 0.6751234, ("shape", "least plasma"): 0.9}
    keep(
        Result(patients=10, seed=3, held_by="hold rule", model="abc", simulated=simulated, beside=("a",)),
        tmp_path / "run.json",
    )
    found = kept(tmp_path / "run.json")
    assert found.simulated == {("C5", "ratio"): 0.675123}
    assert (found.patients, found.seed, found.beside) == (10, 3, ("a",))
    assert not found.is_of_this_model


def test_the_hash_changes_with_a_number_and_not_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests.digest()
    with monkeypatch.context() as patched:
        patched.setattr(digests, "read_parameters", lambda name: _with_cl(name, words="other words"))
        assert digests.digest() == before
    value = read_parameters()["cl"].value * 1.001
    monkeypatch.setattr(digests, "read_parameters", lambda name: _with_cl(name, value=value))
    assert digests.digest() != before


def _with_cl(set_name: str, **changed: Any) -> dict[str, Parameter]:
    parameters = dict(read_parameters(set_name))
    return parameters | {"cl": replace(parameters["cl"], **changed)}
