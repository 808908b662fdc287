"""Capillary leak, as its components with their trends: weight, pressure and pressors, protein, oxygen, urine, fluid.

They stand side by side, as charted. There is no score: no source that was read gives one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aldes.findings.charted import Charted, Value
from aldes.findings.derived import BASELINE_REACH
from aldes.findings.seen import Seen
from aldes.findings.view import View
from aldes.findings.vocabulary import Finding, Kind
from aldes.questions.words import value_words
from aldes.toxicity.at import Bedside

COMPONENTS = (
    *("weight", "weight_gain", "systolic", "systolic_low", "mean_pressure"),
    *("phenylephrine", "dopamine", "norepinephrine", "vasopressin", "other_vasopressor"),
    *("albumin", "haematocrit", "spo2", "oxygen_flow", "urine_8h", "oedema", "effusion"),
)
SHOWN = 8  # values of a trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value at one time."""

    time: datetime
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One component: what it is now, before the first dose of the cycle, at the last dose, and on the way."""

    finding: str
    words: str
    unit: str
    now: Point | None
    value_words: str
    why: str  # why it is unknown, or what is doubtful about it
    baseline: Point | None
    at_last_dose: Point | None
    trend: tuple[Point, ...]

    @property
    def since_baseline(self) -> Decimal | None:
        """Change from the value before the first dose."""
        return _change(self.baseline, self.now)

    @property
    def since_last_dose(self) -> Decimal | None:
        """Change from the newest value at the last dose."""
        return _change(self.at_last_dose, self.now)


def leak(bed: Bedside) -> tuple[Component, ...]:
    """Every component that the record may hold, in a fixed order; what was never charted is shown as unknown."""
    return tuple(_component(bed, bed.moment.vocabulary[name]) for name in COMPONENTS)


def _change(earlier: Point | None, now: Point | None) -> Decimal | None:
    if earlier is None or now is None or earlier.time >= now.time:
        return None
    before, after = earlier.value, now.value
    return after - before if isinstance(before, Decimal) and isinstance(after, Decimal) else None


def _component(bed: Bedside, finding: Finding) -> Component:
    return _computed(bed, finding) if finding.derived else _charted(bed, finding)


def _charted(bed: Bedside, finding: Finding) -> Component:
    """The newest entry of this cycle or its baseline; one that does not count leaves the value unknown."""
    entries = [each for each in bed.moment.entries(finding.name) if each.time >= _from(bed)]
    newest = entries[-1] if entries else None
    points = tuple(_points(entries))
    now = points[-1] if points and newest and newest.valid is not None else None
    return Component(
        finding=finding.name,
        words=finding.words,
        unit=finding.unit,
        now=now,
        value_words=value_words(now.value, finding.name, bed.moment.vocabulary) if now else "unknown",
        why=(newest.fault or "no usable value") if newest and not now else "" if newest else "not charted",
        baseline=_last_until(points, bed.moment.cycle_start),
        at_last_dose=_last_until(points, bed.moment.last_dose),
        trend=points[-SHOWN:] if finding.kind is not Kind.FLAG else (),
    )


def _from(bed: Bedside) -> datetime:
    return (bed.moment.cycle_start or bed.now) - BASELINE_REACH


def _points(entries: list[Charted]) -> Iterator[Point]:
    yield from (Point(time=each.time, value=each.valid) for each in entries if each.valid is not None)


def _last_until(points: tuple[Point, ...], time: datetime | None) -> Point | None:
    return next((each for each in reversed(points) if time is not None and each.time <= time), None)


def _computed(bed: Bedside, finding: Finding) -> Component:
    """A derived component on valid values; on whatever is charted where these do not suffice, and then it says why."""
    valid = bed.moment.look(finding.name, View.VALID)
    seen = valid if valid.value is not None else bed.moment.look(finding.name, View.CHARTED)
    now = _point(seen)
    return Component(
        finding=finding.name,
        words=finding.words,
        unit=finding.unit,
        now=now,
        value_words=_rounded(bed, finding, now.value) if now else "unknown",
        why="" if valid.value is not None else valid.why or "not charted",
        baseline=None,
        at_last_dose=None,
        trend=(),
    )


def _rounded(bed: Bedside, finding: Finding, value: Value) -> str:
    """A computed value to one decimal, and "about" where that changed it; nothing is held against a limit here."""
    shown = value.quantize(Decimal("0.1")) if isinstance(value, Decimal) else value
    words = value_words(shown, finding.name, bed.moment.vocabulary)
    return words if shown == value else f"about {words}"


def _point(seen: Seen) -> Point | None:
    newest = max((each.time for each in seen.entries), default=None)
    return Point(time=newest, value=seen.value) if seen.value is not None and newest else None
