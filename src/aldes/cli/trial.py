"""A virtual trial on the terminal: progress, the table of endpoints, what the ward assumed."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from aldes.cli.tables import write_table
from aldes.errors import AldesError

try:
    from aldes.trial.arm import Results, run_arm
    from aldes.trial.caring import advised
    from aldes.trial.design import Design, read_design
    from aldes.trial.header import header
    from aldes.trial.summary import ROWS_SHOWN, endpoints, pairs
except ModuleNotFoundError as missing:
    raise AldesError(f"A virtual trial needs {missing.name}; run: pip install 'aldes[lab]'.") from None

BAR = 30


def run_trial(file: str, out: str, plot: str | None, as_json: bool) -> None:
    """Run the arms of a design; chunks that are done stay in the folder `out`, so that a run goes on where it ended."""
    design, folder = read_design(Path(file)), Path(out)
    arms = []
    for arm in design.arms:
        arms.append(run_arm(design, arm, folder / "chunks", _progress))
        write_table(folder / f"{arm.id}.parquet", arms[-1].columns)
    if plot:
        from aldes.trial.pictures import draw_trial

        draw_trial(arms, Path(plot))
    if as_json:
        print(json.dumps(_document(design, arms), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_page(design, arms)))


def _progress(arm: str, done: int, of: int) -> None:
    """A bar for people; nothing where nobody looks on."""
    if sys.stderr.isatty():
        filled = BAR * done // of
        print(f"\r{arm:<16} {'█' * filled}{'·' * (BAR - filled)} {done:,} of {of:,}", end="", file=sys.stderr)
        if done == of:
            print(file=sys.stderr)


def _page(design: Design, arms: Sequence[Results]) -> Iterator[str]:
    yield f"{design.id}: virtual patients, no real ones; seed {design.seed}. {design.words}".rstrip()
    for results in arms:
        yield f"  {results.arm.id}: {results.arm.protocol.words}; {results.arm.regimen.words}"
        yield from (f"    {line}" for line in header(results.arm, advised(results.arm.protocol)))
    yield ""
    width = max(18, *(len(each.arm.id) + 2 for each in arms))
    yield f"{'':<58}" + "".join(f"{each.arm.id:>{width}}" for each in arms)
    for line in endpoints(design, arms):
        yield f"{line.words:<58}" + "".join(f"{value:>{width}}" for value in line.values)
    yield ""
    for results in arms:
        held = list(results.held().items())[:ROWS_SHOWN]
        yield f"held by, slots of 100 patients, {results.arm.id}: " + ", ".join(f"{row} {n:.0f}" for row, n in held)
    yield from pairs(arms)


def _document(design: Design, arms: Sequence[Results]) -> dict[str, Any]:
    return {
        "id": design.id,
        "arms": [each.arm.id for each in arms],
        "header": {each.arm.id: list(header(each.arm, advised(each.arm.protocol))) for each in arms},
        "endpoints": [{"words": each.words, "values": each.values} for each in endpoints(design, arms)],
        "held": {each.arm.id: each.held() for each in arms},
        "pairs": list(pairs(arms)),
    }
