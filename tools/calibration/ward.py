"""The hold rule that stands in until the virtual nurse runs: simple, stated, and no protocol of any ward.

Each number is the criterion of the guideline of 2001 or of the consensus as far as the prototype of the model used it
(docs/decisions/0019-what-the-prototype-missed.md); the protocols' own rows decide in the trial room, not these.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from aldes.mechanism import Params, State, untreated
from aldes.mechanism.course import fluid_by_pressure
from aldes.mechanism.model import vessels
from aldes.mechanism.regimen import PlannedDose

LOW_PRESSURE, HIGH_CREATININE, STOP_CREATININE = 62.0, 2.5, 3.0  # mmHg, mg/dL, mg/dL
GAINED, LOW_PLATELETS, STOP_PLATELETS, HIGH_BILIRUBIN = 0.15, 50.0, 30.0, 7.0  # of weight, G/L, G/L, mg/dL
MOST_HOLDS = 3  # the third held dose ends the cycle
HOME_AFTER_H = 128.0  # hours of a cycle in the ward: until a day after the last dose that could be given

Flags = npt.NDArray[np.bool_]


class HoldRule:
    """Holds a dose at a relative limit, ends the cycle at an absolute one or at the third held dose."""

    def __init__(self, patients: int, cycle_starts_h: tuple[float, ...]) -> None:
        self.starts = cycle_starts_h
        self.held = np.zeros(patients, int)
        self.ended = np.zeros(patients, bool)
        self.doses = np.zeros((len(cycle_starts_h), patients), int)
        self.last_h = np.zeros((len(cycle_starts_h), patients))

    def gives(self, dose: PlannedDose, y: State, p: Params) -> Any:
        """1 for each patient who gets this dose."""
        if dose.number == 1:
            self.held[:], self.ended[:] = 0, False
        relative, absolute = self._limits(y, p)
        given = ~(relative | absolute | self.ended)
        self.held += relative & ~self.ended
        self.ended |= absolute | (self.held >= MOST_HOLDS)
        self.doses[dose.cycle - 1] += given
        self.last_h[dose.cycle - 1][given] = dose.start_h
        return given.astype(float)

    def _limits(self, y: State, p: Params) -> tuple[Flags, Flags]:
        pressure = vessels(y, p, untreated(p)).map
        gained = (y.plasma + y.interstitium - p.vp0 - p.vi0) / p.weight
        relative = (pressure < LOW_PRESSURE) | (y.creatinine >= HIGH_CREATININE) | (gained > GAINED)
        relative |= (y.platelets < LOW_PLATELETS) | (y.bilirubin > HIGH_BILIRUBIN)
        absolute = (y.creatinine >= STOP_CREATININE) | (y.platelets < STOP_PLATELETS) | (y.burden > p.burden_most)
        return np.asarray(relative), np.asarray(absolute)

    def cares(self, hour: float, y: State, p: Params) -> tuple[Any, Any]:
        """Fluids by the pressure in the ward, by thirst at home; no vasopressor."""
        in_ward = any(start <= hour < start + HOME_AFTER_H for start in self.starts)
        return (fluid_by_pressure(y, p) if in_ward else untreated(p).fluid), 0.0
