"""Conditions that are findings: active ones are charted as present, past ones are history."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.document import Json
from aldes.exchange.fhir.codes import CONDITION_CLINICAL, CONDITION_VERIFIED, codings, findings_of, shown
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import NOT_HIS_OR_HERS, Chart
from aldes.exchange.fhir.retractions import ENTERED_IN_ERROR, retraction
from aldes.exchange.fhir.shapes import Resource, part, word
from aldes.exchange.times import MISSING, When, first_of_day, read_time
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, Kind, Worse

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
    past = _status(entry.resource, "clinicalStatus", CONDITION_CLINICAL) in _PAST
    names = [name for name in names if not past or entry.unusable or _was(name)] or names
    if why := _why_not(entry, names, sheet):
        sheet.notes.skip(entry.where, f"Condition, {shown(part(entry.resource, 'code'))}", why)
        return []
    when = _onset(entry.resource)
    events: list[AnyEvent] = []
    for name in names:
        raw = Raw(
            finding=vocabulary()[name],
            id=entry.key if len(names) == 1 else f"{entry.key}#{name}",
            value=None if entry.unusable else True,
            time=_time(entry, name, when, sheet),
            imprecise="" if _is_day_enough(name) and (when.at or _is_now(name)) else when.imprecise,
            text="" if entry.unusable else "present",
            faults=_faults(entry, history=past and _was(name)),
        )
        charted = chart(raw, sheet.now)
        sheet.notes.places[charted.id] = entry.where
        recorded = sheet.now if charted.fault else charted.time
        events.append(FindingCharted(happened_at=charted.time, recorded_at=recorded, entry=charted))
    return [*events, *_diagnosed(entry, names, when, sheet)]


def _was(name: str) -> bool:
    """Whether what once was so stays so: then a past condition is charted too."""
    return vocabulary()[name].group is Group.HISTORY


def _is_day_enough(name: str) -> bool:
    """A diagnosis or history is not aged by the hour: the day of its beginning is precise enough."""
    return _was(name) or vocabulary()[name].worse is Worse.NONE or _is_now(name)


def _is_now(name: str) -> bool:
    """Of what no check on the ward asks (metastases, a pregnancy) an active condition says that it is so today."""
    finding = vocabulary()[name]
    return finding.group in (Group.JUDGED, Group.WORKUP) and finding.worse is Worse.TRUE and not finding.system


def _time(entry: Entry, name: str, when: When, sheet: Chart) -> datetime | None:
    """When it began, on the ward's clock; what is so today is so at the time of reading."""
    if _is_now(name):
        return sheet.now
    began = first_of_day(_onset_text(entry.resource), sheet.now) if _is_day_enough(name) else None
    return began or when.at


def _diagnosed(entry: Entry, names: list[str], when: When, sheet: Chart) -> list[AnyEvent]:
    """The days since the diagnosis of kidney cancer, reckoned on the day of reading; a month or year says nothing."""
    day = re.match(r"\d{4}-\d\d-\d\d", word(entry.resource, "onsetDateTime"))
    if "kidney_cancer" not in names or day is None or when.at is None or entry.unusable:
        return []
    days = (sheet.now.date() - date.fromisoformat(day[0])).days
    finding = vocabulary()["days_since_diagnosis"]
    raw = Raw(finding=finding, id=f"{entry.key}#days", value=Decimal(days), unit="d", time=sheet.now)
    charted = chart(raw, sheet.now)
    return [FindingCharted(happened_at=charted.time, recorded_at=charted.time, entry=charted)]


def _why_not(entry: Entry, names: list[str], sheet: Chart) -> str:
    if (why := sheet.whose_else(entry)) in NOT_HIS_OR_HERS:
        return why
    if not names:
        return "No finding of the vocabulary has this code."
    if _status(entry.resource, "verificationStatus", CONDITION_VERIFIED) == "refuted":
        return "It was refuted."
    past = _status(entry.resource, "clinicalStatus", CONDITION_CLINICAL) in _PAST
    if past and not entry.unusable and not any(_was(name) for name in names):
        return "It is past (inactive, in remission or resolved): history, not a finding of now."
    return ""


def _status(resource: Resource, key: str, system: str) -> str:
    """The one status code of FHIR's own system; anything else is no status."""
    codes = {code for used, code in codings(part(resource, key)) if used == system}
    return codes.pop() if len(codes) == 1 else ""


def _faults(entry: Entry, *, history: bool) -> tuple[str, ...]:
    """Why its presence is not certain; it then still may hold a dose. History may be past and may have an end."""
    resource = entry.resource
    clinical = _status(resource, "clinicalStatus", CONDITION_CLINICAL)
    verified = _status(resource, "verificationStatus", CONDITION_VERIFIED)
    doubts = {
        entry.unusable: bool(entry.unusable),
        entry.doubt: bool(entry.doubt),
        "Its clinical status is missing or unknown. We read active, recurrence or relapse.": clinical not in _PRESENT
        and not history,
        "It is not confirmed (verification status). Confirm or refute it.": verified != "confirmed",
        "It has an end although it is recorded as active. Correct one of the two.": not history
        and any(k in resource for k in _ABATED),
    }
    return tuple(doubt for doubt, present in doubts.items() if present)


def _onset(resource: Resource) -> When:
    """When it began; else when it was recorded."""
    came = _onset_text(resource)
    return MISSING if came is None else read_time(came)


def _onset_text(resource: Resource) -> Json:
    if word(part(resource, "onsetPeriod"), "start"):
        return part(resource, "onsetPeriod").get("start")
    return next((resource[key] for key in ("onsetDateTime", "recordedDate") if key in resource), None)
