"""Ask a protocol's compiled questions of a whole population at one instant, and act on what they answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group, Kind
from aldes.protocols.compile import Compiled
from aldes.protocols.ids import OTHER
from aldes.questions import arrays
from aldes.questions.tree import And, AtLeast, Known, Name, Not, Or, Question, Row, names
from aldes.trial.chart import NEVER, Numbers, Truths
from aldes.trial.moment import Moment
from aldes.trial.standing import Standing

Table = dict[str, npt.NDArray[Any]]


class Asking:
    """The questions of one protocol, asked of a population's moment with its holds and stops."""

    def __init__(self, moment: Moment, standing: Standing, *, lifting: bool = False) -> None:
        self.moment = moment
        self.standing = standing
        self.lifting = lifting
        self.table: Table = {name: np.where(who, 1, -1).astype(np.int8) for name, who in standing.flags()}
        nobody = np.full(moment.chart.patients, -1, dtype=np.int8)
        self.table |= {f"{state}.{OTHER}": nobody for state in ("raised", "standing")}
        self.times: dict[str, Numbers] = {}

    def answers(self, questions: Sequence[Question]) -> list[arrays.Answers]:
        """Yes, no or unknown of each patient to each question."""
        for question in questions:
            for name in names(question):
                self.column(name)
        return arrays.answers(questions, self.table)

    def decide(self) -> arrays.Answers:
        """The decision for each patient, as its place in `arrays.DECISIONS`."""
        compiled = self.standing.compiled
        stop, hold = self.answers((compiled.stop, compiled.hold))
        decision: arrays.Answers = np.maximum(stop, hold) + np.int8(1)
        decision += stop == 1
        return decision

    def column(self, name: Name) -> str:
        """The key of the column that answers this name; it is made where it is not there yet."""
        if "." in name.finding:
            return name.finding
        finding = vocabulary()[name.finding]
        of_course = finding.group is Group.COURSE
        after = NEVER if of_course else self.standing.after(name.row, name.view, lifting=self.lifting)
        key = name.finding if of_course else f"{name.finding}@{name.view.value}"
        if after is not NEVER:
            key = f"{key}@{name.row}"
        if key not in self.table:
            look = self.moment.look(name.finding, name.view, after)
            self.table[key], self.times[key] = _column(finding.kind, look.value), look.time
        return key

    def told(self, questions: Mapping[str, Question]) -> dict[str, tuple[Truths, Numbers]]:
        """Of whom each question is yes, and the hour of the newest entry that decided it."""
        leaves = list(dict.fromkeys(leaf for question in questions.values() for leaf in _leaves(question)))
        found = dict(zip(leaves, self.answers(leaves), strict=True))
        return {id: self._onset(*self._told(question, found, denied=False)) for id, question in questions.items()}

    def _onset(self, yes: Truths, time: Numbers) -> tuple[Truths, Numbers]:
        return yes, np.where(time > NEVER, time, self.moment.now)

    def _told(
        self, question: Question, found: Mapping[Question, arrays.Answers], *, denied: bool
    ) -> tuple[Truths, Numbers]:
        """As `questions.ask.explain`: of an OR the parts that are yes decided, of an AND all of them."""
        match question:
            case Not(part):
                return self._told(part, found, denied=not denied)
            case Row(_, part) | Known(part):
                return self._told(part, found, denied=denied)
            case And(parts) | Or(parts):
                told = [self._told(part, found, denied=denied) for part in parts]
                k = len(parts) if isinstance(question, And) is not denied else 1
                return _at_least(k, told)
            case AtLeast(k, parts):
                return _at_least(k, [self._told(part, found, denied=False) for part in parts])
        times = [self.times[key] for key in map(self.column, names(question)) if key in self.times]
        yes = found[question] == (-1 if denied else 1)
        return yes, np.maximum.reduce(times) if times else np.full(yes.shape, NEVER)


def consequences(moment: Moment, standing: Standing, charted: Collection[str], active: Truths) -> None:
    """What newly charted findings open, lift and raise, as `administration.standing` has it."""
    compiled = standing.compiled
    rows = tuple(_rows_asking(compiled, charted))
    asking = Asking(moment, standing, lifting=True)
    told = asking.told({row: compiled.charted[row] for row in rows})
    liftable = [row for row in rows if row in standing.holds and compiled.resume.get(row) is not None]
    questions = [each for row in liftable for each in (compiled.asked[row], _resume(compiled, row))]
    answers = iter(asking.answers(questions))
    for row in liftable:
        own, resume = next(answers), next(answers)
        standing.lift(row, (own == -1) & (resume == 1) & ~told[row][0] & active)
    for row, (yes, onset) in told.items():
        who = yes & active
        if row in compiled.stops:
            new = who & ~standing.in_force(row)
            if new.any():
                standing.raise_stop(row, new, compiled.stops[row], onset)
        if row in compiled.resume and who.any():
            standing.open(row, who, onset)
    _count(moment, standing, active)


def _count(moment: Moment, standing: Standing, active: Truths) -> None:
    """Counting rules that discontinue: three relative groups at one assessment, or what a condition makes of them."""
    compiled = standing.compiled
    asking = Asking(moment, standing)
    told = asking.told({id: compiled.charted[id] for id in compiled.counted_stops})
    for id, (_, scope) in compiled.counted_stops.items():
        yes, onset = told[id]
        new = yes & active & ~standing.in_force(id)
        if new.any():
            standing.raise_stop(id, new, scope, onset)


def _resume(compiled: Compiled, row: str) -> Question:
    question = compiled.resume[row]
    if question is None:
        raise ValueError(f"{row} has no resume question")
    return question


def _rows_asking(compiled: Compiled, charted: Collection[str]) -> Iterator[str]:
    """The rows that look at any of these findings, directly or through derived ones."""
    for id, row in compiled.rows.items():
        asked = {name.finding for question in (row.question, row.resume) if question for name in names(question)}
        if any(source in charted for each in asked for source in sources_of(each)):
            yield id


def _leaves(question: Question) -> Iterator[Question]:
    match question:
        case Not(part) | Row(_, part) | Known(part):
            yield from _leaves(part)
        case And(parts) | Or(parts) | AtLeast(_, parts):
            for part in parts:
                yield from _leaves(part)
        case _:
            yield question


def _at_least(k: int, told: Sequence[tuple[Truths, Numbers]]) -> tuple[Truths, Numbers]:
    """Yes where k parts or more are; the newest entry behind any part that is yes."""
    enough = sum(yes.astype(np.int16) for yes, _ in told) >= k
    newest = np.maximum.reduce([np.where(yes, time, NEVER) for yes, time in told])
    return np.asarray(enough), newest


def _column(kind: Kind, value: Numbers) -> npt.NDArray[Any]:
    match kind:
        case Kind.NUMBER:
            return value
        case Kind.FLAG:
            return np.select([np.isnan(value), value == 1], [0, 1], -1).astype(np.int8)
    return np.where(np.isnan(value), -1, value).astype(np.int8)
