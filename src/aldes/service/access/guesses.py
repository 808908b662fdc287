"""Guessing becomes slow: after some wrong secrets a person's name rests for a while."""

from datetime import datetime, timedelta
from threading import Lock

FREE = 5  # wrong secrets before the name rests
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)


class Guesses:
    """Wrong secrets of each name since the last right one."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, datetime]] = {}
        self._lock = Lock()

    def rests_until(self, name: str, now: datetime) -> datetime | None:
        """Until when no secret of this name is looked at, or None."""
        with self._lock:
            count, last = self._wrong.get(name, (0, now))
        if count < FREE:
            return None
        until = last + min(FIRST * 2 ** (count - FREE), LONGEST)
        return until if until > now else None

    def wrong(self, name: str, now: datetime) -> None:
        """One more wrong secret."""
        with self._lock:
            self._wrong[name] = (self._wrong.get(name, (0, now))[0] + 1, now)

    def right(self, name: str) -> None:
        """The right one."""
        with self._lock:
            self._wrong.pop(name, None)
