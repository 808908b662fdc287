"""Every decision that was shown, computed again from the record: to the byte, or with each difference named."""

import json
from dataclasses import replace
from pathlib import Path

import builders as b
import pytest
from shift import BED, PHYSICIAN, Shift, Signature, shift

from aldes.course.journal import Journal, MemoryJournal
from aldes.course.keeping import Kind
from aldes.errors import ProtocolError
from aldes.journals import open_journal
from aldes.journals.replaying import replay_shown
from aldes.protocols.read import read
from aldes.ward.acts import Chart


@pytest.fixture(params=["memory", "file"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    """An empty journal: in memory, and in a file."""
    return MemoryJournal() if request.param == "memory" else open_journal(str(tmp_path / "record"), Kind.DEMO)


def a_night(journal: Journal) -> Shift:
    """Decisions of several words: give, hold, insufficient, and one after a dose."""
    ward = shift(journal=journal)
    signature = Signature(person=PHYSICIAN)
    ward.ward.show(BED, signature)
    ward.give()
    ward.pass_time(minutes=20)
    ward.chart("spo2", 87)
    ward.ward.show(BED, signature)
    ward.pass_time(hours=9)
    ward.ward.show(BED, signature)
    ward.check()
    ward.ward.show(BED, signature)
    return ward


def test_on_the_same_engine_every_decision_is_the_same_to_the_byte(journal):
    a_night(journal)
    found = replay_shown(journal, read)
    assert found.decisions >= 4
    assert (found.alike, found.differences) == (found.decisions, ())
    journal.close()


def test_a_protocol_that_decides_otherwise_is_seen_with_each_difference_of_the_core():
    """A newer release printed another limit: 87 % no longer holds."""
    journal = MemoryJournal()
    a_night(journal)

    def newer(name: str, site: str | None):
        protocol = read(name, site)
        return replace(protocol, rows=tuple(row for row in protocol.rows if row.id != "HOLD-RESP-01"))

    found = replay_shown(journal, newer)
    assert found.alike < found.decisions
    assert {each.what for each in found.differences} >= {"rows", "values"}
    assert any("HOLD-RESP-01" in each.shown and "HOLD-RESP-01" not in each.now for each in found.differences)


def test_on_another_engine_what_is_beside_the_core_may_differ(monkeypatch):
    journal = MemoryJournal()
    a_night(journal)
    monkeypatch.setattr("aldes.administration.document.__version__", "0.2.0")
    monkeypatch.setattr("aldes.journals.replaying.ENGINE", "aldes 0.2.0")
    found = replay_shown(journal, read)
    assert (found.alike, found.same_core, found.differences) == (0, found.decisions, ())


def test_on_the_same_engine_other_bytes_are_a_difference(monkeypatch):
    journal = MemoryJournal()
    a_night(journal)
    monkeypatch.setattr("aldes.administration.document.SCOPE_STATEMENT", "other words")
    found = replay_shown(journal, read)
    assert {each.what for each in found.differences} == {"text"}
    assert len(found.differences) == found.decisions


def test_a_protocol_that_is_gone_is_named():
    journal = MemoryJournal()
    a_night(journal)

    def gone(name: str, site: str | None):
        raise ProtocolError("no such protocol")

    found = replay_shown(journal, gone)
    assert {each.what for each in found.differences} == {"protocol"}


def test_what_the_ward_knew_then_is_what_is_asked(journal):
    """A late entry changes what would be answered now, and no answer that was shown (hazard H45)."""
    ward = a_night(journal)
    ward.do(Chart(entries=(b.charted("spo2", 80, 1),)), PHYSICIAN)  # measured an hour before the first of them
    found = replay_shown(journal, read)
    assert found.alike == found.decisions
    journal.close()


def test_a_decision_document_is_kept_as_it_was_shown():
    journal = MemoryJournal()
    ward = shift(journal=journal)
    document = ward.ward.show(BED, Signature(person=PHYSICIAN)).document()
    assert json.loads(journal.document(ward.course.shown.digest)) == json.loads(json.dumps(document))
