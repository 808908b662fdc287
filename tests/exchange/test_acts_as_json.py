"""Acts of the ward as they come over the wire: read exactly, or refused with a sentence that names the fault."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from aldes.course.events import FindingCharted, SlotState, StatementMade, Stay
from aldes.errors import InputError
from aldes.exchange.acts import KINDS, read_act
from aldes.exchange.document import parse
from aldes.scope import Scope
from aldes.ward.acts import (
    ChangeStay,
    Chart,
    ConfirmStop,
    Correct,
    End,
    Go,
    Interrupt,
    Omission,
    OmitSlot,
    Override,
    OverrideReason,
    PinWeight,
    RecordSlot,
    Register,
    Start,
    TakeOver,
)

NOW = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)


def told(text: str):
    return read_act(parse(text.encode()), NOW, "c").act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ('{"do": "go"}', Go()),
        ('{"do": "start", "bag": "1-6-1"}', Start(bag="1-6-1")),
        ('{"do": "end", "at": "2026-03-01T15:45:00+00:00"}', End(at=datetime(2026, 3, 1, 15, 45, tzinfo=UTC))),
        ('{"do": "end", "at": null}', End()),
        ('{"do": "interrupt", "volume_ml": 17.5}', Interrupt(volume_ml=Decimal("17.5"))),
        ('{"do": "interrupt", "volume_ml": "17.5"}', Interrupt(volume_ml=Decimal("17.5"))),
        ('{"do": "omit slot", "reason": "logistics"}', OmitSlot(reason=Omission.LOGISTICS)),
        ('{"do": "confirm stop", "row": "A", "scope": "for good"}', ConfirmStop(row="A", scope=Scope.GOOD)),
        ('{"do": "change stay", "what": "intubated"}', ChangeStay(what=Stay.INTUBATION)),
        ('{"do": "pin weight", "kg": 70.5}', PinWeight(kg=Decimal("70.5"))),
        (
            '{"do": "record slot", "cycle": 1, "number": 6, "state": "given", "why": "w",'
            ' "at": "2026-03-01T08:00:00Z"}',
            RecordSlot(cycle=1, number=6, state=SlotState.GIVEN, at=datetime(2026, 3, 1, 8, tzinfo=UTC), why="w"),
        ),
    ],
)
def test_an_act_is_read_with_its_fields(text, act):
    assert told(text) == act


def test_an_override_names_its_rows_and_its_reason():
    reason = OverrideReason.BENEFIT
    text = f'{{"do": "override", "rows": ["A", "B"], "reason": "{reason.value}", "why": "seen"}}'
    assert told(text) == Override(rows=("A", "B"), reason=reason, why="seen")


def test_a_patient_is_registered_with_names_birth_date_and_identifiers():
    patient = told(
        '{"do": "register", "patient": {"family": "Example", "given": "Ada", "born": "1966-05-04",'
        ' "identifiers": [{"system": "urn:aldes:demo", "value": "1"}]}}'
    )
    assert isinstance(patient, Register)
    assert (patient.patient.born, patient.patient.identifiers) == (date(1966, 5, 4), (("urn:aldes:demo", "1"),))


def test_items_are_charted_with_an_id_and_the_time_of_now_where_they_bring_none():
    act = told(
        '{"do": "chart", "items": [{"name": "spo2", "value": 97, "unit": "%"},'
        ' {"name": "statement.neuro", "value": "none of the listed"}]}'
    )
    assert isinstance(act, Chart)
    value = next(each for each in act.entries if isinstance(each, FindingCharted))
    statement = next(each for each in act.entries if isinstance(each, StatementMade))
    assert (value.entry.id, value.entry.time, statement.id, statement.happened_at) == ("c-0", NOW, "c-1", NOW)


def test_an_implausible_value_is_kept_and_answers_no_question_with_no():
    act = told('{"do": "chart", "items": [{"name": "spo2", "value": 970, "unit": "%"}]}')
    assert isinstance(act, Chart)
    (event,) = act.entries
    assert isinstance(event, FindingCharted)
    assert (event.entry.valid, "implausible" in (event.entry.fault or "")) == (None, True)


def test_a_correction_brings_one_newer_value():
    act = told('{"do": "correct", "id": "e1", "why": "slip", "item": {"name": "spo2", "value": 97, "unit": "%"}}')
    assert isinstance(act, Correct)
    assert (act.id, act.entry.entry.valid) == ("e1", Decimal(97))


def test_a_record_is_taken_over_with_its_doubts():
    act = told('{"do": "take over", "record": {"findings": [{"name": "no such", "value": 1}]}}')
    assert isinstance(act, TakeOver)
    assert [type(each).__name__ for each in act.events_read] == ["RecordDoubted"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "whose 'do' names it"),
        ('{"do": 1}', "whose 'do' names it"),
        ('{"do": "og"}', "names no act"),
        ('{"do": "hold slots"}', "Did you mean 'hold slot'"),
        ('{"do": "start"}', "lacks bag"),
        ('{"do": "start", "bag": 1}', "not a text"),
        ('{"do": "start", "bag": "1", "dose": 2}', "which we do not know"),
        ('{"do": "interrupt", "volume_ml": "17,5"}', "with a comma"),
        ('{"do": "interrupt", "volume_ml": true}', "not a number"),
        ('{"do": "confirm stop", "row": "A", "scope": "for goods"}', "Did you mean 'for good'"),
        ('{"do": "end", "at": "2026-03-01T15:45"}', "date, time and zone"),
        ('{"do": "record grade", "term": "fever", "grade": 1.5}', "whole number"),
        ('{"do": "chart", "items": []}', "list of 1 to"),
        ('{"do": "chart", "items": [{"name": "sp02", "value": 97}]}', "Did you mean 'spo2'"),
        ('{"do": "chart", "items": [{"name": "aldesleukin", "value": "given"}]}', "own act"),
        ('{"do": "chart", "items": [{"name": "spo2", "status": "entered-in-error", "id": "x"}]}', "own act"),
        ('{"do": "take over", "record": []}', "not an object"),
        ('{"do": "override", "rows": "A", "reason": "x", "why": "w"}', "not a list"),
        (
            '{"do": "register", "patient": {"family": "A", "given": "B", "born": "19660504", "identifiers": []}}',
            "not a day",
        ),
    ],
)
def test_what_cannot_be_right_is_refused_in_a_sentence(text, said):
    with pytest.raises(InputError, match=said):
        told(text)


def test_a_reason_loses_what_could_deceive_a_reader():
    """Hazard H81: a right-to-left override, a control character, a lone surrogate."""
    act = told('{"do": "omit slot", "reason": "logistics", "why": "no bag\\u202e came\\u0007 \\ud800"}')
    assert isinstance(act, OmitSlot)
    assert act.why == "no bag came"


def test_every_act_has_a_name_of_its_own_on_the_wire():
    assert len(KINDS) >= 30
    assert all(name == name.lower() for name in KINDS)
