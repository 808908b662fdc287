"""What would settle an undetermined verdict: the smallest set of findings, found exactly and never by greed."""

from collections.abc import Sequence
from dataclasses import dataclass

from aldes.findings.read import vocabulary
from aldes.findings.sources import sources_of
from aldes.findings.vocabulary import Group
from aldes.protocols.ids import NO_CRITERIA
from aldes.questions.answer import UNKNOWN
from aldes.questions.ask import explain
from aldes.questions.residual import Clause, residual
from aldes.questions.tree import Constant, Name, names
from aldes.selection.asking import Asking
from aldes.selection.assessment import Settle

Alternatives = tuple[frozenset[str], ...]  # of one clause: any one of these sets of findings answers it


def settle(asking: Asking) -> Settle:
    """The fewest findings which, come out well, leave no row of EXCLUDE unknown; first those of the first rows."""
    wanted: list[Alternatives] = []
    blocked: list[tuple[str, str]] = []
    for id in asking.selecting.deciding:
        if asking.ask(asking.selecting.asked[id]) is UNKNOWN:
            clauses = residual(asking.selecting.not_met[id], asking.look, lambda name: _free(asking, name))
            if clauses is None:
                blocked.append((id, _why(asking, id)))
            else:
                wanted += [_alternatives(asking, clause) for clause in clauses]
    if asking.selecting.protocol.no_selection:
        blocked.append((NO_CRITERIA, asking.selecting.protocol.no_selection))
    found = smallest(wanted)
    return Settle(findings=found, words=tuple(vocabulary()[name].words for name in found), blocked=tuple(blocked))


def smallest(clauses: Sequence[Alternatives]) -> tuple[str, ...]:
    """The smallest set of findings that answers every clause, by one of its alternatives: exact, in reading order.

    Tries every size from none upward, so that the first set found is a smallest one.
    """
    forced = frozenset().union(*(clause[0] for clause in clauses if len(clause) == 1))
    open_ones = [clause for clause in clauses if not any(each <= forced for each in clause)]
    most = len(frozenset().union(*(each for clause in open_ones for each in clause)))
    for size in range(most + 1):
        if (found := _Search(open_ones).within(forced, size)) is not None:
            return _in_order(found, clauses)
    raise ValueError("a clause has no alternative, so that nothing can settle it")


@dataclass(frozen=True, slots=True)
class _Search:
    clauses: Sequence[Alternatives]

    def within(self, chosen: frozenset[str], left: int) -> frozenset[str] | None:
        """The chosen findings and at most `left` more that answer everything, or None."""
        unmet = next((each for each in self.clauses if not any(one <= chosen for one in each)), None)
        if unmet is None:
            return chosen
        for alternative in unmet:
            more = alternative - chosen
            if len(more) <= left and (found := self.within(chosen | more, left - len(more))) is not None:
                return found
        return None


def _in_order(found: frozenset[str], clauses: Sequence[Alternatives]) -> tuple[str, ...]:
    read = dict.fromkeys(name for clause in clauses for each in clause for name in sorted(each))
    return tuple(name for name in read if name in found)


def _free(asking: Asking, name: Name) -> bool:
    """What somebody can still find out: neither known already nor a matter of the record."""
    return vocabulary()[name.finding].group is not Group.COURSE and asking.seen(name).value is None


def _alternatives(asking: Asking, clause: Clause) -> Alternatives:
    """For each part of a clause the charted findings that it waits for."""
    found = []
    for literal in clause:
        unknown = [name.finding for name in names(literal.leaf) if _free(asking, name)]
        found.append(frozenset(source for name in unknown for source in sources_of(name)))
    return tuple(dict.fromkeys(found))


def _why(asking: Asking, id: str) -> str:
    """Why no finding answers this row: a setting that nobody made, or something that the record lacks."""
    for reason in explain(asking.selecting.asked[id], asking.look).because:
        if isinstance(reason.leaf, Constant) and reason.leaf.why:
            return reason.leaf.why
        for name in names(reason.leaf):
            if vocabulary()[name.finding].group is Group.COURSE and asking.seen(name).value is None:
                return asking.seen(name).why
    return "no finding answers it"
