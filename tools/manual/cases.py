"""Case lines as a reader sees them: each value that was tried, where it lies against the limit, and the answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from aldes.protocols.cases import read_cases
from manual.asking import finding, value
from manual.blocks import cell
from manual.data import data_tables
from manual.page import Cell, Line, Table, joined, lines, run

CRITERION = {"no": "no", "yes": "yes"}  # keys of a line, and what each says of the row's question
STANDING = {"stays": "stays", "resume": "ends"}  # and of a hold that stands
AGAIN = {"yes": "ends", "no": "stays", "unknown": "unknown: stays"}  # what the resume question's answer means
HEADS = ("value", "criterion met", "a standing hold")
SHOWN = {  # blocks of a case file that have a table of their own
    "case",
    "series",
    "count",
    "relative",
    "absolute",
    "uncovered",
}


def tables_of(protocol: str, row: str) -> tuple[Table, ...]:
    """The case lines of one row, as one table; none where it has no lines."""
    cases = read_cases(protocol)
    own = [(block, each) for block, held in cases.items() for each in held if each.get("row") == row]
    found = [
        *(line for _, each in own if "finding" in each for line in _case(each)),
        *(line for block, each in own if block == "series" for line in _series(each)),
    ]
    values = (_table(f"Case lines of {row}", found),) if found else ()
    rest = [(block, each) for block, each in own if "finding" not in each and block not in SHOWN]
    return (*values, *_of_another_form(rest, row))


def _of_another_form(own: Sequence[tuple[str, Mapping[str, Any]]], row: str) -> Iterator[Table]:
    """Lines about a row that are no values of a finding: what is owed, advised, listed."""
    for block in dict.fromkeys(block for block, _ in own):
        found = [_without_row(each) for name, each in own if name == block]
        yield from data_tables({block: found}, f"Case lines of {row}:", folded=True)


def _without_row(block: Mapping[str, Any]) -> dict[str, Any]:
    return {key: held for key, held in block.items() if key != "row"}


def of_no_row(protocol: str) -> dict[str, Any]:
    """The lines that are about no one row and have no table of their own yet."""
    cases = read_cases(protocol)
    found = {key: [each for each in cases[key] if "row" not in each] for key in cases if key not in SHOWN}
    return {key: held for key, held in found.items() if held}


def names_no_row(protocol: str) -> bool:
    """Whether there are lines about what runs and no row names."""
    return bool(read_cases(protocol).get("uncovered"))


def uncovered(protocol: str, row: str) -> tuple[Table, ...]:
    """The case lines of what runs and no row names."""
    found = [
        line
        for each in read_cases(protocol).get("uncovered", [])
        if f"NO-ROW-{each['finding']}" == row
        for line in _case(each)
    ]
    return (_table(f"Case lines of {row}", found),) if found else ()


def counting(protocol: str) -> tuple[Table, ...]:
    """The case lines of the counting rules, and what counts as one criterion."""
    cases = read_cases(protocol)
    counts = tuple(_count(each) for each in cases.get("count", []))
    heads = ("criteria that are yes", "not easily reversed", "answer", "rule", "words", "source")
    found = [Table(caption="Case lines of the counting rules", heads=heads, lines=counts)] if counts else []
    for kind in ("relative", "absolute"):
        if blocks := cases.get(kind, []):
            body = tuple(Line(cells=(each["words"], ", ".join(each["rows"]), _source(each))) for each in blocks)
            caption = f"What is one {kind} criterion" if kind == "relative" else "Absolute criteria"
            found.append(Table(caption=caption, heads=("words", "rows", "source"), lines=body))
    return tuple(found)


def _table(caption: str, found: Sequence[Line]) -> Table:
    number = sum(each.heading != "" for each in found)
    words = "1 case line" if number == 1 else f"{number} case lines"
    width = 3 if any(each.cells[2:] not in ((), ("",)) for each in found) else 2  # a stop has no standing hold
    body = tuple(replace(each, cells=each.cells[:width]) for each in found)
    return Table(caption=f"{caption} ({words})", heads=HEADS[:width], lines=body, folded=True, narrow=True)


# ── one finding that varies ──


def _case(block: Mapping[str, Any]) -> Iterator[Line]:
    given = [run(finding(name), f" {value(held, name)}") for name, held in block.get("given", {}).items()]
    settings = [f"{key} {held}" for key, held in block.get("settings", {}).items()]
    yield Line(heading=_heading(block, finding(block["finding"]), (*given, *settings)))
    criterion, standing = _answers(block, CRITERION), _answers(block, STANDING)
    for held in sorted({**criterion, **standing}, key=_sortable):
        yield Line(cells=(value(held, block["finding"]), criterion.get(held, ""), standing.get(held, "")))


def _answers(block: Mapping[str, Any], sides: Mapping[str, str]) -> dict[Any, str]:
    """The answer to each value that was tried, with where the value lies: "no, at the limit"."""
    tried = [(held, key) for key in sides for held in block.get(key, [])]
    limit = _limit(tried)
    return {held: sides[key] + _against(held, limit) for held, key in tried}


def _heading(block: Mapping[str, Any], tried: Cell, given: tuple[Cell, ...]) -> Cell:
    with_given = run("with ", joined(given)) if given else ""
    return lines(block["words"], run("tried: ", tried), with_given, run("source: ", _source(block)))


def _limit(tried: Sequence[tuple[Any, str]]) -> Decimal | None:
    """The printed limit: where the answer changes, the one of the two values with fewer decimals, if it is one."""
    numbers = sorted((_decimal(held), key) for held, key in tried if not isinstance(held, bool | str))
    changes = [(low[0], high[0]) for low, high in pairwise(numbers) if low[1] != high[1]]
    if len(changes) != 1:
        return None
    low, high = sorted(changes[0], key=_decimals)
    return low if _decimals(low) < _decimals(high) or changes[0][1] - changes[0][0] != 1 else None


def _against(held: Any, limit: Decimal | None) -> str:
    if limit is None or isinstance(held, bool | str):
        return ""
    number = _decimal(held)
    side = "at" if number == limit else "below" if number < limit else "above"
    return f", {side} the limit"


def _decimal(held: Any) -> Decimal:
    return Decimal(repr(held)) if isinstance(held, float) else Decimal(held)


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _sortable(held: Any) -> tuple[int, Decimal | str]:
    return (1, held) if isinstance(held, str) else (0, Decimal(held) if isinstance(held, bool) else _decimal(held))


def _source(block: Mapping[str, Any]) -> Cell:
    return cell(block["source"], name="source")


# ── entries in time ──


def _series(block: Mapping[str, Any]) -> Iterator[Line]:
    given = tuple(run(finding(name), f" {value(held, name)}") for name, held in block.get("given", {}).items())
    now = datetime.fromisoformat(block["now"])
    times = [f"asked {now:%Y-%m-%d %H:%M}"]
    known = {
        "last_dose": "last dose",
        "first_dose": "dose 1",
        "course_start": "dose 1 of cycle 1",
        "onset": "held since",
    }
    times += [f"{words} {_time(block[key], now)}" for key, words in known.items() if key in block]
    yield Line(heading=_heading(block, "entries in time", given))
    entries = lines(*(_entry(each, now) for each in block.get("entries", [])), *times)
    expected = str(block["expect"])
    yield Line(cells=(entries, "", AGAIN[expected]) if "onset" in block else (entries, expected, ""))


def _entry(entry: Mapping[str, Any], now: datetime) -> Cell:
    name = str(entry["finding"])
    at = f"at {_time(entry['time'], now)}" if "time" in entry else ""
    period = f"from {_time(entry['start'], now)} to {_time(entry['end'], now)}" if "start" in entry else ""
    known = {"finding", "value", "time", "start", "end"}
    rest = "".join(f", {key} {value(held, name)}" for key, held in entry.items() if key not in known)
    return run(finding(name), f" {value(entry['value'], name)} {at or period}{rest}")


def _time(text: str, now: datetime) -> str:
    time = datetime.fromisoformat(text)
    return f"{time:%H:%M}" if time.date() == now.date() else f"{time:%m-%d %H:%M}"


# ── counting rules ──


def _count(block: Mapping[str, Any]) -> Line:
    groups = " or ".join(str(each) for each in block.get("relative_groups", [0]))
    criteria = f"{groups} relative, {block.get('absolute', 0)} absolute"
    judged = {True: "yes", False: "no", None: "nobody has judged it"}[block.get("not_easily_reversed")]
    return Line(cells=(criteria, judged, block["expect"], block["rule"], block["words"], _source(block)))
