"""Nothing that can be charted falls through a protocol unseen: a row holds for it, or the page says that none does."""

from collections.abc import Iterable

import pytest
from bedside import Patient, charted_findings, worst_survivable

from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group, Kind, Worse
from aldes.protocols.coverage import TOPICS, covered, uncovered
from aldes.protocols.read import read
from aldes.questions.tree import names
from cases import BEDSIDE

MEASURED = [each.name for each in charted_findings() if each.kind is Kind.NUMBER and each.worse is not Worse.NONE]


@pytest.mark.parametrize("protocol", BEDSIDE)
def test_a_well_patient_has_no_listed_reason_to_hold(protocol: str) -> None:
    assert Patient().word(read(protocol, "demo")) == "give"


@pytest.mark.parametrize("protocol", BEDSIDE)
def test_every_topic_has_a_row_or_a_signed_reason(protocol: str) -> None:
    assert uncovered(read(protocol, "demo")) == ()


@pytest.mark.parametrize("protocol", BEDSIDE)
def test_no_topic_is_both_answered_for_and_excused(protocol: str) -> None:
    resolved = read(protocol, "demo")

    assert covered(resolved) & {each.topic for each in resolved.not_covered} == set()


@pytest.mark.parametrize("protocol", BEDSIDE)
def test_every_excuse_says_why_and_who(protocol: str) -> None:
    assert all(each.reason and each.signed for each in read(protocol, "demo").not_covered)


def test_every_finding_about_a_patient_has_a_topic() -> None:
    needed = [each for each in charted_findings() if each.worse is not Worse.NONE and each.group is not Group.JUDGED]

    assert [each.name for each in needed if each.topic not in TOPICS] == []


GRAVE = (
    *("angina", "ischaemia_ecg", "tamponade", "ventricular_tachycardia", "rhythm_uncontrolled", "coma_or_psychosis"),
    *("seizure", "seizure_uncontrolled", "bowel_ischaemia", "bleeding_needs_surgery", "frank_blood", "infection"),
    *("myocarditis", "ischaemia_suspected", "lethargy", "encephalopathy", "hepatic_failure", "sepsis"),
    "bullous_dermatitis",
)


def each_with(findings: Iterable[str]) -> list[object]:
    """Every protocol with every finding."""
    return [pytest.param(protocol, finding) for protocol in BEDSIDE for finding in findings]


@pytest.mark.parametrize(("protocol", "finding"), each_with(GRAVE))
def test_a_patient_with_a_grave_finding_is_never_given_a_dose(protocol: str, finding: str) -> None:
    assert Patient().but(finding, True).word(read(protocol, "demo")) in ("hold", "stop")


@pytest.mark.parametrize(("protocol", "finding"), each_with(MEASURED))
def test_a_measurement_at_its_worst_is_held_stopped_or_named_as_not_covered(protocol: str, finding: str) -> None:
    resolved, asked = read(protocol, "demo"), vocabulary()[finding]

    word = Patient().but(finding, worst_survivable(asked)).word(resolved)

    assert word in ("hold", "stop") or asked.topic in {each.topic for each in resolved.not_covered}


REQUIRED = sorted({name for protocol in BEDSIDE for name in read(protocol, "demo").required})


@pytest.mark.parametrize(("protocol", "finding"), each_with(REQUIRED))
def test_a_required_measurement_that_is_missing_is_insufficient(protocol: str, finding: str) -> None:
    resolved = read(protocol, "demo")
    if finding in resolved.required:
        assert Patient().but(finding, None).word(resolved) == "insufficient"


@pytest.mark.parametrize("protocol", BEDSIDE)
def test_every_finding_that_a_row_asks_is_charted_or_of_the_record(protocol: str) -> None:
    asked = {name.finding for row in read(protocol, "demo").rows for name in names(row.question)}
    known = {each.name for each in charted_findings()}

    for name in asked:
        assert all(source in known or vocabulary()[source].group is Group.COURSE for source in sources_of(name))


@pytest.mark.parametrize("protocol", BEDSIDE)
@pytest.mark.parametrize(
    "support", [each.name for each in charted_findings() if each.group is Group.SUPPORT and each.kind is Kind.FLAG]
)
def test_a_patient_on_any_support_is_not_given_a_dose(protocol: str, support: str) -> None:
    assert Patient().but(support, True).word(read(protocol, "demo")) in ("hold", "stop")
