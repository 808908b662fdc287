"""A virtual trial on the terminal: progress, the table of endpoints, what the ward assumed."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aldes.cli.outputs import picture_path
from aldes.cli.tables import write_table
from aldes.errors import AldesError

try:
    from aldes.mechanism.ensemble import AcceptedSet, first_sets
    from aldes.trial.arm import Results, in_set, run_arm
    from aldes.trial.caring import advised
    from aldes.trial.design import Design, read_design
    from aldes.trial.header import header
    from aldes.trial.summary import ROWS_SHOWN, endpoints, pairs, ranges
except ModuleNotFoundError as missing:
    raise AldesError(f"A virtual trial needs {missing.name}; run: pip install 'aldes[lab]'.") from None

BAR = 30


UNSURE = "uncertainty of the parameters, not the spread between patients"


def run_trial(file: str, out: str, plot: str | None, ensemble: int, *, as_json: bool) -> None:
    """Run the arms of a design; chunks that are done stay in the folder `out`, so that a run goes on where it ended."""
    design, folder, picture = read_design(Path(file)), Path(out), picture_path(plot)
    sets = first_sets(ensemble) if ensemble else ()
    arms = []
    for arm in design.arms:
        arms.append(run_arm(design, arm, folder / "chunks", _progress))
        write_table(folder / f"{arm.id}.parquet", arms[-1].columns)
        write_table(folder / f"{arm.id}.csv", arms[-1].columns)
    others = _other_sets(design, folder, sets)
    if picture:
        from aldes.trial.pictures import draw_trial

        draw_trial(arms, picture)
    if as_json:
        print(json.dumps(_document(design, arms, others), ensure_ascii=False, indent=2))
    else:
        print("\n".join([*_page(design, arms), *_ensemble(design, others)]))


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


def _other_sets(design: Design, folder: Path, sets: Sequence[AcceptedSet]) -> dict[str, list[Results]]:
    """Each arm again with other sets of parameters; none where nobody asks for them."""
    return {
        arm.id: [run_arm(design, in_set(arm, each), folder / "chunks", _progress) for each in sets]
        for arm in design.arms
        if sets
    }


def _ensemble(design: Design, others: Mapping[str, Sequence[Results]]) -> Iterator[str]:
    for arm, results in others.items():
        yield ""
        yield f"{arm}: least to most over {len(results)} other sets of parameters: {UNSURE}"
        yield from (f"{each.words:<58}{each.values[0]:>18}" for each in ranges(design, results))


def _document(design: Design, arms: Sequence[Results], others: Mapping[str, Sequence[Results]]) -> dict[str, Any]:
    return {
        "id": design.id,
        "arms": [each.arm.id for each in arms],
        "header": {each.arm.id: list(header(each.arm, advised(each.arm.protocol))) for each in arms},
        "endpoints": [{"words": each.words, "values": each.values} for each in endpoints(design, arms)],
        "held": {each.arm.id: each.held() for each in arms},
        "pairs": list(pairs(arms)),
        "ensemble": {
            arm: {
                "sets": len(results),
                "words": UNSURE,
                "endpoints": {each.words: each.numbers for each in ranges(design, results)},
            }
            for arm, results in others.items()
        },
    }
