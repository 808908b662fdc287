"""Every ladder: no gap and no overlap, never milder as a value becomes worse, never 0 for want of a value."""

import math
from decimal import Decimal

import pytest
from grade_cases import graded, look
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.questions.signs import UP, signs
from aldes.questions.tree import Compare, Name, Number, children, names
from aldes.toxicity.ctcae.ladder import Ladder
from aldes.toxicity.ctcae.read import UNITS, VERSIONS, read

LADDERS = [
    pytest.param(ladder, id=f"{version} {units} {ladder.name}")
    for version in VERSIONS
    for units in UNITS
    for ladder in read(version, units).ladders
    if (version, units) == ("5.0", "conventional") or read("5.0").ladder(ladder.name) != ladder
]
RUN = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Cell = float | bool | str | None


def asked(ladder: Ladder) -> dict[str, int]:
    """Each current value that the ladder asks, with the direction in which the grade rises."""
    found: dict[str, int] = {}
    for rung in ladder.rungs:
        for name, sign in signs(rung.question, vocabulary()):
            if not settled(name):
                found[name] = sign
    return found


def settled(name: str) -> bool:
    """A baseline, a reference limit or a flag: it chooses which question is asked."""
    finding = vocabulary()[name]
    op = finding.derived.op if finding.derived else ""
    return finding.kind is Kind.FLAG or op in ("baseline", "limit_low", "limit_high")


def limits_of(ladder: Ladder) -> list[float]:
    """Every number that the ladder compares with."""
    found: set[float] = set()

    def walk(node: object) -> None:
        if isinstance(node, Number):
            found.add(node.value)
        for child in children(node):  # type: ignore[arg-type]
            walk(child)

    for rung in ladder.rungs:
        walk(rung.question)
    return sorted(found)


def cells(ladder: Ladder) -> st.SearchStrategy[dict[str, Cell]]:
    """A patient of whom some findings are known: numbers on, just beside and far from every limit."""
    near = [each for limit in limits_of(ladder) or [1.0] for each in around(limit)]
    values: dict[str, st.SearchStrategy[Cell]] = {}
    for name in {name.finding for rung in ladder.rungs for name in names(rung.question)}:
        finding = vocabulary()[name]
        if finding.kind is Kind.NUMBER:
            values[name] = st.none() | st.sampled_from(near) | st.floats(0, 3000)
        elif finding.kind is Kind.FLAG:
            values[name] = st.sampled_from((None, False, True))
        else:
            values[name] = st.sampled_from((None, *finding.codes))
    return st.fixed_dictionaries(values)


def around(limit: float) -> tuple[float, ...]:
    return (limit, math.nextafter(limit, -math.inf), math.nextafter(limit, math.inf), limit * 0.9, limit * 1.1)


def grade_of(ladder: Ladder, patient: dict[str, Cell]) -> str:
    def look(name: Name) -> Cell:
        return patient.get(name.finding)

    return graded(ladder, look)


@pytest.mark.parametrize("ladder", LADDERS)
def test_each_grade_stands_or_is_named_as_absent(ladder: Ladder) -> None:
    grades = [rung.grade for rung in ladder.rungs]

    assert grades == sorted(set(grades))
    assert sorted({*grades, *ladder.absent}) == [1, 2, 3, 4, 5]
    assert not set(grades) & set(ladder.absent)
    assert all(rung.words for rung in ladder.rungs)


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_clinician_can_chart_each_grade_and_no_other(ladder: Ladder) -> None:
    codes = vocabulary()[ladder.judged].codes
    of_term = {
        rung.grade
        for version in VERSIONS
        for each in read(version).ladders
        if each.judged == ladder.judged
        for rung in each.rungs
    }
    assert codes == ("0", *(str(grade) for grade in sorted(of_term)))


@pytest.mark.parametrize("ladder", LADDERS)
@RUN
@given(data=st.data())
def test_any_patient_has_one_grade_or_none_that_is_settled(ladder: Ladder, data: st.DataObject) -> None:
    patient = data.draw(cells(ladder))
    got = grade_of(ladder, patient)
    known = {str(rung.grade) for rung in ladder.rungs} | {"0"}

    assert got.removesuffix("?") in known | {""}


@pytest.mark.parametrize("ladder", LADDERS)
@RUN
@given(data=st.data())
def test_a_value_that_becomes_worse_never_lowers_what_is_certain(ladder: Ladder, data: st.DataObject) -> None:
    patient = data.draw(cells(ladder))
    moving = {name: sign for name, sign in asked(ladder).items() if patient[name] is not None}
    if not moving:
        return
    name = data.draw(st.sampled_from(sorted(moving)))
    worse = dict(patient)
    if vocabulary()[name].kind is Kind.CODE:
        codes = vocabulary()[name].codes
        worse[name] = data.draw(st.sampled_from(codes[codes.index(str(patient[name])) :]))
    else:
        before = float(patient[name])  # type: ignore[arg-type]
        step = data.draw(st.sampled_from((0.0, 1e-9, 0.1, 1.0, 50.0)))
        worse[name] = before + step if moving[name] == UP else before - step
    low, high = (float(grade_of(ladder, each).replace("?", "") or 0) for each in (patient, worse))

    if not (ladder.judged == name and worse[name] == "5"):
        assert high >= low


@pytest.mark.parametrize("ladder", LADDERS)
@RUN
@given(data=st.data())
def test_what_becomes_unknown_never_settles_another_grade(ladder: Ladder, data: st.DataObject) -> None:
    """A clinician's grade apart: where nobody charted one the numbers alone answer (doubt about one: test_grade.py)."""
    patient = data.draw(cells(ladder))
    others = sorted(set(patient) - {ladder.judged})
    name = data.draw(st.sampled_from(others)) if others else ladder.judged
    after = grade_of(ladder, patient | {name: None})

    if not after.endswith("?"):
        assert after == grade_of(ladder, patient)


@pytest.mark.parametrize("ladder", LADDERS)
def test_a_patient_of_whom_nothing_is_known_has_no_grade(ladder: Ladder) -> None:
    assert grade_of(ladder, {"deceased": False}) == "?"


NUMERIC = [each for each in LADDERS if limits_of(each.values[0])]  # type: ignore[arg-type]


@pytest.mark.parametrize("ladder", NUMERIC)
def test_just_below_at_and_just_above_each_cut_point_there_is_exactly_one_grade(ladder: Ladder) -> None:
    """In both directions: every comparison of one value with a number, swept with all else known."""
    known: dict[str, Cell] = {"deceased": False}
    for name in {name.finding for rung in ladder.rungs for name in names(rung.question)}:
        finding = vocabulary()[name]
        known[name] = 1.0 if finding.kind is Kind.NUMBER else False if finding.kind is Kind.FLAG else finding.codes[0]
    for compare in comparisons(ladder):
        assert isinstance(compare.left, Name)
        assert isinstance(compare.right, Number)
        limit, name = compare.right.value, compare.left.finding
        values = sorted({*around(limit), limit - 0.01, limit + 0.01})
        grades = [grade_of(ladder, known | {name: value}) for value in values]
        assert all("?" not in each for each in grades)
        ordered = grades if asked(ladder)[name] == UP else grades[::-1]
        assert ordered == sorted(ordered)
        assert [grade_of(ladder, known | {name: value}) for value in reversed(values)] == grades[::-1]


def comparisons(ladder: Ladder) -> list[Compare]:
    found: list[Compare] = []

    def walk(node: object) -> None:
        if isinstance(node, Compare) and isinstance(node.left, Name) and isinstance(node.right, Number):
            found.append(node)
        for child in children(node):  # type: ignore[arg-type]
            walk(child)

    for rung in ladder.rungs:
        walk(rung.question)
    return found


def test_no_version_grades_pressure_rate_phosphate_or_in_5_0_glucose_by_a_number() -> None:
    by_clinician = ("hypotension", "sinus_tachycardia", "hypophosphataemia", "hyperglycaemia")
    for name in by_clinician:
        ladder = read("5.0").ladder(name)
        assert ladder is not None
        assert not any(rung.text for rung in ladder.rungs)
    asked_anywhere = {
        name.finding
        for version in VERSIONS
        for ladder in read(version).ladders
        for rung in ladder.rungs
        for name in names(rung.question)
    }
    assert not asked_anywhere & {"systolic", "diastolic", "mean_pressure", "heart_rate", "phosphate", "glucose"}


def test_a_limit_in_another_unit_is_the_value_that_a_result_in_it_would_have() -> None:
    ladder = read("5.0", "si").ladder("hypomagnesaemia")
    assert ladder is not None
    at = convert(Decimal("0.5"), "mmol/L", vocabulary()["magnesium"])
    below = convert(Decimal("0.4999"), "mmol/L", vocabulary()["magnesium"])
    patient: dict[str, Cell] = {"deceased": False, "magnesium_low_limit": 1.7}
    assert grade_of(ladder, patient | {"magnesium": float(at)}) == "1"
    assert grade_of(ladder, patient | {"magnesium": float(below)}) == "2"


def test_a_multiple_is_exact_where_doubles_are_not() -> None:
    """1.5 × 1.2 is 1.7999999999999998 in doubles: a creatinine of 1.8 is not above it."""
    assert 1.5 * 1.2 < 1.8
    ladder = read("5.0").ladder("creatinine_increased")
    assert ladder is not None
    given = {name: Decimal("1.2") for name in ("creatinine_limit", "creatinine_baseline")}
    assert graded(ladder, look({**given, "creatinine": Decimal("1.8")}, vocabulary())) == "1"
