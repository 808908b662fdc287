"""From a dose to the bag: volume to draw, vials, dextrose bag, concentration, expiry, and the steps in order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from aldes.errors import InputError, ProtocolError
from aldes.evidence import read_register
from aldes.findings.formula import exact
from aldes.findings.vocabulary import Worse
from aldes.numbers import json_number, number
from aldes.protocols.dosing import PLACES, Bag, Dosing, Preparing, Work
from aldes.units import MG_PER_IU, MILLION, Dose, show

USABLE_ML = (Decimal("1.0"), Decimal("1.2"))  # UNIT-08: sources differ on what one vial yields; the site chooses


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
    rule: Preparing  # as the protocol has it
    over_min: Decimal  # how long the infusion takes
    usable_ml_per_vial: Decimal  # of each vial, the site's choice
    prepared_at: datetime | None  # when the first vial is reconstituted; None while nothing is made

    @property
    def volume_ml(self) -> Decimal:
        """Volume to draw from the vials, mL, to 15 digits (UNIT-07)."""
        return exact(drawn_ml(self.dose, self.rule), Worse.NONE)

    @property
    def bag(self) -> Bag:
        """The band of the dose."""
        return bag_of(self.dose, self.rule)

    @property
    def concentration_mg_per_ml(self) -> Decimal | None:
        """Milligrams in each mL of bag and drug together, to 15 digits; None where the source gives no volume."""
        return None if self.bag.ml is None else exact(concentration(self.dose, self.bag.ml, self.rule), Worse.NONE)

    @property
    def bag_words(self) -> str:
        """The volume of the bag, for people."""
        if self.bag.ml is not None:
            return show(self.bag.ml, "mL")
        below = show(self.bag.below_ml or Decimal(0), "mL")
        return f"less than {below} (the source prints no volume: the pharmacist settles it)"

    @property
    def vials(self) -> int:
        """Vials needed under the site's choice."""
        return vials(self.dose, self.usable_ml_per_vial, self.rule)

    @property
    def expires(self) -> datetime | None:
        """The instant by which the infusion must have ended, in the zone of the preparation."""
        return None if self.prepared_at is None else _later(self.prepared_at, self.keeps)

    @property
    def latest_start(self) -> datetime | None:
        """The last instant at which the infusion may start."""
        return (
            None
            if self.prepared_at is None
            else _later(self.prepared_at, self.keeps - timedelta(minutes=float(self.over_min)))
        )

    @property
    def keeps(self) -> timedelta:
        """How long the drug keeps, from preparation to the end of the infusion."""
        return timedelta(hours=float(self.rule.keeps_h))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the pharmacist must look at before the bag is made."""
        return tuple(_warnings(self))

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do, in order."""
        filled_in = _filled_in(self)
        return tuple(_step(self, each, filled_in) for place in PLACES for each in self.rule.steps if each.at == place)

    def document(self) -> dict[str, object]:
        """The preparation for the decision document, in JSON values."""
        return {
            "iu": json_number(self.dose.iu),
            "miu": json_number(self.dose.miu),
            "words": self.dose.words,
            "volume_ml": json_number(self.volume_ml),
            "volume_words": _about(drawn_ml(self.dose, self.rule), "mL"),
            "diluent": self.rule.diluent,
            "bag_ml": _json(self.bag.ml),
            "bag_words": self.bag_words,
            "concentration_mg_per_ml": _json(self.concentration_mg_per_ml),
            "vials": self.vials,
            "vials_words": _vials_words(self),
            "vials_by_choice": [
                {"usable_ml_per_vial": json_number(each), "vials": vials(self.dose, each, self.rule)}
                for each in USABLE_ML
            ],
            "prepared_at": _iso(self.prepared_at),
            "expires": _iso(self.expires),
            "latest_start": _iso(self.latest_start),
            "steps": [step.document() for step in self.steps],
            "warnings": list(self.warnings),
        }


def prepare(
    dose: Dose, rule: Preparing, dosing: Dosing, *, usable_ml_per_vial: Decimal, prepared_at: datetime | None
) -> Preparation:
    """How to make this dose at a site that draws so much from each vial.

    Parameters
    ----------
    rule, dosing
        The protocol's own preparation and dose: editions of the label differ.
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
    The facts of the register that the protocol's table of preparation names, and UNIT-01, -07 and -08.
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
    return Preparation(
        dose=dose,
        rule=rule,
        over_min=dosing.over_min,
        usable_ml_per_vial=usable_ml_per_vial,
        prepared_at=prepared_at,
    )


def bag_of(dose: Dose, rule: Preparing) -> Bag:
    """The band that a dose falls into; each limit belongs to the smaller one."""
    return next(each for each in rule.bags if _within(dose, each))


def _within(dose: Dose, bag: Bag) -> bool:
    if bag.up_to_mg is not None:
        return Fraction(dose.iu) * MG_PER_IU <= Fraction(bag.up_to_mg)
    return bag.up_to_miu is None or Fraction(dose.iu) <= Fraction(bag.up_to_miu) * MILLION


def concentration(dose: Dose, bag_ml: Decimal, rule: Preparing) -> Fraction:
    """Milligrams per mL, exact: the drug's volume is added to the bag's."""
    return Fraction(dose.iu) * MG_PER_IU / (Fraction(bag_ml) + drawn_ml(dose, rule))


def vials(dose: Dose, usable_ml_per_vial: Decimal, rule: Preparing) -> int:
    """Whole vials that hold this dose when each yields so much (UNIT-08)."""
    return ceil(drawn_ml(dose, rule) / Fraction(usable_ml_per_vial))


def drawn_ml(dose: Dose, rule: Preparing) -> Fraction:
    """The volume to draw, exact (UNIT-07)."""
    return Fraction(dose.iu) / MILLION / Fraction(rule.miu_per_ml)


def _later(time: datetime, span: timedelta) -> datetime:
    """Elapsed time, not wall time: a bag does not keep longer because the clocks change (hazard H18)."""
    return (time.astimezone(UTC) + span).astimezone(time.tzinfo)


def _warnings(made: Preparation) -> Iterator[str]:
    if made.bag.ml is None:
        yield (
            f"For a dose of {made.dose} the source wants less than {show(made.bag.below_ml or Decimal(0), 'mL')} and "
            f"prints no volume ({made.bag.fact}). Let the pharmacist settle it before the bag is made."
        )
        return
    mg_per_ml = concentration(made.dose, made.bag.ml, made.rule)
    least, most = made.rule.least_mg_per_ml, made.rule.most_mg_per_ml
    if Fraction(least) <= mg_per_ml <= Fraction(most):
        return
    above = mg_per_ml > Fraction(most)
    # Rounded away from the range, so that the number shown is never one that lies inside it.
    shown = _about(mg_per_ml, "mg/mL", 4, ceil if above else floor)
    yield (
        f"The bag of {show(made.bag.ml, 'mL')} would hold {shown}, {'above' if above else 'below'} the label's "
        f"{number(least)} to {show(most, 'mg/mL')} (PREP-07). "
        "Let the pharmacist decide on the volume before the bag is made."
    )


def _filled_in(made: Preparation) -> dict[str, object]:
    """What the words of a step may name, of the dose at hand."""
    return {
        "vials": _vials_words(made),
        "volume": _about(drawn_ml(made.dose, made.rule), "mL"),
        "dose": made.dose,
        "bag": made.bag_words,
        "diluent": made.rule.diluent,
    }


def _step(made: Preparation, work: Work, filled_in: Mapping[str, object]) -> Step:
    """A step with the dose at hand filled in; the one that names the bag rests on its band too."""
    words = work.words.format(**filled_in)
    return Step(words=words, facts=(*work.facts, *([made.bag.fact] if "{bag}" in work.words else [])))


def _vials_words(made: Preparation) -> str:
    """The site's count first, and always the other beside it."""
    (other,) = (each for each in USABLE_ML if each != made.usable_ml_per_vial)
    return (
        f"{_counted(made.vials)} at {show(made.usable_ml_per_vial, 'mL')} from each "
        f"({_counted(vials(made.dose, other, made.rule))} at {show(other, 'mL')} from each)"
    )


def _counted(count: int) -> str:
    return "1 vial" if count == 1 else f"{count} vials"


def _about(value: Fraction, unit: str, places: int = 3, rounding: Callable[[Fraction], int] = round) -> str:
    """The value rounded for reading, with "about" only where rounding changed it."""
    rounded = Fraction(rounding(value * 10**places), 10**places)
    return f"{'' if rounded == value else 'about '}{show(exact(rounded, Worse.NONE), unit)}"


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _json(value: Decimal | None) -> int | float | None:
    return None if value is None else json_number(value)
