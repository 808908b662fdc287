"""Write a question as a SQL expression: TRUE, FALSE or NULL for yes, no or unknown.

SQL's own AND, OR and NOT are the strong Kleene ones, so the tree is printed node by node, with parentheses round
each. Every number is printed as a DOUBLE that reads back to the same double, every number column is cast to DOUBLE,
codes are text, names are quoted. The text needs nothing that DuckDB and Spark do not share; columns are named as
`columns` says.

SQL orders NaN above every number, so that a NaN would say *no* to `spo2 < 90`, and a code that is misspelt says no
to every row: before it asks, `decide_table` refuses both, and infinity with them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, assert_never

from aldes.errors import InputError
from aldes.findings.vocabulary import Kind, Vocabulary
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.columns import column
from aldes.questions.parse import WIDEST
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
    names,
    with_parts,
)

if TYPE_CHECKING:  # DuckDB stays optional: whoever has a connection has it
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_CONSTANT: dict[Answer, str] = {YES: "TRUE", NO: "FALSE", UNKNOWN: "CAST(NULL AS BOOLEAN)"}
NUMBERS = ("DOUBLE", "FLOAT", "DECIMAL", "TINYINT", "SMALLINT", "INTEGER", "BIGINT")  # types that hold a number
_TYPES = {
    Kind.NUMBER: ("a number", NUMBERS),
    Kind.FLAG: ("BOOLEAN", ("BOOLEAN",)),
    Kind.CODE: ("VARCHAR", ("VARCHAR",)),
}


def write(question: Question, columns: Collection[str]) -> str:
    """The question as a boolean expression over these columns.

    Raises
    ------
    InputError
        When a finding that it asks has no column.
    """
    match question:
        case And(parts):
            return _joined(" AND ", (write(part, columns) for part in parts))
        case Or((Known(charted), And((valid, Constant(answer))))) if answer is UNKNOWN:
            return _asked_twice(write(charted, columns), write(valid, columns))
        case Or(parts):
            return _joined(" OR ", (write(part, columns) for part in parts)) if parts else "(FALSE)"
        case Not(part):
            return f"(NOT {write(part, columns)})"
        case Row(_, part):
            return write(part, columns)
        case Known(part):
            return f"({write(part, columns)} IS TRUE)"
        case AtLeast(k, parts):
            return _at_least(k, [write(part, columns) for part in parts])
        case Compare(op, left, right):
            return f"({_term(left, columns)} {'<>' if op == '!=' else op.replace('==', '=')} {_term(right, columns)})"
        case In(name, codes):
            return f"({_column(name, columns)} IN ({', '.join(text(code) for code in codes)}))"
        case Flag(name):
            return f"({_column(name, columns)})"
        case Constant(answer):
            return f"({_CONSTANT[answer]})"
    assert_never(question)


def write_decision(stop: Question, hold: Question, columns: Collection[str]) -> str:
    """The decision as one of the words 'stop', 'hold', 'give', 'insufficient'; only a clear no to both gives."""
    stops, holds = write(stop, columns), write(hold, columns)
    return (
        f"CASE WHEN {stops} THEN 'stop' WHEN {holds} THEN 'hold' "
        f"WHEN (NOT {stops}) AND (NOT {holds}) THEN 'give' ELSE 'insufficient' END"
    )


def decide_table(
    connection: "DuckDBPyConnection",
    table: str,
    stop: Question,
    hold: Question,
    vocabulary: Vocabulary,
    rows: Mapping[str, Question] = MappingProxyType({}),
) -> "DuckDBPyRelation":
    """The table with a column for each of `rows`, and one more, `decision`, which is then made of those answers.

    The table's name is written as in SQL: quoted where it needs to be.

    Raises
    ------
    InputError
        When a column is absent or of another type, or holds a number or a code that no patient can have.
    """
    patients = connection.table(table)
    types = dict(zip(patients.columns, map(str, patients.types), strict=True))
    asked = (stop, hold, *rows.values())
    kinds = asked_columns(asked, types, vocabulary)
    _check_types(table, kinds, types)
    refuse_not_finite(connection, table, [each for each, kind in kinds.items() if kind is Kind.NUMBER])
    findings = {column(name, types): name.finding for question in asked for name in names(question)}
    coded = {found: vocabulary[findings[found]].codes for found, kind in kinds.items() if kind is Kind.CODE}
    _refuse_other_codes(connection, table, coded)
    answers = [f"{write(row, types)} AS {identifier(id)}" for id, row in rows.items()]
    decision = write_decision(_of_rows(stop, rows), _of_rows(hold, rows), (*types, *rows))
    if not rows:
        return patients.project(f"*, {decision} AS decision")
    # Materialized, because the planner writes each row into the decision again wherever it is asked.
    answered = f"FROM {table} SELECT *, {', '.join(answers)}"
    return connection.sql(f"WITH answered AS MATERIALIZED ({answered}) FROM answered SELECT *, {decision} AS decision")


def _of_rows(question: Question, rows: Mapping[str, Question]) -> Question:
    """The question with each of these rows answered by its own column."""
    if isinstance(question, Row) and rows.get(question.id) == question:
        return Flag(Name(question.id))
    return with_parts(question, lambda part: _of_rows(part, rows))


def refuse_not_finite(connection: "DuckDBPyConnection", table: str, columns: Collection[str]) -> None:
    """Refuse NaN, infinity and numbers of more than 15 digits: not known is NULL, and nothing else.

    Raises
    ------
    InputError
        Naming the first such column and how many values it has.
    """
    conditions = [f"NOT (abs(CAST({identifier(each)} AS DOUBLE)) < {literal(WIDEST)})" for each in columns]
    for each, bad in zip(columns, _counts(connection, table, conditions), strict=True):
        if bad:
            raise InputError(
                f"Column '{each}' of {table} holds {bad} values that are NaN, infinite or of more than 15 digits; "
                "write NULL where it is not known."
            )


def asked_columns(questions: Iterable[Question], columns: Collection[str], vocabulary: Vocabulary) -> dict[str, Kind]:
    """The columns that the questions read, each with its kind; what the vocabulary lacks is a flag of the record."""
    asked = dict.fromkeys(name for question in questions for name in names(question))
    known = vocabulary.findings
    return {column(name, columns): known[name.finding].kind if name.finding in known else Kind.FLAG for name in asked}


def literal(value: float) -> str:
    """A DOUBLE that reads back to the same double: the fewest digits that name it, always with an exponent."""
    digits = repr(float(value))
    return digits if "e" in digits else f"{digits}e0"


def text(value: str) -> str:
    """Quoted text; a quote within it is doubled."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A quoted name; a quote within it is doubled."""
    return '"' + name.replace('"', '""') + '"'


def _term(term: Term, columns: Collection[str]) -> str:
    match term:
        case Number(value):
            return f"({literal(value)})"
        case Name():
            return f"CAST({_column(term, columns)} AS DOUBLE)"
        case Arithmetic(op, left, right):
            return f"({_term(left, columns)} {op} {_term(right, columns)})"
    assert_never(term)


def _column(name: Name, columns: Collection[str]) -> str:
    return identifier(column(name, columns))


def _joined(word: str, parts: Iterable[str]) -> str:
    return f"({word.join(parts)})"


def _asked_twice(charted: str, valid: str) -> str:
    """Yes on charted, no on valid. Where one column holds both it is asked once: `known(x) or (x and unknown)` is x."""
    return charted if charted == valid else f"(({charted} IS TRUE) OR ({valid} AND {_CONSTANT[UNKNOWN]}))"


def _at_least(k: int, parts: list[str]) -> str:
    """Yes where the certain reach k; no where the certain and the unknown together stay below it."""
    certain = " + ".join(f"CASE WHEN {part} THEN 1 ELSE 0 END" for part in parts) or "0"
    possible = " + ".join(f"CASE WHEN NOT {part} THEN 0 ELSE 1 END" for part in parts) or "0"
    return f"(CASE WHEN ({certain}) >= {k} THEN TRUE WHEN ({possible}) < {k} THEN FALSE ELSE {_CONSTANT[UNKNOWN]} END)"


def _check_types(table: str, kinds: Mapping[str, Kind], types: Mapping[str, str]) -> None:
    for each, kind in kinds.items():
        wanted, accepted = _TYPES[kind]
        if types[each].split("(")[0] not in accepted:
            raise InputError(f"Column '{each}' of {table} is {types[each]}; it needs {wanted}.")


def _refuse_other_codes(connection: "DuckDBPyConnection", table: str, codes: Mapping[str, tuple[str, ...]]) -> None:
    conditions = [f"{identifier(found)} NOT IN ({', '.join(map(text, known))})" for found, known in codes.items()]
    for (found, known), bad in zip(codes.items(), _counts(connection, table, conditions), strict=True):
        if bad:
            raise InputError(
                f"Column '{found}' of {table} holds {bad} values that are no code of it; write one of "
                f"{', '.join(known)}, or NULL where it is not known."
            )


def _counts(connection: "DuckDBPyConnection", table: str, conditions: Sequence[str]) -> tuple[int, ...]:
    """How many patients each condition is true of, in one pass over the table."""
    if not conditions:
        return ()
    sums = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    (found,) = connection.table(table).aggregate(sums).fetchall()
    return tuple(map(int, found))
