"""The slow reference: strong Kleene logic on one patient, and the parts that decided."""

from itertools import product

import pytest

from aldes.findings.read import vocabulary
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.ask import Look, ask, explain, value
from aldes.questions.parse import parse
from aldes.questions.tree import (
    And,
    Arithmetic,
    AtLeast,
    Compare,
    Constant,
    Flag,
    In,
    Known,
    Name,
    Not,
    Number,
    Or,
    Row,
)

THREE = (NO, UNKNOWN, YES)


def seeing(**cells: float | bool | str | None) -> Look:
    """A patient of whom exactly this is known."""
    return lambda name: cells.get(name.finding)


def answer(text: str, **cells: float | bool | str | None) -> Answer:
    return ask(parse(text, vocabulary()), seeing(**cells))


def constants(*answers: Answer) -> tuple[Constant, ...]:
    return tuple(Constant(each) for each in answers)


# ── the tables ──


@pytest.mark.parametrize(("a", "b"), list(product(THREE, THREE)))
def test_and_is_the_lesser_and_or_the_greater(a: Answer, b: Answer) -> None:
    assert ask(And(constants(a, b)), seeing()) is min(a, b)
    assert ask(Or(constants(a, b)), seeing()) is max(a, b)


@pytest.mark.parametrize(("a", "expected"), [(YES, NO), (UNKNOWN, UNKNOWN), (NO, YES)])
def test_not_leaves_unknown_unknown(a: Answer, expected: Answer) -> None:
    assert ask(Not(Constant(a)), seeing()) is expected


@pytest.mark.parametrize(("a", "expected"), [(YES, YES), (UNKNOWN, NO), (NO, NO)])
def test_known_is_yes_only_where_its_part_is(a: Answer, expected: Answer) -> None:
    assert ask(Known(Constant(a)), seeing()) is expected


def test_an_or_of_nothing_is_no() -> None:
    assert ask(Or(()), seeing()) is NO


@pytest.mark.parametrize("k", range(6))
def test_at_least_counts_the_certain_and_leaves_the_rest_open(k: int) -> None:
    for parts in product(THREE, repeat=4):
        filled = [
            sum(each is YES or (each is UNKNOWN and guess) for each, guess in zip(parts, guesses, strict=True)) >= k
            for guesses in product((False, True), repeat=4)
        ]  # whatever the unknown ones turn out to be

        expected = YES if all(filled) else UNKNOWN if any(filled) else NO

        assert ask(AtLeast(k, constants(*parts)), seeing()) is expected, parts


def test_a_row_changes_nothing() -> None:
    assert [ask(Row("R", Constant(each)), seeing()) for each in THREE] == list(THREE)


def test_an_answer_is_no_truth_value() -> None:
    with pytest.raises(TypeError, match="yes, no or unknown"):
        bool(UNKNOWN)
    with pytest.raises(TypeError, match="yes, no or unknown"):
        assert not ask(Constant(NO), seeing())


# ── leaves: below, at, above, missing ──


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("<", (YES, NO, NO)),
        ("<=", (YES, YES, NO)),
        (">", (NO, NO, YES)),
        (">=", (NO, YES, YES)),
        ("==", (NO, YES, NO)),
        ("!=", (YES, NO, YES)),
    ],
)
def test_a_comparison_below_at_and_above_its_limit_and_missing(op: str, expected: tuple[Answer, ...]) -> None:
    assert tuple(answer(f"spo2 {op} 90", spo2=each) for each in (89.9, 90.0, 90.1)) == expected
    assert answer(f"spo2 {op} 90") is UNKNOWN


def test_a_flag_is_yes_no_or_missing() -> None:
    assert [answer("angina", angina=each) for each in (True, False, None)] == [YES, NO, UNKNOWN]


def test_a_code_is_in_the_list_or_not_or_missing() -> None:
    text = "mental_status in ('changed', 'severe')"

    assert [answer(text, mental_status=each) for each in ("severe", "normal", None)] == [YES, NO, UNKNOWN]


def test_missing_spo2_is_not_permission_however_the_question_is_turned() -> None:
    for text in ("spo2 < 90", "not spo2 >= 90", "not (not spo2 < 90)", "spo2 < 90 and angina or spo2 < 90"):
        assert answer(text, angina=True) is UNKNOWN


def test_a_certain_no_decides_an_and_whatever_is_missing() -> None:
    assert answer("spo2 < 90 and angina", angina=False) is NO


def test_a_certain_yes_decides_an_or_whatever_is_missing() -> None:
    assert answer("spo2 < 90 or angina", angina=True) is YES


# ── arithmetic ──


def test_arithmetic_with_a_missing_value_is_missing() -> None:
    assert answer("systolic - systolic_target < 0", systolic=80.0) is UNKNOWN
    assert answer("systolic - systolic_target < 0", systolic_target=80.0) is UNKNOWN
    assert answer("systolic - systolic_target < 0", systolic=79.9, systolic_target=80.0) is YES


@pytest.mark.parametrize(("op", "expected"), [("+", 8.0), ("-", 4.0), ("*", 12.0), ("/", 3.0)])
def test_each_sign_does_what_it_says(op: str, expected: float) -> None:
    assert value(Arithmetic(op, Name("creatinine"), Number(2.0)), seeing(creatinine=6.0)) == expected


# ── reasons ──

ANGINA, SEIZURE = Flag(Name("angina")), Flag(Name("seizure"))
LOW = Compare("<", Name("spo2"), Number(90.0))


def test_the_parts_that_share_the_answer_decided_it() -> None:
    asked = explain(Or((ANGINA, LOW, SEIZURE)), seeing(angina=True, spo2=87.0, seizure=False))

    assert asked.answer is YES
    assert [each.leaf for each in asked.because] == [ANGINA, LOW]


def test_a_no_is_decided_by_every_part_of_an_or() -> None:
    asked = explain(Or((ANGINA, LOW)), seeing(angina=False, spo2=95.0))

    assert (asked.answer, [each.leaf for each in asked.because]) == (NO, [ANGINA, LOW])


def test_an_unknown_is_decided_by_what_is_missing_and_by_nothing_else() -> None:
    asked = explain(Or((ANGINA, LOW)), seeing(angina=False))

    assert (asked.answer, [each.leaf for each in asked.because]) == (UNKNOWN, [LOW])


def test_a_reason_names_the_innermost_row() -> None:
    tree = Row("OUTER", Or((Row("HOLD-RESP-01", LOW), ANGINA)))
    asked = explain(tree, seeing(spo2=80.0, angina=True))

    assert [each.row for each in asked.because] == ["HOLD-RESP-01", "OUTER"]


def test_a_count_is_decided_by_the_criteria_that_are_met() -> None:
    asked = explain(AtLeast(2, (ANGINA, SEIZURE, LOW)), seeing(angina=True, seizure=True, spo2=95.0))

    assert [each.leaf for each in asked.because] == [ANGINA, SEIZURE]


def test_a_denied_part_keeps_its_reasons() -> None:
    asked = explain(Not(Known(ANGINA)), seeing())

    assert (asked.answer, [each.leaf for each in asked.because]) == (YES, [ANGINA])


@pytest.mark.parametrize("cells", list(product((True, False, None), (True, False, None), (87.0, 95.0, None))))
def test_explain_answers_as_ask_does(cells: tuple[bool | None, bool | None, float | None]) -> None:
    tree = And(
        (Or((ANGINA, Not(SEIZURE))), AtLeast(1, (LOW, Known(ANGINA))), Not(In(Name("mental_status"), ("severe",))))
    )
    look = seeing(angina=cells[0], seizure=cells[1], spo2=cells[2], mental_status="normal")

    assert explain(tree, look).answer is ask(tree, look)
