"""Curves of survival, or of the incidence of each cause, with the numbers at risk under them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from aldes.outcomes.kaplan_meier import at_risk
from aldes.outcomes.pictures.paper import COLOURS, FAINT, INK, LINES, MARKERS, save, styled
from aldes.outcomes.report import Group
from aldes.outcomes.sample import Floats

WIDTH_IN, CURVES_IN, PANEL_IN, GAP_IN, ROW_IN = 8.0, 4.2, 3.0, 0.3, 0.22
MOST_POINTS = 4000  # of a line: beyond this no eye and no printer sees a step


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands on the picture besides the curves."""

    title: str
    outcome: str  # of the vertical axis
    unit: str
    source: str


def draw_curves(groups: Sequence[Group], causes: Sequence[str], words: Words, path: Path) -> None:
    """Write the survival curves of the groups; with causes, a panel of incidence for each cause instead.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    with styled():
        figure = _figure(groups, causes, words)
    save(figure, path)


def _figure(groups: Sequence[Group], causes: Sequence[str], words: Words) -> Figure:
    panels = list(causes) or [words.outcome]
    table_in = ROW_IN * (len(groups) + 1.6)
    each_in = PANEL_IN if causes else CURVES_IN
    height = (each_in + GAP_IN) * len(panels) + table_in + 1.25
    figure = Figure(figsize=(WIDTH_IN, height))
    left, right, bottom = 1.35 / WIDTH_IN, 0.97, (table_in + 0.95) / height
    end = max(float(each.curve.times[-1]) for each in groups)
    for place, panel in enumerate(panels):
        low = bottom + (each_in + GAP_IN) * (len(panels) - 1 - place) / height
        axes = figure.add_axes((left, low, right - left, each_in / height))
        _frame(axes, panel if not causes else f"with {panel}", end, words, last=place == len(panels) - 1)
        if causes:
            _incidence_lines(axes, groups, place + 1)
        else:
            _survival_lines(axes, groups)
        if place == 0:
            axes.set_title(words.title, loc="left", fontsize=12, fontweight="bold", color=INK, pad=10)
            _legend(axes, groups, at_top=not causes)
    _risk_table(figure, figure.axes[-1], groups, table_in / height, height)
    band = "bands: 95 % intervals (log-log); marks: censored" if not causes else "bands: 95 % intervals (log-log)"
    n = sum(each.curve.patients for each in groups)
    figure.text(0.012, 0.1 / height, f"n = {n:,.0f}; {band}.\n{words.source}", fontsize=7.5, color=INK, va="bottom")
    return figure


def _frame(axes: Axes, label: str, end: float, words: Words, *, last: bool) -> None:
    axes.set_xlim(0, end * 1.02)
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    axes.xaxis.set_major_locator(_ticks(end, words.unit))
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9, colors=INK)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel(label, fontsize=10, color=INK)
    axes.tick_params(labelbottom=last)
    if last:
        axes.set_xlabel(f"{words.unit} from the origin", fontsize=10, color=INK)


def _ticks(end: float, unit: str) -> MaxNLocator:
    """Months in twelves, else round numbers."""
    return MaxNLocator(nbins=8, steps=[1.2, 2.4, 3.6, 6, 10] if unit == "months" and end > 20 else [1, 2, 2.5, 5, 10])


def _survival_lines(axes: Axes, groups: Sequence[Group]) -> None:
    for place, each in enumerate(groups):
        curve = each.curve
        colour, line = COLOURS[place % len(COLOURS)], LINES[place % len(LINES)]
        t, s = _step(curve.times, curve.survival, 1.0)
        axes.plot(t, s, color=colour, linestyle=line, linewidth=1.7, drawstyle="steps-post", zorder=3)
        _band(axes, curve.times, curve.lower, curve.upper, colour)
        left = curve.censored > 0
        if np.sum(left) <= 300:  # more marks than that would hide the curve
            marker = MARKERS[place % len(MARKERS)]
            axes.plot(curve.times[left], curve.survival[left], marker, color=colour, markersize=5, zorder=4)


def _incidence_lines(axes: Axes, groups: Sequence[Group], cause: int) -> None:
    for place, each in enumerate(groups):
        found = each.incidences.get(cause)
        colour, line = COLOURS[place % len(COLOURS)], LINES[place % len(LINES)]
        if found is None:
            axes.plot([0, each.curve.times[-1]], [0, 0], color=colour, linestyle=line, linewidth=1.7, zorder=3)
            continue
        t, f = _step(found.times, found.incidence, 0.0)
        axes.plot(t, f, color=colour, linestyle=line, linewidth=1.7, drawstyle="steps-post", zorder=3)
        _band(axes, found.times, found.lower, found.upper, colour)


def _step(times: Floats, values: Floats, first: float) -> tuple[Floats, Floats]:
    """The steps from the origin on, thinned where there are more than can be seen."""
    t, v = np.append(0.0, times), np.append(first, values)
    if t.size > MOST_POINTS:
        kept = np.unique(np.append(np.searchsorted(t, np.linspace(t[0], t[-1], MOST_POINTS)), t.size - 1))
        return t[kept], v[kept]
    return t, v


def _band(axes: Axes, times: Floats, lower: Floats, upper: Floats, colour: str) -> None:
    known = ~np.isnan(lower)
    if np.any(known):
        t, low = _step(times[known], lower[known], float(lower[known][0]))
        _, high = _step(times[known], upper[known], float(upper[known][0]))
        t[0] = times[known][0]  # no interval before the first event
        axes.fill_between(t, low, high, step="post", color=colour, alpha=0.13, linewidth=0, zorder=1)


def _legend(axes: Axes, groups: Sequence[Group], *, at_top: bool) -> None:
    handles = [
        Line2D(
            [],
            [],
            color=COLOURS[place % len(COLOURS)],
            linestyle=LINES[place % len(LINES)],
            linewidth=1.7,
            label=each.name,
        )
        for place, each in enumerate(groups)
    ]
    if len(groups) > 1:
        axes.legend(
            handles=handles, fontsize=9, frameon=False, loc="upper right" if at_top else "upper left", handlelength=3.4
        )


def _risk_table(figure: Figure, axes: Axes, groups: Sequence[Group], room: float, height: float) -> None:
    """The numbers at risk below the ticks of the last panel, in the group's order, beside its kind of line."""
    ticks = [each for each in axes.get_xticks() if 0 <= each <= axes.get_xlim()[1]]
    box, row = axes.get_position(), ROW_IN / height
    top = box.y0 - 0.62 / height
    figure.text(box.x0 - 0.16, top, "at risk", fontsize=9, fontweight="bold", color=INK, va="center")
    span = axes.get_xlim()[1]
    for place, each in enumerate(groups):
        y = top - row * (place + 1)
        figure.text(box.x0 - 0.16, y, _short(each.name), fontsize=8.5, color=COLOURS[place % len(COLOURS)], va="center")
        for tick, left in zip(ticks, at_risk(each.curve, np.array(ticks)), strict=True):
            x = box.x0 + box.width * tick / span
            figure.text(x, y, f"{left:,.0f}", fontsize=8.5, color=INK if left else FAINT, ha="center", va="center")


def _short(name: str, most: int = 16) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
