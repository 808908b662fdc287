"""A table of patients is read strictly: the first fault in one sentence, and nothing left out silently."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from aldes.errors import InputError
from aldes.exchange.outcomes_table import Columns, OutcomesTable, load_outcomes

PLAIN = Columns(time="time", event="event", by="arm")
HEAD = "time,event,arm\n"


def read(text: str, folder: Path, columns: Columns = PLAIN) -> OutcomesTable:
    path = folder / "patients.csv"
    path.write_text(text, encoding="utf-8")
    return load_outcomes(path, columns)


def test_times_events_and_groups_are_read_in_their_order(tmp_path: Path) -> None:
    found = read(HEAD + "12.5,1,high\n3,0,low\n0,true,high\n7,FALSE,low\n", tmp_path)
    assert found.patients.time.tolist() == [12.5, 3, 0, 7]
    assert found.patients.event.tolist() == [True, False, True, False]
    assert found.groups == ("high", "low")
    assert found.group.tolist() == [0, 1, 0, 1]


def test_without_groups_all_patients_are_one(tmp_path: Path) -> None:
    found = read("time,event\n1,1\n2,0\n", tmp_path, Columns(time="time", event="event"))
    assert (found.groups, found.group.tolist()) == (("all",), [0, 0])


def test_a_parquet_table_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "patients.parquet"
    rows = "SELECT * FROM (VALUES (12.5, true, 'high'), (3.0, false, 'low')) AS t(time, event, arm)"
    duckdb.sql(rows).write_parquet(str(path))
    found = load_outcomes(path, PLAIN)
    assert (found.patients.time.tolist(), found.patients.event.tolist()) == ([12.5, 3], [True, False])


def test_causes_are_numbered_in_the_order_of_their_names(tmp_path: Path) -> None:
    columns = Columns(time="time", event="event", cause="why")
    found = read("time,event,why\n1,1,progression\n2,0,\n3,1,death\n", tmp_path, columns)
    assert found.causes == ("death", "progression")
    assert found.patients.cause.tolist() == [2, 0, 1]


def test_times_are_reckoned_from_dates_in_months(tmp_path: Path) -> None:
    columns = Columns(time=None, start="began", end="last", event="event", entry="seen")
    text = "began,last,seen,event\n2020-01-01,2021-01-01,2020-01-01,1\n2020-02-29,2020-03-31,2020-03-01,0\n"
    found = read(text, tmp_path, columns)
    days = (date(2021, 1, 1) - date(2020, 1, 1)).days
    assert found.patients.time.tolist() == pytest.approx([days / 30.4375, 31 / 30.4375])
    assert found.patients.entry.tolist() == pytest.approx([float("-inf"), 1 / 30.4375])


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("12,1,high\n-3,0,low\n", "In row 2 time is below zero"),
        ("12,1,high\n,0,low\n", "In row 2 .below the header. the time is empty or cannot be read"),
        ("twelve,1,high\n3,0,low\n", "In row 1 .below the header. the time is empty or cannot be read"),
        ("12,1,high\n1e3,0,low\n", "In row 2 .* the time"),
        ("12,1,high\n3 months,0,low\n", "In row 2 .* the time"),
        ("12,1,high\nnan,0,low\n", "In row 2 .* the time"),
        ("12,1,high\ninf,0,low\n", "In row 2 .* the time"),
        ('12,1,high\n"3,5",0,low\n', "In row 2 .* the time"),
        ("12,1,high\n3,2,low\n", "In row 2 .* the event is empty or cannot be read.*1 or 0, true or false"),
        ("12,1,high\n3,yes,low\n", "In row 2 .* the event"),
        ("12,1,high\n3,,low\n7,,low\n", "In row 2 .* the event is empty or cannot be read, as in 1 more rows"),
        ("12,1,high\n3,0,\n", "In row 2 .* the group is empty"),
        ("12,0,high\n3,0,low\n", "None of the 2 rows has an event"),
        ("12,1,high\n", "The table has one row"),
        ("", "The table has no rows"),
    ],
)
def test_a_row_that_cannot_be_right_is_one_sentence(rows: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        read(HEAD + rows, tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (HEAD + "12,1,high\n#3,1,low\n5,0,low\n", "In row 2 .* the time"),  # no row is a remark
        ("survival of our patients\n" + HEAD + "12,1,high\n3,0,low\n", "no column 'time'"),
        (HEAD + "12,1,high\n3,0,low,more\n", "as many cells in every row"),
        (HEAD + "12,1,high\n3,0\n", "as many cells in every row"),
        (HEAD + "1,1,high\n" * 30_000 + "3,0,low,more\n", "as many cells in every row"),  # beyond any sample of rows
        ("time,event,arm,time\n1,1,high,9\n3,0,low,4\n", "Two columns are named 'time'"),
        ("time,event,arm,\n1,1,high,9\n3,0,low,4\n", "A column has no name"),
        ("time;event;arm\n1;1;high\n3;0;low\n", "no column 'time'"),
    ],
)
def test_no_row_is_left_out_and_nothing_is_guessed(text: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=fault):
        read(text, tmp_path)


@pytest.mark.parametrize(
    "text", [HEAD.replace("\n", "\r\n") + "12,1,high\r\n3,0,low\r\n", "\ufeff" + HEAD + "12,1,high\n3,0,low"]
)
def test_line_ends_of_other_systems_and_a_byte_order_mark_are_read(text: str, tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_bytes(text.encode())
    assert load_outcomes(path, PLAIN).patients.time.tolist() == [12, 3]


@pytest.mark.parametrize("cell", ["twelve", "1e3", "3 months"])
def test_what_a_cell_holds_is_not_repeated(cell: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(HEAD + f"{cell},1,high\n3,0,low\n", tmp_path)
    assert cell not in str(caught.value)


ENTRY = Columns(time="time", event="event", entry="entry")
DATES = Columns(time=None, start="began", end="last", event="event")
CAUSE = Columns(time="time", event="event", cause="why")
WEIGHT = Columns(time="time", event="event", weight="w")


@pytest.mark.parametrize(
    ("columns", "text", "fault"),
    [
        (ENTRY, "time,event,entry\n5,0,5\n9,1,0\n", "In row 1 time is not after entry"),
        (ENTRY, "time,event,entry\n5,0,7\n9,1,0\n", "In row 1 time is not after entry"),
        (ENTRY, "time,event,entry\n5,0,-1\n9,1,0\n", "In row 1 entry is below zero"),
        (
            DATES,
            "began,last,event\n2021-01-01,2020-01-01,1\n2020-01-01,2021-01-01,0\n",
            "the end lies before the start",
        ),
        (DATES, "began,last,event\n2021-02-30,2022-01-01,1\n2020-01-01,2021-01-01,0\n", "a date such as"),
        (DATES, "began,last,event\n01/02/2021,2022-01-01,1\n2020-01-01,2021-01-01,0\n", "a date such as"),
        (CAUSE, "time,event,why\n5,1,\n9,1,death\n", "In row 1 .* an event without a cause"),
        (CAUSE, "time,event,why\n5,0,death\n9,1,death\n", "In row 1 .* a cause without an event"),
        (WEIGHT, "time,event,w\n5,1,0\n9,1,2\n", "In row 1 weight is not above zero"),
        (
            Columns(time="tiem", event="event"),
            "time,event\n5,1\n9,1\n",
            "no column 'tiem' for the time.*Did you mean 'time'",
        ),
        (Columns(time="survival", event="event"), "time,event\n5,1\n9,1\n", "It has 'time', 'event'"),
        (Columns(time=None, event="event"), "time,event\n5,1\n9,1\n", "Give --time, or --start and --end"),
    ],
)
def test_other_columns_are_held_against_each_other(columns: Columns, text: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=fault):
        read(text, tmp_path, columns)


def test_a_column_that_names_patients_makes_no_groups(tmp_path: Path) -> None:
    rows = "".join(f"{n},1,patient {n}\n" for n in range(1, 20))
    with pytest.raises(InputError, match="holds more than 12 different values") as caught:
        read(HEAD + rows, tmp_path)
    assert "patient 1" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "a\x00b", "=1+1"])
def test_odd_bytes_and_files_are_refused_or_read_as_text(name: str, tmp_path: Path) -> None:
    try:
        groups = read(HEAD + f'12,1,"{name}"\n3,0,low\n', tmp_path).groups
    except InputError:
        groups = ()
    assert len(groups) in (0, 2)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file that can be read"):
        load_outcomes(tmp_path / "nowhere.csv", PLAIN)
    (tmp_path / "no.parquet").write_text("time,event\n1,1\n", encoding="ascii")
    with pytest.raises(InputError, match="cannot be read"):
        load_outcomes(tmp_path / "no.parquet", PLAIN)
