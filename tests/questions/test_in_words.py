"""Every question as a clinician would say it, whole sentences."""

from decimal import Decimal
from typing import Any

import pytest

from aldes.findings.read import vocabulary
from aldes.questions.answer import NO, UNKNOWN
from aldes.questions.parse import parse
from aldes.questions.residual import Clause, Literal, residual
from aldes.questions.tree import And, AtLeast, Compare, Constant, Flag, In, Known, Name, Not, Number, Or, Question, Row
from aldes.questions.words import in_words, limit, literal_words, residual_words, value_words

WORDS = vocabulary()


def question(text: str) -> Question:
    return parse(text, WORDS)


def said(asked: str | Question) -> str:
    return in_words(question(asked) if isinstance(asked, str) else asked, WORDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("spo2 < 90", "oxygen saturation below 90 %"),
        ("spo2 <= 90", "oxygen saturation at most 90 %"),
        ("spo2 > 90", "oxygen saturation above 90 %"),
        ("spo2 >= 90", "oxygen saturation at least 90 %"),
        ("spo2 == 90", "oxygen saturation exactly 90 %"),
        ("spo2 != 90", "oxygen saturation other than 90 %"),
        ("not spo2 < 90", "oxygen saturation at least 90 %"),
        ("not spo2 == 90", "oxygen saturation other than 90 %"),
    ],
)
def test_a_limit_has_its_own_word(text: str, words: str) -> None:
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("angina", "angina or chest pain"),
        ("not angina", "angina or chest pain: no"),
        ("mental_status == 'severe'", "mental status severe"),
        ("mental_status in ('changed', 'severe')", "mental status changed or severe"),
        ("mental_status != 'normal'", "mental status other than normal"),
        ("not mental_status in ('changed', 'severe')", "mental status other than changed or severe"),
    ],
)
def test_flags_and_codes_are_said_without_a_sign(text: str, words: str) -> None:
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seizure and intubated and dialysis", "seizure and intubated and on dialysis"),
        ("seizure or intubated or dialysis", "seizure or intubated or on dialysis"),
        ("seizure and (intubated or dialysis)", "seizure and (intubated or on dialysis)"),
        ("seizure or intubated and dialysis", "seizure or (intubated and on dialysis)"),
        ("not (seizure or intubated)", "not (seizure or intubated)"),
    ],
)
def test_brackets_stand_where_an_and_meets_an_or(text: str, words: str) -> None:
    assert said(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("systolic < systolic_target", "systolic blood pressure below the patient's own systolic target"),
        ("urine_8h + 2 < 9", "(urine over the last 8 hours + 2) below 9"),
        ("urine_8h - 2 < 9", "(urine over the last 8 hours − 2) below 9"),
        ("urine_8h * 2 < 9", "(urine over the last 8 hours × 2) below 9"),
        ("urine_8h / 8 < 9", "(urine over the last 8 hours ÷ 8) below 9"),
        (
            "systolic - systolic_target < 0",
            "(systolic blood pressure − the patient's own systolic target) below 0",
        ),
        ("9 < urine_8h", "9 below urine over the last 8 hours"),
    ],
)
def test_a_calculation_is_said_with_its_sign(text: str, words: str) -> None:
    assert said(text) == words


def test_a_count_lists_what_it_counts() -> None:
    count = AtLeast(2, (question("seizure"), question("spo2 < 90"), question("dialysis")))

    assert said(count) == "at least 2 of: seizure; oxygen saturation below 90 %; on dialysis"


def test_rows_and_what_is_known_of_them_are_said_as_the_question() -> None:
    assert said(Row("HOLD-RESP-01", question("spo2 < 90"))) == "oxygen saturation below 90 %"
    assert said(Known(question("spo2 < 90"))) == "oxygen saturation below 90 %"


def test_a_row_that_asks_only_whether_a_finding_is_known_says_so() -> None:
    measured = Compare("==", Name("spo2"), Name("spo2"))

    assert said(measured) == "oxygen saturation: known"
    assert limit(measured, WORDS) == "known"


def test_a_constant_says_why() -> None:
    assert said(Constant(UNKNOWN, "site setting gap is not set")) == "site setting gap is not set"
    assert said(Constant(NO)) == ""


def test_a_flag_of_the_record_keeps_its_name() -> None:
    assert said(Flag(Name("standing.HOLD-RESP-01"))) == "standing.HOLD-RESP-01"


def test_a_node_that_nobody_knows_is_refused_and_not_left_out() -> None:
    new: Any = "a new node"

    with pytest.raises(AssertionError, match="'a new node'"):
        said(And((question("angina"), new)))
    with pytest.raises(AssertionError, match="'a new node'"):
        said(Compare("<", new, Number(90.0)))


# ── limits and values ──


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (Compare("<", Name("spo2"), Number(90.0)), "below 90 %"),
        (Compare(">=", Name("creatinine"), Number(4.5)), "at least 4.5 mg/dL"),
        (Compare("<", Name("systolic"), Name("systolic_target")), "below the patient's own systolic target"),
        (Compare(">", Number(90.0), Number(8.5)), "above 8.5"),
        (In(Name("mental_status"), ("changed", "severe")), "changed or severe"),
        (Flag(Name("angina")), ""),
        (Constant(UNKNOWN, "site setting gap is not set"), ""),
    ],
)
def test_what_a_value_is_held_against(leaf: Compare | In | Flag | Constant, words: str) -> None:
    assert limit(leaf, WORDS) == words


@pytest.mark.parametrize(
    ("written", "shown"),
    [(4.5, "4.5"), (0.1, "0.1"), (90.0, "90"), (-1.5, "−1.5"), (0.0, "0"), (30000.0, "30,000"), (1e-7, "0.0000001")],
)
def test_a_limit_is_shown_as_it_was_written(written: float, shown: str) -> None:
    assert limit(Compare("<", Name("creatinine"), Number(written)), WORDS) == f"below {shown} mg/dL"


def test_a_value_is_shown_exactly_as_it_counted() -> None:
    assert value_words(Decimal("89.95"), "spo2", WORDS) == "89.95 %"
    assert value_words(Decimal("3"), "dose_number", WORDS) == "3"
    assert value_words(True, "angina", WORDS) == "yes"
    assert value_words(False, "angina", WORDS) == "no"
    assert value_words("severe", "mental_status", WORDS) == "severe"


# ── what must become true ──


def test_a_literal_says_what_is_wanted() -> None:
    severe = In(Name("mental_status"), ("severe",))

    assert literal_words(Literal(Flag(Name("seizure")), True), WORDS) == "seizure"
    assert literal_words(Literal(Flag(Name("seizure")), False), WORDS) == "seizure: no"
    assert literal_words(Literal(severe, False), WORDS) == "mental status other than severe"


def left(text: str) -> str:
    clauses = residual(question(text), lambda name: None, lambda name: True)
    assert clauses is not None
    return residual_words(clauses, WORDS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("seizure", "seizure"),
        ("seizure and intubated", "seizure and intubated"),
        ("seizure or intubated", "(seizure or intubated)"),
        ("seizure or intubated or dialysis", "(seizure or intubated or on dialysis)"),
        ("seizure or intubated and dialysis", "(seizure or (intubated and on dialysis))"),
        ("seizure and intubated or dialysis", "((seizure and intubated) or on dialysis)"),
        (
            "seizure and intubated or dialysis and tamponade",
            "((seizure and intubated) or (on dialysis and cardiac tamponade))",
        ),
        ("seizure and (intubated or dialysis)", "seizure and (intubated or on dialysis)"),
        ("(intubated or dialysis) and seizure", "seizure and (intubated or on dialysis)"),
        (
            "(intubated or dialysis) and (seizure or tamponade)",
            "(intubated or on dialysis) and (seizure or cardiac tamponade)",
        ),
        (
            "(intubated or dialysis) and (intubated or dialysis or seizure)",
            "(intubated or on dialysis or seizure) and (intubated or on dialysis)",
        ),
    ],
)
def test_what_would_lift_a_hold_is_said_in_full(text: str, words: str) -> None:
    assert left(text) == words


def test_nothing_left_is_nothing_to_say() -> None:
    assert residual_words((), WORDS) == ""


def test_clauses_that_share_their_second_part_are_gathered_too() -> None:
    a, b, c = (Literal(Flag(Name(each))) for each in ("seizure", "intubated", "dialysis"))
    clauses: tuple[Clause, ...] = ((a, c), (b, c))

    assert residual_words(clauses, WORDS) == "((seizure and intubated) or on dialysis)"


def test_a_bracketed_part_keeps_its_own_words() -> None:
    tree = And((Or((question("spo2 < 90"), question("angina"))), Not(Or((question("seizure"), question("dialysis"))))))

    assert said(tree) == "(oxygen saturation below 90 % or angina or chest pain) and not (seizure or on dialysis)"
