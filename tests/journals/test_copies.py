"""Verify, export, back up and restore: copies are whole, and nobody forgets in silence."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import apsw
import pytest

from aldes.course.chain import digest
from aldes.course.events import Admitted, CourseOpened, DecisionShown, Discharged
from aldes.course.journal import WARD, Command, Journal
from aldes.course.keeping import Kind
from aldes.course.people import PersonEnrolled, Role, SecretChanged
from aldes.course.pins import Pins
from aldes.errors import JournalError
from aldes.journals import open_journal, record
from aldes.journals.anchor import read_marks
from aldes.journals.backup import back_up, head_file, restore
from aldes.journals.export import lines, read_lines
from aldes.journals.migrate import Look
from aldes.journals.opening import open_store
from aldes.journals.verify import Report, verify
from crash.required import postgres

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=2)
IN = Admitted(happened_at=AT, recorded_at=AT)
OUT = Discharged(happened_at=LATER, recorded_at=LATER)
NURSE = PersonEnrolled(happened_at=AT, recorded_at=AT, id="p1", name="nurse A", role=Role.NURSE, secret="")
SHOWN, PROTOCOL = '{"decision":"hold"}', '{"protocol":"x"}'
OPENED = CourseOpened(happened_at=AT, recorded_at=AT, pins=Pins(protocol="x", pin=digest(PROTOCOL)))
DECISION = DecisionShown(
    happened_at=AT,
    recorded_at=AT,
    cycle=1,
    number=1,
    decision="hold",
    version=2,
    asked_at=AT,
    engine="aldes 0.1.0",
    pin=digest(PROTOCOL),
    digest=digest(SHOWN),
)


def fill(journal: Journal) -> None:
    """Two courses, the ward's people, commands and documents."""
    journal.append(WARD, [NURSE], expected=0)
    journal.append("a", [IN, OPENED], 0, Command(id="c1", digest="d1"), {digest(PROTOCOL): PROTOCOL})
    journal.append("a", [DECISION], 2, documents={digest(SHOWN): SHOWN})
    journal.append("b", [IN], 0, Command(id="c2", digest="d2"))
    journal.append("a", [OUT], 3)


@pytest.fixture(params=["file", "server"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A filled record in each kind of store."""
    place = str(tmp_path / "record.sqlite") if request.param == "file" else postgres().address()
    journal = open_journal(place, Kind.DEMO)
    fill(journal)
    journal.close()
    return place


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A filled record in a file."""
    place = tmp_path / "record.sqlite"
    journal = open_journal(str(place), Kind.DEMO)
    fill(journal)
    journal.close()
    return place


@pytest.fixture(params=["file", "server"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a record in each kind of store."""
    return str(tmp_path / "restored.sqlite") if request.param == "file" else postgres().address()


def looked_at(address: str, **more) -> Report:
    store = open_store(address, Look())
    report = verify(store, **more)
    store.close()
    return report


def copied(address: str, copy: Path) -> Report:
    store = open_store(address, Look())
    report = back_up(store, copy, LATER)
    store.close()
    return report


def contents(address: str) -> record.Contents:
    store = open_store(address, Look())
    with store.reading() as ask, store.snapshot(ask):
        told = record.contents(ask)
        found = record.Contents(
            about=told.about,
            epochs=told.epochs,
            commands=told.commands,
            documents=told.documents,
            events=list(told.events),
        )
    store.close()
    return found


def tampered(path: Path, *statements: str) -> None:
    """Somebody changes the file and puts its guards back."""
    connection = apsw.Connection(str(path))
    guards = list(connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"))
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    for _, sql in guards:
        connection.execute(sql)
    connection.close()


# ── verify ──


def test_a_record_that_nobody_touched_is_whole(address):
    report = looked_at(address)
    assert (report.faults, report.remarks, report.anchored) == ((), (), None)
    assert (report.events, report.streams, report.documents) == (6, 3, 2)


def test_looking_changes_nothing(path):
    before = path.read_bytes()
    looked_at(str(path))
    assert path.read_bytes() == before
    with pytest.raises(JournalError, match="looked at"):
        open_store(str(path), Look()).append("a", [IN], expected=4)


def test_there_is_nothing_to_look_at_where_nothing_is(tmp_path):
    with pytest.raises(JournalError, match="no record"):
        looked_at(str(tmp_path / "nothing"))
    with pytest.raises(JournalError, match="no record"):
        looked_at(postgres().address())
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE events SET event = replace(event, '16:00', '17:00') WHERE position = 2", "event 2: it is not what"),
        ("DELETE FROM events WHERE position = 3", "missing before it"),
        ("UPDATE documents SET text = '{}' WHERE text LIKE '%hold%'", "not the one of its digest"),
        ("DELETE FROM documents WHERE text LIKE '%hold%'", "event 4: the decision that was shown is not kept"),
        ("DELETE FROM documents WHERE text LIKE '%protocol%'", "event 3: the content of the pinned protocol"),
        ("DELETE FROM commands WHERE id = 'c2'", "event 5: the command"),
        ("CREATE TABLE drugs (name TEXT)", "drugs: not the table or guard"),
    ],
)
def test_whatever_is_not_as_it_was_written_is_named(path, statement, words):
    tampered(path, statement)
    assert any(words in fault for fault in looked_at(str(path)).faults)


def test_a_guard_that_was_taken_away_is_named(path):
    connection = apsw.Connection(str(path))
    connection.execute("DROP TRIGGER events_stay")
    connection.close()
    assert looked_at(str(path)).faults == ("events_stay: not the table or guard of this schema",)


def test_a_guard_that_was_taken_away_on_a_server_is_named():
    import psycopg

    address = postgres().address()
    open_journal(address, Kind.DEMO).close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_stay")
    assert looked_at(address).faults == ("the guard of events is gone",)


def test_people_who_do_not_follow_from_each_other_are_named(tmp_path):
    journal = open_journal(str(tmp_path / "r"), Kind.DEMO)
    journal.append(WARD, [SecretChanged(happened_at=AT, recorded_at=AT, id="nobody", secret="")], expected=0)
    journal.close()
    assert looked_at(str(tmp_path / "r")).faults


def test_a_clock_that_was_set_back_is_told_and_is_no_fault(path):
    """Hazard H67."""
    journal = open_journal(str(path), Kind.DEMO)
    journal.append("b", [IN], expected=1)  # recorded at 16:00, after one of 18:00
    journal.close()
    report = looked_at(str(path))
    assert report.faults == ()
    assert len(report.remarks) == 1
    assert "event 7" in report.remarks[0]


# ── export ──


def test_what_is_exported_and_read_again_is_the_same(address):
    told = contents(address)
    assert read_lines(list(lines(told))) == told


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told[:-1],
        lambda told: told[:-2] + told[-1:],
        lambda told: told[1:],
        lambda told: [line.replace("16:00", "17:00") for line in told],
        lambda told: [told[0].replace('"form":1', '"form":2'), *told[1:]],
        lambda told: [told[0].replace("demo", "live"), *told[1:]],
        lambda told: [*told[:-1], "", told[-1]],
        lambda told: [],
    ],
    ids=["no end", "an event less", "no beginning", "altered", "another form", "another kind", "a blank", "nothing"],
)
def test_an_export_that_is_not_whole_is_refused(path, change):
    told = list(lines(contents(str(path))))
    with pytest.raises(JournalError, match=r"[Nn]othing was written"):
        read_lines(change(told))


# ── back up ──


def test_a_copy_holds_everything_and_says_what(address, tmp_path):
    report = copied(address, tmp_path / "copy")
    head = json.loads(head_file(tmp_path / "copy").read_text(encoding="utf-8"))
    assert (report.events, report.faults) == (6, ())
    assert (head["position"], head["head"], head["kind"]) == (6, report.head.hash, "demo")
    assert head["epoch"] == contents(address).epochs[-1][1]
    assert {each.name for each in tmp_path.iterdir()} <= {"copy", "copy.head", "record.sqlite"}


def test_a_copy_of_a_file_that_is_written_meanwhile_is_whole(path, tmp_path):
    journal = open_journal(str(path), Kind.DEMO)

    def write() -> None:
        for version in range(1, 60):
            journal.append("b", [IN], expected=version)

    writer = Thread(target=write)
    writer.start()
    reports = [copied(str(path), tmp_path / f"copy-{number}") for number in range(5)]
    writer.join()
    journal.close()
    assert all(report.faults == () for report in reports)
    assert reports[-1].events >= reports[0].events >= 6


def test_a_damaged_record_has_no_copy(path, tmp_path):
    tampered(path, "DELETE FROM events WHERE position = 3")
    with pytest.raises(JournalError, match="not whole"):
        copied(str(path), tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_a_copy_never_takes_the_place_of_another_file(path, tmp_path):
    (tmp_path / "copy").write_text("mine", encoding="utf-8")
    with pytest.raises(JournalError, match="already"):
        copied(str(path), tmp_path / "copy")
    assert (tmp_path / "copy").read_text(encoding="utf-8") == "mine"


# ── restore ──


def test_a_copy_of_any_store_is_restored_into_any_other(address, empty, tmp_path):
    copied(address, tmp_path / "copy")
    done = restore(tmp_path / "copy", empty, LATER)
    before, after = contents(address), contents(empty)
    assert done.missing is None
    assert (after.events, after.commands, after.documents) == (before.events, before.commands, before.documents)
    assert looked_at(empty).faults == ()


def test_a_restored_record_goes_on_and_remembers_its_commands(path, empty, tmp_path):
    """Hazard H68: a retry across a restore is still done once."""
    copied(str(path), tmp_path / "copy")
    restore(tmp_path / "copy", empty, LATER)
    journal = open_journal(empty, Kind.DEMO)
    assert journal.append("b", [IN], 0, Command(id="c2", digest="d2")).again
    assert journal.append("b", [OUT], expected=1).position == 7
    journal.close()


def test_a_restored_record_begins_a_new_epoch(path, tmp_path):
    before = contents(str(path)).epochs
    copied(str(path), tmp_path / "copy")
    done = restore(tmp_path / "copy", str(path), LATER)
    after = contents(str(path)).epochs
    assert after[:-1] == before
    assert done.head.epoch == after[-1][1] not in [each[1] for each in before]
    assert after[-1][3].startswith("restored from a copy up to event 6")


def older_copy(path: Path, tmp_path: Path) -> Path:
    """A copy, after which two more events were recorded."""
    copied(str(path), tmp_path / "copy")
    journal = open_journal(str(path), Kind.DEMO)
    journal.append("b", [IN, OUT], expected=1)
    journal.close()
    return tmp_path / "copy"


def test_an_older_copy_is_noticed_by_the_record_that_it_would_replace(path, tmp_path):
    """Hazard H65: how many events are missing, and until when."""
    copy = older_copy(path, tmp_path)
    with pytest.raises(JournalError, match=r"2 events are missing, recorded until 2024-03-06T18:00:00\+00:00"):
        restore(copy, str(path), LATER)
    assert looked_at(str(path)).events == 8


def test_whoever_knows_that_events_are_missing_restores_and_the_newer_record_is_kept(path, tmp_path):
    copy = older_copy(path, tmp_path)
    done = restore(copy, str(path), LATER, older=True)
    assert (done.missing.events, looked_at(str(path)).events) == (2, 6)
    assert looked_at(str(done.set_aside)).events == 8
    assert "2 events" in contents(str(path)).epochs[-1][3]


def test_an_older_copy_is_noticed_by_the_anchor(path, tmp_path):
    """Hazard H65: the disk with the record is gone; the anchor on another one is left."""
    anchor = tmp_path / "anchor"
    open_journal(str(path), Kind.DEMO, anchor, lambda: AT).close()
    copy = older_copy(path, tmp_path)
    open_journal(str(path), Kind.DEMO, anchor, lambda: LATER).close()
    path.unlink()
    with pytest.raises(JournalError, match=r"2 events .* until 2024-03-06T18:00:00\+00:00"):
        restore(copy, str(path), LATER, anchor=anchor)
    done = restore(copy, str(path), LATER, anchor=anchor, older=True)
    assert done.missing.events == 2
    assert read_marks(anchor)[-1].restored
    journal = open_journal(str(path), Kind.DEMO, anchor, lambda: LATER)
    assert journal.writable() is None
    journal.close()


def test_an_older_copy_that_somebody_put_in_place_by_hand_takes_nothing(path, tmp_path):
    """Hazard H65."""
    anchor = tmp_path / "anchor"
    copy = older_copy(path, tmp_path)
    open_journal(str(path), Kind.DEMO, anchor, lambda: LATER).close()
    path.write_bytes(copy.read_bytes())
    journal = open_journal(str(path), Kind.DEMO, anchor, lambda: LATER)
    assert "2 events are missing" in journal.writable()
    journal.close()
    assert "2 events are missing" in looked_at(str(path), marks=read_marks(anchor)).anchored


def test_a_copy_whose_end_was_cut_off_is_noticed_by_the_file_beside_it(path, tmp_path):
    """Hazard H64: the chain of what is left is whole."""
    copied(str(path), tmp_path / "copy")
    tampered(tmp_path / "copy", "DELETE FROM events WHERE position = 6")
    with pytest.raises(JournalError, match=r"copy\.head"):
        restore(tmp_path / "copy", str(tmp_path / "new"), LATER)
    assert not (tmp_path / "new").exists()


def test_a_record_that_cannot_be_read_is_not_replaced_unless_told(path, tmp_path):
    copied(str(path), tmp_path / "copy")
    path.write_bytes(b"rubbish" * 1000)
    with pytest.raises(JournalError, match="nobody can tell what is missing"):
        restore(tmp_path / "copy", str(path), LATER)
    done = restore(tmp_path / "copy", str(path), LATER, older=True)
    assert looked_at(str(path)).events == 6
    assert done.set_aside.read_bytes() == b"rubbish" * 1000


def test_a_record_in_use_is_not_replaced(path, tmp_path):
    copied(str(path), tmp_path / "copy")
    journal = open_journal(str(path), Kind.DEMO)
    with pytest.raises(JournalError, match="open in another program"):
        restore(tmp_path / "copy", str(path), LATER)
    journal.append("b", [IN], expected=1)
    journal.close()
    assert looked_at(str(path)).events == 7


def test_another_record_is_not_replaced_unless_told(path, tmp_path):
    other = tmp_path / "other.sqlite"
    journal = open_journal(str(other), Kind.DEMO)
    journal.append("z", [IN], expected=0)
    journal.close()
    copied(str(other), tmp_path / "copy")
    with pytest.raises(JournalError, match="of another record"):
        restore(tmp_path / "copy", str(path), LATER)


def test_a_demo_copy_never_takes_the_place_of_a_live_record(path, tmp_path):
    """Hazard H87."""
    live = tmp_path / "live.sqlite"
    open_journal(str(live), Kind.LIVE).close()
    copied(str(path), tmp_path / "copy")
    with pytest.raises(JournalError, match="demo record, and a live one"):
        restore(tmp_path / "copy", str(live), LATER, older=True)


def test_a_record_on_a_server_is_restored_into_an_empty_place_only(path, tmp_path):
    address = postgres().address()
    copied(str(path), tmp_path / "copy")
    restore(tmp_path / "copy", address, LATER)
    with pytest.raises(JournalError, match="already"):
        restore(tmp_path / "copy", address, LATER, older=True)


@pytest.mark.parametrize("content", [b"", b"x", b"SQLite format 3\x00" + bytes(8000)])
def test_what_is_no_copy_is_refused_and_replaces_nothing(path, tmp_path, content):
    (tmp_path / "copy").write_bytes(content)
    with pytest.raises(JournalError):
        restore(tmp_path / "copy", str(path), LATER, older=True)
    assert looked_at(str(path)).events == 6


def test_a_copy_by_a_newer_program_is_left_to_it(path, tmp_path):
    """Hazard H90."""
    (tmp_path / "copy").write_text(
        "\n".join(lines(contents(str(path)))).replace('"engine":"0.1.0"', '"engine":"9.0"'), encoding="utf-8"
    )
    with pytest.raises(JournalError, match=r"version 9\.0"):
        restore(tmp_path / "copy", str(tmp_path / "new"), LATER)
