"""The ensemble holds acceptable sets of calibrated parameters, each inside its ranges, found as it says."""

import numpy as np
import pytest

from aldes.errors import ModelError
from aldes.mechanism import typical
from aldes.mechanism.digest import digest
from aldes.mechanism.ensemble import ensemble, first_sets, parse, varied
from aldes.mechanism.read import Standing, read_parameters
from aldes.mechanism.targets import read_targets
from calibration.acceptable import Hypercube, missed

ONE = "[[set]]\nnumber = 1\nmissed = []\n[set.factors]\n"


def test_the_ensemble_was_made_with_this_model() -> None:
    assert ensemble().made["model"] == digest(), "equations or parameters changed: run make ensemble again"


def test_every_set_misses_no_more_targets_than_stated_and_there_are_some() -> None:
    sets = ensemble().sets
    assert len(sets) >= 10
    assert all(len(each.missed) <= ensemble().made["most_missed"] for each in sets)
    assert {target for each in sets for target in each.missed} <= set(read_targets())


def test_every_set_is_the_candidate_that_it_names() -> None:
    made = ensemble().made
    names, factors = Hypercube(tried=made["tried"], within=made["within"], seed=made["seed"]).factors()
    for each in ensemble().sets:
        assert list(each.factors) == names
        assert list(each.factors.values()) == pytest.approx(factors[each.number].tolist(), rel=1e-5)


def test_candidates_fill_each_parameters_bounds_and_stay_inside() -> None:
    names, factors = Hypercube(tried=50, within=1.25, seed=3).factors()
    assert set(names) == {name for name, each in read_parameters().items() if each.status is Standing.CALIBRATED}
    assert factors.min() >= 1 / 1.25 - 1e-4
    assert factors.max() <= 1.25 + 1e-4
    least, most = read_parameters()["n_full"].range or (0.0, 0.0)
    values = factors[:, names.index("n_full")] * read_parameters()["n_full"].value
    assert values.max() <= most * (1 + 1e-4)  # it is fitted to the end of its range
    assert values.min() >= least
    assert len(np.unique(factors[:, names.index("v50")])) > 45  # a stratum each


def test_a_target_is_missed_when_one_part_is() -> None:
    seen = {(each.id, part.name): part.most for each in read_targets().values() for part in each.parts}
    assert missed(seen) == set()
    assert missed(seen | {("C2", "first"): 13.0}) == {"C2"}
    assert missed({("C5", "ratio"): float("nan")}) == {"C5"}


def test_everybodys_parameter_is_multiplied() -> None:
    p = varied(typical(), {"v50": 1.1, "kappa": 0.5})
    assert p.v50 == pytest.approx(1.1 * typical().v50)
    assert p.kappa == pytest.approx(0.5 * typical().kappa)
    assert p.cl == typical().cl


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("kapa = 1.1", "Did you mean 'kappa'"),
        ("cl = 1.1", "is read and not calibrated"),
        ("kappa = 0", "a number above 0"),
        ("n_full = 1.2", "outside its range"),
    ],
)
def test_a_faulty_set_is_refused(line: str, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        parse(ONE + line, "own.toml")


@pytest.mark.parametrize("count", [0, -1, 1000])
def test_more_sets_than_there_are_are_refused(count: int) -> None:
    with pytest.raises(ModelError, match="The ensemble has"):
        first_sets(count)
