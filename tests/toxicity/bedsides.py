"""A patient at the bedside, asked what is owed; the events are those of the ward's own builders, told here again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from aldes.course.events import (
    Admitted,
    AnyEvent,
    Discharged,
    FindingCharted,
    NoticeAcknowledged,
    SlotClosed,
    SlotState,
    StatementMade,
)
from aldes.findings.charted import Charted, Value
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.toxicity.at import Bedside, bedside
from aldes.toxicity.watch import Item, watch
from aldes.ward import walk

NOW = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
CONSENSUS, LABEL = "consensus-2014", "us-label-2023"
_ids = count(1)


def ago(hours: float) -> datetime:
    """So many hours before the slot."""
    return NOW - timedelta(hours=hours)


def value_of(came: object) -> Value:
    """Numbers and quoted decimals become decimals; words and flags stay."""
    words = isinstance(came, str) and not came.replace(".", "", 1).isdigit()
    return came if isinstance(came, bool) or words else Decimal(str(came))


def charted(
    finding: str, came: object, hours_ago: float = 0.5, *, over_h: float | None = None, fault: str | None = None
):
    """A value as the ward charts it."""
    value, time = value_of(came), ago(hours_ago)
    entry = Charted(
        finding=finding,
        id=f"entry-{next(_ids)}",
        time=time,
        start=None if over_h is None else time - timedelta(hours=over_h),
        worst=value,
        valid=None if fault else value,
        fault=fault,
        text=str(came),
    )
    return FindingCharted(happened_at=time, recorded_at=time, entry=entry)


def statement(system: str, hours_ago: float = 0.3) -> StatementMade:
    at = ago(hours_ago)
    return StatementMade(happened_at=at, recorded_at=at, id=f"statement-{next(_ids)}", system=system)


def admitted(hours_ago: float = 47) -> Admitted:
    return Admitted(happened_at=ago(hours_ago), recorded_at=ago(hours_ago))


def discharged(hours_ago: float) -> Discharged:
    return Discharged(happened_at=ago(hours_ago), recorded_at=ago(hours_ago))


def acknowledged(row: str, hours_ago: float, by: str = "the registrar on call") -> NoticeAcknowledged:
    return NoticeAcknowledged(happened_at=ago(hours_ago), recorded_at=ago(hours_ago), by=by, row=row)


def doses(number: int, until_ago: float = 8) -> list[AnyEvent]:
    """So many doses given every 8 hours, the last `until_ago` hours ago."""
    times = [ago(until_ago + 8 * (number - each)) for each in range(1, number + 1)]
    return [
        SlotClosed(happened_at=at, recorded_at=at, cycle=1, number=place, state=SlotState.GIVEN)
        for place, at in enumerate(times, 1)
    ]


def vitals(hours_ago: float = 1) -> list[AnyEvent]:
    well = {"systolic": 118, "diastolic": 70, "heart_rate": 88, "respiratory_rate": 16, "temperature": "36.9"}
    return [charted(name, value, hours_ago) for name, value in well.items()]


def treated(*more: AnyEvent, given: int = 5) -> list[AnyEvent]:
    """Admitted two days ago, with the targets pinned and some doses given."""
    pinned = [charted("dosing_weight", 70, 46), charted("systolic_target", 85, 46), charted("weight", 70, 46)]
    events = [admitted(), *pinned, *doses(given), *more]
    return sorted(events, key=lambda event: event.recorded_at)


def demo(protocol: str = CONSENSUS) -> Protocol:
    return read(protocol, "demo")


def at_bedside(events: Iterable[AnyEvent], protocol: Protocol | str = CONSENSUS, now: datetime = NOW) -> Bedside:
    resolved = demo(protocol) if isinstance(protocol, str) else protocol
    known = [each for each in events if each.happened_at <= now]
    return bedside(walk(known, resolved), resolved, now)


def owed(
    events: Iterable[AnyEvent], row: str, protocol: Protocol | str = CONSENSUS, now: datetime = NOW
) -> Item | None:
    """The row as it stands, or None where it is not asked."""
    return next((each for each in watch(at_bedside(events, protocol, now)).items if each.row == row), None)


def site(folder: Path, more: str, *, orders: str = "") -> str:
    """The demo site with more rows, and perhaps an order set."""
    text = (Path(__file__).parents[2] / "src/aldes/protocols/sites/demo.toml").read_text(encoding="utf-8")
    path = folder / f"site-{len(list(folder.iterdir()))}.toml"
    path.write_text(text.replace("demo = true", f"demo = true\n{orders}") + more, encoding="utf-8")
    return str(path)
