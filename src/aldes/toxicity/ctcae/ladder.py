"""The criteria of one version, as finished values: a ladder a term, a rung a grade."""

from dataclasses import dataclass

from aldes.evidence.source import Citation
from aldes.protocols.row import Status
from aldes.questions.tree import Question

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One grade of a term: the question whether it is at least so severe."""

    grade: int
    words: str
    text: str  # the predicate as written; empty where only a clinician can say it
    instead: str = ""  # the predicate that takes its place where the ladder's condition holds
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """One term of the criteria, by one measure of it."""

    id: str  # that of the evidence
    name: str
    term: str  # as the criteria call it
    by: str = ""  # the measure, where a term has several
    meddra: str
    judged: str  # the finding that holds the grade a clinician gave
    source: Citation
    status: Status
    note: str = ""
    instead_if: str = ""  # when a rung's other predicate is asked
    rungs: tuple[Rung, ...]  # from the lowest grade to the highest
    absent: tuple[int, ...] = ()  # grades that the criteria do not know

    @property
    def words(self) -> str:
        """The term, with the measure where there are several."""
        return f"{self.term} ({self.by})" if self.by else self.term

    def rung(self, grade: int) -> Rung | None:
        """The rung of this grade, if the criteria know it."""
        return next((each for each in self.rungs if each.grade == grade), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A term that a version does not grade, and why."""

    id: str
    name: str
    term: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # cached and compared by identity
class Criteria:
    """All ladders of one version, in the units that the site reports in."""

    version: str
    units: str
    ladders: tuple[Ladder, ...]
    removed: tuple[Removed, ...] = ()

    @property
    def words(self) -> str:
        """How people name it."""
        return f"CTCAE {self.version}" + (", limits in mmol/L" if self.units == "si" else "")

    def ladder(self, name: str) -> Ladder | None:
        """The ladder of this name, if this version has it."""
        return next((each for each in self.ladders if each.name == name), None)
