"""A published figure in words: value with its unit, count, interval, and why there is none."""

from decimal import Decimal

from aldes.evidence.series import Endpoint, Value
from aldes.numbers import number


def value_words(each: Endpoint) -> str:
    """The value as people read it: 25 %, 42.8 months, 10 to 20 %, not reached."""
    if each.missing:
        return str(each.missing)
    value: Value = each.value
    if isinstance(value, tuple):
        return f"{_plain(value[0], each.unit)} to {_with_unit(value[1], each.unit)}"
    return value if isinstance(value, str) else _with_unit(value, each.unit)


def basis_words(each: Endpoint) -> str:
    """What the value rests on: count, printed interval, range, p, comparator."""
    of = f"of {each.of:,}" if each.of is not None else ""
    count = f"{each.n:,} {of}".strip() if each.n is not None else of
    level = number((each.ci_level or Decimal(0)) * 100)
    parts = [
        count,
        f"{level} % interval {_plain(each.ci[0], each.unit)} to {_with_unit(each.ci[1], each.unit)}" if each.ci else "",
        f"range {number(each.range[0])} to {number(each.range[1])}" if each.range else "",
        f"p {each.p}" if each.p else "",
        f"against {each.comparator}" if each.comparator else "",
        f"grade {each.grade}" if each.grade else "",
    ]
    return "; ".join(part for part in parts if part)


def whom_words(each: Endpoint) -> str:
    """Which patients of the series: cohort, group, risk, tumour."""
    return ", ".join(part for part in (each.tumour, each.cohort, each.group, each.risk) if part)


def _is_share(unit: str) -> bool:
    return unit.startswith("proportion") or unit == "fraction"


def _plain(value: Decimal, unit: str) -> str:
    return number(value * 100) if _is_share(unit) else number(value)


def _with_unit(value: Decimal | None, unit: str) -> str:
    if value is None:
        return "no value"
    if _is_share(unit):
        return f"{number(value * 100)} %"
    return (
        number(value) if unit in ("count", "hazard ratio", "odds ratio", "correlation") else f"{number(value)} {unit}"
    )
