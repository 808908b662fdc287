"""Signed statements: for one organ system, none of the listed."""

from dataclasses import dataclass
from datetime import datetime

from aldes.course.events import AnyEvent, StatementMade
from aldes.errors import nearest
from aldes.exchange.reading import Notes
from aldes.exchange.text import code_shown
from aldes.exchange.times import When
from aldes.findings.charting import CLOCK_SKEW, TRUSTED
from aldes.findings.read import vocabulary

NONE_OF_THE_LISTED = "none of the listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A statement as it came."""

    id: str
    where: str
    system: str
    value: object
    status: str
    when: When
    start: datetime | None = None  # of a period: a statement is made at one instant
    by: str = ""
    faults: tuple[str, ...] = ()


def statement_event(signed: Signed, now: datetime, notes: Notes) -> list[AnyEvent]:
    """The statement as an event; one with a fault is kept, so that it hides an older good one, and answers nothing."""
    systems = vocabulary().systems
    if signed.system not in systems:
        near = nearest(signed.system, systems)
        why = f"We know statements for {', '.join(sorted(systems))}.{near} Name one of these."
        notes.skip(signed.where, f"a statement for {code_shown(signed.system)}", why)
        return []
    instant = signed.when.instant
    faults = _faults(signed, now)
    if faults:
        notes.skip(signed.where, f"statement.{signed.system}", " ".join(faults))
    happened = min(signed.when.at or now, now) if faults or instant is None else instant
    return [
        StatementMade(
            happened_at=happened,
            recorded_at=now if faults else happened,
            by=signed.by,
            id=signed.id,
            system=signed.system,
            fault=" ".join(faults) or None,
        )
    ]


def _faults(signed: Signed, now: datetime) -> list[str]:
    faults = list(signed.faults)
    if signed.value != NONE_OF_THE_LISTED:
        faults.append(f"A statement says exactly '{NONE_OF_THE_LISTED}'. Sign it so, or chart what is there.")
    if signed.status not in TRUSTED:
        faults.append("Its status is not final, amended or corrected. Sign the final one.")
    if signed.when.instant is None:
        faults.append(f"Its time {signed.when.imprecise or 'is missing'}. We read date, time and zone. Sign it so.")
    elif signed.when.instant > now + CLOCK_SKEW:
        faults.append("Its time lies in the future. Check the clock and sign it again.")
    elif signed.start not in (None, signed.when.instant):
        faults.append("It came over a period. A statement is made at one instant. Sign it so.")
    return faults
