"""Assess one patient: every row of selection, and the verdict that they make together."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from aldes.course.state import Course
from aldes.findings.charted import Value
from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.protocols.compile import asked_twice
from aldes.protocols.eligibility import Eligibility, Retreatment
from aldes.protocols.ids import NO_CRITERIA
from aldes.protocols.readiness import Readiness
from aldes.protocols.row import Protocol
from aldes.protocols.verdict import Verdict, selecting, verdict_of
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.questions.ask import explain
from aldes.questions.tree import Compare, Name, Question, names
from aldes.questions.words import limit, value_words
from aldes.selection.asking import Asking
from aldes.selection.assessment import Answered, Assessment, Settle, Shown
from aldes.selection.organs import FINDINGS, organs
from aldes.selection.settling import settle


def assess(course: Course, protocol: Protocol, now: datetime, more: Iterable[str] = ()) -> tuple[Assessment, Asking]:
    """Whether a listed criterion excludes this patient at `now`, row by row; and what was asked, to ask on.

    `more` are findings that no row asks and that will be asked all the same, such as those of a risk score.
    """
    ready = (name.finding for each in protocol.readiness for name in names(each.question))
    shown = (name for values in FINDINGS.values() for name in values)
    asking = Asking(course, selecting(protocol), now, {*ready, *shown, *more})
    verdict = verdict_of(asking.ask(asking.selecting.exclude), asking.ask(asking.selecting.caution))
    answers = {id: asking.ask(question) for id, question in asking.selecting.asked.items()}
    rows = tuple(_answered(asking, row, answers.get(row.id)) for row in _in_order(protocol))
    found = Assessment(
        verdict=verdict,
        rows=rows,
        because=_because(asking, verdict, answers),
        settle=settle(asking) if verdict is Verdict.UNDETERMINED else Settle(),
        cautions=tuple(id for id in asking.selecting.cautions if answers[id] is YES),
        cautions_unknown=tuple(id for id in asking.selecting.cautions if answers[id] is UNKNOWN),
        unverified=tuple(row.id for row in _in_order(protocol) if row.recalled and answers.get(row.id) is NO),
        organs=organs(asking, rows, lambda name: show(asking, name)),
        readiness=tuple(_ready(asking, each) for each in protocol.readiness),
        first_course=_is_first(asking),
        asked_at=now,
    )
    return found, asking


def show(asking: Asking, finding: str) -> Shown:
    """A finding as it counts in this assessment."""
    seen, known = asking.known(finding), vocabulary()[finding]
    newest = max(seen.entries, key=lambda entry: entry.time, default=None)
    return Shown(
        finding=finding,
        words=known.words,
        value=seen.value,
        unit=known.unit,
        value_words=_words(seen.value, finding),
        charted=newest.text if newest else "",
        time=newest.time if newest else None,
        role=(newest.role or "") if newest else "",
        why=seen.why,
    )


def _words(value: Value | None, finding: str) -> str:
    return "unknown" if value is None else value_words(value, finding, vocabulary())


def _in_order(protocol: Protocol) -> Iterator[Eligibility | Retreatment]:
    """The rows as they stand in the files: those of selection, then those about an earlier course."""
    yield from protocol.eligibility
    yield from protocol.retreatment


def _because(asking: Asking, verdict: Verdict, answers: dict[str, Answer]) -> tuple[str, ...]:
    """The rows that made the verdict: those that exclude, those that are unknown, or those that caution."""
    if verdict is Verdict.CAUTION:
        return tuple(id for id in asking.selecting.cautions if answers[id] is YES)
    wanted = {Verdict.EXCLUDED: YES, Verdict.UNDETERMINED: UNKNOWN}.get(verdict)
    found = tuple(id for id in asking.selecting.deciding if answers[id] is wanted)
    unlisted = verdict is Verdict.UNDETERMINED and asking.selecting.protocol.no_selection
    return (*found, NO_CRITERIA) if unlisted else found


def _answered(asking: Asking, row: Eligibility | Retreatment, answer: Answer | None) -> Answered:
    question = asking.selecting.asked.get(row.id)
    asked = dict.fromkeys(name.finding for name in names(question)) if question else {}
    return Answered(
        row=row.id,
        type=row.type.value if isinstance(row, Eligibility) else "C",
        about=row.about,
        words=row.words,
        answer=answer,
        findings=tuple(show(asking, name) for name in asked),
        limit=_limit(asking, question) if question else "",
        source=str(row.source),
        status=row.status.value,
        also=row.also,
        conflict=row.conflict,
    )


def _limit(asking: Asking, question: Question) -> str:
    """What the deciding values were held against: "at most 2 L or below 75 %"."""
    leaves = [each.leaf for each in explain(question, asking.look).because]
    found = [limit(leaf, vocabulary()) for leaf in leaves if not _only_known(leaf)]
    return " or ".join(dict.fromkeys(each for each in found if each))


def _only_known(leaf: object) -> bool:
    return isinstance(leaf, Compare) and leaf.left == leaf.right


def _ready(asking: Asking, row: Readiness) -> Answered:
    """An item of readiness: yes means that it is not in place."""
    asked = dict.fromkeys(name.finding for name in names(row.question))
    return Answered(
        row=row.id,
        type="F",
        about="readiness",
        words=row.words,
        answer=asking.ask(asked_twice(row.question, row.id)),
        findings=tuple(show(asking, name) for name in asked),
        limit="",
        source=str(row.source),
        status=row.status.value,
    )


def _is_first(asking: Asking) -> bool:
    """Whether the record holds no earlier course and nobody charted one."""
    before = asking.seen(Name("courses_before")).value
    return before == 0 and asking.seen(Name("earlier_course", View.CHARTED)).value is not True
