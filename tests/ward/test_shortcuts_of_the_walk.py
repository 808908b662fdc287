"""The walk asks no more than it takes; asking everything anew for each event gives the same events and answers."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import builders as b
import pytest

from aldes import ward
from aldes.administration.asking import Asking
from aldes.administration.decide import word_of
from aldes.course.events import AnyEvent, HoldLifted, HoldOpened, StopRaised
from aldes.course.fold import evolve, replay
from aldes.course.state import Course
from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Finding, Group, Kind
from aldes.protocols.compile import Compiled, compiled
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.questions.answer import NO, YES, Answer
from aldes.questions.ask import explain
from aldes.questions.tree import And, Not, Question, names
from draws import few

CHARTABLE = [each for each in vocabulary().findings.values() if not each.derived and each.group is not Group.COURSE]
SEEDS = range(few(24, 240))


def drawn(seed: int, protocol: Protocol) -> list[AnyEvent]:
    """A well patient with events of every sort drawn at random: doubtful, late, retracted, lifted, refuted."""
    draw, rows = random.Random(seed), list(compiled(protocol).rows)
    few = draw.sample(_looked_at(protocol), 6)  # of few findings several values each: what opened can be lifted
    few += _conditions(protocol)  # without which no counting rule ever raises a stop
    ids: list[str] = []
    changes: list[AnyEvent] = []
    for _ in range(draw.randrange(4, 16)):
        hours = draw.choice([0.02, 0.1, 0.25, 1, 4, 7.5, 8, 8.5, 16, 30])
        entry = _charted(draw, draw.choice(few), hours)
        ids.append(entry.entry.id)
        changes += draw.choices(
            [
                entry,
                b.statement(draw.choice(b.SYSTEMS), hours),
                b.retracted(draw.choice(ids), hours),
                b.lifted(draw.choice(rows), hours),
                b.refuted(draw.choice(rows), hours),
            ],
            weights=[14, 2, 1, 2, 1],
        )
    return b.well_patient(*changes, given=draw.choice([0, 1, 5, 9]))


def _looked_at(protocol: Protocol) -> list[Finding]:
    """What rows and counting rules look at and a ward can chart."""
    questions = [row.question for row in compiled(protocol).rows.values()]
    questions += [each.only_if for each in protocol.counts if each.only_if]
    asked = {name.finding for question in questions for name in names(question)}
    charted = {source for each in asked for source in sources_of(each)}
    return [each for each in CHARTABLE if each.name in charted]


def _conditions(protocol: Protocol) -> list[Finding]:
    """What the conditions of the counting rules ask."""
    asked = {name.finding for each in protocol.counts if each.only_if for name in names(each.only_if)}
    return [each for each in CHARTABLE if each.name in asked]


def _charted(draw: random.Random, finding: Finding, hours: float) -> b.FindingCharted:
    late = {"recorded_ago": hours / 2} if draw.random() < 0.2 else {}
    fault = "The status is 'preliminary'." if draw.random() < 0.2 else None
    over = 8 if finding.group is Group.FLUID else None
    return b.charted(finding.name, _value(draw, finding), hours, fault=fault, over_h=over, **late)


def _value(draw: random.Random, finding: Finding) -> object:
    match finding.kind:
        case Kind.FLAG:
            return draw.random() < 0.6
        case Kind.CODE:
            return draw.choice(finding.codes)
    lowest, highest = finding.survivable or (Decimal(0), Decimal(100))
    return lowest + (highest - lowest) * draw.randrange(101) / 100


# ── the same, slowly: each question anew, every part asked ──


def anew(course: Course, decision: Compiled, now, question: Question, *, lifting: bool) -> Answer:
    return explain(question, Asking(course, decision, now, lifting=lifting).look).answer


def expected(course: Course, decision: Compiled, event: AnyEvent, rows, *, at_onset: bool = False) -> Iterator[tuple]:
    """What follows from an event: the kind and the row of each following event, in order."""
    now = event.happened_at if at_onset else event.recorded_at
    for row in rows:
        answer = anew(course, decision, now, decision.asked[row], lifting=True)
        hold, resume = course.holds.get(row), decision.resume.get(row)
        if answer is YES:
            if row in decision.stops and not in_force(course, row):
                yield StopRaised, row
            if row in decision.resume:
                yield HoldOpened, row
        elif answer is NO and hold and hold.standing and resume and not at_onset:
            yield from [(HoldLifted, row)] if anew(course, decision, now, resume, lifting=True) is YES else []
    for row, (question, _) in decision.counted_stops.items() if rows and not at_onset else ():
        if anew(course, decision, now, question, lifting=False) is YES and not in_force(course, row):
            yield StopRaised, row


def rows_looking(decision: Compiled, event: AnyEvent) -> list[str]:
    """The rows that look at what an event charts or states, in the protocol's order."""
    match event:
        case b.FindingCharted():
            told = {event.entry.finding}
        case b.StatementMade():
            told = {each.name for each in CHARTABLE if each.system == event.system}
        case _:
            return []
    asked = {id: names(And((row.question, row.resume or row.question))) for id, row in decision.rows.items()}
    return [id for id, found in asked.items() if any(told & sources_of(name.finding) for name in found)]


def in_force(course: Course, row: str) -> bool:
    return row in course.stops and course.stops[row].in_force(course.cycle)


def counting(protocol: str) -> list[Protocol]:
    """The protocol under each counting rule that it knows, as it is and with a resume question printed in each row."""
    resolved = b.demo(protocol)
    rules = sorted({each.rule for each in resolved.counts}) or [resolved.counting]
    printed = tuple(replace(each, resume=each.resume or Not(each.question)) for each in resolved.rows)
    return [replace(resolved, counting=rule, rows=rows) for rule in rules for rows in (resolved.rows, printed)]


every_rule = pytest.mark.parametrize(
    "protocol",
    [
        pytest.param(each, id=f"{name}-{each.counting}-{'printed' if place % 2 else 'own'}")
        for name in b.PROTOCOLS
        for place, each in enumerate(counting(name))
    ],
)


@pytest.mark.campaign
@every_rule
def test_what_follows_from_an_event_is_what_asking_everything_anew_finds(protocol: Protocol) -> None:
    decision, found = compiled(protocol), set()
    for seed in SEEDS:
        course = Course()
        for event in drawn(seed, protocol):
            after = evolve(course, event)
            rows = rows_looking(decision, event)
            course, (_, *following) = ward.recorded(course, event, protocol)
            late = list(expected(after, decision, event, rows, at_onset=True)) if _is_late(event) else []
            told = replay(following[: len(late)], after)
            kinds = [(type(each), each.row) for each in following if not isinstance(event, b.EntryRetracted)]
            assert kinds == late + list(expected(told, decision, event, rows))
            found |= {kind for kind, _ in kinds}
    assert found == {HoldOpened, HoldLifted, StopRaised}


def _is_late(event: AnyEvent) -> bool:
    return event.happened_at < event.recorded_at


@pytest.mark.campaign
@every_rule
def test_a_row_is_yes_on_its_charted_values_exactly_where_it_is_yes_asked_twice(protocol: Protocol) -> None:
    decision = compiled(protocol)
    twice = decision.asked | {id: question for id, (question, _) in decision.counted_stops.items()}
    assert twice.keys() == decision.charted.keys()
    for seed in SEEDS:
        course = b.after(drawn(seed, protocol), protocol)
        for lifting in (False, True):
            asking = Asking(course, decision, b.NOW, lifting=lifting)
            for id, question in twice.items():
                assert asking.is_yes(id) is (explain(question, asking.look).answer is YES), (seed, id)


@pytest.mark.campaign
@pytest.mark.parametrize("protocol", b.PROTOCOLS)
def test_a_decision_is_what_asking_each_part_anew_gives(protocol: str) -> None:
    """Nothing that one question found is carried over to another that should have seen something else."""
    resolved = b.demo(protocol)
    decision = compiled(resolved)
    for seed in SEEDS:
        course = b.after(drawn(seed, resolved), resolved)
        stop, hold = (
            max(anew(course, decision, b.NOW, part, lifting=False) for part in question.parts)
            for question in (decision.stop, decision.hold)
        )
        assert ward.next_dose(course, resolved, b.NOW).word is word_of(stop, hold), seed


def test_a_course_asked_before_and_after_an_event_answers_for_each() -> None:
    """No look at a course outlives it: the earlier course still answers as before."""
    protocol = read(b.LABEL, "demo")
    before = b.after(b.well_patient(), protocol)
    first = ward.next_dose(before, protocol, b.NOW)
    after, _ = ward.recorded(before, b.charted("spo2", 85, 0.1), protocol)

    assert first.word is b.Word.GIVE
    assert ward.next_dose(after, protocol, b.NOW).word is b.Word.HOLD
    assert ward.next_dose(before, protocol, b.NOW) == first
