"""What the virtual ward measures when: the protocol's monitoring, and what the protocol requires before a dose."""

from collections.abc import Iterator
from dataclasses import dataclass

from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group, Kind, absent_value
from aldes.protocols.compile import Compiled
from aldes.protocols.monitor import Often
from aldes.protocols.readiness import asked_before_dose_1
from aldes.protocols.row import Protocol
from aldes.questions.tree import names
from aldes.trial.clock import DAY_H, SLOT_H
from aldes.trial.ward import WardRules

VITALS = ("systolic", "diastolic", "heart_rate", "temperature", "spo2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Of each finding that the virtual ward charts, how often."""

    every_h: dict[str, float]
    lab_at_h: float
    first_doses_h: tuple[float, ...]

    def due(self, hour: float) -> tuple[str, ...]:
        """What is measured of everybody at this hour."""
        return tuple(finding for finding, every in self.every_h.items() if self._is_due(every, hour))

    def _is_due(self, every: float, hour: float) -> bool:
        if any(abs(hour - self.lab_at_h - first) < _SAME for first in self.first_doses_h):
            return True  # on the way in everything is measured once, before the first dose of a cycle
        at = self.lab_at_h if every >= DAY_H else 0.0
        return abs((hour - at) / every - round((hour - at) / every)) < _SAME


_SAME = 1e-9


def plan(compiled: Compiled, rules: WardRules, first_doses_h: tuple[float, ...]) -> Plan:
    """The plan of one protocol on one ward: of several intervals the shortest."""
    every: dict[str, float] = {}
    for finding, hours in (*_monitored(compiled.protocol), *_required(compiled.protocol), *_asked(compiled, rules)):
        if finding in rules.measured or finding in rules.assumed:
            every[finding] = min(hours, every.get(finding, hours))
    return Plan(every_h=every, lab_at_h=rules.lab_at_h, first_doses_h=first_doses_h)


def charted_findings(compiled: Compiled) -> frozenset[str]:
    """Everything that somebody charts and that the decision of this protocol asks."""
    asked = {name.finding for question in (compiled.stop, compiled.hold) for name in names(question)}
    known = {source for each in asked if "." not in each for source in sources_of(each)}
    return frozenset(each for each in known if vocabulary()[each].group is not Group.COURSE)


def not_shown(compiled: Compiled, rules: WardRules) -> tuple[str, ...]:
    """Measurements that the decision asks and that this ward can chart in no way."""
    unknown = []
    for name in sorted(charted_findings(compiled)):
        finding = vocabulary()[name]
        judged = finding.kind is not Kind.NUMBER or absent_value(finding) is not None or finding.group is Group.SUPPORT
        if not judged and name not in rules.measured and name not in rules.assumed and name not in _PINNED:
            unknown.append(name)
    return tuple(unknown)


_PINNED = ("systolic_target", "dosing_weight")


def _monitored(protocol: Protocol) -> Iterator[tuple[str, float]]:
    for row in protocol.monitors:
        hours = SLOT_H if row.often is Often.DOSE else row.within_h(raised=False)
        if hours is not None and row.question is None:
            yield from ((finding, float(hours)) for finding in row.findings)


def _required(protocol: Protocol) -> Iterator[tuple[str, float]]:
    """What must be fresh before each dose: once a day where that is fresh enough, else at each slot."""
    for each in protocol.required.values():
        age_h = each.max_age.total_seconds() / 3600 if each.max_age is not None else 0.0
        yield each.finding, DAY_H if age_h >= DAY_H else SLOT_H
    for name in asked_before_dose_1(protocol, cycle=2):
        age = protocol.readiness_age.get(name)
        yield name, DAY_H if age is not None and age.total_seconds() / 3600 >= DAY_H else SLOT_H


def _asked(compiled: Compiled, rules: WardRules) -> Iterator[tuple[str, float]]:
    """What the decision asks otherwise: vital signs at the ward's pace, the rest once a shift."""
    for finding in charted_findings(compiled):
        yield finding, DAY_H if vocabulary()[finding].group is Group.LAB else SLOT_H
    yield from ((finding, rules.vitals_every_h) for finding in VITALS)
