"""One typical patient through two cycles of all doses, every state, as a picture: `make picture`.

For the eye: an odd curve is seen sooner than an odd number.
"""

import sys
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot

from aldes.mechanism import StandingWard, State, regimen, resting, run, typical, untreated
from aldes.mechanism.model import vessels
from aldes.mechanism.parameters import unit_of
from aldes.mechanism.solve import advance, spread_out

HOURS = 24 * 28
COLUMNS = 5
INK, DOSE = "#1f3b57", "#c9d6e2"


def walked() -> tuple[list[float], dict[str, list[float]], dict[str, str]]:
    """Hours, and by name each state and what is read off it."""
    p = typical()
    off = untreated(p)
    hours: list[float] = []
    seen: dict[str, list[float]] = {}
    units = {name: unit_of(State, name) for name in State._fields}
    units |= {"pressure": "mmHg", "resistance": "1", "output": "1", "filtration": "1", "weight gained": "kg"}
    start = spread_out(resting(p), 1)
    for hour, y in run(start, p, regimen("high-dose"), StandingWard(last_h=480), advance, until_h=HOURS, every_h=0.5):
        vessel = vessels(y, p, off)
        read: dict[str, Any] = y._asdict() | {
            "pressure": vessel.map,
            "resistance": vessel.tone,
            "output": vessel.output,
            "filtration": vessel.filtration,
            "weight gained": y.plasma + y.interstitium - p.vp0 - p.vi0,
        }
        hours.append(hour)
        for name, value in read.items():
            seen.setdefault(name, []).append(float(value[0]))
    return hours, seen, units


def draw(path: Path) -> None:
    """The picture, a panel a state."""
    hours, seen, units = walked()
    rows = -(-len(seen) // COLUMNS)
    figure, panels = pyplot.subplots(rows, COLUMNS, figsize=(20, 2.1 * rows), sharex=True, layout="constrained")
    for panel, (name, values) in zip(panels.flat, seen.items(), strict=False):
        for dose in regimen("high-dose").doses:
            panel.axvline(dose.start_h / 24, color=DOSE, linewidth=0.8)
        panel.plot([hour / 24 for hour in hours], values, color=INK, linewidth=1.2)
        panel.set_title(f"{name}, {units[name]}" if units[name] != "1" else name, fontsize=10, loc="left")
        panel.spines[["top", "right"]].set_visible(False)
    for panel in list(panels.flat)[len(seen) :]:
        panel.set_visible(False)
    figure.supxlabel(
        "days since the first dose; every dose of both cycles given, 600,000 IU/kg, fluids by the pressure"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=70)


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/mechanism/typical.png")
    draw(target)
    print(target)
