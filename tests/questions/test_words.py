"""A question in a clinician's words."""

from decimal import Decimal

import pytest

from aldes.findings.read import vocabulary
from aldes.protocols.compile import compiled
from aldes.protocols.read import read
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import parse
from aldes.questions.residual import residual
from aldes.questions.tree import AtLeast, Compare, Constant, Flag, Known, Name, Number, Question, Row
from aldes.questions.words import in_words, limit, literal_words, residual_words, value_words

WORDS = vocabulary()


def question(text: str) -> Question:
    return parse(text, WORDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spo2 < 90", "oxygen saturation below 90 %"),
        ("spo2 <= 90", "oxygen saturation at most 90 %"),
        ("creatinine > 4.5", "serum creatinine above 4.5 mg/dL"),
        ("creatinine >= 3.0", "serum creatinine at least 3 mg/dL"),
        ("creatinine == 3", "serum creatinine exactly 3 mg/dL"),
        ("creatinine != 3", "serum creatinine other than 3 mg/dL"),
        ("angina", "angina or chest pain"),
        ("not angina", "angina or chest pain: no"),
        ("not spo2 < 90", "oxygen saturation at least 90 %"),
        ("not creatinine >= 2.5", "serum creatinine below 2.5 mg/dL"),
        ("mental_status == 'normal'", "mental status normal"),
        ("mental_status != 'normal'", "mental status other than normal"),
        ("mental_status in ('changed', 'severe')", "mental status changed or severe"),
        ("systolic < systolic_target", "systolic blood pressure below the patient's own systolic target"),
        ("angina and seizure", "angina or chest pain and seizure"),
        ("stool_blood and (seizure or infection)", None),
        ("not (seizure and tamponade)", "not (seizure and cardiac tamponade)"),
        ("seizure_count >= 2 or seizure", "seizures in this course at least 2 or seizure"),
        ("urine_8h / 8 < 10", "(urine over the last 8 hours ÷ 8) below 10"),
        ("creatinine - creatinine_limit * 2 > 0", None),
    ],
)
def test_a_question_reads_as_a_clinician_says_it(text: str, words: str | None) -> None:
    said = in_words(question(text), WORDS)

    assert said == words if words else "(" in said


def test_brackets_stand_only_where_they_are_needed() -> None:
    said = in_words(question("stool_blood and (seizure or infection)"), WORDS)

    assert said == "positive stool blood test and (seizure or infection documented or strongly suspected)"


def test_a_row_and_what_is_known_of_it_read_like_the_question() -> None:
    assert in_words(Row("R", Known(question("spo2 < 90"))), WORDS) == "oxygen saturation below 90 %"


def test_a_count_lists_what_it_counts() -> None:
    count = AtLeast(2, (question("spo2 < 90"), question("seizure")))

    assert in_words(count, WORDS) == "at least 2 of: oxygen saturation below 90 %; seizure"


def test_a_setting_that_nobody_made_says_so() -> None:
    assert in_words(Constant(UNKNOWN, "site setting gap is not set"), WORDS) == "site setting gap is not set"


def test_a_flag_of_the_record_keeps_its_name() -> None:
    assert in_words(Flag(Name("standing.HOLD-RESP-01")), WORDS) == "standing.HOLD-RESP-01"


@pytest.mark.parametrize(
    ("text", "words"), [("spo2 < 90", "below 90 %"), ("mental_status in ('severe',)", "severe"), ("angina", "")]
)
def test_a_limit_is_said_beside_its_value(text: str, words: str) -> None:
    leaf = question(text)
    assert isinstance(leaf, Compare | Flag) or words == "severe"

    assert limit(leaf, WORDS) == words  # type: ignore[arg-type]  # each of these is one leaf


@pytest.mark.parametrize("written", ["0.1", "4.5", "1.05", "159.9", "0.000001", "123456.789", "-1.5", "30000"])
def test_a_limit_is_shown_exactly_as_it_was_written(written: str) -> None:
    said = limit(Compare("<", Name("creatinine"), Number(float(written))), WORDS)

    digits = said.removeprefix("below ").removesuffix(" mg/dL").replace(",", "").replace("−", "-")
    assert Decimal(digits) == Decimal(written)


def test_a_value_is_shown_with_its_unit_and_never_rounded() -> None:
    assert value_words(Decimal("89.95"), "spo2", WORDS) == "89.95 %"
    assert value_words(Decimal("2.499999"), "creatinine", WORDS) == "2.499999 mg/dL"
    assert value_words(True, "angina", WORDS) == "yes"
    assert value_words(False, "angina", WORDS) == "no"
    assert value_words("severe", "mental_status", WORDS) == "severe"


def left(text: str) -> str:
    clauses = residual(question(text), lambda name: None, lambda name: True)
    assert clauses is not None
    return residual_words(clauses, WORDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not spo2 < 90", "oxygen saturation at least 90 %"),
        ("not angina", "angina or chest pain: no"),
        (
            "not urine_8h <= 160 and not creatinine >= 2.5",
            "urine over the last 8 hours above 160 mL and serum creatinine below 2.5 mg/dL",
        ),
        (
            "not (urine_16h < 160 and creatinine_rise > 0)",
            "(urine over the last 16 hours at least 160 mL or "
            "change of creatinine from the result before at most 0 mg/dL)",
        ),
        ("seizure or tamponade and infection", None),
    ],
)
def test_what_would_lift_a_hold_is_said_in_full(text: str, words: str | None) -> None:
    said = left(text)

    assert said == (words or "(seizure or (cardiac tamponade and infection documented or strongly suspected))")


def test_a_literal_that_must_be_no_says_no() -> None:
    clauses = residual(question("not seizure"), lambda name: None, lambda name: True)
    assert clauses is not None

    assert literal_words(clauses[0][0], WORDS) == "seizure: no"


@pytest.mark.parametrize("protocol", ["us-label-2023", "consensus-2014", "institution-2015", "nci-2001"])
def test_every_row_has_words_without_a_name_of_the_program(protocol: str) -> None:
    names = set(WORDS.findings) - {each.words for each in WORDS.findings.values()}
    for row in compiled(read(protocol, "demo")).rows.values():
        said = in_words(row.question, WORDS)

        assert not {word.strip("(),;:") for word in said.split()} & {name for name in names if "_" in name}
