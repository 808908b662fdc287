"""Change the code that decides, one place at a time, and count how many changes the tests notice.

    python tools/mutate.py [MUTANT ...]

It runs mutmut as `[tool.mutmut]` in pyproject.toml says, prints what was killed of how many, module by module, and
ends with 1 below 90 %. It works in `mutants/`; what an earlier run found there is used again.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

LEAST = 0.90  # the promise: 90 of 100 mutants are noticed
ROOT = Path(__file__).parents[1]
MUTMUT = Path(sys.executable).with_name("mutmut")
STATS = ROOT / "mutants" / "mutmut-cicd-stats.json"
NOTICED = ("killed", "timeout", "suspicious", "segfault", "caught_by_type_check")


def main() -> int:
    subprocess.run([MUTMUT, "run", "--max-children", "2", *sys.argv[1:]], cwd=ROOT, check=False)
    subprocess.run([MUTMUT, "export-cicd-stats"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    stats = json.loads(STATS.read_text(encoding="utf-8"))
    noticed = sum(stats.get(each, 0) for each in NOTICED)
    total = noticed + stats.get("survived", 0) + stats.get("no_tests", 0)
    for module, count in sorted(survivors().items()):
        print(f"{module:<44} {count:>4} not noticed")
    share = noticed / total if total else 0.0
    print(f"{noticed} of {total} mutants noticed: {100 * share:.1f} % (at least {100 * LEAST:.0f} % are promised)")
    return 0 if share >= LEAST else 1


def survivors() -> Counter[str]:
    """How many mutants of each module nothing noticed."""
    shown = subprocess.run([MUTMUT, "results"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = re.findall(r"^\s*(aldes[\w.]*?)\.x\S*: (?:survived|no tests)", shown, re.MULTILINE)
    return Counter(found)


if __name__ == "__main__":
    sys.exit(main())
