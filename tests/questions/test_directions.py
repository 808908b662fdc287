"""Which way a finding moves an answer, and which rows would grow milder as a patient gets worse."""

from typing import Any

import pytest

from aldes.findings.read import vocabulary
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import parse
from aldes.questions.signs import BOTH, DOWN, UP, against_worse, signs
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
    Question,
    Row,
)

WORDS = vocabulary()
SPO2 = Name("spo2")


def question(text: str) -> Question:
    return parse(text, WORDS)


def moved(text: str | Question) -> list[tuple[str, int]]:
    return list(signs(question(text) if isinstance(text, str) else text, WORDS))


# ── signs ──


@pytest.mark.parametrize(("op", "sign"), [("<", DOWN), ("<=", DOWN), (">", UP), (">=", UP), ("==", BOTH), ("!=", BOTH)])
def test_a_comparison_moves_with_its_left_side_and_against_its_right(op: str, sign: int) -> None:
    assert moved(f"systolic {op} systolic_target") == [("systolic", sign), ("systolic_target", -sign)]


def test_up_down_and_both_are_three_different_signs() -> None:
    assert (UP, DOWN, BOTH) == (1, -1, 0)


def test_not_turns_the_sign_round() -> None:
    assert moved("not spo2 < 90") == [("spo2", UP)]
    assert moved("not not spo2 < 90") == [("spo2", DOWN)]


def test_a_flag_moves_up() -> None:
    assert moved("angina and not seizure") == [("angina", UP), ("seizure", DOWN)]


def test_every_part_is_listed_in_reading_order() -> None:
    parts = (question("spo2 < 90"), question("creatinine > 4.5 or angina"))
    listed = [("spo2", DOWN), ("creatinine", UP), ("angina", UP)]

    assert moved("spo2 < 90 and (creatinine > 4.5 or angina)") == listed
    assert moved(AtLeast(2, parts)) == listed


def test_a_row_and_what_is_known_of_it_move_like_the_question() -> None:
    assert moved(Row("HOLD-RESP-01", Known(question("spo2 < 90")))) == [("spo2", DOWN)]


def test_what_nobody_can_move_has_no_sign() -> None:
    assert moved(Constant(UNKNOWN, "site setting gap is not set")) == []
    assert moved(Compare("==", SPO2, SPO2)) == []  # asks whether it is known, as a required row does


@pytest.mark.parametrize(
    ("codes", "sign"),
    [
        (("severe",), UP),
        (("moderate confusion or agitation", "severe"), UP),
        (("severe", "moderate confusion or agitation"), UP),
        (("changed", "moderate confusion or agitation", "severe"), UP),
        (("normal",), DOWN),
        (("changed", "normal"), DOWN),
        (("changed",), BOTH),
        (("normal", "severe"), BOTH),
        (("changed", "severe"), BOTH),
    ],
)
def test_the_worst_codes_move_up_the_best_down_and_others_either_way(codes: tuple[str, ...], sign: int) -> None:
    assert moved(In(Name("mental_status"), codes)) == [("mental_status", sign)]


def test_a_code_moves_alike_wherever_it_stands() -> None:
    severe = In(Name("mental_status"), ("severe",))

    for within in (And((severe,)), Or((severe,)), AtLeast(1, (severe,)), Known(severe), Row("R", severe)):
        assert moved(within) == [("mental_status", UP)]
    assert moved(Not(severe)) == [("mental_status", DOWN)]


def test_a_node_that_nobody_knows_is_refused_and_not_passed_over() -> None:
    new: Any = "a new node"

    with pytest.raises(AssertionError, match="'a new node'"):
        moved(Not(new))
    with pytest.raises(AssertionError, match="'a new node'"):
        moved(Compare("<", new, Number(90.0)))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("weight + weight_baseline", [UP, UP]),
        ("weight - weight_baseline", [UP, DOWN]),
        ("weight - (weight_baseline - dosing_weight)", [UP, DOWN, UP]),
        ("2 - weight", [DOWN]),
        ("weight * 2", [UP]),
        ("2 * weight", [UP]),
        ("weight / 2", [UP]),
        ("weight * 0.5", [UP]),
        ("weight * -2", [DOWN]),
        ("-2 * weight", [DOWN]),
        ("weight / -2", [DOWN]),
        ("-2 * (weight - weight_baseline)", [DOWN, UP]),
    ],
)
def test_a_term_moves_with_each_of_its_parts(term: str, expected: list[int]) -> None:
    assert [sign for _, sign in moved(f"{term} > 70")] == expected
    assert [sign for _, sign in moved(f"{term} < 70")] == [-each for each in expected]


# ── rows that would grow milder ──


@pytest.mark.parametrize(
    "text",
    [
        "spo2 < 90",
        "spo2 <= 90 and angina",
        "creatinine >= 4.5",
        "not spo2 >= 90",
        "mental_status == 'severe'",
        "mental_status != 'normal'",
        "systolic - systolic_target < 0",
        "creatinine > creatinine_limit * 2",
        "dose_number == 3",
    ],
)
def test_a_hold_that_grows_with_the_worse_value_keeps_the_theorem(text: str) -> None:
    assert against_worse(question(text), WORDS) == ()


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("spo2 > 90", ("spo2",)),
        ("creatinine < 4.5", ("creatinine",)),
        ("not angina", ("angina",)),
        ("spo2 == 90", ("spo2",)),
        ("creatinine != 3", ("creatinine",)),
        ("mental_status == 'normal'", ("mental_status",)),
        ("mental_status == 'changed'", ("mental_status",)),
        ("80 < urine_8h < 160", ("urine_8h",)),
        ("spo2 < 90 and creatinine < 4.5", ("creatinine",)),
        ("creatinine < 4.5 or spo2 > 90 or creatinine < 3", ("creatinine", "spo2")),
    ],
)
def test_a_hold_that_a_worse_value_could_lift_is_named(text: str, wrong: tuple[str, ...]) -> None:
    assert against_worse(question(text), WORDS) == wrong


def test_a_resume_question_grows_with_the_better_value() -> None:
    assert against_worse(question("spo2 > 90 and creatinine < 4 and not angina"), WORDS, toward_better=True) == ()
    assert against_worse(question("spo2 < 90 and creatinine > 4 and angina"), WORDS, toward_better=True) == (
        "spo2",
        "creatinine",
        "angina",
    )


def test_what_has_no_worse_direction_may_move_either_way() -> None:
    assert against_worse(question("systolic_target > 90 or systolic_target < 80"), WORDS) == ()


def test_a_flag_of_the_record_may_move_either_way() -> None:
    standing = Flag(Name("standing.HOLD-RESP-01"))

    assert against_worse(standing, WORDS) == against_worse(Not(standing), WORDS) == ()


def test_a_product_of_two_findings_is_not_taken_for_one_that_grows() -> None:
    product = Compare(">", Arithmetic("*", Name("weight"), Name("heart_rate")), Number(1.0))

    assert against_worse(product, WORDS) == ("weight", "heart_rate")
