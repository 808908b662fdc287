"""The heartbeat: a rule that is silently off halts the ward (hazard H32)."""

import time
from dataclasses import replace

import pytest
import shift as s

import house as h
from aldes.errors import ReadOnlyError
from aldes.protocols.read import read
from aldes.service import heartbeat
from aldes.ward.acts import Hold


def test_the_program_answers_as_clinicians_wrote():
    assert list(heartbeat.differences({"us-label-2023"})) == []


def asks(monkeypatch, *names: str) -> None:
    """Ask these patients alone, since all of them were asked above."""
    few = [each for each in heartbeat.bundled() if each.name in names]
    monkeypatch.setattr(heartbeat, "bundled", lambda: iter(few))


def turned_off(monkeypatch) -> None:
    """The row about oxygen asks nothing any more."""
    asks(monkeypatch, "weight-gain-low-oxygen")
    real = heartbeat.read_protocol

    def without(protocol, site=None):
        found = real(protocol, site)
        return replace(found, rows=tuple(row for row in found.rows if row.id != "HOLD-RESP-01"))

    monkeypatch.setattr(heartbeat, "read_protocol", without)


def test_a_row_that_is_off_is_named_by_the_patient_whose_answer_changed(monkeypatch):
    turned_off(monkeypatch)
    assert any(
        each.startswith("weight-gain-low-oxygen under us-label-2023")
        for each in heartbeat.differences({"us-label-2023"})
    )


def test_then_the_ward_takes_nothing_and_says_why(monkeypatch):
    turned_off(monkeypatch)
    served = h.Served()
    assert "does not answer as it should" in heartbeat.beat(served.shift.ward)
    with pytest.raises(ReadOnlyError, match="until it was looked at"):
        served.shift.do(Hold(why="unwell"))
    ready = served.browser(None).get("/readyz")
    assert (ready.status_code, ready.json()["state"]) == (503, "read only")
    assert served.browser().get(f"/patients/{s.BED}").status_code == 200


def test_and_goes_on_when_the_answers_are_right_again(monkeypatch):
    asks(monkeypatch, "well-before-dose-6")
    found = s.shift()
    found.ward.halt("looked at now")
    assert heartbeat.beat(found.ward) is None
    assert found.do(Hold(why="unwell")).events


def test_rules_altered_in_memory_are_seen():
    protocol = read("us-label-2023", "demo")
    changed = replace(protocol, rows=protocol.rows[1:])
    assert list(heartbeat.altered([protocol])) == []
    assert list(heartbeat.altered([changed])) == ["The rules of us-label-2023 in memory are not what their pin says."]


def test_it_beats_beside_everything_else_and_ends(monkeypatch):
    asked = []
    monkeypatch.setattr(heartbeat, "beat", asked.append)
    with heartbeat.beating(s.shift().ward, each_s=0.01):
        time.sleep(0.2)
    count = len(asked)
    time.sleep(0.05)
    assert count >= 2
    assert len(asked) == count
