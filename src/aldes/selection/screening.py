"""The verdict for every patient of a table, what each criterion leaves, and which missing finding would decide most.

The table has a column for each finding that is asked (`exchange/wide.py` makes it); the same compiled questions are
asked as of one patient, through the SQL back end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Kind
from aldes.protocols.row import Protocol
from aldes.protocols.verdict import Selecting, Verdict, selecting
from aldes.questions import sql
from aldes.questions.answer import NO, YES
from aldes.questions.tree import (
    Compare,
    Constant,
    Flag,
    In,
    Name,
    Number,
    Question,
    Term,
    names,
    with_names,
    with_parts,
)

if TYPE_CHECKING:  # DuckDB stays optional: whoever has a connection has it
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

FAR = 1e9  # beyond every limit, for a finding without a survivable range
ANSWERED = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One criterion in the source's order: of those still left, how many it excludes and of how many nobody knows."""

    row: str
    words: str
    excluded: int
    unknown: int
    remain: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decides:
    """A finding that is missing, and for how many undetermined patients it alone would settle the verdict."""

    finding: str
    words: str
    patients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """What a table answers."""

    patients: int
    verdicts: dict[str, int]
    attrition: tuple[Step, ...]
    decides: tuple[Decides, ...]  # the one that would decide most first


def asked_findings(protocol: Protocol) -> tuple[str, ...]:
    """The findings that the verdict asks, in the source's order."""
    own = selecting(protocol)
    ids = (*own.deciding, *own.cautions)
    return tuple(dict.fromkeys(name.finding for id in ids for name in names(own.asked[id])))


def screen(connection: "DuckDBPyConnection", table: str, protocol: Protocol) -> Screened:
    """Ask every patient of a table; the answers stay in the table `answered`, with id, verdict and rows.

    Raises
    ------
    InputError
        When a column that is asked is absent.
    """
    own = selecting(protocol)
    columns = connection.table(table).columns
    answers = {id: sql.write(own.asked[id], columns) for id in (*own.deciding, *own.cautions)}
    chosen = ", ".join(f"{answer} AS {sql.identifier(id)}" for id, answer in answers.items())
    rows = connection.table(table).project(f"*, {chosen}")
    unknown = _unknown(tuple(own.deciding))
    rows.project(f"*, {_verdict(own)} AS verdict, {_first(own)} AS first_row, {unknown} AS unknown_rows").create(
        ANSWERED
    )
    answered = connection.table(ANSWERED)
    verdicts = dict(answered.aggregate("verdict, count(*) AS patients", "verdict").fetchall())
    return Screened(
        patients=sum(verdicts.values()),
        verdicts={each.value: verdicts.get(each.value, 0) for each in Verdict},
        attrition=tuple(_attrition(answered, own)),
        decides=tuple(_decides(answered, own)),
    )


def verdicts_of(connection: "DuckDBPyConnection", protocol: Protocol) -> "DuckDBPyRelation":
    """One line a patient: id, verdict, the rows that exclude, that are unknown, that caution."""
    own = selecting(protocol)
    listed = {
        "excluded_by": [f"CASE WHEN {sql.identifier(id)} THEN {sql.text(id)} END" for id in own.deciding],
        "unknown": [f"CASE WHEN {sql.identifier(id)} IS NULL THEN {sql.text(id)} END" for id in own.deciding],
        "cautions": [f"CASE WHEN {sql.identifier(id)} THEN {sql.text(id)} END" for id in own.cautions],
    }
    parts = ", ".join(f"concat_ws(' ', {', '.join(cases) or 'NULL'}) AS {name}" for name, cases in listed.items())
    return connection.table(ANSWERED).project(f"{_UNLIKE_A_FORMULA} AS id, verdict, {parts}")


# Hazard H79: a spreadsheet runs a cell that begins like a formula.
_UNLIKE_A_FORMULA = "CASE WHEN regexp_matches(id, '^[=+@\\t\\r-]') THEN chr(39) || id ELSE id END"


def _verdict(own: Selecting) -> str:
    """As `verdict_of`, from the answers of the rows."""
    exclude = _any([sql.identifier(id) for id in own.deciding] + ["NULL"] * bool(own.protocol.no_selection))
    caution = _any([sql.identifier(id) for id in own.cautions])
    return (
        f"CASE WHEN {exclude} THEN {sql.text(Verdict.EXCLUDED)} WHEN ({exclude}) IS NULL THEN "
        f"{sql.text(Verdict.UNDETERMINED)} WHEN {caution} THEN {sql.text(Verdict.CAUTION)} "
        f"ELSE {sql.text(Verdict.NONE_LISTED)} END"
    )


def _any(parts: Sequence[str]) -> str:
    return f"({' OR '.join(parts)})" if parts else "FALSE"


def _first(own: Selecting) -> str:
    """The place of the first row that excludes; one beyond the last where none does."""
    cases = " ".join(f"WHEN {sql.identifier(id)} THEN {place}" for place, id in enumerate(own.deciding))
    return f"CASE {cases} ELSE {len(own.deciding)} END" if cases else "0"


def _unknown(rows: Sequence[str]) -> str:
    """How many of these rows are unknown."""
    return " + ".join(f"CAST({sql.identifier(id)} IS NULL AS INTEGER)" for id in rows) or "0"


def _attrition(answered: "DuckDBPyRelation", own: Selecting) -> Iterator[Step]:
    chosen = ["count(*)"]
    for place, id in enumerate(own.deciding):
        chosen.append(f"count(*) FILTER (first_row = {place})")
        chosen.append(f"count(*) FILTER (first_row >= {place} AND {sql.identifier(id)} IS NULL)")
    (counts,) = answered.aggregate(", ".join(chosen)).fetchall()
    remain = counts[0]
    for place, (id, row) in enumerate(own.deciding.items()):
        excluded, unknown = counts[1 + 2 * place], counts[2 + 2 * place]
        remain -= excluded
        yield Step(row=id, words=row.words, excluded=excluded, unknown=unknown, remain=remain)


def _decides(answered: "DuckDBPyRelation", own: Selecting) -> list[Decides]:
    """For each missing finding the undetermined patients whom it alone would settle, whatever it turned out to be."""
    columns = answered.columns
    asked = {id: {name.finding for name in names(own.asked[id])} for id in own.deciding}
    found = list(dict.fromkeys(name.finding for id in own.deciding for name in names(own.asked[id])))
    chosen = []
    for finding in found:
        rows = [id for id in own.deciding if finding in asked[id]]
        settled = [
            f"({sql.write(given(own.asked[id], finding, end), columns)}) IS NOT NULL"
            for id in rows
            for end in ends(vocabulary()[finding])
        ]
        alone = f"unknown_rows = {_unknown(rows)}"
        chosen.append(f"count(*) FILTER ({sql.identifier(finding)} IS NULL AND {alone} AND {' AND '.join(settled)})")
    undetermined = f"verdict = {sql.text(Verdict.UNDETERMINED)}"
    if not chosen or own.protocol.no_selection:
        return []
    (counts,) = answered.filter(undetermined).aggregate(", ".join(chosen)).fetchall()
    pairs = [(finding, count) for finding, count in zip(found, counts, strict=True) if count]
    return [
        Decides(finding=finding, words=vocabulary()[finding].words, patients=count)
        for finding, count in sorted(pairs, key=lambda pair: -pair[1])
    ]


def ends(finding: Finding) -> tuple[float | bool | str, ...]:
    """The values between which a finding can lie: both ends, yes and no, every code."""
    match finding.kind:
        case Kind.FLAG:
            return (False, True)
        case Kind.CODE:
            return finding.codes
    low, high = finding.survivable or (-FAR, FAR)
    return (float(low), float(high))


def given(question: Question, finding: str, value: float | bool | str) -> Question:
    """The same question with a finding known to be this."""

    def known(name: Name) -> Term:
        return Number(float(value)) if name.finding == finding else name

    match question:
        case Flag(Name(finding=name)) if name == finding:
            return Constant(YES if value is True else NO)
        case In(Name(finding=name), codes) if name == finding:
            return Constant(YES if value in codes else NO)
        case Compare(op, left, right):
            return Compare(op, with_names(left, known), with_names(right, known))
    return with_parts(question, lambda part: given(part, finding, value))
