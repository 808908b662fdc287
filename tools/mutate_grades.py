"""Change every grade of the CTCAE ladders a little, and see that a case line notices.

    python tools/mutate_grades.py [--sample N]

What `mutate_rows.py` does for rows. Limits move by their last printed digit: a value has at most 15 digits, so that a
limit moved by less answers the same for every value beside it, and an operator turned round covers the value on it.
A mutant that answers the same for every patient there can be has its reason in `mutate_grades_reasons.toml`.
"""

import argparse
import importlib.util
import random
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType

from aldes.findings.read import vocabulary
from aldes.findings.sources import steps_to
from aldes.findings.vocabulary import Vocabulary
from aldes.questions.tree import Compare, Flag, In, Known, Not, Or, Question, names
from aldes.toxicity.ctcae.ladder import Ladder, Rung
from aldes.toxicity.ctcae.read import VERSIONS, read
from mutate_rows import derivations_near, questions_near

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "toxicity" / "grade_cases.py"
REASONS = HERE / "mutate_grades_reasons.toml"
SEED = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change of a ladder, or of a finding that is reckoned for it."""

    version: str
    ladder: Ladder
    what: str
    words: Vocabulary | None = None

    @property
    def name(self) -> str:
        """How the reasons file calls it."""
        return f"{self.version} {self.ladder.name}: {self.what}"


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--sample", type=int, help="try so many mutants of a fixed draw")
    sample = reader.parse_args().sample
    cases, started = load_cases(), time.perf_counter()
    every = [each for version in VERSIONS for each in of_version(version)]
    tried = every if sample is None else random.Random(SEED).sample(every, sample)
    survivors = [each for each in tried if not is_killed(each, cases)]
    reasons = read_reasons()
    excused = {each.name for each in survivors if any(fnmatchcase(each.name, pattern) for pattern in reasons)}
    made = Counter(each.version for each in tried)
    for version, count in made.items():
        left = [each for each in survivors if each.version == version]
        same = [each for each in left if each.name in excused]
        print(
            f"CTCAE {version}: {count} mutants, {count - len(left)} killed, {len(same)} equivalent, "
            f"{len(left) - len(same)} survived"
        )
    open_ones = [each.name for each in survivors if each.name not in excused]
    idle = [] if sample else [each for each in reasons if not any(fnmatchcase(name, each) for name in excused)]
    for name in open_ones:
        print(f"survived: {name}", file=sys.stderr)
    for pattern in idle:
        print(f"{REASONS.name}: '{pattern}' explains no survivor; remove it.", file=sys.stderr)
    print(f"{len(tried)} mutants in {time.perf_counter() - started:.0f} s")
    return 1 if open_ones or idle else 0


def load_cases() -> ModuleType:
    """The case lines and how they are asked, from the tests."""
    spec = importlib.util.spec_from_file_location("grade_cases", CASES)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(CASES)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("grade_cases", module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def read_reasons() -> dict[str, str]:
    """Which mutants answer the same for every patient there can be, and why."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("reason", [])
    return {pattern: each["why"] for each in entries for pattern in each["mutants"]}


def is_killed(mutant: Mutant, cases: ModuleType) -> bool:
    """Whether a case line of the term contradicts the mutant."""
    return any(
        next(cases.disagreements(line, mutant.ladder, mutant.words), None)
        for line in cases.lines(mutant.version)
        if line.term == mutant.ladder.name
    )


def of_version(version: str) -> Iterator[Mutant]:
    """The mutants of every ladder that this version writes: of 6.0 those that differ from 5.0."""
    older = {each.name: each for each in read("5.0").ladders} if version != "5.0" else {}
    for ladder in read(version).ladders:
        if ladder.name not in older or older[ladder.name].rungs != ladder.rungs:
            for what, changed in ladders_near(ladder):
                yield Mutant(version=version, ladder=changed, what=what)
            yield from _of_findings(version, ladder)


def ladders_near(ladder: Ladder) -> Iterator[tuple[str, Ladder]]:
    """The ladder with one small change of one grade."""
    for place, rung in enumerate(ladder.rungs):
        for what, changed in rungs_near(rung, ladder):
            rungs = (*ladder.rungs[:place], replace(rung, question=changed), *ladder.rungs[place + 1 :])
            yield f"grade {rung.grade}, {what}", replace(ladder, rungs=rungs)
        if len(ladder.rungs) > 1:
            yield (
                f"grade {rung.grade} deleted",
                replace(ladder, rungs=(*ladder.rungs[:place], *ladder.rungs[place + 1 :])),
            )


def rungs_near(rung: Rung, ladder: Ladder) -> Iterator[tuple[str, Question]]:
    """The question of one grade with one small change; `Known` and what the reader writes are dropped whole."""
    match rung.question:
        case Or((Known() as judged, *rest)):
            yield "a clinician's grade does not count", Or(tuple(rest))
            yield "only a clinician's grade counts", judged
            asked: Question = rest[0] if len(rest) == 1 else Or(tuple(rest))
            for what, changed in questions_near(asked, f"{rung.text} {rung.instead} {ladder.instead_if}"):
                if "a double" not in what:
                    yield what, Or((judged, changed))
        case Or((death, doubt)):
            yield "death without the record of it", Or((death.parts[1], doubt)) if hasattr(death, "parts") else death
            yield "no doubt about a living patient", death
        case In() | Flag() | Compare() | Not():
            yield from questions_near(rung.question, rung.text)
        case _:
            raise TypeError(f"{ladder.name}: grade {rung.grade} is built in a way that is not mutated")


def _of_findings(version: str, ladder: Ladder) -> Iterator[Mutant]:
    """The mutants of the formulas that a ladder asks: multiples, corrected calcium, falls and rises."""
    asked = {name.finding for rung in ladder.rungs for name in names(rung.question)}
    for step in sorted({step for each in asked for step in steps_to(each)}):
        finding = vocabulary()[step]
        if finding.derived is None or finding.derived.op != "formula" or step in _ELSEWHERE:
            continue
        for what, op in derivations_near(finding.derived):
            words = replace(vocabulary(), findings={**vocabulary().findings, step: replace(finding, derived=op)})
            yield Mutant(version=version, ladder=ladder, what=f"{step}, {what}", words=words)


_ELSEWHERE = {"weight_gain"}  # a row asks it, too: `mutate_rows.py` changes it


if __name__ == "__main__":
    raise SystemExit(main())
