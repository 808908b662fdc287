"""Reports whose conclusion is a finding: of a brain scan, of a stress test. Their results are read on their own."""

from collections.abc import Iterator
from dataclasses import replace

from aldes.course.events import AnyEvent, FindingCharted
from aldes.exchange.fhir.codes import YES_OR_NO, codings, findings_of, shown
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import NOT_HIS_OR_HERS, Chart
from aldes.exchange.fhir.retractions import ENTERED_IN_ERROR, retraction
from aldes.exchange.fhir.roles import role_of
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.fhir.times import effective
from aldes.findings.charting import Raw, chart
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Finding, Kind

_GROUPS = "It groups results, which are read on their own."
_NO_CONCLUSION = "It came without a coded conclusion. We read positive or negative by SNOMED code. Send it so."
_OTHER = "It came with a conclusion that we do not know. We read positive or negative by SNOMED code. Send it so."
_BOTH = "It came with conclusions that contradict each other. Correct the wrong one at its source."
_NOT_MAPPED = "No finding of the vocabulary has this code, and its results are read on their own."


def read_report(entry: Entry, sheet: Chart) -> list[AnyEvent]:
    """The finding that a report concludes; a report that only groups results charts nothing itself."""
    what = f"DiagnosticReport, {shown(part(entry.resource, 'code'))}"
    whose_else = sheet.whose_else(entry)
    if whose_else in NOT_HIS_OR_HERS:
        sheet.notes.skip(entry.where, what, whose_else)
        return []
    if whose_else:
        entry = replace(entry, unusable=whose_else)
    elif word(entry.resource, "status") == "entered-in-error":
        sheet.notes.skip(entry.where, what, ENTERED_IN_ERROR)
        return retraction(entry, sheet)
    findings = [vocabulary()[name] for name in findings_of(part(entry.resource, "code"))]
    concluding = [each for each in findings if each.kind is Kind.FLAG]
    if not concluding or (parts(entry.resource, "result") and not _is_concluded(entry.resource)):
        sheet.notes.skip(entry.where, what, _GROUPS if findings else _NOT_MAPPED)
        return []
    return list(_charted(entry, concluding, sheet))


def _is_concluded(resource: Resource) -> bool:
    return bool(parts(resource, "conclusionCode")) or bool(word(resource, "conclusion"))


def _charted(entry: Entry, findings: list[Finding], sheet: Chart) -> Iterator[FindingCharted]:
    value, doubts = _conclusion(entry.resource)
    when = effective(entry.resource)
    status = word(entry.resource, "status")
    for finding in findings:
        raw = Raw(
            finding=finding,
            id=f"{entry.key}#{finding.name}",
            value=None if entry.unusable else value,
            status="amended" if status == "appended" else status,  # more was added to a final one
            time=when.when.at,
            start=when.start,
            imprecise=when.when.imprecise,
            role=_interpreter(entry, sheet),
            faults=tuple(each for each in (entry.unusable, entry.doubt, *doubts) if each),
        )
        charted = chart(raw, sheet.now)
        sheet.notes.places[charted.id] = entry.where
        recorded = sheet.now if charted.fault else charted.time
        yield FindingCharted(happened_at=charted.time, recorded_at=recorded, by=charted.role or "", entry=charted)


def _interpreter(entry: Entry, sheet: Chart) -> str | None:
    """Who concluded it: its interpreter where one is named, else who issued it."""
    return role_of(entry, sheet, "resultsInterpreter" if "resultsInterpreter" in entry.resource else "performer")


def _conclusion(resource: Resource) -> tuple[bool | None, tuple[str, ...]]:
    """Found or not found by code; whatever stands beside it that we do not know leaves the *no* in doubt."""
    concepts = parts(resource, "conclusionCode")
    if not concepts:
        return None, (_NO_CONCLUSION,)
    meant = [{YES_OR_NO[pair] for pair in codings(each) if pair in YES_OR_NO} for each in concepts]
    said = set[bool]().union(*meant)
    doubts = {_OTHER: any(not each for each in meant), _BOTH: len(said) > 1}
    value = True in said if said else None
    return value, tuple(doubt for doubt, present in doubts.items() if present)
