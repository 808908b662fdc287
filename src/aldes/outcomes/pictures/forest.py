"""A forest: one line a series, its value with its interval, and what the series give together where they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from aldes.outcomes.pictures.paper import FAINT, INK, save, styled

WIDTH_IN, ROW_IN = 10.0, 0.27
LEFT, SPAN, MARGIN = 0.49, 0.3, 0.012  # of the width: where the axis begins, how long it is, where the labels begin


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestRow:
    """One line. A heading has no value; a pooled line has a diamond and, where known, the reach of a further series."""

    label: str
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    count: str = ""  # as it is printed beside the label
    said: str = ""  # the value in words, at the right
    pooled: bool = False
    chosen: bool = True  # whether it stands in the pool below; an open marker else
    reach: tuple[float, float] | None = None


def draw_forest(
    rows: Sequence[ForestRow], *, title: str, axis: str, most: float, notes: Sequence[str], path: Path
) -> None:
    """Write a forest; `most` is the right end of the axis, in its unit.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    with styled():
        figure = _figure(rows, title, axis, most, notes)
    save(figure, path)


def _figure(rows: Sequence[ForestRow], title: str, axis: str, most: float, notes: Sequence[str]) -> Figure:
    foot = 0.75 + 0.15 * len(notes)
    height = ROW_IN * (len(rows) + 1) + foot + 0.45
    figure = Figure(figsize=(WIDTH_IN, height))
    axes = figure.add_axes((LEFT, foot / height, SPAN, 1 - (foot + 0.45) / height))
    axes.set_ylim(len(rows) - 0.4, -0.8)
    axes.set_xlim(0, most)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(labelsize=8.5, colors=INK, left=False, labelleft=False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.set_xlabel(axis, fontsize=9, color=INK)
    figure.text(MARGIN, 1 - 0.24 / height, title, fontsize=12, fontweight="bold", color=INK, va="center")
    for y, row in enumerate(rows):
        heading = row.value is None and not row.said
        weight = "bold" if heading or row.pooled else "normal"
        at = axes.get_yaxis_transform()
        axes.text(
            (MARGIN - LEFT) / SPAN, y, row.label, transform=at, fontsize=8.5, va="center", color=INK, fontweight=weight
        )
        axes.text(-0.03, y, row.count, transform=at, fontsize=8.5, va="center", ha="right", color=INK)
        axes.text(1.04, y, row.said, transform=at, fontsize=8.5, va="center", color=INK, fontweight=weight)
        if row.value is not None:
            _mark(axes, y, row, row.value, most)
    figure.text(MARGIN, 0.09 / height, "\n".join(notes), fontsize=7.5, color=INK, va="bottom")
    return figure


def _mark(axes: Axes, y: int, row: ForestRow, value: float, most: float) -> None:
    if row.pooled and row.lower is not None and row.upper is not None:
        low, high = max(0.0, row.lower), min(most, row.upper)
        if row.reach:
            from_, to = max(0.0, row.reach[0]), min(most, row.reach[1])
            axes.plot([from_, to], [y, y], color=INK, linewidth=1.2, linestyle=(0, (1, 1.2)), zorder=2)
        axes.fill([low, value, high, value], [y, y - 0.28, y, y + 0.28], color=INK, zorder=3)
        return
    colour = INK if row.chosen else FAINT
    if row.lower is not None and row.upper is not None:
        axes.plot([row.lower, min(most, row.upper)], [y, y], color=colour, linewidth=1.3, zorder=2)
        if row.upper > most:
            axes.plot([most], [y], ">", color=colour, markersize=5, clip_on=False, zorder=3)
    face = colour if row.chosen else "white"
    axes.plot([min(value, most)], [y], "s", color=colour, markerfacecolor=face, markersize=6, clip_on=False, zorder=3)
