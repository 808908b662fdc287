"""How long each estimate takes on a million patients, after a warm-up on a thousand: `make bench-outcomes`."""

import sys
import time
from collections.abc import Callable

import numpy as np

from aldes.outcomes import cox, cumulative_incidence, cure, dummies, kaplan_meier, log_rank, quantile, sample
from aldes.outcomes.sample import Floats, Ints, Sample

ROWS = 1_000_000


def patients(n: int, seed: int = 7) -> tuple[Sample, Ints, Floats]:
    """Late entries, three groups, two causes, and a fifth who never have the event."""
    draw = np.random.default_rng(seed)
    group, x = draw.integers(0, 3, n), draw.normal(size=n)
    own = np.where(draw.random(n) < 0.2, 500.0, draw.weibull(0.9, n) * 12 * np.exp(-0.3 * x) + 0.01)
    until, entry = draw.uniform(60, 120, n), np.where(draw.random(n) < 0.3, draw.uniform(0, 6, n), 0.0)
    time_, seen = np.minimum(own, until) + entry, own <= until
    return sample(time_, seen * draw.integers(1, 3, n), entry=entry), group, x


def asked(n: int) -> dict[str, Callable[[], object]]:
    """Each estimate as a call on n patients."""
    everybody, group, x = patients(n)
    groups = [everybody.where(group == each) for each in range(3)]
    covariates = np.column_stack([dummies(group, 3), x])
    return {
        "curves and medians of three groups": lambda: [quantile(kaplan_meier(each)) for each in groups],
        "log-rank of three groups": lambda: log_rank(groups),
        "hazard ratios of three covariates": lambda: cox(everybody, covariates, ("b", "c", "x")),
        "incidence of two causes with errors": lambda: cumulative_incidence(everybody),
        "cure fraction": lambda: cure(everybody),
    }


def main() -> None:
    """Print seconds for each estimate, once, after the warm-up."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    for run in asked(1_000).values():
        run()
    for name, run in asked(rows).items():
        begun = time.perf_counter(), time.process_time()
        run()
        wall, spent = time.perf_counter() - begun[0], time.process_time() - begun[1]
        print(f"{name:<40} n = {rows:,}  wall {wall:6.2f} s  CPU {spent:6.2f} s")


if __name__ == "__main__":
    main()
