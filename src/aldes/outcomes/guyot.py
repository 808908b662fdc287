"""Patients behind a published curve: times of events and of censoring that give the curve and its numbers at risk.

What comes out are no patients of the trial. They reproduce what was printed, no more; between two numbers at risk the
censoring is taken as even, and one patient's event is nobody's.

Source: Guyot P, Ades AE, Ouwens MJNM, Welton NJ. BMC Med Res Methodol 2012;12:9, with or without a total of events;
recalled, and held against curves whose patients are known (tests/outcomes/test_guyot.py).
"""

from dataclasses import dataclass

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.sample import Floats, Ints, Sample, sample

MOST_ROUNDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A curve as read off a figure: points of survival, and the table of numbers at risk below it."""

    times: Floats  # (k,) of the digitised points, rising, the first one 0
    survival: Floats  # (k,) falling from 1
    risk_times: Floats  # (r,) rising, the first one 0
    at_risk: Ints  # (r,)
    events: int | None  # the total, where it is printed


def published(
    times: Floats, survival: Floats, risk_times: Floats, at_risk: Ints, events: int | None = None
) -> Published:
    """A published curve, checked: digitising slips are put right only where they are slips.

    Points are sorted by time and a survival that rises is pulled down to the lowest one before it, by at most 0.05.

    Raises
    ------
    InputError
        Naming what cannot be a survival curve with its table of numbers at risk.
    """
    if times.size != survival.size or risk_times.size != at_risk.size or times.size < 2 or not risk_times.size:
        raise InputError("A curve needs points of time and survival, and times with numbers at risk. Give both.")
    order = np.argsort(times, kind="stable")
    t, s = np.append(0.0, times[order]), np.append(1.0, survival[order])
    falling = np.minimum.accumulate(s)
    lowest = np.append(t[1:] > t[:-1], True)  # of points above each other the one at the foot of the step
    if np.any(t < 0) or np.any(s < 0) or np.any(s > 1) or not np.all(np.isfinite(t + s)):
        raise InputError("A point lies outside the plot. Survival is a fraction from 0 to 1, time zero or more.")
    if float(np.max(s - falling)) > 0.05:
        raise InputError("The curve rises by more than 0.05. Check the points around the rise; nothing was computed.")
    if risk_times[0] != 0 or np.any(np.diff(risk_times) <= 0):
        raise InputError("Numbers at risk are given from time 0 on, in order. Give the first at 0.")
    if np.any(np.diff(at_risk) > 0) or at_risk[-1] < 0 or at_risk[0] < 1:
        raise InputError("Numbers at risk never rise. Check the table under the curve; nothing was computed.")
    if events is not None and not 0 <= events <= at_risk[0]:
        raise InputError("The total of events is no count of these patients. Check it; nothing was computed.")
    if falling[lowest][0] < 1:
        raise InputError("The curve begins below 1 at time 0. Check the first points; nothing was computed.")
    return Published(times=t[lowest], survival=falling[lowest], risk_times=risk_times, at_risk=at_risk, events=events)


def reconstruct(curve: Published) -> Sample:
    """Patients whose Kaplan–Meier curve is the published one, as far as whole patients can give it.

    In each interval between two numbers at risk the censored are counted so that the interval ends with the printed
    number; in the last one so that the events come to the printed total, or else at the rate of those before.
    """
    build = _Build(curve)
    intervals = build.intervals()
    for place, (first, last) in enumerate(intervals[:-1]):
        build.fit(first, last, int(curve.at_risk[place + 1]))
    build.last(*intervals[-1], printed=len(intervals) - 1)
    return build.patients()


class _Build:
    """The patients as they come about, point by point of the curve."""

    def __init__(self, curve: Published) -> None:
        k = curve.times.size
        self.curve = curve
        self.at_risk = np.full(k + 1, int(curve.at_risk[0]), dtype=np.int64)
        self.events = np.zeros(k, dtype=np.int64)
        self.censored = np.zeros(k, dtype=np.int64)
        self.level = np.ones(k)  # of the curve that the patients give so far

    def intervals(self) -> list[tuple[int, int]]:
        """The points of each interval between two numbers at risk, those without any point joined to the next."""
        starts = np.searchsorted(self.curve.times, self.curve.risk_times, side="left")
        if np.any(np.diff(starts) <= 0) or starts[-1] >= self.curve.times.size:
            raise InputError(
                "Between two numbers at risk, or after the last one, the curve has no point. Digitise one there."
            )
        return [*zip(map(int, starts), map(int, np.append(starts[1:], self.curve.times.size)), strict=False)]

    def fit(self, first: int, last: int, target: int) -> None:
        """Find how many are censored between two points so that `target` remain at the end."""
        expected = self.at_risk[first] * self.curve.survival[last] / max(self.curve.survival[first], 1e-12)
        number = max(0, round(float(expected)) - target)
        off: dict[int, int] = {}
        while number not in off and len(off) < MOST_ROUNDS:
            self._walk(first, last, number)
            off[number] = int(self.at_risk[last]) - target
            number = max(0, number + off[number])
        self._walk(first, last, min(off, key=lambda each: (abs(off[each]), each)))

    def last(self, first: int, last: int, printed: int) -> None:
        """The interval after the last number at risk, whose end nobody printed."""
        span = float(self.curve.risk_times[printed]) or 1.0
        rate = float(self.censored[:first].sum()) / span if printed else 0.0
        length = float(self.curve.times[-1] - self.curve.risk_times[printed])
        number = min(round(rate * length), int(self.at_risk[first]))
        self._walk(first, last, number)
        if self.curve.events is None:
            return
        for number in range(int(self.at_risk[first]) + 1):
            self._walk(first, last, number)
            if int(self.events.sum()) <= self.curve.events:
                return

    def _walk(self, first: int, last: int, number: int) -> None:
        """Go along the points with so many censored, spread evenly over the interval."""
        end = self.curve.times[last] if last < self.curve.times.size else self.curve.times[-1]
        begin = self.curve.times[first]
        when = begin + (np.arange(1, number + 1) / (number + 1)) * (end - begin)
        edges = np.append(self.curve.times[first:last], end)
        if edges.size > 1:
            self.censored[first:last] = np.histogram(when, bins=edges)[0] if end > begin else 0
        level = self.level[first - 1] if first else 1.0
        for k in range(first, last):
            there = int(self.at_risk[k])
            fall = 1 - self.curve.survival[k] / level if level > 0 else 0.0
            died = min(there, max(0, round(there * fall))) if k else 0
            level *= 1 - died / there if there else 1.0
            self.events[k], self.level[k] = died, level
            self.censored[k] = min(int(self.censored[k]), there - died)
            self.at_risk[k + 1] = there - died - self.censored[k]

    def patients(self) -> Sample:
        """The events at their points, the censored between a point and the next, the rest at the end."""
        ends = np.append(self.curve.times[1:], self.curve.times[-1])
        middle = (self.curve.times + ends) / 2
        left = int(self.curve.at_risk[0] - self.events.sum() - self.censored.sum())
        times = np.concatenate(
            [
                np.repeat(self.curve.times, self.events),
                np.repeat(middle, self.censored),
                np.full(max(left, 0), self.curve.times[-1]),
            ]
        )
        died = np.arange(times.size) < int(self.events.sum())
        return sample(times, died)
