"""Waterfall: the greatest fall of the sum in each patient, from the worst to the best."""

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from aldes.response.pictures.style import (
    COLOURS,
    HATCHES,
    INK,
    WORDS,
    Document,
    best_of,
    frame,
    legend,
    limits,
    named,
    nothing_to_draw,
)

FEWEST = 8  # bars that fill the width: fewer stay as narrow


def waterfall(document: Document) -> Figure:
    """One bar a patient: the best change of the sum of diameters up to progression."""
    patients = document["patients"]
    bars = [
        (name, change, best_of(each))
        for name, each in zip(named(patients), patients, strict=True)
        if (change := best_change(each)) is not None
    ]
    if not bars:
        raise nothing_to_draw("no patient has a complete sum after the baseline")
    bars.sort(key=lambda bar: (-bar[1], bar[0]))
    left_out = len(patients) - len(bars)
    note = f"n = {len(bars)} patients" + (f"; {left_out} without a complete sum after the baseline" if left_out else "")
    figure, axes = frame(
        4.6, "Best change of the sum of target diameters", document, f"{note}. Letters: best response, unconfirmed."
    )
    places = range(len(bars))
    for place, (_, change, best) in zip(places, bars, strict=True):
        axes.bar(place, change, width=0.8, color=COLOURS[best], hatch=HATCHES[best], edgecolor=INK, linewidth=0.7)
        side = 1 if change >= 0 else -1
        axes.annotate(
            best.removeprefix("non-CR/"),
            (place, change),
            xytext=(0, 3 * side),
            textcoords="offset points",
            ha="center",
            va="bottom" if side > 0 else "top",
            fontsize=8 if len(bars) < 25 else 6,
            color=INK,
        )
    limits(axes)
    axes.set_xticks(list(places), [name for name, _, _ in bars], rotation=90 if len(bars) > 12 else 0)
    axes.set_ylabel("change from baseline, %", fontsize=10)
    low, high = min(change for _, change, _ in bars), max(change for _, change, _ in bars)
    axes.set_ylim(min(-45, low - 14), max(35, high + 14))
    beside = max(FEWEST - len(bars), 0) / 2
    axes.set_xlim(-0.7 - beside, len(bars) - 0.3 + beside)
    shown = [each for each in WORDS if each in {best for _, _, best in bars}]
    handles = [Patch(facecolor=COLOURS[each], hatch=HATCHES[each], edgecolor=INK, label=WORDS[each]) for each in shown]
    legend(axes, handles)
    return figure


def best_change(patient: Document) -> float | None:
    """The greatest fall, or the least rise, among the time points that count."""
    points = [each["targets"]["from_baseline_percent"] for each in patient["time_points"] if each["counts"]]
    known = [float(each) for each in points if each is not None]
    return min(known) if known else None
