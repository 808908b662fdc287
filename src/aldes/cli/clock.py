"""The clock of the command line: now comes in as an argument, or is read once here."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aldes.errors import InputError
from aldes.exchange.times import read_time
from aldes.protocols.read import read


def instant(text: str) -> datetime:
    """A typed instant with its zone.

    Raises
    ------
    InputError
        When it is no instant, or has no zone.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text[:40]}' is no instant. Write it like 2026-11-20T15:30:00-06:00.") from None
    if at.tzinfo is None:
        raise InputError(f"'{text[:40]}' has no zone. Write it like 2026-11-20T15:30:00-06:00, or end it with Z.")
    if (came := read_time(text)).instant is None:  # held to the same as a time of a record: years, zones, forms
        raise InputError(f"'{text[:40]}' {came.imprecise}. Write it like 2026-11-20T15:30:00-06:00.")
    return at


def site_now(site: str | None) -> datetime:
    """The present instant, by the site's clock where it has one."""
    zone = read("us-label-2023", site).schedule.zone
    return datetime.now(ZoneInfo(zone) if zone else UTC)


def today() -> date:
    """The present day, by the clock of this machine."""
    return datetime.now(UTC).astimezone().date()
