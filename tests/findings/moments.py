"""Moments to ask: a well patient before dose 6, changed in one respect, and the entries that change it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from aldes.findings.charted import Charted, Value
from aldes.findings.moment import Moment, Statement
from aldes.findings.read import parse, text, vocabulary

NOW = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)
LAST_DOSE = NOW - timedelta(hours=8)
CYCLE_START = NOW - timedelta(hours=40)
FRESH = timedelta(hours=12)  # how old a required measurement may be here
MEASURED = ("systolic", "diastolic", "heart_rate", "spo2", "creatinine", "platelets", "bilirubin", "weight", "urine")
WELL = {
    "systolic": 118,
    "diastolic": 71,
    "heart_rate": 88,
    "spo2": 97,
    "creatinine": "1.1",
    "platelets": 160,
    "bilirubin": "0.8",
    "weight": 70,
}

_ids = count(1)


def ago(hours: float) -> datetime:
    """So many hours before now."""
    return NOW - timedelta(hours=hours)


def number(value: object) -> Value | None:
    """A value as an entry holds it: whole numbers and quoted decimals become decimals, words and flags stay."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return Decimal(value)
    return value if value is None or isinstance(value, bool | str | Decimal) else None


def charted(
    finding: str,
    value: object,
    hours_ago: float = 1,
    *,
    over_h: float | None = None,
    fault: str | None = None,
    role: str | None = None,
    low: object = None,
    high: object = None,
) -> Charted:
    """An entry; with a `fault` it may answer yes and never no. `over_h`: how long the collection took."""
    value, time = number(value), ago(hours_ago)
    low, high = number(low), number(high)
    return Charted(
        finding=finding,
        id=f"entry-{next(_ids)}",
        time=time,
        start=None if over_h is None else time - timedelta(hours=over_h),
        worst=value,
        valid=None if fault else value,
        low=low if isinstance(low, Decimal) else None,
        high=high if isinstance(high, Decimal) else None,
        fault=fault,
        role=role,
    )


def preliminary(finding: str, value: object, hours_ago: float = 1, *, over_h: float | None = None) -> Charted:
    """A value that is not yet final."""
    return charted(finding, value, hours_ago, over_h=over_h, fault="not final")


def well_patient() -> Moment:
    """Before dose 6, 8 hours after dose 5, measured one hour ago, with a statement for each organ system."""
    entries = [charted(name, value) for name, value in WELL.items()]
    entries += [charted("weight", 68, 41), charted("urine", 400, 0.5, over_h=8)]
    return with_entries(bare(), *entries, statements=vocabulary().systems)


def bare() -> Moment:
    """The same patient with nothing charted and nothing stated."""
    return Moment(
        now=NOW,
        vocabulary=vocabulary(),
        max_age=dict.fromkeys(MEASURED, FRESH),
        slot_opened=LAST_DOSE,
        last_dose=LAST_DOSE,
        cycle_start=CYCLE_START,
        course_start=CYCLE_START,
    )


def with_entries(moment: Moment, *entries: Charted, statements: Iterable[str] = ()) -> Moment:
    """The moment with more entries, each in its place in time, and with statements made half an hour ago."""
    series = {name: list(found) for name, found in moment.series.items()}
    for entry in entries:
        series.setdefault(entry.finding, []).append(entry)
    made = {system: Statement(system=system, time=ago(0.5)) for system in statements}
    return replace(
        moment,
        series={name: tuple(sorted(found, key=lambda each: each.time)) for name, found in series.items()},
        statements={**moment.statements, **made},
    )


def only(*entries: Charted, statements: Iterable[str] = ()) -> Moment:
    """A patient of whom nothing but these entries is known."""
    return with_entries(bare(), *entries, statements=statements)


# Each argument of each op that no shipped finding uses yet.
_MORE = """
[[derived]]
name = "systolic_low_4h"
words = "lowest systolic blood pressure in 4 hours"
op = "min"
of = "systolic"
window_h = 4

[[derived]]
name = "heart_rate_high"
words = "highest heart rate of the cycle"
op = "max"
of = "heart_rate"
since = "cycle"

[[derived]]
name = "dopamine_max_6h"
words = "highest dopamine rate in 6 hours"
op = "max"
of = "dopamine"
window_h = 6

[[derived]]
name = "platelets_since_dose"
words = "change of platelets since the last dose"
op = "change"
of = "platelets"
against = "last_dose"

[[derived]]
name = "dialysis_now_hours"
words = "present dialysis"
op = "hours_while"
of = "dialysis"
episode = "current"

[[derived]]
name = "seizures_in_cycle"
words = "seizures in this cycle"
op = "count"
of = "seizure"
since = "cycle"
"""
WIDER = parse(text() + _MORE, "wider")
