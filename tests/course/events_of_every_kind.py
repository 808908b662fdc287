"""Random events of every kind that a journal may hold, drawn by the types of their fields."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import get_type_hints
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from aldes.course.events import Event
from aldes.course.wire import kinds

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-5)), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Chicago")])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DECIMALS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**6), max_value=10**6),
    st.sampled_from([Decimal("-0"), Decimal("1E+3"), Decimal("1.20"), Decimal("0E-7"), Decimal("1e-30")]),
)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=ZONES)  # noqa: DTZ001 - with a zone each

st.register_type_strategy(datetime, TIMES)
st.register_type_strategy(date, st.dates())
st.register_type_strategy(Decimal, DECIMALS)
st.register_type_strategy(str, TEXTS)

KINDS: list[type[Event]] = [kind for _, kind in sorted(kinds().items())]


def any_event(kind: type[Event]) -> st.SearchStrategy[Event]:
    """An event of this kind: each field as its type says, or left at its default."""
    hints = get_type_hints(kind)
    parts = {name: st.from_type(hint) for name, hint in hints.items()}
    needed = {each.name for each in kind.__dataclass_fields__.values() if each.default is each.default_factory}
    return st.fixed_dictionaries(
        {name: part for name, part in parts.items() if name in needed},
        optional={name: part for name, part in parts.items() if name not in needed},
    ).map(lambda told: kind(**told))


any_events = st.sampled_from(KINDS).flatmap(any_event)
