"""A patient whom no listed criterion excludes, as a physician charts one before a first course; and changes of it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count

from aldes.course.events import AnyEvent, FindingCharted
from aldes.course.fold import replay
from aldes.course.state import Course
from aldes.findings.charted import Charted, Value
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.selection.assess import assess
from aldes.selection.assessment import Assessment

NOW = datetime(2026, 11, 20, 20, tzinfo=UTC)
DAY = timedelta(days=1)
LABEL = "us-label-2023"
WELL: Mapping[str, object] = {
    "age": 58,
    "sex": "male",
    "kidney_cancer": True,
    "metastatic_disease": True,
    "ecog": 0,
    "lvef": 60,
    "wall_motion_impaired": False,
    "coronary_disease": False,
    "stress_test_abnormal": False,
    "fev1": "3.1",
    "fev1_percent": 94,
    "creatinine": "1.1",
    "bilirubin": "0.6",
    "platelets": 231,
    "white_cells": "6.8",
    "haematocrit": 41,
    "renal_impairment": False,
    "hepatic_impairment": False,
    "cns_impairment": False,
    "infection": False,
    "allograft": False,
    "hypersensitivity": False,
    "prior_vegf_tki": False,
    "prior_pd1": False,
    "measurable_disease": True,
}
_ids = count(1)


def value_of(came: object) -> Value | None:
    """Whole numbers and quoted decimals become decimals; words and flags stay."""
    if isinstance(came, int) and not isinstance(came, bool):
        return Decimal(came)
    if isinstance(came, str) and came.replace(".", "", 1).isdigit():
        return Decimal(came)
    return came if isinstance(came, bool | str | Decimal) else None


def charted(
    finding: str,
    came: object,
    days_ago: float = 1,
    *,
    role: str | None = "physician",
    fault: str | None = None,
    low: str | None = None,
    high: str | None = None,
) -> FindingCharted:
    """A value as a clinic charts it, by a physician unless somebody else is named."""
    value, time = value_of(came), NOW - days_ago * DAY
    entry = Charted(
        finding=finding,
        id=f"entry-{next(_ids)}",
        time=time,
        worst=value,
        valid=None if fault else value,
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        fault=fault,
        role=role,
    )
    return FindingCharted(happened_at=time, recorded_at=time, entry=entry)


def chart(changes: Mapping[str, object] | None = None, *, without: Iterable[str] = ()) -> list[AnyEvent]:
    """The well patient's chart with some findings otherwise, and some not charted at all."""
    found = {**WELL, **(changes or {})}
    return [charted(name, value) for name, value in found.items() if name not in set(without)]


@cache
def demo(protocol: str = LABEL) -> Protocol:
    """A protocol with the demo site."""
    return read(protocol, "demo")


def assessed(events: Iterable[AnyEvent], protocol: str | Protocol = LABEL, now: datetime = NOW) -> Assessment:
    """What selection says of these events."""
    course: Course = replay(events)
    resolved = demo(protocol) if isinstance(protocol, str) else protocol
    return assess(course, resolved, now)[0]


def answer(found: Assessment, row: str) -> str:
    """One row's answer, in a word."""
    (one,) = (each for each in found.rows if each.row == row)
    return "none" if one.answer is None else one.answer.name.lower()


def judged() -> list[str]:
    """The findings of the well patient that only a physician denies."""
    return [name for name in WELL if vocabulary()[name].group in (Group.JUDGED, Group.HISTORY)]
