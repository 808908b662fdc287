"""How far a charted value may be trusted: the one place that says it.

Every reader hands over what came as a `Raw`, and gets back a `Charted` whose `worst` may answer *yes* and whose
`valid` may answer *no*. Whatever is unclear becomes a fault: a sentence that says what came, what is accepted and
what to do. A fault takes `valid` away; it leaves `worst` wherever the entry still admits a worst value, so that
doubt can hold a dose and can never permit one (semantics: "asked twice"; hazards H13 to H17 and H35 to H43).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from aldes.errors import InputError
from aldes.findings.charted import Charted, Value
from aldes.findings.convert import convert
from aldes.findings.vocabulary import Finding, Group, Kind, Worse
from aldes.numbers import measurable, number
from aldes.units import UNITS

CLOCK_SKEW = timedelta(minutes=5)  # hazard H16: two clocks may differ by this much, our policy
MOST_DIGITS = 40  # our policy: no measurement has more; a longer number is a fault of its source
TRUSTED = frozenset({"final", "amended", "corrected"})
WITHDRAWN = frozenset({"cancelled", "entered-in-error"})
_NAMED_STATUS = frozenset({"registered", "preliminary", "unknown"}) | WITHDRAWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """A value as it came, before anything is believed."""

    finding: Finding
    id: str
    value: Value | None = None
    unit: str | None = None  # UCUM code; None where none came
    comparator: str = ""  # "<", "<=", ">=", ">"
    range: tuple[Decimal | None, Decimal | None] | None = None  # a value that came as a range; None is an open end
    status: str = "final"
    time: datetime | None = None  # with a zone; of an imprecise time the latest instant it can mean
    start: datetime | None = None  # the beginning of a collection period
    low: Decimal | None = None  # reference range, in the unit of the value
    high: Decimal | None = None
    imprecise: str = ""  # why the time is not one instant: date only, no zone, missing
    role: str | None = None
    text: str = ""  # as it came; built from value and unit where empty
    faults: tuple[str, ...] = ()  # what the reader already saw


def chart(raw: Raw, recorded_at: datetime) -> Charted:
    """The entry with its worst admitted value, and with a valid one only if nothing is doubtful.

    `recorded_at` is when the record learned it; nothing may have happened later than that.
    """
    worst, value_faults = _worst(raw)
    time, time_faults = _time(raw, recorded_at)
    start, period_faults = _period(raw, time)
    faults = (*raw.faults, *_status_faults(raw), *value_faults, *time_faults, *period_faults)
    if raw.status in WITHDRAWN:
        worst = None
    low, high = _limits(raw)
    return Charted(
        finding=raw.finding.name,
        id=raw.id,
        time=time,
        start=start,
        worst=worst,
        valid=None if faults else worst,
        low=low,
        high=high,
        text=raw.text or _as_it_came(raw),
        fault=" ".join(faults) or None,
        role=raw.role,
    )


_Faults = tuple[str, ...]


def _worst(raw: Raw) -> tuple[Value | None, _Faults]:
    """The worst value that the entry admits, and why it is not the plain value."""
    if raw.value is None and raw.range is None:
        return None, () if raw.faults else (f"No value came for {raw.finding.words}. Chart it again with its value.",)
    match raw.finding.kind:
        case Kind.FLAG:
            return _flag(raw)
        case Kind.CODE:
            return _code(raw)
        case Kind.NUMBER:
            return _range(raw) if raw.range is not None else _number(raw)


def _flag(raw: Raw) -> tuple[Value | None, _Faults]:
    if isinstance(raw.value, bool):
        return raw.value, ()
    return None, (f"{_name(raw)} came as {_sort(raw.value)}. We read yes or no (true or false). Chart it so.",)


def _code(raw: Raw) -> tuple[Value | None, _Faults]:
    if isinstance(raw.value, str) and raw.value in raw.finding.codes:
        return raw.value, ()
    came = "a word that is not on its list" if isinstance(raw.value, str) else _sort(raw.value)
    accepted = ", ".join(f"'{code}'" for code in raw.finding.codes)
    return None, (f"{_name(raw)} came as {came}. We read {accepted}. Chart one of these.",)


def _number(raw: Raw) -> tuple[Decimal | None, _Faults]:
    value = raw.value
    if isinstance(value, bool) or not isinstance(value, Decimal):
        return None, (f"{_name(raw)} came as {_sort(value)}. We read a number with its unit. Chart it so.",)
    converted, fault = _in_own_unit(raw, value)
    if converted is None:
        return None, (fault,)
    if raw.comparator:
        return _compared(raw, converted)
    return _survivable(raw, converted)


def _in_own_unit(raw: Raw, value: Decimal) -> tuple[Decimal | None, str]:
    """The number in the finding's own unit, or why there is none: a number without its unit is no value."""
    if not value.is_finite() or len(value.as_tuple().digits) > MOST_DIGITS:
        return None, f"{_name(raw)} came as a number that no measurement has. Correct it at its source."
    try:
        return _convert(value, raw.unit or "", raw.finding), ""
    except InputError as refusal:
        return None, str(refusal)


def _convert(value: Decimal, unit: str, finding: Finding) -> Decimal:
    """The one place that knows how to call the table of units."""
    return convert(value, unit, finding)


def _survivable(raw: Raw, value: Decimal) -> tuple[Decimal | None, _Faults]:
    """Outside the survivable range the value may still hold, if it lies beyond the worse end; it never permits."""
    if raw.finding.survivable is None:
        return value, ()
    lowest, highest = raw.finding.survivable
    if lowest <= value <= highest:
        return value, ()
    beyond = Worse.LOW if value < lowest else Worse.HIGH
    fault = (
        f"{_name(raw)} of {number(value)} {raw.finding.unit} is implausible. "
        f"We take {number(lowest)} to {number(highest)}. Measure again, or correct value and unit at their source."
    )
    return (value if beyond is raw.finding.worse else None), (fault,)


def _compared(raw: Raw, limit: Decimal) -> tuple[Decimal | None, _Faults]:
    """ "Below 30" is not 30: it counts as the worst value that it admits (hazard H37)."""
    fault = f"{_name(raw)} came with a comparator. We read a measured number. Ask for the number itself."
    if raw.comparator not in ("<", "<=", ">=", ">") or raw.finding.survivable is None:
        return None, (fault,)
    lowest, highest = raw.finding.survivable
    below = raw.comparator.startswith("<")
    match raw.finding.worse:
        case Worse.LOW:
            worst, implausible = _survivable(raw, min(limit, lowest) if below else limit)
        case Worse.HIGH:
            worst, implausible = _survivable(raw, limit if below else max(limit, highest))
        case _:
            return None, (fault,)
    return worst, (fault, *implausible)


def _range(raw: Raw) -> tuple[Decimal | None, _Faults]:
    """A range counts as its worse end; an open end reaches to the end of the survivable range."""
    fault = f"{_name(raw)} came as a range. We read one measured number. Ask for the number itself."
    if raw.finding.worse is Worse.NONE or raw.finding.survivable is None or raw.range is None:
        return None, (fault,)
    side = 0 if raw.finding.worse is Worse.LOW else 1
    ends: list[Decimal] = []
    for end, extreme in zip(raw.range, raw.finding.survivable, strict=True):
        converted, refusal = (extreme, "") if end is None else _in_own_unit(raw, end)
        if converted is None:
            return None, (fault, refusal)
        ends.append(converted)
    if ends[0] > ends[1] or raw.range == (None, None):
        return None, (f"{_name(raw)} came as a range whose ends are missing or reversed. Correct it at its source.",)
    worst, implausible = _survivable(raw, ends[side])
    return worst, (fault, *implausible)


def _status_faults(raw: Raw) -> _Faults:
    if raw.status in TRUSTED:
        return ()
    came = f"'{raw.status}'" if raw.status in _NAMED_STATUS else "missing or unknown"
    return (
        f"The status of {raw.finding.words} is {came}. We read final, amended or corrected. Ask for the final one.",
    )


def _time(raw: Raw, recorded_at: datetime) -> tuple[datetime, _Faults]:
    """When it was so: the latest instant that the time can mean, never later than the record learned it.

    The latest, because an unclear new value must not hide behind an older good one.
    """
    if raw.imprecise or raw.time is None or raw.time.tzinfo is None:
        why = raw.imprecise or "is missing or has no zone"
        latest = recorded_at if raw.time is None or raw.time.tzinfo is None else min(raw.time, recorded_at)
        fault = f"The time of {raw.finding.words} {why}. We read date, time and zone. Chart it with all three."
        return latest, (fault,)
    if raw.time > recorded_at + CLOCK_SKEW:
        fault = (
            f"The time of {raw.finding.words} lies in the future. "
            "We take at most 5 minutes of difference between clocks. Check the clock and the entry."
        )
        return recorded_at, (fault,)
    return raw.time, ()


def _period(raw: Raw, time: datetime) -> tuple[datetime | None, _Faults]:
    """An amount needs the period in which it was collected (hazard H44); a measurement has one instant."""
    start = raw.start if raw.start is None or raw.start.tzinfo else None
    if raw.finding.group is Group.FLUID:
        if start is not None and start < time:
            return start, ()
        fault = f"{_name(raw)} came with no collection period. We read a start and a later end. Chart both."
        return None, (fault,)
    if raw.start is None or start == raw.time:
        return None, ()
    return None, (f"{_name(raw)} came over a period. We read the one instant of a measurement. Chart that.",)


def _limits(raw: Raw) -> tuple[Decimal | None, Decimal | None]:
    """The reference range in the finding's unit, rounded to be harder to meet; none where it cannot be right."""
    harder = {Worse.LOW: Worse.HIGH, Worse.HIGH: Worse.LOW}.get(raw.finding.worse, Worse.NONE)
    stricter = replace(raw, finding=replace(raw.finding, worse=harder))
    low, high = (None if limit is None else _in_own_unit(stricter, limit)[0] for limit in (raw.low, raw.high))
    if low is not None and high is not None and low > high:
        return None, None
    return low, high


def _as_it_came(raw: Raw) -> str:
    """Value and unit for people; never a free text, which could hold anything."""
    if isinstance(raw.value, bool):
        return "yes" if raw.value else "no"
    if isinstance(raw.value, str):
        return raw.value if raw.value in raw.finding.codes else ""
    if raw.value is None or not measurable(raw.value) or len(raw.value.as_tuple().digits) > MOST_DIGITS:
        return ""
    unit = UNITS[raw.unit].words if raw.unit and raw.unit in UNITS else "(unit not read)"
    return " ".join(part for part in (raw.comparator, number(raw.value), unit) if part)


def _sort(value: Value | None) -> str:
    if isinstance(value, bool):
        return "yes or no"
    return "text" if isinstance(value, str) else "a number"


def _name(raw: Raw) -> str:
    return raw.finding.words[:1].upper() + raw.finding.words[1:]
