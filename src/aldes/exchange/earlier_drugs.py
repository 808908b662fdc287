"""What a drug of the patient's list says of the history: that it was taken, and how many days ago last."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.reading import Notes
from aldes.findings.charted import Value
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.protocols.interaction import ATC

_DAYS = {"prior_vegf_tki": "vegf_tki_days"}  # how long ago, where a row asks it
_NO_LAST_DAY = "It is over, and the record does not say since when. Send the end of its period."


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A drug that was taken, or of which that is in doubt."""

    key: str
    where: str
    codes: tuple[tuple[str, str], ...]  # system, code
    at: datetime | None = None  # when it was taken last, else when it began: what is shown beside it
    last_day: date | None = None  # by the calendar that the record writes; a later one than today counts as today
    counts_days: bool = True  # an order that is over says nothing of when the drug was taken last
    unusable: str = ""  # why nothing in the entry may be believed
    doubts: tuple[str, ...] = ()


def history_of(drug: Taken, now: datetime, notes: Notes) -> list[AnyEvent]:
    """Each finding of the history that a drug of its class says, with the days since it was last taken."""
    events: list[AnyEvent] = []
    for name in vocabulary().said_by_drug(code for system, code in drug.codes if system == ATC):
        events.append(_charted(drug, name, True, min(drug.at or now, now), now, notes))
        if name in _DAYS and drug.counts_days:
            events.append(_charted(drug, _DAYS[name], _days(drug, now), now, now, notes))
    return events


def _days(drug: Taken, now: datetime) -> Decimal | None:
    """Calendar days since the last one on which it was taken."""
    return None if drug.last_day is None else Decimal(max(0, (now.date() - drug.last_day).days))


def _charted(drug: Taken, name: str, value: Value | None, at: datetime, now: datetime, notes: Notes) -> FindingCharted:
    finding = vocabulary()[name]
    faults = (drug.unusable,) if drug.unusable else drug.doubts
    unsaid = (_NO_LAST_DAY,) if value is None and not faults else ()
    raw = Raw(
        finding=finding,
        id=f"{drug.key}#{name}",
        value=None if drug.unusable else value,
        unit=finding.unit or None,
        time=at,
        faults=(*faults, *unsaid),
    )
    charted = chart(raw, now)
    notes.places[charted.id] = drug.where
    recorded = now if charted.fault else charted.time
    return FindingCharted(happened_at=charted.time, recorded_at=recorded, entry=charted)
