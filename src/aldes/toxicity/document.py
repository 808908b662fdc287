"""What this room says, in JSON values; the schemas stand beside this module. The ward puts the same head on each."""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any

from aldes.course.medication import Medication
from aldes.evidence.register import read_register
from aldes.findings.charted import Charted, Value
from aldes.numbers import json_number
from aldes.protocols.care import Fluid, Titration
from aldes.protocols.steps import Step, care_now, premedication_now
from aldes.toxicity.at import Bedside
from aldes.toxicity.interactions import Listed, interactions
from aldes.toxicity.leak import Component, Point, leak
from aldes.toxicity.notices import Notice, Told, notices
from aldes.toxicity.watch import Item, Watched, watch

Json = dict[str, Any]


def watch_document(bed: Bedside, clock: tzinfo | None) -> Json:
    """What is owed, of what a clinician is told, and the steps of care, at one instant."""
    found = watch(bed)
    told = notices(bed)
    return {
        "phase": found.phase.value,
        "raised": list(found.raised),
        "next_time": bed.next_time.astimezone(clock).isoformat(),
        "items": [_item(each, clock) for each in found.items],
        "notices": [_notice(each, clock) for each in told if each.told is not Told.OFF],
        "off": [each.row for each in told if each.told is Told.OFF],
        "premedication": [_step(each) for each in premedication_now(bed.protocol, bed.moment, bed.phase, bed.since)],
        "care": [_step(each) for each in care_now(bed.protocol, bed.moment, bed.phase, bed.since)],
    }


def leak_document(bed: Bedside, clock: tzinfo | None) -> Json:
    """The components of the leak at one instant."""
    return {
        "phase": bed.phase.value,
        "cycle_start": _at(bed.moment.cycle_start, clock),
        "last_dose": _at(bed.moment.last_dose, clock),
        "components": [_component(each, clock) for each in leak(bed)],
    }


def interactions_document(bed: Bedside, clock: tzinfo | None) -> Json:
    """Every drug of the record: what a row names, what it named, what could not be checked, how many were."""
    found = interactions(bed)
    return {
        "phase": bed.phase.value,
        "listed": [_listed(each, clock) for each in found.listed],
        "past": [_listed(each, clock) for each in found.past],
        "not_checked": [
            {"medication": _medication(each.medication, clock), "why": each.why, "rows": list(each.rows)}
            for each in found.not_checked
        ],
        "checked": found.checked,
        "no_list": found.no_list,
    }


def _listed(listed: Listed, clock: tzinfo | None) -> Json:
    row = listed.row
    facts = [read_register().fact(each) for each in row.context]
    return {
        "row": row.id,
        "words": row.words,
        "effect": row.effect,
        "action": row.action,
        "exception": row.exception,
        "medication": _medication(listed.medication, clock),
        "why": listed.why,
        "context": [
            {"fact": each.id, "words": each.words, "source": str(each.source), "status": each.status.value}
            for each in facts
        ],
        "source": str(row.source),
        "status": row.status.value,
    }


def _medication(drug: Medication, clock: tzinfo | None) -> Json:
    """A drug by its place and code; its text may be anything, and is never repeated."""
    code = next((code for _, code in drug.codes if CODE.fullmatch(code)), "")
    times = {"start": _at(drug.start, clock), "end": _at(drug.end, clock)}
    return {"where": drug.where, "code": code, "kind": drug.kind.value, **times}


CODE = re.compile(r"[A-Za-z0-9.-]{1,20}")


def _item(item: Item, clock: tzinfo | None) -> Json:
    return {
        "row": item.row,
        "words": item.words,
        "often": item.often,
        "state": item.state.value,
        "due": _at(item.due, clock),
        "overdue_since": _at(item.overdue_since, clock),
        "findings": [_watched(each, clock) for each in item.findings],
        "why": item.why,
        "source": item.source,
        "status": item.status,
    }


def _watched(found: Watched, clock: tzinfo | None) -> Json:
    return {
        "finding": found.finding,
        "words": found.words,
        "state": found.state.value,
        "last": _at(found.last, clock),
        "value_words": found.value_words,
        "due": _at(found.due, clock),
        "why": found.why,
    }


def _notice(notice: Notice, clock: tzinfo | None) -> Json:
    return {
        "row": notice.row,
        "words": notice.words,
        "state": notice.told.value,
        "since": _at(notice.since, clock),
        "again": notice.again,
        "acknowledged_by": notice.acknowledged_by,
        "findings": _entries(notice.entries, clock),
        "why": notice.why,
        "source": notice.source,
        "status": notice.status,
    }


def _entries(entries: Iterable[Charted], clock: tzinfo | None) -> list[Json]:
    return [
        {"finding": each.finding, "charted": each.text, "time": _at(each.time, clock), "why": each.fault or ""}
        for each in entries
    ]


def _step(step: Step) -> Json:
    row = step.row
    do = getattr(row, "do", None)
    recheck = getattr(row, "recheck_min", None)
    return {
        "row": row.id,
        "words": row.words,
        "advice": row.advice,
        "offer": step.offer.value,
        "why": step.why,
        "do": _action(do),
        "recheck_min": None if recheck is None else json_number(recheck),
        "source": str(row.source),
        "status": row.status.value,
    }


def _action(do: Fluid | Titration | None) -> Json | None:
    match do:
        case Fluid(fluid_ml=ml, over_min=minutes):
            return {"fluid_ml": json_number(ml), "over_min": json_number(minutes)}
        case Titration(drug=drug, start=start, step=step, max=most, unit=unit):
            rates = {"start": json_number(start), "step": json_number(step), "max": json_number(most)}
            return {"drug": drug, **rates, "unit": unit}
    return None


def _component(component: Component, clock: tzinfo | None) -> Json:
    return {
        "finding": component.finding,
        "words": component.words,
        "unit": component.unit,
        "value": _value(component.now.value) if component.now else None,
        "value_words": component.value_words,
        "time": _at(component.now.time, clock) if component.now else None,
        "why": component.why,
        "baseline": _point(component.baseline, clock),
        "since_baseline": _number(component.since_baseline),
        "at_last_dose": _point(component.at_last_dose, clock),
        "since_last_dose": _number(component.since_last_dose),
        "trend": [_point(each, clock) for each in component.trend],
    }


def _point(point: Point | None, clock: tzinfo | None) -> Json | None:
    return None if point is None else {"time": _at(point.time, clock), "value": _value(point.value)}


def _value(value: Value) -> Any:
    return json_number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal | None) -> int | float | None:
    return None if value is None else json_number(value)


def _at(time: datetime | None, clock: tzinfo | None) -> str | None:
    return time.astimezone(clock).isoformat() if time else None
