"""Events as canonical JSON and back: nothing lost, nothing guessed, and an older text still reads."""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from events_of_every_kind import KINDS, any_event
from hypothesis import given
from hypothesis import strategies as st

from aldes.course.events import Admitted, AnyEvent, FindingCharted, StayChanged, TargetPinned, WeightPinned
from aldes.course.people import WardEvent
from aldes.course.wire import canonical, kinds, read, write
from aldes.errors import JournalError
from aldes.findings.charted import Charted

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN = Admitted(happened_at=AT, recorded_at=AT)
DEFAULTS = Path(__file__).with_name("written_defaults.json")


def charted(value) -> FindingCharted:
    entry = Charted(finding="spo2", id="o-1", time=AT, worst=value, valid=value)
    return FindingCharted(happened_at=AT, recorded_at=AT, entry=entry)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@given(st.data())
def test_an_event_of_every_kind_comes_back_as_it_was(kind, data):
    event = data.draw(any_event(kind))
    text = write(event)
    back = read(text)
    assert type(back) is kind
    assert write(back) == text
    assert canonical(text) == back
    assert back.happened_at.timestamp() == event.happened_at.timestamp()


def test_every_member_of_the_unions_is_known_and_what_is_derived_of_them():
    assert {*get_args(AnyEvent), *get_args(WardEvent), WeightPinned, TargetPinned} <= set(kinds().values())
    assert all(vars(__import__(each.__module__, fromlist=["_"]))[name] is each for name, each in kinds().items())


def test_an_event_is_one_line_that_a_person_can_read():
    assert write(charted(Decimal(87))) == (
        '{"entry":{"finding":"spo2","id":"o-1","time":"2024-03-06T16:00:00+00:00","valid":{"number":"87"},'
        '"worst":{"number":"87"}},"event":"FindingCharted","happened_at":"2024-03-06T16:00:00+00:00",'
        '"recorded_at":"2024-03-06T16:00:00+00:00"}'
    )


@pytest.mark.parametrize("value", [Decimal("1.20"), Decimal("1E+3"), True, False, "normal", "87", "true", None])
def test_a_number_a_flag_and_a_code_stay_what_they_are(value):
    back = read(write(charted(value))).entry.worst
    assert (type(back), str(back)) == (type(value), str(value))


def test_a_text_without_the_younger_fields_reads_with_their_defaults():
    """A journal that was written before there were named people."""
    old = '{"event":"Admitted","happened_at":"2024-03-06T16:00:00+00:00","recorded_at":"2024-03-06T16:00:00+00:00"}'
    assert read(old) == IN
    assert read(old).person == ""


@pytest.mark.parametrize(
    "change",
    [
        {"event": "Arrived"},
        {"event": None},
        {"event": "Event"},
        {"ward": "3"},
        {"happened_at": "2024-03-06T16:00:00"},
        {"happened_at": "2024-03-06"},
        {"happened_at": "20240306T160000+0000"},
        {"happened_at": 1709740800},
        {"happened_at": None},
        {"by": None},
        {"by": 7},
        {"by": ["nurse A"]},
    ],
)
def test_an_unknown_kind_or_field_or_another_type_is_refused(change):
    told = {**json.loads(write(IN)), **change}
    with pytest.raises(JournalError, match="Nothing was written"):
        read(json.dumps(told))


def test_a_missing_field_is_refused():
    told = json.loads(write(IN))
    del told["happened_at"]
    with pytest.raises(JournalError, match="happened_at"):
        read(json.dumps(told))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1_000", " 1", "+1", "1e3", "", "one"])
def test_a_number_is_a_finite_decimal_written_in_one_way(number):
    text = write(charted(Decimal(87))).replace('{"number":"87"}', json.dumps({"number": number}))
    with pytest.raises(JournalError):
        read(text)


@pytest.mark.parametrize("value", [{"number": "87", "unit": "%"}, {"numbers": "87"}, 87, 87.5, [True], {}])
def test_a_charted_value_is_a_number_a_flag_or_a_code(value):
    text = write(charted(Decimal(87))).replace('{"number":"87"}', json.dumps(value))
    with pytest.raises(JournalError):
        read(text)


@pytest.mark.parametrize("text", ["", "[]", "null", "7", "{", '"Admitted"'])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(JournalError):
        read(text)


@pytest.mark.parametrize(
    "event",
    [
        Admitted(happened_at=AT.replace(tzinfo=None), recorded_at=AT),
        Admitted(happened_at=AT, recorded_at=AT, by=None),
        Admitted(happened_at=AT, recorded_at=AT, why="\ud800"),
        charted(Decimal("NaN")),
        charted(87.5),
        charted(87),
        StayChanged(happened_at=AT, recorded_at=AT, what="culture taken"),
        FindingCharted(happened_at=AT, recorded_at=AT, entry="spo2 87"),
        "Admitted",
    ],
)
def test_what_could_not_be_read_back_exactly_is_never_written(event):
    with pytest.raises(JournalError, match="Nothing was written"):
        write(event)


@pytest.mark.parametrize(
    "other",
    [
        lambda text: text.replace(":", ": ", 1),
        lambda text: text.replace("{", '{"by":"",', 1),
        lambda text: text.replace("{", '{"event":"Discharged",', 1),
        lambda text: "{" + ",".join(reversed(text[1:-1].split(","))) + "}",
    ],
    ids=["a blank", "a default written out", "a key twice", "another order"],
)
def test_there_is_one_text_for_one_event(other):
    with pytest.raises(JournalError, match="canonical"):
        canonical(other(write(IN)))


def test_a_refusal_never_repeats_what_was_in_the_event():
    told = {**json.loads(write(IN)), "by": ["Miller"]}
    with pytest.raises(JournalError) as refused:
        read(json.dumps(told))
    assert "Miller" not in str(refused.value)


def defaults() -> dict[str, dict[str, str]]:
    """What every field that may be left out stands for, by class."""
    waiting, found = list(kinds().values()), {}
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = {each.name: repr(each.default) for each in fields(kind) if each.default is not MISSING}
        waiting += [
            part
            for hint in get_type_hints(kind).values()
            for part in (hint, *get_args(hint))
            if isinstance(part, type) and is_dataclass(part) and part.__name__ not in found
        ]
    return found


def test_no_default_that_was_ever_left_out_of_a_text_has_changed():
    """A field at its default is not written, so another default would change what older records say.

    A new field is added to the file beside this test; a line that stands in it is never changed.
    """
    written, now = json.loads(DEFAULTS.read_text(encoding="utf-8")), defaults()
    assert {name: now.get(name) for name in written} == written, "an older record would be read otherwise"
    assert now == written, "write the new fields into written_defaults.json"
