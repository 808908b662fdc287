"""Everything charted of a population at one instant, and what a question gets to see of it.

The array form of `findings.moment` and `findings.derived`, for a ward that charts only valid values: a test feeds both
the same record and compares every answer. What this ward never charts is refused rather than guessed.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from aldes.errors import ModelError
from aldes.findings.derived import BASELINE_REACH, FIRST_WINDOW
from aldes.findings.formula import names_in, parse
from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.findings.vocabulary import Derivation, Finding, Group, Kind, Worse, absent_value
from aldes.trial.chart import NEVER, Chart, Numbers, Series, Truths
from aldes.trial.clock import SHIFT_H

HOUR = timedelta(hours=1)


class Look(NamedTuple):
    """What each patient's finding shows: NaN is unknown; `time` is the hour of the newest entry that decided it."""

    value: Numbers
    time: Numbers
    stated: Truths  # no entry says it: the statement of its system does


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The findings of a population at the hour `now`."""

    now: float
    chart: Chart
    facts: Mapping[str, Numbers]  # of the course
    max_age_h: Mapping[str, float]  # of required measurements
    limits: Mapping[str, tuple[float, float]]  # reference limits that the laboratory prints
    stated: frozenset[str]  # systems for which a statement was made at this check
    slot_opened: float
    last_dose: Numbers  # NEVER before the first
    cycle_start: float | None
    course_start: float | None
    _looked: dict[tuple[str, View], Look] = field(default_factory=dict, init=False, repr=False, compare=False)

    def look(self, name: str, view: View, after: Numbers | float = NEVER) -> Look:
        """What a question sees of the finding `name` through `view`, later than `after`."""
        if after is NEVER:
            if (name, view) not in self._looked:
                self._looked[name, view] = self._look(name, view, after)
            return self._looked[name, view]
        return self._look(name, view, after)

    def _look(self, name: str, view: View, after: Numbers | float) -> Look:
        finding = vocabulary()[name]
        if finding.derived:
            return self._derived(finding, finding.derived, view, after)
        if finding.group is Group.COURSE:
            return self._entry(self.facts[name], NEVER)
        series = self.chart.series(name)
        if finding.worse is Worse.NONE:
            return self._entry(*series.newest())
        value, time = series.newest(after)
        if name in self.max_age_h:
            return self._entry(np.where(self.now - time <= self.max_age_h[name], value, np.nan), time)
        if view is View.CHARTED:
            return self._entry(value, time)
        return self._reported(finding, view, value, time)

    def _reported(self, finding: Finding, view: View, value: Numbers, time: Numbers) -> Look:
        """What is charted, else what the statement of its system says."""
        absent = rank_of(finding, absent_value(finding))
        counts = ~np.isnan(value) & ((value != absent) | (time >= self.slot_opened))
        if view is View.RESUME or absent is None or finding.system not in self.stated:
            return self._entry(np.where(counts, value, np.nan), time)
        return Look(np.where(counts, value, absent), np.where(counts, time, NEVER), ~counts)

    def _entry(self, value: Numbers, time: Numbers | float) -> Look:
        return Look(value, np.broadcast_to(time, value.shape), np.zeros(value.shape, dtype=bool))

    def _unknown(self) -> Look:
        return self._entry(np.full(self.chart.patients, np.nan), NEVER)

    # ── derived findings ──

    def _derived(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        verbs: dict[str, Callable[[Finding, Derivation, View, Numbers | float], Look]] = {
            "baseline": self._baseline,
            "min": self._extreme,
            "max": self._extreme,
            "sum": self._sum,
            "change": self._change,
            "hours_while": self._never_so,
            "count": self._never_so,
            "limit_low": self._limit,
            "limit_high": self._limit,
            "formula": self._formula,
        }
        return verbs[op.op](finding, op, view, after)

    def _baseline(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        anchor = self.cycle_start if op.anchor == "cycle" else self.course_start
        until = self.now if anchor is None else anchor
        series = self.chart.series(op.of)
        recent = series.hours >= until - BASELINE_REACH / HOUR
        return self._entry(*Series(series.hours[recent], series.values[recent]).newest(until=until))

    def _extreme(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        """The lowest or highest value since the last dose, since the cycle began, or in a window of hours."""
        series = self.chart.series(op.of)
        inside = self._inside(op, series, after)
        worst = _masked(series, inside, op.op)
        time = series.last(inside & (series.values == worst))[1]
        if view is View.CHARTED:
            return self._entry(worst, time)
        newest = self.look(op.of, view, after)
        none = np.isnan(worst)
        value = np.where(np.isnan(newest.value), np.nan, np.where(none & newest.stated, newest.value, worst))
        return Look(value, time, none & newest.stated)

    def _inside(self, op: Derivation, series: Series, after: Numbers | float) -> Truths:
        """The entries from the start of the window on; of a running drug also the one in force at the start."""
        start = self._start(op)
        times = series.hours[:, None]
        there = ~np.isnan(series.values) & (times > after)
        inside: Truths = there & (times >= start)
        if vocabulary()[op.of].group is Group.SUPPORT:
            before = series.last(there & (times < start))[1]
            inside |= there & (times == before)
        return inside

    def _start(self, op: Derivation) -> Numbers:
        first = self.now - FIRST_WINDOW / HOUR
        if op.window_h is not None:
            return np.full(self.chart.patients, self.now - float(op.window_h))
        if op.since == "last_dose":
            return np.where(self.last_dose > NEVER, self.last_dose, first)
        return np.full(self.chart.patients, first if self.cycle_start is None else self.cycle_start)

    def _sum(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        """The amount collected in a window that ends with the newest collection; the ward collects by shifts."""
        if op.window_h is None:
            raise ModelError(f"'{finding.words}' has no window; the virtual ward cannot sum it.")
        if not self.chart.has(op.of):
            return self._not_collected(op, view, after)
        series = self.chart.series(op.of)
        shifts = round(float(op.window_h) / SHIFT_H)
        newest, time = series.newest(after)
        if op.of in self.max_age_h:
            newest = np.where(self.now - time <= self.max_age_h[op.of], newest, np.nan)
        total = newest
        for back in range(1, shifts):
            total = total + _at(series, time - back * SHIFT_H)
        return self._entry(total, time)

    def _not_collected(self, op: Derivation, view: View, after: Numbers | float) -> Look:
        newest = self.look(op.of, view, after)
        return newest if view is View.VALID else self._unknown()

    def _change(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        """The newest value less the result before it, the value at the last dose, or the peak since the hold opened."""
        newest = self.look(op.of, view, after)
        series = self.chart.series(op.of)
        times, there = series.hours[:, None], ~np.isnan(series.values)
        if op.against == "peak":
            against = np.where(np.isneginf(after), np.nan, _masked(series, there & (times >= after), "max"))
            return self._entry(newest.value - against, newest.time)
        if op.against == "last_dose":
            against = series.newest(until=self.last_dose)[0]
            against = np.where((newest.time > self.last_dose) & (self.last_dose > NEVER), against, np.nan)
        else:
            against = series.last(there & (times < newest.time))[0]
        absent = vocabulary()[op.of].absent
        if view is View.CHARTED and absent is not None:
            against = np.where(np.isnan(against) & (self.last_dose > NEVER), float(absent), against)
        return self._entry(newest.value - against, newest.time)

    def _limit(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        """The reference limit printed with the newest or the baseline result: this laboratory has one."""
        newest = self._baseline(finding, op, view, after) if op.anchor else self.look(op.of, View.CHARTED, after)
        if op.of not in self.limits:
            return self._unknown()
        low, high = self.limits[op.of]
        printed = low if op.op == "limit_low" else high
        return newest._replace(value=np.where(np.isnan(newest.value), np.nan, printed))

    def _never_so(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        """Hours while, and how often, of what this ward never charts."""
        if self.chart.has(op.of):
            raise ModelError(f"The virtual ward charts no episodes, and '{finding.words}' asks for them.")
        known = self.look(op.of, view, after).value
        value = np.where(np.isnan(known), np.nan, 0.0)
        return self._unknown() if view is View.CHARTED else self._entry(value, NEVER)

    def _formula(self, finding: Finding, op: Derivation, view: View, after: Numbers | float) -> Look:
        parts = {name: self.look(name, view, after) for name in names_in(op.formula)}
        with np.errstate(divide="ignore", invalid="ignore"):
            value = _reckoned(parse(op.formula), {name: part.value for name, part in parts.items()})
        time = np.maximum.reduce([part.time for part in parts.values()])
        return self._entry(np.where(np.isfinite(value), value, np.nan), time)


def rank_of(finding: Finding, value: str | float | Decimal | None) -> float | None:
    """A value of the vocabulary as the chart holds it."""
    if value is None:
        return None
    if finding.kind is Kind.CODE:
        return float(finding.codes.index(str(value)))
    return float(value)


def _masked(series: Series, wanted: Truths, verb: str) -> Numbers:
    """Of each patient the lowest or highest of the wanted values; NaN where there is none."""
    away = np.inf if verb == "min" else -np.inf
    cells = np.where(wanted, series.values, away)
    found = cells.min(axis=0, initial=np.inf) if verb == "min" else cells.max(axis=0, initial=-np.inf)
    return np.where(np.isfinite(found), found, np.nan)


def _at(series: Series, hours: Numbers) -> Numbers:
    """Of each patient the value charted at exactly this hour; NaN where there is none."""
    return series.last(~np.isnan(series.values) & (np.abs(series.hours[:, None] - hours) < 1e-6))[0]


def _reckoned(node: ast.expr, values: Mapping[str, Numbers]) -> Numbers:
    match node:
        case ast.Constant(value=int(number)):
            return np.asarray(number, dtype=float)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(operand=part):
            return -_reckoned(part, values)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _reckoned(left, values), _reckoned(right, values)
            return {"Add": np.add, "Sub": np.subtract, "Mult": np.multiply, "Div": np.divide}[type(op).__name__](a, b)
    raise ModelError(f"The virtual ward cannot reckon '{ast.unparse(node)}'.")
