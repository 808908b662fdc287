"""One charted value of one finding, as the questions see it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Value = Decimal | bool | str  # a number in the finding's unit, a flag, or a code


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """A value that somebody charted, with everything that decides how far it may be trusted.

    A row is asked twice. `worst` may make it *yes*: it is the value itself, or the worst value that an unclear
    entry admits. `valid` may make it *no*: it is None while the entry has a `fault` (preliminary, implausible,
    a comparator, without a usable time...). An entry with a fault is kept and reported, never dropped.
    """

    finding: str
    id: str
    time: datetime  # when it was so at the bedside; the end of `period` where there is one
    start: datetime | None = None  # the beginning of a collection period (urine, bag, infusion)
    worst: Value | None = None
    valid: Value | None = None
    low: Decimal | None = None  # the reference range printed with this result
    high: Decimal | None = None
    text: str = ""  # as it came: "87 %", "221 umol/L"
    fault: str | None = None  # why it may not answer no
    role: str | None = None  # who judged it: physician, nurse, pharmacist
