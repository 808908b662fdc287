"""The record as a record: what was known when, corrections that keep the first value, pins, replays, other records."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import builders as b
import pytest
import shift as s

from aldes.administration.document import answer as compose
from aldes.course.events import (
    CourseOpened,
    DecisionShown,
    DoseStarted,
    EntryRetracted,
    FindingCharted,
    PinChanged,
    Stay,
)
from aldes.course.fold import replay
from aldes.course.patient import Patient
from aldes.course.pins import Pins
from aldes.errors import ActError
from aldes.scope import Scope
from aldes.ward import Signature, answer
from aldes.ward.acts import (
    AcceptRules,
    ChangeStay,
    Chart,
    ConfirmStop,
    Correct,
    Discharge,
    EndCourse,
    Go,
    OpenCourse,
    OpenCycle,
    Override,
    OverrideReason,
    PinWeight,
    Prepare,
    Register,
    Retract,
    Start,
    TakeOver,
    left_out,
)
from aldes.ward.documents import canonical
from aldes.ward.ward import alike


@pytest.fixture
def ward():
    return s.shift()


# ── what was known at three o'clock ──


def test_what_the_ward_knew_at_three_is_what_was_recorded_until_then(ward):
    """Hazard H45: a value from half past two, charted at four, was not known at three."""
    ward.pass_time(hours=1)
    ward.chart("spo2", 87, minutes_ago=50)
    three = b.NOW + timedelta(minutes=30)
    protocol = ward.ward.protocol(ward.course)
    assert compose(ward.ward.knew(s.BED, three), protocol, three)["decision"] == "give"
    assert ward.word() == "hold"


def test_a_late_entry_leaves_the_answer_that_was_shown(ward):
    signature = Signature(person=s.NURSE)
    ward.ward.show(s.BED, signature)
    ward.pass_time(hours=1)
    ward.chart("spo2", 87, minutes_ago=50)
    ward.ward.show(s.BED, signature)
    assert [each.decision for each in ward.events(DecisionShown)] == ["give", "hold"]


def test_a_decision_is_kept_once_while_its_core_stays(ward):
    signature = Signature(person=s.NURSE)
    for _ in range(3):
        ward.ward.show(s.BED, signature)
        ward.pass_time(minutes=1)
    assert len(ward.events(DecisionShown)) == 1


def test_a_shown_decision_is_made_again_from_the_record_byte_for_byte(ward):
    """Semantics, section 6: on the same engine, bytes equal."""
    ward.give()
    events = ward.ward.journal.read(s.BED)
    for at, shown in enumerate(events):
        if isinstance(shown, DecisionShown):
            course = replay(events[: shown.version])
            assert at >= shown.version
            again = compose(course, ward.ward.protocol(course), shown.asked_at, patient=s.BED)
            assert canonical(again) == ward.ward.journal.document(shown.digest)


def test_the_course_is_folded_on_and_equals_the_whole_fold(ward):
    ward.give()
    assert ward.course == replay(ward.ward.journal.read(s.BED))


def test_a_clock_before_the_record_refuses(ward):
    """Hazard H67: five minutes of difference are two clocks, more is a clock that was set back."""
    ward.pass_time(minutes=-8)
    with pytest.raises(ActError, match="clock of this server"):
        ward.do(Go(), s.PHYSICIAN)


def test_a_clock_a_little_before_the_record_never_goes_back(ward):
    last = ward.ward.journal.read(s.BED)[-1].recorded_at
    ward.now = last - timedelta(minutes=5)
    ward.do(Go(), s.PHYSICIAN)
    assert ward.ward.journal.read(s.BED)[-1].recorded_at == last


# ── corrections ──


def test_a_correction_names_the_entry_and_keeps_the_first_value(ward):
    ward.chart("spo2", 78, id="slip")
    right = ward.entry("spo2", 97, id="right")
    ward.do(Correct(id="slip", entry=right, why="digits swapped"))
    assert [each.why for each in ward.events(EntryRetracted)] == ["digits swapped"]
    assert [each.corrects for each in ward.events(FindingCharted) if each.corrects] == ["slip"]
    assert any(each.entry.id == "slip" for each in ward.events(FindingCharted))
    assert ward.word() == "hold"  # what the wrong value opened waits for a physician


@pytest.mark.parametrize(
    "act", [Retract(id="unknown", why="x"), Correct(id="unknown", entry=b.charted("spo2", 97), why="x")]
)
def test_an_entry_that_is_not_there_is_neither_corrected_nor_retracted(ward, act):
    with pytest.raises(ActError, match="No entry"):
        ward.do(act)


def test_a_correction_stays_with_its_finding(ward):
    ward.chart("spo2", 97, id="one")
    with pytest.raises(ActError, match="something else"):
        ward.do(Correct(id="one", entry=b.charted("systolic", 97), why="x"))


def test_a_correction_says_why(ward):
    ward.chart("spo2", 97, id="one")
    with pytest.raises(ActError, match="needs a reason"):
        ward.do(Correct(id="one", entry=b.charted("spo2", 96), why=" "))


def test_one_id_is_charted_once(ward):
    ward.chart("spo2", 97, id="one")
    with pytest.raises(ActError, match="charted already"):
        ward.chart("spo2", 96, id="one")


def test_the_dosing_weight_is_pinned_and_never_charted(ward):
    with pytest.raises(ActError, match="Pin it"):
        ward.chart("dosing_weight", 90)


def test_a_judged_finding_counts_as_judged_by_who_charts_it(ward):
    ward.do(Chart(entries=(ward.entry("mental_status", "normal", by="physician"),)))
    assert ward.course.entries["mental_status"][-1].role == "nurse"


# ── weights (hazards H01, H07) ──


@pytest.mark.parametrize(("kg", "asks"), [("63", False), ("62.9", True), ("77", False), ("77.1", True)])
def test_a_dosing_weight_more_than_ten_percent_from_the_scales_says_why(ward, kg, asks):
    act = PinWeight(kg=Decimal(kg))
    if asks:
        with pytest.raises(ActError, match="more than 10 %"):
            ward.do(act, s.PHYSICIAN, s.PHARMACIST)
    ward.do(replace(act, why="dry weight"), s.PHYSICIAN, s.PHARMACIST)
    assert ward.course.entries["dosing_weight"][-1].valid == Decimal(kg)


@pytest.mark.parametrize("kg", ["29.9", "250.1", "0", "-70"])
def test_a_dosing_weight_that_nobody_has_is_refused(ward, kg):
    with pytest.raises(ActError, match="implausible"):
        ward.do(PinWeight(kg=Decimal(kg), why="x"), s.PHYSICIAN, s.PHARMACIST)


# ── pins ──


def test_a_course_pins_its_protocol_with_everything_that_it_says(ward):
    pins = ward.events(CourseOpened)[0].pins
    assert (pins.protocol, pins.site, pins.ctcae) == (b.LABEL, "demo", "5.0")
    assert ward.ward.journal.document(pins.pin).startswith('{"protocol"')


def changed_rules() -> s.Shift:
    """A course that was opened under rules that have changed since."""
    found = s.shift()
    pins = replace(found.course.pins, pin="sha256:of-yesterday")
    event = PinChanged(happened_at=found.now, recorded_at=found.now, pins=pins)
    found.ward.journal.append(s.BED, [event], found.course.version)
    return found


def test_rules_that_changed_in_mid_course_hold_until_two_people_sign():
    """Hazard H31."""
    found = changed_rules()
    assert found.rows() == {"PIN-01"}
    found.do(AcceptRules(why="the new edition was read"), s.PHYSICIAN, s.PHARMACIST)
    assert found.word() == "give"


def test_rules_that_changed_have_no_override():
    with pytest.raises(ActError, match="PIN-01 is about the record"):
        changed_rules().do(Override(rows=("PIN-01",), reason=OverrideReason.BENEFIT, why="x"), s.PHYSICIAN, s.NURSE)


def test_rules_that_did_not_change_need_no_signature(ward):
    with pytest.raises(ActError, match="the one that this course pinned"):
        ward.do(AcceptRules(why="x"), s.PHYSICIAN, s.PHARMACIST)


# ── courses and cycles ──


def test_a_course_opens_for_a_registered_patient_alone():
    found = s.Shift()
    with pytest.raises(ActError, match="Register the patient first"):
        found.do(OpenCourse(), s.PHYSICIAN)


def test_opening_a_course_that_selection_does_not_clear_says_why():
    """Hazard H88: the criteria are asked again when a course opens."""
    found = s.Shift()
    found.do(Register(patient=s.PATIENT))
    with pytest.raises(ActError, match="while selection says 'undetermined'"):
        found.do(OpenCourse(), s.PHYSICIAN)


def test_a_protocol_that_is_not_for_the_bedside_opens_no_course():
    found = s.Shift(protocol="til-2024", site=None)
    found.do(Register(patient=s.PATIENT))
    with pytest.raises(ActError, match="no bedside protocol"):
        found.do(OpenCourse(why="x"), s.PHYSICIAN)


def test_a_cycle_opens_after_one_that_had_a_slot(ward):
    ward.pass_time(hours=24 * 12)
    ward.do(OpenCycle(), s.PHYSICIAN)
    assert (ward.course.cycle, ward.course.in_cycle) == (2, ())
    with pytest.raises(ActError, match="it is open"):
        ward.do(OpenCycle(), s.PHYSICIAN)


def test_a_course_ends_after_the_patient_went_home(ward):
    with pytest.raises(ActError, match="discharge first"):
        ward.do(EndCourse(why="done"), s.PHYSICIAN)
    ward.do(Discharge(), s.PHYSICIAN)
    assert "PHASE-02" in ward.rows()
    ward.do(EndCourse(why="done"), s.PHYSICIAN)
    assert (ward.course.courses_before, ward.course.pins, ward.course.patient) == (1, None, s.PATIENT)


def test_dialysis_on_the_ward_is_seen_by_the_rows(ward):
    ward.do(ChangeStay(what=Stay.DIALYSIS))
    assert ward.word() in ("hold", "stop")


@pytest.mark.parametrize(
    "patient",
    [
        Patient(family="", given="Ada", born=date(1966, 5, 4), identifiers=(("a", "1"),)),
        Patient(family="Example", given="Ada", born=date(1966, 5, 4), identifiers=()),
        Patient(family="Example", given="Ada", born=date(1866, 5, 4), identifiers=(("a", "1"),)),
        Patient(family="Example", given="Ada", born=date(2066, 5, 4), identifiers=(("a", "1"),)),
        Patient(family="Example", given="Ada", born=date(1966, 5, 4), identifiers=(("a", " "),)),
    ],
)
def test_a_patient_who_cannot_be_told_is_not_registered(patient):
    with pytest.raises(ActError):
        s.Shift().do(Register(patient=patient))


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"family": "EXAMPLE ", "identifiers": (("urn:aldes:demo", "2"),)}, True),
        ({"family": "Other"}, True),  # the same identifier
        ({"born": date(1967, 5, 4), "identifiers": (("urn:aldes:demo", "2"),)}, False),
    ],
)
def test_the_same_patient_under_another_key_is_seen(ward, change, same):
    """Hazard H10: one identifier, or the same name and birth date."""
    ward.do(Register(patient=replace(s.PATIENT, **change)), bed="bed-2")
    others = [(id, ward.ward.course(id)) for id in ward.ward.courses()]
    assert bool(alike(others, ward.course)) is same


# ── another record ──


def test_a_referral_is_a_new_patients_history(ward):
    assert len(ward.course.in_cycle) == 5
    assert all(each.recorded_at == b.NOW for each in ward.ward.journal.read(s.BED))


def test_later_results_come_into_an_open_course_once(ward):
    new = ward.entry("spo2", 87, id="lab-1")
    ward.do(TakeOver(events_read=(new,)))
    assert ward.word() == "hold"
    with pytest.raises(ActError, match="Nothing in the record that came is new"):
        ward.do(TakeOver(events_read=(new,)))


def test_another_record_never_adds_a_dose_to_an_open_course(ward):
    dose = b.slot(9, 0)
    with pytest.raises(ActError, match="new here"):
        ward.do(TakeOver(events_read=(dose,)))
    assert left_out(ward.course, (dose,)) == (dose,)


def test_a_permanent_stop_goes_with_the_patient_into_the_next_course(ward):
    """Hazard H28."""
    ward.chart("ventricular_tachycardia", True)
    row = next(iter(ward.rows()))
    ward.do(ConfirmStop(row=row, scope=Scope.GOOD), s.PHYSICIAN)
    ward.do(Discharge(), s.PHYSICIAN)
    ward.do(EndCourse(why="stopped"), s.PHYSICIAN)
    ward.pass_time(hours=24 * 60)
    ward.do(OpenCourse(why="asked for again"), s.PHYSICIAN)
    assert (ward.word(), row in ward.rows()) == ("stop", True)


def test_an_answer_from_the_ward_is_the_answer_of_the_command(ward):
    events = ward.ward.journal.read(s.BED)
    said = answer(events, ward.ward.protocol(ward.course), ward.now, has_course=True, patient=s.BED)
    assert said == ward.ward.decision(s.BED)


def test_a_start_records_the_instant_of_the_ward_and_no_other(ward):
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    ward.do(Start(bag=ward.bag()), s.NURSE, s.OTHER_NURSE)
    assert ward.events(DoseStarted)[-1].happened_at == ward.now


def test_pins_say_which_program_opened_the_course(ward):
    assert isinstance(ward.course.pins, Pins)
    assert ward.course.pins.engine.startswith("aldes ")
