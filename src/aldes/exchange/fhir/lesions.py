"""Lesions in a FHIR R4 bundle: one Observation a lesion an assessment, and the days of the courses.

Anything unclear in such an Observation refuses the whole bundle: a lesion that is left out would change every sum.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from aldes.course.events import AnyEvent, CycleOpened, Discharged, SlotClosed, SlotState
from aldes.errors import InputError
from aldes.exchange.document import Json
from aldes.exchange.fhir.bundle import read_bundle
from aldes.exchange.fhir.codes import codings
from aldes.exchange.fhir.entries import Entry, entries_of
from aldes.exchange.fhir.patients import NOT_HIS_OR_HERS, Chart, choose
from aldes.exchange.fhir.references import Index
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.fhir.values import unit_of
from aldes.exchange.reading import Notes, NotUsed
from aldes.exchange.times import read_time
from aldes.findings.charting import TRUSTED, WITHDRAWN
from aldes.findings.read import LOINC, SNOMED
from aldes.response.organs import organs
from aldes.response.rows import EVENTS, Row

OWN = "urn:aldes:lesion"
ORGAN = "urn:aldes:organ"
TUMOUR_SIZE = (LOINC, "21889-1")  # mCODE, tumor size: read
LONGEST = (LOINC, "33728-7")  # mCODE, longest dimension: read
METHODS = {(SNOMED, "77477000"): "CT", (SNOMED, "113091000"): "MRI"}  # recalled
_TEXTS = ("lesion", "part")
_WORDS = ("kind", "state", "irradiated", "role")
_ASSESSMENT = "assessment"
_EVENT = {name.replace(" ", "-"): name for name in EVENTS}


def rows_of_bundle(
    bundle: Resource, now: datetime, patient_id: str | None
) -> tuple[tuple[Row, ...], tuple[NotUsed, ...], tuple[str, ...]]:
    """The rows of the bundle's one (chosen) patient by day, what was not used, and what must be said first.

    Raises
    ------
    InputError
        When it cannot be read, or one of its lesion Observations is unclear.
    """
    reading = read_bundle(bundle, now, patient_id)
    notes = Notes()
    entries = entries_of(bundle, Notes())
    sheet = Chart(patient=choose(entries, patient_id), index=Index(entries), now=now, notes=notes)
    rows = [row for entry in entries if entry.type == "Observation" for row in _row(entry, sheet)]
    if not any(row.event == "course" for row in rows):
        rows += _course_rows(reading.events)
    if not any(row.event == "death" for row in rows):
        rows += _death(sheet.patient)
    order = {"course": 0, "death": 2}  # of one day: a course begins before, and death ends everything
    rows.sort(key=lambda row: (row.day, order.get(row.event, 1)))
    return tuple(rows), notes.grouped(), reading.alert


def _row(entry: Entry, sheet: Chart) -> Iterator[Row]:
    """The row of a lesion Observation, or of an event; nothing from any other Observation."""
    pairs = codings(part(entry.resource, "code"))
    names = [code for system, code in pairs if system == OWN]
    if not names:
        if TUMOUR_SIZE in pairs:
            sheet.notes.skip(
                entry.where,
                "LOINC 21889-1",
                f"It does not say which lesion it measures. Send it with {OWN}|assessment.",
            )
        return
    if not _is_usable(entry, sheet):
        return
    if len(names) > 1 or names[0] not in (_ASSESSMENT, *_EVENT):
        raise _refusal(entry, "its own code is none that we know", f"Send {_ASSESSMENT} or one of {', '.join(_EVENT)}.")
    day = _day(entry)
    yield (
        _assessment(entry, day) if names[0] == _ASSESSMENT else Row(where=entry.where, day=day, event=_EVENT[names[0]])
    )


def _is_usable(entry: Entry, sheet: Chart) -> bool:
    """Whether it is this patient's and stands; another's, and what was withdrawn, is reported and left out."""
    why = sheet.whose_else(entry)
    if why in NOT_HIS_OR_HERS:
        sheet.notes.skip(entry.where, "Observation", why)
        return False
    status = word(entry.resource, "status")
    if not why and status in WITHDRAWN:
        sheet.notes.skip(entry.where, "Observation", "It was withdrawn: it does not count.")
        return False
    for fault in (why, entry.unusable, entry.doubt):
        if fault:
            raise InputError(f"{entry.where}: {fault} Nothing was computed.")
    if status not in TRUSTED:
        raise _refusal(entry, "its status is not final, amended or corrected", "Send it when it is final.")
    return True


def _assessment(entry: Entry, day: date) -> Row:
    resource = entry.resource
    told = dict(_components(entry))
    value, unit, axis = _diameter(entry, told)
    slices, slice_unit = _quantity(entry, told["slice-thickness"]) if "slice-thickness" in told else (None, "mm")
    if slice_unit != "mm":
        raise _refusal(entry, "the thickness of its slices is not in mm", "Send it in mm.")
    texts = {name: _text(entry, told[name]) for name in _TEXTS if name in told}
    words = {name: _word(entry, told[name]) for name in _WORDS if name in told}
    if not texts.get("lesion"):
        raise _refusal(entry, "it does not say which lesion it is about", "Send the component 'lesion' with its name.")
    return Row(
        where=entry.where,
        day=day,
        organ=_organ(part(resource, "bodySite")),
        method=_method(part(resource, "method")),
        value=value,
        unit=unit,
        axis=axis,
        slice_mm=slices,
        **texts,
        **words,
    )


def _components(entry: Entry) -> Iterator[tuple[str, Resource]]:
    """The components that we know, each once; LOINC's longest dimension is the long axis."""
    known = (*_TEXTS, *_WORDS, "long-axis", "short-axis", "slice-thickness")
    came: set[str] = set()
    for each in parts(entry.resource, "component"):
        pairs = codings(part(each, "code"))
        names = {code for system, code in pairs if system == OWN} | ({"long-axis"} if LONGEST in pairs else set())
        if not names:
            continue
        name = names.pop()
        if names or name not in known or name in came:
            raise _refusal(
                entry, "a component is unknown or came twice", f"Send each of {', '.join(known)} at most once."
            )
        came.add(name)
        yield name, each


def _diameter(entry: Entry, told: dict[str, Resource]) -> tuple[Decimal | None, str, str]:
    axes = [axis for axis in ("long", "short") if f"{axis}-axis" in told]
    if not axes:
        return None, "", ""
    if len(axes) > 1:
        raise _refusal(
            entry, "it carries both axes", "Send the short axis of a node, the long one of any other lesion."
        )
    value, unit = _quantity(entry, told[f"{axes[0]}-axis"])
    return value, unit, axes[0]


def _quantity(entry: Entry, component: Resource) -> tuple[Decimal, str]:
    quantity = part(component, "valueQuantity")
    value, (unit, fault) = quantity.get("value"), unit_of(quantity)
    if not isinstance(value, Decimal) or quantity.get("comparator") is not None or "dataAbsentReason" in component:
        raise _refusal(entry, "a size came without one plain number", "Send valueQuantity, or a state in its place.")
    if fault:
        raise InputError(f"{entry.where}: {fault} Nothing was computed.")
    return value, unit or ""


def _text(entry: Entry, component: Resource) -> str:
    value: Json = component.get("valueString")
    if not isinstance(value, str) or not value:
        raise _refusal(entry, "the name of a lesion or part came in another form than valueString", "Send it so.")
    return value


def _word(entry: Entry, component: Resource) -> str:
    meant = {code for system, code in codings(part(component, "valueCodeableConcept")) if system == OWN}
    if len(meant) != 1:
        raise _refusal(entry, "a word about its lesion came in no code, or in several", f"Send one code of {OWN}.")
    return meant.pop()


def _organ(site: Resource) -> str:
    """The organ that the body site names; a word that no organ has where it names none that we know, or two."""
    if not site:
        return ""
    by_code = {code: organ for organ, codes in organs().items() for code in codes}
    pairs = codings(site)
    named = {by_code[code] for system, code in pairs if system == SNOMED and code in by_code}
    named |= {code for system, code in pairs if system == ORGAN}
    return named.pop() if len(named) == 1 else "?"


def _method(concept: Resource) -> str:
    pairs = codings(concept)
    named = {METHODS[pair] for pair in pairs if pair in METHODS} | {code for system, code in pairs if system == OWN}
    if not concept:
        return ""
    return named.pop() if len(named) == 1 else "?"


def _day(entry: Entry) -> date:
    """The day as the record writes it, where it was: of an instant its own date, in its own zone."""
    day = _written(entry.resource.get("effectiveDateTime"))
    if day is None:
        raise _refusal(entry, "it has no day", "Send effectiveDateTime with the day of the images.")
    return day


def _written(came: Json) -> date | None:
    """The date of a day or an instant as it is written; None of anything else."""
    when = read_time(came)
    if isinstance(came, str) and when.at is not None and when.imprecise in ("", "is a date without a time of day"):
        return date.fromisoformat(came[:10])
    return None


def _course_rows(events: Iterable[AnyEvent]) -> Iterator[Row]:
    """The days of the courses from the doses and stays of the same record."""
    given = (SlotState.GIVEN, SlotState.GIVEN_PARTLY)
    for event in events:
        name = ""
        match event:
            case CycleOpened(cycle=1):
                name = "course"
            case SlotClosed(state=state) if state in given:
                name = "last dose"
            case Discharged():
                name = "discharge"
        if name:
            yield Row(where="the doses of the record", day=event.happened_at.date(), event=name)


def _death(patient: Entry) -> Iterator[Row]:
    """The day of death of the Patient, where it is told as a day or an instant."""
    day = _written(patient.resource.get("deceasedDateTime"))
    if day is not None:
        yield Row(where=patient.where, day=day, event="death")


def _refusal(entry: Entry, what: str, do: str) -> InputError:
    return InputError(f"{entry.where}: {what}. {do} Nothing was computed.")
