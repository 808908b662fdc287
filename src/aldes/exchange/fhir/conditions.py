"""Conditions that are findings: active ones are charted as present, past ones are history."""

from dataclasses import replace

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.fhir.codes import CONDITION_CLINICAL, CONDITION_VERIFIED, codings, findings_of, shown
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import NOT_HIS_OR_HERS, Chart
from aldes.exchange.fhir.retractions import ENTERED_IN_ERROR, retraction
from aldes.exchange.fhir.shapes import Resource, part, word
from aldes.exchange.times import MISSING, When, read_time
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind

_PRESENT = frozenset({"active", "recurrence", "relapse"})
_PAST = frozenset({"inactive", "remission", "resolved"})
_ABATED = ("abatementDateTime", "abatementAge", "abatementPeriod", "abatementRange", "abatementString")


def read_condition(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """The finding that a condition charts as present; a past or refuted one charts nothing."""
    verified, whose_else = _status(entry.resource, "verificationStatus", CONDITION_VERIFIED), sheet.whose_else(entry)
    if whose_else and whose_else not in NOT_HIS_OR_HERS:
        entry = replace(entry, unusable=whose_else)  # it may be this patient's: its finding is unknown
    elif verified == "entered-in-error" and not whose_else:
        sheet.notes.skip(entry.where, f"Condition, {shown(part(entry.resource, 'code'))}", ENTERED_IN_ERROR)
        return retraction(entry, sheet)
    names = [name for name in findings_of(part(entry.resource, "code")) if vocabulary()[name].kind is Kind.FLAG]
    if why := _why_not(entry, names, sheet):
        sheet.notes.skip(entry.where, f"Condition, {shown(part(entry.resource, 'code'))}", why)
        return []
    when = _onset(entry.resource)
    faults = _faults(entry)
    events: list[AnyEvent] = []
    for name in names:
        raw = Raw(
            finding=vocabulary()[name],
            id=entry.key if len(names) == 1 else f"{entry.key}#{name}",
            value=None if entry.unusable else True,
            time=when.at,
            imprecise=when.imprecise,
            text="" if entry.unusable else "present",
            faults=faults,
        )
        charted = chart(raw, sheet.now)
        sheet.notes.places[charted.id] = entry.where
        recorded = sheet.now if charted.fault else charted.time
        events.append(FindingCharted(happened_at=charted.time, recorded_at=recorded, entry=charted))
    return events


def _why_not(entry: Entry, names: list[str], sheet: Chart) -> str:
    if (why := sheet.whose_else(entry)) in NOT_HIS_OR_HERS:
        return why
    if not names:
        return "No finding of the vocabulary has this code."
    if _status(entry.resource, "verificationStatus", CONDITION_VERIFIED) == "refuted":
        return "It was refuted."
    if _status(entry.resource, "clinicalStatus", CONDITION_CLINICAL) in _PAST and not entry.unusable:
        return "It is past (inactive, in remission or resolved): history, not a finding of now."
    return ""


def _status(resource: Resource, key: str, system: str) -> str:
    """The one status code of FHIR's own system; anything else is no status."""
    codes = {code for used, code in codings(part(resource, key)) if used == system}
    return codes.pop() if len(codes) == 1 else ""


def _faults(entry: Entry) -> tuple[str, ...]:
    """Why its presence is not certain; it then still may hold a dose."""
    resource = entry.resource
    clinical = _status(resource, "clinicalStatus", CONDITION_CLINICAL)
    verified = _status(resource, "verificationStatus", CONDITION_VERIFIED)
    doubts = {
        entry.unusable: bool(entry.unusable),
        entry.doubt: bool(entry.doubt),
        "Its clinical status is missing or unknown. We read active, recurrence or relapse.": clinical not in _PRESENT,
        "It is not confirmed (verification status). Confirm or refute it.": verified != "confirmed",
        "It has an end although it is recorded as active. Correct one of the two.": any(k in resource for k in _ABATED),
    }
    return tuple(doubt for doubt, present in doubts.items() if present)


def _onset(resource: Resource) -> When:
    """When it began; else when it was recorded."""
    if word(part(resource, "onsetPeriod"), "start"):
        return read_time(part(resource, "onsetPeriod").get("start"))
    for key in ("onsetDateTime", "recordedDate"):
        if key in resource:
            return read_time(resource[key])
    return MISSING
