"""Observations: measurements, judgements, signed statements, and a physician's reviews."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.fhir.codes import PRESSURE_PANELS, codings, findings_of, shown, statement_of
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import NOT_HIS_OR_HERS, Chart
from aldes.exchange.fhir.retractions import ENTERED_IN_ERROR, retraction
from aldes.exchange.fhir.reviews import read_review, review_of
from aldes.exchange.fhir.roles import role_of
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.fhir.times import Effective, effective
from aldes.exchange.fhir.values import Said, judged, limits_of, said
from aldes.exchange.statements import Signed, statement_event
from aldes.findings.charted import Charted, Value
from aldes.findings.charting import Raw, chart
from aldes.findings.read import OWN, vocabulary
from aldes.findings.vocabulary import Finding


def read_observation(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """The findings that an observation and its components chart, or the statement that it signs.

    Members of a panel (hasMember) are entries of their own and are read there.
    """
    if (why := sheet.whose_else(entry)) in NOT_HIS_OR_HERS:
        sheet.notes.skip(entry.where, "Observation", why)
        return []
    if why:
        # It may be this patient's newest value: nothing in it is believed, and no older one stands in for it.
        entry = replace(entry, unusable=why)
    elif word(entry.resource, "status") == "entered-in-error":
        sheet.notes.skip(entry.where, shown(part(entry.resource, "code")), ENTERED_IN_ERROR)
        return retraction(entry, sheet)
    organ = statement_of(part(entry.resource, "code"))
    if organ is not None:
        return _statement(entry, organ, sheet)
    review = review_of(part(entry.resource, "code"))
    if review is not None:
        return read_review(entry, review, sheet)
    events = [_event(entry, charted, sheet) for charted in _charted(entry, sheet)]
    return [*retraction(entry, sheet), *events] if _is_cancelled(entry) else [*events]


def _is_cancelled(entry: Entry) -> bool:
    return word(entry.resource, "status") == "cancelled"


def _event(entry: Entry, charted: Charted, sheet: Chart) -> FindingCharted:
    """A clear entry was charted live; when the record learned of an unclear one, only the reader knows."""
    return FindingCharted(
        happened_at=charted.time,
        recorded_at=sheet.now if charted.fault else charted.time,
        by=charted.role or "",
        entry=charted,
    )


def _charted(entry: Entry, sheet: Chart) -> list[Charted]:
    """Each finding that is said here; the same value of one finding, said twice in one observation, once."""
    # What it said before is withdrawn under its own name; that it was cancelled is kept under another one.
    key = f"{entry.key}~cancelled" if _is_cancelled(entry) else entry.key
    frame = _Frame(entry=entry, key=key, effective=effective(entry.resource), role=role_of(entry, sheet))
    raws = list(_raws(frame))
    if not raws:
        _note_unmapped(entry, sheet)
    found: dict[tuple[str, Value | None, str | None], Charted] = {}
    keys: set[str] = set()
    for raw in raws:
        charted = chart(raw, sheet.now)
        key = charted.id if charted.id not in keys else f"{charted.id}#{len(keys) + 1}"
        if found.setdefault((charted.finding, charted.worst, charted.fault), charted) is charted:
            found[charted.finding, charted.worst, charted.fault] = replace(charted, id=key)
            keys.add(key)
            sheet.notes.places[key] = entry.where
    return list(found.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """What an observation's own value and its components share."""

    entry: Entry
    key: str
    effective: Effective
    role: str | None


def _raws(frame: _Frame) -> Iterator[Raw]:
    """The observation itself, then its components, each under every finding that its code names."""
    resource = frame.entry.resource
    holders = [(resource, "", part(resource, "code"))]
    holders += [(each, "component", part(each, "code")) for each in parts(resource, "component")]
    for holder, place, concept in holders:
        names = findings_of(concept)
        two = "Its code names two findings. We read one. Correct the code." if len(names) > 1 else ""
        for name in names:
            finding = vocabulary()[name]
            suffix = f"#{name}" if place or two else ""
            for value in said(holder, finding) if not two else [Said(faults=(two,))]:
                yield _raw(frame, holder, finding, value, suffix)


def _raw(frame: _Frame, holder: Resource, finding: Finding, value: Said, suffix: str) -> Raw:
    entry, when = frame.entry, frame.effective
    low, high = limits_of(holder, value.unit)
    believed = Said(faults=(entry.unusable,)) if entry.unusable else judged(holder, finding, value)
    return Raw(
        finding=finding,
        id=frame.key + suffix,
        value=believed.value,
        unit=believed.unit,
        comparator=believed.comparator,
        range=believed.range,
        status=word(entry.resource, "status"),
        time=when.when.at,
        start=when.start,
        low=low,
        high=high,
        imprecise=when.when.imprecise,
        role=frame.role,
        faults=(*believed.faults, *((entry.doubt,) if entry.doubt else ())),
    )


def _note_unmapped(entry: Entry, sheet: Chart) -> None:
    """Hazard H33: codes that lead nowhere are counted and shown."""
    concept = part(entry.resource, "code")
    panel = PRESSURE_PANELS.intersection(codings(concept))
    if (panel or entry.resource.get("hasMember")) and not parts(entry.resource, "component"):
        sheet.notes.skip(entry.where, shown(concept), "A panel without components. Its members are read on their own.")
        return
    if any(system == OWN for system, _ in codings(concept)):
        why = "Our own system has no such finding, so that something was meant and is lost. Correct the name."
        sheet.notes.warn(entry.where, shown(concept), why)
        return
    sheet.notes.skip(entry.where, shown(concept), "No finding of the vocabulary has this code.")


def _statement(entry: Entry, organ: str, sheet: Chart) -> list[AnyEvent]:
    resource = entry.resource
    role = role_of(entry, sheet)
    faults = [each for each in (entry.unusable, entry.doubt) if each]
    when = effective(resource)
    keys = [key for key in resource if key.startswith("value") and key[5:6].isupper()]
    signed = Signed(
        id=entry.key,
        where=entry.where,
        system=organ,
        value=resource.get("valueString") if keys == ["valueString"] else None,
        status=word(resource, "status"),
        when=when.when,
        start=when.start,
        by=role or "",
        faults=tuple(faults),
    )
    return statement_event(signed, sheet.now, sheet.notes)
