"""One patient's lesions, and what each assessment saw of them: finished values without rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of lesion it is, as far as it bears on measuring."""

    SOLID = "solid"
    NODE = "node"
    CYST = "cyst"  # thought to be a cystic metastasis; a simple cyst is no lesion
    SOFT_BONE = "bone with soft tissue"
    BONE = "bone"  # without a soft-tissue part that can be measured
    EFFUSION = "effusion"
    ASCITES = "ascites"
    LEPTOMENINGEAL = "leptomeningeal"
    LYMPHANGITIS = "lymphangitis"
    DIFFUSE = "diffuse"  # anything else that cannot be measured reproducibly


class State(StrEnum):
    """What an assessment says of a lesion."""

    MEASURED = "measured"
    TOO_SMALL = "too small"  # seen, too small to measure
    ABSENT = "absent"
    MERGED = "merged"  # coalesced with another lesion, which carries the diameter
    PRESENT = "present"
    INCREASED = "increased"  # since the last assessment, short of unequivocal progression
    PROGRESSION = "progression"  # unequivocal, of non-target disease
    FURTHER = "further progression"  # unequivocal, and increased since the last assessment
    EQUIVOCAL = "equivocal"  # perhaps a new lesion
    NOT_EVALUATED = "not evaluated"


class Method(StrEnum):
    """How a lesion was looked at."""

    CT = "CT"
    MRI = "MRI"
    CALLIPER = "calliper"
    XRAY = "X-ray"
    ULTRASOUND = "ultrasound"
    PET = "PET"


class Irradiated(StrEnum):
    """Whether the lesion lies where it was irradiated or otherwise treated locally before."""

    NO = "no"
    YES = "yes"
    PROGRESSED = "progressed"  # and has demonstrably progressed since


class Role(StrEnum):
    """What a reader of images made of a lesion at baseline."""

    TARGET = "target"
    NON_TARGET = "non-target"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One lesion: where it is and of what sort, the same at every assessment."""

    id: str
    organ: str
    kind: Kind
    irradiated: Irradiated = Irradiated.NO
    role: Role | None = None  # as the reader of the images chose; None leaves it to the rule

    @property
    def is_node(self) -> bool:
        """Nodes are measured by their short axis, and below 10 mm they are normal."""
        return self.kind is Kind.NODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One lesion at one assessment; `mm` is the longest diameter, of a node the short axis, of parts their sum."""

    state: State
    mm: Decimal | None = None
    method: Method | None = None
    slice_mm: Decimal | None = None


NOT_SEEN = Seen(state=State.NOT_EVALUATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One day of imaging. One that was due and did not take place saw nothing."""

    day: date
    seen: Mapping[str, Seen]
    marker_raised: bool | None = None

    def of(self, lesion: str) -> Seen:
        """What it saw of this lesion; what it does not name was not evaluated."""
        return self.seen.get(lesion, NOT_SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDays:
    """One course of the therapy, as far as its days are known."""

    number: int
    first_dose: date
    last_dose: date | None = None
    discharge: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything that is read of one patient: lesions, the baseline, the later assessments, and what happened."""

    patient: str
    lesions: Mapping[str, Lesion]
    baseline: Assessment
    later: tuple[Assessment, ...]
    courses: tuple[CourseDays, ...]
    death: date | None = None
    other_therapy: date | None = None
    last_day: date  # the last day of which the record says anything

    @property
    def start(self) -> date:
        """The first dose of the first course."""
        return self.courses[0].first_dose

    def at_baseline(self) -> tuple[Lesion, ...]:
        """The lesions that the baseline knows, in its order."""
        return tuple(self.lesions[each] for each in self.baseline.seen)

    def afterwards(self) -> tuple[Lesion, ...]:
        """The lesions first seen later: new ones."""
        return tuple(each for id, each in self.lesions.items() if id not in self.baseline.seen)
