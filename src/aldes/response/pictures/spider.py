"""Spider: the sum of each patient over time, as change from the baseline."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from aldes.response.pictures.style import (
    COLOURS,
    INK,
    MARKERS,
    PAPER,
    WORDS,
    Document,
    best_of,
    changes,
    frame,
    legend,
    limits,
    named,
    nothing_to_draw,
)

LineStyle = str | tuple[int, tuple[float, ...]]
MOST_NAMED = 15  # beyond that names would cover lines
STYLES: tuple[LineStyle, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1, 2)))


def spider(document: Document) -> Figure:
    """One line a patient; the marker is the best response, a cross stands where a new lesion was seen."""
    patients = document["patients"]
    drawn = [(name, each) for name, each in zip(named(patients), patients, strict=True) if len(changes(each)) > 1]
    if not drawn:
        raise nothing_to_draw("no patient has a complete sum after the baseline")
    unnamed = "" if len(drawn) <= MOST_NAMED else f" More than {MOST_NAMED} lines have no names."
    note = (
        f"n = {len(drawn)} patients. Markers: best response, unconfirmed. ✕: a new lesion. "
        f"The baseline is drawn at week 0.{unnamed}"
    )
    figure, axes = frame(4.8, "Sum of target diameters over time", document, note)
    for number, (name, patient) in enumerate(drawn):
        _line(axes, name if len(drawn) <= MOST_NAMED else "", patient, STYLES[number % len(STYLES)])
    limits(axes)
    axes.set_xlabel("weeks since the first dose", fontsize=10)
    axes.set_ylabel("change from baseline, %", fontsize=10)
    right = max(week for _, each in drawn for week, _ in changes(each))
    axes.set_xlim(0, right * 1.08)
    values = [change for _, each in drawn for _, change in changes(each)]
    axes.set_ylim(min(-105, min(values) - 5), max(35, max(values) + 10))
    shown = [each for each in WORDS if each in {best_of(patient) for _, patient in drawn}]
    handles = [
        Line2D([], [], color=COLOURS[each], marker=MARKERS[each], markeredgecolor=INK, markersize=8, label=WORDS[each])
        for each in shown
    ]
    legend(axes, handles)
    return figure


def _line(axes: Axes, name: str, patient: Document, style: LineStyle) -> None:
    weeks, values = zip(*changes(patient), strict=True)
    best = best_of(patient)
    axes.plot(weeks, values, color=INK, linewidth=2.6, linestyle=style, alpha=0.9)
    axes.plot(
        weeks,
        values,
        color=COLOURS[best],
        linewidth=1.6,
        linestyle=style,
        marker=MARKERS[best],
        markersize=7,
        markeredgecolor=INK,
        markeredgewidth=0.7,
        markevery=range(1, len(weeks)),
    )
    if name:
        axes.annotate(
            name,
            (weeks[-1], values[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            fontsize=8,
            va="center",
            bbox=PAPER,
            zorder=6,
        )
    known: dict[float, float] = dict(zip(weeks, values, strict=True))
    for point in patient["time_points"]:
        week = point["days_since_first_dose"] / 7
        if point["new"] and week in known:
            axes.plot(week, known[week], marker="x", markersize=11, markeredgewidth=2, color=INK)
