"""`make calibration`: the table of targets from the typical patient and a population, and what no target asks."""

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from aldes.mechanism.digest import digest
from calibration.experiments import all_experiments
from calibration.people import Outcome, population
from calibration.result import RULE, Result, keep
from calibration.table import counted, lines, of_population

FOLDER = Path("build/calibration")
UNSEEN = 2  # the seed of people whom the fit, with seed 1, never saw


def beside(o: Outcome) -> str:
    """What no target asks and everybody wants to see."""
    shares = 100 * np.bincount(o.doses_1, minlength=15) / o.doses_1.size
    counts = " ".join(f"{number}:{share:.0f}" for number, share in enumerate(shares))
    return "\n".join(
        [
            f"doses of cycle 1, % of patients by number: {counts}",
            f"doses, mean: cycle 1 {o.doses_1.mean():.3g}, cycle 2 {o.doses_2.mean():.3g}",
            f"highest creatinine, mean, mg/dL: cycle 1 {o.peak_creatinine_1.mean():.3g}, "
            f"cycle 2 {o.peak_creatinine_2.mean():.3g}",
            f"lowest mean pressure of cycle 1: median {np.median(o.lowest_pressure):.0f} mmHg, "
            f"below 65 in {100 * (o.lowest_pressure < 65).mean():.0f} %",
            f"most weight gained in cycle 1: median {np.median(o.gained):.2g} kg",
        ]
    )


def _result(asked: argparse.Namespace, by: str, simulated: Mapping[tuple[str, str], float], o: Outcome) -> Result:
    return Result(
        patients=asked.patients,
        seed=asked.seed,
        held_by=by,
        model=digest(),
        simulated=simulated,
        beside=tuple(beside(o).splitlines()),
    )


def main() -> None:
    """Print the table and keep it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--patients", type=int, default=5000)
    options.add_argument("--seed", type=int, default=UNSEEN, help="1: the patients of the fit")
    options.add_argument("--protocol", default="", help="let the virtual nurse hold doses by it, like nci-2001")
    options.add_argument("--keep", action="store_true", help="write the run into docs/, for the manual and the paper")
    asked = options.parse_args()
    outcome = population(asked.patients, asked.seed, FOLDER, asked.protocol)
    simulated = all_experiments() | of_population(outcome)
    by = asked.protocol or RULE
    title = f"{asked.patients:,} virtual patients, seed {asked.seed}, doses held by: {by}; {counted(simulated)}"
    text = "\n".join([title, "", *lines(simulated, by), "", beside(outcome)])
    (FOLDER / f"table-{by.replace(' ', '-')}.md").write_text(text + "\n", encoding="utf-8")
    print(text)
    if asked.keep:
        keep(_result(asked, by, simulated, outcome))


if __name__ == "__main__":
    main()
