"""What pages are composed of: slots, holds that wait, series, the fields of the check."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import builders as b
import pytest
import shift as s

from aldes.service.views.entry import entry_form
from aldes.service.views.holds import no_longer_met
from aldes.service.views.series import panels
from aldes.service.views.slots import timeline
from aldes.ward.acts import Chart, End, HoldSlot, Interrupt, Omission, OmitSlot, RetractSlot


@pytest.fixture
def ward():
    return s.shift()


def states(found, cycle=0):
    return [each.state for each in timeline(found.course, found.now)[cycle]]


def test_a_course_is_two_cycles_of_fourteen_places(ward):
    assert [len(each) for each in timeline(ward.course, ward.now)] == [14, 14]
    assert states(ward)[:7] == ["given"] * 5 + ["next", "planned"]


def test_a_dose_that_runs_and_one_that_was_broken_off_look_different(ward):
    ward.give()
    assert states(ward)[5] == "running"
    ward.do(Interrupt())
    assert states(ward)[5] == "given partly"


def test_a_held_place_says_its_row_and_an_omitted_one_its_reason(ward):
    ward.chart("spo2", 87)
    ward.do(HoldSlot())
    ward.pass_time(hours=8)
    ward.do(OmitSlot(reason=Omission.LOGISTICS))
    held, omitted = timeline(ward.course, ward.now)[0][5:7]
    assert (held.why, omitted.why) == ("HOLD-RESP-01", "logistics")


def test_a_place_that_nobody_accounts_for_is_seen(ward):
    ward.do(RetractSlot(cycle=1, number=3, why="wrong patient"), s.PHARMACIST, s.NURSE)
    assert states(ward)[2] == "unaccounted"


def test_a_dose_assessed_as_held_and_then_given_is_delayed(ward):
    ward.chart("spo2", 87)
    ward.ward.show(s.BED, s.Signature(person=s.NURSE))
    ward.pass_time(minutes=5)
    ward.chart("spo2", 97)
    ward.give()
    ward.do(End())
    delayed = [each.number for each in timeline(ward.course, ward.now)[0] if each.delayed]
    assert delayed == [6]


def test_a_dose_that_was_never_assessed_as_held_is_not_delayed(ward):
    ward.give()
    assert not timeline(ward.course, ward.now)[0][5].delayed


def test_a_planned_place_keeps_its_time_on_the_grid(ward):
    ninth = timeline(ward.course, ward.now)[0][8]
    assert ninth.at - ward.course.slots[0].at == timedelta(hours=64)


def test_a_fifteenth_place_is_shown_where_one_was_closed():
    found = s.shift(b.slot(15, 0.1), given=14)
    assert len(timeline(found.course, found.now)[0]) == 15


def test_a_hold_whose_criterion_is_over_says_what_it_waits_for():
    """Exactly 90 % is no longer below 90, and does not resume."""
    found = s.shift()
    found.chart("spo2", 87)
    assert no_longer_met(found.course, found.ward.protocol(found.course), found.now) == []
    found.pass_time(minutes=1)
    found.chart("spo2", 90)
    (waiting,) = no_longer_met(found.course, found.ward.protocol(found.course), found.now)
    assert (waiting.row, waiting.waits_for) == ("HOLD-RESP-01", "oxygen saturation above 90 %")


def test_a_hold_that_rests_on_an_error_waits_for_a_physician():
    found = s.shift()
    found.chart("spo2", 87, id="wrong")
    found.do(s.Retract(id="wrong", why="another finger"))
    found.pass_time(minutes=1)
    found.chart("spo2", 97)
    (waiting,) = no_longer_met(found.course, found.ward.protocol(found.course), found.now)
    assert waiting.by == "physician"


def panel(found, words):
    drawn = panels(found.course, found.ward.protocol(found.course), found.now)
    return next(each for each in drawn["panels"] if each["words"] == words)


def test_a_panel_has_values_limits_and_doses(ward):
    ward.chart("spo2", 96)
    oxygen = panel(ward, "oxygen saturation")
    assert [point[1] for point in oxygen["series"][0]["points"]] == [97, 96]
    assert {"row": "HOLD-RESP-01", "op": "<", "value": 90.0} in oxygen["limits"]
    assert len(panels(ward.course, ward.ward.protocol(ward.course), ward.now)["doses"]) == 5


def test_a_doubtful_value_is_marked_and_not_left_out(ward):
    ward.chart("spo2", 88, fault="the status is preliminary")
    last = panel(ward, "oxygen saturation")["series"][0]["points"][-1]
    assert last[1:] == [88, False, "88: the status is preliminary"]


def test_an_implausible_value_has_no_place_in_the_picture_and_keeps_its_words(ward):
    charted = ward.entry("spo2", 970)
    entry = replace(charted.entry, worst=None, valid=None, text="970 %", fault="970 % cannot be")
    ward.do(Chart(entries=(replace(charted, entry=entry),)))
    last = panel(ward, "oxygen saturation")["series"][0]["points"][-1]
    assert last[1:] == [None, False, "970 %: 970 % cannot be"]


def test_a_believed_value_has_no_words_of_doubt(ward):
    points = panel(ward, "oxygen saturation")["series"][0]["points"]
    assert points
    assert all(each[2] and each[3] == "" for each in points)


def test_the_balance_is_what_went_in_less_what_came_out_in_that_time(ward):
    ward.pass_time(hours=8)
    ward.chart("urine", 300, over_h=8)
    ward.chart("diarrhoea_volume", 100, over_h=8)
    ward.chart("fluid_intake", 1500, over_h=8)
    (point,) = panel(ward, "fluid balance, as charted")["series"][0]["points"]
    assert point[1] == 1100


def test_without_charted_intake_there_is_no_balance(ward):
    assert panel(ward, "fluid balance, as charted")["series"][0]["points"] == []


def test_the_check_has_a_key_for_each_organ_system_and_shows_what_is_owed(ward):
    form = entry_form(ward.course, ward.ward.protocol(ward.course), frozenset({"spo2"}))
    assert {each.name for each in form.systems} == set(b.SYSTEMS)
    assert [each.name for each in form.vitals if each.owed] == ["spo2"]
    assert all(each.items for each in form.systems)


def test_the_last_value_is_there_to_be_repeated(ward):
    form = entry_form(ward.course, ward.ward.protocol(ward.course), frozenset())
    systolic = next(each for each in form.vitals if each.name == "systolic")
    assert Decimal(systolic.last) == 118


def test_units_that_read_alike_are_one_choice(ward):
    form = entry_form(ward.course, ward.ward.protocol(ward.course), frozenset())
    for field in (*form.vitals, *form.amounts, *form.results):
        words = [text for _, text in field.units]
        assert len(words) == len(set(words)), field.name


def test_performed_tests_are_asked_where_the_protocol_asks_them():
    found = s.shift(protocol=b.CONSENSUS)
    form = entry_form(found.course, found.ward.protocol(found.course), frozenset())
    assert {"serial_sevens", "world_backward"} <= {each.name for each in form.tests}
