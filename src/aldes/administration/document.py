"""The decision document: one JSON form for terminal, batch lines and, later, pages and services.

Its JSON Schema is `decision.schema.json` beside this module. Every surface composes it here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aldes import __version__
from aldes.administration.decide import decide
from aldes.administration.decision import Deciding, Decision, Reason, Word
from aldes.administration.ordering import Order, order_for
from aldes.course.state import Course
from aldes.findings.read import vocabulary
from aldes.numbers import json_number
from aldes.protocols.changes import Change, settings
from aldes.protocols.row import Protocol
from aldes.questions.residual import Literal
from aldes.questions.tree import Compare, Number, names
from aldes.questions.words import literal_words

PEOPLE_READ = {
    Word.GIVE: "no listed reason to hold",
    Word.HOLD: "hold this dose",
    Word.STOP: "stop",
    Word.INSUFFICIENT: "not enough is known to decide",
}
SCOPE_STATEMENT = "It supports and never replaces a clinician. It is not a monitor and not the drug chart of record."


def answer(
    course: Course,
    protocol: Protocol,
    now: datetime,
    patient: str | None = None,
    not_used: Iterable[Mapping[str, Any]] = (),
    alert: Iterable[str] = (),
    decided: Decision | None = None,
) -> dict[str, Any]:
    """The decision with care, dose and next time, as a JSON document; `decided` where it was made at `now` already."""
    now = by_the_clock(protocol, now)
    clock = now.tzinfo
    decision = decided or decide(course, protocol, now)
    return {
        "id": patient,
        "decision": decision.word.value,
        "words": PEOPLE_READ[decision.word],
        "scope": decision.scope.value if decision.scope else None,
        "confirmed": decision.confirmed,
        "alert": list(alert),
        "because": [_reason(each, clock) for each in decision.because],
        "measure": [
            {"finding": each.finding, "words": each.words, "why": each.why, "rows": list(each.rows), "by": each.by}
            for each in decision.measure
        ],
        "would_give_if": _would_give_if(decision),
        "would_give_if_words": decision.would_give_words,
        "unverified": [{"row": each.row, "words": each.words, "source": each.source} for each in decision.unverified],
        "not_covered": [
            {"topic": each.topic, "reason": each.reason, "signed": each.signed} for each in decision.not_covered
        ],
        "care": [
            {"row": each.row, "words": each.words, "advice": each.advice, "source": each.source, "status": each.status}
            for each in decision.care
        ],
        "dose": _dose(decision, order_for(course, protocol, now)),
        "cycle": decision.cycle,
        "dose_number": decision.dose_number,
        "next_time": _at(decision.next_time, clock),
        "valid_until": _at(decision.valid_until, clock),
        "asked_at": now.isoformat(),
        "protocol": protocol.id,
        "site": protocol.site,
        "demo": protocol.demo,
        "changes": [_change(each) for each in protocol.changes],
        "settings": settings(protocol),
        "pin": protocol.pin,
        "engine": f"aldes {__version__}",
        "not_used": [dict(each) for each in not_used],
        "scope_statement": SCOPE_STATEMENT,
    }


def by_the_clock(protocol: Protocol, now: datetime) -> datetime:
    """The instant by the site's clock, so that it agrees with the drug chart."""
    return now.astimezone(ZoneInfo(protocol.schedule.zone)) if protocol.schedule.zone else now


def _change(change: Change) -> dict[str, Any]:
    altered = [{"field": each.field, "before": each.before, "after": each.after} for each in change.fields]
    return {"row": change.row, "change": change.change, "words": change.words, "fields": altered, "line": change.line}


def _reason(reason: Reason, clock: tzinfo | None) -> dict[str, Any]:
    return {
        "row": reason.row,
        "kind": reason.kind,
        "words": reason.words,
        "answer": reason.answer,
        "findings": [_deciding(each, clock) for each in reason.findings],
        "limit": reason.limit,
        "source": reason.source,
        "status": reason.status,
        "scope": reason.scope.value if reason.scope else None,
        "confirmed": reason.confirmed,
        "since": _at(reason.since, clock),
        "resume": reason.resume,
        "resume_by": reason.resume_by,
    }


def _deciding(found: Deciding, clock: tzinfo | None) -> dict[str, Any]:
    value = found.value
    return {
        "finding": found.finding,
        "words": found.words,
        "value": json_number(value) if isinstance(value, Decimal) else value,
        "unit": found.unit,
        "value_words": found.value_words,
        "time": _at(found.time, clock),
        "charted": found.charted,
        "limit": found.limit,
        "why": found.why,
    }


def _at(time: datetime | None, clock: tzinfo | None) -> str | None:
    """An instant by the site's clock, so that it agrees with the drug chart."""
    return time.astimezone(clock).isoformat() if time else None


def _would_give_if(decision: Decision) -> list[dict[str, Any]] | None:
    """An AND of ORs; null where no later measurement changes the answer."""
    if decision.would_give_if is None:
        return None
    return [{"any_of": [_literal(each) for each in clause]} for clause in decision.would_give_if]


def _literal(literal: Literal) -> dict[str, Any]:
    leaf, asked = literal.leaf, next(iter(names(literal.leaf))).finding
    found = {"finding": asked, "unit": vocabulary()[asked].unit, "words": literal_words(literal, vocabulary())}
    if isinstance(leaf, Compare) and isinstance(leaf.right, Number):
        return found | {"op": leaf.op, "value": leaf.right.value}
    if isinstance(leaf, Compare):
        return found | {"op": leaf.op, "value": None, "than": [name.finding for name in names(leaf.right)]}
    codes = getattr(leaf, "codes", None)
    return found | {"op": "is" if literal.wanted else "is not", "value": list(codes) if codes else True}


def _dose(decision: Decision, order: Order) -> dict[str, Any] | None:
    """What one dose is and how to prepare it; after a stop there is none, and only *give* authorises it."""
    if decision.word is Word.STOP:
        return None
    if order.dose is None or order.preparation is None:
        return {"iu": None, "why_not": order.why_not, "provisional": True}
    return {**order.dose.document(), **order.preparation.document(), "provisional": decision.word is not Word.GIVE}
