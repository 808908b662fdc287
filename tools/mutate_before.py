"""Change every row asked before a course or a cycle a little, and see that a case line notices.

    python tools/mutate_before.py

Eligibility, retreatment, readiness and cycle 2: each criterion, whom it need not be asked of, each test. It ends with 1
if a mutant survived without a reason, or if a reason is idle.
"""

import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from aldes.findings.read import vocabulary
from aldes.protocols.eligibility import Eligibility, Retreatment
from aldes.protocols.read import read
from aldes.protocols.readiness import Cycle2, Readiness
from aldes.protocols.row import Cited, Protocol
from mutate_rows import questions_near

HERE = Path(__file__).parent
REASONS = HERE / "mutate_before_reasons.toml"
SECTIONS = ("eligibility", "retreatment", "readiness", "cycle2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change of one row: the same place among its changes, whatever the site's settings are."""

    protocol: str
    section: str
    row: str
    place: int
    what: str

    @property
    def name(self) -> str:
        """How the reasons file calls it."""
        return f"{self.protocol} {self.row}: {self.what}"

    def rewrite(self, protocol: Protocol) -> Protocol:
        """The protocol with this change."""
        rows = getattr(protocol, self.section)
        (own,) = (row for row in rows if row.id == self.row)
        changed = list(near(own))[self.place][1]
        kept = tuple(each for each in (changed if row is own else row for row in rows) if each is not None)
        sections: dict[str, Any] = {self.section: kept}
        return replace(protocol, **sections)


def main() -> int:
    cases, eligible = load()
    started = time.perf_counter()
    tried = [each for protocol in eligible.PROTOCOLS for each in of_protocol(protocol)]
    survivors = [each.name for each in tried if not is_killed(each, cases, eligible)]
    reasons = read_reasons()
    excused = {name for name in survivors if any(fnmatchcase(name, each) for each in reasons)}
    open_ones = [name for name in survivors if name not in excused]
    idle = [each for each in reasons if not any(fnmatchcase(name, each) for name in excused)]
    for name in open_ones:
        print(f"survived: {name}", file=sys.stderr)
    for each in idle:
        print(f"{REASONS.name}: '{each}' explains no survivor; remove it.", file=sys.stderr)
    killed = len(tried) - len(survivors)
    print(f"before a course: {len(tried)} mutants, {killed} killed, {len(excused)} equivalent", end="")
    print(f", {len(open_ones)} survived, in {time.perf_counter() - started:.0f} s")
    return 1 if open_ones or idle else 0


def load() -> tuple[ModuleType, ModuleType]:
    """The case lines and how they are asked, from the tests: before dose 1, and before a course."""
    sys.path.insert(0, str(HERE.parent / "tests" / "protocols"))
    return import_module("cases"), import_module("eligible")


def read_reasons() -> dict[str, str]:
    """Which mutants answer the same for every patient there can be, and why."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("reason", [])
    return {pattern: each["why"] for each in entries for pattern in each["mutants"]}


def of_protocol(protocol: str) -> Iterator[Mutant]:
    """The mutants of every row of a protocol that asks anything before a course or a cycle."""
    resolved = read(protocol, "demo")
    for section in SECTIONS:
        for row in getattr(resolved, section):
            for place, (what, _) in enumerate(near(row)):
                yield Mutant(protocol=protocol, section=section, row=row.id, place=place, what=what)


def is_killed(mutant: Mutant, cases: ModuleType, eligible: ModuleType) -> bool:
    """Whether a case line contradicts the mutant."""
    if mutant.section in ("readiness", "cycle2"):
        lines = [line for line in cases.lines(mutant.protocol) if line.row == mutant.row and line.block == "case"]
        return any(next(cases.disagreements(line, mutant.rewrite(line.site()), vocabulary()), None) for line in lines)
    lines = [line for line in eligible.eligible(mutant.protocol) if line.row == mutant.row]
    return any(next(eligible.disagreements(line, mutant.rewrite(line.site())), None) for line in lines)


def near(row: Cited) -> Iterator[tuple[str, Cited | None]]:
    """The row with one small change; None: without it."""
    match row:
        case Eligibility(question=None, tests=()):
            return  # words alone
        case Eligibility():
            if row.question is not None:
                yield from (
                    (what, replace(row, question=each)) for what, each in questions_near(row.question, row.text)
                )
            yield from _tests(row)
            if row.unless is not None:
                yield "asked of everybody", replace(row, unless=None)
                for what, each in questions_near(row.unless, row.unless_text):
                    yield f"unless: {what}", replace(row, unless=each)
        case Retreatment() | Readiness():
            yield from ((what, replace(row, question=each)) for what, each in questions_near(row.question, row.text))
        case Cycle2():
            if row.question is not None:
                yield from (
                    (what, replace(row, question=each)) for what, each in questions_near(row.question, row.text)
                )
                if row.tests:
                    yield "criterion dropped", replace(row, question=None)
            yield from _tests(row)
            yield "cardiac or not", replace(row, if_cardiac=not row.if_cardiac)
    yield "deleted", None


def _tests(row: Eligibility | Cycle2) -> Iterator[tuple[str, Cited]]:
    """Without one of the tests, as long as one is left or something else is asked."""
    for name in row.tests:
        rest = tuple(each for each in row.tests if each != name)
        if rest or row.question is not None:
            yield f"without {name}", replace(row, tests=rest)
    if row.tests:
        yield "another test", replace(row, tests=(*row.tests, "qtc"))


if __name__ == "__main__":
    raise SystemExit(main())
