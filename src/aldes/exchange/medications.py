"""A drug of our own form: `{"name": "medication", "value": "H02AB02", "time": ...}`, in batch lines and tables."""

from datetime import datetime

from aldes.course.events import MedicationListed
from aldes.course.medication import Medication, MedicationKind
from aldes.exchange.document import Json
from aldes.protocols.interaction import ATC, ATC_CODE

MEDICATION = "medication"


def listed(medication: Medication, now: datetime) -> MedicationListed:
    """The event of a drug on the list: since it began, or since the list was read."""
    at = min(medication.start or now, now)
    return MedicationListed(happened_at=at, recorded_at=at, medication=medication)


def medication_of(
    value: Json, key: str, where: str, span: tuple[datetime | None, datetime | None], faults: tuple[str, ...]
) -> Medication:
    """A drug by its ATC code, or "system|code"; any other text is no code, and then it is not checked."""
    start, end = span
    if start is not None and end is not None and end < start:
        faults = (*faults, "Its end lies before its start.")
    return Medication(
        id=key,
        kind=MedicationKind.TAKEN,
        where=where,
        codes=_codes(value),
        start=start,
        end=end,
        doubt=" ".join(faults),
    )


def _codes(value: Json) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, str):
        return ()
    if ATC_CODE.fullmatch(value):
        return ((ATC, value),)
    system, bar, code = value.partition("|")
    return ((system, code),) if bar and system and code and " " not in value else ()
