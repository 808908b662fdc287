"""Who the patient is: age and sex, from the Patient itself."""

from datetime import date
from decimal import Decimal

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import Chart
from aldes.exchange.fhir.shapes import word
from aldes.findings.charted import Value
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary

_NO_DAY = "The birth date is not one past day. We read year, month and day. Correct it in the patient's record."
_NO_SEX = "The administrative gender is neither male nor female. Chart the sex that matters for the therapy."


def read_person(patient: Entry, sheet: Chart) -> list[AnyEvent]:
    """The age in completed years on the day of reading, and the sex; what cannot be read is reported.

    The birth date itself goes no further.
    """
    sex = word(patient.resource, "gender")
    found: list[FindingCharted | None] = []
    if "birthDate" in patient.resource:
        years = _years(word(patient.resource, "birthDate"), sheet.now.date())
        found.append(_charted("age", None if years is None else Decimal(years), "a", _NO_DAY, patient, sheet))
    if sex:
        found.append(_charted("sex", sex if sex in ("male", "female") else None, None, _NO_SEX, patient, sheet))
    return [each for each in found if each is not None]


def _charted(
    name: str, value: Value | None, unit: str | None, why: str, patient: Entry, sheet: Chart
) -> FindingCharted | None:
    if patient.unusable or patient.doubt:
        return None  # said first, for the whole record
    if value is None:
        sheet.notes.skip(patient.where, name, why)
        return None
    raw = Raw(finding=vocabulary()[name], id=f"Patient#{name}", value=value, unit=unit, time=sheet.now)
    entry = chart(raw, sheet.now)
    sheet.notes.places[entry.id] = patient.where
    return FindingCharted(happened_at=entry.time, recorded_at=entry.time, entry=entry)


def _years(text: str, today: date) -> int | None:
    """Completed years; who was born on 29 February completes one on 1 March of other years."""
    try:
        born = date.fromisoformat(text)
    except ValueError:
        return None
    if len(text) != len("2026-11-20") or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
