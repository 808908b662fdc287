"""One virtual patient's chart as the events of a real record, to be asked by the bedside program."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from aldes.course.events import (
    AnyEvent,
    CycleOpened,
    FindingCharted,
    HoldLifted,
    SlotClosed,
    SlotState,
    StatementMade,
    StopConfirmed,
    StopRefuted,
)
from aldes.findings.charted import Charted, Value
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.trial.nurse import Nurse, Review
from aldes.trial.record import Slot

START = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)  # hour 0


def at(hour: float) -> datetime:
    return START + timedelta(seconds=round(hour * 3600))


def asked(nurse: Nurse, patient: int) -> Iterator[tuple[Slot, list[AnyEvent]]]:
    """Each slot at which this patient was asked, with everything that was on record by then."""
    events = sorted(_charted(nurse, patient), key=lambda pair: pair[0])
    reviews = [each for each in nurse.reviews if each.who[patient]]
    before: list[AnyEvent] = []
    for slot in nurse.record.slots:
        if slot.number == 1 and slot.cycle > 1:
            before.append(CycleOpened(happened_at=at(slot.hour), recorded_at=at(slot.hour), cycle=slot.cycle))
        while events and events[0][0] <= slot.hour:
            before.append(events.pop(0)[1])
        if not slot.closed[patient]:
            continue
        for system in sorted(nurse.systems):
            before.append(
                StatementMade(
                    happened_at=at(slot.hour), recorded_at=at(slot.hour), id=f"{system}-{slot.hour}", system=system
                )
            )
        before += [_reviewed(nurse, each) for each in reviews if each.hour == slot.hour]
        yield slot, list(before)
        before.append(_closed(slot, patient))


def _reviewed(nurse: Nurse, review: Review) -> AnyEvent:
    time = at(review.hour)
    match review.verdict:
        case "lifted":
            return HoldLifted(happened_at=time, recorded_at=time, by="physician", row=review.row)
        case "confirmed":
            scope = nurse.standing.stops[review.row].scope
            return StopConfirmed(happened_at=time, recorded_at=time, by="physician", row=review.row, scope=scope)
    return StopRefuted(happened_at=time, recorded_at=time, by="physician", row=review.row)


def _charted(nurse: Nurse, patient: int) -> Iterator[tuple[float, AnyEvent]]:
    order = 0
    for finding in nurse.chart.findings():
        series = nurse.chart.series(finding)
        for hour, value in zip(series.hours, series.values[:, patient], strict=True):
            if value == value:
                order += 1
                yield float(hour), _event(finding, float(hour), float(value), order)


def _event(finding: str, hour: float, value: float, order: int) -> FindingCharted:
    time = at(hour)
    entry = Charted(
        finding=finding,
        id=f"{finding}-{order}",
        time=time,
        start=time - timedelta(hours=8) if finding == "urine" else None,
        worst=_value(finding, value),
        valid=_value(finding, value),
        role="physician",
    )
    return FindingCharted(happened_at=time, recorded_at=time, entry=entry)


def _value(finding: str, value: float) -> Value:
    known = vocabulary()[finding]
    if known.kind is Kind.FLAG:
        return value == 1
    if known.kind is Kind.CODE:
        return known.codes[int(value)]
    return Decimal(repr(value))


def _closed(slot: Slot, patient: int) -> SlotClosed:
    given, held = slot.given[patient], slot.held[patient]
    state = SlotState.GIVEN if given else SlotState.HELD if held else SlotState.OMITTED
    return SlotClosed(
        happened_at=at(slot.hour),
        recorded_at=at(slot.hour),
        cycle=slot.cycle,
        number=slot.number,
        state=state,
        ended_at=at(slot.hour + 0.25) if given else None,
    )
