"""The chain of a record: whatever is done to what was written is seen, and where."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldes.course.chain import End, Kept, beginning, broken, linked

BEGINS = beginning("demo", "r")


def record() -> list[Kept]:
    """Two streams, told by position: a a b a b."""
    kept: list[Kept] = []
    for course, texts in (("a", ["1", "2"]), ("b", ["3"]), ("a", ["4"]), ("b", ["5"])):
        own = [each for each in kept if each.course == course]
        end = End(
            version=len(own),
            position=len(kept),
            previous=own[-1].hash if own else "",
            head=kept[-1].head if kept else BEGINS,
        )
        kept += linked(course, texts, "", end)
    return kept


def faults(kept: list[Kept], begins: str = BEGINS) -> list[int]:
    return [each.position for each in broken(kept, begins)]


def test_a_record_that_nobody_touched_is_whole():
    assert faults(record()) == []
    assert faults([]) == []


@given(st.integers(0, 4), st.sampled_from(["text", "course", "command", "previous", "hash", "head"]))
def test_an_event_that_was_altered_is_found(place, field):
    kept = record()
    kept[place] = replace(kept[place], **{field: "altered"})
    assert place + 1 in faults(kept)


@given(st.integers(0, 4))
def test_an_event_that_was_altered_and_hashed_again_is_found_by_what_follows(place):
    kept = record()
    was = kept[place]
    before = kept[place - 1].head if place else BEGINS
    end = End(version=was.version - 1, position=was.position - 1, previous=was.previous, head=before)
    kept[place] = linked(was.course, ["altered"], "", end)[0]
    assert bool(faults(kept)) is (place < 4)  # the last one is seen by a head that was written down outside


@given(st.integers(0, 3))
def test_an_event_that_was_taken_out_is_found(place):
    kept = record()
    del kept[place]
    assert faults(kept)


@given(st.integers(0, 3), st.integers(1, 4))
def test_events_that_changed_places_are_found(one, other):
    kept = record()
    if one != other:
        kept[one], kept[other] = kept[other], kept[one]
        assert faults(kept)


def test_an_event_that_was_put_in_twice_is_found():
    kept = record()
    assert faults([*kept[:2], kept[1], *kept[2:]])


def test_a_tail_that_was_cut_off_breaks_nothing_here():
    """Hazard H64: the chain alone cannot see it; the anchor can."""
    assert faults(record()[:3]) == []


@pytest.mark.parametrize("begins", [beginning("live", "r"), beginning("demo", "another")])
def test_a_record_of_another_kind_or_store_begins_otherwise(begins):
    assert faults(record(), begins) == [1]
