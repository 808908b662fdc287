"""The reasons of a decision: each deciding row with its values, its limit, its source and its age."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from aldes.administration.asking import Asking
from aldes.administration.decision import Deciding, Reason, Word
from aldes.findings.charted import Charted
from aldes.findings.read import vocabulary
from aldes.findings.seen import Seen
from aldes.findings.vocabulary import Group
from aldes.protocols.ids import OTHER, SETTING
from aldes.protocols.row import Count, Row, RowKind
from aldes.questions.answer import UNKNOWN, YES, Answer
from aldes.questions.ask import Because, Leaf, explain
from aldes.questions.tree import Constant, Not, names
from aldes.questions.words import in_words, limit, value_words
from aldes.scope import Scope


def reasons(asking: Asking, word: Word) -> tuple[Reason, ...]:
    """The rows that decided: those that stop, then those that hold; for *insufficient* those that are unknown."""
    if word is Word.GIVE:
        return ()
    wanted = UNKNOWN if word is Word.INSUFFICIENT else YES
    found: dict[str, Reason] = {}
    for question in (asking.compiled.stop, asking.compiled.hold):
        for part in question.parts if asking.ask(question) is wanted else ():
            if asking.ask(part) is wanted:
                for reason in _by_row(asking, explain(part, asking.look).because, wanted):
                    found.setdefault(reason.row, reason)
    counted = _counted(asking, set(found)) if wanted is YES else ()
    return (*counted, *(each for id, each in found.items() if id not in {count.row for count in counted}))


def _counted(asking: Asking, rows: set[str]) -> tuple[Reason, ...]:
    """The counting rules that made these rows a hold or a stop; the rows themselves follow."""
    return tuple(
        _reason(asking, count.id, (), YES)
        for count in asking.compiled.protocol.counts
        if count.rule == asking.compiled.protocol.counting and _applies(asking, count, rows)
    )


def _applies(asking: Asking, count: Count, rows: set[str]) -> bool:
    if count.id in asking.compiled.counted_stops:
        return asking.ask(asking.compiled.counted_stops[count.id][0]) is YES or count.id in rows
    kinds = {asking.compiled.rows[id].kind for id in rows if id in asking.compiled.rows}
    return count.at_least == 1 and not count.only_if and count.of in kinds


def _by_row(asking: Asking, because: Sequence[Because], answer: Answer) -> Iterator[Reason]:
    said = [each for each in because if not (isinstance(each.leaf, Constant) and not each.leaf.why)]
    for id in dict.fromkeys(each.row for each in said):
        leaves = [each.leaf for each in said if each.row == id]
        yield _reason(asking, id or SETTING, leaves, answer)


def _reason(asking: Asking, id: str, leaves: Sequence[Leaf], answer: Answer) -> Reason:
    row = asking.compiled.rows.get(id) or _count(asking, id)
    measured = [leaf for leaf in leaves if not _of_record(leaf) and not isinstance(leaf, Constant)]
    found = [each for leaf in measured for each in _deciding(asking, leaf, answer)]
    return Reason(
        row=id,
        kind=row.kind.value if isinstance(row, Row) else "count" if row else "record" if id == OTHER else "setting",
        words=row.words if row else _words(asking, id, leaves),
        answer=answer.name.lower(),
        findings=_once(found) or _opened(asking, id),
        limit=" or ".join(dict.fromkeys(text for leaf in leaves if not _of_record(leaf) and (text := _limit(leaf)))),
        source=str(row.source) if row else "policy 0006, what another protocol left" if id == OTHER else "site",
        status=row.status.value if row else "policy" if id == OTHER else "unset",
        scope=_scope(asking, id),
        confirmed=_confirmed(asking, id),
        since=_since(asking, id),
        resume=_resume(asking, row) if isinstance(row, Row) and row.id not in asking.compiled.stops else "",
        resume_by=_resume_by(asking, row) if isinstance(row, Row) else "",
    )


def _limit(leaf: Leaf) -> str:
    return leaf.why if isinstance(leaf, Constant) else limit(leaf, vocabulary())


def _words(asking: Asking, id: str, leaves: Sequence[Leaf]) -> str:
    """The words of what is no row of this protocol: an unset setting, or what another protocol left standing."""
    if id != OTHER:
        return "; ".join(leaf.why for leaf in leaves if isinstance(leaf, Constant))
    rows = (*asking.elsewhere("raised"), *asking.elsewhere("standing"))
    return f"left by another protocol, and in force: {', '.join(rows)}"


def _count(asking: Asking, id: str) -> Count | None:
    return next((each for each in asking.compiled.protocol.counts if each.id == id), None)


def _of_record(leaf: Leaf) -> bool:
    """Whether the leaf asks the record itself: a standing hold, a raised stop, from which dose on a row is asked."""
    return any("." in name.finding or name.finding in ("dose_number", "doses_in_cycle") for name in names(leaf))


def _deciding(asking: Asking, leaf: Leaf, answer: Answer) -> Iterator[Deciding]:
    """The values that a leaf compared: for a yes those that are known, for an unknown those that are not."""
    for name in names(leaf):
        seen = asking.seen(name)
        if (seen.value is None) is (answer is UNKNOWN):
            yield _value(name.finding, seen, limit(leaf, vocabulary()))


def _value(finding: str, seen: Seen, held_against: str) -> Deciding:
    newest = max(seen.entries, key=lambda each: each.time, default=None)
    return Deciding(
        finding=finding,
        words=vocabulary()[finding].words,
        value=seen.value,
        unit=vocabulary()[finding].unit,
        value_words="unknown" if seen.value is None else value_words(seen.value, finding, vocabulary()),
        time=newest.time if newest else seen.stated,
        charted="; ".join(dict.fromkeys(each.text for each in seen.entries[-3:] if each.text)),
        limit=held_against,
        why=seen.why or next((each.fault for each in seen.entries if each.fault), ""),
    )


def _once(found: Sequence[Deciding]) -> tuple[Deciding, ...]:
    """Each finding once for each limit: a row is asked twice and may see the same value through both views."""
    unique: dict[tuple[str, str], Deciding] = {}
    for each in found:
        unique.setdefault((each.finding, each.limit), each)
    return tuple(unique.values())


def _opened(asking: Asking, id: str) -> tuple[Deciding, ...]:
    """The entries that opened a standing hold or raised a stop, when nothing newer decided."""
    hold, stop = asking.course.holds.get(id), asking.course.stops.get(id)
    ids = (hold.because if hold and hold.standing else ()) or (stop.because if stop else ())
    entries = [each for series in asking.course.entries.values() for each in series if each.id in ids]
    return tuple(_entry(each) for each in entries)


def _entry(entry: Charted) -> Deciding:
    return _value(entry.finding, Seen(entry.worst, (entry,), why=entry.fault or ""), "")


def _scope(asking: Asking, id: str) -> Scope | None:
    """The scope of a stop: what a physician set, else what the row proposes."""
    if id == OTHER:
        scopes = [asking.course.stops[row].scope for row in asking.elsewhere("raised")]
        return max(scopes, key=list(Scope).index, default=None)
    stop = asking.course.stops.get(id)
    if stop and stop.in_force(asking.course.cycle):
        return stop.scope
    count = _count(asking, id)
    if count:
        return count.scope if count.outcome is RowKind.STOP else None
    return asking.compiled.stops.get(id)


def _confirmed(asking: Asking, id: str) -> bool | None:
    if _scope(asking, id) is None:
        return None
    if id == OTHER:
        return all(asking.course.stops[row].confirmed for row in asking.elsewhere("raised"))
    stop = asking.course.stops.get(id)
    return bool(stop and stop.confirmed and stop.in_force(asking.course.cycle))


def _since(asking: Asking, id: str) -> datetime | None:
    hold, stop = asking.course.holds.get(id), asking.course.stops.get(id)
    if hold and hold.standing:
        return hold.onset
    return stop.raised_at if stop and stop.in_force(asking.course.cycle) else None


def _resume(asking: Asking, row: Row) -> str:
    """What ends the hold, in words; a recalled row, or a retracted reason, names only who may lift it."""
    if _by_physician(asking, row):
        return "a physician lifts it"
    if all(vocabulary()[name.finding].group is Group.COURSE for name in names(row.question)):
        return ""  # time or the record ends it
    return in_words(row.resume or Not(row.question), vocabulary())


def _resume_by(asking: Asking, row: Row) -> str:
    return "physician" if _by_physician(asking, row) else row.resume_by


def _by_physician(asking: Asking, row: Row) -> bool:
    return row.recalled or asking.course.waits_for_physician(row.id)
