"""Two records of one person become one: no dose, stop or hold is forgotten, and it can be undone (H10, H28)."""

from datetime import date, timedelta

import builders as b
import pytest
import shift as s

from aldes.course.events import DoseStarted, RecordDoubted, RecordEnded
from aldes.course.patient import Patient
from aldes.errors import ActError, MayNotError
from aldes.scope import Scope
from aldes.ward.acts import (
    ConfirmStop,
    EndRecord,
    Go,
    Hold,
    JoinRecord,
    LiftHold,
    PartRecord,
    Prepare,
    RefuteStop,
    Register,
    SettleDoubts,
    Start,
    TakeOver,
)
from aldes.ward.ward import alike

OTHER = "bed-2"
SAME = Patient(family="EXAMPLE", given="Ada ", born=date(1966, 5, 4), identifiers=(("urn:aldes:other", "9"),))
WHY = "one patient, registered twice"


def ward_of_two(*changes, given=2, patient=SAME):
    """The well patient of bed 1 before dose 6, and a second record that tells of other doses."""
    found = s.shift()
    found.do(TakeOver(events_read=tuple(b.well_patient(*changes, given=given))), bed=OTHER)
    found.do(Register(patient=patient), bed=OTHER)
    return found


def end(ward):
    ward.do(EndRecord(into=s.BED, why=WHY), s.PHYSICIAN, bed=OTHER)


def join(ward):
    end(ward)
    ward.do(JoinRecord(other=OTHER, why=WHY), s.PHYSICIAN)


def word(ward, bed=s.BED):
    return ward.ward.decision(bed)["decision"]


def doubts(ward, bed=s.BED):
    return [each.why for each in ward.ward.journal.read(bed) if isinstance(each, RecordDoubted)]


# ── what ended gives nothing ──


def test_a_record_that_has_ended_holds_and_nobody_acts_on_it():
    ward = ward_of_two()
    end(ward)
    assert word(ward, OTHER) != "give"
    for act, person in ((Go(), s.PHYSICIAN), (LiftHold(why="well"), s.PHYSICIAN), (Hold(why="x"), s.NURSE)):
        with pytest.raises(ActError, match=f"goes on in {s.BED}"):
            ward.do(act, person, bed=OTHER)


def test_a_record_that_has_ended_holds_in_the_next_course_too():
    from aldes.course.events import CourseEnded
    from aldes.course.fold import evolve

    ward = ward_of_two()
    end(ward)
    ended = ward.ward.course(OTHER)
    after = evolve(ended, CourseEnded(happened_at=ward.now, recorded_at=ward.now))
    assert (after.ended_into, after.clinician_hold) == (s.BED, True)


# ── doses ──


def test_a_dose_that_this_record_does_not_know_must_be_accounted_for():
    ward = ward_of_two(given=9)  # nine there, five here, at other times
    assert word(ward) == "give"
    join(ward)
    assert word(ward) == "hold"
    told = [each for each in doubts(ward) if "a dose was given at" in each]
    assert told
    assert all("account for it here" in each for each in told)
    ward.do(SettleDoubts(why="the same doses, told twice"), s.PHYSICIAN)
    assert word(ward) == "give"


def test_doses_that_both_tell_of_are_no_doubt_but_a_look_is_owed():
    ward = ward_of_two(given=5)
    join(ward)
    assert [each for each in doubts(ward) if "a dose was given at" in each] == []
    assert word(ward) == "hold"
    assert "look through both" in doubts(ward)[0]


def test_no_dose_starts_before_the_doubts_are_settled():
    ward = ward_of_two(given=5)
    join(ward)
    ward.do(Go(), s.PHYSICIAN)
    ward.do(Prepare(), s.PHARMACIST, s.NURSE)
    bag = next(iter(ward.course.bags))
    with pytest.raises(ActError):
        ward.do(Start(bag=bag), s.NURSE, s.OTHER_NURSE)
    assert not ward.events(DoseStarted)


# ── stops and holds ──


def test_a_permanent_stop_of_the_other_record_stops_here():
    """Hazard H28."""
    ward = ward_of_two(b.charted("ventricular_tachycardia", True, 1), given=5)
    ward.do(ConfirmStop(row="STOP-CV-01", scope=Scope.GOOD), s.PHYSICIAN, bed=OTHER)
    join(ward)
    stop = ward.course.stops["STOP-CV-01"]
    assert (stop.confirmed, stop.scope, word(ward)) == (True, Scope.GOOD, "stop")


def test_an_unreviewed_stop_of_the_other_record_waits_for_a_physician_here():
    ward = ward_of_two(b.charted("ventricular_tachycardia", True, 1), given=5)
    join(ward)
    assert not ward.course.stops["STOP-CV-01"].confirmed
    assert word(ward) == "stop"


def test_a_stop_that_was_refuted_there_and_whose_finding_comes_over_is_looked_at_again():
    """What is charted raises it here; the strict side, since nobody refuted it in this record."""
    ward = ward_of_two(b.charted("ventricular_tachycardia", True, 1), given=5)
    ward.do(RefuteStop(row="STOP-CV-01", why="artefact"), s.PHYSICIAN, bed=OTHER)
    join(ward)
    assert word(ward) == "stop"


def test_a_confirmed_stop_here_stays_confirmed():
    ward = ward_of_two(given=5)
    ward.chart("ventricular_tachycardia", True)
    ward.do(ConfirmStop(row="STOP-CV-01", scope=Scope.GOOD), s.PHYSICIAN)
    join(ward)
    assert ward.course.stops["STOP-CV-01"].confirmed


def test_a_hold_that_stands_there_stands_here():
    ward = ward_of_two(b.charted("spo2", 85, 0.4), given=5)
    assert {each.row for each in ward.ward.course(OTHER).standing()} == {"HOLD-RESP-01"}
    join(ward)
    assert "HOLD-RESP-01" in {each.row for each in ward.course.standing()}


# ── what was charted ──


def test_entries_and_drugs_come_over_and_tell_where_they_come_from():
    ward = ward_of_two(b.charted("albumin", 21, 3, id="lab-1"), given=5)
    join(ward)
    assert f"{OTHER}~lab-1" in {each.id for each in ward.course.entries["albumin"]}
    assert "lab-1" in {each.id for each in ward.ward.course(OTHER).entries["albumin"]}


def test_one_measurement_that_both_tell_of_is_here_once():
    """Charted twice, a collection of urine would overlap itself, and nothing were known."""
    ward = ward_of_two(given=5)
    before = len(ward.course.entries["urine"])
    join(ward)
    assert len(ward.course.entries["urine"]) == before
    ward.do(SettleDoubts(why="seen"), s.PHYSICIAN)
    assert word(ward) == "give"


def test_weight_and_target_stay_those_of_this_record():
    ward = ward_of_two(given=5)
    before = ward.course.entries["dosing_weight"]
    join(ward)
    assert ward.course.entries["dosing_weight"] == before


def test_a_doubtful_entry_comes_over_doubtful():
    ward = ward_of_two(b.charted("spo2", 85, 0.4, fault="the status is preliminary", id="x"), given=5)
    join(ward)
    (moved,) = (each for each in ward.course.entries["spo2"] if each.id == f"{OTHER}~x")
    assert moved.valid is None


# ── who may, and what is refused ──


@pytest.mark.parametrize("person", [s.NURSE, s.PHARMACIST, s.READER])
def test_a_physician_alone_joins(person):
    ward = ward_of_two()
    with pytest.raises(MayNotError, match="a physician"):
        ward.do(EndRecord(into=s.BED, why=WHY), person, bed=OTHER)


@pytest.mark.parametrize(
    ("act", "bed", "sentence"),
    [
        (EndRecord(into=OTHER, why=WHY), OTHER, "the same record"),
        (EndRecord(into="bed-77", why=WHY), OTHER, "No patient has this key"),
        (EndRecord(into=s.BED, why=" "), OTHER, "needs a reason"),
        (JoinRecord(other=OTHER, why=WHY), s.BED, "has not ended into this one"),
        (PartRecord(other=OTHER, why=WHY), s.BED, "were not joined"),
    ],
)
def test_what_makes_no_sense_is_refused(act, bed, sentence):
    ward = ward_of_two()
    before = ward.ward.journal.head()
    with pytest.raises(ActError, match=sentence):
        ward.do(act, s.PHYSICIAN, bed=bed)
    assert ward.ward.journal.head() == before


@pytest.mark.parametrize(
    ("patient", "one"),
    [
        (Patient(family="Example", given="Ada", born=date(1966, 5, 4), identifiers=(("x", "2"),)), True),
        (Patient(family="Exampel", given="Ida", born=date(1967, 5, 4), identifiers=(("urn:aldes:demo", "1"),)), True),
        (Patient(family="Example", given="Ada", born=date(1966, 5, 5), identifiers=(("x", "2"),)), False),
        (Patient(family="Example", given="Ida", born=date(1966, 5, 4), identifiers=(("x", "2"),)), False),
    ],
)
def test_two_people_are_not_joined(patient, one):
    found = s.shift()
    found.do(TakeOver(events_read=tuple(b.well_patient())), bed=OTHER)
    found.ward.journal.append(  # registered past the question that the page asks
        OTHER, tuple(_registered(found, patient)), found.ward.course(OTHER).version
    )
    if one:
        end(found)
        assert found.ward.course(OTHER).ended_into == s.BED
    else:
        with pytest.raises(ActError, match="two people"):
            end(found)


def _registered(found, patient):
    from aldes.course.events import PatientRegistered

    yield PatientRegistered(happened_at=found.now, recorded_at=found.now, patient=patient)


def test_a_record_ends_once_and_into_one_that_goes_on():
    ward = ward_of_two()
    end(ward)
    with pytest.raises(ActError, match="goes on in"):
        end(ward)
    with pytest.raises(ActError, match="has itself ended"):
        ward.do(EndRecord(into=OTHER, why=WHY), s.PHYSICIAN)


def test_a_record_is_joined_once():
    ward = ward_of_two()
    join(ward)
    with pytest.raises(ActError, match="already"):
        ward.do(JoinRecord(other=OTHER, why=WHY), s.PHYSICIAN)


# ── on the board ──


def test_two_joined_records_are_no_longer_told_apart_as_two_people():
    ward = ward_of_two()
    both = [(id, ward.ward.course(id)) for id in ward.ward.courses()]
    assert alike(both, ward.course) == (OTHER,)
    end(ward)
    both = [(id, ward.ward.course(id)) for id in ward.ward.courses()]
    assert alike(both, ward.course) == (OTHER,), "ended, and not joined yet: it is still said"
    ward.do(JoinRecord(other=OTHER, why=WHY), s.PHYSICIAN)
    both = [(id, ward.ward.course(id)) for id in ward.ward.courses()]
    assert alike(both, ward.course) == ()


# ── undone ──


def test_joined_in_error_each_is_its_own_again():
    ward = ward_of_two(b.charted("albumin", 21, 3, id="lab-1"), given=5)
    join(ward)
    ward.do(SettleDoubts(why="seen"), s.PHYSICIAN)
    ward.pass_time(minutes=5)
    ward.do(PartRecord(other=OTHER, why="two people after all"), s.PHYSICIAN)
    ward.do(PartRecord(other=s.BED, why="two people after all"), s.PHYSICIAN, bed=OTHER)
    ids = {each.id for series in ward.course.entries.values() for each in series}
    assert not [each for each in ids if each.startswith(f"{OTHER}~")]
    assert (ward.course.joined, ward.ward.course(OTHER).ended_into) == ((), "")
    for bed in (s.BED, OTHER):
        assert word(ward, bed) == "hold", "both wait for a look"
        assert "parted" in doubts(ward, bed)[-1]


def test_nothing_is_edited_in_either_record():
    ward = ward_of_two()
    before = {bed: ward.ward.journal.read(bed) for bed in (s.BED, OTHER)}
    join(ward)
    for bed, events in before.items():
        assert ward.ward.journal.read(bed)[: len(events)] == events
    assert len(ward.events(RecordEnded)) == 0
    assert timedelta(0) <= ward.now - max(each.recorded_at for each in ward.ward.journal.read(OTHER))
