"""One batch line: a JSON object with one patient's question."""

from dataclasses import replace
from datetime import datetime

from aldes.course.events import CycleOpened, SlotClosed
from aldes.errors import InputError
from aldes.exchange.course_block import course_events
from aldes.exchange.document import Json
from aldes.exchange.fhir import read_bundle
from aldes.exchange.fields import instant, known_keys
from aldes.exchange.items import ITEM_KEYS, Items
from aldes.exchange.reading import Notes, Reading, in_order, note_doubts
from aldes.exchange.slots import slot_events
from aldes.exchange.text import clean, code_shown

MOST_ITEMS = 5_000  # our policy (hazard H76)
_KEYS = ("id", "protocol", "now", "course", "findings", "entries", "bundle")
_SOURCES = ("findings", "entries", "bundle")


def read_line(line: dict[str, Json], clock: datetime, patient_id: str | None = None) -> Reading:
    """One patient's events from a batch line, or from a bare FHIR bundle in its place.

    `clock` is the reading time of a line that does not say its own `now`.

    Raises
    ------
    InputError
        When a key is unknown, the course cannot be right, or the bundle cannot be read.
    """
    if "resourceType" in line:
        return read_bundle(line, clock, patient_id)
    known_keys(line, _KEYS, "the line")
    said_now = instant(line["now"], "now") if line.get("now") is not None else None
    now = said_now or clock
    reading = _body(line, now, patient_id)
    course = line.get("course")
    if course is not None:
        reading = _with_course(reading, course, now)
    return replace(
        reading,
        id=_text(line, "id"),
        protocol=_text(line, "protocol"),
        now=said_now,
        has_course=course is not None,
    )


def _body(line: dict[str, Json], now: datetime, patient_id: str | None) -> Reading:
    came = [key for key in _SOURCES if line.get(key) is not None]
    if len(came) > 1:
        raise InputError(f"The line holds {' and '.join(came)}. We read one of them. Put everything under one.")
    if came == ["bundle"]:
        bundle = line["bundle"]
        if not isinstance(bundle, dict):
            raise InputError("'bundle' is not an object. We read a FHIR R4 Bundle. Send it so.")
        return read_bundle(bundle, now, patient_id)
    return read_items(line.get(came[0]) if came else [], came[0] if came else "findings", now)


def read_items(came: Json, place: str, now: datetime) -> Reading:
    """The events of a list of items.

    Raises
    ------
    InputError
        When it is no list, is too long, or an item has an unknown key.
    """
    if not isinstance(came, list) or len(came) > MOST_ITEMS:
        raise InputError(f"'{place}' is not a list of at most {MOST_ITEMS:,} items. Send it so.")
    items = Items(now=now, notes=Notes())
    for index, item in enumerate(came):
        where = f"{place}[{index}]"
        items.read(known_keys(item, tuple(sorted(ITEM_KEYS)), where), where)
    return reading_of(items)


def reading_of(items: Items) -> Reading:
    """Items as a reading: doses first, so that a cycle is open before what was charted at its start."""
    events = [*slot_events(items.doses, items.notes), *items.events, *items.retractions()]
    note_doubts(events, items.notes)
    return Reading(events=in_order(events), not_used=items.notes.grouped(), alert=tuple(items.notes.alerts))


def _with_course(reading: Reading, course: Json, now: datetime) -> Reading:
    """The stated course before the entries of the same time; doses may be told in one of the two only."""
    if any(isinstance(event, CycleOpened | SlotClosed) for event in reading.events):
        raise InputError(
            "The line states a course and also lists doses, so that doses could count twice. "
            "Put them into 'course.slots', or leave 'course' out."
        )
    notes = Notes(not_used=list(reading.not_used))
    stated = course_events(course, now, notes)
    note_doubts(stated, notes)
    return replace(reading, events=in_order([*stated, *reading.events]), not_used=tuple(notes.not_used))


def _text(line: dict[str, Json], key: str) -> str | None:
    came = line.get(key)
    if came is None:
        return None
    if not isinstance(came, str) or not clean(came):
        raise InputError(f"'{key}' is not a text ({code_shown(came)}). Send it in quotes.")
    return clean(came)
