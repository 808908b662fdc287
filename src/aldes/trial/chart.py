"""The chart of a whole population: for each finding its entries in order of time, one place a patient.

Every entry of the virtual ward is final and valid; NaN is "not charted". Flags are 0 and 1, codes their rank in the
vocabulary, numbers stand in the finding's unit. Times are hours since the first dose.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

NEVER = -np.inf


class Series(NamedTuple):
    """The entries of one finding: `hours` (entries), `values` (entries, patients)."""

    hours: Numbers
    values: Numbers

    def newest(self, after: Numbers | float = NEVER, until: Numbers | float = np.inf) -> tuple[Numbers, Numbers]:
        """Of each patient the newest value later than `after` and no later than `until`, with its hour; else NaN."""
        times = self.hours[:, None]
        return self.last(~np.isnan(self.values) & (times > after) & (times <= until))

    def last(self, wanted: Truths) -> tuple[Numbers, Numbers]:
        """Of each patient the last of the wanted entries, with its hour."""
        patients = np.arange(self.values.shape[1])
        if not len(self.hours):
            return np.full(len(patients), np.nan), np.full(len(patients), NEVER)
        place = np.where(wanted, np.arange(len(self.hours))[:, None], -1).max(axis=0)
        found = place >= 0
        value = np.where(found, self.values[place, patients], np.nan)
        return value, np.where(found, self.hours[place], NEVER)


class Chart:
    """What the ward charted of every patient so far."""

    def __init__(self, patients: int) -> None:
        self.patients = patients
        self._hours: dict[str, list[float]] = {}
        self._values: dict[str, Numbers] = {}

    def add(self, finding: str, hour: float, values: Numbers | float) -> None:
        """One more entry of each patient; NaN charts nothing.

        Raises
        ------
        ValueError
            When it is earlier than the newest one: the ward charts in order of time.
        """
        hours = self._hours.setdefault(finding, [])
        if hours and hour < hours[-1]:
            raise ValueError(f"{finding} was charted at {hour:g} h after {hours[-1]:g} h. Chart in order of time.")
        hours.append(hour)
        kept = self._room(finding, len(hours))
        kept[len(hours) - 1] = values

    def series(self, finding: str) -> Series:
        """Everything charted of this finding."""
        hours = self._hours.get(finding, [])
        if not hours:
            return Series(np.empty(0), np.empty((0, self.patients)))
        return Series(np.array(hours), self._values[finding][: len(hours)])

    def findings(self) -> tuple[str, ...]:
        """What was charted of anybody, in the order in which it first was."""
        return tuple(self._hours)

    def has(self, finding: str) -> bool:
        """Whether it was ever charted of anybody."""
        return finding in self._hours

    def _room(self, finding: str, entries: int) -> Numbers:
        """Memory for so many entries; it doubles, so that charting a course costs no more than its length."""
        kept = self._values.get(finding)
        if kept is None or len(kept) < entries:
            grown = np.full((max(16, 2 * entries), self.patients), np.nan)
            if kept is not None:
                grown[: len(kept)] = kept
            self._values[finding] = kept = grown
        return kept
