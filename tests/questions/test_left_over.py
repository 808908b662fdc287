"""What is left to become true, once what is known is filled in."""

from collections.abc import Collection

import pytest

from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.ask import Look
from aldes.questions.parse import parse
from aldes.questions.residual import Clause, Leaf, Literal, opposite, residual
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

SPO2, CREATININE = Name("spo2"), Name("creatinine")
ANGINA, SEIZURE, INFECTION, TAMPONADE = (Flag(Name(each)) for each in ("angina", "seizure", "infection", "tamponade"))


def patient(**cells: float | bool | str | None) -> Look:
    """A patient of whom exactly this is known."""
    return lambda name: cells.get(name.finding)


def question(text: str) -> Question:
    return parse(text, vocabulary())


def left(
    asked: str | Question, free: Collection[str] | None = None, **cells: float | bool | str
) -> tuple[Clause, ...] | None:
    """What is left when only these findings may change; all may where none is named."""
    tree = question(asked) if isinstance(asked, str) else asked
    return residual(tree, patient(**cells), lambda name: free is None or name.finding in free)


def must(op: str, name: Name, limit: float) -> Literal:
    return Literal(Compare(op, name, Number(limit)), True)


# ── one leaf ──


@pytest.mark.parametrize(
    ("op", "complement"), [("<", ">="), ("<=", ">"), (">", "<="), (">=", "<"), ("==", "!="), ("!=", "==")]
)
def test_a_hold_is_lifted_by_the_exact_complement_of_its_limit(op: str, complement: str) -> None:
    leaf = Compare(op, SPO2, Number(90.0))

    assert opposite(leaf) == Compare(complement, SPO2, Number(90.0))
    assert left(Not(leaf)) == ((must(complement, SPO2, 90.0),),)
    assert left(leaf) == ((must(op, SPO2, 90.0),),)


@pytest.mark.parametrize(
    ("op", "mirrored"), [("<", ">"), ("<=", ">="), (">", "<"), (">=", "<="), ("==", "=="), ("!=", "!=")]
)
def test_a_limit_written_first_is_said_after_its_finding(op: str, mirrored: str) -> None:
    assert left(f"90 {op} spo2") == ((must(mirrored, SPO2, 90.0),),)


def test_a_limit_written_first_is_complemented_and_then_turned_round() -> None:
    assert left("not 90 > spo2") == ((must(">=", SPO2, 90.0),),)


def test_a_flag_must_become_yes_or_no() -> None:
    assert left("angina") == ((Literal(ANGINA, True),),)
    assert left("not angina") == ((Literal(ANGINA, False),),)


def test_a_literal_is_wanted_unless_it_says_otherwise() -> None:
    assert Literal(ANGINA) == Literal(ANGINA, True)


def test_a_code_must_become_one_of_the_list_or_none_of_it() -> None:
    severe = In(Name("mental_status"), ("severe",))

    assert left("mental_status == 'severe'") == ((Literal(severe, True),),)
    assert left("mental_status != 'severe'") == ((Literal(severe, False),),)


def test_what_is_so_already_is_not_asked_for() -> None:
    assert left("spo2 > 90", spo2=95.0) == ()
    assert left("not spo2 < 90", spo2=95.0) == ()


def test_what_is_otherwise_is_asked_for_if_it_may_change() -> None:
    assert left("spo2 > 90", {"spo2"}, spo2=85.0) == ((must(">", SPO2, 90.0),),)
    assert left("spo2 > 90", {"creatinine"}, spo2=85.0) is None


def test_what_is_missing_and_will_not_be_measured_leaves_no_way() -> None:
    assert left("spo2 > 90", set()) is None
    assert left("not spo2 < 90", set()) is None


def test_one_free_side_of_a_comparison_is_enough() -> None:
    above = Compare(">", Name("systolic"), Name("systolic_target"))

    assert left(above, {"systolic"}, systolic=80.0, systolic_target=90.0) == ((Literal(above),),)
    assert left(above, {"systolic_target"}, systolic=80.0, systolic_target=90.0) == ((Literal(above),),)


# ── joined ──


def test_and_asks_for_each_part_and_or_for_one_of_them() -> None:
    yes = [Literal(each) for each in (ANGINA, SEIZURE)]

    assert left("angina and seizure") == ((yes[0],), (yes[1],))
    assert left("angina or seizure") == ((yes[0], yes[1]),)


def test_not_turns_and_and_or_into_each_other() -> None:
    no = [Literal(each, False) for each in (ANGINA, SEIZURE)]

    assert left("not (angina or seizure)") == ((no[0],), (no[1],))
    assert left("not (angina and seizure)") == ((no[0], no[1]),)


def test_an_and_within_an_or_is_multiplied_out() -> None:
    a, s, i, t = (Literal(each) for each in (ANGINA, SEIZURE, INFECTION, TAMPONADE))

    assert left("angina and seizure or infection and tamponade") == ((a, i), (a, t), (s, i), (s, t))


def test_one_way_that_stands_open_already_leaves_nothing_to_do() -> None:
    assert left("angina or seizure", seizure=True) == ()


def test_one_way_that_is_closed_leaves_the_other() -> None:
    assert left("angina or seizure", {"angina"}, angina=False, seizure=False) == ((Literal(ANGINA),),)


def test_a_part_that_occurs_twice_in_a_clause_stands_once() -> None:
    assert left("angina or (angina or seizure)") == ((Literal(ANGINA), Literal(SEIZURE)),)


def test_rows_and_what_is_known_of_them_are_looked_through() -> None:
    below = Compare("<", SPO2, Number(90.0))

    assert left(Row("HOLD-RESP-01", Known(below))) == ((must("<", SPO2, 90.0),),)
    assert left(Not(Row("HOLD-RESP-01", Known(below)))) == ((must(">=", SPO2, 90.0),),)


@pytest.mark.parametrize("answer", [YES, NO, UNKNOWN])
def test_a_constant_leaves_nothing_to_do_or_no_way(answer: Answer) -> None:
    constant = Constant(answer)

    assert left(constant) == (() if answer is YES else None)
    assert left(Not(constant)) == (() if answer is NO else None)


def test_a_count_is_asked_as_it_stands() -> None:
    two = AtLeast(2, (ANGINA, SEIZURE))

    assert left(two, angina=True, seizure=True) == ()
    assert left(Not(two), angina=True, seizure=False) == ()
    assert left(Not(two), angina=True, seizure=True) is None


def test_one_closed_part_of_an_and_leaves_no_way_at_all() -> None:
    assert left("angina and seizure", {"seizure"}, angina=False) is None


def test_two_hundred_clauses_are_still_said_and_one_more_is_not() -> None:
    def limits(many: int) -> And:
        return And(tuple(Flag(Name(f"flag {each}")) for each in range(many)))

    said = left(limits(200))
    assert said is not None
    assert len(said) == 200
    assert left(limits(201)) is None


def test_two_hundred_products_are_still_said_and_one_more_is_not() -> None:
    def products(many: int) -> Or:
        return Or((And(tuple(Flag(Name(f"flag {each}")) for each in range(many))), ANGINA))

    said = left(products(200))
    assert said is not None
    assert said[-1] == (Literal(Flag(Name("flag 199"))), Literal(ANGINA))
    assert len(said) == 200
    assert left(products(201)) is None


# ── simplified ──


@pytest.mark.parametrize(
    ("weaker", "tighter"),
    [
        ("creatinine < 4.5", "creatinine < 4"),
        ("creatinine <= 4", "creatinine < 4"),
        ("creatinine <= 4.5", "creatinine <= 4"),
        ("creatinine <= 4.5", "creatinine < 4"),
        ("creatinine < 4.5", "creatinine <= 4"),
        ("spo2 > 90", "spo2 > 92"),
        ("spo2 >= 90", "spo2 > 90"),
        ("spo2 >= 90", "spo2 >= 92"),
        ("spo2 > 90", "spo2 >= 92"),
    ],
)
def test_of_two_limits_on_one_finding_the_tighter_stays(weaker: str, tighter: str) -> None:
    expected = left(tighter)

    assert left(f"{weaker} and {tighter}") == expected
    assert left(f"{tighter} and {weaker}") == expected


def test_a_floor_and_a_ceiling_both_stay() -> None:
    assert left("spo2 > 90 and spo2 < 95") == ((must(">", SPO2, 90.0),), (must("<", SPO2, 95.0),))


@pytest.mark.parametrize(
    "text",
    [
        "creatinine == 3 and creatinine == 4",
        "creatinine != 3 and creatinine != 4",
        "creatinine > 3 and creatinine != 4",
        "creatinine < 3 and bilirubin < 3",
        "angina and seizure",
        "mental_status == 'severe' and mental_status == 'changed'",
        "systolic > systolic_target and systolic > systolic_low",
        "systolic > systolic_target and systolic >= systolic_target",
        "systolic > systolic_target and systolic > 90",
        "systolic - systolic_target > 3 and systolic + systolic_target > 2",
        "systolic - systolic_target > 3 and systolic - systolic_low > 2",
        "systolic - 1 > 3 and systolic - 2 > 2",
        "systolic - systolic_low > 3 and diastolic - systolic_low > 2",
    ],
)
def test_demands_of_which_neither_meets_the_other_both_stay(text: str) -> None:
    clauses = left(text)

    assert clauses is not None
    assert len(clauses) == 2


def test_a_yes_and_a_no_of_one_finding_both_stay() -> None:
    severe = In(Name("mental_status"), ("severe",))

    assert left("angina and not angina") == ((Literal(ANGINA, True),), (Literal(ANGINA, False),))
    assert left("mental_status == 'severe' and mental_status != 'severe'") == (
        (Literal(severe, True),),
        (Literal(severe, False),),
    )


def seen_twice(text: str) -> tuple[Leaf, Leaf]:
    """One leaf as two rows look at it: charted for one, valid for the other."""
    leaf = question(text)
    match leaf:
        case Flag(Name(finding)):
            return Flag(Name(finding, View.CHARTED, "A")), Flag(Name(finding, View.VALID, "B"))
        case In(Name(finding), codes):
            return In(Name(finding, View.CHARTED, "A"), codes), In(Name(finding, View.VALID, "B"), codes)
        case Compare(op, Arithmetic(sign, Name(one), Name(other)), right):
            first = Arithmetic(sign, Name(one, View.CHARTED, "A"), Name(other, View.CHARTED, "A"))
            second = Arithmetic(sign, Name(one, View.VALID, "B"), Name(other, View.VALID, "B"))
            return Compare(op, first, right), Compare(op, second, right)
        case Compare(op, Name(one), Name(other)):
            return (
                Compare(op, Name(one, View.CHARTED, "A"), Name(other, View.CHARTED, "A")),
                Compare(op, Name(one, View.VALID, "B"), Name(other, View.VALID, "B")),
            )
        case Compare(op, Name(one), right):
            return Compare(op, Name(one, View.CHARTED, "A"), right), Compare(op, Name(one, View.VALID, "B"), right)
    raise AssertionError(text)


@pytest.mark.parametrize(
    "text",
    [
        "angina",
        "mental_status == 'severe'",
        "spo2 > 90",
        "spo2 == 90",
        "spo2 != 90",
        "systolic > systolic_target",
        "systolic - systolic_target > 3",
    ],
)
def test_two_rows_that_demand_the_same_demand_it_once_in_the_words_of_the_first(text: str) -> None:
    one, other = seen_twice(text)

    assert left(And((one, other))) == ((Literal(one),),)
    assert left(And((other, one))) == ((Literal(other),),)


def test_of_three_rows_with_the_same_demand_the_first_stays() -> None:
    rows = [Flag(Name("angina", View.VALID, row)) for row in ("A", "B", "C")]

    assert left(And(tuple(rows))) == ((Literal(rows[0]),),)


def test_a_choice_that_a_demand_already_makes_goes() -> None:
    assert left("(angina or creatinine < 5) and creatinine < 4") == ((must("<", CREATININE, 4.0),),)
    assert left("creatinine < 4 and (creatinine < 5 or angina)") == ((must("<", CREATININE, 4.0),),)


def test_a_choice_that_no_demand_makes_stays() -> None:
    assert left("(angina or creatinine < 3) and creatinine < 4") == (
        (Literal(ANGINA), must("<", CREATININE, 3.0)),
        (must("<", CREATININE, 4.0),),
    )


def test_a_choice_is_no_demand() -> None:
    assert left("(angina or seizure) and (angina or infection)") == (
        (Literal(ANGINA), Literal(SEIZURE)),
        (Literal(ANGINA), Literal(INFECTION)),
    )


def test_a_choice_that_a_later_of_two_demands_makes_goes_too() -> None:
    assert left("creatinine < 4.5 and creatinine < 3 and (creatinine < 4 or angina)") == (
        (must("<", CREATININE, 3.0),),
    )
