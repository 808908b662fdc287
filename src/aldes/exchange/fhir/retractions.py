"""Entries withdrawn at their source: an earlier import may hold them, whatever this document holds."""

from aldes.course.events import AnyEvent, EntryRetracted
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import Chart

ENTERED_IN_ERROR = (
    "It was entered in error: it does not count, and what an earlier import charted under its id is withdrawn."
)


def retraction(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """What this document learned now: that the entry of this id should not have been charted."""
    if not entry.name:
        return []
    return [EntryRetracted(happened_at=sheet.now, recorded_at=sheet.now, id=entry.name, why="withdrawn at its source")]
