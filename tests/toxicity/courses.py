"""Courses to grade: entries as a ward charts them, with their printed reference ranges."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from aldes.course.events import AnyEvent, FindingCharted, SlotClosed, SlotState
from aldes.course.fold import replay
from aldes.course.state import Course
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.protocols.read import read as read_protocol
from aldes.protocols.row import Protocol
from aldes.toxicity.ctcae.chart import chart as chart_of
from aldes.toxicity.ctcae.grade import Grade, grade
from aldes.toxicity.ctcae.ladder import Ladder
from aldes.toxicity.ctcae.read import read

NOW = datetime.fromisoformat("2026-11-20T15:00:00-06:00")
FIRST_DOSE = datetime.fromisoformat("2026-11-18T08:00:00-06:00")
HOUR = timedelta(hours=1)

_ids = count(1)


def result(
    finding: str,
    value: object,
    hours_ago: float = 2,
    *,
    low: object = None,
    high: object = None,
    unit: str | None = None,
    status: str = "final",
    at: datetime | None = None,
    over_h: float | None = None,
) -> FindingCharted:
    """A result that came in, read as every reader reads it."""
    found = vocabulary()[finding]
    time = at or NOW - hours_ago * HOUR
    raw = Raw(
        finding=found,
        id=f"{finding}-{next(_ids)}",
        value=_value(value),
        unit=unit or found.unit or None,
        status=status,
        time=time,
        start=None if over_h is None else time - over_h * HOUR,
        low=None if low is None else Decimal(str(low)),
        high=None if high is None else Decimal(str(high)),
    )
    return FindingCharted(happened_at=time, recorded_at=time, entry=chart(raw, time))


def _value(value: object) -> Decimal | bool | str:
    return value if isinstance(value, bool | str) else Decimal(str(value))


def course(*events: AnyEvent, doses: int = 7) -> Course:
    """A course with these events, doses every 8 hours from the first one on."""
    slots = [
        SlotClosed(happened_at=at, recorded_at=at, cycle=1, number=number, state=SlotState.GIVEN)
        for number in range(1, doses + 1)
        for at in [FIRST_DOSE + (number - 1) * 8 * HOUR]
    ]
    return replay(sorted([*slots, *events], key=lambda each: each.happened_at))


def demo() -> Protocol:
    """A protocol with the demo site's settings."""
    return read_protocol("us-label-2023", "demo")


def ladder(name: str, version: str = "5.0", units: str = "conventional") -> Ladder:
    """The ladder of this name."""
    found = read(version, units).ladder(name)
    assert found is not None
    return found


def graded(name: str, *events: AnyEvent, version: str = "5.0", site: Protocol | None = None) -> Grade:
    """The grade of one term at NOW, of a patient of whom only these events are known."""
    criteria = read(version)
    patient: Iterable[AnyEvent] = events
    chart = chart_of(course(*patient), criteria, site or demo(), NOW)
    return grade(ladder(name, version), version, chart)
