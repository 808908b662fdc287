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

from aldes.errors import DoseError, InputError, ProtocolError, UnitError, nearest
from aldes.findings.formula import DIGITS, exact
from aldes.findings.vocabulary import Finding, Worse

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
        came = f"in {_quoted(unit)}" if unit else "without a unit"
        raise UnitError(
            f"The dose of aldesleukin came {came}. We read [iU] (IU) or 10*6.[iU] (million IU). "
            f"{_DOSE_REFUSALS.get(unit, '')}Check the unit at its source; nothing was recorded."
        )

    @property
    def miu(self) -> Decimal:
        """Million IU, exact."""
        return exact(Fraction(self.iu) / MILLION, Worse.NONE)

    @property
    def mg_information(self) -> Decimal:
        """Milligrams, for information only; derived from UNIT-01, to 15 digits."""
        return exact(Fraction(self.iu) * MG_PER_IU, Worse.NONE)

    @property
    def words(self) -> str:
        """As people read it: "42 million IU"."""
        return f"{number(self.miu)} million IU"

    def __str__(self) -> str:
        return self.words


_MILLIGRAMS = "Milligrams of this drug are information only: the sources' pairs of IU and mg differ by 6 % (UNIT-06). "
_DOSE_REFUSALS = {
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
    shown = exact(iu, Worse.NONE)
    if Fraction(shown) != iu:
        raise DoseError(f"A dose came with more than {DIGITS} digits. Give it in whole IU.")
    return shown


class Dimension(StrEnum):
    """What a unit measures, in words for a message."""

    PRESSURE = "a pressure"
    TEMPERATURE = "a temperature"
    SHARE = "a percentage"
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
    UNITS = "a number of international units"
    WEIGHED_UNITS = "international units per kilogram"
    UNIT_RATE = "international units per time"


@dataclass(frozen=True, slots=True)
class Unit:
    """One UCUM code: `(value + offset) × factor` is the value in the first unit of its dimension below."""

    code: str
    words: str  # as people read it; never "U", never a "µ" before a mass (hazard H04)
    dimension: Dimension
    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)


# Definitions, all exact. mm[Hg]: 13,595.1 kg/m³ × 9.80665 m/s² × 1 mm (the conventional millimetre of mercury).
UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.code: unit
        for unit in (
            Unit("mm[Hg]", "mmHg", Dimension.PRESSURE),
            Unit("kPa", "kPa", Dimension.PRESSURE, 1 / Fraction("0.133322387415")),
            Unit("Cel", "°C", Dimension.TEMPERATURE),
            Unit("[degF]", "°F", Dimension.TEMPERATURE, Fraction(5, 9), Fraction(-32)),
            Unit("%", "%", Dimension.SHARE),
            Unit("/min", "per minute", Dimension.FREQUENCY),
            Unit("{beats}/min", "beats per minute", Dimension.FREQUENCY),
            Unit("{breaths}/min", "breaths per minute", Dimension.FREQUENCY),
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
            Unit("L/min", "L/min", Dimension.FLOW),
            Unit("mL/min", "mL/min", Dimension.FLOW, Fraction(1, 1000)),
            Unit("mL/h", "mL/h", Dimension.FLOW, Fraction(1, 60_000)),
            Unit("mL/min/{1.73_m2}", "mL/min per 1.73 m²", Dimension.INDEXED_FLOW),
            Unit("ug/min", "microgram/min", Dimension.MASS_RATE),
            Unit("ug/kg/min", "microgram/kg/min", Dimension.WEIGHED_RATE),
            Unit("[iU]", "IU", Dimension.UNITS),
            Unit("10*6.[iU]", "million IU", Dimension.UNITS, Fraction(MILLION)),
            Unit("[iU]/kg", "IU/kg", Dimension.WEIGHED_UNITS),
            Unit("[iU]/min", "IU/min", Dimension.UNIT_RATE),
        )
    }
)


def convert(value: Decimal, unit: str, finding: Finding) -> Decimal:
    """The value in the finding's own unit, converted exactly.

    At most 15 significant digits are kept; what does not fit is rounded toward the finding's worse side,
    so a conversion never carries a value across a limit to the safe side, and never reverses an order.

    Raises
    ------
    UnitError
        When the unit is missing, unknown, of another kind, or not one that this finding is read in.
    InputError
        When the value is not a finite number of ordinary size.
    """
    if unit not in finding.units:
        raise UnitError(_refusal(unit, finding))
    if not measurable(value):
        raise InputError(
            f"{_name(finding)} came as a value that no measurement has. "
            "We read finite numbers of ordinary size. Correct it at its source; it was not used."
        )
    if unit == finding.unit and len(value.as_tuple().digits) <= DIGITS:
        return value
    return exact(_in_own_unit(Fraction(value), unit, finding), finding.worse)


def _in_own_unit(value: Fraction, unit: str, finding: Finding) -> Fraction:
    if unit == finding.unit:
        return value
    if unit not in UNITS or finding.unit not in UNITS:
        raise ProtocolError(f"The vocabulary's finding '{finding.name}' names a unit outside our table.")
    source, target = UNITS[unit], UNITS[finding.unit]
    base = (value + source.offset) * source.factor
    return base * _bridge(source, target, finding) / target.factor - target.offset


def _bridge(source: Unit, target: Unit, finding: Finding) -> Fraction:
    """1 within a dimension; between mg/dL and umol/L the analyte's own molar factor."""
    if source.dimension is target.dimension:
        return Fraction(1)
    if {source.dimension, target.dimension} == _MASS_AND_AMOUNT and finding.molar:
        molar = Fraction(finding.molar)
        return molar if target.dimension is Dimension.AMOUNT_CONCENTRATION else 1 / molar
    raise ProtocolError(
        f"The vocabulary's finding '{finding.name}' accepts {source.code}, which we cannot turn into {target.code}."
    )


_MASS_AND_AMOUNT = {Dimension.MASS_CONCENTRATION, Dimension.AMOUNT_CONCENTRATION}


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
        raise UnitError(f"A value in {_quoted(unit)} cannot be shown. We show the units of our table only.")
    return f"{number(value)} {UNITS[unit].words}"


def number(value: Decimal) -> str:
    """A number as people read it: exact, no trailing zeros, no naked point, no exponent; commas from 10,000 up."""
    text = format(value, ",f" if abs(value) >= 10_000 else "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if value == 0 else text.replace("-", "−")


def json_number(value: Decimal) -> int | float:
    """The same number for a JSON document; up to 15 digits go through a double unchanged."""
    return int(value) if value == value.to_integral_value() else float(value)


def parse_decimal(text: str) -> Decimal:
    """The number that a person typed or a table holds: `-12.5`, and no other way to write it (hazard H05).

    Raises
    ------
    InputError
        For anything but ASCII digits, one optional minus before them and one optional point between them.
        The text is not repeated: in a shifted column it may be a name or a birth date.
    """
    if _DECIMAL.fullmatch(text) and len(text) <= LONGEST_NUMBER:
        return Decimal(text) or Decimal(0)
    raise InputError(
        f"A number came {_number_fault(text)}. We read digits with one point, such as 12.5 or -0.4. "
        "Write it so; it was not used."
    )


LONGEST_NUMBER = 40  # characters as typed; digits and power of ten once read
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def _number_fault(text: str) -> str:
    plain = text.strip().lower()
    faults = {
        f"with {len(text)} characters, more than {LONGEST_NUMBER}": len(text) > LONGEST_NUMBER,
        "empty": not plain,
        "as a word that is not a finite number": plain.lstrip("+-") in ("nan", "inf", "infinity"),
        "with digits of another script": any(c.isdigit() and not c.isascii() for c in plain),
        "with a comma": "," in plain,
        "with an exponent": re.fullmatch(r"[-+]?[0-9.]+e[-+]?[0-9]+", plain) is not None,
        "with a point that lacks a digit before or after it": plain.lstrip("+-").startswith(".") or plain.endswith("."),
        "with a plus sign": plain.startswith("+"),
        "with blanks around it": text != text.strip(),
    }
    return next((fault for fault, present in faults.items() if present), "as text that is no plain number")


def measurable(value: Decimal) -> bool:
    """Whether a value is finite and of a size that a measurement can have; others only cost time (our policy)."""
    if not value.is_finite() or abs(value.adjusted()) > LONGEST_NUMBER:
        return False
    return len(value.as_tuple().digits) <= LONGEST_NUMBER


def _refusal(unit: str, finding: Finding) -> str:
    if not finding.units:
        return f"{_name(finding)} is not read with a unit: it is computed or judged. Send what it is computed from."
    came = f"in {_quoted(unit)}" if unit else "without a unit"
    return (
        f"{_name(finding)} came {came}. We read {_either(finding.units)}. "
        f"{_reason(unit, finding)} Check the unit at its source; the value was not used."
    )


def _reason(unit: str, finding: Finding) -> str:
    if not unit:
        return "A number without a unit is never guessed."
    known, own = UNITS.get(unit), UNITS.get(finding.unit)
    if known is None or own is None:
        alike = (each for each in finding.units if _differ_in_spelling_only(unit, each))
        return f"That is no unit we know.{nearest(unit, alike)}"
    if unit == "U" and own.dimension is Dimension.UNITS:
        return _DOSE_REFUSALS["U"].strip()
    same = known.dimension is own.dimension
    if same or ({known.dimension, own.dimension} == _MASS_AND_AMOUNT and finding.molar):
        return "That unit is of the right kind, but this finding is not read in it."
    return f"That is the unit of {known.dimension}, not of {own.dimension}."


def _differ_in_spelling_only(came: str, known: str) -> bool:
    """Case, brackets, a micro sign, an end cut off; never another prefix, for mmol is not umol."""
    one, other = _plain(came), _plain(known)
    return one.startswith(other) or other.startswith(one)


def _plain(unit: str) -> str:
    letters = unit.lower().replace("µ", "u").replace("μ", "u").replace("mcg", "ug")
    return "".join(each for each in letters if each not in "[]{} ")


def _name(finding: Finding) -> str:
    return finding.words[:1].upper() + finding.words[1:]


def _either(words: tuple[str, ...]) -> str:
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def _quoted(unit: str) -> str:
    """The unit as it came, unless it looks like no unit at all: then it may be anything, a name included."""
    return f"'{unit}'" if re.fullmatch(r"(?=.*[A-Za-zµμ%/])[!-~µμ°²]{1,20}", unit) else "a text that is no unit"
