"""A well patient at the bedside before dose 8, and the word of the decision when something is charted otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.administration.decide import word_of
from aldes.findings.charted import Charted, Value
from aldes.findings.moment import Moment
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Worse, absent_value
from aldes.protocols.compile import compiled
from aldes.protocols.row import Protocol
from aldes.questions.ask import ask
from aldes.questions.tree import Name

NOW = datetime.fromisoformat("2026-11-20T15:15:00-06:00")
LAST_DOSE = datetime.fromisoformat("2026-11-20T07:30:00-06:00")
FIRST_DOSE = datetime.fromisoformat("2026-11-18T07:30:00-06:00")
HOUR = timedelta(hours=1)

WELL = {
    "systolic": 118,
    "diastolic": 72,
    "heart_rate": 88,
    "spo2": 97,
    "temperature": 37,
    "creatinine": 1,
    "platelets": 180,
    "bilirubin": 1,
    "weight": 80,
    "fluid_intake": 700,
    "respiratory_rate": 16,
    "urea_nitrogen": 14,
    "sodium": 139,
    "potassium": 4,
    "chloride": 103,
    "bicarbonate": 25,
    "glucose": 98,
    "calcium": 9,
    "magnesium": 2,
    "phosphate": 3,
    "albumin": 4,
    "alt": 24,
    "ast": 22,
    "alkaline_phosphatase": 80,
    "ldh": 170,
    "creatine_kinase": 90,
    "haemoglobin": 13,
    "haematocrit": 40,
    "white_cells": 7,
    "neutrophils": 4,
    "lymphocytes": 2,
    "eosinophils": 0,
    "inr": 1,
    "ggt": 20,
    "calcium_ionised": 1,
    "ph_arterial": 7,
    "glucose_fasting": 90,
    "troponin_i": 0,
    "troponin_t": 0,
    "qtc": 410,
    "egfr": 90,
    "urine_protein_24h": 0,
    "dosing_weight": 80,
    "systolic_target": 90,
}
FACTS = {
    "dose_number": 8,
    "cycle": 1,
    "doses_in_cycle": 7,
    "doses_in_course": 7,
    "slots_in_cycle": 7,
    "slots_in_course": 7,
}


@dataclass(frozen=True, slots=True)
class Patient:
    """What is charted within the last hour, and where it differs from a well patient's chart."""

    changed: tuple[tuple[str, Value | None], ...] = ()

    def but(self, finding: str, value: Value | None) -> "Patient":
        """The same patient with one finding otherwise, None for not charted."""
        return Patient((*self.changed, (finding, value)))

    def word(self, protocol: Protocol) -> str:
        """The decision before the next dose."""
        moment, decision = self.moment(protocol), compiled(protocol)

        def look(name: Name) -> float | bool | str | None:
            if "." in name.finding:
                return False  # nothing stands and nothing was raised
            value = moment.look(name.finding, name.view).value
            return float(value) if isinstance(value, Decimal) else value

        return word_of(ask(decision.stop, look), ask(decision.hold, look)).value

    def moment(self, protocol: Protocol) -> Moment:
        """What the questions see."""
        return Moment(
            now=NOW,
            vocabulary=vocabulary(),
            series={finding.name: tuple(self._entries(finding)) for finding in charted_findings()},
            facts={finding.name: _fact(finding) for finding in vocabulary().findings.values() if _is_fact(finding)},
            max_age={name: each.max_age for name, each in protocol.required.items()},
            slot_opened=LAST_DOSE,
            last_dose=LAST_DOSE,
            cycle_start=FIRST_DOSE,
            course_start=FIRST_DOSE,
        )

    def _entries(self, finding: Finding) -> Iterable[Charted]:
        value = dict(self.changed).get(finding.name, well(finding))
        if finding.group is Group.FLUID:
            for hours in (16, 8):
                yield _entry(finding.name, value, NOW - (hours - 8) * HOUR, start=NOW - hours * HOUR)
            return
        if finding.name in ("weight", "creatinine"):
            yield _entry(finding.name, well(finding), FIRST_DOSE - HOUR)
        yield _entry(finding.name, value, NOW - HOUR)


def well(finding: Finding) -> Value:
    """What a well patient has."""
    if finding.name == "urine":
        return Decimal(500)
    if finding.name in WELL:
        return Decimal(WELL[finding.name])
    absent = absent_value(finding)
    assert absent is not None, f"say in WELL what a well patient's {finding.name} is"
    return absent


def worst_survivable(finding: Finding) -> Value:
    """The worse end of what a patient can have."""
    if finding.kind is Kind.FLAG:
        return True
    if finding.kind is Kind.CODE:
        return finding.codes[-1]
    assert finding.survivable is not None
    return finding.survivable[0 if finding.worse is Worse.LOW else 1]


ELSEWHERE = (Group.COURSE, Group.WORKUP, Group.HISTORY, Group.READINESS)  # the record, and what is asked before a dose


def charted_findings() -> list[Finding]:
    """Every finding that is charted at the bedside: neither derived nor a fact of the record."""
    return [each for each in vocabulary().findings.values() if not each.derived and each.group not in ELSEWHERE]


def _entry(finding: str, value: Value | None, time: datetime, start: datetime | None = None) -> Charted:
    return Charted(finding=finding, id=f"{finding} {time:%H:%M}", time=time, start=start, worst=value, valid=value)


def _is_fact(finding: Finding) -> bool:
    return finding.group is Group.COURSE


def _fact(finding: Finding) -> Decimal | bool:
    if finding.kind is Kind.FLAG:
        return False
    return Decimal(FACTS.get(finding.name, 8 if finding.name.startswith(("hours", "days")) else 0))
