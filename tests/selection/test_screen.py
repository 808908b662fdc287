"""A table of patients: what each cell says, what a verdict rests on, and that one patient alone is told the same."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from people import LABEL, NOW, WELL, charted, demo

from aldes.course.fold import replay
from aldes.course.state import Course
from aldes.errors import InputError
from aldes.exchange.wide import PATIENTS, Wide, load_table
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, Kind
from aldes.protocols.verdict import Verdict
from aldes.selection.assess import assess
from aldes.selection.screening import Screened, asked_findings, screen, verdicts_of

ROW = {name: str(value).lower() for name, value in WELL.items()}
RECORD = {"courses_before": "0", "deceased": "false", "stops_in_force": "0", "earlier_course": "false"}
WHOLE = {**ROW, **RECORD}


def write(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    path = folder / "table.csv"
    header = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def screened(path: Path, protocol: str = LABEL) -> tuple[Screened, Wide, list[tuple[str, ...]]]:
    """What the table answers, what was read of it, and the verdict of each patient."""
    with duckdb.connect() as connection:
        wide = load_table(connection, path, asked_findings(demo(protocol)))
        found = screen(connection, PATIENTS, demo(protocol))
        return found, wide, verdicts_of(connection, demo(protocol)).fetchall()


def verdicts(folder: Path, *rows: Mapping[str, str]) -> list[str]:
    return [line[1] for line in screened(write(folder, rows))[2]]


def test_a_well_patient_of_a_table_has_no_listed_exclusion(tmp_path: Path) -> None:
    assert verdicts(tmp_path, WHOLE) == ["no listed exclusion"]


@pytest.mark.parametrize("missing", ["lvef", "fev1", "allograft", "deceased", "courses_before", "stops_in_force"])
def test_an_empty_cell_or_a_missing_column_leaves_it_undetermined(tmp_path: Path, missing: str) -> None:
    empty, without = {**WHOLE, missing: ""}, {name: cell for name, cell in WHOLE.items() if name != missing}
    assert verdicts(tmp_path, empty) == ["undetermined"]
    assert verdicts(tmp_path, without) == ["undetermined"]


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        ("0.584795321637427", "no listed exclusion"),  # 15 digits: an exact conversion of 10 umol/L
        ("0.5847953216374271", "undetermined"),
        ("00000000000000000.6", "no listed exclusion"),
    ],
)
def test_zeros_before_a_number_are_no_digits_of_it(tmp_path: Path, cell: str, verdict: str) -> None:
    assert verdicts(tmp_path, {**WHOLE, "bilirubin": cell}) == [verdict]


@pytest.mark.parametrize(
    ("finding", "cell"),
    [
        ("lvef", "NaN"),
        ("lvef", "inf"),
        ("lvef", "-inf"),
        ("lvef", "4.9"),  # outside the survivable range, on the worse side
        ("lvef", "90.1"),
        ("lvef", "58,0"),
        ("lvef", "5.8e1"),
        ("lvef", " 58"),
        ("lvef", "58.00000000000000001"),
        ("lvef", "Smith"),
        ("allograft", "no"),
        ("allograft", "0"),
        ("sex", "m"),
    ],
)
def test_a_cell_that_says_nothing_is_unknown_and_counted_and_never_a_verdict(
    tmp_path: Path, finding: str, cell: str
) -> None:
    others = {"pregnant": "", "reproductive_potential": ""}
    _, wide, lines = screened(write(tmp_path, [{**WHOLE, **others, finding: cell}]))
    assert lines[0][1] == "undetermined"
    assert [(each.column, each.count) for each in wide.faults] == [(finding, 1)]
    assert len(cell) < 3 or cell not in wide.faults[0].why  # what came may be anything: it is not repeated


def test_an_implausible_cell_never_excludes(tmp_path: Path) -> None:
    assert verdicts(tmp_path, {**WHOLE, "fev1": "0.1"}, {**WHOLE, "fev1": "0.3"}) == ["undetermined", "excluded"]


@pytest.mark.parametrize(
    ("column", "cell", "verdict"),
    [
        ("fev1[mL]", "2000", "excluded"),
        ("fev1[mL]", "2001", "no listed exclusion"),
        ("platelets[10*9/L]", "231", "no listed exclusion"),
        ("platelets[/uL]", "231000", "no listed exclusion"),
        ("bilirubin[umol/L]", "10.3", "no listed exclusion"),
    ],
)
def test_a_unit_in_brackets_is_converted_exactly(tmp_path: Path, column: str, cell: str, verdict: str) -> None:
    name = column.partition("[")[0]
    row = {key: value for key, value in WHOLE.items() if key != name} | {column: cell}
    assert verdicts(tmp_path, row) == [verdict]


def test_micromol_meet_the_limit_in_milligrams_exactly(tmp_path: Path) -> None:
    """132.6 µmol/L are 1.5 mg/dL exactly; the recalled limit of the site's table is on neither side by a rounding."""
    with duckdb.connect() as connection:
        path = write(tmp_path, [{"creatinine[umol/L]": cell} for cell in ("132.6", "132.7", "221")])
        load_table(connection, path, ("creatinine",))
        assert connection.table(PATIENTS).project("creatinine").fetchall()[0] == (1.5,)
        assert connection.table(PATIENTS).project("creatinine").fetchall()[2] == (2.5,)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("lvf", "Did you mean 'lvef'"),
        ("allografts", "Did you mean 'allograft'"),
        ("creatinine[umol]", "That is no unit we know"),
        ("fev1[kg]", "That is the unit of a weight"),
    ],
)
def test_a_column_that_nearly_is_a_finding_or_a_unit_is_refused(tmp_path: Path, column: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        screened(write(tmp_path, [{column: "1"}]))


def test_a_column_that_is_no_finding_is_reported_and_its_name_not_repeated_if_it_may_be_anything(
    tmp_path: Path,
) -> None:
    _, wide, _ = screened(write(tmp_path, [{**WHOLE, "ward": "9", "Jane Doe": "x", "glucose": "90"}]))
    assert wide.not_used == (
        ("ward", "it is no finding"),
        ("a text that is no code", "it is no finding"),
        ("glucose", "no row of this protocol asks it"),
    )


def test_two_columns_of_one_finding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Two columns hold 'creatinine'"):
        screened(write(tmp_path, [{"creatinine": "1", "creatinine[umol/L]": "90"}]))


def test_a_table_that_is_not_there_or_none_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        screened(tmp_path / "nowhere.csv")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"not parquet")
    with pytest.raises(InputError, match="cannot be read"):
        screened(broken)


def test_no_row_is_lost_whatever_its_first_cell_begins_with(tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text("id,creatinine\n#1,1.0\n2,1.1\n;3,1.2\n//4,1.3\n", encoding="utf-8")
    _, wide, lines = screened(path)
    assert wide.patients == len(lines) == 4
    assert {line[0] for line in lines} == {"#1", "2", ";3", "//4"}


@pytest.mark.parametrize(
    "text", ["id,creatinine\n1\n", "id,creatinine\n1,2,3\n", "exported today\nid,creatinine\n1,2\n"]
)
def test_a_row_of_another_length_refuses_the_table_and_is_never_left_out(tmp_path: Path, text: str) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="as many cells in every row"):
        screened(path)


def test_parquet_says_the_same_as_text(tmp_path: Path) -> None:
    numbers = {name: value for name, value in WHOLE.items() if vocabulary()[name].kind is Kind.NUMBER}
    cells = ", ".join(f"CAST('{value}' AS DOUBLE) AS {name}" for name, value in numbers.items())
    flags = ", ".join(
        f"CAST('{value}' AS BOOLEAN) AS {name}" for name, value in WHOLE.items() if vocabulary()[name].kind is Kind.FLAG
    )
    path = tmp_path / "table.parquet"
    with duckdb.connect() as connection:
        connection.sql(f"SELECT {cells}, {flags}, 'male' AS sex").write_parquet(str(path))
    assert [line[1] for line in screened(path)[2]] == ["no listed exclusion"]
    with duckdb.connect() as connection:
        bad = cells.replace("CAST('60' AS DOUBLE) AS lvef", "CAST('nan' AS DOUBLE) AS lvef")
        connection.sql(f"SELECT {bad}, {flags}, 'male' AS sex").write_parquet(str(path))
    assert [line[1] for line in screened(path)[2]] == ["undetermined"]


# ── attrition, and what would decide most ──


def test_each_row_counts_those_whom_no_earlier_one_excluded(tmp_path: Path) -> None:
    rows = [
        WHOLE,
        {**WHOLE, "deceased": "true", "allograft": "true"},
        {**WHOLE, "allograft": "true"},
        {**WHOLE, "allograft": ""},
        {**WHOLE, "age": "12", "allograft": ""},
    ]
    found, _, _ = screened(write(tmp_path, rows))
    steps = {step.row: (step.excluded, step.unknown, step.remain) for step in found.attrition}
    assert steps["SEL-01"] == (1, 0, 4)
    assert steps["EL-AGE-01"] == (1, 0, 3)
    assert steps["EL-TX-01"] == (1, 1, 2)
    assert found.verdicts == {"no listed exclusion": 1, "caution": 0, "excluded": 3, "undetermined": 1}
    assert sum(step.excluded for step in found.attrition) == found.verdicts["excluded"]
    assert found.attrition[-1].remain == found.patients - found.verdicts["excluded"]


def test_the_finding_that_alone_would_settle_most_patients_comes_first(tmp_path: Path) -> None:
    rows = [
        {**WHOLE, "allograft": ""},
        {**WHOLE, "allograft": ""},
        {**WHOLE, "lvef": ""},
        {**WHOLE, "lvef": "", "allograft": ""},
    ]
    found, _, _ = screened(write(tmp_path, rows))
    assert [(each.finding, each.patients) for each in found.decides] == [("allograft", 2), ("lvef", 1)]


def test_a_finding_that_settles_only_if_it_comes_out_well_is_not_said_to_decide(tmp_path: Path) -> None:
    woman = {**WHOLE, "sex": "female", "reproductive_potential": "", "pregnant": ""}
    found, _, _ = screened(write(tmp_path, [woman]))
    assert [(each.finding, each.patients) for each in found.decides] == [("pregnant", 1)]


def test_a_protocol_without_criteria_leaves_all_undetermined(tmp_path: Path) -> None:
    found, _, lines = screened(write(tmp_path, [WHOLE]), "consensus-2014")
    assert [line[1] for line in lines] == ["undetermined"]
    assert found.decides == ()


def test_an_id_that_looks_like_a_formula_is_written_as_text(tmp_path: Path) -> None:
    rows = [{"id": id, **WHOLE} for id in ("=1+1", "+1", "-1", "@a", "7")]
    assert [line[0] for line in screened(write(tmp_path, rows))[2]] == ["'=1+1", "'+1", "'-1", "'@a", "7"]


# ── one patient alone is told the same ──

ASKED = [vocabulary()[name] for name in asked_findings(demo())]
CHARTED = [each for each in ASKED if each.group is not Group.COURSE]


def cells_of(finding: str) -> st.SearchStrategy[str]:
    """Nothing, or a value that a patient can have, on both sides of every limit."""
    known = vocabulary()[finding]
    if known.kind is Kind.FLAG:
        return st.sampled_from(["", "true", "false"])
    if known.kind is Kind.CODE:
        return st.sampled_from(["", *known.codes])
    low, high = known.survivable or (Decimal(0), Decimal(100))
    near = ("1", "2", "2.01", "18", "17.9", "49.9", "50", "62", "61.9", "75", "74.9")
    return st.sampled_from(["", *(value for value in near if low <= Decimal(value) <= high), str(low), str(high)])


ROWS = st.fixed_dictionaries(
    {each.name: cells_of(each.name) for each in CHARTED},
).map(lambda row: {**{name: cell for name, cell in row.items() if cell or name not in ROW}, **RECORD})
MOSTLY_WELL = st.tuples(ROWS, st.sets(st.sampled_from([each.name for each in CHARTED]), max_size=4)).map(
    lambda pair: {**WHOLE, **{name: pair[0].get(name, "") for name in pair[1]}}
)


def alone(row: Mapping[str, str]) -> Verdict:
    """The verdict of the same patient, charted by a physician at the instant of the export."""
    events = [
        charted(name, {"true": True, "false": False}.get(cell, cell), 0)
        for name, cell in row.items()
        if cell and name not in RECORD
    ]
    course: Course = replay(events)
    return assess(course, demo(), NOW)[0].verdict


@settings(deadline=None, max_examples=12)
@given(st.lists(st.one_of(ROWS, MOSTLY_WELL), min_size=1, max_size=20))
def test_a_table_says_what_a_single_chart_says(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    path = write(tmp_path_factory.mktemp("table"), rows)
    lines = screened(path)[2]
    assert [line[1] for line in lines] == [alone(row).value for row in rows]


def test_the_instant_of_these_charts_is_one_instant() -> None:
    assert isinstance(NOW, datetime)
    assert NOW.tzinfo is not None
