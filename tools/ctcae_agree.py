"""Compare our CTCAE grades with pharmaverse's own grading tables, from just below to just above every cut-point.

    python tools/ctcae_agree.py FOLDER

FOLDER is `data-raw/adlb_grading` of a copy of github.com/pharmaverse/admiral. First the cut-points of its files are
held against the facts in `tests/toxicity/admiral.toml`; then our ladders are held against the facts. A disagreement
that the data file explains is counted; one that it does not explain, a fact that differs and an explanation that
explains nothing end with 1.
"""

import importlib.util
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent / "tests" / "toxicity"

_TEXT = re.compile(r"signif\(([^()]*), signif_dig\)")
_WORDS = {
    "!(BNRIND %in% high_indicator)": "normal",
    "BNRIND %in% high_indicator": "abnormal",
    "!(BNRIND %in% low_indicator)": "not low",
    "BNRIND %in% low_indicator": "low",
}
_COMPARED = re.compile(r"AVAL (<=|>=|<|>) +(?:([0-9.]+) ?\* ?)?(ANRHI|ANRLO|BASE|[0-9.]+)")
_NAMES = {"ANRHI": "limit", "ANRLO": "limit", "BASE": "baseline"}


def load(name: str) -> Any:
    """A module of the tests: how the facts and our ladders are asked."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, TESTS / f"{name}.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(name)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


load("grade_cases")  # which the next one asks with
admiral = load("admiral")


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        print(__doc__)
        return 2
    folder, data = Path(sys.argv[1]), admiral.facts()
    differ = [each for table in admiral.tables(data) for each in differing_facts(table, folder)]
    open_ones, counted, explained = disagreements(data)
    for line in (*differ, *open_ones):
        print(line, file=sys.stderr)
    idle = [name for name in _explanations(data) if not explained[name]]
    for name in idle:
        print(f"admiral.toml explains '{name}', which does not occur; remove it.", file=sys.stderr)
    compared = f"{len(admiral.tables(data))} terms, {counted} values compared"
    print(f"{compared}: {explained.total()} explained, {len(open_ones)} open")
    return 1 if differ or open_ones or idle else 0


def disagreements(data: dict[str, Any]) -> tuple[list[str], int, Counter[str]]:
    """The unexplained disagreements, how many values were compared, and how often each explanation was needed."""
    open_ones: list[str] = []
    counted = 0
    explained: Counter[str] = Counter()
    for table in admiral.tables(data):
        for each in admiral.compared(table):
            counted += 1
            if each.theirs == each.ours:
                continue
            key = f"{table.version} {table.units} {table.ladder}: theirs {each.theirs}, ours {each.ours}"
            if key in _explanations(data):
                explained[key] += 1
            else:
                open_ones.append(f"{key}: {each.words}")
    return open_ones, counted, explained


def _explanations(data: dict[str, Any]) -> dict[str, str]:
    return {key: each["why"] for each in data.get("explained", []) for key in each["where"]}


def differing_facts(table: Any, folder: Path) -> Iterator[str]:
    """Cut-points of the real file that the facts do not hold, and the other way round."""
    entries = json.loads((folder / table.file).read_text(encoding="utf-8"))
    found = [each for each in entries if each["TERM"] == table.term and (each.get("UNIT_CHECK") or "") == table.unit]
    if len(found) != 1:
        yield f"{table.file}: {table.term} ({table.unit or 'no unit'}) stands there {len(found)} times"
        return
    real = {grade: cuts for grade in range(1, 6) if (cuts := tuple(cuts_of(found[0].get(f"GRADE_{grade}_CODE", ""))))}
    if real != dict(table.cuts):
        yield f"{table.file}: {table.term}: the file says {real}, the facts {dict(table.cuts)}"


def cuts_of(code: str) -> Iterator[str]:
    """The conditions of one grade, in our short words; what only says that something is missing is left out."""
    for case in re.split(r'~ "?\w+"?\s*,?', code):
        condition = _TEXT.sub(r"\1", case).strip()
        if condition and not re.fullmatch(r"is\.na\(\w+\)", condition):
            yield " and ".join(part for each in condition.split(" & ") if (part := _part(each.strip())))


def _part(text: str) -> str:
    if re.fullmatch(r"!is\.na\(\w+\)", text):
        return ""
    if text in _WORDS:
        return _WORDS[text]
    found = _COMPARED.fullmatch(" ".join(text.split()))
    if not found:
        raise ValueError(f"'{text}' is no condition that we read; look at it and teach this tool")
    op, times, right = found.groups()
    return f"value {op} {f'{times} * ' if times else ''}{_NAMES.get(right, right)}"


if __name__ == "__main__":
    raise SystemExit(main())
