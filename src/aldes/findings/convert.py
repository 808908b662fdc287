"""Bring a value into its finding's own unit, exactly, or say why it cannot be."""

from decimal import Decimal
from fractions import Fraction

from aldes.errors import InputError, ProtocolError, UnitError, nearest
from aldes.findings.formula import exact
from aldes.findings.vocabulary import Finding
from aldes.numbers import DIGITS, measurable
from aldes.units import DOSE_REFUSALS, UNITS, Dimension, Unit, quoted


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


def _refusal(unit: str, finding: Finding) -> str:
    if not finding.units:
        return f"{_name(finding)} is not read with a unit: it is computed or judged. Send what it is computed from."
    came = f"in {quoted(unit)}" if unit else "without a unit"
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
        return DOSE_REFUSALS["U"].strip()
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
