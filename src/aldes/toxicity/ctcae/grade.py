"""The grade of one term: the highest grade whose question is yes, or unknown while a higher one may be.

Grade 0 is an answer, and never a default: every question of the ladder must be no on valid values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aldes.findings.charted import Value
from aldes.findings.formula import names_in
from aldes.findings.read import vocabulary
from aldes.findings.seen import Seen
from aldes.findings.vocabulary import Finding, Group
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import Leaf, ask, explain
from aldes.questions.tree import Constant, names
from aldes.questions.words import limit, value_words
from aldes.toxicity.ctcae.chart import Chart
from aldes.toxicity.ctcae.ladder import Criteria, Ladder, Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A value that a grade rests on: a result, its multiple, or the baseline or limit that it was held against."""

    finding: str
    words: str
    sort: str  # value | multiple | baseline | limit
    value: Value
    unit: str
    value_words: str
    time: datetime | None
    charted: str  # as it came; empty for what is reckoned from several entries
    held_against: str  # "below 75 thousand/µL"
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something that would settle an unknown grade."""

    finding: str
    words: str
    why: str
    grades: tuple[int, ...]  # that wait for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How severe one term is at one instant, by one version of the criteria."""

    ladder: Ladder
    version: str
    grade: int | None  # None: unknown
    at_least: int  # what is certain even where the grade is unknown
    used: tuple[Used, ...]
    missing: tuple[Missing, ...]

    @property
    def words(self) -> str:
        """As people read it: "grade 2", "grade 2 or more, not settled", "unknown"."""
        if self.grade is not None:
            return f"grade {self.grade}"
        return f"grade {self.at_least} or more, not settled" if self.at_least else "unknown"

    @property
    def rung(self) -> Rung | None:
        """The highest rung that is certain."""
        return self.ladder.rung(self.at_least)

    @property
    def time(self) -> datetime | None:
        """When the newest result was taken that it rests on; not when the baseline was."""
        return max((each.time for each in self.used if each.time and each.sort == "value"), default=None)


def grades(criteria: Criteria, chart: Chart) -> tuple[Grade, ...]:
    """Every term of the criteria, in their order."""
    return tuple(grade(ladder, criteria.version, chart) for ladder in criteria.ladders)


def grade(ladder: Ladder, version: str, chart: Chart) -> Grade:
    """The grade of one term for the patient of this chart."""
    at_least, open_ones = settled(ladder, chart)
    return Grade(
        ladder=ladder,
        version=version,
        grade=None if open_ones else at_least,
        at_least=at_least,
        used=tuple(_used(ladder, at_least, chart)),
        missing=tuple(_missing(ladder, open_ones, chart)),
    )


def settled(ladder: Ladder, chart: Chart) -> tuple[int, list[Rung]]:
    """What is certain at least, and the higher grades that are still open: without reasons, for many instants."""
    answers = {rung.grade: ask(rung.question, chart.look) for rung in ladder.rungs}
    at_least = max((each for each, answer in answers.items() if answer is YES), default=0)
    doubted = chart.doubted(ladder.judged)  # a grade was charted, and nobody can say which
    return at_least, [
        rung for rung in ladder.rungs if rung.grade > at_least and (doubted or answers[rung.grade] is UNKNOWN)
    ]


def _used(ladder: Ladder, at_least: int, chart: Chart) -> Iterator[Used]:
    """The values behind the certain grade; where there is none, what is known of the mildest grade's question."""
    rung = ladder.rung(at_least) or ladder.rungs[0]
    asked = explain(rung.question, chart.look)
    if asked.answer is (YES if at_least else NO):
        held = [(name.finding, limit(each.leaf, vocabulary())) for each in asked.because for name in names(each.leaf)]
    else:
        held = [(name.finding, "") for name in names(rung.question)]
    shown: dict[str, Used] = {}
    for name, held_against in held:
        for finding in _with_parts(name):
            seen = chart.seen(finding.name)
            if finding.group is not Group.COURSE and seen.value is not None:
                against = held_against if finding.name == name else ""
                shown.setdefault(finding.name, _value(finding, seen, seen.value, against))
    yield from shown.values()


def _value(finding: Finding, seen: Seen, value: Value, held_against: str) -> Used:
    newest = max(seen.entries, key=lambda each: each.time, default=None)
    return Used(
        finding=finding.name,
        words=finding.words,
        sort=_sort(finding),
        value=value,
        unit=finding.unit,
        value_words=value_words(value, finding.name, vocabulary()),
        time=newest.time if newest else None,
        charted=_as_it_came(finding, seen),
        held_against=held_against if _sort(finding) in ("value", "multiple") else "",
        entries=tuple(each.id for each in seen.entries),
    )


def _as_it_came(finding: Finding, seen: Seen) -> str:
    """The words of one entry: of a result or a baseline, not of what was reckoned from several."""
    if finding.derived is not None and finding.derived.op != "baseline":
        return ""
    return "; ".join(dict.fromkeys(each.text for each in seen.entries if each.text))


def _sort(finding: Finding) -> str:
    if finding.derived is None:
        return "value"
    if finding.derived.op == "formula" and not finding.unit:
        return "multiple"
    return {"baseline": "baseline", "limit_low": "limit", "limit_high": "limit"}.get(finding.derived.op, "value")


def _with_parts(name: str) -> Iterator[Finding]:
    """The finding, and the parts of one that is reckoned from others: the result and the limit of a multiple."""
    finding = vocabulary()[name]
    yield finding
    if finding.derived and finding.derived.op == "formula":
        for part in names_in(finding.derived.formula):
            yield from _with_parts(part)


def _missing(ladder: Ladder, rungs: Sequence[Rung], chart: Chart) -> Iterator[Missing]:
    """What the open grades wait for, each reason once."""
    waiting: dict[tuple[str, str], list[int]] = {}
    for rung in rungs:
        asked = explain(rung.question, chart.look)
        for each in asked.because if asked.answer is UNKNOWN else ():
            for finding, why in _unknown(each.leaf, chart):
                waiting.setdefault((finding, why), []).append(rung.grade)
        if chart.doubted(ladder.judged):
            waiting.setdefault((ladder.judged, chart.seen(ladder.judged).why), []).append(rung.grade)
    for (finding, why), open_grades in waiting.items():
        words = vocabulary()[finding].words if finding in vocabulary().findings else finding
        yield Missing(finding=finding, words=words, why=why, grades=tuple(dict.fromkeys(open_grades)))


def _unknown(leaf: Leaf, chart: Chart) -> Iterator[tuple[str, str]]:
    if isinstance(leaf, Constant):
        yield "record", leaf.why
    for name in names(leaf):
        seen = chart.seen(name.finding)
        if seen.value is None:
            yield _cause(name.finding, chart), seen.why


def _cause(name: str, chart: Chart) -> str:
    """What to measure: of a reckoned finding the first part that is unknown."""
    derived = vocabulary()[name].derived
    if derived is None or derived.op != "formula":
        return name
    parts = [each for each in names_in(derived.formula) if chart.seen(each).value is None]
    return _cause(parts[0], chart) if parts else name
