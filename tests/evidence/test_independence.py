"""Series that share patients, or may, never stand in one pool."""

from itertools import combinations

import pytest

from aldes.evidence.independence import Candidate, candidates, choose, shared
from aldes.evidence.outcomes import read_outcomes
from aldes.evidence.series import EndpointKind, RegimenClass

OUTCOMES = read_outcomes()
POOLED = [EndpointKind.RESPONSE, EndpointKind.COMPLETE, EndpointKind.PARTIAL, EndpointKind.TREATMENT_DEATH]


def responses() -> dict[str, Candidate]:
    return {each.name: each for each in candidates(OUTCOMES, EndpointKind.RESPONSE)[0]}


@pytest.mark.parametrize("kind", POOLED)
def test_no_two_series_of_a_pool_share_a_patient_or_may(kind: EndpointKind) -> None:
    chosen = choose(candidates(OUTCOMES, kind)[0], OUTCOMES.overlaps)
    for pool in (chosen.chosen, *chosen.others):
        assert all(shared(one, other, OUTCOMES.overlaps) is None for one, other in combinations(pool, 2))


@pytest.mark.parametrize("kind", POOLED)
def test_the_pool_has_the_most_patients_and_nobody_could_be_added(kind: EndpointKind) -> None:
    found = candidates(OUTCOMES, kind)[0]
    choice = choose(found, OUTCOMES.overlaps)
    sizes = [sum(each.count.patients for each in pool) for pool in (choice.chosen, *choice.others)]
    assert sizes[0] == max(sizes)
    for each in found:
        assert each in choice.chosen or any(shared(each, one, OUTCOMES.overlaps) for one in choice.chosen)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nci_klapper2008", "fda_pool_rcc"),
        ("nci_klapper2008", "nci_rct_yang2003/high dose"),
        ("select", "proclaim_2015/retrospective"),
    ],
)
def test_two_reports_that_may_have_patients_in_common_are_told(one: str, other: str) -> None:
    found = responses()
    assert shared(found[one], found[other], OUTCOMES.overlaps)
    assert shared(found[other], found[one], OUTCOMES.overlaps)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("proclaim_2015/retrospective", "proclaim_2015/prospective"),
        ("select", "proclaim_2015/prospective"),  # the trial had ended before the cohort began
        ("nci_klapper2008", "select"),
        ("fda_pool_rcc", "christie_early/unselected"),
    ],
)
def test_series_of_other_patients_stand_together(one: str, other: str) -> None:
    found = responses()
    assert shared(found[one], found[other], OUTCOMES.overlaps) is None


def test_every_series_left_out_says_why() -> None:
    found, unfit = candidates(OUTCOMES, EndpointKind.RESPONSE)
    choice = choose(found, OUTCOMES.overlaps)
    assert all(each.why for each in (*unfit, *choice.left_out))
    why = {each.endpoint.id: each.why for each in unfit}
    assert why["christie.orr_fav"] == "chosen by favourable histology"
    assert why["post_pd1.orr_rcc"] == "setting: after PD-1 or PD-L1"
    assert why["fda_pool_rcc.orr_1995"] == "superseded by fda_pool_rcc.orr_upd"
    assert why["cytokine_rct_negrier1998.orr_il2"] == "regimen: continuous infusion"


def test_only_the_high_dose_bolus_is_pooled_and_no_subgroup() -> None:
    for each in responses().values():
        assert each.series.class_of(each.endpoint.cohort) is RegimenClass.HIGH_DOSE_BOLUS
        assert each.endpoint.whole


def test_the_era_of_a_series_is_known_only_from_its_years() -> None:
    found = responses()
    assert found["fda_pool_rcc"].era(2000) == "before 2000"
    assert found["select"].era(2000) == "from 2000 on"
    assert found["nci_klapper2008"].era(2000) == "across 2000"
    assert found["nci_rct_yang2003/high dose"].era(2000) == "years unknown"


@pytest.mark.parametrize("pool", ["fda_pool_rcc", "fda_pool_mel"])
def test_the_label_counts_the_patients_of_its_trials_and_overlaps_with_whom_they_do(pool: str) -> None:
    with_trials = [each for each in OUTCOMES.overlaps if pool in each.series]
    assert with_trials
    assert all("label_ae_pool" in each.series for each in with_trials)


def test_deaths_of_the_label_and_of_a_centre_of_its_trials_are_never_pooled() -> None:
    """The label has the deaths of the pivotal trials, in which the centre took part."""
    found = {each.name: each for each in candidates(OUTCOMES, EndpointKind.TREATMENT_DEATH)[0]}
    assert shared(found["label_ae_pool"], found["nci_klapper2008"], OUTCOMES.overlaps)


def test_nothing_to_choose_from_is_an_empty_pool() -> None:
    assert choose([], OUTCOMES.overlaps).chosen == ()
