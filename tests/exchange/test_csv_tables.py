"""CSV tables in long form: one row a charted value."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from aldes.course.events import FindingCharted, RecordDoubted, SlotClosed, StatementMade
from aldes.errors import InputError
from aldes.exchange import Form, read

D = Decimal
NOW = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)
HEADER = "name,value,unit,time,status,low,high,start,end,id,role"
TIME = "2024-03-05T07:40:00Z"


def table(*rows, header=HEADER):
    return read("\n".join((header, *rows)).encode(), now=NOW)


def charted(came):
    (event,) = came.events
    assert isinstance(event, FindingCharted)
    return event.entry


def test_a_row_is_a_charted_value():
    entry = charted(table(f"spo2,87,%,{TIME},final,,,,,a,nurse"))
    assert (entry.finding, entry.valid, entry.id, entry.role) == ("spo2", D(87), "a", "nurse")


def test_columns_may_be_left_out_and_reordered():
    assert charted(table(f"{TIME},spo2,87,%", header="time,name,value,unit")).valid == D(87)


def test_the_end_of_a_line_may_be_that_of_any_system():
    assert charted(read(f"{HEADER}\r\nspo2,87,%,{TIME},,,,,,,\r\n\r\n".encode(), now=NOW)).valid == D(87)


def test_urine_has_start_and_end():
    entry = charted(table("urine,400,mL,,,,,2024-03-04T23:00:00Z,2024-03-05T07:00:00Z,,"))
    assert (entry.valid, entry.time.hour) == (D(400), 7)


@pytest.mark.parametrize(
    ("value", "read_as"), [("true", True), ("false", False), ("yes", None), ("1", None), ("", None)]
)
def test_a_flag_is_true_or_false(value, read_as):
    assert charted(table(f"seizure,{value},,{TIME},,,,,,,")).valid is read_as


def test_a_code_is_one_of_its_words():
    assert charted(table(f"mental_status,changed,,{TIME},,,,,,,")).valid == "changed"


@pytest.mark.parametrize(
    ("cells", "line_says"),
    [
        ('creatinine,"1,4",mg/dL', "comma"),
        ("creatinine,1e3,mg/dL", "exponent"),
        ("creatinine,.4,mg/dL", "point"),
        ("creatinine,NaN,mg/dL", "finite"),
        ("creatinine,inf,mg/dL", "finite"),
        ("creatinine,+1,mg/dL", "plus"),
        ("creatinine,１,mg/dL", "another script"),
        ("creatinine,about 1,mg/dL", "plain number"),
        (f"creatinine,{'9' * 4000},mg/dL", "4000 characters"),
        ("creatinine,1.1,", "without a unit"),
        ("creatinine,1.1,mg/L", "mg/dL"),
        ("creatinine,,mg/dL", "No value"),
    ],
)
def test_a_bad_number_or_unit_makes_the_finding_unknown_from_then_on(cells, line_says):
    came = table(f"{cells},{TIME},,,,,,,")
    entry = charted(came)
    assert (entry.worst, entry.valid, entry.time.minute) == (None, None, 40)
    assert line_says in came.not_used[0].why
    assert "line 2" in came.not_used[0].where


def test_a_comma_that_splits_a_row_makes_its_finding_unknown_now():
    came = table(f"creatinine,1,4,mg/dL,{TIME},,,,,,,")
    entry = charted(came)
    assert (entry.finding, entry.worst, entry.valid, entry.time) == ("creatinine", None, None, NOW)
    assert "12 fields" in came.not_used[0].why


@pytest.mark.parametrize(("value", "worst"), [("<50", 1), (">=50", 50), ("<", None), ("> 1,5", None)])
def test_a_comparator_may_hold_but_not_permit(value, worst):
    row = f'platelets,"{value}",10*3/uL,{TIME},,,,,,,'
    assert (charted(table(row)).worst, charted(table(row)).valid) == (worst and D(worst), None)


def test_a_bad_reference_range_permits_nothing():
    assert charted(table(f'creatinine,1.1,mg/dL,{TIME},,,"1,2",,,,')).valid is None


def test_a_time_without_zone_permits_nothing():
    entry = charted(table("spo2,87,%,2024-03-05 07:40,,,,,,,"))
    assert (entry.worst, entry.valid) == (D(87), None)


def test_a_statement_is_a_row():
    (event,) = table(f"statement.neuro,none of the listed,,{TIME},,,,,,,").events
    assert isinstance(event, StatementMade)
    assert event.fault is None


def test_a_dose_is_a_row_with_its_start():
    *_, slot = table("aldesleukin,given partly,,2024-03-05T00:00:00Z,,,,,2024-03-05T00:10:00Z,,").events
    assert isinstance(slot, SlotClosed)
    assert (slot.state.value, slot.happened_at.hour, slot.ended_at and slot.ended_at.minute) == ("given partly", 0, 10)


@pytest.mark.parametrize(
    "row", ["aldesleukin,given", "aldesleukin,given,,2024-03-05,,,,,,,", "aldesleukin,ja,,,,,,,,,"]
)
def test_a_dose_that_cannot_be_counted_is_said_first(row):
    came = table(row)
    assert [type(each) for each in came.events] == [RecordDoubted]
    assert len(came.alert) == 1


def test_an_unknown_name_is_reported_with_its_line():
    came = table(f"spo2,97,%,{TIME},,,,,,,", f"sp02,87,%,{TIME},,,,,,,")
    assert [type(each) for each in came.events] == [FindingCharted, RecordDoubted]
    assert came.not_used[0].where == "line 3"
    assert "'spo2'" in came.not_used[0].why


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("name,valeu,time", "Did you mean 'value'"),
        ("name;value;unit;time", "We read name,value"),
        ("name,value", "lacks time"),
        ("name,value,time,name", "twice"),
        ("Systolic,Diastolic", "We read name,value"),
        ("hello", "We read name,value"),
    ],
)
def test_another_header_is_refused(header, said):
    with pytest.raises(InputError, match=said):
        table(header=header)


def test_broken_quotes_are_refused_with_their_line():
    with pytest.raises(InputError, match="Line 2"):
        table(f'spo2,"87,%,{TIME}')


def test_a_table_has_at_most_5000_rows():
    row = "x,1,,,,,,,,,"
    assert table(*[row] * 5000).not_used[0].count == 5000
    with pytest.raises(InputError, match="5,000"):
        table(*[row] * 5001)


def test_a_table_may_be_named_as_such():
    assert read(f"name,value,time\nseizure,true,{TIME}".encode(), now=NOW, form=Form.CSV).events
