"""Decide before a dose: is there a listed reason to stop or hold, or is something unknown that could be one?

STOP yes is *stop*; else HOLD yes is *hold*; else either unknown is *insufficient*; only a clear no to both is *give*.
"""

from datetime import datetime, timedelta

from aldes.administration.asking import Asking
from aldes.administration.because import reasons
from aldes.administration.change import in_words, measures, would_give_if
from aldes.administration.decision import Care, Decision, Reason, Unverified, Word
from aldes.course.facts import next_number, next_slot
from aldes.course.phase import phase_of, stay_began
from aldes.course.state import Course
from aldes.protocols.compile import compiled
from aldes.protocols.row import Protocol
from aldes.protocols.steps import Offer, care_now
from aldes.questions.answer import NO, UNKNOWN, YES, Answer
from aldes.scope import Scope


def decide(course: Course, protocol: Protocol, now: datetime) -> Decision:
    """The decision for the next slot of a course, under a protocol resolved with its site, at `now` (with zone)."""
    asking = Asking(course, compiled(protocol), now)
    stop, hold = asking.ask(asking.compiled.stop), asking.ask(asking.compiled.hold)
    word = word_of(stop, hold)
    because = reasons(asking, word)
    clauses = would_give_if(asking, word)
    scope, confirmed = _reach(because) if word is Word.STOP else (None, None)
    return Decision(
        word=word,
        scope=scope,
        confirmed=confirmed,
        because=because,
        measure=measures(asking, word),
        would_give_if=clauses,
        would_give_words=in_words(asking, word, clauses),
        unverified=_unverified(asking),
        not_covered=protocol.not_covered,
        care=_care(asking),
        asked_at=now,
        next_time=max(now, next_slot(course, now)),
        valid_until=_valid_until(asking),
        cycle=course.cycle,
        dose_number=next_number(course),
    )


def word_of(stop: Answer, hold: Answer) -> Word:
    """The one answer that the two questions give together."""
    if stop is YES:
        return Word.STOP
    if hold is YES:
        return Word.HOLD
    if UNKNOWN in (stop, hold):
        return Word.INSUFFICIENT
    return Word.GIVE


def _reach(because: tuple[Reason, ...]) -> tuple[Scope, bool]:
    """The widest scope among the stops, and whether a physician confirmed one of that scope."""
    widths = list(Scope)
    stops = [each for each in because if each.scope is not None]
    widest = max((each.scope for each in stops if each.scope), key=widths.index, default=Scope.DOSE)
    return widest, any(each.confirmed is True for each in stops if each.scope is widest)


def _unverified(asking: Asking) -> tuple[Unverified, ...]:
    """Recalled rows that answered no: shown, because nobody compared them with the page."""
    rows = [row for row in asking.compiled.rows.values() if row.recalled]
    return tuple(
        Unverified(row=row.id, words=row.words, source=str(row.source)) for row in rows if asking.answer(row.id) is NO
    )


def _care(asking: Asking) -> tuple[Care, ...]:
    """The steps of care that may be taken now; what would exclude a step must be known to be absent."""
    course, now = asking.course, asking.now
    steps = care_now(asking.compiled.protocol, asking.moment, phase_of(course, now), stay_began(course, now))
    return tuple(
        Care(
            row=each.row.id,
            words=each.row.words,
            advice=each.row.advice,
            source=str(each.row.source),
            status=each.row.status.value,
        )
        for each in steps
        if each.offer is Offer.NOW
    )


def _valid_until(asking: Asking) -> datetime | None:
    """A decision ends after the site's minutes, or when its first required measurement becomes stale."""
    minutes = asking.compiled.protocol.schedule.valid_min
    if minutes is None:
        return None
    ends = [asking.now + timedelta(minutes=float(minutes))]
    for name, limit in asking.moment.max_age.items():
        entries = asking.moment.entries(name)
        if entries and limit is not None and entries[-1].time + limit > asking.now:
            ends.append(entries[-1].time + limit)
    return min(ends)
