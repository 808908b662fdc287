"""Who is on the ward is read on from where it was known, and somebody else's change is seen at once."""

import pytest
import shift as s

from aldes.course.journal import WARD
from aldes.course.people import PersonEnrolled, PersonLeft, Role, SecretChanged
from aldes.ward import Ward

ONE, OTHER = "hash 1", "hash 2"


def event(kind, now, **what):
    return kind(happened_at=now, recorded_at=now, person="keeper", **what)


def test_who_joined_changed_and_left_since_the_last_look_is_seen():
    here = s.shift()
    elsewhere = Ward(here.ward.journal, protocol="us-label-2023", site="demo", clock=lambda: here.now)
    elsewhere.say(event(PersonEnrolled, here.now, id="n1", name="nurse A", role=Role.NURSE, secret=ONE))
    assert here.ward.people()["n1"].secret == ONE
    elsewhere.say(event(SecretChanged, here.now, id="n1", secret=OTHER))
    elsewhere.say(event(PersonEnrolled, here.now, id="p1", name="physician A", role=Role.PHYSICIAN, secret=ONE))
    assert here.ward.people()["n1"].secret == OTHER
    elsewhere.say(event(PersonLeft, here.now, id="n1"))
    assert here.ward.people()["n1"].left
    assert here.ward.people() == elsewhere.people()
    assert here.ward.people()["p1"].role is Role.PHYSICIAN


def test_people_who_were_looked_at_do_not_change_under_whoever_looks():
    here = s.shift()
    here.ward.say(event(PersonEnrolled, here.now, id="n1", name="nurse A", role=Role.NURSE, secret=ONE))
    before = here.ward.people()
    here.ward.say(event(PersonLeft, here.now, id="n1"))
    here.ward.people()
    assert not before["n1"].left


@pytest.mark.parametrize("id", ["bed-2", "", WARD])
def test_a_key_of_nobody_is_known_neither_before_nor_after_it_was_looked_at(id):
    here = s.shift()
    assert not here.ward.knows(id)
    if id != WARD:
        assert here.ward.course(id).version == 0
    assert not here.ward.knows(id)


def test_a_patient_who_came_by_another_program_is_known():
    here = s.shift()
    elsewhere = Ward(here.ward.journal, protocol="us-label-2023", site="demo", clock=lambda: here.now)
    assert elsewhere.knows(s.BED)
    assert elsewhere.course(s.BED).version == here.course.version
    assert elsewhere.knows(s.BED)
