"""The record on a server: what it asks of PostgreSQL, and what it does when the server goes or comes back with less."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from aldes.course.events import Admitted, Discharged
from aldes.course.keeping import Kind
from aldes.errors import JournalError, ReadOnlyError
from aldes.journals import open_journal
from aldes.journals.schema import Step, steps
from crash.cluster import Cluster
from crash.required import postgres

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN, OUT = Admitted(happened_at=AT, recorded_at=AT), Discharged(happened_at=AT, recorded_at=AT)


@pytest.fixture
def server() -> Cluster:
    """A running server."""
    return postgres()


@pytest.fixture
def address(server: Cluster) -> str:
    """Where a record will be."""
    return server.address()


def opened(address: str, **how):
    from aldes.journals.postgresql import PostgresJournal

    return PostgresJournal(address, Kind.DEMO, **how)


@pytest.fixture
def journal(address: str) -> Iterator:
    """A record with two events of one course."""
    journal = opened(address)
    journal.append("a", [IN, OUT], expected=0)
    yield journal
    journal.close()


def tampered(address: str, *statements: str) -> None:
    """Somebody changes the tables, their guards taken away."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for table in ("events", "commands", "documents"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            connection.execute(statement)


# ── what is asked of the server ──


@pytest.mark.parametrize("setting", ["synchronous_commit%3Doff"])
def test_a_server_that_answers_before_it_has_flushed_is_refused(address, setting):
    """Hazard H58."""
    with pytest.raises(JournalError, match="synchronous_commit is off"):
        opened(address.replace("options=", f"options=-c{setting}%20"))


def test_a_server_that_is_not_there_is_told_in_one_sentence_without_its_address(tmp_path):
    postgres()
    with pytest.raises(JournalError, match="Look whether the server runs") as refused:
        opened(f"postgresql:///postgres?host={tmp_path}&password=hush")
    assert "hush" not in str(refused.value)


def test_events_cannot_be_changed_or_deleted(journal, address):
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for slip in ("UPDATE events SET event = ''", "DELETE FROM events", "TRUNCATE events", "DELETE FROM documents"):
            with pytest.raises(psycopg.errors.RaiseException, match="only added"):
                connection.execute(slip)
    assert journal.read("a") == (IN, OUT)


def test_another_writer_who_holds_the_record_is_waited_for_and_then_named(journal, address):
    import psycopg

    journal._writer.execute("SET lock_timeout = 50")
    with psycopg.connect(address) as other:
        other.execute("LOCK TABLE events IN EXCLUSIVE MODE")
        with pytest.raises(JournalError, match="Another writer"):
            journal.append("a", [IN], expected=2)
    assert journal.append("a", [IN], expected=2).version == 3


# ── the server goes away, and comes back ──


@pytest.mark.parametrize("how", ["fast", "immediate"])
def test_after_a_restart_of_the_server_the_record_goes_on(server, journal, how):
    """`immediate` is what a power cut leaves of the server (hazard H58)."""
    server.stop(how)
    with pytest.raises(JournalError):
        journal.append("a", [IN], expected=2)
    with pytest.raises(JournalError):
        journal.read("a")
    server.start()
    for _ in range(3):  # each idle connection is found broken once
        try:
            assert journal.read("a") == (IN, OUT)
        except JournalError:
            continue
    assert journal.read("a") == (IN, OUT)
    assert journal.append("a", [IN], expected=2).version == 3


def test_a_restart_between_two_entries_costs_nobody_an_entry(server, journal, monkeypatch):
    monkeypatch.setattr("aldes.journals.postgresql.QUIET_S", 0)
    server.stop()
    server.start()
    assert journal.append("a", [IN], expected=2).version == 3


def test_a_server_that_comes_back_with_less_than_it_acknowledged_takes_nothing(server, journal, address, monkeypatch):
    """Hazard H65: a copy that was behind took its place."""
    monkeypatch.setattr("aldes.journals.postgresql.QUIET_S", 0)
    server.stop()
    server.start()
    tampered(address, "DELETE FROM events WHERE position = 2")
    with pytest.raises(ReadOnlyError, match="acknowledged up to event 2"):
        journal.append("a", [IN], expected=1)
    assert "acknowledged" in journal.writable()


# ── kind, schema, fence, damage ──


def test_what_was_written_is_there_after_opening_again(journal, address):
    again = opened(address)
    assert again.read("a") == (IN, OUT)
    assert again.head() == journal.head()
    again.close()


def test_a_store_on_a_server_keeps_the_kind_that_it_was_created_with(journal, address):
    with pytest.raises(JournalError, match="demo record, and a live one"):
        open_journal(address, Kind.LIVE)


def test_a_step_that_fails_on_the_server_leaves_the_record_as_it_was(journal, address):
    """Hazard H66."""
    faulty = (
        *steps("postgresql"),
        Step(number=3, sql="CREATE TABLE wards (name TEXT)"),
        Step(number=4, sql="ALTER TABLE nothing ADD COLUMN x TEXT"),
    )
    with pytest.raises(JournalError, match="cannot be opened"):
        opened(address, schema=faulty)
    third = (*steps("postgresql"), Step(number=3, sql="CREATE TABLE wards (name TEXT)"))
    opened(address, schema=third).close()
    with pytest.raises(JournalError, match="Start the newer version"):
        opened(address)


def test_a_newer_program_that_comes_to_the_server_while_we_run_ends_our_writing(journal, address):
    """Hazard H90."""
    tampered(address, "UPDATE about SET value = '99.0' WHERE name = 'engine'")
    with pytest.raises(ReadOnlyError, match="Start the newer version"):
        journal.append("a", [IN], expected=2)
    again = opened(address)
    assert "99.0" in again.writable()
    again.close()


def test_a_record_on_a_server_that_somebody_altered_takes_nothing(journal, address):
    """Hazards H62, H63."""
    tampered(address, "UPDATE events SET event = replace(event, '16:00', '17:00') WHERE position = 1")
    again = opened(address)
    with pytest.raises(ReadOnlyError, match="damaged"):
        again.append("b", [IN], expected=0)
    with pytest.raises(JournalError, match="not those that were written"):
        again.read("a")
    again.close()


def test_without_the_package_for_a_server_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "aldes.journals.postgresql", None)
    with pytest.raises(JournalError, match=r"aldes\[postgres\]"):
        open_journal("postgresql:///ward", Kind.LIVE)
