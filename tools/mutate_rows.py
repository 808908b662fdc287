"""Change every row, counting rule and derived finding a little, and see that a case line notices.

    python tools/mutate_rows.py [--sample N]

A mutant that no case line contradicts has survived: then a slip of the same kind in a protocol file would go
unnoticed. Write the missing line from the evidence, or, where the mutant answers the same for every patient there
can be, its reason into `mutate_rows_reasons.toml`. It ends with 1 if a mutant survived without a reason, or if a
reason explains no mutant any more. `--sample N` tries N mutants of a fixed draw, for the test suite.
"""

import argparse
import importlib.util
import math
import random
import re
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from types import ModuleType
from typing import Any

from aldes.findings.read import vocabulary
from aldes.findings.sources import steps_to
from aldes.findings.vocabulary import Derivation, Vocabulary
from aldes.protocols.read import read
from aldes.protocols.row import Count, Protocol, Row, RowKind
from aldes.questions.residual import opposite
from aldes.questions.tree import And, Arithmetic, Compare, Flag, In, Not, Number, Or, Question, Term, names

HERE = Path(__file__).parent
CASES = HERE.parent / "tests" / "protocols" / "cases.py"
REASONS = HERE / "mutate_rows_reasons.toml"
SEED = 14  # of the fixed draw

Rewrite = Callable[[Protocol], Protocol]
Changed = tuple[str, Question]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One small change: of a protocol, or of the vocabulary."""

    protocol: str
    part: str  # the row, counting rule or derived finding
    what: str
    rewrite: Rewrite | None = None
    words: Vocabulary | None = None
    counts: bool = False  # only the lines about counting can tell

    @property
    def name(self) -> str:
        """How the reasons file calls it."""
        return f"{self.protocol} {self.part}: {self.what}"


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--sample", type=int, help="try so many mutants of a fixed draw")
    sample = reader.parse_args().sample
    cases, started = load_cases(), time.perf_counter()
    every = [each for protocol in cases.PROTOCOLS for each in of_protocol(protocol)] + list(of_vocabulary(cases))
    tried = every if sample is None else random.Random(SEED).sample(every, sample)
    survivors = [each for each in tried if not is_killed(each, cases)]
    reasons = read_reasons()
    excused = {each.name for each in survivors if any(fnmatchcase(each.name, pattern) for pattern in reasons)}
    _print_table(tried, survivors, excused)
    open_ones = [each.name for each in survivors if each.name not in excused]
    idle = [] if sample else [each for each in reasons if not any(fnmatchcase(name, each) for name in excused)]
    for name in open_ones:
        print(f"survived: {name}", file=sys.stderr)
    for pattern in idle:
        print(f"{REASONS.name}: '{pattern}' explains no survivor; remove it.", file=sys.stderr)
    print(f"{len(tried)} mutants in {time.perf_counter() - started:.0f} s")
    return 1 if open_ones or idle else 0


def _print_table(tried: Iterable[Mutant], survivors: Iterable[Mutant], excused: set[str]) -> None:
    made = Counter(each.protocol for each in tried)
    left = Counter(each.protocol for each in survivors if each.name not in excused)
    same = Counter(each.protocol for each in survivors if each.name in excused)
    print(f"{'protocol':<18}{'mutants':>9}{'killed':>9}{'equivalent':>12}{'survived':>10}")
    for each in made:
        killed = made[each] - left[each] - same[each]
        print(f"{each:<18}{made[each]:>9}{killed:>9}{same[each]:>12}{left[each]:>10}")


def load_cases() -> ModuleType:
    """The case lines and how they are asked, from the tests."""
    spec = importlib.util.spec_from_file_location("cases", CASES)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(CASES)
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("cases", module)  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def read_reasons() -> dict[str, str]:
    """Which mutants answer the same for every patient there can be, and why."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("reason", [])
    return {pattern: each["why"] for each in entries for pattern in each["mutants"]}


def is_killed(mutant: Mutant, cases: ModuleType) -> bool:
    """Whether a case line contradicts the mutant."""
    words = mutant.words or vocabulary()
    return any(
        next(cases.disagreements(line, mutant.rewrite(line.site()) if mutant.rewrite else line.site(), words), None)
        for line in _lines(mutant, cases)
    )


def _lines(mutant: Mutant, cases: ModuleType) -> Iterator[Any]:
    for protocol in cases.PROTOCOLS if mutant.words else [mutant.protocol]:
        for line in cases.lines(protocol):
            if mutant.words:
                wanted = line.block == "series"
            else:
                wanted = line.block == "count" if mutant.counts else line.row == mutant.part
            if wanted:
                yield line


# ── rows and counting rules ──


def of_protocol(protocol: str) -> Iterator[Mutant]:
    """The mutants of every row that can hold or stop, and of every counting rule."""
    resolved = read(protocol, "demo")
    for row in resolved.rows:
        for place, (what, _) in enumerate(rows_near(row)):
            yield Mutant(protocol=protocol, part=row.id, what=what, rewrite=_nth_row(row.id, place))
        yield Mutant(protocol=protocol, part=row.id, what="deleted", rewrite=_without(row.id))
        for place, (what, _) in enumerate(_counted_otherwise(row, resolved)):
            yield Mutant(protocol=protocol, part=row.id, what=what, rewrite=_nth_count(row.id, place), counts=True)
    for count in resolved.counts:
        for what, counts in counts_near(count, resolved):
            yield Mutant(protocol=protocol, part=count.id, what=what, rewrite=_with_counts(counts), counts=True)


def _nth_row(id: str, place: int) -> Rewrite:
    """The same change under whichever site the line asks for: its settings are other numbers in the same places."""

    def rewrite(protocol: Protocol) -> Protocol:
        row = protocol.row(id)
        return protocol if row is None else _with_row(list(rows_near(row))[place][1])(protocol)

    return rewrite


def _nth_count(id: str, place: int) -> Rewrite:
    """Likewise, with the row as the line's site signs it: a recalled row counts toward no stop."""

    def rewrite(protocol: Protocol) -> Protocol:
        row = protocol.row(id)
        return protocol if row is None else _with_row(list(_counted_otherwise(row, protocol))[place][1])(protocol)

    return rewrite


def _with_row(changed: Row) -> Rewrite:
    return lambda protocol: replace(
        protocol, rows=tuple(changed if row.id == changed.id else row for row in protocol.rows)
    )


def _without(id: str) -> Rewrite:
    return lambda protocol: replace(protocol, rows=tuple(row for row in protocol.rows if row.id != id))


def _with_counts(counts: tuple[Count, ...]) -> Rewrite:
    return lambda protocol: replace(protocol, counts=counts)


def rows_near(row: Row) -> Iterator[tuple[str, Row]]:
    """The row with one small change that its own lines must notice."""
    for what, question in questions_near(row.question, row.text):
        yield f"criterion, {what}", replace(row, question=question)
    for dose in (row.from_dose - 1, row.from_dose + 1):
        if dose >= 1:
            yield f"from dose {dose}", replace(row, from_dose=dose)
    if row.rule:
        yield "rule of another name", replace(row, rule="another")
    if row.resume is None:
        return
    for what, question in questions_near(row.resume, row.resume_text):
        yield f"resume, {what}", replace(row, resume=question)
    if plain(row.resume) != plain(Not(row.question)):
        yield "resume deleted", replace(row, resume=None)
        yield "criterion is the resume's complement", replace(row, question=Not(row.resume))


def _counted_otherwise(row: Row, protocol: Protocol) -> Iterator[tuple[str, Row]]:
    """A relative row in another group or as an absolute one, an absolute one as relative."""
    if row.kind is RowKind.RELATIVE:
        groups = list(dict.fromkeys(each.group for each in protocol.of_kind(RowKind.RELATIVE)))
        another = groups[(groups.index(row.group) + 1) % len(groups)]
        yield "group merged with the next", replace(row, group=another)
        if sum(each.group == row.group for each in protocol.rows) > 1:
            yield "group split", replace(row, group=f"{row.group} alone")
        yield "absolute", replace(row, kind=RowKind.ABSOLUTE, group="")
    if row.kind is RowKind.ABSOLUTE:
        yield "relative", replace(row, kind=RowKind.RELATIVE, group=f"{row.id} alone")


def counts_near(count: Count, protocol: Protocol) -> Iterator[tuple[str, tuple[Count, ...]]]:
    """The counting rules with one small change of this one."""
    others = [each for each in protocol.counts if each.id != count.id]
    yield "deleted", tuple(others)
    changed: list[tuple[str, Count]] = [("at least one more", replace(count, at_least=count.at_least + 1))]
    if count.at_least > 1:
        changed.append(("at least one less", replace(count, at_least=count.at_least - 1)))
    kinds = {RowKind.HOLD: RowKind.STOP, RowKind.STOP: RowKind.HOLD}
    changed.append((f"outcome {kinds[count.outcome]}", replace(count, outcome=kinds[count.outcome])))
    counted = {RowKind.RELATIVE: RowKind.ABSOLUTE, RowKind.ABSOLUTE: RowKind.RELATIVE}
    changed.append((f"of {counted[count.of]}", replace(count, of=counted[count.of])))
    if count.only_if:
        changed.append(("condition dropped", replace(count, only_if=None)))
        changed.append(("condition reversed", replace(count, only_if=Not(count.only_if))))
    rules = sorted({each.rule for each in protocol.counts} - {count.rule})
    changed += [(f"rule {rule}", replace(count, rule=rule)) for rule in rules]
    for what, each in changed:
        yield what, (*others, each)


# ── questions ──


def questions_near(question: Question, text: str) -> Iterator[Changed]:
    """The question with one small change, each in words; `text` shows how precisely a limit is printed."""
    match question:
        case And(parts) | Or(parts):
            other = Or if isinstance(question, And) else And
            yield f"{'and' if other is Or else 'or'} turned round", other(parts)
            for place, part in enumerate(parts):
                rest = (*parts[:place], *parts[place + 1 :])
                yield f"part {place + 1} dropped", rest[0] if len(rest) == 1 else type(question)(rest)
                for what, changed in questions_near(part, text):
                    yield what, type(question)((*parts[:place], changed, *parts[place + 1 :]))
        case Not(part):
            yield "not dropped", part
            for what, changed in questions_near(part, text):
                yield what, Not(changed)
        case Compare(op, left, right):
            yield from ((f"{op} as {new}", Compare(new, left, right)) for new in ("<", "<=", ">", ">=") if new != op)
            yield from ((what, Compare(op, changed, right)) for what, changed in _terms_near(left, text))
            yield from ((what, Compare(op, left, changed)) for what, changed in _terms_near(right, text))
        case In(name, codes):
            for code in vocabulary()[name.finding].codes:
                if code not in codes:
                    yield f"code {code}", In(name, (code, *codes[1:]))
                    yield f"code {code} added", In(name, (*codes, code))
        case Flag():
            yield "flag denied", Not(question)
        case _:
            raise TypeError(f"{type(question).__name__} is written by the compiler and by no row")


def _terms_near(term: Term, text: str) -> Iterator[tuple[str, Term]]:
    match term:
        case Number(value):
            step = _printed_step(value, text)
            for word, sign in (("lower", -1), ("higher", 1)):
                yield f"limit {value:g} a step {word}", Number(float(f"{value + sign * step:.12g}"))
                yield f"limit {value:g} a double {word}", Number(math.nextafter(value, sign * math.inf))
        case Arithmetic(op, left, right):
            yield from ((what, Arithmetic(op, changed, right)) for what, changed in _terms_near(left, text))
            yield from ((what, Arithmetic(op, left, changed)) for what, changed in _terms_near(right, text))


def _printed_step(value: float, text: str) -> float:
    """One unit of the last printed digit of this limit; 1 where a site setting fills it in."""
    printed = [each for each in re.findall(r"-?\d+(?:\.\d+)?", text) if float(each) == value]
    decimals = max((len(each.partition(".")[2]) for each in printed), default=0)
    return float(f"1e-{decimals}")


def plain(question: Question) -> object:
    """A normal form without Not: two questions with the same one answer alike."""
    match question:
        case Not(And(parts)):
            return plain(Or(tuple(Not(part) for part in parts)))
        case Not(Or(parts)):
            return plain(And(tuple(Not(part) for part in parts)))
        case Not(Not(part)):
            return plain(part)
        case Not(Compare() as leaf):
            return opposite(leaf)
        case Not(In(name, codes)):
            return plain(In(name, tuple(code for code in vocabulary()[name.finding].codes if code not in codes)))
        case And(parts) | Or(parts):
            return (type(question).__name__, frozenset(plain(part) for part in parts))
        case In(name, codes):
            return (name, frozenset(codes))
        case _:
            return question


# ── derived findings ──


def of_vocabulary(cases: ModuleType) -> Iterator[Mutant]:
    """The mutants of every derived finding that a row asks, directly or through another one."""
    asked = {name.finding for protocol in cases.PROTOCOLS for name in _asked(read(protocol, "demo"))}
    for name in sorted({step for each in asked for step in steps_to(each)}):
        finding = vocabulary()[name]
        if finding.derived is None:
            continue
        for what, op in derivations_near(finding.derived):
            words = replace(vocabulary(), findings={**vocabulary().findings, name: replace(finding, derived=op)})
            yield Mutant(protocol="vocabulary", part=name, what=what, words=words)


def _asked(protocol: Protocol) -> Iterator[Any]:
    for row in protocol.rows:
        for question in (row.question, row.resume):
            yield from names(question) if question else ()


def derivations_near(op: Derivation) -> Iterator[tuple[str, Derivation]]:
    """The derivation with one small change."""
    if op.window_h is not None:
        for hours in (op.window_h - 1, op.window_h + 1):
            yield f"window of {hours} h", replace(op, window_h=hours)
    swaps = {
        "op": {"min": "max", "max": "min", "limit_high": "limit_low", "limit_low": "limit_high"},
        "since": {"last_dose": "cycle", "cycle": "last_dose"} if op.op in ("min", "max") else _CYCLE_AND_COURSE,
        "anchor": _CYCLE_AND_COURSE,
        "episode": {"longest": "current", "current": "longest"},
    }
    for key, swap in swaps.items():
        if new := swap.get(getattr(op, key)):
            fields: dict[str, Any] = {key: new}
            yield f"{key} {new}", replace(op, **fields)
    if op.against:
        others = {"previous", "last_dose", "peak"} - {op.against}
        yield from ((f"against {each}", replace(op, against=each)) for each in sorted(others))
    yield from ((f"formula {each}", replace(op, formula=each)) for each in _formulas_near(op.formula))


_CYCLE_AND_COURSE = {"cycle": "course", "course": "cycle"}


def _formulas_near(formula: str) -> Iterator[str]:
    """The formula with one sign turned round, or one number by one."""
    signs = {"+": "-", "-": "+", "*": "/", "/": "*"}
    for found in re.finditer(r"(?<= )[-+*/](?= )|\b\d+\b", formula):
        text = found.group()
        news = [signs[text]] if text in signs else [str(int(text) - 1), str(int(text) + 1)]
        for new in news:
            yield formula[: found.start()] + new + formula[found.end() :]


if __name__ == "__main__":
    raise SystemExit(main())
