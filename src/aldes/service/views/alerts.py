"""How often each row spoke against a dose of this course, and what came of it (hazard H51: too many, none is read)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aldes.course.events import (
    AnyEvent,
    CourseEnded,
    DecisionOverridden,
    DecisionShown,
    HoldOpened,
    NoticeAcknowledged,
    StopRaised,
    StopRefuted,
)
from aldes.protocols.compile import compiled
from aldes.protocols.row import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One row of the course."""

    row: str
    words: str
    shown: int  # answers in which it newly stood; an answer that says the same again is not recorded again
    opened: int  # holds opened and stops raised by it
    overridden: int
    refuted: int
    acknowledged: int
    last: datetime | None  # when it was shown last


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """All of a course."""

    rows: tuple[Spoken, ...]  # the one that spoke most often first
    slots: int  # slots for which an answer was shown
    shown: int  # answers that were shown
    against: int  # of these, such as spoke against the dose

    @property
    def share(self) -> float | None:
        """Answers against the dose, of those that were shown, in percent; None before the first."""
        return 100 * self.against / self.shown if self.shown else None


def alerts(events: Iterable[AnyEvent], protocol: Protocol) -> Alerts:
    """Counted over the present course: what was before its end belongs to an earlier one."""
    told = _of_present_course(events)
    answers = [each for each in told if isinstance(each, DecisionShown)]
    shown = Counter(row for each in answers for row in each.rows)
    opened = Counter(each.row for each in told if isinstance(each, HoldOpened | StopRaised))
    overridden = Counter(row for each in told if isinstance(each, DecisionOverridden) for row in each.rows)
    refuted = Counter(each.row for each in told if isinstance(each, StopRefuted))
    acknowledged = Counter(each.row for each in told if isinstance(each, NoticeAcknowledged))
    last = {row: each.recorded_at for each in answers for row in each.rows}
    words = _words(protocol)
    rows = [
        Spoken(
            row=row,
            words=words.get(row, ""),
            shown=shown[row],
            opened=opened[row],
            overridden=overridden[row],
            refuted=refuted[row],
            acknowledged=acknowledged[row],
            last=last.get(row),
        )
        for row in dict.fromkeys((*shown, *opened, *overridden, *refuted, *acknowledged))
    ]
    return Alerts(
        rows=tuple(sorted(rows, key=lambda each: (-each.shown, -each.opened, each.row))),
        slots=len({(each.cycle, each.number) for each in answers}),
        shown=len(answers),
        against=sum(each.decision != "give" for each in answers),
    )


def _of_present_course(events: Iterable[AnyEvent]) -> list[AnyEvent]:
    told: list[AnyEvent] = []
    for event in events:
        if isinstance(event, CourseEnded):
            told.clear()
        else:
            told.append(event)
    return told


def _words(protocol: Protocol) -> dict[str, str]:
    rows = {id: row.words for id, row in compiled(protocol).rows.items()}
    return rows | {each.id: each.words for each in protocol.notices}
