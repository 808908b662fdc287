"""Patients who are taken for each other by their names are told apart on the board (hazard H09)."""

from datetime import date

import pytest
import shift as s

import house as h
from aldes.course.patient import Patient
from aldes.service.views.names import look_alike, one_letter_apart
from aldes.ward.acts import Register


def patient(family, given="Ada", number="2"):
    return Patient(family=family, given=given, born=date(1970, 1, 1), identifiers=(("urn:aldes:demo", number),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Example", "Example"),
        ("Example", "EXAMPLE"),
        ("Example", "Exampel"),  # two neighbours swapped
        ("Example", "Exemple"),  # one other letter
        ("Example", "Examples"),  # one more
        ("Example", "Exampe"),  # one less
        ("Example", "Ехample"),  # the first two letters are Cyrillic
        ("Müller", "Mu\u0308ller"),  # composed and not
        ("Müller", "Muller"),
        ("Möller", "Müller"),
        ("Barnes", "Bames"),  # r and n, seen as m
        ("O'Neil", "Oneil"),
        ("Hall", "Ha11"),
        ("de Boer", "Deboer"),
    ],
)
def test_family_names_that_look_alike(one, other):
    assert look_alike(patient(one, "Ada"), patient(other, "Ben"))
    assert look_alike(patient(other, "Ben"), patient(one, "Ada"))


@pytest.mark.parametrize(("one", "other"), [("Example", "Sample"), ("Li", "Lu"), ("Roe", "Rae"), ("Brown", "Braun")])
def test_family_names_that_do_not(one, other):
    """Two letters apart, or so short that one letter is most of the name: an alert on each line is read by nobody."""
    assert not look_alike(patient(one, "Ada"), patient(other, "Ada"))


def test_the_two_names_swapped():
    assert look_alike(patient("Ada", "Example"), patient("Example", "Ada"))


@pytest.mark.parametrize(("one", "other"), [("abcd", "abcd"), ("abcd", "abdc"), ("abcd", "abc"), ("abcd", "xabcd")])
def test_one_letter_apart_or_none(one, other):
    assert one_letter_apart(one, other)


@pytest.mark.parametrize(("one", "other"), [("abcd", "badc"), ("abcd", "ab"), ("abcd", "abxy"), ("abcd", "bcda")])
def test_further_apart(one, other):
    assert not one_letter_apart(one, other)


def test_both_lines_of_the_board_warn_and_a_third_does_not():
    served = h.Served()
    served.shift.do(Register(patient=patient("Exampel", "Bea")), s.NURSE, bed="bed-2")
    served.shift.do(Register(patient=patient("Other", "Cyn", "3")), s.NURSE, bed="bed-3")
    text = served.browser().get("/").text
    assert text.count("name alert") == 2
    assert "not to be taken for Exampel, Bea" in text
    assert "not to be taken for Example, Ada" in text


def test_a_newcomer_is_noticed_at_once():
    """The line of a patient to whom nothing happened is kept for a minute; its alert is not."""
    served = h.Served()
    nurse = served.browser()
    assert "name alert" not in nurse.get("/").text
    served.shift.do(Register(patient=patient("Exampel")), s.NURSE, bed="bed-2")
    assert nurse.get("/").text.count("name alert") == 2
