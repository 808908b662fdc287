"""Change every row beside the decision a little, and see that a case line notices.

    python tools/mutate_watched.py

What is watched, told, given, done and checked: its condition, its interval, its findings, each number of its advice,
its exact action, each class of drugs. It ends with 1 if a mutant survived without a reason, or if a reason is idle.
"""

import re
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from types import ModuleType

from aldes.phase import Phase
from aldes.protocols.care import Care, Exclusion, Fluid, Premedication, Titration
from aldes.protocols.interaction import Interaction
from aldes.protocols.monitor import Monitor, Often
from aldes.protocols.notify import Notify
from aldes.protocols.row import Cited
from mutate_rows import questions_near

HERE = Path(__file__).parent
REASONS = HERE / "mutate_watched_reasons.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change of one row."""

    protocol: str
    what: str
    row: Cited

    @property
    def name(self) -> str:
        """How the reasons file calls it."""
        return f"{self.protocol} {self.row.id}: {self.what}"


def main() -> int:
    watched, started = load(), time.perf_counter()
    tried = [each for protocol in watched.PROTOCOLS for each in of_protocol(protocol, watched)]
    survivors = [each.name for each in tried if not is_killed(each, watched)]
    reasons = read_reasons()
    excused = {name for name in survivors if any(fnmatchcase(name, each) for each in reasons)}
    open_ones = [name for name in survivors if name not in excused]
    idle = [each for each in reasons if not any(fnmatchcase(name, each) for name in excused)]
    for name in open_ones:
        print(f"survived: {name}", file=sys.stderr)
    for each in idle:
        print(f"{REASONS.name}: '{each}' explains no survivor; remove it.", file=sys.stderr)
    killed = len(tried) - len(survivors)
    print(f"beside the decision: {len(tried)} mutants, {killed} killed, {len(excused)} equivalent", end="")
    print(f", {len(open_ones)} survived, in {time.perf_counter() - started:.0f} s")
    return 1 if open_ones or idle else 0


def load() -> ModuleType:
    """The case lines and how they are asked, from the tests."""
    sys.path.insert(0, str(HERE.parent / "tests" / "protocols"))
    return import_module("watched")


def read_reasons() -> dict[str, str]:
    """Which mutants answer the same for every patient there can be, and why."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("reason", [])
    return {pattern: each["why"] for each in entries for pattern in each["mutants"]}


def of_protocol(protocol: str, watched: ModuleType) -> Iterator[Mutant]:
    """The mutants of every row of a protocol beside its decision; a base's rows under the first that extends it."""
    for row in watched.rows_beside(protocol).values():
        if not isinstance(row, Interaction) or protocol == watched.PROTOCOLS[0]:
            for what, changed in near(row):
                yield Mutant(protocol=protocol, what=what, row=changed)


def is_killed(mutant: Mutant, watched: ModuleType) -> bool:
    """Whether a case line contradicts the mutant."""
    lines = (line for line in watched.said(mutant.protocol) if line.table["row"] == mutant.row.id)
    return any(next(watched.contradictions(line, mutant.row), None) for line in lines)


def near(row: Cited) -> Iterator[tuple[str, Cited]]:
    """The row with one small change."""
    match row:
        case Monitor():
            yield from _monitors(row)
        case Notify(question=question, text=text):
            yield from ((what, replace(row, question=each)) for what, each in questions_near(question, text))
        case Care():
            yield from ((what, replace(row, question=each)) for what, each in questions_near(row.question, row.text))
            yield from ((what, replace(row, not_if=each)) for what, each in _exclusions(row.not_if))
            yield from ((what, replace(row, advice=each)) for what, each in _advice(row.advice))
            yield from ((what, replace(row, do=each)) for what, each in _actions(row.do))
            if row.recheck_min is not None:
                yield "rechecked later", replace(row, recheck_min=row.recheck_min + 1)
        case Premedication():
            yield from ((what, replace(row, not_if=each)) for what, each in _exclusions(row.not_if))
            yield from ((what, replace(row, advice=each)) for what, each in _advice(row.advice))
        case Interaction():
            yield from _interactions(row)


def _monitors(row: Monitor) -> Iterator[tuple[str, Cited]]:
    for often in Often:
        if often not in (row.often, Often.HOURS):
            yield f"each {often}", replace(row, often=often, every_h=None)
    for end in (0, 1) if row.every_h else ():
        for step in (Decimal("-0.1"), Decimal("0.1")):
            ends = list(row.every_h or ())
            ends[end] += step
            yield f"end {end + 1} by {step} h", replace(row, every_h=(ends[0], ends[1]))
    for name in row.findings:
        yield f"without {name}", replace(row, findings=tuple(each for each in row.findings if each != name))
    yield "spo2 added", replace(row, findings=(*row.findings, "urine" if "spo2" in row.findings else "spo2"))
    if row.question:
        yield from ((what, replace(row, question=each)) for what, each in questions_near(row.question, row.text))
    yield "in another phase", replace(row, phases=(Phase.SCREENING,))


def _exclusions(own: Exclusion | None) -> Iterator[tuple[str, Exclusion | None]]:
    if own is not None:
        yield "excluded by nothing", None
        for what, each in questions_near(own.question, own.text):
            yield f"not if: {what}", replace(own, question=each)


def _advice(text: str) -> Iterator[tuple[str, str]]:
    """The advice with one of its numbers ten times as large, one more, or left out."""
    for found in re.finditer(r"\d[\d,.]*\d|\d", text):
        for what, new in ((f"{found[0]}0", f"{found[0]}0"), (f"1{found[0]}", f"1{found[0]}"), ("no number", "")):
            yield f"{found[0]} at {found.start()} as {what}", text[: found.start()] + new + text[found.end() :]


def _actions(own: Fluid | Titration | None) -> Iterator[tuple[str, Fluid | Titration | None]]:
    match own:
        case Fluid():
            yield "more fluid", replace(own, fluid_ml=own.fluid_ml + 1)
            yield "slower", replace(own, over_min=own.over_min + 1)
            yield "no action", None
        case Titration():
            yield "from a higher rate", replace(own, start=own.start + own.step)
            yield "by larger steps", replace(own, step=own.step * 2)
            yield "up to a higher rate", replace(own, max=own.max + own.step)
            yield "no action", None


def _interactions(row: Interaction) -> Iterator[tuple[str, Cited]]:
    for code in row.atc:
        rest = tuple(each for each in row.atc if each != code)
        yield f"without {code}", replace(row, atc=rest)
        shorter = {3: 1, 4: 3, 5: 4, 7: 5}[len(code)]
        yield f"{code} as {code[:shorter]}", replace(row, atc=(*rest, code[:shorter]))
    for key, days in (("before_days", row.before_days), ("after_days", row.after_days)):
        changed: dict[str, Decimal | None] = {key: Decimal(14) if days is None else days + 1}
        yield f"{key} {changed[key]}", replace(row, **changed)  # type: ignore[arg-type]


if __name__ == "__main__":
    raise SystemExit(main())
