"""The case lines of each protocol: what every row must answer, written from the evidence and not from the predicate."""

import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

BLOCKS = ("case", "series")


@cache
def read_cases(protocol: str) -> dict[str, Any]:
    """The case file of a protocol, as written; empty for a protocol without one."""
    file = files("aldes.protocols").joinpath("cases", f"{protocol}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def lines_by_row(protocol: str) -> dict[str, int]:
    """How many case lines each row has, and each counting rule under its name."""
    cases = read_cases(protocol)
    lines = Counter(str(each["row"]) for block in BLOCKS for each in cases.get(block, []))
    lines.update(str(each["rule"]) for each in cases.get("count", []))
    return dict(lines)
