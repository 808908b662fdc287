"""One patient asked: the tables of the three answers, what is asked how often, and which leaves decided."""

from collections.abc import Callable
from typing import Any

import pytest

from aldes.findings.view import View
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.ask import Asked, Because, Look, ask, explain, value
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
    Term,
    children,
    names,
)

SPO2 = Name("spo2")
LOW = Compare("<", SPO2, Number(90.0))
ANGINA, SEIZURE, INFECTION = (Flag(Name(each)) for each in ("angina", "seizure", "infection"))


def patient(**cells: float | bool | str | None) -> Look:
    """A patient of whom exactly this is known."""
    return lambda name: cells.get(name.finding)


class Counting:
    """A patient who counts how often a finding was looked up."""

    def __init__(self, **cells: float | bool | str) -> None:
        self.cells = cells
        self.looked: list[str] = []

    def __call__(self, name: Name) -> float | bool | str | None:
        self.looked.append(name.finding)
        return self.cells.get(name.finding)


# ── the answers ──


def test_an_answer_says_how_it_is_to_be_used() -> None:
    with pytest.raises(TypeError) as refused:
        bool(YES)

    assert str(refused.value) == "An answer is yes, no or unknown; compare it with YES, NO or UNKNOWN."


def test_the_answers_are_ordered_numbers() -> None:
    assert (int(NO), int(UNKNOWN), int(YES)) == (-1, 0, 1)


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (YES, NO, NO, YES),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
        (UNKNOWN, NO, NO, UNKNOWN),
        (NO, NO, NO, NO),
    ],
)
@pytest.mark.parametrize("asked", [lambda q: ask(q, patient()), lambda q: explain(q, patient()).answer])
def test_strong_kleene_and_and_or(
    asked: Callable[[Question], Answer], a: Answer, b: Answer, both: Answer, either: Answer
) -> None:
    one, other = Constant(a), Constant(b)

    assert asked(And((one, other))) is asked(And((other, one))) is both
    assert asked(Or((one, other))) is asked(Or((other, one))) is either


@pytest.mark.parametrize("asked", [lambda q: ask(q, patient()), lambda q: explain(q, patient()).answer])
@pytest.mark.parametrize(("part", "turned", "known"), [(YES, NO, YES), (UNKNOWN, UNKNOWN, NO), (NO, YES, NO)])
def test_not_turns_round_and_known_never_is_unknown(
    asked: Callable[[Question], Answer], part: Answer, turned: Answer, known: Answer
) -> None:
    assert asked(Not(Constant(part))) is turned
    assert asked(Known(Constant(part))) is known
    assert asked(Row("HOLD-RESP-01", Constant(part))) is part


def test_no_row_at_all_is_no_reason() -> None:
    assert ask(Or(()), patient()) is NO
    assert explain(Or(()), patient()) == Asked(NO, ())


# ── leaves ──


@pytest.mark.parametrize(
    ("op", "below", "at", "above"),
    [
        ("<", YES, NO, NO),
        ("<=", YES, YES, NO),
        (">", NO, NO, YES),
        (">=", NO, YES, YES),
        ("==", NO, YES, NO),
        ("!=", YES, NO, YES),
    ],
)
def test_spo2_below_at_and_above_ninety_and_missing(op: str, below: Answer, at: Answer, above: Answer) -> None:
    leaf = Compare(op, SPO2, Number(90.0))

    assert [ask(leaf, patient(spo2=each)) for each in (89.9, 90.0, 90.1, None)] == [below, at, above, UNKNOWN]


def test_a_comparison_is_unknown_whichever_side_is_missing() -> None:
    leaf = Compare("<", Name("systolic"), Name("systolic_target"))

    assert ask(leaf, patient(systolic=80.0, systolic_target=90.0)) is YES
    assert ask(leaf, patient(systolic=80.0)) is UNKNOWN
    assert ask(leaf, patient(systolic_target=90.0)) is UNKNOWN


def test_zero_is_a_value_and_not_missing() -> None:
    assert ask(Compare("<", Name("urine_8h"), Number(80.0)), patient(urine_8h=0.0)) is YES
    assert ask(Compare("<", Number(80.0), Name("urine_8h")), patient(urine_8h=0.0)) is NO


def test_a_flag_is_yes_no_or_missing() -> None:
    assert [ask(ANGINA, patient(angina=each)) for each in (True, False, None)] == [YES, NO, UNKNOWN]


def test_a_code_is_among_the_codes_or_not_or_missing() -> None:
    changed = In(Name("mental_status"), ("changed", "severe"))

    assert [ask(changed, patient(mental_status=each)) for each in ("severe", "normal", None)] == [YES, NO, UNKNOWN]


@pytest.mark.parametrize(("op", "result"), [("+", 10.0), ("-", 6.0), ("*", 16.0), ("/", 4.0)])
def test_a_term_is_calculated(op: str, result: float) -> None:
    assert value(Arithmetic(op, Name("urine_8h"), Number(2.0)), patient(urine_8h=8.0)) == result


@pytest.mark.parametrize("op", ["+", "-", "*", "/"])
@pytest.mark.parametrize("known", ["weight", "weight_baseline"])
def test_arithmetic_with_something_missing_is_missing(op: str, known: str) -> None:
    term = Arithmetic(op, Name("weight"), Name("weight_baseline"))

    assert value(term, patient(**{known: 70.0})) is None


def test_arithmetic_with_zero_is_not_missing() -> None:
    both: Term = Arithmetic("+", Name("urine_8h"), Name("urine_16h"))

    assert value(both, patient(urine_8h=0.0, urine_16h=5.0)) == 5.0
    assert value(both, patient(urine_8h=5.0, urine_16h=0.0)) == 5.0


def test_a_number_is_looked_up_as_a_double() -> None:
    found = value(SPO2, patient(spo2=90))

    assert (found, type(found)) == (90.0, float)


def test_the_whole_name_is_looked_up_with_its_view_and_its_row() -> None:
    resume = Name("spo2", View.RESUME, "HOLD-RESP-01")
    looked: list[Name] = []

    def look(name: Name) -> float:
        looked.append(name)
        return 95.0

    assert ask(Compare(">", resume, Number(90.0)), look) is YES
    assert looked == [resume]


def test_a_node_that_nobody_knows_is_refused_and_not_answered() -> None:
    new: Any = "a new node"

    with pytest.raises(AssertionError, match="'a new node'"):
        ask(new, patient())
    with pytest.raises(AssertionError, match="'a new node'"):
        explain(new, patient())
    with pytest.raises(AssertionError, match="'a new node'"):
        value(new, patient())


# ── counting rules ──


@pytest.mark.parametrize(
    ("answers", "three"),
    [
        ((YES, YES, YES, NO), YES),
        ((YES, YES, YES, UNKNOWN), YES),
        ((YES, YES, UNKNOWN, NO), UNKNOWN),
        ((UNKNOWN, UNKNOWN, UNKNOWN, NO), UNKNOWN),
        ((YES, YES, NO, NO), NO),
        ((YES, UNKNOWN, NO, NO), NO),
        ((NO, NO, NO, NO), NO),
    ],
)
def test_three_relative_criteria_are_certain_possible_or_out_of_reach(
    answers: tuple[Answer, ...], three: Answer
) -> None:
    count = AtLeast(3, tuple(Constant(each) for each in answers))

    assert ask(count, patient()) is three
    assert explain(count, patient()).answer is three


# ── each row once ──


def holder(row: Row) -> list[Question]:
    """Every kind of node that can hold a row, each holding this one twice."""
    nothing = Constant(NO)
    return [
        And((row, row)),
        Or((nothing, row, row)),
        Or((Not(row), Not(row))),
        Or((Known(row), Known(row))),
        AtLeast(2, (row, row)),
        And((Row("OUTER", And((row, row))), row)),
    ]


@pytest.mark.parametrize("which", range(6))
def test_with_a_memo_each_row_is_asked_once(which: int) -> None:
    row = Row("STOP-CV-03", ANGINA)
    ward = Counting(angina=True)

    ask(holder(row)[which], ward, {})

    assert ward.looked == ["angina"]


def test_without_a_memo_each_row_is_asked_as_often_as_it_stands_there() -> None:
    row = Row("STOP-CV-03", ANGINA)
    ward = Counting(angina=True)

    assert ask(And((row, row)), ward) is YES
    assert ward.looked == ["angina", "angina"]


def test_the_memo_keeps_the_answer_of_each_row_by_itself() -> None:
    yes, no, open_ = Row("A", ANGINA), Row("B", SEIZURE), Row("C", INFECTION)
    memo: dict[int, Answer] = {}

    ask(AtLeast(2, (yes, no, open_)), patient(angina=True, seizure=False), memo)

    assert memo == {id(yes): YES, id(no): NO, id(open_): UNKNOWN}


def test_a_second_question_reads_the_memo_of_the_first() -> None:
    row = Row("STOP-CV-03", ANGINA)
    memo: dict[int, Answer] = {}

    assert ask(row, patient(angina=True), memo) is YES
    assert ask(Not(row), patient(), memo) is NO


# ── no more than it takes ──


def test_after_a_yes_in_an_or_and_a_no_in_an_and_nothing_more_is_looked_up() -> None:
    ward = Counting(angina=True, seizure=False)

    assert ask(Or((INFECTION, ANGINA, SEIZURE)), ward) is YES
    assert ask(And((INFECTION, SEIZURE, ANGINA)), ward) is NO
    assert ward.looked == ["infection", "angina", "infection", "seizure"]


# ── what decided ──


def test_a_yes_is_decided_by_each_part_that_is_yes() -> None:
    asked = explain(Or((ANGINA, LOW, SEIZURE, INFECTION)), patient(angina=True, spo2=87.0, seizure=False))

    assert asked == Asked(YES, (Because(None, ANGINA), Because(None, LOW)))


def test_a_no_of_an_and_is_decided_by_each_part_that_is_no() -> None:
    asked = explain(And((ANGINA, LOW, SEIZURE)), patient(angina=True, spo2=95.0))

    assert asked == Asked(NO, (Because(None, LOW),))


def test_an_unknown_is_decided_by_what_is_missing() -> None:
    assert explain(And((ANGINA, LOW)), patient(angina=True)) == Asked(UNKNOWN, (Because(None, LOW),))
    assert explain(Or((ANGINA, LOW)), patient(angina=False)) == Asked(UNKNOWN, (Because(None, LOW),))


def test_what_decided_a_part_decided_its_opposite() -> None:
    asked = explain(Not(Or((ANGINA, SEIZURE))), patient(angina=True, seizure=False))

    assert asked == Asked(NO, (Because(None, ANGINA),))


@pytest.mark.parametrize(("angina", "answer"), [(True, YES), (False, NO), (None, NO)])
def test_what_decided_a_part_decided_whether_it_is_known(angina: bool | None, answer: Answer) -> None:
    assert explain(Known(ANGINA), patient(angina=angina)) == Asked(answer, (Because(None, ANGINA),))


def test_a_count_is_decided_by_the_parts_that_share_its_answer() -> None:
    two = AtLeast(2, (ANGINA, SEIZURE, INFECTION))

    assert explain(two, patient(angina=True, seizure=True, infection=False)).because == (
        Because(None, ANGINA),
        Because(None, SEIZURE),
    )
    assert explain(two, patient(angina=True, seizure=False)).because == (Because(None, INFECTION),)
    assert explain(two, patient(angina=True, seizure=False, infection=False)).because == (
        Because(None, SEIZURE),
        Because(None, INFECTION),
    )


def test_a_constant_is_a_reason_too() -> None:
    unset = Constant(UNKNOWN, "site setting min_interval_h is not set")

    assert explain(Row("DOSE-05", unset), patient()) == Asked(UNKNOWN, (Because("DOSE-05", unset),))


@pytest.mark.parametrize(
    "within",
    [
        lambda part: And((part,)),
        lambda part: Or((part,)),
        lambda part: Not(Not(part)),
        lambda part: Known(part),
        lambda part: AtLeast(1, (part,)),
    ],
)
def test_a_reason_keeps_its_row_through_every_node(within: Callable[[Question], Question]) -> None:
    asked = explain(Row("HOLD-RESP-01", within(LOW)), patient(spo2=87.0))

    assert asked == Asked(YES, (Because("HOLD-RESP-01", LOW),))


def test_the_caller_may_name_the_row() -> None:
    assert explain(LOW, patient(spo2=87.0), "HOLD-RESP-01") == Asked(YES, (Because("HOLD-RESP-01", LOW),))


def test_the_innermost_row_is_named() -> None:
    tree = Row("COUNT-01", And((Row("HOLD-RESP-01", LOW), ANGINA)))

    assert explain(tree, patient(spo2=87.0, angina=True)).because == (
        Because("HOLD-RESP-01", LOW),
        Because("COUNT-01", ANGINA),
    )


# ── the tree itself ──


def test_every_finding_is_listed_in_reading_order_with_repeats() -> None:
    tree = And(
        (
            Not(ANGINA),
            AtLeast(1, (Known(In(Name("mental_status"), ("severe",))),)),
            Row("R", Or((Compare("<", Arithmetic("-", SPO2, Number(1.0)), Name("systolic")), ANGINA, Constant(NO)))),
        )
    )

    assert [each.finding for each in names(tree)] == ["angina", "mental_status", "spo2", "systolic", "angina"]


def test_a_leaf_of_the_tree_has_no_parts() -> None:
    assert [children(each) for each in (Number(1.0), SPO2, Constant(NO))] == [(), (), ()]
