"""Compile a protocol's rows into the two questions of the decision: STOP and HOLD.

STOP yes is *stop*; else HOLD yes is *hold*; else either unknown is *insufficient*; else *give*. A row is asked
twice: on charted values, where only a *yes* counts, and on valid ones, where only a *no* counts. The record's own
state enters as flags: `standing.ROW` for a hold that was opened and not lifted, `raised.ROW` for a stop that no
physician has refuted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from aldes.evidence.register import cite
from aldes.findings.read import vocabulary
from aldes.findings.sources import covered_anyway, steps_to
from aldes.findings.view import View
from aldes.findings.vocabulary import Finding, Group, Kind
from aldes.protocols.coverage import uncovered
from aldes.protocols.ids import NO_ROW, OTHER, REQUIRED
from aldes.protocols.known import must_be_known
from aldes.protocols.readiness import rows_before_dose_1
from aldes.protocols.row import Count, Protocol, Required, Row, RowKind, Status
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import parse
from aldes.questions.tree import (
    And,
    AtLeast,
    Compare,
    Constant,
    Flag,
    In,
    Known,
    Name,
    Not,
    Number,
    Or,
    Question,
    names,
    with_names,
    with_parts,
)
from aldes.questions.tree import Row as Labelled
from aldes.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compiled:
    """The decision of one protocol, and its parts by row."""

    protocol: Protocol
    stop: Or
    hold: Or
    rows: dict[str, Row]  # every row that can hold or stop, those for unnamed support included
    asked: dict[str, Question]  # row id → the row asked twice
    charted: dict[str, Question]  # row or stopping count → on charted values alone: yes exactly where asked twice is
    not_met: dict[str, Question]  # row id → that the criterion is not met, on valid values
    resume: dict[str, Question | None]  # hold row id → its resume question; None: only a physician lifts it
    of_record: frozenset[str]  # rows that ask only the record of doses, slots and phases
    stops: dict[str, Scope]  # rows whose yes raises a stop, with the scope that they propose
    counted_stops: dict[str, tuple[Question, Scope]]  # counting rules whose yes raises a stop

    @property
    def raising(self) -> frozenset[str]:
        """Everything whose yes raises a stop under this protocol."""
        return frozenset({*self.stops, *self.counted_stops})


@cache
def compiled(protocol: Protocol) -> Compiled:
    """The two questions of this protocol."""
    before_dose_1 = {row.id for row in rows_before_dose_1(protocol)}
    every = (*protocol.rows, *unnamed(protocol), *required(protocol), *rows_before_dose_1(protocol))
    rows = {row.id: row for row in every if _is_asked(row, protocol)}
    asked = {id: twice(row) for id, row in rows.items()}
    charted = {id: _charted(_from_dose(row), id) for id, row in rows.items()}
    holds = {id: row for id, row in rows.items() if row.kind is not RowKind.STOP and id not in before_dose_1}
    resume = {id: _resume(row) for id, row in holds.items()}
    counts = [each for each in protocol.counts if each.rule == protocol.counting]
    stops = _stopping(rows, counts)
    stopping = [each for each in counts if each.outcome is RowKind.STOP and (each.at_least > 1 or each.only_if)]
    counted_stops = {each.id: (_counted(each, rows, asked, asked_twice), each.scope) for each in stopping}
    return Compiled(
        protocol=protocol,
        stop=Or(
            (
                *(_stop(id, asked[id]) for id in stops),
                *(_stop(id, each[0]) for id, each in counted_stops.items()),
                Labelled(OTHER, Flag(Name(f"raised.{OTHER}"))),
                *_unset(protocol),
            )
        ),
        hold=Or(
            (
                *(_hold(id, asked[id], resume[id]) for id in resume),
                *(asked[id] for id in rows if id in before_dose_1),  # asked afresh each time: they never stand
                Labelled(OTHER, Flag(Name(f"standing.{OTHER}"))),
            )
        ),
        rows=rows,
        asked=asked,
        charted=charted | {each.id: _counted(each, rows, charted, _charted) for each in stopping},
        not_met={id: Not(seen_through(_from_dose(row), View.VALID, id)) for id, row in rows.items()},
        resume=resume,
        of_record=frozenset(id for id, row in rows.items() if _asks_the_record(row.question)),
        stops=stops,
        counted_stops=counted_stops,
    )


def _unset(protocol: Protocol) -> Iterator[Constant]:
    """A setting without which no decision stands is a constant unknown until the site makes it."""
    if protocol.counting_needed and not protocol.counting:
        yield Constant(UNKNOWN, "site setting counting is not set")
    for topic in uncovered(protocol):
        yield Constant(UNKNOWN, f"no row answers for '{topic}', and nobody signed why")
    if protocol.schedule.valid_min is None:
        yield Constant(UNKNOWN, "site setting valid_min is not set")


def _is_asked(row: Row, protocol: Protocol) -> bool:
    """A row of a counting rule is asked only where the rule is in force."""
    return row.rule in ("", protocol.counting)


def _asks_the_record(question: Question) -> bool:
    return all(vocabulary()[name.finding].group is Group.COURSE for name in names(question))


def _stopping(rows: dict[str, Row], counts: list[Count]) -> dict[str, Scope]:
    """Stop rows, and absolute rows where the counting rule discontinues at the first of them."""
    found = {row.id: Scope.DOSE if row.recalled else row.scope for row in rows.values() if row.kind is RowKind.STOP}
    for count in counts:
        if count.outcome is RowKind.STOP and count.at_least == 1 and not count.only_if:
            found |= {row.id: count.scope for row in rows.values() if _is_counted(row, count)}
    return found


def unnamed(protocol: Protocol) -> tuple[Row, ...]:
    """A hold for each drug or device of support, and each grave event, that no row asked here names."""
    named = {source for row in protocol.rows if _answers_for(row, protocol) for source in _alone(row.question)}
    return tuple(_no_row(each) for each in covered_anyway() if each.name not in named)


def _answers_for(row: Row, protocol: Protocol) -> bool:
    """Whether a row speaks for what it names: read or verified, in force, and from the first dose on."""
    return _is_asked(row, protocol) and not row.recalled and row.from_dose == 1


def _alone(question: Question) -> Iterator[str]:
    """The findings that can make a question yes by themselves: those of its alternatives, each asked alone.

    What only says more of an event (that it recurs, or needs treatment) leaves it the event of the row.
    """
    match question:
        case Or(parts):
            for part in parts:
                yield from _alone(part)
        case And(parts):
            events = [part for part in parts if not all(vocabulary()[name.finding].qualifier for name in names(part))]
            if len(events) == 1 < len(parts):
                yield from _alone(events[0])
        case _:
            asked = {name.finding for name in names(question)}
            if len(asked) == 1:
                yield from steps_to(asked.pop())


def required(protocol: Protocol) -> tuple[Row, ...]:
    """A row for each required measurement: never yes, and no only once the measurement is valid and fresh."""
    return tuple(_required(each, vocabulary()[each.finding]) for each in protocol.required.values())


def twice(row: Row) -> Question:
    """The row's question, asked on charted and on valid values."""
    return Labelled(row.id, asked_twice(_from_dose(row), row.id))


def _from_dose(row: Row) -> Question:
    """The row's question, from the dose on at which it begins to be asked."""
    if row.from_dose == 1:
        return row.question
    return And((Compare(">=", Name("dose_number"), Number(float(row.from_dose))), row.question))


def asked_twice(question: Question, row: str, *, denied: bool = False) -> Question:
    """Part by part: yes only if yes on charted values, no only if no on valid ones, else unknown.

    Each part by itself, so that a part which becomes unknown never turns the yes of another one into a no.
    """
    match question:
        case Not(part):
            return asked_twice(part, row, denied=not denied)
        case And(parts) | Or(parts):
            conjunction = isinstance(question, And) is not denied
            return (And if conjunction else Or)(tuple(asked_twice(part, row, denied=denied) for part in parts))
    leaf = Not(question) if denied else question
    charted, valid = (seen_through(leaf, view, row) for view in (View.CHARTED, View.VALID))
    return Or((Known(charted), And((valid, Constant(UNKNOWN)))))


def _charted(question: Question, row: str) -> Question:
    """Only the charted half of a question asked twice: whether it is yes never depends on the valid half."""
    return Labelled(row, seen_through(question, View.CHARTED, row))


def seen_through(question: Question, view: View, row: str) -> Question:
    """The same question with every finding looked at through `view`, on behalf of a row."""

    def seen(name: Name) -> Name:
        return replace(name, view=view, row=row)

    match question:
        case Compare(op, left, right):
            return Compare(op, with_names(left, seen), with_names(right, seen))
        case In(name, codes):
            return In(seen(name), codes)
        case Flag(name):
            return Flag(seen(name))
    return with_parts(question, lambda part: seen_through(part, view, row))


def _resume(row: Row) -> Question | None:
    """The resume question on valid values since the hold began; a recalled row never resumes alone."""
    if row.recalled:
        return None
    return seen_through(row.resume or Not(row.question), View.RESUME, row.id)


def _hold(id: str, asked: Question, resume: Question | None) -> Question:
    """The criterion is met now, or it was, and its resume question is not known to be answered yes."""
    standing = Flag(Name(f"standing.{id}"))
    stays: Question = standing if resume is None else And((standing, Not(Known(resume))))
    return Labelled(id, Or((asked, stays)))


def _stop(id: str, asked: Question) -> Question:
    return Labelled(id, Or((Flag(Name(f"raised.{id}")), asked)))


def _counted(
    count: Count, rows: dict[str, Row], asked: dict[str, Question], ask: Callable[[Question, str], Question]
) -> Question:
    """A counting rule over relative rows by group or over absolute rows, with its condition where it has one.

    That a single relative or absolute row holds the dose needs no counting: such rows are among the holds.
    """
    groups: dict[str, list[Question]] = {}
    for row in rows.values():
        if _is_counted(row, count):
            groups.setdefault(row.group or row.id, []).append(asked[row.id])
    parts = tuple(each[0] if len(each) == 1 else Or(tuple(each)) for each in groups.values())
    question: Question = AtLeast(count.at_least, parts)
    if count.only_if is None:
        return question
    return And((question, Labelled(count.id, ask(count.only_if, count.id))))


def _is_counted(row: Row, count: Count) -> bool:
    """A recalled row holds the dose by itself, and never more: no counting rule makes a stop of it."""
    return row.kind is count.of and not (row.recalled and count.outcome is RowKind.STOP)


def _no_row(finding: Finding) -> Row:
    text = {
        Kind.FLAG: finding.name,
        Kind.NUMBER: f"{finding.name} > 0",
        Kind.CODE: f"{finding.name} != '{next(iter(finding.codes), '')}'",
    }[finding.kind]
    return Row(
        id=f"{NO_ROW}{finding.name}",
        kind=RowKind.HOLD,
        words=f"{finding.words}: no row of this protocol covers it",
        text=text,
        question=parse(text, vocabulary()),
        source=cite("policy 0006, what no row names"),
        status=Status.POLICY,
    )


def _required(required: Required, finding: Finding) -> Row:
    """No for whatever is known, and unknown for what is not."""
    return Row(
        id=f"{REQUIRED}{finding.name}",
        kind=RowKind.HOLD,
        words=f"{finding.words}: required before a dose",
        text=f"{finding.name} != {finding.name}",
        question=must_be_known(finding.name),
        source=cite("policy 0006, required measurements"),
        status=Status.POLICY,
        from_dose=required.from_dose,
    )
