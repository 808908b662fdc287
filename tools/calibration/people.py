"""A population through two cycles and on for a year, held by the stated rule or a protocol; each chunk is kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aldes.mechanism import Params, State, draw, regimen, resting, run, untreated
from aldes.mechanism.ensemble import AS_FITTED, varied
from aldes.mechanism.follow import slow
from aldes.mechanism.model import vessels
from aldes.mechanism.population import uniform
from aldes.mechanism.regimen import Regimen
from aldes.mechanism.solve import advance, advance_slow, as_arrays, spread_out
from calibration.experiments import in_blood
from calibration.ward import HoldRule

Array = npt.NDArray[Any]
CHUNK = 500
UNTIL_H = 24.0 * 21  # everything is computed until here, a week before the follow-up goes on alone
CYCLE_2_H = 336
VISIT_D, LAST_D = 28, 364  # a visit every four weeks for a year
FIRST_VISIT_D = 56
SLOW_STEP_H = 12.0
PARTIAL, PROGRESSED = 0.7**3, 1.2**3  # volumes, of 30 % less and 20 % more of the diameters
SMALLEST_ML = 0.065  # a nodule of 5 mm
RETURNED = 1.15  # of the own baseline
SAMPLED_H = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One number a patient in every field."""

    doses_1: Array
    doses_2: Array
    peak_creatinine_1: Array
    peak_creatinine_2: Array
    returned: Array  # 1 where creatinine was back 7 days after the last dose of cycle 1
    lymphocytes_24h: Array  # of the baseline
    lymphocytes_day_4: Array
    lowest_pressure: Array  # mmHg, cycle 1
    gained: Array  # kg, most in cycle 1
    response: Array  # 0 progression, 1 stable, 2 partial, 3 complete


def population(
    patients: int, seed: int, folder: Path, protocol: str = "", factors: Mapping[str, float] = AS_FITTED
) -> Outcome:
    """The outcomes of so many patients; a chunk that was computed with this very model is read, not computed again.

    `factors` multiply parameters of everybody: a candidate of the fit, or a set of the ensemble.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = f"{protocol or 'rule'}-{fingerprint(protocol)}{_mark(factors)}"
    parts = []
    for start in range(0, patients, CHUNK):
        numbers = range(start, min(start + CHUNK, patients))
        path = folder / f"{model}-{seed}-{numbers.start}-{numbers.stop}.npz"
        parts.append(_chunk(numbers, seed, protocol, factors, path))
    return Outcome(**{name: np.concatenate([part[name] for part in parts]) for name in Outcome.__slots__})


def _mark(factors: Mapping[str, float]) -> str:
    """Eight digits that tell one set of factors from another; nothing for the parameters as fitted."""
    text = " ".join(f"{name} {factor!r}" for name, factor in sorted(factors.items()))
    return f"-{sha256(text.encode()).hexdigest()[:8]}" if factors else ""


def _chunk(numbers: range, seed: int, protocol: str, factors: Mapping[str, float], path: Path) -> dict[str, Array]:
    if not path.exists():
        outcome = simulate(numbers, seed, protocol, factors)
        unfinished = path.with_suffix(".part.npz")
        np.savez(unfinished, **{name: getattr(outcome, name) for name in Outcome.__slots__})
        unfinished.rename(path)  # so that an interrupted run leaves no half a chunk
    with np.load(path) as kept:
        return dict(kept)


@cache  # what is edited meanwhile belongs to the next run
def fingerprint(protocol: str = "") -> str:
    """What the results depend on: the text of the model, of its parameters and of whoever holds doses."""
    import aldes.mechanism
    import aldes.protocols
    import aldes.trial
    import calibration

    rooms = (aldes.mechanism, calibration, *([aldes.trial, aldes.protocols] if protocol else []))
    folders = [Path(each.__file__).parent for each in rooms if each.__file__]
    texts = [path.read_bytes() for each in folders for path in sorted(each.iterdir()) if _counts(path)]
    return sha256(b"\x00".join(texts)).hexdigest()[:12]


def _counts(path: Path) -> bool:
    shown_only = {
        *("targets.toml", "targets.py", "table.py", "__main__.py", "fit.py", "equations.py", "digest.py"),
        *("ensemble.toml", "acceptable.py", "result.py"),
    }
    return path.suffix in (".py", ".toml") and path.name not in shown_only


def simulate(numbers: range, seed: int, protocol: str = "", factors: Mapping[str, float] = AS_FITTED) -> Outcome:
    """These patients through two cycles and a year, nursed by a protocol or held by the stated rule."""
    ids = [f"patient {number}" for number in numbers]
    p = varied(as_arrays(draw(ids, seed)), factors)
    start = spread_out(resting(p), len(ids))
    plan = regimen("high-dose")
    ward = _ward(protocol, numbers, plan, seed)
    watch = _Watch(start, p)
    y = start
    for hour, y in run(start, p, plan, ward, advance, until_h=UNTIL_H):
        watch.look(hour, y, p)
    return Outcome(
        doses_1=ward.doses[0],
        doses_2=ward.doses[1],
        peak_creatinine_1=watch.creatinine[0],
        peak_creatinine_2=watch.creatinine[1],
        returned=watch.at(watch.creatinines, ward.last_h[0] + 7 * 24) <= RETURNED * p.cr0,
        lymphocytes_24h=watch.lymphocytes[24 // SAMPLED_H],
        lymphocytes_day_4=watch.at(watch.lymphocytes, ward.last_h[0] + 4 * 24),
        lowest_pressure=watch.pressure,
        gained=watch.gained,
        response=_response(y, p, ids, seed),
    )


def _ward(protocol: str, numbers: range, plan: Regimen, seed: int) -> Any:
    if not protocol:
        return HoldRule(len(numbers), plan.cycle_starts_h)
    from calibration.nursed import Nursed

    return Nursed(protocol, numbers, plan, seed)


class _Watch:
    """What is kept of the hourly states: extremes, and samples every eight hours."""

    def __init__(self, y: State, p: Params) -> None:
        self.creatinine = [np.zeros_like(y.creatinine), np.zeros_like(y.creatinine)]
        self.pressure = np.full_like(y.creatinine, np.inf)
        self.gained = np.zeros_like(y.creatinine)
        self.creatinines: list[Array] = []
        self.lymphocytes: list[Array] = []
        self._resting = y.nk + y.cd8 + y.treg + y.other

    def look(self, hour: float, y: State, p: Params) -> None:

        cycle = int(hour >= CYCLE_2_H)
        self.creatinine[cycle] = np.maximum(self.creatinine[cycle], y.creatinine)
        if cycle == 0:
            self.pressure = np.minimum(self.pressure, vessels(y, p, untreated(p)).map)
            self.gained = np.maximum(self.gained, y.plasma + y.interstitium - p.vp0 - p.vi0)
        if round(hour) % SAMPLED_H == 0:
            self.creatinines.append(y.creatinine)
            self.lymphocytes.append(in_blood(y) / self._resting)

    @staticmethod
    def at(samples: list[Array], hours: Array) -> Array:
        """Each patient's sample nearest to the own hour."""
        rows = np.stack(samples)
        return np.asarray(rows[np.rint(hours / SAMPLED_H).astype(int), np.arange(rows.shape[1])])


def _response(y: State, p: Params, ids: list[str], seed: int) -> Array:
    """The best response before progression, by diameters of target lesions and new lesions."""
    at_start = np.broadcast_to(p.tumour0, (len(ids),))
    threshold = -np.log([uniform(seed, each, "new lesion") for each in ids])
    best = np.ones(len(ids), int)
    nadir, over = at_start.copy(), np.zeros(len(ids), bool)
    for day, volume, hazard in _visits(y, p):
        progressed = (volume > PROGRESSED * nadir) & (volume > SMALLEST_ML) | (hazard > threshold)
        if day == FIRST_VISIT_D:
            best[progressed] = 0
        over |= progressed
        for grade, reached in ((2, volume <= PARTIAL * at_start), (3, volume < SMALLEST_ML)):
            best = np.where(~over & reached, np.maximum(best, grade), best)
        nadir = np.minimum(nadir, volume)
    return best


def _visits(y: State, p: Params) -> Iterator[tuple[int, Array, Array]]:
    """Day, tumour volume and cumulative hazard of a new lesion at each visit."""
    now, hour = slow(y), UNTIL_H
    for day in range(FIRST_VISIT_D, LAST_D + 1, VISIT_D):
        now = advance_slow(now, p, 24 * day - hour, SLOW_STEP_H)
        hour = 24.0 * day
        yield day, np.exp(now.log_tumour), now.new_lesions
