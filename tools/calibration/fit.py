"""Stage 1 of the fit: calibrated parameters of the typical patient, by the cross-entropy method: `make fit`.

Some hundred candidates are drawn around a centre (lognormal, clipped to each parameter's range), run side by side as if
they were patients, and scored; centre and spread move to the best eighth. Random numbers have a seed, so a run repeats;
rounds that are done are kept, and an interrupted search goes on. The best values are printed; a person writes them into
parameters.toml, because a value there has a reason.

Stage 2, the population, has few parameters left (`kappa`, `new_rate`, `kill_half`, `k_repair`, `burden_most`). They
were set one after the other with `make calibration PATIENTS=1000 SEED=1`, whose patients are the same in every run.
"""

import argparse
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aldes.errors import ModelError
from aldes.mechanism import Params, typical
from aldes.mechanism.read import Standing, read_parameters
from aldes.mechanism.targets import read_targets
from calibration import experiments
from calibration.people import fingerprint

Array = npt.NDArray[np.float64]
STAGE_2 = {"kappa", "kill_half", "new_rate", "d_effectors", "residual", "grow_tumour", "k_repair", "burden_most"}
FOLDER = Path("build/calibration")
WORST = 1e9
ELITE = 8  # the best eighth
WIDE, NARROW = 0.35, 0.02  # spread of the logarithms, at first and at least

# What the typical patient must look like beside the targets: wanted value, and the distance that counts as one.
SHAPE: Mapping[str, tuple[float, float]] = {
    "highest creatinine": (2.8, 0.3),  # all doses; the mean of a population whose doses are held is C15
    "lymphocytes at 24 h": (0.08, 0.04),
    "lymphocytes on day 4": (1.98, 0.3),
    "injury of the kidney": (0.18, 0.1),
    "mean plasma from day 2": (1.0, 0.07),
}
AT_LEAST: Mapping[str, tuple[float, float]] = {"lowest pressure": (0.72, 0.05), "least plasma": (0.92, 0.05)}
AT_MOST: Mapping[str, tuple[float, float]] = {"still rising after day 4": (0.03, 0.1), "most plasma": (1.08, 0.05)}


def fitted() -> list[str]:
    """The parameters that stage 1 moves."""
    found = read_parameters().items()
    return [name for name, each in found if each.status is Standing.CALIBRATED and name not in STAGE_2]


def observed(candidates: Array, names: list[str]) -> experiments.Simulated:
    """The experiments of each candidate, a row of `candidates`."""
    count = len(candidates)
    p: Params = typical()._replace(**dict(zip(names, candidates.T, strict=True)))
    return {
        **experiments.first_dose(p, count),
        **experiments.under_the_skin(p, count),
        **experiments.whole_cycle(p, count),
        **experiments.watered_cycle(p, count),
    }


def scores(candidates: Array, names: list[str]) -> Array:
    """The score of each candidate; one whose state leaves the numbers is found by halving and scores worst."""
    try:
        return score(observed(candidates, names))
    except ModelError:
        if len(candidates) == 1:
            return np.array([WORST])
        middle = len(candidates) // 2
        return np.concatenate([scores(candidates[:middle], names), scores(candidates[middle:], names)])


def score(seen: experiments.Simulated) -> Array:
    """Squared distances from the middle of each tolerance, in half its width, added up; 0 is perfect."""
    total = np.zeros(1)
    for target in read_targets().values():
        for part in target.parts:
            if (target.id, part.name) in seen:
                middle, half = (part.least + part.most) / 2, (part.most - part.least) / 2
                total = total + ((seen[target.id, part.name] - middle) / half) ** 2
    for name, (wanted, tolerance) in SHAPE.items():
        total = total + ((seen["shape", name] - wanted) / tolerance) ** 2
    for name, (least, tolerance) in AT_LEAST.items():
        total = total + (np.minimum(seen["shape", name] - least, 0) / tolerance) ** 2
    for name, (most, tolerance) in AT_MOST.items():
        total = total + (np.maximum(seen["shape", name] - most, 0) / tolerance) ** 2
    return np.where(np.isfinite(total), total, WORST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Where a search stands after some rounds."""

    rounds: int
    centre: Array  # of the logarithms
    spread: Array
    best: Array
    best_score: float


def begun(names: list[str], path: Path) -> Search:
    """The search that was interrupted, or a new one around the values of parameters.toml."""
    if path.exists():
        with np.load(path) as kept:
            if list(kept["names"]) == names:
                return Search(
                    rounds=int(kept["rounds"]),
                    centre=kept["centre"],
                    spread=kept["spread"],
                    best=kept["best"],
                    best_score=float(kept["best_score"]),
                )
    best = np.array([getattr(typical(), name) for name in names])
    spread = np.full(len(names), WIDE)
    return Search(rounds=0, centre=np.log(best), spread=spread, best=best, best_score=np.inf)


def one_round(now: Search, names: list[str], candidates: int, seed: int) -> Search:
    """Draw, run, score; move centre and spread to the best."""
    ranges = [read_parameters()[name].range or (0.0, 0.0) for name in names]
    least, most = (np.array(ends) for ends in zip(*ranges, strict=True))
    random = np.random.default_rng([seed, now.rounds])  # a round draws the same, interrupted before it or not
    drawn = np.exp(now.centre + now.spread * random.standard_normal((candidates, len(names))))
    drawn[0], drawn[1] = np.exp(now.centre), now.best
    drawn = np.clip(drawn, np.maximum(least, 1e-9), most)
    with np.errstate(all="ignore"):
        found = scores(drawn, names)
    order = np.argsort(found)
    elite = np.log(drawn[order[: candidates // ELITE]])
    better = found[order[0]] < now.best_score
    print(f"round {now.rounds + 1}: best {min(found[order[0]], now.best_score):.2f}, middle {np.median(found):.2f}")
    return Search(
        rounds=now.rounds + 1,
        centre=0.3 * now.centre + 0.7 * elite.mean(0),
        spread=np.maximum(0.5 * now.spread + 0.5 * elite.std(0), NARROW),
        best=drawn[order[0]] if better else now.best,
        best_score=float(found[order[0]]) if better else now.best_score,
    )


def search(rounds: int, candidates: int, seed: int, folder: Path) -> dict[str, float]:
    """The best candidate of all rounds; each round is kept when it is done."""
    folder.mkdir(parents=True, exist_ok=True)
    names, path = fitted(), folder / f"fit-{fingerprint()}-{seed}.npz"
    now = begun(names, path)
    while now.rounds < rounds:
        now = one_round(now, names, candidates, seed)
        np.savez(path, names=names, **asdict(now))
    return dict(zip(names, now.best.tolist(), strict=True))


def main() -> None:
    """Search, and print the best values in the model's units."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--candidates", type=int, default=96)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    for name, value in search(asked.rounds, asked.candidates, asked.seed, FOLDER).items():
        print(f"{name} = {value:.5g}  # {read_parameters()[name].unit}")


if __name__ == "__main__":
    main()
