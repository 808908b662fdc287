"""The journal: kept together, in order, or not at all. Any store answers to these tests."""

from datetime import UTC, datetime

import pytest

from aldes.course.events import Admitted, Discharged
from aldes.course.journal import Journal, MemoryJournal
from aldes.errors import JournalError

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN, OUT = Admitted(happened_at=AT, recorded_at=AT), Discharged(happened_at=AT, recorded_at=AT)


@pytest.fixture(params=[MemoryJournal])
def journal(request: pytest.FixtureRequest) -> Journal:
    """An empty journal of each kind."""
    return request.param()


def test_a_course_that_nobody_opened_is_empty(journal):
    assert journal.read("a") == ()


def test_events_are_kept_in_order(journal):
    assert journal.append("a", [IN], expected=0) == 1
    assert journal.append("a", [OUT, IN], expected=1) == 3
    assert journal.read("a") == (IN, OUT, IN)


@pytest.mark.parametrize("seen", [0, 2])
def test_a_writer_who_saw_another_version_writes_nothing(journal, seen):
    """Hazard H24: two nurses record at once; the slower one is told, and nothing is lost."""
    journal.append("a", [IN], expected=0)
    with pytest.raises(JournalError, match="nothing was written"):
        journal.append("a", [OUT, OUT], expected=seen)
    assert journal.read("a") == (IN,)


def test_courses_do_not_touch_each_other(journal):
    journal.append("a", [IN], expected=0)
    journal.append("b", [OUT], expected=0)
    assert (journal.read("a"), journal.read("b")) == ((IN,), (OUT,))


def test_what_was_read_does_not_change_with_later_writing(journal):
    journal.append("a", [IN], expected=0)
    before = journal.read("a")
    journal.append("a", [OUT], expected=1)
    assert before == (IN,)
