"""When a resource says it was so."""

from dataclasses import dataclass
from datetime import datetime

from aldes.exchange.fhir.shapes import Resource, part
from aldes.exchange.times import MISSING, When, read_time

_EFFECTIVE = ("effectiveDateTime", "effectiveInstant", "effectivePeriod", "effectiveTiming")


@dataclass(frozen=True, slots=True)
class Effective:
    """The clinically relevant time: an instant, or the end of a period with its start."""

    when: When
    start: datetime | None = None


def effective(resource: Resource) -> Effective:
    """The effective time of an observation; `issued` is never one (hazard H15)."""
    came = [key for key in _EFFECTIVE if key in resource]
    if not came:
        return Effective(MISSING)
    if len(came) > 1:
        return Effective(When(imprecise="came in two forms"))
    match came[0]:
        case "effectivePeriod":
            return period(part(resource, "effectivePeriod"))
        case "effectiveTiming":
            return Effective(When(imprecise="is a schedule"))
    return Effective(read_time(resource[came[0]]))


def period(came: Resource) -> Effective:
    """Start and end of a Period, each of which must be one instant."""
    start, end = read_time(came.get("start")), read_time(came.get("end"))
    if end.at is None:
        return Effective(When(imprecise="is a period without an end"))
    if start.instant is None:
        return Effective(When(end.at, "is a period without an exact start"))
    return Effective(end, start.instant)
