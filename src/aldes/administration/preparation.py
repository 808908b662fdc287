"""From a dose to the bag: volume to draw, vials, dextrose bag, concentration, expiry, and the steps in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from aldes.errors import InputError, ProtocolError
from aldes.evidence import read_register
from aldes.findings.formula import exact
from aldes.findings.vocabulary import Worse
from aldes.numbers import json_number
from aldes.units import MG_PER_IU, MILLION, Dose, show

MIU_PER_ML = 18  # PREP-03, UNIT-07: a vial after 1.2 mL of sterile water
USABLE_ML = (Decimal("1.0"), Decimal("1.2"))  # UNIT-08: sources differ on what one vial yields; the site chooses
SMALL_BAG_UP_TO = Dose.from_miu(Decimal("25.4"))  # PREP-08, included
MIDDLE_BAG_UP_TO = Dose.from_miu(60)  # PREP-09, included; PREP-10 above it
DILUENT = "dextrose 5 % in a PVC bag"  # PREP-06
LEAST_MG_PER_ML, MOST_MG_PER_ML = Fraction("0.03"), Fraction("0.07")  # PREP-07
KEEPS = timedelta(hours=48)  # STAB-03: from preparation to the end of the infusion
INFUSION = timedelta(minutes=15)  # DOSE-03


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step at the bench or at the bed, and the facts of the register that it rests on."""

    words: str
    facts: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """The step in JSON values, with key and place of each source and how surely we know it."""
        facts = [read_register().fact(each) for each in self.facts]
        return {
            "words": self.words,
            "sources": [
                {"fact": fact.id, "source": str(fact.source), "status": fact.status.value, "conflict": fact.conflict}
                for fact in facts
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """How one dose is made and hung."""

    dose: Dose
    usable_ml_per_vial: Decimal  # of each vial, the site's choice
    prepared_at: datetime | None  # when the first vial is reconstituted; None while nothing is made

    @property
    def volume_ml(self) -> Decimal:
        """Volume to draw from the vials, mL, to 15 digits (UNIT-07)."""
        return exact(_drawn_ml(self.dose), Worse.NONE)

    @property
    def bag_ml(self) -> int:
        """Volume of the dextrose bag, mL."""
        return bag_ml(self.dose)

    @property
    def concentration_mg_per_ml(self) -> Decimal:
        """Milligrams in each mL of bag and drug together, to 15 digits."""
        return exact(concentration(self.dose, self.bag_ml), Worse.NONE)

    @property
    def vials(self) -> int:
        """Vials needed under the site's choice."""
        return vials(self.dose, self.usable_ml_per_vial)

    @property
    def expires(self) -> datetime | None:
        """The instant by which the infusion must have ended, in the zone of the preparation."""
        return None if self.prepared_at is None else _later(self.prepared_at, KEEPS)

    @property
    def latest_start(self) -> datetime | None:
        """The last instant at which the 15-minute infusion may start."""
        return None if self.prepared_at is None else _later(self.prepared_at, KEEPS - INFUSION)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the pharmacist must look at before the bag is made."""
        return tuple(_warnings(self))

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do, in order."""
        return (*_bench(self), *_BEDSIDE)

    def document(self) -> dict[str, object]:
        """The preparation for the decision document, in JSON values."""
        return {
            "iu": json_number(self.dose.iu),
            "miu": json_number(self.dose.miu),
            "words": self.dose.words,
            "volume_ml": json_number(self.volume_ml),
            "volume_words": _about(_drawn_ml(self.dose), "mL"),
            "diluent": DILUENT,
            "bag_ml": self.bag_ml,
            "concentration_mg_per_ml": json_number(self.concentration_mg_per_ml),
            "vials": self.vials,
            "vials_words": _vials_words(self),
            "vials_by_choice": [
                {"usable_ml_per_vial": json_number(each), "vials": vials(self.dose, each)} for each in USABLE_ML
            ],
            "prepared_at": _iso(self.prepared_at),
            "expires": _iso(self.expires),
            "latest_start": _iso(self.latest_start),
            "steps": [step.document() for step in self.steps],
            "warnings": list(self.warnings),
        }


def prepare(dose: Dose, *, usable_ml_per_vial: Decimal, prepared_at: datetime | None) -> Preparation:
    """How to make this dose at a site that draws so much from each vial.

    Parameters
    ----------
    usable_ml_per_vial : mL
        1.0 (18 million IU a vial) or 1.2 (21.6 million IU); a required setting of the site.
    prepared_at
        When the first vial is reconstituted, with its zone: the earliest instant that "preparation" can mean,
        so that the bag expires no later than the source allows (our policy). None while nothing is made.

    Raises
    ------
    ProtocolError
        When the site's setting is neither.
    InputError
        When the time has no zone.

    Source
    ------
    Facts PREP-02 to -10, STAB-03, UNIT-07 and -08 of the register (us-label-2023 2, and handbook-injectable citing it).
    """
    if usable_ml_per_vial not in USABLE_ML:
        raise ProtocolError(
            "The site's setting usable_ml_per_vial is neither 1 mL nor 1.2 mL. "
            "Let the pharmacist choose what one vial yields: 1 mL (18 million IU) or 1.2 mL (21.6 million IU)."
        )
    if prepared_at is not None and prepared_at.utcoffset() is None:
        raise InputError(
            "The time of preparation came without a time zone. "
            "We take a time with its offset, such as 2026-03-01T08:00:00+01:00. Give it so; no expiry was computed."
        )
    return Preparation(dose=dose, usable_ml_per_vial=usable_ml_per_vial, prepared_at=prepared_at)


def bag_ml(dose: Dose) -> int:
    """The dextrose bag for a dose: 25, 50 or 100 mL (PREP-08 to -10; each limit belongs to the smaller bag)."""
    if dose <= SMALL_BAG_UP_TO:
        return 25
    return 50 if dose <= MIDDLE_BAG_UP_TO else 100


def concentration(dose: Dose, bag_ml: int) -> Fraction:
    """Milligrams per mL, exact: the drug's volume is added to the bag's."""
    return Fraction(dose.iu) * MG_PER_IU / (bag_ml + _drawn_ml(dose))


def vials(dose: Dose, usable_ml_per_vial: Decimal) -> int:
    """Whole vials that hold this dose when each yields so much (UNIT-08)."""
    return ceil(_drawn_ml(dose) / Fraction(usable_ml_per_vial))


def _drawn_ml(dose: Dose) -> Fraction:
    return Fraction(dose.iu) / MILLION / MIU_PER_ML


def _later(time: datetime, span: timedelta) -> datetime:
    """Elapsed time, not wall time: a bag does not keep longer because the clocks change (hazard H18)."""
    return (time.astimezone(UTC) + span).astimezone(time.tzinfo)


def _warnings(made: Preparation) -> Iterator[str]:
    mg_per_ml = concentration(made.dose, made.bag_ml)
    if LEAST_MG_PER_ML <= mg_per_ml <= MOST_MG_PER_ML:
        return
    above = mg_per_ml > MOST_MG_PER_ML
    # Rounded away from the range, so that the number shown is never one that lies inside it.
    shown = _about(mg_per_ml, "mg/mL", 4, ceil if above else floor)
    yield (
        f"The bag of {made.bag_ml} mL would hold {shown}, {'above' if above else 'below'} the label's 0.03 to "
        "0.07 mg/mL (PREP-07). Let the pharmacist decide on the volume before the bag is made."
    )


def _bench(made: Preparation) -> tuple[Step, ...]:
    volume = _about(_drawn_ml(made.dose), "mL")
    return (
        Step(words=f"Take {_vials_words(made)}.", facts=("UNIT-08",)),
        Step(
            words="Add 1.2 mL of sterile water for injection without preservative to each vial: each mL then holds "
            "18 million IU.",
            facts=("PREP-02", "PREP-03"),
        ),
        Step(words="Use neither bacteriostatic water nor sodium chloride 0.9 %.", facts=("PREP-05",)),
        Step(words="Aim the water at the wall of the vial and swirl; do not shake.", facts=("PREP-04",)),
        Step(words=f"Draw {volume} in all: {made.dose}.", facts=("UNIT-07",)),
        Step(
            words=f"Add it to {made.bag_ml} mL of {DILUENT}; use no other diluent.",
            facts=("PREP-06", _band(made)),
        ),
        Step(
            words="Keep the bag at 2 to 8 °C, away from light; the infusion ends within 48 h of the preparation.",
            facts=("STAB-03",),
        ),
        Step(words="Do not freeze it.", facts=("STAB-05",)),
    )


_BEDSIDE = (
    Step(words="Let the bag come to room temperature.", facts=("ADM-01",)),
    Step(words="Use no in-line filter.", facts=("ADM-02",)),
    Step(
        words="Run no other drug in the line during the infusion; only dextrose 5 % is compatible.", facts=("ADM-04",)
    ),
    Step(words="Flush the line with 50 mL of dextrose 5 %.", facts=("ADM-03",)),
    Step(words="Infuse the whole bag into the vein over 15 minutes.", facts=("DOSE-03",)),
    Step(words="Flush the line again with 50 mL of dextrose 5 %.", facts=("ADM-03",)),
)


def _band(made: Preparation) -> str:
    return {25: "PREP-08", 50: "PREP-09", 100: "PREP-10"}[made.bag_ml]


def _vials_words(made: Preparation) -> str:
    """The site's count first, and always the other beside it."""
    (other,) = (each for each in USABLE_ML if each != made.usable_ml_per_vial)
    return (
        f"{_counted(made.vials)} at {show(made.usable_ml_per_vial, 'mL')} from each "
        f"({_counted(vials(made.dose, other))} at {show(other, 'mL')} from each)"
    )


def _counted(count: int) -> str:
    return "1 vial" if count == 1 else f"{count} vials"


def _about(value: Fraction, unit: str, places: int = 3, rounding: Callable[[Fraction], int] = round) -> str:
    """The value rounded for reading, with "about" only where rounding changed it."""
    rounded = Fraction(rounding(value * 10**places), 10**places)
    return f"{'' if rounded == value else 'about '}{show(exact(rounded, Worse.NONE), unit)}"


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
