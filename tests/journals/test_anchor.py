"""The anchor: a record that is behind it, or is another one, is read and not written."""

from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from aldes.course.chain import digest
from aldes.course.events import Admitted, Discharged
from aldes.course.journal import Command, Journal, MemoryJournal
from aldes.course.keeping import Kind
from aldes.errors import JournalError, ReadOnlyError
from aldes.journals import open_journal
from aldes.journals.anchor import Anchored, read_marks

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN, OUT = Admitted(happened_at=AT, recorded_at=AT), Discharged(happened_at=AT, recorded_at=AT)


@pytest.fixture
def anchor(tmp_path: Path) -> Path:
    """A file on what would be another disk."""
    return tmp_path / "elsewhere" / "anchor"


@pytest.fixture(autouse=True)
def elsewhere(anchor: Path) -> None:
    anchor.parent.mkdir()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the record is."""
    return tmp_path / "record.sqlite"


def opened(path: Path, anchor: Path) -> Journal:
    return open_journal(str(path), Kind.DEMO, anchor, lambda: AT)


def written(path: Path, anchor: Path, times: int) -> None:
    """A record with so many events, each of them anchored."""
    journal = opened(path, anchor)
    for version in range(times):
        journal.append("a", [IN], expected=version)
    journal.close()


def tampered(path: Path, *statements: str) -> None:
    connection = apsw.Connection(str(path))
    for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_the_head_is_written_down_after_each_commit(path, anchor):
    written(path, anchor, 3)
    journal = opened(path, anchor)
    marks = read_marks(anchor)
    assert [mark.head.position for mark in marks] == [0, 1, 2, 3, 3]
    assert marks[-1].head == journal.head()
    journal.close()


def test_a_command_that_was_done_before_is_not_written_down_again(anchor):
    journal = Anchored(MemoryJournal(), anchor, lambda: AT)
    once = Command(id="c", digest="d")
    journal.append("a", [IN], 0, once)
    journal.append("a", [IN], 0, once)
    assert [mark.head.position for mark in read_marks(anchor)] == [0, 1]


def test_a_record_whose_end_was_cut_off_takes_nothing_and_says_what_is_missing(path, anchor):
    """Hazard H64: the chain of what is left is whole."""
    written(path, anchor, 3)
    schema = list(apsw.Connection(str(path)).execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'"))
    tampered(path, "DELETE FROM events WHERE position > 1", *(sql for (sql,) in schema))
    alone = open_journal(str(path), Kind.DEMO)
    assert alone.writable() is None  # without the anchor nobody sees it
    alone.close()
    journal = opened(path, anchor)
    assert "2 events are missing, acknowledged until 2024-03-06T16:00:00+00:00" in journal.writable()
    with pytest.raises(ReadOnlyError, match="behind its anchor"):
        journal.append("a", [OUT], expected=1)
    assert journal.read("a") == (IN,)
    journal.close()


def test_a_record_that_was_written_anew_takes_nothing(path, anchor):
    """Hazard H63: an administrator made a record that is whole in itself, and longer."""
    written(path, anchor, 3)
    path.unlink()
    journal = open_journal(str(path), Kind.DEMO)
    for version in range(5):
        journal.append("a", [OUT], expected=version)
    journal.close()
    assert "not the one that was anchored" in opened(path, anchor).writable()


def test_a_record_that_is_ahead_of_its_anchor_goes_on(path, anchor):
    """The power went between the commit and the anchor."""
    written(path, anchor, 2)
    journal = open_journal(str(path), Kind.DEMO)
    journal.append("a", [OUT], expected=2)
    journal.close()
    journal = opened(path, anchor)
    assert journal.writable() is None
    assert journal.append("a", [OUT], expected=3).version == 4
    journal.close()


def test_a_line_that_was_cut_off_says_nothing_and_spoils_no_other(path, anchor):
    written(path, anchor, 2)
    with anchor.open("a", encoding="utf-8") as file:
        file.write('{"position":99,"hea')
    journal = opened(path, anchor)
    assert journal.append("a", [IN], expected=2).version == 3
    journal.close()
    assert [mark.head.position for mark in read_marks(anchor)][-1] == 3


@pytest.mark.parametrize("line", ["x\n", "{}\n", '{"position":1}\n', "[]\n"])
def test_a_file_that_is_no_anchor_is_refused(path, anchor, line):
    anchor.write_text(line, encoding="utf-8")
    with pytest.raises(JournalError, match="anchor"):
        opened(path, anchor)


def test_an_anchor_that_cannot_be_written_ends_the_writing_and_loses_nothing(path, anchor):
    journal = opened(path, anchor)
    anchor.unlink()
    anchor.parent.rmdir()
    assert journal.append("a", [IN], expected=0).version == 1
    assert "anchor cannot be written" in journal.writable()
    with pytest.raises(ReadOnlyError):
        journal.append("a", [OUT], expected=1)
    assert journal.read("a") == (IN,)
    journal.close()


def test_everything_else_is_the_journal_s_own(anchor):
    inner = MemoryJournal()
    journal = Anchored(inner, anchor, lambda: AT)
    text = "x"
    journal.append("a", [IN, OUT], 0, Command(id="c", digest="d"), {digest(text): text})
    assert (journal.courses(), journal.read("a", after=1), journal.head()) == (("a",), (OUT,), inner.head())
    assert list(journal.kept("a")) == list(inner.kept("a"))
    assert journal.done(Command(id="c", digest="d")).again
    assert journal.document(digest(text)) == text
    assert journal.wait(0, 1) == 2
    journal.close()
    assert journal.writable() == "The record is closed."
