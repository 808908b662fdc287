"""A protocol as people read it, and two side by side: rows by kind, coverage, what a site changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from aldes.errors import InputError
from aldes.findings.read import vocabulary
from aldes.numbers import number, parse_decimal
from aldes.protocols.changes import Change, settings
from aldes.protocols.compile import unnamed
from aldes.protocols.coverage import TOPICS, uncovered
from aldes.protocols.differences import counting_differences, differences, required_differences
from aldes.protocols.row import Cited, Count, NotCovered, Protocol, Required, Row, RowKind
from aldes.questions.words import in_words
from aldes.scope import Scope

_HEADINGS = {
    RowKind.STOP: "What stops",
    RowKind.HOLD: "What holds a dose",
    RowKind.RELATIVE: "Relative criteria, which are counted",
    RowKind.ABSOLUTE: "Absolute criteria, which are counted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One row as people read it."""

    id: str
    words: str
    asks: str
    resumes: str
    judged_by: str
    scope: str
    from_dose: int
    source: str
    status: str
    signed: str
    recalled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The rows of one kind."""

    heading: str
    rows: tuple[Read, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolView:
    """A whole protocol."""

    protocol: Protocol
    sections: tuple[Section, ...]
    beside: tuple[Section, ...]
    recalled: tuple[Read, ...]
    required: tuple[tuple[str, str], ...]  # words, and how old it may be
    coverage: tuple[tuple[str, str], ...]  # topic, and its rows or the reason why there is none
    uncovered: tuple[str, ...]
    settings: Mapping[str, str]

    @property
    def changes(self) -> tuple[Change, ...]:
        """What the site changed."""
        return self.protocol.changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one of two protocols asks and the other does not."""

    rows: tuple[Read, ...] = ()
    no_row: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One topic on which two protocols differ."""

    topic: str
    sides: tuple[Side, Side]


def protocol_view(protocol: Protocol) -> ProtocolView:
    """Everything that a protocol asks, by kind."""
    read = [row_words(each) for each in protocol.rows]
    kinds = [Section(heading=_HEADINGS[kind], rows=_words(protocol.of_kind(kind))) for kind in _HEADINGS]
    own = Section(heading="Held because no row names it", rows=_words(unnamed(protocol)))
    return ProtocolView(
        protocol=protocol,
        sections=tuple(each for each in (*kinds, own) if each.rows),
        beside=tuple(_beside(protocol)),
        recalled=tuple(each for each in read if each.recalled),
        required=required_words(protocol),
        coverage=tuple((topic, _covered(protocol, topic)) for topic in TOPICS),
        uncovered=uncovered(protocol),
        settings={name: _setting(name, text) for name, text in settings(protocol).items()},
    )


def compared(one: Protocol, other: Protocol) -> list[Compared]:
    """The topics on which two protocols differ, then counting, then what is required."""
    found = [
        Compared(topic=each.topic, sides=(_side(each.ours, each.our_reason), _side(each.theirs, each.their_reason)))
        for each in differences(one, other)
    ]
    counts = counting_differences(one, other)
    if any(counts):
        found.append(Compared(topic="counting", sides=(_counted(counts[0]), _counted(counts[1]))))
    ours, theirs = required_differences(one, other)
    if ours or theirs:
        found.append(Compared(topic="required before a dose", sides=(_required(ours), _required(theirs))))
    return found


def required_words(protocol: Protocol) -> tuple[tuple[str, str], ...]:
    """Each measurement that must be there before a dose, and how old it may be."""
    return tuple((vocabulary()[name].words, _age(each)) for name, each in protocol.required.items())


def row_words(row: Row) -> Read:
    """A row of the decision in words."""
    return Read(
        id=row.id,
        words=row.words,
        asks=in_words(row.question, vocabulary()),
        resumes=_resumes(row),
        judged_by=row.resume_by or row.judged_by,
        scope=str((Scope.DOSE if row.recalled else row.scope).value) if row.kind is RowKind.STOP else "",
        from_dose=row.from_dose,
        source=str(row.source),
        status=row.status.value,
        signed=row.signed,
        recalled=row.recalled,
    )


def _resumes(row: Row) -> str:
    """When the hold ends, as the decision has it: one of a recalled row never by its own question."""
    if row.recalled and row.kind is not RowKind.STOP:
        return "never by itself: a physician lifts it"
    return in_words(row.resume, vocabulary()) if row.resume else ""


def _words(rows: Iterable[Row]) -> tuple[Read, ...]:
    return tuple(row_words(each) for each in rows)


def _beside(protocol: Protocol) -> Iterable[Section]:
    """What is not of the decision before each dose."""
    parts: dict[str, Iterable[Cited]] = {
        "Before a course: selection": (*protocol.eligibility, *protocol.retreatment),
        "Before dose 1: readiness": protocol.readiness,
        "Before cycle 2": protocol.cycle2,
        "What is watched": protocol.monitors,
        "Of what a clinician is told": protocol.notices,
        "Premedication": protocol.premedication,
        "Steps of care": protocol.care,
        "Interactions": protocol.interactions,
    }
    for heading, rows in parts.items():
        if found := tuple(cited_words(each) for each in rows):
            yield Section(heading=heading, rows=found)
    if protocol.counts:
        yield Section(
            heading="Counting rules", rows=tuple(count_words(each, protocol.counting) for each in protocol.counts)
        )


def cited_words(row: Cited) -> Read:
    """A row beside the decision, in words."""
    advice = getattr(row, "advice", "") or getattr(row, "action", "")
    question = getattr(row, "question", None)
    return Read(
        id=row.id,
        words=f"{row.words}: {advice}" if advice else row.words,
        asks=in_words(question, vocabulary()) if question is not None else "",
        resumes="",
        judged_by=getattr(row, "judged_by", ""),
        scope="",
        from_dose=1,
        source=str(row.source),
        status=row.status.value,
        signed=row.signed,
        recalled=row.recalled,
    )


def count_words(count: Count, in_force: str | None) -> Read:
    """A counting rule in words."""
    return Read(
        id=count.id,
        words=f"{count.words} ({count.rule}, {'in force' if count.rule == in_force else 'not in force'})",
        asks=in_words(count.only_if, vocabulary()) if count.only_if else "",
        resumes="",
        judged_by="",
        scope=str(count.scope.value),
        from_dose=1,
        source=str(count.source),
        status=count.status.value,
        signed="",
        recalled=False,
    )


def _age(required: Required) -> str:
    if required.max_age is None:
        return "how old it may be is not set by the site, so that it is never known"
    hours = number(Decimal(required.max_age // timedelta(minutes=1)) / 60)
    return f"at most {hours} h old{f', from dose {required.from_dose}' if required.from_dose > 1 else ''}"


def _covered(protocol: Protocol, topic: str) -> str:
    rows = [each.id for each in protocol.rows if topic in each.topics and not each.recalled]
    if rows:
        return ", ".join(rows)
    reason = next((each for each in protocol.not_covered if each.topic == topic), None)
    return f"not covered: {reason.reason} (signed: {reason.signed})" if reason else "no row, and nobody signed why"


def _setting(name: str, text: str) -> str:
    """A setting as people read it: a number without trailing zeros; the version of CTCAE keeps its own."""
    if name == "ctcae":
        return f"CTCAE {text}"
    try:
        return number(parse_decimal(text))
    except InputError:
        return text


def _side(rows: Iterable[Row], reason: NotCovered | None) -> Side:
    return Side(rows=_words(rows), no_row=reason.reason if reason else "")


def _counted(counts: Iterable[Count]) -> Side:
    return Side(rows=tuple(count_words(each, each.rule) for each in counts))


def _required(names: Iterable[str]) -> Side:
    return Side(no_row="; ".join(vocabulary()[each].words for each in names))
