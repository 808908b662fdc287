"""The assessment document: one JSON form for terminal, batch lines and, later, pages and services.

Its JSON Schema is `assessment.schema.json` beside this module. Every surface composes it here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from aldes import __version__
from aldes.course.state import Course
from aldes.findings.read import vocabulary
from aldes.numbers import json_number
from aldes.protocols.row import Protocol
from aldes.protocols.verdict import Verdict
from aldes.questions.answer import Answer
from aldes.selection.assess import assess
from aldes.selection.assessment import Answered, Assessment, Organ, Shown
from aldes.selection.risk import NOT_COMPUTED, Risk, risk
from aldes.selection.score import scores

PEOPLE_READ = {
    Verdict.NONE_LISTED: "no listed exclusion",
    Verdict.CAUTION: "no listed exclusion, with caution",
    Verdict.EXCLUDED: "excluded by a listed criterion",
    Verdict.UNDETERMINED: "not enough is known to say",
}
SCOPE_STATEMENT = "It supports and never replaces a clinician. It lists criteria; who is treated, a physician decides."


def answer(
    course: Course,
    protocol: Protocol,
    now: datetime,
    patient: str | None = None,
    not_used: Iterable[Mapping[str, Any]] = (),
    alert: Iterable[str] = (),
) -> dict[str, Any]:
    """The assessment of one patient, row by row, as a JSON document."""
    clock = ZoneInfo(protocol.schedule.zone) if protocol.schedule.zone else now.tzinfo
    now = now.astimezone(clock)
    found, asking = assess(course, protocol, now, {name for each in scores() for name in each.findings})
    return {
        "id": patient,
        "verdict": found.verdict.value,
        "words": PEOPLE_READ[found.verdict],
        "alert": list(alert),
        "because": list(found.because),
        "settle": _settle(found),
        "cautions": list(found.cautions),
        "cautions_unknown": list(found.cautions_unknown),
        "unverified": list(found.unverified),
        "rows": [_answered(each, clock) for each in found.rows],
        "organs": [_organ(each, clock) for each in found.organs],
        "readiness": [_answered(each, clock) for each in found.readiness],
        "risk": [_risk(risk(each, asking.look)) for each in scores()],
        "risk_not_computed": [{"score": score, "why": why} for score, why in NOT_COMPUTED.items()],
        "first_course": found.first_course,
        "regimens": [{"row": each.id, "words": each.words, "source": str(each.source)} for each in protocol.regimens],
        "asked_at": now.isoformat(),
        "protocol": protocol.id,
        "bedside": protocol.bedside,
        "site": protocol.site,
        "demo": protocol.demo,
        "pin": protocol.pin,
        "engine": f"aldes {__version__}",
        "not_used": [dict(each) for each in not_used],
        "scope_statement": SCOPE_STATEMENT,
    }


def _settle(found: Assessment) -> dict[str, Any] | None:
    if found.verdict is not Verdict.UNDETERMINED:
        return None
    pairs = zip(found.settle.findings, found.settle.words, strict=True)
    return {
        "findings": [{"finding": name, "words": words} for name, words in pairs],
        "blocked": [{"row": row, "why": why} for row, why in found.settle.blocked],
    }


def _answered(row: Answered, clock: tzinfo | None) -> dict[str, Any]:
    return {
        "row": row.row,
        "type": row.type,
        "about": row.about,
        "words": row.words,
        "answer": _word(row.answer),
        "findings": [_shown(each, clock) for each in row.findings],
        "limit": row.limit,
        "source": row.source,
        "status": row.status,
        "also": list(row.also),
        "conflict": row.conflict,
    }


def _word(answer: Answer | None) -> str | None:
    return None if answer is None else answer.name.lower()


def _shown(found: Shown, clock: tzinfo | None) -> dict[str, Any]:
    value = found.value
    return {
        "finding": found.finding,
        "words": found.words,
        "value": json_number(value) if isinstance(value, Decimal) else value,
        "unit": found.unit,
        "value_words": found.value_words,
        "charted": found.charted,
        "time": found.time.astimezone(clock).isoformat() if found.time else None,
        "role": found.role,
        "why": found.why,
    }


def _organ(organ: Organ, clock: tzinfo | None) -> dict[str, Any]:
    return {
        "about": organ.about,
        "rows": [{"row": row, "answer": _word(answer)} for row, answer in organ.rows],
        "values": [_shown(each, clock) for each in organ.values],
        "note": organ.note,
    }


def _risk(found: Risk) -> dict[str, Any]:
    factors = zip(found.score.factors, found.answers, strict=True)
    return {
        "score": found.score.id,
        "words": found.score.words,
        "least": found.least,
        "most": found.most,
        "groups": list(found.groups),
        "factors": [
            {
                "factor": each.id,
                "words": each.words,
                "answer": _word(answer),
                "source": str(each.source),
                "status": each.status,
            }
            for each, (_, answer) in factors
        ],
        "missing": [{"finding": name, "words": vocabulary()[name].words} for name in found.missing],
        "source": str(found.score.source),
        "status": found.score.status,
        "conflict": found.score.conflict,
    }
