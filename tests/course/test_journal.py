"""The journal: kept together, in order, or not at all. Any store answers to these tests."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest

from aldes.course.chain import broken, digest
from aldes.course.events import Admitted, CourseOpened, Discharged, PatientRegistered
from aldes.course.journal import WARD, Command, Journal, MemoryJournal, people_of
from aldes.course.keeping import Kind
from aldes.course.patient import Patient
from aldes.course.people import PersonEnrolled, Role
from aldes.course.pins import Pins
from aldes.errors import JournalError, MovedOnError, ReadOnlyError
from aldes.journals.sqlite import SqliteJournal
from crash.required import postgres

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
IN, OUT = Admitted(happened_at=AT, recorded_at=AT), Discharged(happened_at=AT, recorded_at=AT)
NURSE = PersonEnrolled(happened_at=AT, recorded_at=AT, id="p1", name="nurse A", role=Role.NURSE, secret="")

Store = Callable[[Kind], Journal]


def in_memory(_folder: Path) -> Store:
    return MemoryJournal


def in_a_file(folder: Path) -> Store:
    return lambda kind: SqliteJournal(folder / f"{kind}.sqlite", kind, reserve_mb=0)


def on_a_server(_folder: Path) -> Store:
    from aldes.journals.postgresql import PostgresJournal

    server = postgres()
    return lambda kind: PostgresJournal(server.address(), kind)


@pytest.fixture(params=[in_memory, in_a_file, on_a_server], ids=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Opens an empty record of each kind of store, and closes what was opened."""
    opened: list[Journal] = []
    make = request.param(tmp_path)

    def open_one(kind: Kind) -> Journal:
        opened.append(make(kind))
        return opened[-1]

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def journal(store: Store) -> Journal:
    """An empty journal of each kind of store."""
    return store(Kind.DEMO)


def chain_of(journal: Journal) -> list[str]:
    """What is wrong with the chain, as far as it can be told without the record's own beginning."""
    first = next(iter(journal.kept()), None)
    if first is None:
        return []
    return [each.what for each in broken(journal.kept(), "") if each.position > 1]


# ── order, version, all or nothing ──


def test_a_course_that_nobody_opened_is_empty(journal):
    assert journal.read("a") == ()
    assert journal.courses() == ()
    assert journal.head().position == 0


def test_events_are_kept_in_order(journal):
    assert journal.append("a", [IN], expected=0).version == 1
    assert journal.append("a", [OUT, IN], expected=1).version == 3
    assert journal.read("a") == (IN, OUT, IN)
    assert journal.read("a", after=2) == (IN,)
    assert journal.read("a", after=3) == ()


@pytest.mark.parametrize("seen", [0, 2])
def test_a_writer_who_saw_another_version_writes_nothing(journal, seen):
    """Hazard H24: two nurses record at once; the slower one is told, and nothing is lost."""
    journal.append("a", [IN], expected=0)
    with pytest.raises(MovedOnError, match="nothing was written"):
        journal.append("a", [OUT, OUT], expected=seen, documents={digest("x"): "x"})
    assert journal.read("a") == (IN,)
    assert journal.document(digest("x")) is None
    assert journal.append("a", [OUT], expected=1).version == 2


def test_courses_do_not_touch_each_other(journal):
    journal.append("a", [IN], expected=0)
    journal.append("b", [OUT], expected=0)
    assert (journal.read("a"), journal.read("b")) == ((IN,), (OUT,))


def test_what_was_read_does_not_change_with_later_writing(journal):
    journal.append("a", [IN], expected=0)
    before = journal.read("a")
    journal.append("a", [OUT], expected=1)
    assert before == (IN,)


def test_an_event_that_cannot_be_kept_exactly_takes_the_others_with_it(journal):
    with pytest.raises(JournalError):
        journal.append("a", [IN, replace(IN, happened_at=AT.replace(tzinfo=None))], expected=0)
    assert journal.read("a") == ()
    assert journal.head().position == 0


def test_courses_are_listed_in_the_order_in_which_they_were_opened(journal):
    for course in ("b", "c", "a"):
        journal.append(course, [IN], expected=0)
    journal.append(WARD, [NURSE], expected=0)
    journal.append("b", [OUT], expected=1)
    assert journal.courses() == ("b", "c", "a")


def test_order_is_that_of_writing_whatever_the_clock_says(journal):
    """Hazard H67: the clock of the machine was set back between two entries."""
    earlier = replace(OUT, recorded_at=AT - timedelta(hours=5))
    journal.append("a", [IN], expected=0)
    journal.append("a", [earlier], expected=1)
    assert journal.read("a") == (IN, earlier)
    assert [each.version for each in journal.kept("a")] == [1, 2]


@pytest.mark.parametrize("course", ["", "a\n", "\x00", "x" * 201])
def test_a_stream_has_a_name_that_can_be_printed(journal, course):
    with pytest.raises(JournalError, match="nothing was written"):
        journal.append(course, [IN], expected=0)


# ── the chain ──


def test_what_is_kept_has_its_place_and_is_linked_to_what_was_before(journal):
    journal.append("a", [IN, OUT], expected=0)
    journal.append("b", [IN], expected=0)
    journal.append("a", [IN], expected=2)
    kept = list(journal.kept())
    assert [(each.course, each.version, each.position) for each in kept] == [
        ("a", 1, 1),
        ("a", 2, 2),
        ("b", 1, 3),
        ("a", 3, 4),
    ]
    assert [each.previous for each in kept] == ["", kept[0].hash, "", kept[1].hash]
    assert [each.event for each in kept] == [IN, OUT, IN, IN]
    assert chain_of(journal) == []


def test_of_one_stream_or_of_all_what_is_kept_is_told_from_any_place_on(journal):
    journal.append("a", [IN, OUT], expected=0)
    journal.append("b", [IN], expected=0)
    assert [each.position for each in journal.kept(after=1)] == [2, 3]
    assert [each.version for each in journal.kept("a", after=1)] == [2]
    assert list(journal.kept("c")) == []


def test_the_head_moves_with_every_event_and_with_nothing_else(journal):
    before = journal.head()
    journal.append("a", [IN], expected=0)
    after = journal.head()
    assert (before.position, after.position) == (0, 1)
    assert before.hash != after.hash == next(iter(journal.kept())).head
    assert before.epoch == after.epoch == journal.head().epoch != ""


def test_no_two_records_begin_alike(store):
    assert store(Kind.DEMO).head().hash != store(Kind.LIVE).head().hash


# ── commands: asked twice, done once ──


def test_a_command_asked_twice_is_done_once(journal):
    """Hazards H23, H68: the answer was lost, and the client asks again with what it saw then."""
    once = Command(id="c1", digest="d")
    first = journal.append("a", [IN], expected=0, command=once)
    journal.append("a", [OUT], expected=1)
    second = journal.append("a", [IN], expected=0, command=once)
    assert (first.version, first.again) == (1, False)
    assert second == replace(first, again=True)
    assert journal.read("a") == (IN, OUT)
    assert journal.done(once) == second
    assert [each.command for each in journal.kept("a")] == ["c1", ""]


def test_a_command_that_nobody_gave_was_not_done(journal):
    assert journal.done(Command(id="c1", digest="d")) is None


def test_one_id_with_another_content_is_refused(journal):
    journal.append("a", [IN], expected=0, command=Command(id="c1", digest="d"))
    for ask in (
        lambda: journal.done(Command(id="c1", digest="e")),
        lambda: journal.append("a", [OUT], expected=1, command=Command(id="c1", digest="e")),
    ):
        with pytest.raises(JournalError, match="used before"):
            ask()
    assert journal.read("a") == (IN,)


def test_a_command_that_was_refused_was_not_done(journal):
    journal.append("a", [IN], expected=0)
    late = Command(id="c1", digest="d")
    with pytest.raises(MovedOnError):
        journal.append("a", [OUT], expected=0, command=late)
    assert journal.done(late) is None
    assert journal.append("a", [OUT], expected=1, command=late).version == 2


def test_a_command_from_which_nothing_follows_is_remembered_all_the_same(journal):
    nothing = Command(id="c1", digest="d")
    assert journal.append("a", [], expected=0, command=nothing).version == 0
    assert journal.append("a", [IN], expected=0, command=nothing).again
    assert journal.read("a") == ()


# ── documents ──


def test_a_document_is_found_by_the_digest_of_its_text(journal):
    text = '{"decision":"hold","words":"87 %"}\u2264'
    journal.append("a", [IN], expected=0, documents={digest(text): text})
    journal.append("a", [OUT], expected=1, documents={digest(text): text})
    assert journal.document(digest(text)) == text
    assert journal.document(digest("another")) is None


def test_a_document_under_another_digest_is_refused(journal):
    with pytest.raises(JournalError, match="digest"):
        journal.append("a", [IN], expected=0, documents={digest("x"): "y"})
    assert journal.read("a") == ()


# ── the ward's own stream, and what a store is for ──


def test_the_people_of_the_ward_stand_in_its_own_stream(journal):
    journal.append(WARD, [NURSE], expected=0)
    assert people_of(journal)["p1"].name == "nurse A"
    assert journal.read(WARD) == (NURSE,)


@pytest.mark.parametrize(("course", "event"), [(WARD, IN), ("a", NURSE)])
def test_people_and_patients_are_not_mixed(journal, course, event):
    with pytest.raises(JournalError, match="stream"):
        journal.append(course, [event], expected=0)


def registered(system: str) -> PatientRegistered:
    patient = Patient(family="Demo", given="One", born=date(1970, 1, 1), identifiers=((system, "1"),))
    return PatientRegistered(happened_at=AT, recorded_at=AT, patient=patient)


MADE_UP, REAL = registered("urn:aldes:demo"), registered("urn:oid:1.2.3")


@pytest.mark.parametrize(("kind", "own", "other"), [(Kind.DEMO, MADE_UP, REAL), (Kind.LIVE, REAL, MADE_UP)])
def test_made_up_and_real_patients_are_not_in_one_record(store, kind, own, other):
    """Hazard H87."""
    journal = store(kind)
    journal.append("a", [own], expected=0)
    with pytest.raises(JournalError, match="nothing was written"):
        journal.append("b", [other], expected=0)
    assert journal.courses() == ("a",)


def test_a_live_record_takes_no_course_under_made_up_settings(store):
    opened = CourseOpened(happened_at=AT, recorded_at=AT, pins=Pins(protocol="us-label-2023", pin="x", demo=True))
    store(Kind.DEMO).append("a", [opened], expected=0)
    with pytest.raises(JournalError, match="live"):
        store(Kind.LIVE).append("a", [opened], expected=0)


# ── waiting and closing ──


def test_whoever_waits_is_told_at_once_when_something_is_new(journal):
    journal.append("a", [IN], expected=0)
    began = monotonic()
    assert journal.wait(0, timeout_s=5) == 1
    assert monotonic() - began < 1


def test_whoever_waits_is_told_when_something_comes(journal):
    def write() -> None:
        sleep(0.2)
        journal.append("a", [IN], expected=0)

    writer = Thread(target=write)
    writer.start()
    began = monotonic()
    assert journal.wait(0, timeout_s=10) == 1
    writer.join()
    assert monotonic() - began < 3


def test_waiting_ends_when_the_time_is_over(journal):
    assert journal.wait(0, timeout_s=0.05) == 0


def test_a_journal_that_is_open_and_whole_can_be_written(journal):
    assert journal.writable() is None


def test_whoever_waits_returns_when_the_journal_is_closed(journal):
    waiting = Thread(target=journal.wait, args=(0, 30))
    waiting.start()
    sleep(0.1)
    journal.close()
    waiting.join(timeout=5)
    assert not waiting.is_alive()


def test_a_closed_journal_takes_nothing(journal):
    journal.close()
    assert journal.writable() is not None
    with pytest.raises(ReadOnlyError):
        journal.append("a", [IN], expected=0)
