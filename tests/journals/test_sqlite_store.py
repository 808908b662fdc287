"""The record in a file: what it asks of SQLite and the disk, and what it does when they fail."""

import os
import stat
import subprocess
import sys
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread

import apsw
import pytest

from aldes.course.events import Admitted, Discharged
from aldes.course.keeping import Kind
from aldes.errors import JournalError, ReadOnlyError
from aldes.journals import disk, open_journal, sqlite
from aldes.journals.disk import refuse_remote
from aldes.journals.fence import numbers
from aldes.journals.migrate import Look
from aldes.journals.schema import Step, steps
from aldes.journals.sqlite import SqliteJournal

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN, OUT = Admitted(happened_at=AT, recorded_at=AT), Discharged(happened_at=AT, recorded_at=AT)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a record will be."""
    return tmp_path / "record.sqlite"


def opened(path: Path, **how) -> SqliteJournal:
    return SqliteJournal(path, Kind.DEMO, reserve_mb=0, **how)


def written(path: Path, *events) -> None:
    """A record with these events of one course, closed again."""
    journal = opened(path)
    journal.append("a", events or [IN, OUT], expected=0)
    journal.close()


def tampered(path: Path, *statements: str) -> None:
    """Somebody changes the file with another program, its guards taken away."""
    connection = apsw.Connection(str(path))
    for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


# ── what is asked of SQLite and the disk ──


def test_every_connection_is_safe(path):
    """Hazards H58, H61: a commit is flushed before it is acknowledged; nothing is mapped into memory."""
    journal = opened(path)
    with journal.reading() as ask:
        assert ask("PRAGMA journal_mode") == [("wal",)]
        assert ask("PRAGMA synchronous") == [(2,)]
        assert ask("PRAGMA mmap_size") == [(0,)]
        with pytest.raises(apsw.ReadOnlyError):
            ask("INSERT INTO documents VALUES ('x', 'y')")
    assert list(journal._writer.execute("PRAGMA synchronous")) == [(2,)]
    journal.close()


@pytest.mark.parametrize(("version", "is_refused"), [("3.51.2", True), ("3.51.3", False), ("3.40.1", True)])
def test_an_sqlite_that_may_lose_pages_is_refused(path, monkeypatch, version, is_refused):
    """Hazard H61: before 3.51.3 a reset of the log could lose committed pages."""
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: version)
    if is_refused:
        with pytest.raises(JournalError, match=r"3\.51\.3"):
            opened(path)
        assert not path.exists()
    else:
        opened(path).close()


MOUNTS = """\
25 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
60 25 0:50 / /srv/ward\\040share rw shared:30 - nfs4 host:/ward rw
61 60 0:51 / /srv/ward\\040share/local rw shared:31 - xfs /dev/vdb rw
62 25 0:52 / /mnt rw - fuse.sshfs nurse@host: rw
"""


@pytest.mark.parametrize(
    ("folder", "is_refused"),
    [("/srv", False), ("/srv/ward share", True), ("/srv/ward share/local/x", False), ("/mnt/record", True)],
)
def test_a_record_on_a_network_drive_is_refused(tmp_path, folder, is_refused):
    (mounts := tmp_path / "mountinfo").write_text(MOUNTS, encoding="utf-8")
    if is_refused:
        with pytest.raises(JournalError, match="local disk"):
            refuse_remote(Path(folder), mounts)
    else:
        refuse_remote(Path(folder), mounts)


def test_where_the_system_does_not_tell_its_drives_the_record_is_kept(tmp_path):
    refuse_remote(tmp_path, tmp_path / "nothing")


def test_only_its_owner_reads_the_file(path):
    written(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_is_named_in_one_sentence(tmp_path):
    with pytest.raises(JournalError, match="folder"):
        opened(tmp_path / "nowhere" / "record.sqlite")


@pytest.mark.parametrize("content", [b"x" * 8192, b"GIF89a"])
def test_a_file_that_is_no_record_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(JournalError, match="record"):
        opened(path)
    assert path.read_bytes() == content


def test_a_database_of_something_else_is_refused_and_left_as_it_was(path):
    apsw.Connection(str(path)).execute("CREATE TABLE drugs (name TEXT)")
    with pytest.raises(JournalError, match="something else"):
        opened(path)
    assert list(apsw.Connection(str(path)).execute("SELECT name FROM sqlite_schema")) == [("drugs",)]


def test_what_was_written_is_there_after_opening_again(path):
    written(path, IN, OUT)
    journal = opened(path)
    assert journal.read("a") == (IN, OUT)
    assert journal.append("a", [IN], expected=2).position == 3
    journal.close()


def test_another_process_sees_what_is_written_and_is_told_of_it(path):
    journal = opened(path)
    writer = (
        "import sys; from pathlib import Path; from aldes.course.keeping import Kind;"
        "from aldes.journals.sqlite import SqliteJournal; from aldes.course.wire import read;"
        "SqliteJournal(Path(sys.argv[1]), Kind.DEMO, reserve_mb=0).append('a', [read(sys.argv[2])], expected=0)"
    )
    text = '{"event":"Admitted","happened_at":"2024-03-06T16:00:00+00:00","recorded_at":"2024-03-06T16:00:00+00:00"}'
    subprocess.run([sys.executable, "-c", writer, str(path), text], check=True, timeout=60)
    assert journal.wait(0, timeout_s=5) == 1
    assert journal.read("a") == (IN,)
    journal.close()


def test_programs_that_start_at_once_create_one_record(path):
    together, journals = Barrier(6), []

    def start() -> None:
        together.wait()
        journals.append(opened(path))

    threads = [Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({journal.head().hash for journal in journals}) == 1
    assert len(journals) == 6
    for journal in journals:
        journal.close()


def test_somebody_who_only_looks_does_not_wait_for_a_writer(path, monkeypatch):
    written(path)
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    writer = apsw.Connection(str(path))
    writer.execute("BEGIN IMMEDIATE")
    journal = SqliteJournal(path, Look())
    assert journal.read("a") == (IN, OUT)
    journal.close()
    writer.close()


def test_events_cannot_be_changed_or_deleted_with_the_file_open(path):
    written(path)
    connection = apsw.Connection(str(path))
    for slip in ("UPDATE events SET event = ''", "DELETE FROM events WHERE position = 2"):
        with pytest.raises(apsw.ConstraintError, match="only appended"):
            connection.execute(slip)
    connection.close()


# ── kind, schema, fence ──


def test_a_store_keeps_the_kind_that_it_was_created_with(path):
    """Hazard H87."""
    written(path)
    with pytest.raises(JournalError, match="demo record, and a live one"):
        SqliteJournal(path, Kind.LIVE)


def test_missing_steps_are_taken_when_a_record_of_an_earlier_release_is_opened(path):
    """Hazard H66."""
    written(path)
    journal = opened(path, schema=(*steps("sqlite"), Step(number=3, sql="CREATE TABLE wards (name TEXT)")))
    assert journal.read("a") == (IN, OUT)
    assert journal.append("a", [IN], expected=2).version == 3
    journal.close()


def test_a_step_that_fails_leaves_the_record_as_it_was(path):
    """Hazard H66: all steps or none."""
    written(path)
    faulty = (
        *steps("sqlite"),
        Step(number=3, sql="CREATE TABLE wards (name TEXT)"),
        Step(number=4, sql="CREATE TABLE rooms (name TEXT); ALTER TABLE nothing ADD COLUMN x TEXT"),
    )
    with pytest.raises(JournalError, match="cannot be opened"):
        opened(path, schema=faulty)
    tables = [name for (name,) in apsw.Connection(str(path)).execute("SELECT name FROM sqlite_schema")]
    assert "wards" not in tables
    assert "rooms" not in tables
    journal = opened(path)
    assert (journal.read("a"), journal.writable()) == ((IN, OUT), None)
    journal.close()


def test_a_schema_that_we_do_not_know_is_not_even_read(path):
    """Hazard H90."""
    opened(path, schema=(*steps("sqlite"), Step(number=9, sql="CREATE TABLE wards (name TEXT)"))).close()
    with pytest.raises(JournalError, match="Start the newer version"):
        opened(path)


def test_a_newer_program_s_record_is_read_and_not_written(path):
    """Hazard H90."""
    written(path)
    tampered(path, "UPDATE about SET value = '99.0' WHERE name = 'engine'")
    journal = opened(path)
    assert journal.read("a") == (IN, OUT)
    assert "99.0" in journal.writable()
    with pytest.raises(ReadOnlyError, match="Start the newer version"):
        journal.append("a", [IN], expected=2)
    journal.close()


def test_a_newer_program_that_comes_while_we_run_ends_our_writing(path):
    """Hazard H90: a rolling update."""
    journal = opened(path)
    journal.append("a", [IN], expected=0)
    tampered(path, "UPDATE about SET value = '99.0' WHERE name = 'engine'")
    with pytest.raises(ReadOnlyError, match="Start the newer version"):
        journal.append("a", [OUT], expected=1)
    assert journal.read("a") == (IN,)
    journal.close()


def test_a_newer_program_raises_the_fence(path, monkeypatch):
    written(path)
    monkeypatch.setattr("aldes.journals.migrate.__version__", "0.2.0")
    monkeypatch.setattr("aldes.journals.fence.__version__", "0.2.0")
    opened(path).close()
    monkeypatch.undo()
    journal = opened(path)
    assert "0.2.0" in journal.writable()
    journal.close()


@pytest.mark.parametrize(
    ("one", "other"), [("0.9", "0.10"), ("0.1.0", "0.1.1"), ("0.1", "0.1.1"), ("1.0", "2.0a1"), ("0.9.9", "1")]
)
def test_versions_compare_as_numbers(one, other):
    assert numbers(one) < numbers(other)


# ── damage ──


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET event = replace(event, '16:00', '17:00') WHERE position = 2",
        "DELETE FROM events WHERE position = 1",
        "UPDATE events SET course = 'b' WHERE position = 2",
        "UPDATE events SET command = 'c9' WHERE position = 2",
        "UPDATE events SET version = 7 WHERE position = 2",
    ],
)
def test_a_record_that_somebody_altered_takes_nothing_and_does_not_tell_the_course(path, statement):
    """Hazards H62, H63."""
    written(path, IN, OUT, IN)
    tampered(path, statement)
    journal = opened(path)
    assert "damaged" in journal.writable()
    with pytest.raises(ReadOnlyError):
        journal.append("c", [IN], expected=0)
    with pytest.raises(JournalError, match="not those that were written"):
        journal.read("a")
    journal.close()


def test_courses_beside_a_damaged_one_are_told(path):
    journal = opened(path)
    journal.append("a", [IN], expected=0)
    journal.append("b", [IN], expected=0)
    journal.close()
    tampered(path, "UPDATE events SET event = replace(event, '16:00', '17:00') WHERE position = 1")
    journal = opened(path)
    assert journal.read("b") == (IN,)
    with pytest.raises(JournalError):
        journal.read("a")
    journal.close()


def test_a_file_with_a_page_of_rubbish_is_refused_or_takes_nothing(path):
    """Hazard H62: bit rot, wherever it is."""
    written(path, *[IN, OUT] * 200)
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096):
        path.write_bytes(whole[: page * 4096] + b"\xa5" * 4096 + whole[(page + 1) * 4096 :])
        try:
            journal = opened(path)
        except JournalError:
            continue
        assert journal.writable() is not None
        journal.close()


# ── faults of the disk ──


def test_a_disk_that_is_nearly_full_takes_nothing_until_there_is_room(path, monkeypatch):
    """Hazard H59."""
    usage = namedtuple("usage", "free")
    journal = SqliteJournal(path, Kind.DEMO, reserve_mb=100)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage(99_999_999))
    assert "99 MB left" in journal.writable()
    with pytest.raises(ReadOnlyError, match="make room"):
        journal.append("a", [IN], expected=0)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: usage(100_000_000))
    assert journal.append("a", [IN], expected=0).version == 1
    journal.close()


def test_a_disk_that_is_gone_takes_nothing(path, monkeypatch):
    def gone(_):
        raise FileNotFoundError(2, "No such file or directory")

    journal = SqliteJournal(path, Kind.DEMO, reserve_mb=0)
    monkeypatch.setattr(disk.shutil, "disk_usage", gone)
    with pytest.raises(ReadOnlyError, match="does not answer"):
        journal.append("a", [IN], expected=0)
    journal.close()


def test_the_first_write_that_fails_is_the_last_until_the_record_is_opened_again(path, monkeypatch):
    """Hazard H60."""
    journal = opened(path)
    journal.append("a", [IN], expected=0)

    def failing(*_arguments):
        raise apsw.IOError("disk I/O error")

    monkeypatch.setattr(sqlite.record, "append", failing)
    with pytest.raises(ReadOnlyError, match="not known whether"):
        journal.append("a", [OUT], expected=1)
    monkeypatch.undo()
    with pytest.raises(ReadOnlyError, match="started again"):
        journal.append("a", [OUT], expected=1)
    assert journal.read("a") == (IN,)
    journal.close()
    again = opened(path)
    assert again.append("a", [OUT], expected=1).version == 2
    again.close()


def test_a_log_that_cannot_be_carried_into_the_file_ends_the_writing_and_loses_nothing(path, monkeypatch):
    monkeypatch.setattr(sqlite, "LOG_PAGES", 1)
    monkeypatch.setattr(SqliteJournal, "_connect", with_failing_checkpoint(SqliteJournal._connect))
    journal = opened(path)
    assert journal.append("a", [IN], expected=0).version == 1
    assert "failed" in journal.writable()
    assert journal.read("a") == (IN,)
    journal.close()
    monkeypatch.undo()
    assert opened(path).read("a") == (IN,)


def with_failing_checkpoint(connect):
    class Failing:
        """A connection whose log cannot be carried over."""

        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def wal_checkpoint(self, **_how):
            raise apsw.IOError("disk I/O error")

    return lambda journal: Failing(connect(journal))


def test_a_writer_who_cannot_wait_longer_is_told_and_may_try_again(path, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    journal = opened(path)
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(JournalError, match="Another writer"):
        journal.append("a", [IN], expected=0)
    other.execute("ROLLBACK")
    assert journal.append("a", [IN], expected=0).version == 1
    journal.close()


# ── addresses ──


def test_an_address_is_a_file(path):
    journal = open_journal(str(path), Kind.LIVE)
    assert path.exists()
    journal.close()


def test_without_the_package_one_sentence_says_what_to_install(path, monkeypatch):
    monkeypatch.setitem(sys.modules, "aldes.journals.sqlite", None)
    with pytest.raises(JournalError, match=r"aldes\[ward\]"):
        open_journal(str(path), Kind.LIVE)
    assert not os.path.exists(path)
