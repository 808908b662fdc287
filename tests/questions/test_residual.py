"""What is left to do: filling in a residual makes the question yes, and each part of it is an exact complement."""

import math
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import Look, ask
from aldes.questions.parse import parse
from aldes.questions.residual import Clause, Literal, opposite, residual
from aldes.questions.tree import And, AtLeast, Compare, Constant, Flag, In, Known, Name, Not, Number, Or, Question, Row

Cells = dict[str, float | bool | str | None]


def question(text: str) -> Question:
    return parse(text, vocabulary())


def seeing(cells: Cells) -> Look:
    return lambda name: cells.get(name.finding)


def left(text: str, free: set[str], **cells: float | bool | str | None) -> tuple[Clause, ...] | None:
    return residual(question(text), seeing(cells), lambda name: name.finding in free)


def wanted(text: str) -> Literal:
    """One literal, as a comparison or flag reads."""
    asked = question(text)
    return Literal(asked.part, False) if isinstance(asked, Not) else Literal(asked)  # type: ignore[arg-type]  # a leaf


def is_true(literal: Literal, cells: Cells) -> bool:
    return ask(literal.leaf, seeing(cells)) is (YES if literal.wanted else NO)


# ── by example ──


def test_a_hold_for_saturation_asks_for_its_exact_complement() -> None:
    assert left("not spo2 < 90", {"spo2"}, spo2=87.0) == ((wanted("spo2 >= 90"),),)


def test_two_holds_ask_for_both() -> None:
    clauses = left("not urine_8h <= 160 and not creatinine >= 2.5", {"urine_8h", "creatinine"})

    assert clauses == ((wanted("urine_8h > 160"),), (wanted("creatinine < 2.5"),))


def test_what_is_so_already_is_not_asked_for() -> None:
    assert left("not spo2 < 90 and not angina", {"spo2", "angina"}, spo2=95.0) == ((wanted("not angina"),),)
    assert left("not spo2 < 90", {"spo2"}, spo2=95.0) == ()


def test_what_no_measurement_changes_leaves_no_way() -> None:
    assert left("not spo2 < 90 and not angina", {"spo2"}, spo2=87.0, angina=True) is None


def test_what_is_missing_and_will_not_be_measured_leaves_no_way() -> None:
    assert left("not spo2 < 90 and not angina", {"spo2"}, spo2=87.0) is None


def test_either_of_two_ways_is_one_clause() -> None:
    clauses = left("not (urine_16h < 160 and creatinine_rise > 0)", {"urine_16h", "creatinine_rise"})

    assert clauses == ((wanted("urine_16h >= 160"), wanted("creatinine_rise <= 0")),)


def test_an_and_within_an_or_is_multiplied_out() -> None:
    clauses = left("angina or seizure and infection", {"angina", "seizure", "infection"})

    assert clauses == ((wanted("angina"), wanted("seizure")), (wanted("angina"), wanted("infection")))


def test_of_two_limits_on_one_finding_the_tighter_stays() -> None:
    free = {"creatinine"}

    assert left("creatinine < 4.5 and creatinine < 4", free) == ((wanted("creatinine < 4"),),)
    assert left("creatinine <= 4 and creatinine < 4", free) == ((wanted("creatinine < 4"),),)
    assert left("creatinine < 4 and creatinine < 4", free) == ((wanted("creatinine < 4"),),)


def test_a_clause_that_another_one_already_meets_goes() -> None:
    assert left("(creatinine < 5 or angina) and creatinine < 4", {"creatinine", "angina"}) == (
        (wanted("creatinine < 4"),),
    )


def test_limits_in_two_directions_both_stay() -> None:
    assert left("80 < urine_8h < 160", {"urine_8h"}) == ((wanted("urine_8h > 80"),), (wanted("urine_8h < 160"),))


def test_a_number_written_first_is_turned_round() -> None:
    assert left("90 < spo2", {"spo2"}) == ((wanted("spo2 > 90"),),)
    assert left("not 90 > spo2", {"spo2"}) == ((wanted("spo2 >= 90"),),)


def test_two_rows_that_demand_the_same_of_one_finding_demand_it_once() -> None:
    one, other = (Flag(Name("angina", View.RESUME, row)) for row in ("A", "B"))

    assert residual(And((Not(one), Not(other))), seeing({}), lambda name: True) == ((Literal(one, False),),)


def test_a_count_is_left_as_it_is() -> None:
    met = AtLeast(1, (Flag(Name("angina")),))

    assert residual(met, seeing({"angina": True}), lambda name: True) == ()
    assert residual(met, seeing({"angina": False}), lambda name: True) is None


def test_a_residual_that_nobody_would_read_is_none() -> None:
    ways = Or(tuple(And(tuple(Flag(Name(f"f{i}{j}")) for j in range(4))) for i in range(5)))  # 4 ** 5 clauses

    assert residual(ways, seeing({}), lambda name: True) is None


# ── exact complements ──


@given(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.floats(-1e6, 1e6), st.sampled_from([-1, 0, 1]))
def test_a_comparison_or_its_opposite_is_true_and_never_both(op: str, limit: float, step: int) -> None:
    near = math.nextafter(limit, step * math.inf) if step else limit
    leaf = Compare(op, Name("x"), Number(limit))

    both = ask(leaf, seeing({"x": near})), ask(opposite(leaf), seeing({"x": near}))

    assert sorted(both) == [NO, YES]


def test_the_opposite_of_a_missing_value_is_missing() -> None:
    assert ask(opposite(Compare("<", Name("x"), Number(1.0))), seeing({})) is UNKNOWN


# ── by random trees, each leaf with a finding of its own ──


def planted(shape: object, leaves: list[Question]) -> Question:
    """A tree of this shape, each leaf asking a finding that no other leaf asks."""
    match shape:
        case "flag":
            leaves.append(Flag(Name(f"flag {len(leaves)}")))
        case "code":
            leaves.append(In(Name(f"code {len(leaves)}"), ("a", "b")))
        case str(op):
            leaves.append(Compare(op, Name(f"number {len(leaves)}"), Number(90.0)))
        case ("not", part):
            return Not(planted(part, leaves))
        case ("row", part):
            return Row("R", planted(part, leaves))
        case ("known", part):
            return Known(planted(part, leaves))
        case (kind, *parts):
            return (And if kind == "and" else Or)(tuple(planted(part, leaves) for part in parts))
    return leaves[-1]


shapes = st.recursive(
    st.sampled_from(["flag", "code", "<", "<=", ">", ">=", "==", "!="]),
    lambda part: st.one_of(
        st.tuples(st.just("not"), part),
        st.tuples(st.just("row"), part),
        st.tuples(st.just("and"), part, part),
        st.tuples(st.just("or"), part, part),
        st.tuples(st.just("or"), part, part, part),
    ),
    max_leaves=7,
)
VALUES: dict[str, tuple[float | bool | str | None, ...]] = {
    "flag": (None, True, False),
    "code": (None, "a", "c"),
    "number": (None, 89.0, 90.0, 91.0),
}


def cells_of(draw: st.DataObject, leaves: list[Question]) -> Cells:
    names = [
        leaf.left if isinstance(leaf, Compare) else leaf.name
        for leaf in leaves
        if isinstance(leaf, Compare | Flag | In)
    ]
    return {
        name.finding: draw.draw(st.sampled_from(VALUES[name.finding.partition(" ")[0]]))
        for name in names
        if isinstance(name, Name)
    }


def made_true(literal: Literal) -> Cells:
    """A value of its finding that makes this literal true."""
    name = literal.leaf.left if isinstance(literal.leaf, Compare) else literal.leaf.name
    assert isinstance(name, Name)
    found = [each for each in VALUES[name.finding.partition(" ")[0]] if is_true(literal, {name.finding: each})]
    return {name.finding: found[0]}


@given(shape=shapes, data=st.data())
def test_making_one_part_of_each_clause_true_makes_the_question_yes(shape: object, data: st.DataObject) -> None:
    leaves: list[Question] = []
    tree = planted(shape, leaves)
    cells = cells_of(data, leaves)
    clauses = residual(tree, seeing(cells), lambda name: True)
    assert clauses is not None

    for clause in clauses:
        cells |= made_true(data.draw(st.sampled_from(clause)))

    assert ask(tree, seeing(cells)) is YES


@given(shape=shapes, data=st.data())
def test_nothing_is_left_exactly_where_the_question_is_yes(shape: object, data: st.DataObject) -> None:
    leaves: list[Question] = []
    tree = planted(shape, leaves)
    cells = cells_of(data, leaves)

    nothing_left = residual(tree, seeing(cells), lambda name: True) == ()

    assert nothing_left is (ask(tree, seeing(cells)) is YES)


@given(shape=shapes, data=st.data())
def test_no_way_is_left_exactly_where_no_change_of_what_is_free_helps(shape: object, data: st.DataObject) -> None:
    leaves: list[Question] = []
    tree = planted(shape, leaves)
    cells = cells_of(data, leaves)
    free = sorted(name for name in cells if data.draw(st.booleans()))
    assume(len(free) <= 4)

    clauses = residual(tree, seeing(cells), lambda name: name.finding in free)
    tried = product(*(VALUES[name.partition(" ")[0]] for name in free))
    helps = any(ask(tree, seeing(cells | dict(zip(free, values, strict=True)))) is YES for values in tried)

    assert (clauses is not None) is helps


@given(
    limits=st.lists(st.tuples(st.sampled_from([">", ">="]), st.integers(88, 92)), min_size=1, max_size=5),
    other=st.booleans(),
    value=st.sampled_from([87.9, *map(float, range(88, 93)), 88.5, 91.5, 93.0]),
)
def test_simplifying_loses_no_demand(limits: list[tuple[str, int]], other: bool, value: float) -> None:
    bounds = [Compare(op, Name("spo2"), Number(float(limit))) for op, limit in limits]
    angina = Flag(Name("angina"))
    tree = And(tuple(Or((bound, angina)) if number % 2 else bound for number, bound in enumerate(bounds)))
    cells: Cells = {"spo2": value, "angina": other}

    clauses = residual(tree, seeing({}), lambda name: True)
    assert clauses is not None

    met = all(any(is_true(literal, cells) for literal in clause) for clause in clauses)
    assert met is (ask(tree, seeing(cells)) is YES)


@pytest.mark.parametrize("answer", [YES, NO, UNKNOWN])
def test_a_constant_leaves_nothing_or_no_way(answer: int) -> None:
    found = residual(Constant({1: YES, -1: NO, 0: UNKNOWN}[answer]), seeing({}), lambda name: True)

    assert found == (() if answer == 1 else None)
