"""No row may become milder as the patient becomes worse: the static half of the second theorem."""

from pathlib import Path

import pytest
from files import HEAD, asking, row, save

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.protocols.compile import compiled
from aldes.protocols.read import read
from aldes.protocols.row import RowKind
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import parse
from aldes.questions.signs import BOTH, DOWN, UP, against_worse, signs
from aldes.questions.tree import AtLeast, Constant, Flag, Known, Name, Row
from cases import PROTOCOLS, resume_of


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_row_becomes_yes_only_toward_worse(protocol: str) -> None:
    rows = compiled(read(protocol, "demo")).rows.values()

    assert {row.id: against_worse(row.question, vocabulary()) for row in rows} == {row.id: () for row in rows}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_resume_question_becomes_yes_only_toward_better(protocol: str) -> None:
    rows = compiled(read(protocol, "demo")).rows.values()
    found = {row.id: against_worse(resume_of(row), vocabulary(), toward_better=True) for row in rows}

    assert found == {row.id: () for row in rows}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_whole_decision_becomes_stricter_only_toward_worse(protocol: str) -> None:
    """With the standing holds as they are: `raised` and `standing` are the record's own."""
    decision = compiled(read(protocol, "demo"))

    assert against_worse(decision.stop, vocabulary()) == ()
    assert against_worse(decision.hold, vocabulary()) == ()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_counting_rule_becomes_yes_only_toward_worse(protocol: str) -> None:
    for count in read(protocol, "demo").counts:
        if count.only_if:
            assert against_worse(count.only_if, vocabulary()) == ()


WRONG = [
    ("spo2 > 90", "spo2"),
    ("spo2 >= 90", "spo2"),
    ("not spo2 < 90", "spo2"),
    ("90 < spo2", "spo2"),
    ("spo2 != 90", "spo2"),
    ("creatinine < 4.5", "creatinine"),
    ("-1 * creatinine > 4", "creatinine"),
    ("creatinine / -2 > 1", "creatinine"),
    ("4 - creatinine > 1", "creatinine"),
    ("systolic > systolic_target", "systolic"),
    ("not angina", "angina"),
    ("seizure and not angina", "angina"),
    ("mental_status == 'normal'", "mental_status"),
    ("mental_status == 'changed'", "mental_status"),
    ("mental_status != 'severe'", "mental_status"),
    ("mental_status in ('normal', 'severe')", "mental_status"),
    ("creatinine_rise < 0", "creatinine_rise"),
    ("intubated_hours < 72", "intubated_hours"),
    ("systolic_low > 90", "systolic_low"),
    ("85 < systolic < 90", "systolic"),
    ("spo2 < 90 and (angina or not seizure)", "seizure"),
    ("spo2 < spo2 * 0.9", "spo2"),
]


@pytest.mark.parametrize(("predicate", "finding"), WRONG)
def test_a_row_that_a_worse_value_would_clear_is_refused(tmp_path: Path, predicate: str, finding: str) -> None:
    with pytest.raises(ProtocolError, match=f"a better '{finding}' would make the answer stricter"):
        read(save(tmp_path, HEAD + asking(predicate)), "demo")


@pytest.mark.parametrize(
    "predicate",
    [
        "spo2 < 90",
        "90 > spo2",
        "not spo2 >= 90",
        "not (not spo2 < 90)",
        "creatinine * 2 > 9",
        "creatinine / 2 > 2",
        "4 - creatinine < 1",
        "systolic_target > systolic",
        "mental_status != 'normal'",
        "mental_status in ('moderate confusion or agitation', 'severe')",
        "not mental_status in ('normal', 'changed')",
        "angina or seizure and spo2 < 95",
        "dose_number < 3",  # no direction is worse
        "creatinine > creatinine_limit",
    ],
)
def test_a_row_that_only_a_worse_value_makes_yes_is_read(tmp_path: Path, predicate: str) -> None:
    assert read(save(tmp_path, HEAD + asking(predicate)), "demo").row("WARD-01")


@pytest.mark.parametrize("kind", [kind.value for kind in RowKind])
def test_every_kind_of_row_that_can_hold_or_stop_is_checked(tmp_path: Path, kind: str) -> None:
    group = {"group": '"oxygen"'} if kind == "relative" else {}

    with pytest.raises(ProtocolError, match="a better 'spo2'"):
        read(save(tmp_path, HEAD + row(kind, **{kind: '"spo2 > 85"'}, **group)), "demo")


@pytest.mark.parametrize("resume", ["spo2 < 95", "angina", "not spo2 > 90", "mental_status != 'normal'"])
def test_a_resume_question_toward_worse_is_refused(tmp_path: Path, resume: str) -> None:
    with pytest.raises(ProtocolError, match="or a worse one milder"):
        read(save(tmp_path, HEAD + row(resume=f'"{resume}"')), "demo")


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        ("spo2 < 90", [("spo2", DOWN)]),
        ("systolic < systolic_target", [("systolic", DOWN), ("systolic_target", UP)]),
        ("creatinine - creatinine_limit * 2 > 1", [("creatinine", UP), ("creatinine_limit", DOWN)]),
        ("creatinine == 2", [("creatinine", BOTH)]),
        ("not angina", [("angina", DOWN)]),
    ],
)
def test_each_finding_has_the_direction_that_makes_yes_likelier(
    predicate: str, expected: list[tuple[str, int]]
) -> None:
    assert list(signs(parse(predicate, vocabulary()), vocabulary())) == expected


def test_what_only_the_compiler_writes_keeps_the_direction_of_its_parts() -> None:
    angina = Flag(Name("angina"))

    assert list(signs(Row("R", Known(AtLeast(2, (angina, angina)))), vocabulary())) == [("angina", UP)] * 2
    assert list(signs(Constant(UNKNOWN), vocabulary())) == []
