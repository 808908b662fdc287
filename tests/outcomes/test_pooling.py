"""Proportions of independent series pooled: equal to R `metafor`, and never surer than the series allow."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from r import Answers, ask_r

from aldes.errors import InputError
from aldes.outcomes.pooling import pool

POOLS = {
    "pool-alike": ([37, 53, 30], [255, 259, 120]),
    "pool-apart": ([4, 51, 8, 62], [17, 106, 30, 408]),
    "pool-with-a-zero": ([0, 3, 12], [20, 97, 255]),
    "pool-with-all": ([10, 3, 12, 9], [10, 97, 255, 60]),
    "pool-of-two": ([17, 3], [255, 120]),
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    folder: Path = tmp_path_factory.mktemp("pools")
    for name, (events, patients) in POOLS.items():
        lines = [f"{k},{n}" for k, n in zip(events, patients, strict=True)]
        (folder / f"{name}.csv").write_text("\n".join(["events,patients", *lines]) + "\n", encoding="ascii")
    return ask_r(folder)


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


@pytest.mark.parametrize("name", POOLS)
def test_the_pooled_proportion_its_intervals_and_tau_are_those_of_metafor(name: str, answers: Answers) -> None:
    found = pool(*POOLS[name])
    beta, _, lower, upper, from_, to, tau2, q, q_p = answers[name, "pool"]
    ours = [*map(logit, (found.proportion.value, found.proportion.lower, found.proportion.upper))]
    np.testing.assert_allclose(ours, [beta, lower, upper], rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose([*map(logit, (found.prediction.lower, found.prediction.upper))], [from_, to], rtol=1e-7)
    np.testing.assert_allclose([found.tau2, found.q, found.q_p], [tau2, q, q_p], rtol=1e-6, atol=1e-9)


def test_three_series_alike_are_not_surer_than_without_the_correction(answers: Answers) -> None:
    found = pool(*POOLS["pool-of-two"])
    _, lower, upper = answers["pool-of-two", "pool.knha"]
    assert logit(found.proportion.upper) - logit(found.proportion.lower) >= upper - lower - 1e-9


def test_one_series_is_not_pooled() -> None:
    with pytest.raises(InputError, match="One series is no meta-analysis"):
        pool([37], [255])


@pytest.mark.parametrize(("events", "patients"), [([-1, 3], [10, 10]), ([11, 3], [10, 10]), ([0, 3], [0, 10])])
def test_a_count_that_is_not_among_its_patients_is_refused(events: list[int], patients: list[int]) -> None:
    with pytest.raises(InputError, match="between 0 and its patients"):
        pool(events, patients)


COUNTS = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=8
)


@given(COUNTS)
def test_a_further_series_is_never_surer_than_the_mean(counts: list[tuple[int, int]]) -> None:
    found = pool([k for k, _ in counts], [n for _, n in counts])
    assert found.prediction.lower <= found.proportion.lower <= found.proportion.value
    assert found.proportion.value <= found.proportion.upper <= found.prediction.upper
    assert sum(found.weights) == pytest.approx(1)


@given(COUNTS)
def test_the_order_of_the_series_does_not_matter(counts: list[tuple[int, int]]) -> None:
    try:
        one, other = (pool([k for k, _ in each], [n for _, n in each]) for each in (counts, counts[::-1]))
    except InputError:  # no stable estimate: it is refused, and nothing is shown in either order
        return
    assert one.proportion.value == pytest.approx(other.proportion.value, abs=1e-9)
    assert one.tau2 == pytest.approx(other.tau2, abs=1e-7)
