"""The drug's dose as a type of its own, and the closed table of units in which values may come.

The drug is counted in international units (IU). Its milligrams are information, because the sources'
own pairs put 16.2 to 17.1 million IU in one milligram (UNIT-06); so nothing here makes a dose from milligrams.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from aldes.errors import DoseError, UnitError
from aldes.numbers import DIGITS, exact, measurable, number

MILLION = 1_000_000
MG_PER_IU = Fraction("1.1") / (18 * MILLION)  # UNIT-01: 18 million IU = 1.1 mg in each reconstituted mL

# Our policy (hazard H02). No number is accepted both as IU and as million IU, so neither passes for the other.
# The upper end is the heaviest weight times the highest dose that an order may carry: 250 kg × 700,000 IU/kg;
# the lower end is below anything a syringe can measure (0.06 microlitre), so that a part of a dose still counts.
LEAST_IU = 1000
MOST_IU = 175 * MILLION


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Dose:
    """An amount of aldesleukin in international units, exact to 15 digits.

    Raises
    ------
    DoseError
        When the number is no exact number or lies outside `LEAST_IU` to `MOST_IU`.
    """

    iu: Decimal

    def __post_init__(self) -> None:
        iu = _fraction(self.iu)
        if not LEAST_IU <= iu <= MOST_IU:
            raise DoseError(
                f"A dose came as {number(self.iu)} IU. We take {LEAST_IU} IU to {MOST_IU // MILLION} million IU. "
                "Check whether IU or million IU were meant; nothing was ordered or recorded."
            )
        object.__setattr__(self, "iu", _fifteen_digits(iu))

    @classmethod
    def from_iu(cls, iu: int | Decimal) -> "Dose":
        """The dose of so many international units: `from_iu(42_000_000)`."""
        return cls(iu=_fifteen_digits(_fraction(iu)))

    @classmethod
    def from_miu(cls, miu: int | Decimal) -> "Dose":
        """The dose of so many million international units: `from_miu(42)`."""
        return cls(iu=_fifteen_digits(_fraction(miu) * MILLION))

    @classmethod
    def from_quantity(cls, value: Decimal, unit: str) -> "Dose":
        """The dose that a record states with its UCUM code: `[iU]` or `10*6.[iU]`, nothing else.

        Raises
        ------
        UnitError
            For `U` (the enzyme unit, hazard H03), milligrams, IU per kg, a missing or another unit.
        """
        if unit == "[iU]":
            return cls.from_iu(value)
        if unit == "10*6.[iU]":
            return cls.from_miu(value)
        came = f"in {quoted(unit)}" if unit else "without a unit"
        raise UnitError(
            f"The dose of aldesleukin came {came}. We read [iU] (IU) or 10*6.[iU] (million IU). "
            f"{DOSE_REFUSALS.get(unit, '')}Check the unit at its source; nothing was recorded."
        )

    @property
    def miu(self) -> Decimal:
        """Million IU, exact."""
        return exact(Fraction(self.iu) / MILLION)

    @property
    def mg_information(self) -> Decimal:
        """Milligrams, for information only; derived from UNIT-01, to 15 digits."""
        return exact(Fraction(self.iu) * MG_PER_IU)

    @property
    def words(self) -> str:
        """As people read it: "42 million IU"."""
        return f"{number(self.miu)} million IU"

    def __str__(self) -> str:
        return self.words


_MILLIGRAMS = "Milligrams of this drug are information only: the sources' pairs of IU and mg differ by 6 % (UNIT-06). "
DOSE_REFUSALS = {
    "U": "In UCUM 'U' is the enzyme unit (micromole per minute), not the international unit. ",
    "[iU]/kg": "A dose per kilogram is not yet a dose: the order multiplies it by the dosing weight. ",
    "mg": _MILLIGRAMS,
    "ug": _MILLIGRAMS,
    "g": _MILLIGRAMS,
}


def _fraction(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise DoseError("A dose came that is no exact number. Give a whole number or a Decimal, never a float.")
    if isinstance(value, Decimal) and not measurable(value):
        raise DoseError("A dose came that is not a finite number of ordinary size. Give the number of IU.")
    return Fraction(value)


def _fifteen_digits(iu: Fraction) -> Decimal:
    shown = exact(iu)
    if Fraction(shown) != iu:
        raise DoseError(f"A dose came with more than {DIGITS} digits. Give it in whole IU.")
    return shown


class Dimension(StrEnum):
    """What a unit measures, in words for a message."""

    PRESSURE = "a pressure"
    TEMPERATURE = "a temperature"
    SHARE = "a percentage"
    SCORE = "a score"
    ORGANS = "a number of organs"
    FREQUENCY = "a number per minute"
    MASS_CONCENTRATION = "a mass per volume"
    AMOUNT_CONCENTRATION = "an amount of substance per volume"
    CHARGE_CONCENTRATION = "an amount of charge per volume"  # equals mmol/L for single charges only
    ENZYME = "an enzyme activity"
    ENZYME_CONCENTRATION = "an enzyme activity per volume"
    COUNT = "a number of cells per volume"
    VOLUME = "a volume"
    MASS = "a weight"
    LENGTH = "a length"
    TIME = "a time"
    FLOW = "a volume per time"
    INDEXED_FLOW = "a volume per time and body surface"
    MASS_RATE = "a drug rate without the patient's weight"
    WEIGHED_RATE = "a drug rate per kilogram"
    WEIGHED_VOLUME = "a volume per kilogram"
    UNITS = "a number of international units"
    WEIGHED_UNITS = "international units per kilogram"
    UNIT_RATE = "international units per time"
    EXCRETION = "a mass per time"
    RATIO = "a ratio to the normal clotting time"
    ACIDITY = "an acidity"


@dataclass(frozen=True, slots=True)
class Unit:
    """One UCUM code: `(value + offset) × factor` is the value in the first unit of its dimension below."""

    code: str
    words: str  # as people read it; never "U", never a "µ" before a mass (hazard H04)
    dimension: Dimension
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)


# The codes are UCUM's; the factors are definitions, all exact: the pound of 0.45359237 kg and the inch of 2.54 cm
# (international agreement of 1959), the conventional millimetre of mercury of 13,595.1 kg/m³ × 9.80665 m/s² × 1 mm.
UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.code: unit
        for unit in (
            Unit("mm[Hg]", "mmHg", Dimension.PRESSURE),
            Unit("kPa", "kPa", Dimension.PRESSURE, 1 / Fraction("0.133322387415")),
            Unit("Cel", "°C", Dimension.TEMPERATURE),
            Unit("[degF]", "°F", Dimension.TEMPERATURE, Fraction(5, 9), Fraction(-32)),
            Unit("%", "%", Dimension.SHARE),
            Unit("{score}", "", Dimension.SCORE),
            Unit("{organs}", "organs", Dimension.ORGANS),
            Unit("/min", "per minute", Dimension.FREQUENCY),
            Unit("{beats}/min", "beats per minute", Dimension.FREQUENCY),
            Unit("{breaths}/min", "breaths per minute", Dimension.FREQUENCY),
            Unit("/d", "a day", Dimension.FREQUENCY, Fraction(1, 1440)),
            Unit("mg/dL", "mg/dL", Dimension.MASS_CONCENTRATION),
            Unit("g/dL", "g/dL", Dimension.MASS_CONCENTRATION, Fraction(1000)),
            Unit("g/L", "g/L", Dimension.MASS_CONCENTRATION, Fraction(100)),
            Unit("mg/L", "mg/L", Dimension.MASS_CONCENTRATION, Fraction(1, 10)),
            Unit("mg/mL", "mg/mL", Dimension.MASS_CONCENTRATION, Fraction(100)),
            Unit("ng/mL", "nanogram/mL", Dimension.MASS_CONCENTRATION, Fraction(1, 10**4)),
            Unit("ng/L", "nanogram/L", Dimension.MASS_CONCENTRATION, Fraction(1, 10**7)),
            Unit("pg/mL", "picogram/mL", Dimension.MASS_CONCENTRATION, Fraction(1, 10**7)),
            Unit("umol/L", "micromol/L", Dimension.AMOUNT_CONCENTRATION),
            Unit("mmol/L", "mmol/L", Dimension.AMOUNT_CONCENTRATION, Fraction(1000)),
            Unit("meq/L", "mEq/L", Dimension.CHARGE_CONCENTRATION),
            Unit("U", "enzyme units", Dimension.ENZYME),
            Unit("U/L", "enzyme units/L", Dimension.ENZYME_CONCENTRATION),
            Unit("10*3/uL", "thousand/µL", Dimension.COUNT),
            Unit("10*9/L", "× 10⁹/L", Dimension.COUNT),
            Unit("/uL", "per µL", Dimension.COUNT, Fraction(1, 1000)),
            Unit("{cells}/uL", "cells/µL", Dimension.COUNT, Fraction(1, 1000)),
            Unit("mL", "mL", Dimension.VOLUME),
            Unit("dL", "dL", Dimension.VOLUME, Fraction(100)),
            Unit("L", "L", Dimension.VOLUME, Fraction(1000)),
            Unit("kg", "kg", Dimension.MASS),
            Unit("g", "g", Dimension.MASS, Fraction(1, 1000)),
            Unit("[lb_av]", "lb", Dimension.MASS, Fraction("0.45359237")),
            Unit("cm", "cm", Dimension.LENGTH),
            Unit("m", "m", Dimension.LENGTH, Fraction(100)),
            Unit("[in_i]", "inch", Dimension.LENGTH, Fraction("2.54")),
            Unit("h", "h", Dimension.TIME),
            Unit("min", "min", Dimension.TIME, Fraction(1, 60)),
            Unit("s", "s", Dimension.TIME, Fraction(1, 3600)),
            Unit("ms", "ms", Dimension.TIME, Fraction(1, 3_600_000)),
            Unit("d", "d", Dimension.TIME, Fraction(24)),
            Unit("wk", "weeks", Dimension.TIME, Fraction(168)),
            Unit("a", "years", Dimension.TIME, Fraction(8766)),  # UCUM: the Julian year of 365.25 days
            Unit("L/min", "L/min", Dimension.FLOW),
            Unit("mL/min", "mL/min", Dimension.FLOW, Fraction(1, 1000)),
            Unit("mL/h", "mL/h", Dimension.FLOW, Fraction(1, 60_000)),
            Unit("mL/min/{1.73_m2}", "mL/min per 1.73 m²", Dimension.INDEXED_FLOW),
            Unit("mL/kg", "mL/kg", Dimension.WEIGHED_VOLUME),
            Unit("ug/min", "microgram/min", Dimension.MASS_RATE),
            Unit("ug/kg/min", "microgram/kg/min", Dimension.WEIGHED_RATE),
            Unit("[iU]", "IU", Dimension.UNITS),
            Unit("10*6.[iU]", "million IU", Dimension.UNITS, Fraction(MILLION)),
            Unit("[iU]/kg", "IU/kg", Dimension.WEIGHED_UNITS),
            Unit("[iU]/min", "IU/min", Dimension.UNIT_RATE),
            Unit("g/(24.h)", "g in 24 h", Dimension.EXCRETION),
            Unit("mg/(24.h)", "mg in 24 h", Dimension.EXCRETION, Fraction(1, 1000)),
            Unit("{INR}", "INR", Dimension.RATIO),
            Unit("[pH]", "pH", Dimension.ACIDITY),
        )
    }
)


def show(value: Decimal, unit: str) -> str:
    """The value as people read it: every stored digit, and the unit in plain words.

    Raises
    ------
    UnitError
        When the unit is outside our table; an empty unit is that of a plain count.
    """
    if not unit:
        return number(value)
    if unit not in UNITS:
        raise UnitError(f"A value in {quoted(unit)} cannot be shown. We show the units of our table only.")
    return f"{number(value)} {UNITS[unit].words}".rstrip()


def quoted(unit: str) -> str:
    """The unit as it came, unless it looks like no unit at all: then it may be anything, a name included."""
    return f"'{unit}'" if re.fullmatch(r"(?=.*[A-Za-zµμ%/])[!-~µμ°²]{1,20}", unit) else "a text that is no unit"
