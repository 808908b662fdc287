"""What a protocol watches: which findings, how often, in which phases, and since which condition."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from aldes.errors import ProtocolError, nearest
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group
from aldes.phase import Phase
from aldes.protocols.fields import Fields, positive
from aldes.protocols.row import Cited
from aldes.questions.tree import Question

SHIFT_H = Decimal(8)  # consensus-2014 table 3 counts by shifts of 8 hours
DAY_H = Decimal(24)
INTERVAL_H = Decimal(
    8
)  # DOSE-02: what was asked before each dose goes on at its pace when no dose follows (policy 0008)
_KEYS = ("id", "words", "source", "status", "signed", "findings", "every_h", "each", "when", "phases")


class Often(StrEnum):
    """How often a source wants it done."""

    HOURS = "hours"  # every so many hours: `every_h`
    SHIFT = "shift"
    DAY = "day"
    DOSE = "dose"  # before each dose
    CYCLE = "cycle"  # once, before the first dose of a cycle
    COURSE = "course"  # once, before the first dose of the course
    EVENT = "event"  # once, when its condition becomes so
    CONTINUOUS = "continuous"
    UNSET = "unset"  # the source gives no interval: the site's own row does


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor(Cited):
    """One thing to watch. Without a finding it is a task that the record cannot show as done."""

    findings: tuple[str, ...]
    often: Often
    every_h: tuple[Decimal, Decimal] | None  # the shorter and the longer end of what is printed
    phases: tuple[Phase, ...]
    text: str = ""
    question: Question | None = None  # None: always

    def within_h(self, *, raised: bool) -> Decimal | None:
        """Hours within which it is due again; None where no clock says it.

        A source that prints a range leaves a choice: the longer end, and under raised surveillance the shorter one.
        """
        match self.often:
            case Often.HOURS if self.every_h:
                return self.every_h[0 if raised else 1]
            case Often.SHIFT:
                return SHIFT_H
            case Often.DAY:
                return DAY_H
        return None


def read_monitor(fields: Fields) -> Monitor:
    """One [[monitor]] block."""
    fields.known(_KEYS)
    often, every_h = _often(fields)
    question = fields.question("when", worse=None)
    if often is Often.EVENT and question is None:
        raise ProtocolError(f'{fields.where}what is watched on an event needs its condition; write when = "...".')
    return Monitor(
        **fields.cited(),
        findings=_findings(fields),
        often=often,
        every_h=every_h,
        phases=phases(fields, (Phase.TREATING, Phase.RECOVERING) if often not in _BEFORE else (Phase.ADMITTED,)),
        text=fields.predicate("when"),
        question=question,
    )


_BEFORE = (Often.CYCLE, Often.COURSE)


def phases(fields: Fields, default: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """The phases in which a row is asked."""
    known = [each.value for each in Phase]
    for word in fields.listed("phases"):
        if word not in known:
            raise ProtocolError(f"{fields.where}'{word}' is no phase ({', '.join(known)}).{nearest(word, known)}")
    return tuple(Phase(word) for word in fields.listed("phases")) or default


def _often(fields: Fields) -> tuple[Often, tuple[Decimal, Decimal] | None]:
    if ("every_h" in fields.table) is ("each" in fields.table):
        raise ProtocolError(f'{fields.where}how often? Write either every_h = 4 or each = "shift", "day", "dose"...')
    if "each" in fields.table:
        return fields.one_of(Often, "each", tuple(each for each in Often if each is not Often.HOURS)), None
    came = fields.table["every_h"]
    ends = came if isinstance(came, list) and len(came) == 2 else [came, came]
    shorter, longer = (positive(each, f"{fields.where}every_h") for each in ends)
    if shorter > longer:
        raise ProtocolError(
            f"{fields.where}every_h is a number of hours, or the shorter and the longer end of a range."
        )
    return Often.HOURS, (shorter, longer)


def _findings(fields: Fields) -> tuple[str, ...]:
    """What a person charts: derived findings and facts of the course are watched through what they come from."""
    charted = [
        each.name for each in vocabulary().findings.values() if not each.derived and each.group is not Group.COURSE
    ]
    for name in fields.listed("findings"):
        if name not in charted:
            raise ProtocolError(f"{fields.where}'{name}' is no finding that is charted.{nearest(name, charted)}")
    return fields.listed("findings")
