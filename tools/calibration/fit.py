"""The fit in two stages, both by the cross-entropy method: `make fit`.

Candidates are drawn around a centre (lognormal, clipped to each parameter's range) and scored; centre and spread move
to the best eighth. Stage 1 moves the calibrated parameters of the typical patient, whose experiments run side by side.
Stage 2 moves what only a population shows (`STAGE_2`) and scores 1,000 virtual people by the targets that need them,
the same people for every candidate (common random numbers). Random numbers have a seed, so a run repeats; rounds that
are done are kept, of stage 2 also each candidate's people, and an interrupted search goes on. No round begins after
the stated minutes. The best values are printed; a person writes them into parameters.toml, because a value there has a
reason. The table of targets is then made from 5,000 other people (`make calibration`).
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import monotonic

import numpy as np
import numpy.typing as npt

from aldes.errors import ModelError
from aldes.mechanism import Params, typical
from aldes.mechanism.read import Standing, read_parameters
from aldes.mechanism.targets import read_targets
from calibration import experiments
from calibration.people import fingerprint, population
from calibration.table import of_population

Array = npt.NDArray[np.float64]
STAGE_2 = {"kappa", "kill_half", "new_rate", "d_effectors", "residual", "grow_tumour", "k_repair", "burden_most"}
FOLDER = Path("build/calibration")
WORST = 1e9
ELITE = 8  # the best eighth
WIDE, NARROW = 0.35, 0.02  # spread of the logarithms, at first and at least
PEOPLE, PEOPLE_SEED = 1000, 1
BUDGET_MIN = 120.0  # two hours for both stages

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One of the two searches: which parameters it moves, how a candidate is scored, how many there are in a round."""

    number: int
    names: list[str]
    score: Callable[[Array, list[str]], Array]
    candidates: int
    rounds: int
    wide: float = WIDE


def stages() -> tuple[Stage, Stage]:
    """The typical patient, then the population."""
    one = Stage(number=1, names=fitted(), score=lambda *each: scores(*each), candidates=96, rounds=20)
    population = [name for name in _calibrated() if name in STAGE_2]
    two = Stage(number=2, names=population, score=lambda *each: of_people(*each), candidates=16, rounds=5, wide=0.15)
    return one, two


def _calibrated() -> list[str]:
    return [name for name, each in read_parameters().items() if each.status is Standing.CALIBRATED]


def fitted() -> list[str]:
    """The parameters that stage 1 moves."""
    return [name for name in _calibrated() if name not in STAGE_2]


def of_people(candidates: Array, names: list[str]) -> Array:
    """The score of each candidate's 1,000 people by the targets that need a population."""
    values = np.array([read_parameters()[name].value for name in names])
    found = []
    for candidate in candidates:
        factors = dict(zip(names, (candidate / values).tolist(), strict=True))
        try:
            seen = of_population(population(PEOPLE, PEOPLE_SEED, FOLDER, factors=factors))
            found.append(float(score_of_targets({key: np.array([value]) for key, value in seen.items()})[0]))
        except ModelError:
            found.append(WORST)
    return np.where(np.isfinite(found), found, WORST)


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


def score_of_targets(seen: experiments.Simulated) -> Array:
    """Squared distances from the middle of each tolerance, in half its width, added up."""
    total = np.zeros(1)
    for target in read_targets().values():
        for part in target.parts:
            if (target.id, part.name) in seen:
                middle, half = (part.least + part.most) / 2, (part.most - part.least) / 2
                total = total + ((seen[target.id, part.name] - middle) / half) ** 2
    return total


def score(seen: experiments.Simulated) -> Array:
    """Distances from the targets, and of the typical patient's shape from what is wanted; 0 is perfect."""
    total = score_of_targets(seen)
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


def begun(stage: Stage, path: Path) -> Search:
    """The search that was interrupted, or a new one around the values of parameters.toml."""
    if path.exists():
        with np.load(path) as kept:
            if list(kept["names"]) == stage.names:
                return Search(
                    rounds=int(kept["rounds"]),
                    centre=kept["centre"],
                    spread=kept["spread"],
                    best=kept["best"],
                    best_score=float(kept["best_score"]),
                )
    best = np.array([read_parameters()[name].value for name in stage.names])
    spread = np.full(len(stage.names), stage.wide)
    return Search(rounds=0, centre=np.log(best), spread=spread, best=best, best_score=np.inf)


def one_round(now: Search, stage: Stage, seed: int) -> Search:
    """Draw, run, score; move centre and spread to the best."""
    names, candidates = stage.names, stage.candidates
    ranges = [read_parameters()[name].range or (0.0, 0.0) for name in names]
    least, most = (np.array(ends) for ends in zip(*ranges, strict=True))
    random = np.random.default_rng(
        [seed, stage.number, now.rounds]
    )  # a round draws the same, interrupted before it or not
    drawn = np.exp(now.centre + now.spread * random.standard_normal((candidates, len(names))))
    drawn[0], drawn[1] = np.exp(now.centre), now.best
    drawn = np.clip(drawn, np.maximum(least, 1e-9), most)
    with np.errstate(all="ignore"):
        found = stage.score(drawn, names)
    order = np.argsort(found)
    elite = np.log(drawn[order[: max(2, candidates // ELITE)]])
    better = found[order[0]] < now.best_score
    best = min(found[order[0]], now.best_score)
    print(f"stage {stage.number}, round {now.rounds + 1}: best {best:.2f}, middle {np.median(found):.2f}", flush=True)
    return Search(
        rounds=now.rounds + 1,
        centre=0.3 * now.centre + 0.7 * elite.mean(0),
        spread=np.maximum(0.5 * now.spread + 0.5 * elite.std(0), NARROW),
        best=drawn[order[0]] if better else now.best,
        best_score=float(found[order[0]]) if better else now.best_score,
    )


def search(stage: Stage, seed: int, folder: Path, until: float = float("inf")) -> dict[str, float]:
    """The best candidate of all rounds; each round is kept when it is done, and none begins after `until`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"fit-{fingerprint()}-{stage.number}-{seed}.npz"
    now = begun(stage, path)
    while now.rounds < stage.rounds and monotonic() < until:
        now = one_round(now, stage, seed)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, names=stage.names, **asdict(now))
        unfinished.rename(path)
    return dict(zip(stage.names, now.best.tolist(), strict=True))


def main() -> None:
    """Search, and print the best values in the model's units."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--stage", type=int, choices=(1, 2), help="one of the two alone")
    options.add_argument("--rounds", type=int, help="in all, those of an interrupted run included")
    options.add_argument("--minutes", type=float, default=BUDGET_MIN, help="no round begins after that")
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    until = monotonic() + 60 * asked.minutes
    for stage in stages():
        if asked.stage in (None, stage.number):
            wanted = replace(stage, rounds=stage.rounds if asked.rounds is None else asked.rounds)
            print(f"stage {stage.number}: {len(stage.names)} parameters, {stage.candidates} candidates a round")
            for name, value in search(wanted, asked.seed, FOLDER, until).items():
                print(f"{name} = {value:.5g}  # {read_parameters()[name].unit}")


if __name__ == "__main__":
    main()
