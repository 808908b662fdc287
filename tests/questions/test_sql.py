"""The SQL that a question is written in, and what the tables behind it are refused for."""

import math
import subprocess
import sys
from collections.abc import Iterator

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldes.errors import InputError
from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.parse import parse
from aldes.questions.sql import decide_table, identifier, literal, refuse_not_finite, text, write, write_decision
from aldes.questions.tree import And, AtLeast, Compare, Constant, Flag, In, Known, Name, Not, Number, Or, Question, Row


def question(predicate: str) -> Question:
    return parse(predicate, vocabulary())


@pytest.fixture
def connection() -> Iterator[
    "duckdb.DuckDBPyConnection"
]:  # quoted: an annotation that is held to the end reads as a leak
    with duckdb.connect() as opened:
        yield opened


def answer(connection: "duckdb.DuckDBPyConnection", asked: Question, **columns: str) -> bool | None:
    """The answer for one patient, whose values are written as SQL."""
    patient = connection.sql("SELECT " + ", ".join(f"{value} AS {name}" for name, value in columns.items()))
    [(found,)] = patient.project(write(asked, columns)).fetchall()
    return found


def test_every_node_has_its_own_parentheses() -> None:
    assert write(question("not (spo2 < 90 or angina and seizure)"), ["spo2", "angina", "seizure"]) == (
        '(NOT ((CAST("spo2" AS DOUBLE) < (90.0e0)) OR (("angina") AND ("seizure"))))'
    )


def test_equality_is_written_the_way_sql_does() -> None:
    assert write(question("spo2 == 90"), ["spo2"]) == '(CAST("spo2" AS DOUBLE) = (90.0e0))'
    assert write(question("spo2 != 90"), ["spo2"]) == '(CAST("spo2" AS DOUBLE) <> (90.0e0))'


def test_codes_are_quoted_text() -> None:
    assert write(question("mental_status in ('changed', 'severe')"), ["mental_status"]) == (
        "(\"mental_status\" IN ('changed', 'severe'))"
    )


def test_the_three_constants() -> None:
    written = [write(Constant(each), []) for each in (YES, NO, UNKNOWN)]

    assert written == ["(TRUE)", "(FALSE)", "(CAST(NULL AS BOOLEAN))"]


def test_a_row_leaves_no_trace_and_known_asks_whether_it_is_true() -> None:
    assert write(Row("STOP-CV-03", Known(Flag(Name("angina")))), ["angina"]) == '(("angina") IS TRUE)'


def test_the_column_of_the_row_goes_before_the_column_of_the_finding() -> None:
    asked = Flag(Name("angina", View.CHARTED, "STOP-CV-03"))

    assert write(asked, ["angina", "angina@charted"]) == '("angina@charted")'
    assert write(asked, ["angina@charted@STOP-CV-03", "angina@charted"]) == '("angina@charted@STOP-CV-03")'


def test_an_absent_column_is_a_mistake_and_not_an_unknown() -> None:
    with pytest.raises(InputError, match="no column 'spo2'"):
        write(question("spo2 < 90"), ["sp02"])


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_literal_has_an_exponent_and_reads_back_to_the_same_double(value: float) -> None:
    assert "e" in literal(value)
    assert float(literal(value)) == value


@given(value=st.floats(allow_nan=False, min_value=-1e15, max_value=1e15))
def test_duckdb_reads_each_literal_and_its_neighbours_apart(value: float) -> None:
    near = [math.nextafter(value, -math.inf), value, math.nextafter(value, math.inf)]
    with duckdb.connect() as connection:
        [row] = connection.sql("SELECT " + ", ".join(f"({literal(each)})" for each in near)).fetchall()
        types = connection.sql("SELECT " + ", ".join(f"({literal(each)})" for each in near)).types

    assert list(row) == near
    assert {str(each) for each in types} == {"DOUBLE"}


def test_quotes_in_text_and_names_are_doubled(connection: "duckdb.DuckDBPyConnection") -> None:
    assert text("patient's") == "'patient''s'"
    assert identifier('a"b') == '"a""b"'
    written = connection.sql(f"""SELECT {text("it's")} AS {identifier('a"b')}""")
    assert (written.columns, written.fetchall()) == (['a"b'], [("it's",)])


def test_missing_spo2_is_null_and_so_is_its_negation(connection: "duckdb.DuckDBPyConnection") -> None:
    assert answer(connection, question("spo2 < 90"), spo2="NULL") is None
    assert answer(connection, question("not spo2 < 90"), spo2="NULL") is None


@pytest.mark.parametrize(("urine", "expected"), [("10", False), ("80", False), ("81", True), ("160", False)])
def test_a_chained_comparison_means_what_it_says(
    connection: "duckdb.DuckDBPyConnection", urine: str, expected: bool
) -> None:
    assert answer(connection, question("80 < urine < 160"), urine=urine) is expected


def test_known_never_is_null(connection: "duckdb.DuckDBPyConnection") -> None:
    known = Known(question("spo2 > 90"))

    assert answer(connection, known, spo2="NULL") is False
    assert answer(connection, Not(known), spo2="NULL") is True


def test_a_missing_code_is_neither_among_the_codes_nor_outside_them(connection: "duckdb.DuckDBPyConnection") -> None:
    severe = In(Name("mental_status"), ("severe",))

    assert answer(connection, severe, mental_status="CAST(NULL AS VARCHAR)") is None
    assert answer(connection, Not(severe), mental_status="CAST(NULL AS VARCHAR)") is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("TRUE", "TRUE", "NULL"), True),
        (("TRUE", "NULL", "FALSE"), None),
        (("TRUE", "FALSE", "FALSE"), False),
        (("FALSE", "FALSE", "NULL"), False),
    ],
)
def test_at_least_stays_null_while_the_unknown_ones_could_make_up_the_number(
    connection: "duckdb.DuckDBPyConnection", values: tuple[str, str, str], expected: bool | None
) -> None:
    names = ("angina", "infection", "seizure")
    columns = {name: f"CAST({value} AS BOOLEAN)" for name, value in zip(names, values, strict=True)}

    assert answer(connection, AtLeast(2, tuple(Flag(Name(name)) for name in names)), **columns) is expected


def test_no_row_at_all_is_no_reason(connection: "duckdb.DuckDBPyConnection") -> None:
    assert answer(connection, Or(()), spo2="95") is False


def test_whole_numbers_are_divided_as_doubles(connection: "duckdb.DuckDBPyConnection") -> None:
    assert answer(connection, question("urine / 8 > 0.1"), urine="1") is True


def test_decimal_columns_are_compared_as_doubles(connection: "duckdb.DuckDBPyConnection") -> None:
    above = Compare(">", Name("creatinine"), Number(math.nextafter(4.5, 0)))

    assert answer(connection, above, creatinine="CAST(4.5 AS DECIMAL(10, 1))") is True


STOP, HOLD = Flag(Name("angina")), Flag(Name("infection"))


@pytest.mark.parametrize(
    ("stop", "hold", "decision"),
    [
        ("TRUE", "NULL", "stop"),
        ("TRUE", "TRUE", "stop"),
        ("NULL", "TRUE", "hold"),
        ("NULL", "FALSE", "insufficient"),
        ("FALSE", "NULL", "insufficient"),
        ("NULL", "NULL", "insufficient"),
        ("FALSE", "FALSE", "give"),
    ],
)
def test_only_a_clear_no_to_both_questions_gives(
    connection: "duckdb.DuckDBPyConnection", stop: str, hold: str, decision: str
) -> None:
    connection.execute(f"CREATE TABLE ward AS SELECT CAST({stop} AS BOOLEAN) angina, CAST({hold} AS BOOLEAN) infection")

    written = write_decision(STOP, HOLD, ["angina", "infection"])

    assert connection.table("ward").project(written).fetchall() == [(decision,)]
    assert decide_table(connection, "ward", STOP, HOLD, vocabulary()).fetchall()[0][-1] == decision


def test_a_table_keeps_its_columns_and_gains_the_decision(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("CREATE TABLE ward AS SELECT 7 AS course, 85.0 AS spo2 UNION ALL SELECT 8, NULL")

    decided = decide_table(connection, "ward", Constant(NO), question("spo2 < 90"), vocabulary())

    assert decided.columns == ["course", "spo2", "decision"]
    assert sorted(row[::2] for row in decided.fetchall()) == [(7, "hold"), (8, "insufficient")]


@pytest.mark.parametrize("value", ["'nan'", "'inf'", "'-inf'", "1e15", "-1e15"])
def test_nan_infinity_and_numbers_of_too_many_digits_are_refused(
    connection: "duckdb.DuckDBPyConnection", value: str
) -> None:
    connection.execute(f"CREATE TABLE ward AS SELECT CAST({value} AS DOUBLE) AS spo2 UNION ALL SELECT 95")

    with pytest.raises(InputError, match="Column 'spo2' of ward holds 1 values that are NaN"):
        refuse_not_finite(connection, "ward", ["spo2"])


def test_a_nan_never_becomes_permission(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("CREATE TABLE ward AS SELECT CAST('nan' AS DOUBLE) AS spo2")

    with pytest.raises(InputError, match="write NULL where it is not known"):
        decide_table(connection, "ward", Constant(NO), question("spo2 < 90"), vocabulary())


def test_empty_cells_are_no_fault(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("CREATE TABLE ward AS SELECT CAST(NULL AS DOUBLE) AS spo2")

    refuse_not_finite(connection, "ward", ["spo2"])


def test_a_misspelt_code_is_refused_since_it_would_answer_no(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute("CREATE TABLE ward AS SELECT 'Severe' AS mental_status")

    with pytest.raises(InputError, match="Column 'mental_status' of ward holds 1 values that are no code of it"):
        decide_table(connection, "ward", Constant(NO), question("mental_status == 'severe'"), vocabulary())


@pytest.mark.parametrize(
    ("value", "predicate", "wanted"),
    [
        ("'87'", "spo2 < 90", "it needs a number"),
        ("1", "angina", "it needs BOOLEAN"),
        ("2", "mental_status == 'severe'", "it needs VARCHAR"),
    ],
)
def test_a_column_of_another_type_is_refused(
    connection: "duckdb.DuckDBPyConnection", value: str, predicate: str, wanted: str
) -> None:
    name = predicate.split()[0]
    connection.execute(f"CREATE TABLE ward AS SELECT {value} AS {name}")

    with pytest.raises(InputError, match=wanted):
        decide_table(connection, "ward", Constant(NO), question(predicate), vocabulary())


def test_a_table_whose_name_holds_a_quote_is_asked(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute('CREATE TABLE "ward ""B""" AS SELECT 85.0 AS spo2')

    decided = decide_table(connection, '"ward ""B"""', Constant(NO), question("spo2 < 90"), vocabulary())

    assert decided.fetchall()[0][-1] == "hold"


def test_a_standing_hold_is_a_flag_of_the_record(connection: "duckdb.DuckDBPyConnection") -> None:
    connection.execute('CREATE TABLE ward AS SELECT TRUE AS "standing.HOLD-RESP-01", 92.0 AS spo2')
    stays = And((Flag(Name("standing.HOLD-RESP-01")), Not(Known(question("spo2 > 90")))))

    assert decide_table(connection, "ward", Constant(NO), stays, vocabulary()).fetchall()[0][-1] == "give"


def test_writing_sql_loads_neither_numpy_nor_duckdb() -> None:
    program = "import sys; import aldes.questions.sql; print({'numpy', 'duckdb'} & set(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "set()"
