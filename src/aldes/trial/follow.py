"""After the doses: the tumour through visits, and what they show of response and progression.

A visit measures one number, the sum of diameters, taken as that of one sphere of the tumour's volume; responses are
those of RECIST 1.1 without confirmation. A new lesion is an event of the model's hazard, at the patient's own chance.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aldes.mechanism.follow import slow
from aldes.mechanism.parameters import Params
from aldes.mechanism.population import uniform
from aldes.mechanism.solve import advance_slow
from aldes.mechanism.state import Slow, State
from aldes.response.limits import PARTIAL_PERCENT, PROGRESSION_PERCENT
from aldes.trial.chart import Numbers, Truths

SLOW_STEP_H = 12.0
VISIBLE_MM = 5.0  # RC-15: a lesion too small to measure is entered as 5 mm; below it this tumour is gone to the eye
RISE_MM = 5.0  # RC-07: a rise of 20 % counts from so many millimetres on
RESPONSES = ("progression", "stable", "partial response", "complete response")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """When the tumour is looked at, in days from the first dose."""

    first_day: int
    every_days: int
    last_day: int

    def days(self) -> range:
        """The days of the visits."""
        return range(self.first_day, self.last_day + 1, self.every_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What the visits showed, one place a patient."""

    best: Numbers  # the place in RESPONSES
    progressed_day: Numbers  # day of the visit that showed it; infinity where none did
    diameters: Numbers  # (visits, patients), mm
    days: tuple[int, ...]


def follow(y: State, p: Params, ids: Sequence[str], seed: int, visits: Visits, from_h: float) -> Followed:
    """Follow a population from the hour `from_h` on to the last visit."""
    baseline = diameter(np.broadcast_to(np.asarray(p.tumour0, dtype=float), (len(ids),)))
    chance = -np.log([uniform(seed, each, "new lesion") for each in ids])
    nadir, best = baseline.copy(), np.zeros(len(ids))
    progressed = np.full(len(ids), np.inf)
    shown = []
    for day, now in _visits(slow(y), p, visits, from_h):
        seen = diameter(np.exp(now.log_tumour))
        over = _progressed(seen, nadir, np.asarray(now.new_lesions >= chance))
        progressed = np.where(over & np.isinf(progressed), float(day), progressed)
        best = np.maximum(best, np.where(np.isinf(progressed), _response(seen, baseline), 0.0))
        nadir = np.minimum(nadir, seen)
        shown.append(seen)
    return Followed(best=best, progressed_day=progressed, diameters=np.array(shown), days=tuple(visits.days()))


def diameter(volume: Numbers) -> Numbers:
    """Of a sphere of this volume in mL, in mm; what cannot be seen any more is 0."""
    found: Numbers = 10 * np.cbrt(6 * volume / np.pi)
    return np.where(found < VISIBLE_MM, 0.0, found)


def _visits(now: Slow, p: Params, visits: Visits, hour: float) -> Iterator[tuple[int, Slow]]:
    for day in visits.days():
        now = advance_slow(now, p, 24.0 * day - hour, SLOW_STEP_H)
        hour = 24.0 * day
        yield day, now


def _progressed(seen: Numbers, nadir: Numbers, new_lesion: Truths) -> Truths:
    """A rise of 20 % and 5 mm above the nadir, or a new lesion."""
    rise = seen - nadir
    grown = (rise >= nadir * PROGRESSION_PERCENT / 100) & (rise >= RISE_MM) & (seen > 0)
    return grown | new_lesion


def _response(seen: Numbers, baseline: Numbers) -> Numbers:
    partial = seen <= baseline * (1 - PARTIAL_PERCENT / 100)
    return np.select([seen == 0, partial], [3.0, 2.0], 1.0)
