"""Who may do what: a role for each act, two people where one is not enough (hazard H55)."""

from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal

import builders as b
import pytest
import shift as s

from aldes.course.events import SlotState, Stay
from aldes.course.people import PersonEnrolled, PersonLeft, Role, SecretChanged, people
from aldes.errors import ActError
from aldes.scope import Scope
from aldes.ward import acts

ACTS = sorted(
    (each for each in vars(acts).values() if isinstance(each, type) and issubclass(each, acts.Act)),
    key=lambda each: each.__name__,
)
ACTS = [each for each in ACTS if each is not acts.Act]
PHYSICIANS_ALONE = {
    *("ConfirmStop", "Discharge", "EndCourse", "Go", "LiftHold", "LiftStandingHold", "OpenCourse", "OpenCycle"),
    *("EndRecord", "JoinRecord", "Override", "PartRecord", "PinTarget", "RecordDeath", "RefuteStop", "WithdrawGo"),
}
TWO_PEOPLE = {"AcceptRules", "Override", "PinWeight", "Prepare", "RetractSlot", "Start"}


def made(kind):
    """An act of this kind; what it says does not matter here, since who may is judged first."""
    said = {
        "patient": s.PATIENT,
        "row": "HOLD-RESP-01",
        "rows": (),
        "reason": acts.Omission.ORDER,
        "scope": Scope.CYCLE,
        "what": Stay.ICU_IN,
        "state": SlotState.HELD,
        "at": b.NOW,
        "kg": Decimal(70),
        "mmhg": Decimal(85),
        "entry": b.charted("spo2", 95),
    }
    numbers = dict.fromkeys(("cycle", "number", "grade"), 1)
    values = said | numbers | {"entries": (), "events_read": ()}
    return kind(**{each.name: values.get(each.name, "x") for each in fields(kind)})


@pytest.mark.parametrize("kind", ACTS, ids=lambda kind: kind.__name__)
def test_a_reader_does_nothing(kind):
    with pytest.raises(ActError, match="not for a reader"):
        s.shift().do(made(kind), s.READER, s.PHYSICIAN)


@pytest.mark.parametrize("kind", ACTS, ids=lambda kind: kind.__name__)
def test_physicians_alone_decide_what_is_theirs(kind):
    if kind.__name__ in PHYSICIANS_ALONE:
        for person in (s.NURSE, s.PHARMACIST):
            with pytest.raises(ActError, match=f"not for a {person.role.value}"):
                s.shift().do(made(kind), person, s.PHYSICIAN)
    else:
        assert kind.may > {Role.PHYSICIAN}


@pytest.mark.parametrize("kind", ACTS, ids=lambda kind: kind.__name__)
def test_what_needs_two_people_needs_two(kind):
    person = s.PHYSICIAN
    if kind.__name__ in TWO_PEOPLE:
        with pytest.raises(ActError, match="needs a second person"):
            s.shift().do(made(kind), person)
        with pytest.raises(ActError, match="two different people"):
            s.shift().do(made(kind), person, person)
    else:
        assert not kind.second


@pytest.mark.parametrize("kind", [acts.PinWeight, acts.AcceptRules])
def test_prescriber_and_pharmacist_are_one_of_each(kind):
    other = s.Person(id="p2", name="physician B", role=Role.PHYSICIAN)
    with pytest.raises(ActError, match="a physician and a pharmacist"):
        s.shift().do(made(kind), s.PHYSICIAN, other)


def test_who_left_the_ward_signs_nothing():
    gone = s.Person(id="n9", name="nurse C", role=Role.NURSE, left=True)
    with pytest.raises(ActError, match="not for"):
        s.shift().chart("spo2", 95, person=gone)
    found = s.shift()
    found.do(acts.Go(), s.PHYSICIAN)
    found.do(acts.Prepare(), s.PHARMACIST, s.NURSE)
    with pytest.raises(ActError, match="second person"):
        found.do(acts.Start(bag=found.bag()), s.NURSE, gone)


def test_the_people_of_the_ward_are_what_its_events_add_up_to():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    when = {"happened_at": at, "recorded_at": at}
    found = people(
        [
            PersonEnrolled(**when, id="n1", name="nurse A", role=Role.NURSE, secret="a"),
            PersonEnrolled(**when, id="p1", name="physician A", role=Role.PHYSICIAN, secret="b"),
            SecretChanged(**when, id="n1", secret="c"),
            PersonLeft(**when, id="p1"),
        ]
    )
    assert (found["n1"].secret, found["n1"].left, found["p1"].left) == ("c", False, True)


def test_the_ward_knows_its_people_from_its_own_stream():
    found = s.shift()
    at = {"happened_at": b.NOW, "recorded_at": b.NOW}
    found.ward.say(PersonEnrolled(**at, id="n1", name="nurse A", role=Role.NURSE, secret="x"))
    assert set(found.ward.people()) == {"n1"}
    found.ward.say(PersonLeft(**at, id="n1"))
    assert found.ward.people()["n1"].left
