"""The picture of one virtual patient, and the pictures of a trial; readable in print and without colour."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from aldes.trial.arm import Results
from aldes.trial.follow import RESPONSES
from aldes.trial.trace import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PANELS: tuple[tuple[str, tuple[tuple[str, str], ...], bool], ...] = (
    ("interleukin-2, IU/mL", (("interleukin_2_iu_per_ml", ""),), True),
    ("cells per µL", (("lymphocytes_in_blood_per_ul", "in blood"), ("nk_per_ul", "NK"), ("cd8_per_ul", "CD8")), True),
    ("cytokines", (("tnf_fold", "TNF, fold"), ("ifn_gamma_drive", "IFN-γ drive")), True),
    ("mean pressure, mmHg", (("mean_pressure_mmhg", ""),), False),
    ("weight, kg", (("weight_kg", ""),), False),
    ("creatinine, mg/dL", (("creatinine_mg_per_dl", ""),), False),
    ("platelets, thousand/µL", (("platelets_thousand_per_ul", ""),), False),
    ("temperature, °C", (("temperature_c", ""),), False),
)
CHARTED = {"creatinine, mg/dL": "creatinine", "platelets, thousand/µL": "platelets", "weight, kg": "weight"}
STYLES = ("-", "--", ":")
MARKS = {"give": "|", "hold": "x", "stop": "X", "insufficient": "$?$"}
INK = "#1b1b1b"
SHADES = ("#1f4e79", "#b5651d", "#4b7f52")


def draw_trace(trace: Trace, path: Path) -> None:
    """Everything of one patient on one page: drug, cells, cytokines, organs, doses, tumour."""
    import matplotlib.pyplot as plt

    with plt.rc_context(_STYLE):
        figure, axes = plt.subplots(
            len(PANELS) + 2, 1, figsize=(8.3, 13.5), height_ratios=[1.1, *[1.0] * len(PANELS), 1.3]
        )
        days = trace.hours / 24 + 1
        in_ward = trace.hours <= _last_h(trace)
        _slots(axes[0], trace)
        for ax, (label, lines, logarithmic) in zip(axes[1:-1], PANELS, strict=True):
            _panel(ax, trace, days[in_ward], in_ward, label, lines, logarithmic=logarithmic)
            ax.set_xlim(axes[0].get_xlim())
        _tumour(axes[-1], trace, days)
        figure.suptitle(_title(trace), x=0.02, ha="left", fontsize=9)
        figure.subplots_adjust(left=0.17, right=0.97, top=0.94, bottom=0.05, hspace=0.32)
        figure.text(0.02, 0.006, _FOOT, fontsize=6.5)
        figure.savefig(path, dpi=130)
        plt.close(figure)


_STYLE: Any = {
    "font.size": 7.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "svg.fonttype": "none",
}
_FOOT = (
    "A simulation by a model: no real patient, no forecast. "
    "Dots: what the virtual ward charted. Day 1 is the day of dose 1."
)


def _title(trace: Trace) -> str:
    arm = trace.patient.arm
    given = sum(each.decision == "give" for each in trace.slots)
    return (
        f"{trace.patient.id}, {trace.patient.params.weight:.0f} kg, nursed by the {arm.protocol.words}: "
        f"{given} of {len(trace.slots)} doses given\n{arm.regimen.words}"
    )


def _last_h(trace: Trace) -> float:
    shown = ~np.isnan(trace.columns["mean_pressure_mmhg"])
    return float(trace.hours[shown][-1])


def _slots(ax: "Axes", trace: Trace) -> None:
    """Each slot as a mark on the line of its decision; what held it stands below, once for each row."""
    lines = ("give", "hold", "stop", "insufficient")
    for place, decision in enumerate(lines):
        times = [each.hour / 24 + 1 for each in trace.slots if each.decision == decision]
        ax.plot(times, [-place] * len(times), linestyle="", marker=MARKS[decision], color=INK, markersize=6)
    ax.set_yticks([-place for place in range(len(lines))], ["given", "held", "stopped", "not enough known"])
    ax.set_ylim(-len(lines) + 0.5, 0.8)
    ax.set_xlim(0.5, _last_h(trace) / 24 + 1.2)
    held: dict[str, int] = {}
    for each in trace.slots:
        for row in each.rows:
            held[row] = held.get(row, 0) + 1
    words = ", ".join(f"{row} ({count})" for row, count in sorted(held.items(), key=lambda pair: -pair[1])[:6])
    ax.set_title(f"slots held by: {words or 'no row'}", fontsize=7, loc="left", pad=2)


def _panel(
    ax: "Axes",
    trace: Trace,
    days: Any,
    rows: Any,
    label: str,
    lines: Sequence[tuple[str, str]],
    *,
    logarithmic: bool,
) -> None:
    for (name, words), style, shade in zip(lines, STYLES, SHADES, strict=False):
        values = trace.columns[name][rows]
        shown = np.where(values > 0, values, np.nan) if logarithmic else values
        ax.plot(days, shown, style, color=shade, linewidth=0.9, label=words)
    if label in CHARTED and CHARTED[label] in trace.charted:
        hours, values = trace.charted[CHARTED[label]]
        ax.plot(hours / 24 + 1, values, ".", color=INK, markersize=2.5)
    if logarithmic:
        ax.set_yscale("log")
        ax.set_ylim(bottom=max(ax.get_ylim()[0], 1e-2))
    if len(lines) > 1:
        ax.legend(frameon=False, ncols=len(lines), fontsize=6.5, loc="lower right", bbox_to_anchor=(1, 0.98))
    ax.set_ylabel(label.replace(", ", ",\n"), rotation=0, ha="right", va="center")
    ax.tick_params(labelbottom=label.startswith("temperature"))


def _tumour(ax: "Axes", trace: Trace, days: Any) -> None:
    ax.plot(days, trace.columns["sum_of_diameters_mm"], color=SHADES[0], linewidth=1.1)
    ax.set_ylim(bottom=0)
    ax.set_xlim(0.5, days[-1] + 1)
    ax.set_ylabel("sum of\ndiameters,\nmm", rotation=0, ha="right", va="center")
    ax.set_xlabel("day (the lowest panel has a scale of its own)")


def draw_trial(arms: Sequence[Results], path: Path) -> None:
    """Doses in each cycle, best response, and how many are without progression, arm beside arm."""
    import matplotlib.pyplot as plt

    with plt.rc_context(_STYLE | {"font.size": 8}):
        figure, axes = plt.subplots(1, 3, figsize=(11, 3.6), width_ratios=[1.2, 1, 1])
        _doses(axes[0], arms)
        _responses(axes[1], arms)
        _free(axes[2], arms)
        figure.tight_layout(rect=(0, 0.05, 1, 1))
        figure.text(
            0.01, 0.015, f"Virtual patients, the same in every arm, n = {len(arms[0]['patient']):,} an arm.", fontsize=7
        )
        figure.savefig(path, dpi=130)
        plt.close(figure)


def _doses(ax: "Axes", arms: Sequence[Results]) -> None:
    width = 0.8 / len(arms)
    for place, arm in enumerate(arms):
        counts = np.bincount(arm["doses 1"].astype(int), minlength=15)[:15]
        share = 100 * counts / counts.sum()
        at = np.arange(15) + (place - (len(arms) - 1) / 2) * width
        ax.bar(
            at,
            share,
            width,
            label=arm.arm.id,
            color=SHADES[place % 3],
            hatch=("", "///", "...")[place % 3],
            edgecolor="white",
        )
    ax.set(xlabel="doses given in cycle 1", ylabel="patients, %", xticks=range(0, 15, 2))
    ax.legend(frameon=False)


def _responses(ax: "Axes", arms: Sequence[Results]) -> None:
    left = np.zeros(len(arms))
    for rank, words in enumerate(RESPONSES):
        share = np.array([100 * float((arm["best"] == rank).mean()) for arm in arms])
        grey = 0.88 - 0.22 * rank
        ax.barh(range(len(arms)), share, left=left, color=str(grey), edgecolor=INK, linewidth=0.5, label=words)
        left += share
    ax.set_yticks(range(len(arms)), [arm.arm.id for arm in arms])
    ax.invert_yaxis()
    ax.set(xlabel="best response, % of patients", xlim=(0, 100))
    ax.legend(frameon=False, fontsize=6.5, ncols=2, loc="upper center", bbox_to_anchor=(0.5, 1.2))


def _free(ax: "Axes", arms: Sequence[Results]) -> None:
    for arm, style, shade in zip(arms, STYLES * 3, SHADES * 3, strict=False):
        days = np.sort(arm["progressed_day"])
        seen = np.unique(days[np.isfinite(days)])
        free = [100 * float((days > day).mean()) for day in seen]
        ax.step([0, *seen], [100, *free], style, where="post", color=shade, label=arm.arm.id)
    ax.set(xlabel="day from dose 1", ylabel="without progression, %", ylim=(0, 102))
    ax.legend(frameon=False)
