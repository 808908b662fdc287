"""Holds and stops of a population: what rows opened, lifted and raised, and what each row is asked of.

The array form of `administration.standing`. The state knows no rules; `asking.py` asks them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aldes.findings.view import View
from aldes.protocols.compile import Compiled
from aldes.scope import Scope
from aldes.trial.chart import NEVER, Numbers, Truths


@dataclass(slots=True)
class Hold:
    """One row's hold, one place a patient: whether it stands, and its onset; NEVER where it was never opened."""

    standing: Truths
    onset: Numbers


@dataclass(slots=True)
class Stop:
    """One row's stop, one place a patient: when it was raised, in which cycle, whether confirmed, when refuted."""

    scope: Scope
    raised_at: Numbers
    cycle: Numbers
    refuted_at: Numbers
    confirmed: Truths

    def in_force(self, cycle: int) -> Truths:
        """Whether it blocks doses of this cycle: a confirmed one for the rest of a cycle blocks no later one."""
        confirmed: Truths = self.confirmed & ((self.cycle == cycle) | (self.scope is not Scope.CYCLE))
        return self.waiting() | confirmed

    def waiting(self) -> Truths:
        """Whether a physician has yet to confirm or refute it."""
        waits: Truths = (self.raised_at > NEVER) & (self.refuted_at == NEVER) & ~self.confirmed
        return waits


class Standing:
    """All holds and stops of a population under one protocol."""

    def __init__(self, compiled: Compiled, patients: int) -> None:
        self.compiled = compiled
        self.patients = patients
        self.cycle = 1
        self.holds: dict[str, Hold] = {}
        self.stops: dict[str, Stop] = {}

    def open(self, row: str, who: Truths, onset: Numbers) -> None:
        """These patients' hold stands, from its onset on; of a standing one the onset moves to the newer bad value."""
        hold = self.holds.setdefault(row, Hold(np.zeros(self.patients, dtype=bool), np.full(self.patients, NEVER)))
        hold.standing = hold.standing | who
        hold.onset = np.where(who, onset, hold.onset)

    def lift(self, row: str, who: Truths) -> None:
        """These patients' hold ended."""
        self.holds[row].standing = self.holds[row].standing & ~who

    def raise_stop(self, row: str, who: Truths, scope: Scope, at: Numbers) -> None:
        """These patients' stop is raised."""
        never = np.full(self.patients, NEVER)
        nobody = np.zeros(self.patients, dtype=bool)
        stop = self.stops.setdefault(row, Stop(scope, never.copy(), np.zeros(self.patients), never.copy(), nobody))
        stop.confirmed = stop.confirmed & ~who
        stop.raised_at = np.where(who, at, stop.raised_at)
        stop.cycle = np.where(who, self.cycle, stop.cycle)
        stop.refuted_at = np.where(who, NEVER, stop.refuted_at)

    def stands(self, row: str) -> Truths:
        """Whose hold of this row stands."""
        return self.holds[row].standing if row in self.holds else np.zeros(self.patients, dtype=bool)

    def in_force(self, row: str) -> Truths:
        """Whose stop of this row blocks doses of the present cycle."""
        return self.stops[row].in_force(self.cycle) if row in self.stops else np.zeros(self.patients, dtype=bool)

    def confirm(self, row: str, who: Truths) -> None:
        """A physician confirmed these patients' stop, in the scope that its row proposes."""
        self.stops[row].confirmed = self.stops[row].confirmed | who

    def refute(self, row: str, who: Truths, hour: float) -> None:
        """A physician refuted these patients' stop."""
        self.stops[row].refuted_at = np.where(who, hour, self.stops[row].refuted_at)

    def stopped(self) -> Truths:
        """Who gets no more doses in this cycle: a confirmed stop is in force."""
        found = np.zeros(self.patients, dtype=bool)
        for stop in self.stops.values():
            found |= stop.confirmed & stop.in_force(self.cycle)
        return found

    def ended(self) -> Truths:
        """Who gets no more doses in this course."""
        found = np.zeros(self.patients, dtype=bool)
        for stop in self.stops.values():
            if stop.scope is not Scope.CYCLE:
                found |= stop.confirmed
        return found

    def after(self, row: str | None, view: View, *, lifting: bool) -> Numbers | float:
        """From when on values answer this row through this view, as `administration.asking` has it."""
        if row is None or not (row in self.holds or row in self.stops):
            return NEVER
        again = self._asked_after(row)
        known = self.compiled.rows.get(row)
        printed = known is not None and known.resume is not None
        if row in self.holds and (view is View.RESUME or (printed and lifting)):
            hold = self.holds[row]
            again = np.where(hold.standing, hold.onset, again)
        return again if (again > NEVER).any() else NEVER

    def _asked_after(self, row: str) -> Numbers:
        """Later than the onset of a hold that was lifted, or than a refutation."""
        times = np.full(self.patients, NEVER)
        if row in self.holds:
            hold = self.holds[row]
            times = np.where(hold.standing, NEVER, hold.onset)
        return np.maximum(times, self.stops[row].refuted_at) if row in self.stops else times

    def flags(self) -> Iterator[tuple[str, Truths]]:
        """The course state that enters the tree: a name, and of whom it is so."""
        for row in self.compiled.resume:
            yield f"standing.{row}", self.stands(row)
        for row in self.compiled.raising:
            yield f"raised.{row}", self.in_force(row)
