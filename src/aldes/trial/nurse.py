"""The virtual nurse: measures when the plan says, asks the pinned protocol before each dose, and cares in between.

She is the ward of `mechanism.course.run`. Every decision is the compiled decision of the protocol, asked of what is
charted and never of the model's state; `tests/trial` asks the bedside program the same of the same record.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from aldes.errors import ModelError, nearest
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.mechanism.model import fluids, vessels
from aldes.mechanism.parameters import Params
from aldes.mechanism.regimen import PlannedDose, Regimen
from aldes.mechanism.rest import at_rest, untreated
from aldes.mechanism.state import Given, State
from aldes.protocols.compile import Compiled, compiled
from aldes.protocols.readiness import asked_before_dose_1, cardiac_rows
from aldes.protocols.row import Protocol
from aldes.questions import arrays
from aldes.trial.asking import Asking, consequences
from aldes.trial.caring import Caring
from aldes.trial.chart import NEVER, Chart, Numbers, Truths
from aldes.trial.clock import SHIFT_H
from aldes.trial.grading import Grading
from aldes.trial.measuring import PULSE_PRESSURE, Measuring
from aldes.trial.moment import Moment
from aldes.trial.plan import charted_findings, not_shown, plan
from aldes.trial.record import Record, Slot
from aldes.trial.standing import Standing
from aldes.trial.ward import WardRules

GIVE, INSUFFICIENT = arrays.DECISIONS.index("give"), arrays.DECISIONS.index("insufficient")
TARGETS = ((100.0, 80.0), (120.0, 85.0), (np.inf, 90.0))  # NCI-BP-01: normal systolic below 100, to 120, above
PRESSOR_CHANGED_AFTER_H = 1 / 60  # a new rate is charted a minute after the decision that it follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming:
    """What the virtual physician does: the rule by which a stop is confirmed, and a hold without a question lifted."""

    stops: str = "always"  # or "again": only where the row is still yes at the next slot; else it is refuted
    lifts: bool = True  # a hold that no measurement lifts ends when its row is known to be no


CONFIRM = ("always", "again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the virtual physician decided of a row's hold or stop, and of whom."""

    hour: float
    row: str
    verdict: str  # lifted, confirmed or refuted
    who: Truths


class Nurse:
    """Nurses the patients of these numbers through a regimen by one protocol."""

    def __init__(
        self,
        protocol: Protocol,
        regimen: Regimen,
        rules: WardRules,
        *,
        seed: int,
        numbers: range,
        confirming: Confirming | None = None,
    ) -> None:
        self.confirming = confirming or Confirming()
        self.compiled = _asked(protocol, rules, self.confirming)
        self.regimen, self.rules, self.patients = regimen, rules, len(numbers)
        self.measuring = Measuring(rules, seed, numbers)
        self.plan = plan(self.compiled, rules, regimen.cycle_starts_h)
        self.chart, self.record = Chart(self.patients), Record(self.patients)
        self.standing = Standing(self.compiled, self.patients)
        self.caring = Caring(protocol, self.patients, rules.weaned_by)
        self.out_at = np.full(self.patients, np.inf)  # when the doses of the present cycle were over
        self.urine, self.urine_rate = np.zeros(self.patients), np.full(self.patients, np.nan)  # mL of this shift; mL/h
        self.arrived_at = NEVER
        self.reviews: list[Review] = []
        self.grading = Grading(protocol.grading.version, self.patients)
        self.judged = frozenset(each for each in charted_findings(self.compiled) if vocabulary()[each].system)
        self.systems = frozenset(vocabulary()[each].system for each in self.judged)

    # ── what the mechanism asks of a ward ──

    def gives(self, dose: PlannedDose, y: State, p: Params) -> Numbers:
        """Of each patient whether this dose is given: 1 given, 0 not."""
        if dose.number == 1:
            self._open_cycle(dose)
        self._arrive(dose.start_h, y, p)
        active = self._here(dose.start_h) & np.isinf(self.out_at)
        moment = self._check(dose.start_h, dose.number, active)
        consequences(moment, self.standing, self.judged, active)
        self._physician(moment, active)
        slot = self._decide(dose, moment, active)
        self.record.close(slot)
        over = self.standing.stopped() | (dose.number == self._last_number(dose.cycle))
        self.out_at = np.where(over & np.isinf(self.out_at), dose.start_h, self.out_at)
        return slot.given.astype(float)

    def cares(self, hour: float, y: State, p: Params) -> tuple[Numbers, Numbers]:
        """Fluid in L/h and phenylephrine in microgram/kg/min in the hour to come."""
        self._arrive(hour, y, p)
        here, before = self._here(hour), self.caring.pressor
        self.caring.act(Asking(self._moment(hour, self._next_number()), self.standing), hour, here)
        changed = here & (self.caring.pressor != before)
        if changed.any():
            rate = np.where(changed, self.caring.pressor, np.nan)
            self._chart({"phenylephrine": rate}, hour + PRESSOR_CHANGED_AFTER_H, here)
        ward = self.rules.fluid_ml_per_h / 1000 + self.caring.bolus
        return np.where(here, ward, untreated(p).fluid), self.caring.pressor

    # ── the clock ──

    def _open_cycle(self, dose: PlannedDose) -> None:
        self.record.cycle = self.standing.cycle = dose.cycle
        over = self.standing.ended()
        self.out_at = np.where(over, self.out_at, np.inf)
        if dose.cycle > 1:
            self.urine[:] = 0.0

    def _here(self, hour: float) -> Truths:
        """Who is in hospital: until some time after the doses, and again from shortly before the next cycle on."""
        coming = any(start + self.rules.lab_at_h <= hour < start for start in self.regimen.cycle_starts_h[1:])
        again = coming & ~self.standing.ended()
        return (hour < self.out_at + self.rules.home_after_h) | again

    def _arrive(self, hour: float, y: State, p: Params) -> None:
        """Collect urine, measure what is due, and act on what it says; once an hour."""
        if hour == self.arrived_at:
            return
        if self.arrived_at == NEVER:
            self._admit(y, p)
        self._collect(hour, y, p)
        here = self._here(hour)
        due = set(self.plan.due(hour)) - {"urine"}
        found = {finding: self._measured(finding, hour, y, p) for finding in sorted(due)}
        if "systolic" not in due and (again := self._needs_recheck()).any():
            found["systolic"] = np.where(again, self._measured("systolic", hour, y, p), np.nan)
        if _is_multiple(hour, SHIFT_H) and "urine" in self.plan.every_h:
            if hour > 0 and not any(abs(hour - start) < 1e-9 for start in self.regimen.cycle_starts_h):
                found["urine"] = self.measuring.charted("urine", hour, self.urine)
            self.urine = np.zeros(self.patients)
        self.arrived_at = hour
        self._chart(found, hour, here)

    def _admit(self, y: State, p: Params) -> None:
        """Before hour 0 everything is measured once, and the systolic target is settled by the normal pressure."""
        hour = self.rules.lab_at_h
        everybody = np.ones(self.patients, dtype=bool)
        found = {each: self._measured(each, hour, y, p) for each in sorted(self.plan.due(hour)) if each != "urine"}
        normal = vessels(y, p, self._given()).map + PULSE_PRESSURE * 2 / 3
        target = np.select([normal < TARGETS[0][0], normal <= TARGETS[1][0]], [80.0, 85.0], 90.0)
        pinned = {"systolic_target": target, "dosing_weight": np.round(p.weight + np.zeros(self.patients), 1)}
        for finding, values in pinned.items():
            self.chart.add(finding, hour, values)
        self._chart(found, hour, everybody)

    def _collect(self, hour: float, y: State, p: Params) -> None:
        rate = fluids(y, p, at_rest(p), vessels(y, p, self._given())).urine * 1000.0
        if self.arrived_at > NEVER:
            self.urine = self.urine + (hour - self.arrived_at) * (rate + self.urine_rate) / 2
        self.urine_rate = rate + np.zeros(self.patients)

    def _given(self) -> Given:
        return Given(infusion=0.0, injection=0.0, fluid=0.0, pressor=self.caring.pressor)

    def _measured(self, finding: str, hour: float, y: State, p: Params) -> Numbers:
        return self.measuring.measure(finding, hour, y, p, self._given())

    def _needs_recheck(self) -> Truths:
        """Whose last pressure was below target, or on whom a vasopressor runs: every hour (MON-V-02)."""
        last = self.chart.series("systolic").newest()[0]
        target = self.chart.series("systolic_target").newest()[0]
        low: Truths = last < target
        return low | (self.caring.pressor > 0)

    def _chart(self, found: dict[str, Any], hour: float, here: Truths) -> None:
        """Chart these values of whoever is here, and act on what they open and lift."""
        for finding, values in found.items():
            self.chart.add(finding, hour, np.where(here, values, np.nan))
        if found:
            moment = self._moment(hour, self._next_number())
            consequences(moment, self.standing, found.keys(), here)
            self.grading.look(Asking(moment, self.standing), found.keys(), here)

    # ── the check before a dose ──

    def _check(self, hour: float, number: int, active: Truths) -> Moment:
        """The statement of every system; before dose 1 what must be in place, which this ward always has."""
        if number == 1:
            ready = {name.name for name in vocabulary().findings.values() if name.group is Group.READINESS}
            for finding in sorted(ready & charted_findings(self.compiled)):
                self.chart.add(finding, hour, np.where(active, 1.0, np.nan))
        return self._moment(hour, number, self.systems)

    def _moment(self, hour: float, number: int, stated: frozenset[str] = frozenset()) -> Moment:
        stops = np.zeros(self.patients)
        for row in self.standing.stops:
            stops += self.standing.in_force(row)
        starts = self.record.starts
        return Moment(
            now=hour,
            chart=self.chart,
            facts=self.record.facts(hour, number, stops, self._cardiac()),
            max_age_h=self._max_age_h(number),
            limits=self.rules.limits,
            stated=stated,
            slot_opened=self.record.slot_opened(hour),
            last_dose=self.record.last_dose,
            cycle_start=starts.get(self.record.cycle),
            course_start=starts.get(1),
        )

    def _max_age_h(self, number: int) -> dict[str, float]:
        protocol = self.compiled.protocol
        ages = {each.finding: each.max_age for each in protocol.required.values()}
        if number == 1:
            before = {
                name: protocol.readiness_age.get(name) for name in asked_before_dose_1(protocol, self.record.cycle)
            }
            ages = before | ages
        return {name: age.total_seconds() / 3600 if age is not None else -1.0 for name, age in ages.items()}

    def _cardiac(self) -> Truths:
        """Of whom a row about the heart held or stopped in this course."""
        found = np.zeros(self.patients, dtype=bool)
        for row in cardiac_rows(self.compiled.protocol):
            if row in self.standing.holds:
                found |= self.standing.holds[row].onset > NEVER
            if row in self.standing.stops:
                found |= self.standing.stops[row].raised_at > NEVER
        return found

    def _physician(self, moment: Moment, active: Truths) -> None:
        """Confirms and refutes stops by the design's rule, and lifts what no measurement lifts."""
        asking = Asking(moment, self.standing, lifting=True)
        held = [row for row, resume in self.compiled.resume.items() if resume is None and row in self.standing.holds]
        for row, answer in self._answers(asking, held if self.confirming.lifts else []):
            self._review(moment.now, row, "lifted", (answer == -1) & active & self.standing.stands(row))
        raised = [row for row, stop in self.standing.stops.items() if stop.waiting().any()]
        for row, answer in self._answers(asking, raised):
            stop = self.standing.stops[row]
            waited = active & stop.waiting() & ((stop.raised_at < moment.now) | (self.confirming.stops == "always"))
            sure = (answer == 1) | (self.confirming.stops == "always")
            self._review(moment.now, row, "confirmed", waited & sure)
            self._review(moment.now, row, "refuted", waited & ~sure & (answer == -1))

    def _answers(self, asking: Asking, rows: list[str]) -> list[tuple[str, arrays.Answers]]:
        counted = {id: question for id, (question, _) in self.compiled.counted_stops.items()}
        questions = self.compiled.asked | counted
        return list(zip(rows, asking.answers([questions[row] for row in rows]), strict=True))

    def _review(self, hour: float, row: str, verdict: str, who: Truths) -> None:
        if not who.any():
            return
        match verdict:
            case "lifted":
                self.standing.lift(row, who)
            case "confirmed":
                self.standing.confirm(row, who)
            case "refuted":
                self.standing.refute(row, who, hour)
        self.reviews.append(Review(hour=hour, row=row, verdict=verdict, who=who))

    def _decide(self, dose: PlannedDose, moment: Moment, active: Truths) -> Slot:
        asking = Asking(moment, self.standing)
        decision = asking.decide()
        asked = self.compiled.asked
        answers = dict(zip(asked, asking.answers(list(asked.values())), strict=True))
        held = active & (decision > INSUFFICIENT)
        rows = {row: held & ((answer == 1) | self.standing.stands(row)) for row, answer in answers.items()}
        return Slot(
            cycle=dose.cycle,
            number=dose.number,
            hour=dose.start_h,
            given=active & (decision == GIVE),
            held=held,
            omitted=active & (decision == INSUFFICIENT),
            decision=decision,
            rows={row: who for row, who in rows.items() if who.any()},
        )

    def _next_number(self) -> int:
        return max((each.number for each in self.record.in_cycle()), default=0) + 1

    def _last_number(self, cycle: int) -> int:
        return max(each.number for each in self.regimen.doses if each.cycle == cycle)


def _asked(protocol: Protocol, rules: WardRules, confirming: Confirming) -> Compiled:
    """The protocol's questions, where this ward can chart all that they ask.

    Raises
    ------
    ModelError
        When a measurement is asked that the model does not show and the ward does not assume, or a rule is unknown.
    """
    if confirming.stops not in CONFIRM:
        near = nearest(confirming.stops, CONFIRM)
        raise ModelError(f"A stop cannot be confirmed '{confirming.stops}'; write {' or '.join(CONFIRM)}.{near}")
    found = compiled(protocol)
    if missing := not_shown(found, rules):
        raise ModelError(
            f"{protocol.id} asks {', '.join(missing)}, which the model does not show. "
            "Give the virtual ward a value for each, under [assumed] in the design."
        )
    return found


def _is_multiple(hour: float, every: float) -> bool:
    return abs(hour / every - round(hour / every)) < 1e-9
