"""The virtual nurse in the place of the hold rule: the same people, held by the rows of a real protocol."""

import numpy as np

from aldes.mechanism.regimen import Regimen
from aldes.protocols.read import read as read_protocol
from aldes.trial.chart import Numbers
from aldes.trial.nurse import Nurse
from aldes.trial.ward import ward_rules

SITE = "virtual"


class Nursed(Nurse):
    """A nurse who is asked for what the table wants."""

    def __init__(self, protocol: str, numbers: range, plan: Regimen, seed: int) -> None:
        super().__init__(read_protocol(protocol, SITE), plan, ward_rules(), seed=seed, numbers=numbers)

    @property
    def doses(self) -> list[Numbers]:
        """The doses of each patient in each cycle."""
        return [self.record.doses(cycle).astype(int) for cycle in (1, 2)]

    @property
    def last_h(self) -> list[Numbers]:
        """The hour of each patient's last dose in each cycle; the first slot's where none was given."""
        found = []
        for cycle in (1, 2):
            last = np.full(self.patients, self.record.starts.get(cycle, 0.0))
            for slot in self.record.in_cycle(cycle):
                last = np.where(slot.given, slot.hour, last)
            found.append(last)
        return found
