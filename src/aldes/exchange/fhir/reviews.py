"""A physician's review in a bundle: a stop confirmed or refuted, a hold lifted.

No public code system has these words, so they come as an Observation with our own code: `urn:aldes:review` and
`stop.confirmed`, `stop.refuted` or `hold.lifted`; the row as component `row`, the scope of a confirmed stop as
component `scope`, the reason as `valueString`. One that is unclear changes nothing: the stop and the hold stay.
"""

from datetime import datetime

from aldes.course.events import AnyEvent, HoldLifted, StopConfirmed, StopRefuted
from aldes.errors import nearest
from aldes.exchange.fhir.codes import codings
from aldes.exchange.fhir.entries import Entry
from aldes.exchange.fhir.patients import Chart
from aldes.exchange.fhir.roles import role_of
from aldes.exchange.fhir.shapes import Resource, part, parts, word
from aldes.exchange.fhir.times import effective
from aldes.exchange.text import code_shown
from aldes.findings.charting import CLOCK_SKEW, TRUSTED
from aldes.scope import Scope

REVIEW = "urn:aldes:review"
KINDS = ("stop.confirmed", "stop.refuted", "hold.lifted")
PHYSICIAN = "physician"


def review_of(concept: Resource) -> str | None:
    """What a review's own code names, known or not; None where it is no review."""
    return next((code for system, code in codings(concept) if system == REVIEW), None)


def read_review(entry: Entry, kind: str, sheet: Chart) -> list[AnyEvent]:
    """The event that a review is; nothing, with the reason reported, where any part of it is unclear."""
    parted = [
        (named, word(each, "valueString")) for each in parts(entry.resource, "component") for named in _named(each)
    ]
    said = dict(parted)
    at = effective(entry.resource).when.instant
    twice = "It names its row or scope twice." * (len(said) < len(parted))
    why = twice or _why_not(entry, kind, said, at, sheet)
    if why or at is None:
        sheet.notes.skip(entry.where, f"a review, {code_shown(kind)}", f"{why} The stop or hold stays as it is.")
        return []
    return [_event(entry, kind, said, at)]


def _named(component: Resource) -> list[str]:
    return [code for system, code in codings(part(component, "code")) if system == REVIEW]


def _event(entry: Entry, kind: str, said: dict[str, str], at: datetime) -> AnyEvent:
    row, why = said["row"], word(entry.resource, "valueString")
    match kind:
        case "stop.confirmed":
            scope = Scope(said["scope"])
            return StopConfirmed(happened_at=at, recorded_at=at, by=PHYSICIAN, why=why, row=row, scope=scope)
        case "stop.refuted":
            return StopRefuted(happened_at=at, recorded_at=at, by=PHYSICIAN, why=why, row=row)
    # Named as what lifted it, so that the hold stands again when a later document withdraws the review.
    return HoldLifted(happened_at=at, recorded_at=at, by=PHYSICIAN, why=why, row=row, because=(entry.key,))


def _why_not(entry: Entry, kind: str, said: dict[str, str], at: datetime | None, sheet: Chart) -> str:
    """The first thing that makes a review unusable."""
    scopes = [each.value for each in Scope]
    faults = {
        f"We know {', '.join(KINDS)}.{nearest(kind, KINDS)}": kind not in KINDS,
        entry.unusable or entry.doubt: bool(entry.unusable or entry.doubt),
        "It says that a value is absent.": "dataAbsentReason" in entry.resource,
        "Its status is not final, amended or corrected.": word(entry.resource, "status") not in TRUSTED,
        "Its time is not one instant with date, time and zone.": at is None,
        "Its time lies in the future.": at is not None and at > sheet.now + CLOCK_SKEW,
        "It names no row, in a component with our code 'row'.": not said.get("row"),
        f"It names no scope: write one of {', '.join(scopes)} in a component with our code 'scope'.": (
            kind == "stop.confirmed" and said.get("scope") not in scopes
        ),
        "It gives no reason; write it as its value.": (
            kind != "stop.confirmed" and not word(entry.resource, "valueString").strip()
        ),
        "Its performer is not a physician by role.": role_of(entry, sheet) != PHYSICIAN,
    }
    return next((why for why, wrong in faults.items() if wrong), "")
