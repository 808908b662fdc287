"""One course at one instant, asked by one protocol: what every name of the decision's tree sees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.course.at import at
from aldes.course.facts import doses_in_cycle
from aldes.course.state import Course
from aldes.findings.moment import Moment
from aldes.findings.seen import Seen
from aldes.findings.view import View
from aldes.protocols.compile import Compiled
from aldes.protocols.ids import OTHER
from aldes.protocols.readiness import asked_before_dose_1, cardiac_rows
from aldes.protocols.row import Protocol
from aldes.questions.answer import YES, Answer
from aldes.questions.ask import ask
from aldes.questions.tree import Name, Question


class Asking:
    """Answers the names of a compiled protocol for one course at `now`; each is looked up once.

    With `lifting` a row with a standing hold is asked of what came after its onset, as when the hold may be lifted.
    """

    def __init__(
        self, course: Course, compiled: Compiled, now: datetime, *, lifting: bool = False, known: Moment | None = None
    ) -> None:
        self.course = course
        self.compiled = compiled
        self.now = now
        self.lifting = lifting
        self.moment = known or moment(course, compiled.protocol, now)
        # By identity, because a name is slow to hash; kept with its name, so that no other object takes its place.
        self._seen: dict[int, tuple[Name, Seen]] = {}
        self._answers: dict[int, Answer] = {}

    def without_lifting(self) -> "Asking":
        """The same course at the same instant, asked as before a dose; what is charted is the same moment for both."""
        return Asking(self.course, self.compiled, self.now, known=self.moment)

    def ask(self, question: Question) -> Answer:
        """The answer of a part of this protocol's compiled decision; a row that stands in several is asked once."""
        return ask(question, self.look, self._answers)

    def is_yes(self, row: str) -> bool:
        """Whether a row, or a counting rule that raises a stop, is yes: its charted values alone tell."""
        return self.ask(self.compiled.charted[row]) is YES

    def answer(self, row: str) -> Answer:
        """The answer of one row, asked twice as always."""
        return self.ask(self.compiled.asked[row])

    def look(self, name: Name) -> float | bool | str | None:
        """The value that the tree compares: numbers as doubles, flags, codes; None is unknown."""
        value = self.seen(name).value
        return float(value) if isinstance(value, Decimal) else value

    def seen(self, name: Name) -> Seen:
        """What the name sees, with the entries behind it."""
        found = self._seen.get(id(name))
        if found is None:
            found = self._seen[id(name)] = (name, self._find(name))
        return found[1]

    def after(self, row: str | None, view: View) -> datetime | None:
        """From when on values answer this row through this view.

        A resume question sees only what came after the onset. Whether the criterion itself is over is asked after
        the onset too where the row prints a resume question; a row without one is asked over the whole of its
        window: turning a pump down does not undo the highest rate since the last dose (hazard H49).
        """
        if row is None or not (row in self.course.holds or row in self.course.stops):
            return None  # as for most rows: nothing of theirs was ever opened or raised
        known = self.compiled.rows.get(row)
        printed = known is not None and known.resume is not None
        lift = self.course.lifted_after(row) if view is View.RESUME or (printed and self.lifting) else None
        return lift or self.course.asked_after(row)

    def _find(self, name: Name) -> Seen:
        state, _, row = name.finding.partition(".")
        if row:
            return _FLAG[bool(self.elsewhere(state)) if row == OTHER else _STATE[state](self.course, row)]
        if name.view is View.RESUME and self.course.waits_for_physician(name.row or ""):
            return Seen(None, why="what opened the hold was charted in error; a physician lifts it")
        return self.moment.look(name.finding, name.view, self.after(name.row, name.view), self._role(name))

    def _role(self, name: Name) -> str | None:
        """Who must have judged what answers: of a resume question, or of what must be in place before dose 1."""
        row = self.compiled.rows.get(name.row or "")
        return ((row.resume_by if name.view is View.RESUME else row.judged_by) if row else None) or None

    def elsewhere(self, state: str) -> tuple[str, ...]:
        """The rows whose stop is in force, or whose hold stands, though this protocol does not ask them."""
        of_record = self.course.stops_in_force() if state == "raised" else self.course.standing()
        own = {*self.compiled.rows, *self.compiled.counted_stops} if state == "standing" else self.compiled.raising
        return tuple(each.row for each in of_record if each.row not in own)


def moment(course: Course, protocol: Protocol, now: datetime) -> Moment:
    """The findings of a course at an instant, as fresh as this protocol's site asks them to be."""
    max_age = {**_before_dose_1(course, protocol), **{name: each.max_age for name, each in protocol.required.items()}}
    found = at(course, now, max_age, protocol.schedule.zone, protocol.schedule.late_h)
    of_rules = {"cardiac_row_in_course": _cardiac(course, protocol), "protocol_changed": _changed(course, protocol)}
    return replace(found, facts={**found.facts, **of_rules})


def _before_dose_1(course: Course, protocol: Protocol) -> dict[str, timedelta | None]:
    """The ages of what is asked before dose 1 of a cycle alone; later doses neither ask it nor wait for it."""
    if doses_in_cycle(course) >= 1:
        return {}
    return {name: protocol.readiness_age.get(name) for name in asked_before_dose_1(protocol, course.cycle)}


def _cardiac(course: Course, protocol: Protocol) -> bool:
    """Whether a row about the heart held or stopped in this course, lifted or refuted since or not."""
    held = {row for slot in course.slots for row in slot.rows}
    return not cardiac_rows(protocol).isdisjoint({*course.holds, *course.stops, *held})


def _changed(course: Course, protocol: Protocol) -> bool:
    """Whether the course pinned other rules; a record that pins none, such as a bundle, is asked by these."""
    return course.pins is not None and course.pins.pin != protocol.pin


def _standing(course: Course, row: str) -> bool:
    return row in course.holds and course.holds[row].standing


def _raised(course: Course, row: str) -> bool:
    return row in course.stops and course.stops[row].in_force(course.cycle)


_FLAG = {True: Seen(True), False: Seen(False)}
_STATE: dict[str, Callable[[Course, str], bool]] = {"standing": _standing, "raised": _raised}
