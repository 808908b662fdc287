"""The published experiments on patients without variability: a function each, numbers by target and part.

Every function takes one patient or many candidates at once (a place each in the parameters' arrays); so the table of
targets and the fit read the same numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import numpy.typing as npt

from aldes.mechanism import Params, State, at_rest, regimen, resting, run, typical, untreated
from aldes.mechanism.closed_form import hybrid_constants
from aldes.mechanism.course import fluid_by_pressure
from aldes.mechanism.model import fluids, vessels
from aldes.mechanism.regimen import NMOL_PER_IU, PlannedDose
from aldes.mechanism.solve import advance, spread_out

Array = npt.NDArray[np.float64]
Simulated = dict[tuple[str, str], Any]  # (target, part) → a place a candidate
LITRES, OVER_H = 18.4, 120.0  # of fluid in fluid-1987
TNF_PG_PER_ML = 14.0  # at rest, tnf-1988
DAY_5 = slice(96, 113)  # hours: the fifth day as far as doses go on
FOLLOWED_H = 216.0  # eosinophils and lymphocytes: four days and a little after the last dose


def all_experiments() -> dict[tuple[str, str], float]:
    """Every number that the typical patient gives."""
    found = experiments(lambda p: p, 1)
    return {name: float(np.ravel(value)[0]) for name, value in found.items()}


def experiments(vary: Callable[[Params], Params], candidates: int) -> Simulated:
    """The same of many candidates, each of which `vary` makes of the typical patient of either parameter set."""
    p = vary(typical())
    found = linear(p) | bolus(p, candidates) | first_dose(p, candidates) | under_the_skin(p, candidates)
    found |= whole_cycle(p, candidates) | watered_cycle(p, candidates)
    for name, part in (("konrad-1990", "default set, to 1.73 m2"), ("label-clearance", "label set, to 1.73 m2")):
        found["C3", part] = clearance(vary(typical(set_name=name)), candidates)
    return {name: np.broadcast_to(value, (candidates,)) for name, value in found.items()}


def linear(p: Params) -> Simulated:
    """Half-lives of the closed form."""
    fast, slow = hybrid_constants(p)
    return {("C2", "first"): 60 * log(2) / fast, ("C2", "second"): 60 * log(2) / slow}


def bolus(p: Params, candidates: int) -> Simulated:
    """A million units per m2 within a minute."""
    over_h = 1 / 60
    given = untreated(p)._replace(infusion=1e6 * NMOL_PER_IU * p.bsa / over_h)
    y = advance(spread_out(resting(p), candidates), p, at_rest(p), given, over_h, over_h / 8)
    return {("C1", "level"): _units_per_ml(y, p)}


def clearance(p: Params, candidates: int) -> Array:
    """Of the first high dose: dose over area, in mL/min for 1.73 m2."""
    area = _series(p, candidates, 24.0, 24.0, doses=1)[-1].exposure
    return np.asarray(regimen("high-dose").nmol(p) / area * 1000 / 60 * 1.73 / p.bsa)


def first_dose(p: Params, candidates: int) -> Simulated:
    """One high dose, watched for half a day."""
    step = 0.05
    series = _series(p, candidates, 12.0, step, doses=1)
    ifn, fever = _of(series, "ifn"), _of(series, "fever")
    peak, each = ifn.argmax(0), np.arange(candidates)
    after = [ifn[peak + round(hours / step), each] for hours in (1, 3)]
    return {
        ("C6", "level"): series[round(2 / step)].tnf * TNF_PG_PER_ML,
        ("C7", "lag, to a tenth of the maximum"): (ifn >= ifn.max(0) / 10).argmax(0) * step,
        ("C7", "maximum"): peak * step,
        ("C8", "half-life"): 2 * log(2) / np.log(after[0] / after[1]),
        ("C19", "NK cells in blood at 20 minutes"): 100 * (1 - series[round(0.35 / step)].nk_out),
        ("C19", "T cells in blood at 2 hours"): 100 * (1 - series[round(2 / step)].t_out),
        ("C21", "maximum"): fever.argmax(0) * step,
    }


def under_the_skin(p: Params, candidates: int) -> Simulated:
    """12 and 18 million IU a day under the skin: levels of the first day, escape of albumin on the fourth."""
    step = 0.25
    found: Simulated = {}
    for miu in (12, 18):
        series = _series(p, candidates, 24.0, step, id="subcutaneous-18", share=miu / 18)
        level = np.array([_units_per_ml(y, p) for y in series])
        found["C4", f"highest level, {miu} million IU"] = level.max(0)
        found["C4", "time of the highest"] = level.argmax(0) * step
        found["C4", "half-life"] = 8 * log(2) / np.log(level[round(8 / step)] / level[round(16 / step)])
    return found | {("C14", "ratio"): escape(p, candidates)}


def escape(p: Params, candidates: int) -> Array:
    """Share of plasma albumin that leaves in an hour after four days under the skin, of that at rest."""
    y = _series(p, candidates, 96.0, 96.0, id="subcutaneous-18")[-1]
    escaped = fluids(y, p, at_rest(p), vessels(y, p, untreated(p))).escaped
    return np.asarray(escaped / y.plasma_albumin / p.ter0)


def whole_cycle(p: Params, candidates: int) -> Simulated:
    """All 14 doses with fluids by the pressure, followed for four days after the last."""
    series = _series(p, candidates, FOLLOWED_H, 1.0)
    vessel = [vessels(y, p, untreated(p)) for y in series]
    area, eosinophils = _of(series, "exposure"), _of(series, "eosinophils")
    return {
        ("C5", "ratio"): (area[112] - area[104]) / area[8],
        ("C9", "rise"): _of(series, "nitrate").max(0),
        ("C10", "mean pressure"): np.mean([v.map for v in vessel[DAY_5]], axis=0) / p.map0,
        ("C10", "resistance"): np.mean([v.tone for v in vessel[DAY_5]], axis=0),
        ("C10", "cardiac output"): np.mean([v.output for v in vessel[DAY_5]], axis=0),
        ("C20", "day of the highest"): eosinophils.argmax(0) / 24,
        ("C20", "rise"): eosinophils.max(0) / p.eosinophils0,
        **_shape(series, vessel, p),
    }


def _shape(series: list[State], vessel: list[Any], p: Params) -> Simulated:
    """What the fit asks of the typical patient beside the targets, under the name "shape"."""
    lymphocytes = np.array([in_blood(y) for y in series]) / (p.nk0 + p.cd8_0 + p.treg0 + p.other0)
    return {
        ("shape", "lowest pressure"): np.min([v.map for v in vessel], axis=0) / p.map0,
        ("shape", "highest creatinine"): _of(series, "creatinine").max(0),
        ("shape", "lymphocytes at 24 h"): lymphocytes[24],
        ("shape", "lymphocytes on day 4"): lymphocytes[200],
        ("shape", "still rising after day 4"): lymphocytes[200:].max(0) - lymphocytes[200],
        ("shape", "injury of the kidney"): _of(series, "injury")[112],
    }


def in_blood(y: State) -> Any:
    """Lymphocytes in blood, a microlitre."""
    return y.nk * (1 - y.nk_out) + (y.cd8 + y.treg + y.other) * (1 - y.t_out)


def watered_cycle(p: Params, candidates: int) -> Simulated:
    """All doses with the fluid of fluid-1987."""
    series = _series(p, candidates, OVER_H, 1.0, fluid=LITRES / OVER_H)
    y, filled = series[-1], _of(series, "plasma") / p.vp0
    return {
        ("C11", "gained"): y.plasma + y.interstitium - p.vp0 - p.vi0,
        ("C12", "albumin"): y.plasma_albumin / y.plasma,
        ("C13", "at 5 days"): y.plasma / p.vp0,
        ("shape", "least plasma"): filled.min(0),
        ("shape", "most plasma"): filled.max(0),
        ("shape", "mean plasma from day 2"): filled[24:].mean(0),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """The first so many doses of cycle 1, each a share of the whole, with fixed fluids or those by the pressure."""

    doses: int
    share: float
    fluid: float | None

    def gives(self, dose: PlannedDose, y: State, p: Params) -> Any:
        """The share that the experiment says."""
        return self.share if dose.cycle == 1 and dose.number <= self.doses else 0.0

    def cares(self, hour: float, y: State, p: Params) -> tuple[Any, Any]:
        """Fluids for five days, then what is lost is drunk."""
        if hour >= OVER_H:
            return untreated(p).fluid, 0.0
        return (fluid_by_pressure(y, p) if self.fluid is None else self.fluid), 0.0


def _series(
    p: Params,
    candidates: int,
    until_h: float,
    every_h: float,
    *,
    id: str = "high-dose",
    doses: int = 14,
    share: float = 1.0,
    fluid: float | None = None,
) -> list[State]:
    """The states at hour 0 and every so many hours."""
    ward = Experiment(doses=doses, share=share, fluid=fluid)
    start = spread_out(resting(p), candidates)
    return [y for _, y in run(start, p, regimen(id), ward, advance, until_h=until_h, every_h=every_h)]


def _of(series: list[State], name: str) -> Array:
    """One state over time: hours × candidates."""
    return np.array([getattr(y, name) for y in series])


def _units_per_ml(y: State, p: Params) -> Any:
    return y.central / p.vc / NMOL_PER_IU / 1000
