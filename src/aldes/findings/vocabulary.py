"""The vocabulary of findings: what a protocol may ask, in which unit, and which direction is worse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of value a finding has."""

    NUMBER = "number"
    FLAG = "flag"  # yes or no
    CODE = "code"  # one of an ordered list, best first


class Worse(StrEnum):
    """The direction in which a current value becomes worse for the patient."""

    LOW = "low"
    HIGH = "high"
    TRUE = "true"
    FALSE = "false"  # something that must be in place: a consent, a central line
    NONE = "none"  # a baseline, a reference limit, a count of the course, age, a diagnosis: nothing that worsens


class Group(StrEnum):
    """How a finding comes about; it decides who can answer *no*."""

    VITAL = "vital"
    LAB = "lab"
    FLUID = "fluid"
    WEIGHT = "weight"
    SUPPORT = "support"  # drugs and devices that carry a failing organ
    JUDGED = "judged"  # only a clinician can say it
    WORKUP = "workup"  # examinations and images before a course: they select, and no dose is held by them
    HISTORY = "history"  # what once was so stays so: an allograft, a seizure disorder, an event of an earlier course
    READINESS = "readiness"  # what must be in place before the first dose of a cycle
    COURSE = "course"  # computed from the record of doses, slots and phases; always known to the record


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """How a derived finding is computed: one of the ops, or a formula over other findings."""

    op: str  # latest baseline min max sum change hours_while count limit_low limit_high formula
    of: str = ""
    anchor: str = ""  # baseline: course | cycle
    since: str = ""  # min, max: last_dose | cycle ; count: cycle | course
    window_h: Decimal | None = None  # min, max, sum
    against: str = ""  # change: last_dose | previous | peak
    episode: str = ""  # hours_while: current | longest
    formula: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that can be asked about a patient."""

    name: str
    words: str
    kind: Kind
    group: Group
    worse: Worse
    unit: str = ""  # UCUM; empty for flags and codes
    units: tuple[str, ...] = ()  # every UCUM code accepted, the finding's own included
    molar: Decimal | None = None  # umol/L per mg/dL of this analyte, where both are accepted
    loinc: tuple[str, ...] = ()
    snomed: tuple[str, ...] = ()
    icd10: tuple[str, ...] = ()  # of conditions
    atc: tuple[str, ...] = ()  # of drugs whose place in the record says it; a shorter code stands for all below it
    survivable: tuple[Decimal, Decimal] | None = None  # outside it, a value is kept but implausible
    codes: tuple[str, ...] = ()  # kind code: best first
    system: str = ""  # the organ system whose statement covers it
    absent: Decimal | None = None  # what "none of the listed" means for a number: no pressor is 0
    topic: str = ""  # the coverage topic it belongs to
    grave: bool = False  # a judged event that holds a dose even under a protocol that does not name it
    qualifier: bool = False  # it says more of an event that another finding names
    derived: Derivation | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All findings by name, and where each code leads."""

    findings: Mapping[str, Finding]
    by_code: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (system, code) → finding
    _in_system: dict[str, tuple[Finding, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getitem__(self, name: str) -> Finding:
        """The finding of this name.

        Raises
        ------
        KeyError
            When the vocabulary has no such finding; readers turn it into a sentence with the nearest one.
        """
        return self.findings[name]

    def in_system(self, system: str) -> tuple[Finding, ...]:
        """The reported findings that the statement of one organ system covers."""
        if system not in self._in_system:  # a vocabulary never changes
            self._in_system[system] = tuple(each for each in self.findings.values() if each.system == system)
        return self._in_system[system]

    def said_by_drug(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The findings that a drug with these codes of the ATC index says of the patient's history."""
        known = tuple(codes)
        said = (each for each in self.findings.values() if each.atc)
        return tuple(each.name for each in said if any(code.startswith(each.atc) for code in known))

    @property
    def systems(self) -> frozenset[str]:
        """The organ systems that a statement may name."""
        return frozenset(each.system for each in self.findings.values() if each.system)


def absent_value(finding: Finding) -> Decimal | bool | str | None:
    """What "nothing is wrong here" says of this finding: no (of what must be in place, yes), zero, or the best code.

    None where it says nothing: of a number without such a value, and of a code whose order means nothing.
    """
    if finding.kind is Kind.FLAG:
        return None if finding.worse is Worse.NONE else finding.worse is Worse.FALSE
    if finding.kind is Kind.CODE:
        return None if finding.worse is Worse.NONE else finding.codes[0]
    return finding.absent


def severity(finding: Finding, value: Decimal | bool | str) -> Decimal:
    """A number that grows as the value becomes worse, for choosing between two values at one time."""
    if isinstance(value, str):
        return Decimal(finding.codes.index(value))
    number = Decimal(value)
    return -number if finding.worse in (Worse.LOW, Worse.FALSE) else number


def worst_of(finding: Finding, values: Iterable[Decimal | bool | str]) -> Decimal | bool | str | None:
    """The worst of some values, or None when there are none."""
    return max(values, key=lambda value: severity(finding, value), default=None)
