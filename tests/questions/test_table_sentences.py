"""A table of patients: what each refusal says, and that one part of a question never passes for another."""

from collections.abc import Iterator
from typing import Any

import duckdb
import numpy as np
import pytest

from aldes.errors import InputError
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Vocabulary, Worse
from aldes.questions import arrays, sql
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.arrays import DECISIONS, PIECE, flags, numbers, ranks
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
    Question,
)

WORDS = vocabulary()
MENTAL = WORDS["mental_status"].codes
ANGINA, SEIZURE, INFECTION = (Flag(Name(each)) for each in ("angina", "seizure", "infection"))


def question(text: str) -> Question:
    return parse(text, WORDS)


def coded(name: str, *codes: str) -> Finding:
    return Finding(name=name, words=name, kind=Kind.CODE, group=Group.JUDGED, worse=Worse.HIGH, codes=codes)


def other_words() -> Vocabulary:
    """A hospital's own vocabulary, in which other codes stand in other places."""
    return Vocabulary(
        {each.name: each for each in (coded("pain", "none", "mild", "severe"), coded("mood", "good", "low"))}
    )


def refusal(asked: Question, **columns: np.ndarray) -> str:
    with pytest.raises(InputError) as refused:
        arrays.ask(asked, columns)
    return str(refused.value)


# ── columns as they are kept ──


def test_a_number_is_kept_as_a_double_and_a_flag_or_rank_as_a_byte() -> None:
    assert numbers([90, 91]).dtype == np.float64
    assert flags([True, None, False]).dtype == np.int8
    assert ranks(["severe", None], MENTAL).dtype == np.int8


def test_an_unknown_cell_has_its_own_value() -> None:
    assert np.isnan(numbers([None]))[0]
    assert flags([True, None, False]).tolist() == [1, 0, -1]
    assert ranks(["normal", None, "severe"], MENTAL).tolist() == [0, -1, 3]


def test_an_answer_is_one_byte_a_patient() -> None:
    assert arrays.ask(Constant(UNKNOWN), {"spo2": numbers([95])}).dtype == np.int8


# ── no part passes for another ──


def test_two_constants_are_two_answers() -> None:
    table = {"spo2": numbers([95])}

    assert arrays.ask(Or((Constant(NO), Constant(YES))), table).tolist() == [YES]
    assert arrays.ask(And((Constant(YES), Constant(UNKNOWN))), table).tolist() == [UNKNOWN]


def test_a_constant_has_an_answer_for_the_patients_of_every_piece() -> None:
    table = {"spo2": np.full(2 * PIECE + 1, 95.0)}

    assert np.unique(arrays.ask(Constant(UNKNOWN), table)).tolist() == [UNKNOWN]


def test_two_counts_over_the_same_rows_are_two_questions() -> None:
    two_or_one_not = And((AtLeast(1, (ANGINA, SEIZURE)), Not(AtLeast(2, (ANGINA, SEIZURE)))))
    table = {"angina": flags([True, True, False]), "seizure": flags([True, False, False])}

    assert arrays.ask(two_or_one_not, table).tolist() == [NO, YES, NO]


def test_two_pairs_of_criteria_are_two_questions() -> None:
    either_pair = question("angina and seizure or infection and tamponade")
    table = {
        name: flags([here])
        for name, here in (("angina", False), ("seizure", True), ("infection", True), ("tamponade", True))
    }

    assert arrays.ask(either_pair, table).tolist() == [YES]


def test_two_lists_of_codes_are_two_questions() -> None:
    asked = question("mental_status in ('changed', 'severe') and not mental_status == 'severe'")

    assert arrays.ask(asked, {"mental_status": ranks(["changed", "severe", None], MENTAL)}).tolist() == [
        *(YES, NO, UNKNOWN)
    ]


def test_two_coded_findings_are_two_columns() -> None:
    words = other_words()
    asked = And((In(Name("pain"), ("severe",)), In(Name("mood"), ("good",))))
    table = {"pain": ranks(["severe"], words["pain"].codes), "mood": ranks(["good"], words["mood"].codes)}

    assert arrays.ask(asked, table, words).tolist() == [YES]


def test_the_codes_are_those_of_the_vocabulary_that_came() -> None:
    words = other_words()
    severe, table = In(Name("pain"), ("severe",)), {"pain": np.array([2, 1, -1], dtype=np.int8)}

    assert arrays.ask(severe, table, words).tolist() == [YES, NO, UNKNOWN]
    assert [DECISIONS[each] for each in arrays.decide(Constant(NO), severe, table, words)] == [
        *("hold", "give", "insufficient")
    ]


def test_what_is_known_of_a_part_beside_the_part_itself_adds_no_step() -> None:
    plan = arrays._Plan({"angina": flags([True])}, WORDS)

    assert plan.question(Or((Known(ANGINA), ANGINA))) == plan.question(ANGINA)


# ── what the refusals say ──


def test_a_code_that_does_not_exist_is_answered_with_all_that_do() -> None:
    with pytest.raises(InputError) as refused:
        ranks(["Severe"], MENTAL)

    assert str(refused.value) == (
        "'Severe' is no code of this finding; accepted are normal, changed, moderate confusion or agitation, severe."
        " Did you mean 'severe'?"
    )


def test_text_among_numbers_is_refused() -> None:
    assert refusal(question("spo2 < 90"), spo2=np.array(["n/a"])) == (
        "Column 'spo2' holds <U3; it needs numbers, with NaN where it is not known."
    )


def test_true_and_false_are_refused_since_false_would_read_as_unknown() -> None:
    assert refusal(ANGINA, angina=np.array([True, False])) == (
        "Column 'angina' holds bool; it needs int8: +1 yes, -1 no, 0 not known."
    )


def test_words_among_ranks_are_refused() -> None:
    assert refusal(question("mental_status == 'severe'"), mental_status=np.array(["severe"])) == (
        "Column 'mental_status' holds <U6; it needs int8: the rank in normal, changed, moderate confusion or "
        "agitation, severe, or -1 where it is not known."
    )


def test_a_flag_or_rank_beyond_its_range_is_refused() -> None:
    assert refusal(ANGINA, angina=np.array([-1, 2], dtype=np.int8)) == (
        "Column 'angina' holds -1 to 2; only -1 to 1 mean something."
    )
    assert refusal(question("mental_status == 'severe'"), mental_status=np.array([-2, 4], dtype=np.int8)) == (
        "Column 'mental_status' holds -2 to 4; only -1 to 3 mean something."
    )


@pytest.mark.parametrize("value", [np.inf, -np.inf, 1e15, -1e15])
def test_a_number_that_no_patient_has_is_refused(value: float) -> None:
    assert refusal(question("spo2 < 90"), spo2=np.array([95.0, value])) == (
        "Column 'spo2' holds infinity, or a number of more than 15 digits; give the value in the finding's unit, "
        "and NaN where it is not known."
    )


def test_columns_of_unequal_length_are_refused() -> None:
    assert refusal(question("spo2 < 90"), spo2=numbers([95, 96]), systolic=numbers([100])) == (
        "The table has columns of shape (1,), (2,); give one element a patient, equally many in each."
    )


def test_a_column_of_columns_is_refused() -> None:
    assert refusal(question("spo2 < 90"), spo2=np.array([[95.0, 96.0]])) == (
        "The table has columns of shape (1, 2); give one element a patient, equally many in each."
    )


def test_a_table_without_columns_is_refused() -> None:
    assert refusal(question("spo2 < 90")) == (
        "The table has columns of shape no column; give one element a patient, equally many in each."
    )


def test_a_node_that_a_back_end_does_not_know_is_refused_and_not_answered() -> None:
    new: Any = "a new node"

    with pytest.raises(AssertionError, match="'a new node'"):
        arrays.ask(new, {"spo2": numbers([95])})
    with pytest.raises(AssertionError, match="'a new node'"):
        arrays.ask(Compare("<", new, Number(90.0)), {"spo2": numbers([95])})
    with pytest.raises(AssertionError, match="'a new node'"):
        sql.write(new, [])
    with pytest.raises(AssertionError, match="'a new node'"):
        sql.write(Compare("<", new, Number(90.0)), [])


# ── SQL ──


@pytest.fixture
def connection() -> Iterator["duckdb.DuckDBPyConnection"]:
    with duckdb.connect() as opened:
        yield opened


def refused_table(connection: "duckdb.DuckDBPyConnection", asked: Question, patient: str) -> str:
    connection.execute(f"CREATE TABLE ward AS SELECT {patient}")
    with pytest.raises(InputError) as refused:
        sql.decide_table(connection, "ward", Constant(NO), asked, WORDS)
    return str(refused.value)


def test_no_row_at_all_is_written_as_no() -> None:
    assert sql.write(Or(()), []) == "(FALSE)"


def test_a_count_of_no_rows_is_reached_only_by_none(connection: "duckdb.DuckDBPyConnection") -> None:
    written = ", ".join(sql.write(AtLeast(k, ()), []) for k in (0, 1))

    assert connection.sql(f"SELECT {written}").fetchall() == [(True, False)]


def test_both_sides_of_a_calculation_are_columns() -> None:
    asked = Compare("<", Arithmetic("-", Name("systolic"), Name("systolic_target")), Number(0.0))

    assert sql.write(asked, ["systolic", "systolic_target"]) == (
        '((CAST("systolic" AS DOUBLE) - CAST("systolic_target" AS DOUBLE)) < (0.0e0))'
    )


@pytest.mark.parametrize(
    ("text", "patient", "sentence"),
    [
        ("spo2 < 90", "'87' AS spo2", "Column 'spo2' of ward is VARCHAR; it needs a number."),
        ("angina", "1 AS angina", "Column 'angina' of ward is INTEGER; it needs BOOLEAN."),
        (
            "mental_status == 'severe'",
            "2 AS mental_status",
            "Column 'mental_status' of ward is INTEGER; it needs VARCHAR.",
        ),
        (
            "spo2 < 90",
            "CAST('nan' AS DOUBLE) AS spo2",
            "Column 'spo2' of ward holds 1 values that are NaN, infinite or of more than 15 digits; "
            "write NULL where it is not known.",
        ),
        (
            "mental_status == 'severe'",
            "'Severe' AS mental_status",
            "Column 'mental_status' of ward holds 1 values that are no code of it; write one of normal, changed, "
            "moderate confusion or agitation, severe, or NULL where it is not known.",
        ),
    ],
)
def test_a_table_that_no_patient_could_have_is_refused(
    connection: "duckdb.DuckDBPyConnection", text: str, patient: str, sentence: str
) -> None:
    assert refused_table(connection, question(text), patient) == sentence


@pytest.mark.parametrize("patient", ["NULL::DOUBLE AS spo2", "999999999999999.0::DOUBLE AS spo2"])
def test_an_empty_cell_and_the_greatest_number_are_read(connection: "duckdb.DuckDBPyConnection", patient: str) -> None:
    connection.execute(f"CREATE TABLE ward AS SELECT {patient}")

    sql.refuse_not_finite(connection, "ward", ["spo2"])
