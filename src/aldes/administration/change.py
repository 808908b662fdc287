"""What would change a decision: what to measure, and what would have to be found to give.

Both come from the residual of NOT STOP AND NOT HOLD: what is known is filled in, and what is left is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from aldes.administration.asking import Asking
from aldes.administration.decision import Measure, Word
from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.view import View
from aldes.findings.vocabulary import Finding, Group
from aldes.protocols.row import Row
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.residual import Clause, residual
from aldes.questions.tree import And, Constant, Name, Question, names
from aldes.questions.words import residual_words


def would_give_if(asking: Asking, word: Word) -> tuple[Clause, ...] | None:
    """What must become true of measurable findings for the answer to be *give*; None where none can make it so."""
    if word is Word.GIVE:
        return ()
    if word is Word.STOP or _only_time_or_people(asking):
        return None
    open_rows = [row for row in asking.compiled.rows.values() if not _settled(asking, row)]
    free = {name.finding for row in open_rows for name in names(_wanted(asking, row))}
    free -= {name for name in free if vocabulary()[name].group is Group.COURSE}
    wanted = And(tuple(_wanted(asking, row) for row in open_rows))  # a settled row wants nothing
    return residual(wanted, asking.look, lambda name: name.finding in free)


def in_words(asking: Asking, word: Word, clauses: tuple[Clause, ...] | None) -> str:
    """What would have to be found, in a sentence; a whole organ system that is unknown is named as one check."""
    if word is Word.GIVE:
        return ""
    if not clauses:
        return "no later measurement changes this"
    systems = {clause: _checked_by(asking, clause) for clause in clauses}
    checks = [f"the {system} check finds none of the listed" for system in dict.fromkeys(systems.values()) if system]
    single = tuple(clause for clause in clauses if not systems[clause])
    return " and ".join([residual_words(single, vocabulary()), *checks] if single else checks)


def _checked_by(asking: Asking, clause: Clause) -> str:
    """The organ system whose statement would answer every part of a clause, where nothing is charted yet."""
    asked = [name for literal in clause for name in names(literal.leaf)]
    systems = {vocabulary()[name.finding].system for name in asked}
    unknown = all(asking.seen(name).value is None and name.view is View.VALID for name in asked)
    return systems.pop() if unknown and len(systems) == 1 else ""


def measures(asking: Asking, word: Word) -> tuple[Measure, ...]:
    """What to measure, judge or state: first what may stop or hold, then what frees most rows."""
    if word in (Word.GIVE, Word.STOP):
        return ()
    wanted: dict[str, _Wanted] = {}
    for row in asking.compiled.rows.values():
        for name in _unknown(asking, row):
            _ask_for(asking, wanted, name, row)
    for count in asking.compiled.protocol.counts:
        if count.only_if and count.id in asking.compiled.counted_stops and _counts_unknown(asking, count.id):
            for name in names(count.only_if):
                _ask_for(asking, wanted, Name(name.finding, View.VALID, count.id), None)
    return tuple(each.measure() for each in sorted(wanted.values(), key=_Wanted.urgency))


@dataclass(slots=True)
class _Wanted:
    """One thing to ask for, gathered over the rows that wait for it."""

    finding: str
    words: str
    by: str
    stops: bool = False
    whys: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)

    def urgency(self) -> tuple[bool, int]:
        return (not self.stops, -len(self.rows))

    def measure(self) -> Measure:
        whys = dict.fromkeys(self.whys)
        why = "; ".join(whys) if len(whys) <= 3 else f"{len(whys)} items are neither charted nor covered by a statement"
        return Measure(
            finding=self.finding, words=self.words, why=why, rows=tuple(dict.fromkeys(self.rows)), by=self.by
        )


def _ask_for(asking: Asking, wanted: dict[str, _Wanted], name: Name, row: Row | None) -> None:
    why = asking.seen(name).why
    for key, words, by in _asked_as(name, row):
        each = wanted.setdefault(key, _Wanted(key, words, by))
        each.stops = each.stops or (row is not None and row.id in asking.compiled.stops)
        each.whys.append(why)
        each.rows.append(row.id if row else name.row or "")


def _asked_as(name: Name, row: Row | None) -> Iterator[tuple[str, str, str]]:
    """A measurement by its name; what a statement can answer by the statement of its organ system."""
    for source in _charted(vocabulary()[name.finding]):
        if source.group is Group.COURSE:
            continue
        if source.system and name.view is not View.RESUME:
            yield f"statement.{source.system}", f"the {source.system} check: none of the listed, or what is found", ""
        else:
            judged = source.group is Group.JUDGED and row is not None
            yield source.name, source.words, row.resume_by if judged and row else ""


def _charted(finding: Finding) -> tuple[Finding, ...]:
    return tuple(vocabulary()[name] for name in sorted(sources_of(finding.name)))


def _unknown(asking: Asking, row: Row) -> Iterator[Name]:
    """The names without a value in an unknown row, and in the resume question of a standing hold."""
    if asking.answer(row.id) is UNKNOWN:
        for name in names(asking.compiled.not_met[row.id]):
            if asking.seen(name).value is None:
                yield name
    resume = None if asking.course.waits_for_physician(row.id) else asking.compiled.resume.get(row.id)
    if resume is not None and _stands(asking, row.id) and asking.ask(resume) is not YES:
        for name in names(resume):
            if asking.seen(name).value is None:
                yield name


def _counts_unknown(asking: Asking, id: str) -> bool:
    return asking.ask(asking.compiled.counted_stops[id][0]) is UNKNOWN


def _stands(asking: Asking, id: str) -> bool:
    hold = asking.course.holds.get(id)
    return hold is not None and hold.standing


def _settled(asking: Asking, row: Row) -> bool:
    """Whether a row needs nothing more: it answers no, and no hold of it stands."""
    return asking.answer(row.id) is NO and not _stands(asking, row.id)


def _wanted(asking: Asking, row: Row) -> Question:
    """What this row needs to let a dose go: its criterion not met, and of a standing hold the resume question yes."""
    not_met, resume = asking.compiled.not_met[row.id], asking.compiled.resume.get(row.id)
    if not _stands(asking, row.id) or resume is None:
        return not_met
    return And((not_met, resume))


def _only_time_or_people(asking: Asking) -> bool:
    """Whether the answer waits for time, for the record or for a person, whatever is measured."""
    for row in asking.compiled.rows.values():
        if row.id in asking.compiled.of_record and asking.answer(row.id) is not NO:
            return True
        if _stands(asking, row.id) and asking.compiled.resume.get(row.id) is None:
            return True
        if asking.course.waits_for_physician(row.id):
            return True
    if asking.elsewhere("standing"):
        return True
    return any(isinstance(part, Constant) for part in asking.compiled.stop.parts)
