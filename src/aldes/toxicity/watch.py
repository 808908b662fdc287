"""What is owed to the patient now: what is overdue and since when, what comes next, and what the record cannot show.

A gap is overdue and never fine. Monitoring goes on until discharge: a stop ends the doses and raises surveillance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial

from aldes.course.facts import next_number
from aldes.findings.charted import Charted, Value
from aldes.findings.derived import BASELINE_REACH
from aldes.findings.moment import CLOCK_SKEW
from aldes.findings.view import View
from aldes.numbers import number
from aldes.phase import Phase
from aldes.protocols.monitor import INTERVAL_H, Monitor, Often
from aldes.protocols.row import Required
from aldes.questions.answer import NO, UNKNOWN
from aldes.questions.words import in_words, value_words
from aldes.toxicity.at import Bedside

REQUIRED = "policy 0006, required measurements"


class State(StrEnum):
    """How a row stands, the most urgent first."""

    OVERDUE = "overdue"
    OWED = "owed"  # not yet done, and its time has not passed
    UNKNOWN = "unknown"  # whether it is owed cannot be told
    UNSET = "unset"  # neither source nor site says how often
    UNSEEN = "unseen"  # nothing in the record can show that it was done
    STANDING = "standing"  # goes on without a clock
    DONE = "done"  # for now; `due` says until when


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One finding of a row: when it was last charted so that it counts, and when it is due."""

    finding: str
    words: str
    last: datetime | None
    value_words: str
    due: datetime | None
    state: State
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One row of what is watched, as it stands now."""

    row: str
    words: str
    often: str
    state: State
    due: datetime | None
    overdue_since: datetime | None
    findings: tuple[Watched, ...]
    why: str
    source: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Everything that is owed at one instant."""

    phase: Phase
    raised: tuple[str, ...]  # why surveillance is raised: the stops and holds that stand
    items: tuple[Item, ...]  # the most urgent first


def watch(bed: Bedside) -> Watch:
    """What the protocol wants watched, for this course at this instant."""
    if bed.phase is Phase.DISCHARGED:
        return Watch(phase=bed.phase, raised=(), items=())
    raised = _raised(bed)
    items = [
        *_required(bed),
        *(found for row in bed.protocol.monitors if (found := _item(bed, row, raised=bool(raised)))),
    ]
    return Watch(phase=bed.phase, raised=raised, items=tuple(sorted(items, key=_urgency)))


def _urgency(item: Item) -> tuple[int, float]:
    time = item.overdue_since or item.due
    return list(State).index(item.state), time.timestamp() if time else float("inf")


def _raised(bed: Bedside) -> tuple[str, ...]:
    """A stop or a hold that stands raises surveillance (policy 0008)."""
    stops, holds = bed.course.stops_in_force(), bed.course.standing()
    return (*(each.row for each in stops), *(each.row for each in holds if each.row not in bed.course.stops))


# ── rows ──


def _item(bed: Bedside, row: Monitor, *, raised: bool) -> Item | None:
    """A row in its phases; what was owed before the first dose stays owed after it."""
    if row.often not in _BEFORE and bed.phase not in row.phases:
        return None
    onset: datetime | None = None
    if row.question is not None:
        asked = bed.answer(row.question)
        if asked is NO:
            return None
        if asked is UNKNOWN:
            why = f"asked only if {in_words(row.question, bed.moment.vocabulary)}, which is not known"
            return _made(row, (), State.UNKNOWN, why)
        onset = bed.began(row.question)
    if row.often is Often.CONTINUOUS:
        return _made(row, (), State.STANDING, "goes on without a break; the record cannot show that it runs")
    if row.often is Often.UNSET:
        found = tuple(_shown(bed, name, last_done(bed, name), None, State.UNSET) for name in row.findings)
        return _made(row, found, State.UNSET, "neither the source nor the site says how often; a row of the site does")
    if not row.findings:
        return _made(row, (), State.UNSEEN, "nothing in the record can show it; a clinician confirms that it was done")
    look = _by_often(bed, row, raised=raised)
    return _made(row, tuple(look(bed, name, onset) for name in row.findings))


def _by_often(bed: Bedside, row: Monitor, *, raised: bool) -> "_Look":
    match row.often:
        case Often.CYCLE:
            return partial(_baseline, anchor=bed.moment.cycle_start)
        case Often.COURSE:
            return partial(_baseline, anchor=bed.moment.course_start)
        case Often.EVENT:
            return _on_event
        case Often.DOSE if bed.phase is Phase.TREATING:
            return _before_dose
    return partial(_every, within_h=row.within_h(raised=raised) or INTERVAL_H)  # policy 0008


_BEFORE = (Often.CYCLE, Often.COURSE)
_Look = Callable[[Bedside, str, "datetime | None"], Watched]


def _made(row: Monitor, found: tuple[Watched, ...], state: State | None = None, why: str = "") -> Item:
    """The row is as urgent as its most urgent finding."""
    urgent = state or min((each.state for each in found), key=list(State).index)
    due = min((each.due for each in found if each.due and each.state is urgent), default=None)
    return Item(
        row=row.id,
        words=row.words,
        often=often_words(row),
        state=urgent,
        due=due,
        overdue_since=due if urgent is State.OVERDUE else None,
        findings=found,
        why=why,
        source=str(row.source),
        status=row.status.value,
    )


def often_words(row: Monitor) -> str:
    """How often, for people."""
    if row.every_h:
        shorter, longer = (number(each) for each in row.every_h)
        return f"every {longer} h" if shorter == longer else f"every {shorter} to {longer} h"
    return _OFTEN[row.often]


_OFTEN = {
    Often.SHIFT: "every shift (8 h)",
    Often.DAY: "every day",
    Often.DOSE: "before each dose",
    Often.CYCLE: "before the first dose of the cycle",
    Often.COURSE: "before the first dose of the course",
    Often.EVENT: "when it happens",
    Often.CONTINUOUS: "without a break",
    Often.UNSET: "how often is not printed",
}


# ── one finding ──


def _every(bed: Bedside, name: str, onset: datetime | None, *, within_h: Decimal) -> Watched:
    """Due so many hours after it was last done, or after it began to be owed; past that, overdue."""
    last, within = last_done(bed, name), timedelta(hours=float(within_h))
    began = max(each for each in (onset, bed.moment.cycle_start, bed.since, datetime.min.replace(tzinfo=UTC)) if each)
    due = max(last.time, began - within) + within if last else began + within
    return _shown(bed, name, last, due, State.OVERDUE if bed.now > due else State.DONE if last else State.OWED)


def _before_dose(bed: Bedside, name: str, onset: datetime | None) -> Watched:
    """Done once it was charted since the slot before; else owed before the next slot, and overdue after its time."""
    last = last_done(bed, name)
    if last and last.time >= bed.moment.slot_opened:
        return _shown(bed, name, last, bed.next_time, State.DONE)
    return _shown(bed, name, last, bed.next_time, State.OVERDUE if bed.now > bed.next_time else State.OWED)


def _baseline(bed: Bedside, name: str, onset: datetime | None, *, anchor: datetime | None) -> Watched:
    """Charted in the 7 days before the first dose (policy 0008); what was missed then cannot be made up."""
    until = anchor or bed.now
    done = [each for each in _valid(bed, name, until) if each.time >= until - BASELINE_REACH]
    if done:
        return _shown(bed, name, _Done(done[-1].time, done[-1].valid), anchor, State.DONE)
    due = anchor or (bed.next_time if bed.phase is Phase.ADMITTED else None)
    return _shown(bed, name, last_done(bed, name), due, State.OVERDUE if anchor else State.OWED)


def _on_event(bed: Bedside, name: str, onset: datetime | None) -> Watched:
    """Owed from the event on: what was charted before it does not count."""
    last = last_done(bed, name)
    if last and onset and last.time >= onset:
        return _shown(bed, name, last, None, State.DONE)
    return _shown(bed, name, last, onset, State.OVERDUE)


@dataclass(frozen=True, slots=True)
class _Done:
    """When something was last charted so that it counts, and its value."""

    time: datetime
    value: Value | None


def last_done(bed: Bedside, name: str) -> _Done | None:
    """The newest valid entry, or a later system statement that speaks for it; a doubtful entry does not count."""
    entries = _valid(bed, name, bed.now)
    newest = _Done(entries[-1].time, entries[-1].valid) if entries else None
    seen = bed.moment.look(name, View.VALID)
    if seen.stated and (newest is None or seen.stated > newest.time):
        return _Done(seen.stated, seen.value)
    return newest


def _valid(bed: Bedside, name: str, until: datetime) -> list[Charted]:
    latest = until if until < bed.now else bed.now + CLOCK_SKEW
    return [each for each in bed.moment.entries(name) if each.valid is not None and each.time <= latest]


def _shown(bed: Bedside, name: str, last: _Done | None, due: datetime | None, state: State) -> Watched:
    words = value_words(last.value, name, bed.moment.vocabulary) if last and last.value is not None else ""
    entries = bed.moment.entries(name)
    doubtful = entries and entries[-1].fault and (last is None or entries[-1].time > last.time)
    return Watched(
        finding=name,
        words=bed.moment.vocabulary[name].words,
        last=last.time if last else None,
        value_words=words,
        due=due,
        state=state,
        why=f"charted since, but it does not count: {entries[-1].fault}" if doubtful else "",
    )


# ── what the decision itself requires ──


def _required(bed: Bedside) -> Iterator[Item]:
    """The measurements without which no dose is given: each must be valid and fresh at the next slot."""
    if bed.phase not in (Phase.ADMITTED, Phase.TREATING):
        return
    for required in bed.protocol.required.values():
        if required.from_dose <= next_number(bed.course):
            yield _fresh(bed, required)


def _fresh(bed: Bedside, required: Required) -> Item:
    name, age = required.finding, required.max_age
    last = last_done(bed, name)
    stale_at = last.time + age if last and age is not None else None
    known = bed.moment.look(name, View.VALID).value is not None
    if age is None:
        state, why = State.UNSET, f"site setting max_age_h.{name} is not set"
    elif known and stale_at and stale_at >= bed.next_time:
        state, why = State.DONE, ""
    else:
        state = State.OVERDUE if bed.now > bed.next_time and not known else State.OWED
        why = bed.moment.look(name, View.VALID).why if not known else "it will be too old at the next slot"
    found = _shown(bed, name, last, stale_at if state is State.DONE else bed.next_time, state)
    return Item(
        row=f"REQUIRED-{name}",
        words=f"{bed.moment.vocabulary[name].words}: required before a dose",
        often="before each dose",
        state=state,
        due=found.due,
        overdue_since=found.due if state is State.OVERDUE else None,
        findings=(found,),
        why=why,
        source=REQUIRED,
        status="policy",
    )
