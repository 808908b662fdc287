"""Published numbers of the register reckoned again, with a table of published against computed.

`make published` prints every figure that can be reckoned again and fails where one differs without a reason in
published_reasons.toml. With a folder of the rebuilt patients of sunitinib against interferon (the data set that
the register calls survivalnma; it is under another licence and not here) their medians are reckoned, too:
`make published REBUILT=path/to/narrow`.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from aldes.evidence.outcomes import read_outcomes
from aldes.outcomes.published import Check, checks, rebuilt
from aldes.outcomes.sample import sample

REASONS = Path(__file__).with_name("published_reasons.toml")
FILES = {"interferon": "Mota_OS_Ifn_IPD.txt", "sunitinib": "Mota_OS_Suni_IPD.txt"}
DATASET = "survivalnma mRCC reconstructed curves"


def reasons() -> dict[str, str]:
    """Why a figure differs, by the figure's id and what was reckoned."""
    tables = tomllib.loads(REASONS.read_text(encoding="utf-8"))["differs"]
    return {f"{each['id']} {each['what']}": each["why"] for each in tables}


def rebuilt_checks(folder: Path) -> Iterator[Check]:
    """The arms of the rebuilt trial, from their files of time, event and arm."""
    data = next(each for each in read_outcomes().datasets if each.name == DATASET)
    for arm, name in FILES.items():
        columns = np.loadtxt(folder / name, skiprows=1, usecols=(1, 2), ndmin=2)
        yield from rebuilt(data, arm, sample(columns[:, 0], columns[:, 1] == 1))


def main() -> int:
    """Print the table; 1 where a figure differs without a reason, or a reason has nothing to explain."""
    found = list(checks(read_outcomes()))
    if len(sys.argv) > 1 and sys.argv[1]:
        found += rebuilt_checks(Path(sys.argv[1]))
    known = reasons()
    apart = {f"{each.id} {each.what}": each for each in found if not each.agrees}
    print(f"{'figure':<38} {'what':<40} {'published':<20} computed")
    for each in found:
        mark = "" if each.agrees else "   DIFFERS"
        print(f"{each.id:<38} {each.what:<40} {each.published:<20} {each.computed}{mark}")
        if not each.agrees:
            print(f"{'':<38} {known.get(f'{each.id} {each.what}', 'NO REASON IS WRITTEN')}")
    unexplained = [key for key in apart if key not in known]
    idle = [key for key in known if key not in apart]
    agree = len(found) - len(apart)
    print(f"\n{len(found)} reckoned again, {agree} agree, {len(apart)} differ, {len(unexplained)} without a reason")
    for key in idle:
        print(f"a reason explains nothing: {key}")
    return 1 if unexplained or idle else 0


if __name__ == "__main__":
    sys.exit(main())
