"""A virtual patient is the same person whenever and beside whomever he or she is drawn."""

import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldes.errors import DoseError, ModelError
from aldes.mechanism import Params, draw, typical
from aldes.mechanism.population import standard_normal, uniform
from aldes.mechanism.read import read_parameters

MANY = [f"patient {number}" for number in range(1500)]


def test_a_patient_is_the_same_in_any_company() -> None:
    assert draw(["b"], seed=7)[0] == draw(["a", "b", "c"], seed=7)[1]


def test_another_seed_is_another_person() -> None:
    assert draw(["a"], seed=7) != draw(["a"], seed=8)


@given(st.integers(0, 2**40), st.text(max_size=20), st.text(max_size=20))
def test_a_drawn_number_lies_inside_the_unit_interval(seed: int, patient: str, name: str) -> None:
    assert 0 < uniform(seed, patient, name) < 1


def test_drawn_numbers_are_standard_normal() -> None:
    drawn = [standard_normal(1, patient, "cl") for patient in MANY]
    assert abs(statistics.mean(drawn)) < 0.1  # 3.9 standard errors
    assert statistics.stdev(drawn) == pytest.approx(1, abs=0.07)


def test_two_names_of_one_patient_have_nothing_to_do_with_each_other() -> None:
    pairs = [(standard_normal(1, patient, "cl"), standard_normal(1, patient, "vc")) for patient in MANY]
    assert abs(np.corrcoef(np.array(pairs).T)[0, 1]) < 0.1


def test_one_responsiveness_moves_mediators_and_leak_together() -> None:
    patients = draw(MANY, seed=2)
    logs = np.log([(p.p_ifn, p.g_leak) for p in patients])
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(0.5, abs=0.1)


def test_the_middle_patient_is_the_typical_one() -> None:
    patients, middle = draw(MANY, seed=2), typical()
    for name in ("kappa", "g_tnf", "platelets0", "map0"):
        size = read_parameters()[name].spread
        assert size is not None
        seen = statistics.median(getattr(p, name) for p in patients)
        assert seen == pytest.approx(getattr(middle, name), rel=0.15), name


def test_what_has_no_variability_is_the_same_for_all() -> None:
    assert {p.gamma for p in draw(MANY[:50], seed=2)} == {typical().gamma}


def test_no_virtual_patient_has_an_impossible_weight() -> None:
    assert all(30 <= p.weight <= 250 for p in draw(MANY, seed=2))


@pytest.mark.parametrize("weight_kg", [30, 250])
def test_the_lightest_and_the_heaviest_weight_are_taken(weight_kg: float) -> None:
    assert typical(weight_kg=weight_kg).weight == weight_kg


@pytest.mark.parametrize("weight_kg", [-70, 0, 29.9, 250.1, 70_000, float("nan")])
def test_an_impossible_weight_is_refused_in_one_sentence(weight_kg: float) -> None:
    with pytest.raises(DoseError, match=r"We take 30 to 250 kg") as caught:
        typical(weight_kg=weight_kg)
    assert "\n" not in str(caught.value)


def test_the_weights_are_those_of_an_order_at_the_bed() -> None:
    from aldes.administration import dose
    from aldes.mechanism import population

    assert (population.LIGHTEST_KG, population.HEAVIEST_KG) == (dose.LIGHTEST_KG, dose.HEAVIEST_KG)


def test_a_given_value_replaces_the_typical_one() -> None:
    assert typical(values={"cr0": 1.4}) == typical()._replace(cr0=1.4)


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ModelError, match="Did you mean 'kappa'"):
        typical(values={"kapa": 1e-3})


@pytest.mark.parametrize("value", [-1.0, float("inf"), float("nan")])
def test_a_value_that_cannot_be_is_refused(value: float) -> None:
    with pytest.raises(ModelError, match="'cl' came as"):
        typical(values={"cl": value})


def test_a_light_patient_has_less_plasma_and_less_clearance() -> None:
    light: Params = typical(weight_kg=50)
    assert light.vp0 == pytest.approx(typical().vp0 * 50 / 80)
    assert light.cl == pytest.approx(typical().cl * (50 / 80) ** 0.5)
