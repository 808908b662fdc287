"""Pages from templates: every text escaped, every number and time through one function."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from aldes.administration.document import SCOPE_STATEMENT
from aldes.numbers import number

_SHAPES = {  # a word and a shape beside the colour (hazard H53)
    "give": "\N{WHITE RIGHT-POINTING TRIANGLE}",
    "hold": "\N{DOUBLE VERTICAL LINE}",
    "stop": "\N{BLACK SQUARE}",
    "insufficient": "?",
}


class Templates:
    """The templates of this room."""

    def __init__(self, *, demo: bool) -> None:
        self._environment = Environment(
            loader=PackageLoader("aldes.service", "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(demo=demo, scope_statement=SCOPE_STATEMENT, shapes=_SHAPES)
        self._environment.filters.update(clock=clock, day=day, time=time_of_day, ago=ago, span=span, number=plain)

    def page(self, name: str, status: int = 200, **held: Any) -> HTMLResponse:
        """A page, or a part of one."""
        return HTMLResponse(self.text(name, **held), status_code=status)

    def text(self, name: str, **held: Any) -> str:
        """Its text."""
        return self._environment.get_template(name).render(**held)


def clock(time: datetime | str | None, zone: ZoneInfo | None = None) -> str:
    """Day, time and zone, as the drug chart has them: "2026-03-01 16:00 (UTC-06:00)"."""
    at = _at(time, zone)
    return "not known" if at is None else f"{at:%Y-%m-%d %H:%M} ({_offset(at)})"


def day(time: datetime | date | str | None) -> str:
    """The day alone."""
    if isinstance(time, str):
        time = date.fromisoformat(time[:10])
    return "" if time is None else f"{time:%Y-%m-%d}"


def time_of_day(time: datetime | str | None, zone: ZoneInfo | None = None) -> str:
    """The time of day alone, where its day and zone stand beside it."""
    at = _at(time, zone)
    return "" if at is None else f"{at:%H:%M}"


def ago(time: datetime | str | None, now: datetime) -> str:
    """How long ago, or how long from now."""
    at = _at(time, None)
    if at is None:
        return ""
    return f"{span(now - at)} ago" if at <= now else f"in {span(at - now)}"


def span(elapsed: timedelta) -> str:
    """A span in words, in the two units that matter."""
    minutes = int(abs(elapsed).total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes % 60} min"


def plain(value: Decimal | int | float | None) -> str:
    """A number as people read it: no trailing zero, no naked point (hazard H04)."""
    return "" if value is None else number(value if isinstance(value, Decimal) else Decimal(str(value)))


def _at(time: datetime | str | None, zone: ZoneInfo | None) -> datetime | None:
    at = datetime.fromisoformat(time) if isinstance(time, str) and time else time
    if not isinstance(at, datetime):
        return None
    return at.astimezone(zone) if zone else at


def _offset(at: datetime) -> str:
    name = at.strftime("%z")
    return f"UTC{name[:3]}:{name[3:]}"
