"""The eight ops of derived findings and the formula: the slow, obvious reference.

Each op reads the charted series of one finding at a moment, through a view and, for a row whose hold began
earlier, only what came after. Through CHARTED it gives the worst that is charted; through VALID and RESUME it
gives a value only if everything in its window is valid, final and fresh. `running.py` computes the same from one
entry at a time; a test feeds both the same series.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from aldes.findings.charted import Charted, Value
from aldes.findings.formula import evaluate, exact, names_in
from aldes.findings.seen import Seen, at_newest_time, first_fault, hours, valid_values
from aldes.findings.view import View
from aldes.findings.vocabulary import Derivation, Finding, Group, Worse, severity

if TYPE_CHECKING:
    from aldes.findings.moment import Moment

BASELINE_REACH = timedelta(days=7)  # our policy: a weight of last year is no baseline of this cycle
FIRST_WINDOW = timedelta(hours=8)  # our policy: before the first dose, "since the last dose" means one interval


def look(moment: Moment, finding: Finding, view: View, after: datetime | None, role: str | None) -> Seen:
    """What a question sees of a derived finding."""
    op = finding.derived
    if op is None:
        raise ValueError(f"{finding.name} is not derived")
    return _OPS[op.op](moment, finding, op, view, after, role)


def _baseline(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """The newest value before the first dose of the cycle or course; before that dose, the newest so far."""
    newest = _at_baseline(moment, op)
    if not newest:
        return Seen(None, why=f"{finding.words}: not charted")
    if fault := first_fault(newest):
        return Seen(None, newest, why=f"{finding.words}: {fault}")
    values = valid_values(newest)  # of two at one time the one from which the change is greater
    return Seen(min(values, key=lambda value: severity(moment.vocabulary[op.of], value)), newest)


def _at_baseline(moment: Moment, op: Derivation) -> tuple[Charted, ...]:
    """The entries of the baseline's time; none where nothing was charted in the week before it."""
    anchor = moment.cycle_start if op.anchor == "cycle" else moment.course_start
    until = anchor or moment.now
    return at_newest_time([each for each in moment.entries(op.of) if until - BASELINE_REACH <= each.time <= until])


def _extreme(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """The lowest or highest value since the last dose, since the cycle began, or in a window of hours."""
    entries = moment.entries(op.of, after)
    inside = _window(moment, entries, _window_start(moment, op))
    return _pick(moment, finding, op, view, inside, max if op.op == "max" else min, (after, role))


def _window_start(moment: Moment, op: Derivation) -> datetime:
    if op.window_h is not None:
        return moment.now - timedelta(hours=float(op.window_h))
    anchor = moment.last_dose if op.since == "last_dose" else moment.cycle_start
    return anchor or moment.now - FIRST_WINDOW


def _window(moment: Moment, entries: Sequence[Charted], start: datetime) -> tuple[Charted, ...]:
    """The entries from `start` on; of a running drug or device also the entry still in force at `start`."""
    inside = tuple(each for each in entries if each.time >= start)
    before = [each for each in entries if each.time < start]
    if before and moment.vocabulary[before[-1].finding].group is Group.SUPPORT:
        return at_newest_time(before) + inside
    return inside


def _pick(
    moment: Moment,
    finding: Finding,
    op: Derivation,
    view: View,
    inside: Sequence[Charted],
    choose: Callable[..., Value],
    asked: tuple[datetime | None, str | None],
) -> Seen:
    of = moment.vocabulary[op.of]
    if view is View.CHARTED:
        return _chosen(finding, [(each.worst, each) for each in inside if each.worst is not None], choose)
    now = moment.look(of.name, view, *asked)  # the newest must be valid and fresh, or stated
    if now.value is None:
        return Seen(None, now.entries, why=now.why)
    if not inside:
        return now if now.stated else Seen(None, why=f"{finding.words}: nothing charted in its window")
    if fault := first_fault(inside):
        return Seen(None, tuple(inside), why=f"{finding.words}: {fault}")
    return _chosen(finding, [(each.valid, each) for each in inside if each.valid is not None], choose)


def _chosen(finding: Finding, pairs: list[tuple[Value, Charted]], choose: Callable[..., Value]) -> Seen:
    if not pairs:
        return Seen(None, why=f"{finding.words}: nothing usable charted")
    value = choose(value for value, _ in pairs)
    return Seen(value, tuple(entry for each, entry in pairs if each == value))


def _sum(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """The amount collected in a window that ends with the newest collection; an uncovered part is unknown.

    A collection that began before the window counts wholly on the better side for CHARTED and on the worse side
    for VALID: the true amount lies between the two, so that a *yes* is certain and a *no* is certain. An amount that
    is reported, not required, answers *no* only by a collection since the slot before, or by its system's statement.
    """
    charted = [each for each in moment.entries(op.of) if each.start is not None]
    newest = charted[-1].time if charted else None
    reported = bool(moment.vocabulary[op.of].system) and op.of not in moment.max_age
    if reported and view is not View.CHARTED and (newest is None or newest < moment.slot_opened):
        return _not_collected(moment, finding, op, view, after, role)
    if newest is None or op.window_h is None or (after is not None and newest <= after):
        return Seen(None, why=f"{finding.words}: not charted")
    end = newest
    start = end - timedelta(hours=float(op.window_h))
    inside = [each for each in charted if each.time > start]
    if why := _uncovered(inside, start) or _too_old(moment, op.of, end):
        return Seen(None, tuple(inside), why=f"{finding.words}: {why}")
    if view is not View.CHARTED and (fault := first_fault([e for e in moment.entries(op.of) if e.time > start])):
        return Seen(None, tuple(inside), why=f"{finding.words}: {fault}")
    values = [each.worst if view is View.CHARTED else each.valid for each in inside]
    whole = (view is View.CHARTED) is (finding.worse is Worse.LOW)  # count an overhanging collection wholly
    amounts = [
        value if whole or (each.start and each.start >= start) else Decimal(0)
        for each, value in zip(inside, values, strict=True)
        if isinstance(value, Decimal)
    ]
    if len(amounts) < len(inside):
        return Seen(None, tuple(inside), why=f"{finding.words}: nothing usable charted")
    return Seen(sum(amounts, Decimal(0)), tuple(inside))


def _not_collected(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """Nothing was collected since the slot before: of a reported amount its statement says that there was none."""
    now = moment.look(op.of, view, after, role)
    return now if now.stated else Seen(None, now.entries, why=f"{finding.words}: not charted since the slot before")


def _uncovered(inside: Sequence[Charted], start: datetime) -> str:
    """Why the collections do not cover the window exactly once, or nothing."""
    covered = start
    for number, each in enumerate(sorted(inside, key=lambda each: (each.start, each.time))):
        begin = each.start or each.time
        if begin > covered:
            return f"not charted from {covered:%H:%M} to {begin:%H:%M}"
        if begin < covered and number:
            return "two collections overlap"
        covered = each.time
    return ""


def _too_old(moment: Moment, name: str, end: datetime) -> str:
    if name not in moment.max_age:
        return ""
    limit = moment.max_age[name]
    if limit is None:
        return f"site setting max_age_h.{name} is not set"
    return f"older than {hours(limit)} h" if moment.now - end > limit else ""


def _change(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """The newest value minus the result before it, the value at the last dose, or the peak since the hold opened."""
    newest = moment.look(op.of, view, after, role)
    if not isinstance(newest.value, Decimal):
        return Seen(None, newest.entries, why=newest.why)
    reference = _reference(moment, finding, op, view, newest, after)
    if not isinstance(reference.value, Decimal):
        return Seen(None, newest.entries, why=reference.why or f"{finding.words}: no earlier value")
    return Seen(newest.value - reference.value, newest.entries + reference.entries)


def _reference(
    moment: Moment, finding: Finding, op: Derivation, view: View, newest: Seen, after: datetime | None
) -> Seen:
    """What the newest value is compared with. An unusable result before it hides nothing: it is unknown for a no.

    A drug of support of which nothing was charted before counts as begun since then, for a yes and never for a no.
    """
    entries = moment.entries(op.of)
    if op.against == "peak":
        if after is None:
            return Seen(None, why=f"{finding.words}: no hold is open")
        since = [each for each in entries if each.time >= after and each.valid is not None]
        return _chosen(finding, [(_said(each), each) for each in since], max)  # a doubtful peak proves no fall
    until = newest.entries[0].time if op.against == "previous" else moment.last_dose
    if until is None:
        return Seen(None, why=f"{finding.words}: no dose yet")
    if op.against == "last_dose" and newest.entries and newest.entries[0].time <= until:
        return Seen(None, why=f"{finding.words}: nothing charted since the last dose")
    earlier = [each for each in entries if each.time < until or (op.against == "last_dose" and each.time == until)]
    last = at_newest_time(earlier)
    if last and (fault := first_fault(last)):
        if view is not View.CHARTED:
            return Seen(None, last, why=f"{finding.words}: {fault}")
        valued = [each for each in earlier if each.worst is not None]
        last = at_newest_time([each for each in earlier if each.valid is not None]) or at_newest_time(valued)
    absent = moment.vocabulary[op.of].absent
    if not last and view is View.CHARTED and absent is not None:
        return Seen(absent)
    return _chosen(finding, [(_said(each), each) for each in last], min)


def _said(entry: Charted) -> Value:
    """The value of an entry that has one: the valid value, else the worst it admits."""
    value = entry.valid if entry.valid is not None else entry.worst
    if value is None:
        raise ValueError("an entry without a value has nothing to say")
    return value


def _hours_while(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """How long a flag has been true: the current episode, or the longest; an open one counts to now."""
    charted = view is View.CHARTED
    if not charted:
        now = moment.look(op.of, view, after, role)
        if now.value is None:
            return Seen(None, now.entries, why=now.why)
    of = moment.vocabulary[op.of]
    spans = _episodes(moment.entries(op.of), charted, after, moment.now)
    if charted and not spans:
        return Seen(None, why=f"{of.words}: never charted")
    if op.episode == "current":
        spans = [each for each in spans if each[1] == moment.now]
    longest = max(spans, key=lambda each: each[1] - each[0], default=None)
    if longest is None:
        return Seen(Decimal(0))
    span = longest[1] - longest[0]
    value = exact(Fraction(span // timedelta(microseconds=1), 3_600_000_000), finding.worse)
    return Seen(value, (longest[2],))


def _episodes(
    entries: Sequence[Charted], charted: bool, after: datetime | None, now: datetime
) -> list[tuple[datetime, datetime, Charted]]:
    """Begin, end and first entry of each span in which the flag was true, cut to what came after."""
    found: list[tuple[datetime, datetime, Charted]] = []
    begun: Charted | None = None
    for each in entries:
        value = each.worst if charted else each.valid
        if value is True and begun is None:
            begun = each
        elif value is False and begun is not None:
            found.append((begun.time, each.time, begun))
            begun = None
    if begun is not None:
        found.append((begun.time, max(now, begun.time), begun))
    if after is not None:
        found = [(max(begin, after), end, entry) for begin, end, entry in found if end > after]
    return found


def _count(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """How often a flag was charted true in the cycle or course, each time of day once."""
    charted = view is View.CHARTED
    if not charted:
        now = moment.look(op.of, view, after, role)
        if now.value is None:
            return Seen(None, now.entries, why=now.why)
    anchor = moment.cycle_start if op.since == "cycle" else moment.course_start
    entries = [each for each in moment.entries(op.of, after) if anchor is None or each.time >= anchor]
    true = [each for each in entries if (each.worst if charted else each.valid) is True]
    if charted and not true:
        return Seen(None, why=f"{finding.words}: never charted")
    return Seen(Decimal(len({each.time for each in true})), tuple(true))


def _limit(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """The reference limit printed with the newest result, or (anchored) with the baseline result.

    Where two are printed, the one that is harder to meet.
    """
    newest = _at_baseline(moment, op) if op.anchor else at_newest_time(moment.entries(op.of, after))
    upper = op.op == "limit_high"
    limits = [(limit, each) for each in newest if (limit := each.high if upper else each.low) is not None]
    if not limits:
        return Seen(None, why=f"{finding.words}: not printed with the result")
    return _chosen(finding, list(limits), min if upper else max)


def _formula(
    moment: Moment, finding: Finding, op: Derivation, view: View, after: datetime | None, role: str | None
) -> Seen:
    """Exact arithmetic over other findings; any unknown part makes it unknown."""
    seen = {name: moment.look(name, view, after, role) for name in names_in(op.formula)}
    for part in seen.values():
        if not isinstance(part.value, Decimal):
            return Seen(None, part.entries, why=part.why)
    value = evaluate(
        op.formula,
        {name: Decimal(part.value) for name, part in seen.items() if isinstance(part.value, Decimal)},
    )
    entries = tuple(entry for part in seen.values() for entry in part.entries)
    if value is None:
        return Seen(None, entries, why=f"{finding.words}: a division by zero")
    return Seen(exact(value, finding.worse), entries)


_Op = Callable[["Moment", Finding, Derivation, View, "datetime | None", "str | None"], Seen]

_OPS: dict[str, _Op] = {
    "baseline": _baseline,
    "min": _extreme,
    "max": _extreme,
    "sum": _sum,
    "change": _change,
    "hours_while": _hours_while,
    "count": _count,
    "limit_low": _limit,
    "limit_high": _limit,
    "formula": _formula,
}
