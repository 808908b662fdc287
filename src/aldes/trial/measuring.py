"""What a measurement shows of the model's state, with the chance of measuring and the step of charting."""

from collections.abc import Callable

import numpy as np

from aldes.mechanism.model import vessels
from aldes.mechanism.parameters import Params
from aldes.mechanism.state import Given, State
from aldes.trial.chart import Numbers
from aldes.trial.noise import normals
from aldes.trial.ward import WardRules

PULSE_PRESSURE = 40.0  # mmHg; assumed, and named in ward.toml
RESTING_TEMPERATURE = 36.8  # °C; assumed, and named in ward.toml
CONFUSED = 2.0  # the rank of "moderate confusion or agitation" among the codes of mental status


class Measuring:
    """Measures the patients of these numbers; the same patient at the same hour always shows the same chance."""

    def __init__(self, rules: WardRules, seed: int, numbers: range) -> None:
        self.rules = rules
        self.seed = seed
        self.numbers = numbers

    def measure(self, finding: str, hour: float, y: State, p: Params, given: Given) -> Numbers:
        """One measurement of this finding in every patient."""
        if finding in self.rules.assumed:
            return np.full(len(self.numbers), self.rules.assumed[finding])
        return self.charted(finding, hour, _SHOWN[finding](y, p, given))

    def charted(self, finding: str, hour: float, true: Numbers) -> Numbers:
        """A true value as it is measured and charted."""
        how = self.rules.measured[finding]
        true = np.broadcast_to(np.asarray(true, dtype=float), (len(self.numbers),))
        if how.noise:
            chance = how.noise * normals(self.seed, finding, hour, self.numbers)
            true = true * (1 + chance) if how.relative else true + chance
        found = np.maximum(true, 0.0)
        return rounded(found, how.step) if how.step else found


def rounded(values: Numbers, step: float) -> Numbers:
    """To the nearest multiple of the step, as the double that its decimal text reads back to."""
    digits = max(0, -round(np.log10(step)))
    found: Numbers = np.round(np.round(values / step) * step, digits)
    return found


def _map(y: State, p: Params, given: Given) -> Numbers:
    pressure: Numbers = vessels(y, p, given).map
    return pressure


_SHOWN: dict[str, Callable[[State, Params, Given], Numbers]] = {
    "systolic": lambda y, p, given: _map(y, p, given) + PULSE_PRESSURE * 2 / 3,
    "diastolic": lambda y, p, given: _map(y, p, given) - PULSE_PRESSURE / 3,
    "temperature": lambda y, p, given: RESTING_TEMPERATURE + y.fever,
    "creatinine": lambda y, p, given: y.creatinine,
    "platelets": lambda y, p, given: y.platelets,
    "bilirubin": lambda y, p, given: y.bilirubin,
    "weight": lambda y, p, given: p.weight + (y.plasma - p.vp0) + (y.interstitium - p.vi0),
    "mental_status": lambda y, p, given: np.where(y.burden >= p.burden_most, CONFUSED, 0.0),
    "phenylephrine": lambda y, p, given: np.asarray(given.pressor, dtype=float) + 0.0 * y.plasma,
}
