"""Risk scores: each factor beside its cut-off; what is unknown widens the groups and is never filled in."""

from decimal import Decimal

import pytest

from aldes.errors import ProtocolError
from aldes.findings.formula import evaluate
from aldes.findings.read import vocabulary
from aldes.questions.tree import Name
from aldes.selection.risk import NOT_COMPUTED, Risk, risk
from aldes.selection.score import parse, scores

BEST: dict[str, object] = {
    "karnofsky": 90.0,
    "days_since_diagnosis": 800.0,
    "prior_systemic": False,
    "haemoglobin": 14.0,
    "haemoglobin_low_limit": 13.0,
    "calcium_corrected": 9.0,
    "calcium_corrected_mskcc": 9.0,
    "calcium_limit": 10.2,
    "neutrophils": 4.0,
    "neutrophils_limit": 7.0,
    "platelets": 200.0,
    "platelets_limit": 400.0,
    "ldh": 180.0,
    "ldh_limit": 200.0,
    "nephrectomy": True,
    "prior_radiotherapy": False,
    "metastatic_organs": 1.0,
    "ecog": 0.0,
}


def scored(id: str, **changed: object) -> Risk:
    known = {**BEST, **changed}
    (score,) = (each for each in scores() if each.id == id)
    return risk(score, lambda name: known.get(name.finding))  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("score", [each.id for each in scores()])
def test_with_no_factor_present_the_patient_is_in_the_best_group(score: str) -> None:
    found = scored(score)
    assert (found.least, found.most, found.missing) == (0, 0, ())
    assert found.groups[:1] == tuple(each.words for each in found.score.groups[:1])


@pytest.mark.parametrize(
    ("score", "factor", "finding", "no", "yes"),
    [
        ("IMDC", "IM-01", "karnofsky", 80.0, 79.0),
        ("IMDC", "IM-02", "days_since_diagnosis", 365.0, 364.0),
        ("IMDC", "IM-03", "haemoglobin", 13.0, 12.9),
        ("IMDC", "IM-04", "calcium_corrected", 10.2, 10.3),
        ("IMDC-CALCIUM-10", "IM-04", "calcium_corrected", 10.0, 10.1),
        ("IMDC", "IM-05", "neutrophils", 7.0, 7.1),
        ("IMDC", "IM-06", "platelets", 400.0, 401.0),
        ("MSKCC-2002", "MS-01", "karnofsky", 80.0, 79.0),
        ("MSKCC-2002", "MS-02", "ldh", 300.0, 300.1),
        ("MSKCC-2002", "MS-03", "haemoglobin", 13.0, 12.9),
        ("MSKCC-2002", "MS-04", "calcium_corrected_mskcc", 10.0, 10.1),
        ("MSKCC-2002", "MS-05-2002", "days_since_diagnosis", 365.0, 364.0),
        ("MSKCC-1999", "MS-05-1999", "nephrectomy", True, False),
        ("MSKCC-MEKHAIL", "MS-08-RT", "prior_radiotherapy", False, True),
        ("MSKCC-MEKHAIL", "MS-08-SITES", "metastatic_organs", 1.0, 2.0),
        ("UKR-01", "EL-PS-04-ECOG", "ecog", 0.9, 1.0),
        ("UKR-01", "EL-PS-04-ORGANS", "metastatic_organs", 1.0, 2.0),
        ("UKR-01", "EL-PS-04-TIME", "days_since_diagnosis", 731.0, 730.0),
    ],
)
def test_a_factor_counts_beyond_its_cut_off_and_not_at_it(
    score: str, factor: str, finding: str, no: object, yes: object
) -> None:
    assert dict(scored(score, **{finding: no}).answers)[factor].name == "NO"
    assert dict(scored(score, **{finding: yes}).answers)[factor].name == "YES"
    assert dict(scored(score, **{finding: None}).answers)[factor].name == "UNKNOWN"


@pytest.mark.parametrize(
    ("present", "group"), [(0, "favourable"), (1, "intermediate"), (2, "intermediate"), (3, "poor"), (6, "poor")]
)
def test_the_groups_of_imdc(present: int, group: str) -> None:
    bad = {"karnofsky": 70.0, "days_since_diagnosis": 9.0, "haemoglobin": 9.0, "calcium_corrected": 12.0}
    bad |= {"neutrophils": 9.0, "platelets": 500.0}
    assert scored("IMDC", **dict(list(bad.items())[:present])).groups == (group,)


def test_two_unknown_factors_leave_every_group_that_is_still_possible() -> None:
    found = scored("IMDC", karnofsky=None, haemoglobin=None)
    assert (found.least, found.most, found.groups) == (0, 2, ("favourable", "intermediate"))
    assert found.missing == ("karnofsky", "haemoglobin")
    assert scored("IMDC", karnofsky=None, haemoglobin=9.0, neutrophils=9.0).groups == ("intermediate", "poor")


def test_the_two_readings_of_the_calcium_are_never_blended() -> None:
    between = {"calcium_corrected": 10.1}
    assert scored("IMDC", **between).groups == ("favourable",)
    assert scored("IMDC-CALCIUM-10", **between).groups == ("intermediate",)


def test_an_earlier_treatment_is_counted_from_its_own_day() -> None:
    assert dict(scored("IMDC", prior_systemic=True, days_to_treatment=100.0).answers)["IM-02"].name == "YES"
    assert dict(scored("IMDC", prior_systemic=True, days_to_treatment=400.0).answers)["IM-02"].name == "NO"
    assert dict(scored("IMDC", prior_systemic=True).answers)["IM-02"].name == "UNKNOWN"
    assert dict(scored("IMDC", prior_systemic=None).answers)["IM-02"].name == "UNKNOWN"


def test_the_extension_counts_and_names_no_group_that_nobody_read() -> None:
    found = scored("MSKCC-MEKHAIL", prior_radiotherapy=True, metastatic_organs=3.0)
    assert (found.least, found.groups) == (2, ())


def test_uk_risk_groups_by_number_of_factors() -> None:
    words = [("very low",), ("low",), ("median",), ("high: do not treat",)]
    bad = {"ecog": 1.0, "metastatic_organs": 2.0, "days_since_diagnosis": 100.0}
    assert [scored("UKR-01", **dict(list(bad.items())[:n])).groups for n in range(4)] == words


@pytest.mark.parametrize(
    ("finding", "calcium", "albumin", "corrected"),
    [
        ("calcium_corrected", "9", "4", "9"),
        ("calcium_corrected", "9", "3", "9.8"),
        ("calcium_corrected_mskcc", "9", "3.4", "9"),
        ("calcium_corrected_mskcc", "9", "2.4", "9.707"),
    ],
)
def test_calcium_is_corrected_as_each_source_does(finding: str, calcium: str, albumin: str, corrected: str) -> None:
    derived = vocabulary()[finding].derived
    assert derived is not None
    value = evaluate(derived.formula, {"calcium": Decimal(calcium), "albumin": Decimal(albumin)})
    assert value is not None
    assert Decimal(value.numerator) / Decimal(value.denominator) == Decimal(corrected)


def test_sani_is_not_computed_and_says_why() -> None:
    assert "not seen in any source" in NOT_COMPUTED["SANI"]
    assert "SANI" not in {each.id for each in scores()}


def test_every_finding_of_a_score_is_in_the_vocabulary() -> None:
    assert all(Name(name).finding in vocabulary().findings for each in scores() for name in each.findings)


GOOD = """
[[score]]
id = "ONE"
words = "one factor"
groups = [[0, 0, "good"], [1, 1, "poor"]]
source = "imdc-risk groups, as tabulated"
status = "read"

[[score.factor]]
id = "ONE-01"
words = "ecog of 1 or more"
when = "ecog >= 1"
source = "imdc-risk factors, as tabulated"
status = "read"
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('[1, 1, "poor"]', '[2, 2, "poor"]', "its groups must cover 0 to 1 factors"),
        ('[[0, 0, "good"], ', "[", "its groups must cover 0 to 1 factors"),
        ("ecog >= 1", "ecogg >= 1", "Did you mean 'ecog'"),
        ('source = "imdc-risk groups', 'source = "imdc-riks groups', "Did you mean 'imdc-risk'"),
        ("words =", "wrods =", "is no field"),
    ],
)
def test_a_fault_in_the_file_is_named(old: str, new: str, fault: str) -> None:
    assert parse(GOOD, "own.toml")
    with pytest.raises(ProtocolError, match=fault):
        parse(GOOD.replace(old, new, 1), "own.toml")
