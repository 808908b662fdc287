"""A long course is folded at one go, and comes out as if each event had been folded on its own."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from time import process_time

from events_of_every_kind import any_event
from hypothesis import given
from hypothesis import strategies as st

from aldes.course.events import (
    Admitted,
    CourseEnded,
    EntryRetracted,
    FindingCharted,
    HoldOpened,
    SlotClosed,
    SlotState,
    TargetPinned,
    WeightPinned,
)
from aldes.course.fold import LOOKS_AT_ENTRIES, evolve, replay
from aldes.course.people import PersonEnrolled, PersonLeft, SecretChanged
from aldes.course.state import Course
from aldes.course.wire import kinds
from aldes.findings.charted import Charted

AT = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)


def charted(finding: str, id: str, minute: int, of: type = FindingCharted, **more) -> FindingCharted:
    time = AT + timedelta(minutes=minute)
    return of(happened_at=time, recorded_at=time, entry=Charted(finding=finding, id=id, time=time), **more)


# Few findings, ids and times, so that entries of one time, newer versions and retractions come often.
names, ids, minutes = st.sampled_from(["spo2", "weight"]), st.sampled_from("abcd"), st.integers(0, 4)
entries = st.builds(charted, names, ids, minutes)
others = st.one_of(
    st.builds(lambda id: EntryRetracted(happened_at=AT, recorded_at=AT, id=id), ids),
    st.just(CourseEnded(happened_at=AT, recorded_at=AT)),
    st.just(Admitted(happened_at=AT, recorded_at=AT)),
    st.builds(lambda id: HoldOpened(happened_at=AT, recorded_at=AT, row="R", because=(id,)), ids),
    st.builds(
        lambda n: SlotClosed(happened_at=AT, recorded_at=AT, cycle=1, number=n, state=SlotState.GIVEN),
        st.integers(1, 3),
    ),
    st.builds(lambda id, n: charted("weight", id, n, WeightPinned, cycle=1, kind="actual"), ids, minutes),
    st.builds(lambda id, n: charted("target", id, n, TargetPinned), ids, minutes),
)


def one_by_one(events, course: Course | None = None) -> Course:
    return reduce(evolve, events, course or Course())


@given(st.lists(st.one_of(entries, entries, entries, others), max_size=30))
def test_folding_at_one_go_is_folding_one_by_one(events):
    assert replay(events) == one_by_one(events)


@given(st.lists(st.one_of(entries, entries, others), max_size=20), st.lists(st.one_of(entries, others), max_size=20))
def test_folding_on_from_an_earlier_state_is_folding_all(before, after):
    assert replay(after, replay(before)) == one_by_one([*before, *after])


OF_A_COURSE = [kind for kind in kinds().values() if kind not in (PersonEnrolled, PersonLeft, SecretChanged)]


@given(st.data())
def test_whatever_else_comes_between_leaves_entries_where_they_are(data):
    """A new kind of event that looks at entries must stand in LOOKS_AT_ENTRIES."""
    kind = data.draw(st.sampled_from([each for each in OF_A_COURSE if not issubclass(each, LOOKS_AT_ENTRIES)]))
    event = data.draw(any_event(kind))
    course = replay([charted("spo2", "a", 0), charted("spo2", "b", 1)])
    assert evolve(course, event).entries == course.entries
    assert replay([charted("spo2", "a", 0), event, charted("spo2", "b", 1)]).entries == course.entries


def test_the_order_of_one_time_is_the_order_of_coming():
    course = replay(
        [charted("spo2", "a", 1), charted("spo2", "b", 0), charted("spo2", "c", 1), charted("spo2", "d", 0)]
    )
    assert [each.id for each in course.entries["spo2"]] == ["b", "d", "a", "c"]


def test_a_newer_version_of_an_entry_takes_its_place_in_its_own_time():
    course = replay([charted("spo2", "a", 2), charted("spo2", "b", 3), charted("spo2", "a", 4)])
    assert [each.id for each in course.entries["spo2"]] == ["b", "a"]


def test_four_times_as_many_events_take_about_four_times_as_long():
    """Hazard H89: each event once; a fold that walked the series again for each would take sixteen times as long."""

    def took(count: int) -> float:
        events = [charted("spo2", str(number), number) for number in range(count)]
        times = []
        for _ in range(3):
            began = process_time()
            replay(events)
            times.append(process_time() - began)
        return min(times)

    assert took(16_000) < 10 * took(4_000)
