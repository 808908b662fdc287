"""The steps of care that a virtual nurse may carry out: fluid boluses and vasopressors, with their rechecks."""

import numpy as np

from aldes.findings.view import View
from aldes.protocols.care import Care, Fluid, Titration
from aldes.protocols.compile import seen_through
from aldes.protocols.row import Protocol
from aldes.questions.arrays import Answers
from aldes.trial.asking import Asking
from aldes.trial.chart import NEVER, Truths

MINUTES_H = 60.0


class Caring:
    """Fluid and phenylephrine of each patient, as the rows with `do` ask for them."""

    def __init__(self, protocol: Protocol, patients: int, weaned_by: float) -> None:
        self.rows = tuple(row for row in protocol.care if _can_do(row))
        self.advised = advised(protocol)
        self.weaned_by = weaned_by
        self.pressor = np.zeros(patients)
        self.bolus = np.zeros(patients)  # L in the hour to come
        self.next_due = {row.id: np.full(patients, NEVER) for row in self.rows}
        self.boluses = np.zeros(patients)  # L so far

    def act(self, asking: Asking, hour: float, here: Truths) -> None:
        """What is done in the hour to come for what is charted."""
        self.bolus = np.zeros_like(self.bolus)
        self.pressor = np.where(here, self.pressor, 0.0)
        if not self.rows:
            return
        answers = asking.answers([seen_through(row.question, View.CHARTED, "") for row in self.rows])
        for row, answer in zip(self.rows, answers, strict=True):
            due = here & (hour >= self.next_due[row.id] - 1e-9)
            answer = np.where((answer == 1) & ~self._may(row, asking), 0, answer)
            match row.do:
                case Fluid():
                    self._give_fluid(row, row.do, hour, due & (answer == 1))
                case Titration():
                    self._titrate(row, row.do, hour, due, answer)
        self.boluses += self.bolus

    def _may(self, row: Care, asking: Asking) -> Truths:
        """Of whom what excludes the step is known to be absent, on valid values: as `protocols.steps` has it."""
        if row.not_if is None:
            return np.ones(self.pressor.shape, dtype=bool)
        (excluded,) = asking.answers([seen_through(row.not_if.question, View.VALID, "")])
        return np.asarray(excluded == -1)

    def _give_fluid(self, row: Care, do: Fluid, hour: float, who: Truths) -> None:
        """A bolus runs in within the hour to come."""
        self.bolus = self.bolus + np.where(who, float(do.fluid_ml) / 1000, 0.0)
        self._wait(row, hour, who)

    def _titrate(self, row: Care, do: Titration, hour: float, due: Truths, answer: Answers) -> None:
        """One step up while it is needed, down while it is known not to be."""
        up = np.minimum(np.where(self.pressor > 0, self.pressor + float(do.step), float(do.start)), float(do.max))
        down = np.maximum(self.pressor - self.weaned_by, 0.0)
        rate = np.where(answer == 1, up, np.where(answer == -1, down, self.pressor))
        self.pressor = np.where(due, np.round(rate, 6), self.pressor)
        self._wait(row, hour, due & ((answer == 1) | (self.pressor > 0)))

    def _wait(self, row: Care, hour: float, who: Truths) -> None:
        wait = 0.0 if row.recheck_min is None else float(row.recheck_min) / MINUTES_H
        self.next_due[row.id] = np.where(who, hour + wait, self.next_due[row.id])


def advised(protocol: Protocol) -> tuple[str, ...]:
    """The rows of care that the virtual nurse cannot carry out, and only a reader of the header sees."""
    return tuple(row.id for row in protocol.care if not _can_do(row))


def _can_do(row: Care) -> bool:
    """A bolus of an hour at most, or the one vasopressor that the model knows."""
    match row.do:
        case Fluid(over_min=minutes):
            return minutes <= MINUTES_H
        case Titration(drug=drug):
            return drug == "phenylephrine"
    return False
