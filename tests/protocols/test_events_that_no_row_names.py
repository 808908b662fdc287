"""What one protocol holds a dose for holds under every other one that names it nowhere."""

from pathlib import Path

import pytest
from bedside import Patient, charted_findings, worst_survivable
from files import block, row, save

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group
from aldes.protocols.compile import compiled
from aldes.protocols.read import names_of_protocols, read
from aldes.protocols.row import Protocol, RowKind, Status
from aldes.questions.tree import And, Name, Or, Question, names

BEDSIDE = tuple(read(name, "demo") for name in names_of_protocols() if read(name).bedside)
PERFORMED = {"serial_sevens", "world_backward", "lung_bases"}  # tests: one that a protocol does not ask for is not made
MOOD = {"vivid_dreams", "anxiety", "emotional_lability", "persistent_crying"}  # left to the pinned protocol (0006)
SAYS_MORE = {"rhythm_recurrent", "rhythm_persistent"}  # of a rhythm that another finding names
BARE = """id = "bare"
words = "a protocol that names nothing"
bedside = true
extends = "course-rows"
"""


def of_id(protocol: Protocol) -> str:
    return protocol.id


def alternatives(question: Question) -> list[Question]:
    return [each for part in question.parts for each in alternatives(part)] if isinstance(question, Or) else [question]


def held_for_alone(protocol: Protocol) -> set[str]:
    """The judged findings of which one alone makes a row that was read, of this protocol, yes."""
    rows = [each for each in protocol.rows if each.status is Status.READ]
    single = [each for row in rows for each in alternatives(row.question) if not isinstance(each, And)]
    asked = [{name.finding for name in names(each)} for each in single]
    alone = [vocabulary()[name] for each in asked if len(each) == 1 for name in each]
    return {each.name for each in alone if each.group is Group.JUDGED and not each.derived}


def asked_by(protocol: Protocol) -> list[Name]:
    return [name for row in protocol.rows for name in names(row.question)]


def judged_systems() -> list[Finding]:
    return [each for each in charted_findings() if each.group is Group.JUDGED and each.system]


@pytest.mark.parametrize("protocol", BEDSIDE, ids=of_id)
def test_each_event_that_a_read_row_holds_for_is_grave(protocol: Protocol) -> None:
    assert {name for name in held_for_alone(protocol) - PERFORMED - MOOD if not vocabulary()[name].grave} == set()


@pytest.mark.parametrize("name", sorted(PERFORMED))
def test_a_performed_test_is_answered_by_its_result_alone(name: str) -> None:
    finding = vocabulary()[name]

    assert not finding.system, "a statement would stand for a test that nobody made"
    assert all(code.startswith("done") for code in finding.codes), "not done is no result"
    assert all(protocol.required.get(name) for protocol in BEDSIDE if name in held_for_alone(protocol))


@pytest.mark.parametrize("protocol", BEDSIDE, ids=of_id)
@pytest.mark.parametrize("finding", judged_systems(), ids=lambda each: each.name)
def test_each_judged_finding_of_an_organ_system_alone_holds_or_stops(protocol: Protocol, finding: Finding) -> None:
    """Mood and dreams only where the protocol names them, atrial fibrillation as the label's own row decides."""
    word = Patient().but(finding.name, worst_survivable(finding)).word(protocol)
    of_label = protocol.id == "us-label-2023" and finding.name in (
        *("atrial_fibrillation", "supraventricular_tachycardia", "bradycardia"),
    )

    unnamed = finding.name in MOOD and not any(finding.name == name.finding for name in asked_by(protocol))

    assert word == "give" if of_label or unnamed or finding.name in SAYS_MORE else word in ("hold", "stop")


@pytest.mark.parametrize("finding", [each for each in charted_findings() if each.grave], ids=lambda each: each.name)
def test_under_a_protocol_without_rows_each_of_them_holds_and_can_be_answered_no(
    tmp_path: Path, finding: Finding
) -> None:
    asked = compiled(read(save(tmp_path, BARE))).rows[f"NO-ROW-{finding.name}"]

    assert asked.kind is RowKind.HOLD
    assert finding.system, "a statement must be able to say no"


def test_a_row_that_asks_an_event_with_its_qualifiers_speaks_for_it(tmp_path: Path) -> None:
    fields = {"id": '"AF-1"', "hold": '"atrial_fibrillation and rhythm_recurrent"'}

    assert "NO-ROW-atrial_fibrillation" not in compiled(read(save(tmp_path, BARE + row(**fields)))).rows


@pytest.mark.parametrize(
    "predicate",
    [
        "atrial_fibrillation and angina",
        "atrial_fibrillation and slots_in_cycle >= 3",
        "(atrial_fibrillation or seizure) and (rhythm_recurrent or angina)",
    ],
)
def test_a_row_that_asks_an_event_with_anything_else_does_not(tmp_path: Path, predicate: str) -> None:
    text = BARE + row(id='"AF-1"', hold=f'"{predicate}"')

    assert "NO-ROW-atrial_fibrillation" in compiled(read(save(tmp_path, text))).rows


def test_qualifiers_alone_make_no_event_of_each_other(tmp_path: Path) -> None:
    text = BARE + row(id='"AF-1"', hold='"rhythm_needs_treatment and rhythm_recurrent"')

    assert "NO-ROW-rhythm_needs_treatment" in compiled(read(save(tmp_path, text))).rows


def test_a_care_row_speaks_for_nothing(tmp_path: Path) -> None:
    care = {"id": '"CARE-1"', "words": '"w"', "when": '"bradycardia"', "advice": '"look"', "status": '"read"'}
    text = BARE + block("care", care | {"source": '"us-label-2023 2.4 table 2, respiratory"'})

    assert "NO-ROW-bradycardia" in compiled(read(save(tmp_path, text))).rows
