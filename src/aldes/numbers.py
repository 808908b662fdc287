"""Numbers as they are kept, read and shown: exact decimals of at most 15 significant digits.

Decimals of up to 15 digits and the doubles nearest to them order alike, so that a value and a limit compare the
same way in every back end.
"""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import cache

from aldes.errors import InputError

DIGITS = 15


def exact(value: Fraction, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """A fraction as a decimal of at most 15 digits; what does not fit is rounded the way that is asked for."""
    quotient = _context(rounding).divide(Decimal(value.numerator), Decimal(value.denominator))
    return quotient if quotient else Decimal(0)


@cache
def _context(rounding: str) -> Context:
    return Context(prec=DIGITS, rounding=rounding)


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
