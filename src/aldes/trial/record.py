"""The doses and slots of a population, and the course facts that follow from them."""

from dataclasses import dataclass, field

import numpy as np

from aldes.questions.arrays import Answers
from aldes.trial.chart import NEVER, Numbers, Truths
from aldes.trial.clock import DAY_H, FIRST_SLOT_H, SLOT_H

GIVEN, HELD, OMITTED = "given", "held", "omitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot of the schedule: of whom it was given, held or omitted, and which rows held it of whom."""

    cycle: int
    number: int
    hour: float
    given: Truths
    held: Truths
    omitted: Truths
    decision: Answers  # of everybody, also of who is not asked any more: the place in `arrays.DECISIONS`
    rows: dict[str, Truths] = field(repr=False)

    @property
    def closed(self) -> Truths:
        """Of whom it was a slot at all."""
        return self.given | self.held | self.omitted


class Record:
    """What the virtual ward keeps of doses; a slot counts once, when it closes."""

    def __init__(self, patients: int) -> None:
        self.patients = patients
        self.cycle = 1
        self.slots: list[Slot] = []
        self.last_dose = np.full(patients, NEVER)
        self.starts: dict[int, float] = {}  # cycle → hour of its first slot

    def close(self, slot: Slot) -> None:
        """A slot closed: one more."""
        self.slots.append(slot)
        self.starts.setdefault(slot.cycle, slot.hour)
        self.last_dose = np.where(slot.given, slot.hour, self.last_dose)

    def in_cycle(self, cycle: int | None = None) -> list[Slot]:
        """The closed slots of a cycle: the present one."""
        return [each for each in self.slots if each.cycle == (self.cycle if cycle is None else cycle)]

    def doses(self, cycle: int | None = None) -> Numbers:
        """How many doses each patient was given, in one cycle or in all."""
        slots = self.slots if cycle is None else self.in_cycle(cycle)
        return _sum([each.given for each in slots], self.patients)

    def slot_opened(self, now: float) -> float:
        """From when on a pre-dose check counts: the last slot; at most one interval ago."""
        return max([now - SLOT_H, *(each.hour for each in self.slots)])

    def facts(self, now: float, number: int, stops_in_force: Numbers, cardiac: Truths) -> dict[str, Numbers]:
        """The course facts before the slot of this number, as `course.facts` has them."""
        zeros, own = np.zeros(self.patients), self.in_cycle()
        start = self.starts.get(self.cycle, now)
        return {
            "cycle": zeros + self.cycle,
            "dose_number": zeros + number,
            "doses_in_course": self.doses(),
            "doses_in_cycle": self.doses(self.cycle),
            "slots_in_cycle": _sum([each.closed for each in own], self.patients),
            "slots_in_course": _sum([each.closed for each in self.slots], self.patients),
            "slots_held_in_cycle": _sum([each.held for each in own], self.patients),
            "slots_unaccounted": zeros,
            "hours_since_last_dose": np.where(self.last_dose > NEVER, now - self.last_dose, np.nan),
            "hours_since_cycle_start": zeros + (now - start),
            "hours_to_slot": zeros,
            "days_since_cycle_1": self._days_since_cycle_1(now),
            "days_since_discharge": zeros + np.nan,
            "courses_before": zeros,
            "deceased": zeros,
            "discharged": zeros,
            "record_doubts": zeros,
            "clinician_hold": zeros,
            "stops_in_force": stops_in_force,
            "cardiac_row_in_course": cardiac.astype(float),
            "protocol_changed": zeros,
        }

    def _days_since_cycle_1(self, now: float) -> Numbers:
        """Calendar days from the first dose of cycle 1; the first slot is at 08:00."""
        first = np.full(self.patients, np.nan)
        for slot in self.in_cycle(1):
            first = np.where(np.isnan(first) & slot.given, slot.hour, first)
        days: Numbers = np.floor((now + FIRST_SLOT_H) / DAY_H) - np.floor((first + FIRST_SLOT_H) / DAY_H)
        return days


def _sum(truths: list[Truths], patients: int) -> Numbers:
    total = np.zeros(patients)
    for each in truths:
        total += each
    return total
