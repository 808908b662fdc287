"""`make ensemble`: other sets of calibrated parameters that meet at least 22 of the 24 targets, kept as ensemble.toml.

Candidates are a Latin hypercube in the logarithms of all calibrated parameters: each within a stated factor of its
fitted value and inside its range. First the typical patient of each candidate is put through the published experiments;
who misses more than two targets there is out. The others nurse the fit's 1,000 people by the hold rule, the same people
for each (common random numbers). Order decides nothing: the first candidates that are acceptable are taken, not the
best. What is done is kept, so an interrupted search goes on.
"""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
import numpy.typing as npt

from aldes.errors import ModelError
from aldes.mechanism import Params
from aldes.mechanism.digest import digest
from aldes.mechanism.ensemble import varied
from aldes.mechanism.read import Standing, read_parameters
from aldes.mechanism.targets import read_targets
from calibration import experiments
from calibration.people import fingerprint, population
from calibration.table import of_population

Array = npt.NDArray[np.float64]
FOLDER = Path("build/calibration")
KEPT = Path("src/aldes/mechanism/ensemble.toml")
MOST_MISSED = 2
AT_ONCE = 100  # candidates whose typical patients run side by side
TRIED, WITHIN, PEOPLE, SEED, SETS = 400, 1.25, 1000, 1, 15
DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypercube:
    """Which candidates are tried; the numbers of a candidate depend on nothing else."""

    tried: int
    within: float  # the factor up and down
    seed: int

    def factors(self) -> tuple[list[str], Array]:
        """The parameters, and a row of factors a candidate."""
        calibrated = {name: each for name, each in read_parameters().items() if each.status is Standing.CALIBRATED}
        random = np.random.default_rng(self.seed)
        columns = []
        for each in calibrated.values():
            least, most = (np.log(end / each.value) if end > 0 else -np.inf for end in each.range or (0.0, 0.0))
            low, high = max(least, -np.log(self.within)), min(most, np.log(self.within))
            strata = (random.permutation(self.tried) + random.random(self.tried)) / self.tried
            columns.append(np.exp(low + strata * (high - low)).round(DIGITS))
        return list(calibrated), np.array(columns).T


def missed(seen: Mapping[tuple[str, str], float]) -> set[str]:
    """The targets that are looked at and not met."""
    return {
        target.id
        for target in read_targets().values()
        for part in target.parts
        if (target.id, part.name) in seen and not part.is_met(seen[target.id, part.name])
    }


def missed_alone(names: list[str], factors: Array) -> list[set[str]]:
    """What the typical patient of each candidate misses; one whose state leaves the numbers misses everything."""

    def vary(p: Params) -> Params:
        return varied(p, dict(zip(names, factors.T, strict=True)))

    try:
        seen = experiments.experiments(vary, len(factors))
    except ModelError:
        if len(factors) == 1:
            return [set(read_targets())]
        middle = len(factors) // 2
        return missed_alone(names, factors[:middle]) + missed_alone(names, factors[middle:])
    return [missed({key: float(values[place]) for key, values in seen.items()}) for place in range(len(factors))]


def typical_patients(cube: Hypercube, folder: Path) -> list[set[str]]:
    """What the typical patient of every candidate misses; each hundred is kept when it is done."""
    names, factors = cube.factors()
    found: list[set[str]] = []
    for start in range(0, len(factors), AT_ONCE):
        path = folder / f"typical-{fingerprint()}-{cube.tried}-{cube.within:g}-{cube.seed}-{start}.txt"
        if not path.exists():
            lines = [" ".join(sorted(each)) for each in missed_alone(names, factors[start : start + AT_ONCE])]
            unfinished = path.with_suffix(".part")
            unfinished.write_text("\n".join(lines), encoding="utf-8")
            unfinished.rename(path)
        found += [set(line.split()) for line in path.read_text(encoding="utf-8").split("\n")]
    return found


def of_people(names: list[str], factors: Array, folder: Path, people: int) -> set[str]:
    """What 1,000 people of this candidate miss."""
    chosen = dict(zip(names, factors.tolist(), strict=True))
    try:
        return missed(of_population(population(people, SEED, folder, factors=chosen)))
    except ModelError:
        return set(read_targets())


def main() -> None:
    """Search, print what is found, and write the accepted sets."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tried", type=int, default=TRIED)
    options.add_argument("--within", type=float, default=WITHIN, help="the factor up and down")
    options.add_argument("--people", type=int, default=PEOPLE)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--sets", type=int, default=SETS, help="end when so many are accepted")
    options.add_argument("--minutes", type=float, default=60, help="of CPU time, and no more candidates after that")
    asked = options.parse_args()
    begun = process_time()
    FOLDER.mkdir(parents=True, exist_ok=True)
    cube = Hypercube(tried=asked.tried, within=asked.within, seed=asked.seed)
    names, factors = cube.factors()
    alone = typical_patients(cube, FOLDER)
    promising = [number for number, each in enumerate(alone) if len(each) <= MOST_MISSED]
    print(f"{len(alone)} typical patients, {len(promising)} of them miss {MOST_MISSED} targets or fewer", flush=True)
    accepted: dict[int, set[str]] = {}
    looked_at = 0
    for number in promising:
        if len(accepted) == asked.sets or process_time() - begun > 60 * asked.minutes:
            break
        looked_at += 1
        both = alone[number] | of_people(names, factors[number], FOLDER, asked.people)
        if len(both) <= MOST_MISSED:
            accepted[number] = both
        print(f"candidate {number}: misses {' '.join(sorted(both)) or 'none'}", flush=True)
    minutes = (process_time() - begun) / 60
    print(f"{looked_at} populations of {asked.people}, {len(accepted)} accepted, {minutes:.1f} min of CPU time")
    made = {
        "tried": asked.tried,
        "within": asked.within,
        "seed": asked.seed,
        "promising": len(promising),
        "populations": looked_at,
        "people": asked.people,
        "people_seed": SEED,
        "most_missed": MOST_MISSED,
        "model": digest(),
    }
    KEPT.write_text(written(made, names, factors, accepted), encoding="utf-8")


HEAD = """\
# Sets of calibrated parameters that meet at least 22 of the 24 targets: factors on the values of parameters.toml, found
# by `make ensemble` (tools/calibration/acceptable.py says how). Status of every number here: calibrated.
#
#   tried        candidates of the Latin hypercube;  within: factor up and down;  seed: of the hypercube
#   promising    those whose typical patient misses at most `most_missed` targets
#   populations  of those, in order, how many were run with `people` virtual patients of `people_seed`
#   model        the hash of equations and parameters that the search was made with (aldes.mechanism.digest)

[made]
"""


def written(made: Mapping[str, object], names: list[str], factors: Array, accepted: Mapping[int, set[str]]) -> str:
    """The file of the ensemble."""
    lines = [f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in made.items()]
    for number, targets in accepted.items():
        missing = ", ".join(f'"{each}"' for each in sorted(targets))
        lines += ["", "[[set]]", f"number = {number}", f"missed = [{missing}]", "[set.factors]"]
        lines += [f"{name} = {factor:g}" for name, factor in zip(names, factors[number], strict=True)]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
