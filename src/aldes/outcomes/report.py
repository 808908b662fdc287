"""The report of a table of patients as one document: curves in numbers, comparison, causes, what could not be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aldes.errors import InputError
from aldes.outcomes.competing import Incidence, cumulative_incidence
from aldes.outcomes.cox import cox, dummies
from aldes.outcomes.cure import cure
from aldes.outcomes.kaplan_meier import Curve, Estimate, at_risk, kaplan_meier, landmark, quantile, restricted_mean
from aldes.outcomes.limits import z_of
from aldes.outcomes.log_rank import log_rank
from aldes.outcomes.sample import Floats, Ints, Sample

Document = dict[str, Any]

LANDMARKS = {  # 1, 2, 3 and 5 years in the unit of the table
    "months": (12.0, 24.0, 36.0, 60.0),
    "years": (1.0, 2.0, 3.0, 5.0),
    "weeks": (52.0, 104.0, 156.0, 260.0),
    "days": (365.0, 730.0, 1095.0, 1825.0),
}
FEW = 10  # patients at risk below which the tail of a curve rests on few: our policy, docs/decisions/0022
SCOPE = "Describes the patients of the table. Groups that nobody randomised differ in more than their names."


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the patients."""

    unit: str
    at: tuple[float, ...] = ()  # without any, the landmarks of the unit
    horizon: float | None = None  # of the restricted mean; without one, the last time that every group reaches
    with_cure: bool = False

    @property
    def landmarks(self) -> tuple[float, ...]:
        """The times at which survival is said."""
        return self.at or LANDMARKS[self.unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One group with its curve."""

    name: str
    sample: Sample
    curve: Curve
    incidences: Mapping[int, Incidence]  # of each cause that occurs in it, by its number


def grouped(patients: Sample, names: Sequence[str], group: Ints, *, with_causes: bool) -> tuple[Group, ...]:
    """The groups of a table, each with its curve, and with the incidence of each cause where causes are told apart."""
    parts = [(name, patients.where(group == place)) for place, name in enumerate(names)]
    return tuple(_grouped(name, part, with_causes) for name, part in parts if part.size)


def _grouped(name: str, sample: Sample, with_causes: bool) -> Group:
    asked = with_causes and bool(np.any(sample.event))
    found = {each.cause: each for each in cumulative_incidence(sample)} if asked else {}
    return Group(name=name, sample=sample, curve=kaplan_meier(sample), incidences=found)


def report(groups: Sequence[Group], causes: Sequence[str], asked: Question) -> Document:
    """Everything that is said of the groups; a number that cannot be said is null with its reason beside it.

    Raises
    ------
    InputError
        For a landmark or horizon that is no time.
    """
    horizon = asked.horizon if asked.horizon is not None else _common_end(groups)
    patients = sum(each.curve.patients for each in groups)
    return {
        "unit": asked.unit,
        "patients": _count(patients),
        "rows": sum(each.sample.size for each in groups),
        "events": _count(sum(float(each.sample.weight @ each.sample.event) for each in groups)),
        "late_entry": any(each.sample.truncated for each in groups),
        "weights": _weights(groups),
        "horizon": horizon,
        "groups": [_group(each, asked, horizon) for each in groups],
        "comparison": _comparison(groups) if len(groups) > 1 else None,
        "causes": [_cause(groups, number, name, asked) for number, name in enumerate(causes, 1)],
        "notes": _notes(groups, asked),
        "scope_statement": SCOPE,
    }


def _common_end(groups: Sequence[Group]) -> float:
    """The last time that every group's curve is known to: a curve that came to 0 is known for ever."""
    ends = [float(each.curve.times[-1]) for each in groups if each.curve.survival[-1] > 0]
    return min(ends) if ends else max(float(each.curve.times[-1]) for each in groups)


def _weights(groups: Sequence[Group]) -> str | None:
    if all(np.all(each.sample.weight == 1) for each in groups):
        return None
    return "counts" if all(each.sample.counts for each in groups) else "sampling"


def _group(group: Group, asked: Question, horizon: float) -> Document:
    curve, sample = group.curve, group.sample
    events = float(sample.weight @ sample.event)
    found: Document = {
        "name": group.name,
        "patients": _count(curve.patients),
        "rows": sample.size,
        "events": _count(events),
        "censored": _count(float(sample.weight.sum()) - events),
        "followed": _estimate(quantile(kaplan_meier(sample.reversed()))),
        "median": _estimate(quantile(curve)),
        "landmarks": [_landmark(curve, when) for when in asked.landmarks],
        "restricted_mean": _restricted(curve, horizon),
        "last_time": float(curve.times[-1]),
    }
    if asked.with_cure:
        found["cure"] = _cure(sample)
    return found


def _landmark(curve: Curve, when: float) -> Document:
    found = landmark(curve, when)
    if found is None:
        return {
            "time": when,
            "survival": None,
            "lower": None,
            "upper": None,
            "at_risk": 0,
            "why": "nobody followed so far",
        }
    return {"time": when, **_estimate(found.survival, "survival"), "at_risk": _count(found.at_risk), "why": None}


def _restricted(curve: Curve, horizon: float) -> Document:
    try:
        found = restricted_mean(curve, horizon)
    except InputError as fault:
        return {"horizon": horizon, "mean": None, "lower": None, "upper": None, "why": str(fault)}
    half = z_of() * found.error
    return {"horizon": horizon, "mean": found.mean, "lower": found.mean - half, "upper": found.mean + half, "why": None}


def _cure(sample: Sample) -> Document:
    try:
        found = cure(sample)
    except InputError as fault:
        return {"share": None, "lower": None, "upper": None, "why": str(fault)}
    return {
        **_estimate(found.share, "share"),
        "scale": found.scale,
        "shape": found.shape,
        "last_event": found.last_event,
        "followed_beyond": found.followed_beyond,
        "twice_log_likelihood_gain": 2 * (found.log_likelihood - found.log_likelihood_without),
        "why": None,
    }


def _comparison(groups: Sequence[Group]) -> Document:
    return {"reference": groups[0].name, "log_rank": _log_rank(groups), "hazard_ratios": _hazard_ratios(groups)}


def _log_rank(groups: Sequence[Group]) -> Document:
    try:
        found = log_rank([each.sample for each in groups])
    except InputError as fault:
        return {"chi_square": None, "freedom": None, "p": None, "why": str(fault)}
    return {"chi_square": found.chi_square, "freedom": found.freedom, "p": found.p, "why": None}


def _hazard_ratios(groups: Sequence[Group]) -> list[Document]:
    """Each group against the first, from one model; where it has no estimate, the reason."""
    names = tuple(each.name for each in groups[1:])
    place = np.concatenate([np.full(each.sample.size, number) for number, each in enumerate(groups)]).astype(np.int64)
    everybody = Sample(
        **{
            field: np.concatenate([getattr(each.sample, field) for each in groups])
            for field in ("time", "cause", "entry", "weight")
        }
    )
    try:
        found = cox(everybody, dummies(place, len(groups)), names)
    except InputError as fault:
        return [
            {"group": name, "ratio": None, "lower": None, "upper": None, "p": None, "why": str(fault)} for name in names
        ]
    return [
        {"group": e.name, "ratio": e.ratio, "lower": e.lower, "upper": e.upper, "p": e.p, "why": None}
        for e in found.ratios
    ]


def _cause(groups: Sequence[Group], number: int, name: str, asked: Question) -> Document:
    return {"cause": name, "groups": [_incidence(each, number, asked) for each in groups]}


def _incidence(group: Group, number: int, asked: Question) -> Document:
    found = group.incidences.get(number)
    events = _count(float(group.sample.weight @ (group.sample.cause == number)))
    points = [_incidence_at(group, found, when) for when in asked.landmarks]
    return {"name": group.name, "events": events, "at": points}


def _incidence_at(group: Group, found: Incidence | None, when: float) -> Document:
    nothing = {"time": when, "incidence": None, "lower": None, "upper": None}
    if when > group.curve.times[-1] and group.curve.survival[-1] > 0:
        return nothing
    place = int(np.searchsorted(found.times, when, side="right")) - 1 if found else -1
    if found is None or place < 0:
        return nothing | {"incidence": 0.0}
    values: Sequence[Floats] = (found.incidence, found.lower, found.upper)
    value, lower, upper = (float(each[place]) for each in values)
    return {"time": when, **_estimate(Estimate(value=value, lower=lower, upper=upper), "incidence")}


def _notes(groups: Sequence[Group], asked: Question) -> list[str]:
    """What a reader should know before quoting a number."""
    notes = []
    for each in groups:
        risk = at_risk(each.curve, np.array(asked.landmarks))
        few = [when for when, left in zip(asked.landmarks, risk, strict=True) if 0 < left < FEW]
        if few:
            notes.append(f"{each.name}: fewer than {FEW} patients at risk from {few[0]:g} {asked.unit} on")
        if not np.any(each.sample.event):
            notes.append(f"{each.name}: no event, so no median and no interval")
        if np.any(each.curve.at_risk[each.curve.survival == 0]) and each.sample.truncated:
            notes.append(
                f"{each.name}: survival came to 0 while few were at risk; with late entry this may be an accident"
            )
    if any(each.sample.truncated for each in groups):
        notes.append("some patients came under observation late: they count from their entry on")
    if _weights(groups) == "sampling":
        notes.append("weights are no counts: errors are robust, and there is no log-rank test")
    return notes


def _estimate(found: Estimate, name: str = "value") -> Document:
    return {name: _or_none(found.value), "lower": _or_none(found.lower), "upper": _or_none(found.upper)}


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _count(value: float) -> float | int:
    """A whole number as one; the sum of sampling weights stays as it is."""
    return round(value) if value == round(value) else value
