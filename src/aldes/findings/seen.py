"""What a question sees of a finding, and the few ways in which entries are picked for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from aldes.findings.charted import Charted, Value


class Seen(NamedTuple):
    """What a question sees of a finding: a value and the entries behind it, or the reason why there is none.

    A tuple, because one is made for each finding and view of a decision, and a frozen dataclass takes thrice as long.
    """

    value: Value | None
    entries: tuple[Charted, ...] = ()
    why: str = ""
    stated: datetime | None = None  # when a system statement answered


def at_newest_time(entries: Sequence[Charted]) -> tuple[Charted, ...]:
    """The entries that share the newest time, of entries in order of time."""
    return _from_time(entries, len(entries) - 1)


def since_newest_valid(entries: Sequence[Charted]) -> tuple[Charted, ...]:
    """From the newest valid entry's time on, of entries in order of time: what may answer yes."""
    for place in range(len(entries) - 1, -1, -1):
        if entries[place].valid is not None:
            return _from_time(entries, place)
    return tuple(entries)


def _from_time(entries: Sequence[Charted], place: int) -> tuple[Charted, ...]:
    """From the first entry on that has the time of the one at `place`: found from the newest end, where it lies."""
    while place > 0 and entries[place - 1].time == entries[place].time:
        place -= 1
    return tuple(entries[max(place, 0) :])


def first_fault(entries: Sequence[Charted]) -> str | None:
    """Why one of these entries may not answer no."""
    return next((each.fault or "no usable value" for each in entries if each.valid is None), None)


def valid_values(entries: Sequence[Charted]) -> list[Value]:
    """The valid values among these entries."""
    return [each.valid for each in entries if each.valid is not None]


def hours(span: timedelta) -> str:
    """A span in hours, without trailing zeros."""
    return f"{span / timedelta(hours=1):g}"


def age(limit: timedelta) -> str:
    """A greatest age as people say it: in days from three days on, else in hours."""
    days = limit / timedelta(days=1)
    return f"{days:g} days" if days >= 3 else f"{hours(limit)} h"
