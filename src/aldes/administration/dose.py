"""The order of one dose: what the protocol gives for each kilogram of dosing weight, and nothing less.

The label has no reduced dose (DOSE-16: withhold, interrupt or stop instead), so an order has none either.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from aldes.errors import DoseError, ProtocolError
from aldes.evidence import read_register
from aldes.findings.formula import exact
from aldes.findings.vocabulary import Worse
from aldes.numbers import json_number, measurable, number
from aldes.protocols.dosing import LEAST_IU_PER_KG, MOST_IU_PER_KG, Dosing
from aldes.units import MILLION, Dose, show

# Our policy (hazards H01 and H02): no order for a weight, or with IU per kilogram, outside these; both ends belong.
LIGHTEST_KG, HEAVIEST_KG = 30, 250


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedDose:
    """A dose with the weight it was ordered for, and what the site's cap and rounding did to it."""

    dose: Dose
    weight_kg: Decimal  # the dosing weight as pinned for the cycle
    dosed_kg: Decimal  # the weight that counted: the cap where it acts
    before_rounding: Dose
    fact: str  # of the register: the unit dose
    notes: tuple[str, ...] = ()  # sentences to show beside the dose

    @property
    def capped(self) -> bool:
        """Whether the site's cap acts."""
        return self.dosed_kg < self.weight_kg

    @property
    def iu_per_kg(self) -> Decimal:
        """IU for each kilogram of the patient's own dosing weight, after cap and rounding."""
        return exact(Fraction(self.dose.iu) / Fraction(self.weight_kg), Worse.NONE)

    def document(self) -> dict[str, object]:
        """The order for the decision document, in JSON values."""
        fact = read_register().fact(self.fact)
        return {
            "iu": json_number(self.dose.iu),
            "miu": json_number(self.dose.miu),
            "words": self.dose.words,
            "mg_information": json_number(self.dose.mg_information),
            "weight_kg": json_number(self.weight_kg),
            "dosed_kg": json_number(self.dosed_kg),
            "iu_per_kg": json_number(self.iu_per_kg),
            "capped": self.capped,
            "notes": list(self.notes),
            "source": str(fact.source),
            "status": fact.status.value,
        }


def order(weight_kg: Decimal, rule: Dosing, *, round_to_miu: Decimal | None, cap_kg: Decimal | None) -> OrderedDose:
    """The dose for this dosing weight under the site's two settings; None says that the site has none.

    Parameters
    ----------
    rule
        The protocol's own dose: 600,000 IU for each kilogram.
    weight_kg : kg
        The dosing weight pinned for the cycle (hazard H07), never the weight of the day.
    round_to_miu : million IU
        The step to which the site rounds: to the nearest, and half a step downward (our policy).
    cap_kg : kg
        The heaviest weight that the site doses.

    Raises
    ------
    DoseError
        When the weight lies outside 30 to 250 kg, or rounding leaves 500,000 to 700,000 IU/kg.
    ProtocolError
        When a setting is no step and no weight.

    Source
    ------
    us-label-2023 2, dose (DOSE-01), and 2.4, general statement (DOSE-16); ranges: hazards H01 and H02.
    """
    _check_weight(weight_kg)
    _check_settings(round_to_miu, cap_kg)
    dosed_kg = weight_kg if cap_kg is None else min(weight_kg, cap_kg)
    full_iu = Fraction(dosed_kg) * rule.iu_per_kg
    iu = _rounded(full_iu, round_to_miu)
    _check_per_kg(iu, dosed_kg)
    before, dose = _dose(full_iu), _dose(iu)
    return OrderedDose(
        dose=dose,
        weight_kg=weight_kg,
        dosed_kg=dosed_kg,
        before_rounding=before,
        fact=rule.fact,
        notes=(*_cap_note(dose, weight_kg, dosed_kg), *_rounding_note(before, dose, round_to_miu)),
    )


def _dose(iu: Fraction) -> Dose:
    return Dose.from_iu(exact(iu, Worse.NONE))


def _rounded(iu: Fraction, round_to_miu: Decimal | None) -> Fraction:
    """The nearest multiple of the site's step; half a step goes down, toward less of the drug."""
    if round_to_miu is None:
        return iu
    step = Fraction(round_to_miu) * MILLION
    return -((step / 2 - iu) // step) * step


def _check_weight(weight_kg: Decimal) -> None:
    if not _is_number(weight_kg):
        raise DoseError(
            "The dosing weight came as something that is no exact number. "
            "We take kilograms as a decimal. Check the weight; nothing was ordered."
        )
    if not LIGHTEST_KG <= weight_kg <= HEAVIEST_KG:
        raise DoseError(
            f"The dosing weight came as {show(weight_kg, 'kg')}. We order for {LIGHTEST_KG} to {HEAVIEST_KG} kg. "
            "Check the weight, and that it is in kilograms and not in pounds; nothing was ordered."
        )


def _check_settings(round_to_miu: Decimal | None, cap_kg: Decimal | None) -> None:
    if round_to_miu is not None and not (_is_number(round_to_miu) and round_to_miu > 0):
        raise ProtocolError(
            "The site's setting round_to_miu is no step. "
            "Give a number of million IU above 0, or say that there is none."
        )
    if cap_kg is not None and not (_is_number(cap_kg) and LIGHTEST_KG <= cap_kg <= HEAVIEST_KG):
        raise ProtocolError(
            f"The site's setting cap_kg is no weight that we order for. Give {LIGHTEST_KG} to {HEAVIEST_KG} kg, "
            "or say that there is none."
        )


def _is_number(value: object) -> bool:
    return isinstance(value, Decimal) and measurable(value)


def _check_per_kg(iu: Fraction, dosed_kg: Decimal) -> None:
    """Hazard H02. A cap counts as the weight, so it never widens the range."""
    per_kg = iu / Fraction(dosed_kg)
    if not LEAST_IU_PER_KG <= per_kg <= MOST_IU_PER_KG:
        raise DoseError(
            f"After the site's rounding the dose for {show(dosed_kg, 'kg')} came as "
            f"{number(exact(iu / MILLION, Worse.NONE))} million IU. We order {LEAST_IU_PER_KG:,} to "
            f"{MOST_IU_PER_KG:,} IU/kg. Check the setting round_to_miu with the pharmacist; nothing was ordered."
        )


def _cap_note(dose: Dose, weight_kg: Decimal, dosed_kg: Decimal) -> tuple[str, ...]:
    if dosed_kg == weight_kg:
        return ()
    per_kg = exact(Fraction(dose.iu) / Fraction(weight_kg), Worse.NONE)
    return (
        f"The site's cap acts: dosed for {show(dosed_kg, 'kg')}, not for {show(weight_kg, 'kg')}. "
        f"That is {_whole(per_kg)} IU for each kilogram of the dosing weight.",
    )


def _rounding_note(before: Dose, dose: Dose, round_to_miu: Decimal | None) -> tuple[str, ...]:
    if dose == before or round_to_miu is None:
        return ()
    return (f"Rounded from {before} to {dose}; the site's step is {number(round_to_miu)} million IU.",)


def _whole(value: Decimal) -> str:
    rounded = value.to_integral_value()
    return number(value) if rounded == value else f"about {number(rounded)}"
