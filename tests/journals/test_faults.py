"""Small draws of the campaigns of `make crash`, and the proof that they would find what they look for."""

from dataclasses import replace
from hashlib import sha256

import pytest

from aldes.course.chain import digest
from aldes.course.journal import Command, MemoryJournal
from crash.campaigns import calls, client_kills, kills, server_kills
from crash.clients import BEGAN, Work, shown, work
from crash.disk import Fault, Plan
from crash.history import Told, faults
from crash.load import at_load
from crash.required import postgres
from crash.trial import failing

PLACES = range(5, 600, 85)


def test_nothing_acknowledged_is_lost_when_the_process_is_killed():
    """Hazard H58."""
    found = kills(4, seed=7)
    assert (found.wrong, found.struck) == ([], 4)
    assert found.acknowledged > 20


def test_nothing_acknowledged_is_lost_when_clients_of_a_server_or_the_server_itself_are_killed():
    """Hazard H58."""
    clients, server = client_kills(postgres(), 2, seed=7), server_kills(postgres(), 2, seed=7)
    assert (clients.wrong, server.wrong) == ([], [])
    assert min(clients.acknowledged, server.acknowledged) > 2


@pytest.mark.parametrize("fault", Fault)
def test_nothing_acknowledged_is_lost_whatever_the_disk_does(fault):
    """Hazards H58, H59, H60: killed or torn at a call, power cut, a call or every flush failing, a full disk."""
    found = calls(fault, PLACES, seed=3)
    assert (found.wrong, found.struck) == ([], len(PLACES))
    assert found.acknowledged > 20


def test_a_store_that_does_not_flush_is_found_out(tmp_path):
    """The campaign of the power cut can fail: without flushes it finds acknowledged events lost."""
    wrong = []
    for at in (150, 250, 350, 450):
        (folder := tmp_path / str(at)).mkdir()
        plan = Plan(fault=Fault.POWER, at=at, seed=at)
        wrong += failing(folder / "record.sqlite", plan, 40, careless=True).wrong
    assert wrong


# ── many clients at once ──


def test_many_clients_in_threads_and_processes_leave_one_history_in_a_file(tmp_path):
    """Hazards H23, H24, H68."""
    _, wrong = at_load(str(tmp_path / "record.sqlite"), clients=8, events=240, courses=3, processes=2)
    assert wrong == []


def test_many_clients_in_threads_and_processes_leave_one_history_on_a_server():
    """Hazards H23, H24, H68."""
    _, wrong = at_load(postgres().address(), clients=8, events=120, courses=3, processes=2)
    assert wrong == []


# ── the check itself ──


@pytest.fixture
def told() -> Told:
    """What one client said of three events."""
    return Told()


@pytest.fixture
def journal(told: Told) -> MemoryJournal:
    """A record of one course with three events of one client."""
    journal, lines = MemoryJournal(), []
    work(journal, Work(name="c", courses=("a",), times=3, seed=0), lines.append)
    told.hear(lines)
    return journal


def test_a_history_as_it_was_acknowledged_has_no_fault(journal, told):
    assert len(told.done) == 3
    assert list(faults(journal, told)) == []


def test_an_acknowledged_event_that_is_not_there_is_seen(journal, told):
    told.asked["c-0-3"], told.done["c-0-3"] = "a", ("a", 4, 4)
    assert len(list(faults(journal, told))) == 1


def test_an_acknowledged_event_in_another_place_is_seen(journal, told):
    told.done["c-0-1"] = ("a", 3, 3)
    assert len(list(faults(journal, told))) == 1


def test_an_event_that_nobody_asked_for_is_seen(journal, told):
    del told.asked["c-0-1"]
    assert len(list(faults(journal, told))) == 1


def test_an_event_that_is_there_twice_or_out_of_order_is_seen(journal, told):
    event = journal.read("a")[1]
    again = Command(id="c-0-1b", digest=sha256(b"x").hexdigest())
    journal.append("a", [replace(event, recorded_at=BEGAN)], expected=3, command=again)
    assert any("twice" in fault for fault in faults(journal, told))


def test_an_event_without_its_document_is_seen(journal, told):
    told.asked["c-0-9"] = "a"
    event = replace(journal.read("a")[1], what="c-0-9")
    journal.append("a", [event], expected=3, command=Command(id="c-0-9", digest=digest(shown("c-0-9"))))
    assert list(faults(journal, told)) == ["the document of c-0-9 is not there"]
