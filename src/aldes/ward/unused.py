"""How much of other systems' records could not be used, lately and before: a code or unit may have changed (H33).

What could not be used is missing, and what is missing never leads to *give*; but nobody looks for the reason unless
somebody says that it became more. The limits are our policy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from aldes.course.events import RecordRead
from aldes.course.state import Course

LATELY = timedelta(hours=24)
LEAST = 10  # parts of records, below which no share is told
RISE = 20  # percentage points above what was usual before
UNUSUAL = 50  # percent, where nothing came before


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of so many parts of records so many could not be used."""

    parts: int
    unused: int

    @property
    def percent(self) -> float | None:
        """None where too little came to tell."""
        return 100 * self.unused / self.parts if self.parts >= LEAST else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """Of the records of the last 24 hours, and of all that came before."""

    lately: Share
    before: Share

    @property
    def alarm(self) -> str:
        """What to look at; empty while as much is used as ever."""
        lately, before = self.lately.percent, self.before.percent
        if lately is None or lately < (UNUSUAL if before is None else before + RISE):
            return ""
        usual = "nothing came before that" if before is None else f"before that {before:.0f} %"
        return (
            f"Of {self.lately.parts} parts of records that came in the last 24 hours {self.lately.unused} "
            f"({lately:.0f} %) could not be used; {usual}. A code or a unit may have changed where they come from: "
            "look at what was not used, and chart by hand what is missing."
        )


def unused(courses: Iterable[Course], now: datetime) -> Unused:
    """Over all of these courses."""
    read = [each for course in courses for each in course.records_read]
    return Unused(
        lately=_share(each for each in read if now - each.recorded_at <= LATELY),
        before=_share(each for each in read if now - each.recorded_at > LATELY),
    )


def _share(read: Iterable[RecordRead]) -> Share:
    told = list(read)
    return Share(parts=sum(each.used + each.unused for each in told), unused=sum(each.unused for each in told))
