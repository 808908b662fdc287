"""Care comes from the protocol's own source, and waits while what would forbid it is not known to be absent."""

import pytest
from bedsides import CONSENSUS, LABEL, admitted, at_bedside, charted, discharged, doses, treated

from aldes.protocols.read import read
from aldes.protocols.steps import Offer, care_now, premedication_now


def care(*events, protocol: str = CONSENSUS) -> dict[str, str]:
    bed = at_bedside(treated(*events), protocol)
    return {each.row.id: each.offer.value for each in care_now(bed.protocol, bed.moment, bed.phase, bed.since)}


def given(*events, protocol: str = CONSENSUS, history=None) -> dict[str, str]:
    bed = at_bedside(treated(*events) if history is None else history, protocol)
    steps = premedication_now(bed.protocol, bed.moment, bed.phase, bed.since)
    return {each.row.id: each.offer.value for each in steps}


def test_rigors_offer_what_the_consensus_prints_and_nothing_of_another_source():
    assert care(charted("rigor", True)) == {"SUP-RIG-01": "now", "SUP-RIG-02": "now"}
    assert care(charted("rigor", False)) == {}
    assert care() == {}


@pytest.mark.parametrize(("systolic", "steps"), [(84, {"HYP-02", "HYP-06"}), (85, set()), (120, set())])
def test_low_pressure_is_low_against_the_patients_own_target(systolic, steps):
    assert set(care(charted("systolic", systolic, 0.2))) == steps


def test_an_unknown_starts_no_step():
    assert care(charted("dyspnoea", True)) == {}


URINE = [charted("urine", 500, 8.2, over_h=8), charted("urine", 500, 0.2, over_h=8)]
SOUND = [charted("creatinine", "1.2"), charted("platelets", 120), *URINE]


@pytest.mark.parametrize(
    ("changed", "offer"),
    [
        ([], Offer.NOW),
        ([charted("creatinine", "2.1", 0.1)], Offer.NOT_NOW),
        ([charted("creatinine", 2, 0.1)], Offer.NOW),
        ([charted("platelets", 49, 0.1)], Offer.NOT_NOW),
        ([charted("platelets", 50, 0.1)], Offer.NOW),
        ([charted("creatinine", "2.1", 0.1, fault="preliminary")], Offer.NOT_NOW),
        ([charted("creatinine", "1.1", 0.1, fault="preliminary")], Offer.ASK_FIRST),
    ],
)
def test_an_anti_inflammatory_drug_waits_for_kidney_platelets_and_urine(changed, offer):
    assert given(*SOUND, *changed)["SUP-FEV-03"] == offer.value


@pytest.mark.parametrize("missing", ["creatinine", "platelets", "urine"])
def test_it_is_asked_first_while_one_of_them_is_not_known(missing):
    known = [each for each in SOUND if each.entry.finding != missing]
    assert given(*known)["SUP-FEV-03"] == Offer.ASK_FIRST.value


def test_it_is_not_given_while_urine_falls():
    falling = [charted("urine", 500, 8.2, over_h=8), charted("urine", 300, 0.2, over_h=8)]
    assert given(*[each for each in SOUND if each not in URINE], *falling)["SUP-FEV-03"] == Offer.NOT_NOW.value


def test_premedication_belongs_to_the_days_of_doses():
    assert "SUP-FEV-01" in given(history=[admitted(5)])
    assert "SUP-FEV-01" in given()
    over = sorted([admitted(140), *doses(14, 24)], key=lambda each: each.recorded_at)
    assert set(given(history=over)) == {"ADM-06"}
    assert given(history=[*treated(), discharged(1)]) == {}


def test_the_label_of_2023_prints_no_step_of_care_and_borrows_none_but_our_own_policy():
    label = read(LABEL, "demo")
    assert {each.status for each in label.care} == {"policy"}
    assert label.premedication == ()


def test_a_new_arrhythmia_asks_for_an_ecg_and_names_no_drug():
    assert care(charted("atrial_fibrillation", True), protocol=LABEL) == {"RHY-01": "now"}
    advice = next(each.advice for each in read(LABEL, "demo").care if each.id == "RHY-01")
    assert "12-lead ECG" in advice
    assert "no source that was read names a drug" in advice
