"""Risk scores as data: their factors, as the sources print them, and the groups by the number of factors."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ProtocolError
from aldes.evidence.source import Citation
from aldes.protocols.fields import Fields
from aldes.protocols.row import Cited
from aldes.questions.tree import Question, names

_FILE = "risk.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor(Cited):
    """One factor: a yes adds one."""

    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A risk group: from so many factors to so many."""

    least: int
    most: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score, in one reading of its sources."""

    id: str
    words: str
    factors: tuple[Factor, ...]
    groups: tuple[Group, ...]  # none where nobody read them: only the number of factors is said
    source: Citation
    status: str
    conflict: str = ""

    @property
    def findings(self) -> frozenset[str]:
        """Every finding that its factors ask."""
        return frozenset(name.finding for each in self.factors for name in names(each.question))


@cache
def scores() -> tuple[Score, ...]:
    """The scores that ship with the program, in the order of their file."""
    return parse(files("aldes.selection").joinpath(_FILE).read_text(encoding="utf-8"), _FILE)


def parse(text: str, file: str) -> tuple[Score, ...]:
    """Scores from TOML text; a score `like` another takes over its factors, but for those of the same id.

    Raises
    ------
    ProtocolError
        Naming file, score and fault: groups that leave a gap or overlap among them.
    """
    found: dict[str, Score] = {}
    for table in tomllib.loads(text)["score"]:
        score = _score(table, found, f"{file}: score {table.get('id', '?')}: ")
        found[score.id] = score
    return tuple(found.values())


def _score(table: Mapping[str, Any], known: Mapping[str, Score], where: str) -> Score:
    fields = Fields(table, where, {})
    fields.known({"id", "words", "source", "status", "conflict", "groups", "factor", "like", "without"})
    own = {each.id: each for each in (_factor(one, where) for one in table.get("factor", []))}
    base = {each.id: each for each in known[fields.text("like")].factors} if "like" in table else {}
    factors = {id: each for id, each in {**base, **own}.items() if id not in fields.listed("without")}
    score = Score(
        id=fields.text("id"),
        words=fields.text("words"),
        factors=tuple(factors.values()),
        groups=tuple(Group(least=least, most=most, words=words) for least, most, words in table.get("groups", [])),
        source=fields.citation(),
        status=fields.text("status"),
        conflict=fields.optional("conflict"),
    )
    _check(score, where)
    return score


def _factor(table: Mapping[str, Any], where: str) -> Factor:
    fields = Fields(table, f"{where}factor {table.get('id', '?')}: ", {})
    fields.known({"id", "words", "when", "source", "status"})
    return Factor(**fields.cited(), question=fields.needed("when", worse=None))


def _check(score: Score, where: str) -> None:
    """Every number of factors belongs to exactly one group."""
    numbers = [number for each in score.groups for number in range(each.least, each.most + 1)]
    if score.groups and numbers != list(range(len(score.factors) + 1)):
        raise ProtocolError(f"{where}its groups must cover 0 to {len(score.factors)} factors, each number once.")
