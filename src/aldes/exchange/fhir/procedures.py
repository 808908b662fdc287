"""Procedures that are history: a nephrectomy, radiotherapy. What was done once says nothing of what is present now."""

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.document import Json
from aldes.exchange.fhir.codes import findings_of, shown
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import NOT_HIS_OR_HERS, Chart
from aldes.exchange.fhir.retractions import ENTERED_IN_ERROR, retraction
from aldes.exchange.fhir.shapes import Resource, part, word
from aldes.exchange.times import MISSING, first_of_day, read_time
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, Kind, Worse

_NOT_DONE = frozenset({"preparation", "not-done"})
_NO_HISTORY = "No finding of the history has this code. Chart what is present now as a finding."
_NOT_SAID = "Its status does not say that it was completed. Settle it at its source."


def read_procedure(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """The findings of the history that a procedure charts; one that was never done charts nothing."""
    what = f"Procedure, {shown(part(entry.resource, 'code'))}"
    status, whose_else = word(entry.resource, "status"), sheet.whose_else(entry)
    if status == "entered-in-error" and not whose_else:
        sheet.notes.skip(entry.where, what, ENTERED_IN_ERROR)
        return retraction(entry, sheet)
    names = [name for name in findings_of(part(entry.resource, "code")) if _is_history(name)]
    if why := _why_not(whose_else, status, names, entry):
        sheet.notes.skip(entry.where, what, why)
        return []
    return [_charted(entry, name, whose_else, sheet) for name in names]


def _is_history(name: str) -> bool:
    """A procedure of long ago charts no finding that can be over by now."""
    finding = vocabulary()[name]
    return finding.kind is Kind.FLAG and (finding.group is Group.HISTORY or finding.worse is Worse.NONE)


def _why_not(whose_else: str, status: str, names: list[str], entry: Entry) -> str:
    if whose_else in NOT_HIS_OR_HERS:
        return whose_else
    if not names:
        return _NO_HISTORY
    return "It was not done." if status in _NOT_DONE and not entry.unusable else ""


def _charted(entry: Entry, name: str, whose_else: str, sheet: Chart) -> FindingCharted:
    """The day is precise enough of what stays so; a procedure that may not be this patient's charts no value."""
    text = _performed(entry.resource)
    when = MISSING if text is None else read_time(text)
    unusable = whose_else or entry.unusable
    doubts = {
        unusable: bool(unusable),
        entry.doubt: bool(entry.doubt),
        _NOT_SAID: word(entry.resource, "status") != "completed",
    }
    raw = Raw(
        finding=vocabulary()[name],
        id=f"{entry.key}#{name}",
        value=None if unusable else True,
        time=first_of_day(text, sheet.now) or when.at,
        imprecise="" if when.at else when.imprecise,
        faults=tuple(doubt for doubt, present in doubts.items() if present),
    )
    charted = chart(raw, sheet.now)
    sheet.notes.places[charted.id] = entry.where
    recorded = sheet.now if charted.fault else charted.time
    return FindingCharted(happened_at=charted.time, recorded_at=recorded, entry=charted)


def _performed(resource: Resource) -> Json:
    """When it was done, as it is written; of a period when it began."""
    if "performedPeriod" in resource:
        return part(resource, "performedPeriod").get("start")
    return resource.get("performedDateTime")
