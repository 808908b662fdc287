"""The case lines of each protocol: what every row must answer, written from the evidence and not from the predicate."""

import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.protocols.layers import layers, names_of_protocols

BLOCKS = ("case", "series", "when", "owed", "advice", "listed")  # those that are about one row


@cache
def read_cases(protocol: str) -> dict[str, Any]:
    """The case lines of a protocol and of the layers that it extends, the base first; empty without any."""
    found: dict[str, list[Any]] = {}
    for name in [each for each, _ in layers(protocol)] if protocol in names_of_protocols() else [protocol]:
        file = files("aldes.protocols").joinpath("cases", f"{name}.toml")
        for block, lines in tomllib.loads(file.read_text(encoding="utf-8")).items() if file.is_file() else ():
            found.setdefault(block, []).extend(lines)
    return found


def lines_by_row(protocol: str) -> dict[str, int]:
    """How many case lines each row has, and each counting rule under its name."""
    cases = read_cases(protocol)
    lines = Counter(str(each["row"]) for block in BLOCKS for each in cases.get(block, []))
    lines.update(str(each["rule"]) for each in cases.get("count", []))
    return dict(lines)


def lines_before(protocol: str) -> dict[str, int]:
    """The same for the rows asked before a course (`eligible`) and before the first dose of a cycle (`case`)."""
    cases = read_cases(protocol)
    return dict(Counter(str(each["row"]) for block in ("eligible", "case") for each in cases.get(block, [])))
