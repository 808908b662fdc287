"""Times as they come: one instant, or the latest instant that an imprecise time can mean and why it is imprecise."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

# Where no zone came, the place may be anywhere; a day ends last at 12 hours behind UTC.
LAST_ZONE = timezone(-timedelta(hours=12))
EARLIEST, LATEST = 1900, 2200  # our policy: outside these years it is no time of a living patient's record

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class When:
    """A time that came: `at` with `imprecise` empty is one instant; else the latest that it can mean, if any."""

    at: datetime | None = None
    imprecise: str = ""

    @property
    def instant(self) -> datetime | None:
        """The instant, or None when the time is not exactly one."""
        return None if self.imprecise else self.at


MISSING = When(imprecise="is missing")


def read_time(text: object) -> When:
    """What a time of the outside world says; never an exception."""
    if text is None:
        return MISSING
    if not isinstance(text, str):
        return When(imprecise="is not a text")
    try:
        return _read(text)
    except (ValueError, OverflowError):
        return When(imprecise="is no time that exists")


def first_of_day(text: object, now: datetime) -> datetime | None:
    """The first instant of a day that came alone, by the clock of whoever reads it; None of any other time.

    For what is not aged by the hour: the day itself is shown then, and not one that another zone is already in.
    """
    if not isinstance(text, str) or not _DAY.fullmatch(text) or read_time(text).at is None:
        return None
    day = date.fromisoformat(text)
    return datetime(day.year, day.month, day.day, tzinfo=now.tzinfo)


def _read(text: str) -> When:
    if match := _INSTANT.fullmatch(text):
        return _instant(*match.groups())
    if _DAY.fullmatch(text):
        return When(_end_of(date.fromisoformat(text)), "is a date without a time of day")
    if match := _MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2] or 12)
        following = date(year + month // 12, month % 12 + 1, 1)
        return When(_end_of(following - timedelta(days=1)), "is a month or a year")
    return When(imprecise="cannot be read")


def _instant(day: str, minute: str, second: str | None, fraction: str | None, zone: str | None) -> When:
    clock = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}{(fraction or '')[:7]}")
    if not EARLIEST <= clock.year <= LATEST:
        return When(imprecise=f"lies outside the years {EARLIEST} to {LATEST}")
    if zone is None:
        return When(clock.replace(tzinfo=LAST_ZONE).astimezone(UTC), "has no zone")
    offset = datetime.fromisoformat(f"{day}T00:00{zone}").utcoffset()
    if offset is None or abs(offset) > timedelta(hours=14):
        return When(clock.replace(tzinfo=LAST_ZONE).astimezone(UTC), "has a zone that does not exist")
    return When((clock - offset).replace(tzinfo=UTC))


def _end_of(day: date) -> datetime | None:
    """The last instant of a day, wherever on earth it was meant; None outside any patient's life."""
    if not EARLIEST <= day.year <= LATEST:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=LAST_ZONE).astimezone(UTC) + timedelta(days=1)
