"""Series of patients under interleukin-2, and what was published of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from aldes.evidence.source import Citation, Status

Value = Decimal | tuple[Decimal, ...] | str | None
SHARES = ("proportion", "proportion of patients")


class RegimenClass(StrEnum):
    """What was given, as far as it decides whether series can stand together."""

    HIGH_DOSE_BOLUS = "high-dose bolus"
    LOW_DOSE = "low dose"
    CONTINUOUS = "continuous infusion"
    NONE = "no interleukin-2"
    MIXED = "mixed"
    COMBINATION = "combination"
    AFTER_CELLS = "after a cell infusion"
    RANDOMISED_ARMS = "randomised arms"  # each arm has its own
    NOT_STATED = "not stated"


class EndpointKind(StrEnum):
    """What a figure is about."""

    RESPONSE = "response"  # complete and partial together
    COMPLETE = "complete response"
    PARTIAL = "partial response"
    STABLE = "stable disease"
    PROGRESSIVE = "progressive disease"
    CONTROL = "disease control"
    DURATION = "duration of response"
    DURABILITY = "durability"
    SURVIVAL = "median survival"
    LANDMARK = "survival at a time"
    PROGRESSION_FREE = "progression-free"
    MEDIAN_PROGRESSION_FREE = "median progression-free"
    TREATMENT_DEATH = "treatment death"
    DEATHS = "deaths"
    TOXICITY = "toxicity"
    DOSES = "doses"
    PREDICTOR = "predictor"
    COMPARISON = "comparison"
    PATIENTS = "patients"


class Missing(StrEnum):
    """Why a figure has no value."""

    NOT_REACHED = "not reached"  # the curve did not come down to it
    NOT_SEEN = "not seen"  # printed where nobody read it


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of how many; `stated` where the count itself was printed, else it is what the printed share allows."""

    events: int
    patients: int
    stated: bool
    fewest: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One published figure, with its definition, group, source and exact place."""

    id: str
    series: str
    kind: EndpointKind
    words: str
    tumour: str
    value: Value
    missing: Missing | None
    unit: str
    source: Citation
    status: Status
    split: str  # calibration, or label: an open reference that no model is tuned on
    cohort: str = ""
    group: str = ""  # a part of the patients that no design made
    risk: str = ""
    at_months: Decimal | None = None
    n: int | None = None
    of: int | None = None
    ci: tuple[Decimal, Decimal] | None = None
    ci_level: Decimal | None = None
    range: tuple[Decimal, Decimal] | None = None
    derived_95: tuple[Decimal, Decimal] | None = None
    p: str = ""
    grade: str = ""
    comparator: str = ""
    definition: str = ""
    follow_up: str = ""
    note: str = ""
    derivation: str = ""
    superseded_by: str = ""

    @property
    def is_share(self) -> bool:
        """Whether the value is a fraction of patients."""
        return self.unit in SHARES and isinstance(self.value, Decimal)

    @property
    def whole(self) -> bool:
        """Whether the figure is of a whole series or cohort, not of a subgroup of it."""
        return not self.group and not self.risk

    def count(self) -> Count | None:
        """The patients behind a share, or nothing where how many there were is not printed."""
        if not self.is_share or self.of is None or self.kind is EndpointKind.LANDMARK:
            return None  # survival at a time is read off a curve: nobody counted it
        if self.n is not None:
            return Count(events=self.n, patients=self.of, stated=True, fewest=self.n, most=self.n)
        if not isinstance(self.value, Decimal):
            return None
        events = int((self.value * self.of).quantize(Decimal(1), ROUND_HALF_EVEN))
        printed = [k for k in range_of(self.value, self.of) if 0 <= k <= self.of] or [events]
        return Count(events=events, patients=self.of, stated=False, fewest=printed[0], most=printed[-1])


def range_of(share: Decimal, of: int) -> list[int]:
    """The counts that a printed share allows, by its last digit: 0.16 of 311 allows 49, 50 and 51.

    A share is printed in whole per cent at least, so 0.5 stands for 0.50.
    """
    exponent = min(int(share.as_tuple().exponent), -2)
    half = Decimal(5) * Decimal(10) ** (exponent - 1)
    low, high = (share - half) * of, (share + half) * of
    return [k for k in range(max(0, int(low)), int(high) + 2) if low <= k <= high]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """A part of a series that shares no patient with its other parts."""

    name: str
    patients: int | None
    treated: tuple[int, int] | None
    of_class: RegimenClass | None  # where it is not that of the series
    selected: str  # by what its patients were chosen before treatment
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """What the patients of a series were given."""

    of_class: RegimenClass
    drug: str
    dose_iu_per_kg: tuple[int, ...]
    route: str
    schedule: str
    max_doses_per_cycle: int | None
    cycles_per_course: int | None
    max_doses_per_course: int | None
    max_doses: int | None
    courses: int | None
    arms: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One published group of patients."""

    id: str
    patients: int | None
    tumour: str
    population: str
    era: str  # as printed
    treated: tuple[int, int] | None  # first and last year
    treated_by: int | None  # the last year that it can have been
    design: str
    line: str
    setting: str  # where it is not the treatment of metastases in anybody
    more: Mapping[str, object]
    sources: tuple[str, ...]
    regimen: Regimen
    cohorts: Mapping[str, Cohort]
    endpoints: tuple[Endpoint, ...]

    def class_of(self, cohort: str = "") -> RegimenClass:
        """What the series or one cohort of it was given."""
        part = self.cohorts.get(cohort)
        return (part.of_class if part else None) or self.regimen.of_class

    def years(self, cohort: str = "") -> tuple[int | None, int | None]:
        """The first and last year of treatment of the series or of one cohort; unknown ends are nothing."""
        part = self.cohorts.get(cohort)
        known = (part.treated if part else None) or self.treated
        return known or (None, self.treated_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Series, or cohorts of series (`proclaim_2015/retrospective`), that share patients or may."""

    series: tuple[str, ...]
    certainty: str  # stated, or possible
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an endpoint means in this register."""

    term: str
    abbreviation: str
    words: str
