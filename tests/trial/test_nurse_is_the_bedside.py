"""The virtual nurse and the bedside program decide the same on the same record, before every dose of every patient."""

from functools import cache

import numpy as np
import pytest
from bedside_record import asked, at

from aldes import ward
from aldes.mechanism.course import run
from aldes.mechanism.population import draw
from aldes.mechanism.regimen import regimen
from aldes.mechanism.rest import resting
from aldes.mechanism.solve import advance, as_arrays, spread_out
from aldes.protocols.read import read
from aldes.questions.arrays import DECISIONS
from aldes.trial.nurse import Nurse
from aldes.trial.ward import ward_rules
from draws import few

PATIENTS = range(few(2, 8))
CYCLE_1_H, INTO_CYCLE_2_H = 120.0, 14 * 24 + 16.5
HOURS = {  # the label through the rest and two slots into cycle 2
    "us-label-2023": INTO_CYCLE_2_H,
    "consensus-2014": CYCLE_1_H,
    "institution-2015": CYCLE_1_H,
    "nci-2001": CYCLE_1_H,
    "us-label-1992": CYCLE_1_H,
}


@cache
def nursed(protocol: str) -> Nurse:
    p = as_arrays(draw([str(each) for each in PATIENTS], seed=3))
    plan = regimen("high-dose")
    nurse = Nurse(read(protocol, "virtual"), plan, ward_rules(), seed=3, numbers=PATIENTS)
    for _ in run(spread_out(resting(p), len(PATIENTS)), p, plan, nurse, advance, until_h=HOURS[protocol], every_h=24):
        pass
    return nurse


@pytest.mark.slow
@pytest.mark.campaign
@pytest.mark.parametrize("protocol", list(HOURS))
def test_every_decision_of_the_nurse_is_the_bedsides(protocol: str) -> None:
    nurse, resolved = nursed(protocol), read(protocol, "virtual")
    compared = 0
    for patient in PATIENTS:
        for slot, events in asked(nurse, patient):
            decided = ward.next_dose(ward.walk(events, resolved), resolved, at(slot.hour))
            ours = DECISIONS[int(slot.decision[patient])]
            assert ours == decided.word, f"patient {patient}, cycle {slot.cycle}, slot {slot.number}: {_why(decided)}"
            compared += 1
    assert compared > 20


def _why(decided: object) -> str:
    return f"{decided.word} because {[each.row for each in decided.because]}"  # type: ignore[attr-defined]


def test_doses_are_given_and_held() -> None:
    slots = nursed("us-label-2023").record.slots
    assert np.sum([each.given.sum() for each in slots]) > 5 * len(PATIENTS)
    assert np.sum([each.held.sum() for each in slots]) > len(PATIENTS)
