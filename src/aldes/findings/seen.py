"""What a question sees of a finding, and the few ways in which entries are picked for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aldes.findings.charted import Charted, Value


@dataclass(frozen=True, slots=True)
class Seen:
    """What a question sees of a finding: a value and the entries behind it, or the reason why there is none."""

    value: Value | None
    entries: tuple[Charted, ...] = ()
    why: str = ""
    stated: datetime | None = None  # when a system statement answered


def at_newest_time(entries: Sequence[Charted]) -> tuple[Charted, ...]:
    """The entries that share the newest time."""
    return tuple(each for each in entries if each.time == entries[-1].time)


def since_newest_valid(entries: Sequence[Charted]) -> tuple[Charted, ...]:
    """From the newest valid entry's time on: what may answer yes."""
    valid = [each.time for each in entries if each.valid is not None]
    return tuple(each for each in entries if not valid or each.time >= valid[-1])


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
