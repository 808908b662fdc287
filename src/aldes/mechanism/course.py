"""One or many patients through a regimen: who decides is the ward, who computes is the solver."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from aldes.mechanism.functions import Value, clip
from aldes.mechanism.model import vessels
from aldes.mechanism.parameters import Params
from aldes.mechanism.regimen import PlannedDose, Regimen, Route
from aldes.mechanism.rest import Rest, at_rest, untreated
from aldes.mechanism.state import Given, State

ASSESSED_H = 1.0  # how often the ward looks while the patient is in it
FINE_FOR_H = 72.0  # the fine step lasts so long after the last dose
FINE_H, COARSE_H = 0.05, 0.1  # while the drug is in the body, and days after the last dose

Advance = Callable[[State, Params, Rest, Given, float, float], State]


class Ward(Protocol):
    """Whoever looks after the patients; the virtual nurse is one."""

    def gives(self, dose: PlannedDose, y: State, p: Params) -> Value:
        """The share of this dose that each patient gets: 1 given, 0 held."""

    def cares(self, hour: float, y: State, p: Params) -> tuple[Value, Value]:
        """Fluid in L/h and vasopressor in microgram/kg/min, until the next look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingWard:
    """All doses, and fluids by the pressure: the simplest ward, for one patient without a nurse."""

    last_h: float  # the patient goes home then

    def gives(self, dose: PlannedDose, y: State, p: Params) -> Value:
        """Every dose."""
        return 1.0

    def cares(self, hour: float, y: State, p: Params) -> tuple[Value, Value]:
        """A constant infusion, and more of it the lower the pressure; at home what is lost is drunk."""
        if hour >= self.last_h:
            return untreated(p).fluid, 0.0
        return fluid_by_pressure(y, p), 0.0


def fluid_by_pressure(y: State, p: Params) -> Value:
    """The fluid of a ward that answers a low pressure with more, up to a cap."""
    pressure = vessels(y, p, untreated(p)).map
    return p.fluid_ward + clip(p.fluid_slope * (p.map_goal - pressure), 0.0, p.fluid_cap)


def run(
    y: State,
    p: Params,
    regimen: Regimen,
    ward: Ward,
    advance: Advance,
    *,
    until_h: float,
    every_h: float = 1.0,
    look_h: float = ASSESSED_H,
) -> Iterator[tuple[float, State]]:
    """The states at hour 0 and then every so many hours, one after the other.

    Doses, the ward's looks (every `look_h` hours) and samples are the edges at which the integration starts anew. A
    dose is decided on the state at its start, and what is decided stays.
    """
    rest = at_rest(p)
    amount = regimen.nmol(p)
    shares: dict[PlannedDose, Value] = {}
    fluid, pressor = untreated(p).fluid, 0.0
    yield 0.0, y
    edges = _edges(regimen, p, until_h, (look_h, every_h))
    for now, following in pairwise(edges):
        if any(_same(now, start) for start in regimen.cycle_starts_h):
            y = y._replace(burden=0.0 * y.burden)
        for dose in regimen.doses:
            if _same(dose.start_h, now):
                shares[dose] = ward.gives(dose, y, p)
        if _is_multiple(now, look_h):
            fluid, pressor = ward.cares(now, y, p)
        given = _given(shares, amount, p, now, following)._replace(fluid=fluid, pressor=pressor)
        y = advance(y, p, rest, given, following - now, _step(regimen, now))
        if _is_multiple(following, every_h):
            yield following, y


def _edges(regimen: Regimen, p: Params, until_h: float, intervals: tuple[float, float]) -> list[float]:
    hours = {0.0, until_h}
    for dose in regimen.doses:
        lag = p.lag if dose.route is Route.SKIN else 0.0
        hours |= {dose.start_h, dose.start_h + lag, dose.end_h + lag}
    for each in intervals:
        hours |= {each * step for step in range(1, int(until_h / each + 1e-9) + 1)}
    return _apart(sorted(hour for hour in hours if hour <= until_h))


def _apart(hours: list[float]) -> list[float]:
    """The same hours without those that rounding alone tells apart."""
    return [hour for hour, before in zip(hours, [-1.0, *hours], strict=False) if not _same(hour, before)]


def _given(shares: dict[PlannedDose, Value], amount: Value, p: Params, now: float, following: float) -> Given:
    infusion: Value = 0.0
    injection: Value = 0.0
    middle = (now + following) / 2
    for dose, share in shares.items():
        if dose.route is Route.VEIN and dose.start_h < middle < dose.end_h:
            infusion = infusion + share * amount / dose.over_h
        if dose.route is Route.SKIN and dose.start_h + p.lag < middle < dose.end_h + p.lag:
            injection = injection + share * amount * p.f_sc / dose.over_h
    return Given(infusion=infusion, injection=injection, fluid=0.0, pressor=0.0)


def _step(regimen: Regimen, now: float) -> float:
    begun = [dose.end_h for dose in regimen.doses if dose.start_h <= now + 1e-9]
    return FINE_H if begun and now < begun[-1] + FINE_FOR_H else COARSE_H


def _same(hour: float, other: float) -> bool:
    return abs(hour - other) < 1e-9


def _is_multiple(hour: float, every: float) -> bool:
    return abs(hour / every - round(hour / every)) < 1e-9
