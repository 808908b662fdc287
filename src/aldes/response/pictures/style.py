"""How the pictures look: readable in print and by the colour-blind, each answer with a colour, a shape and a word."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from aldes.errors import InputError

Document = Mapping[str, Any]

# Okabe and Ito's colours, told apart with any colour vision; beside each a hatch and a marker for print without colour.
COLOURS = {
    "CR": "#009E73",
    "PR": "#56B4E9",
    "SD": "#F0E442",
    "non-CR/non-PD": "#F0E442",
    "PD": "#D55E00",
    "NE": "#BBBBBB",
}
HATCHES = {"CR": "", "PR": "///", "SD": "...", "non-CR/non-PD": "...", "PD": "xxx", "NE": "---"}
MARKERS = {"CR": "*", "PR": "v", "SD": "s", "non-CR/non-PD": "s", "PD": "^", "NE": "o"}
WORDS = {
    "CR": "CR, complete response",
    "PR": "PR, partial response",
    "SD": "SD, stable disease",
    "non-CR/non-PD": "non-CR/non-PD",
    "PD": "PD, progression",
    "NE": "NE, not evaluable",
}
INK, FAINT = "#222222", "#888888"
PAPER = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 0.8}  # under a word that crosses a line
WIDTH_IN = 8.0


def frame(height_in: float, title: str, document: Document, note: str) -> tuple[Figure, Axes]:
    """An empty picture with its title above and what it rests on below."""
    figure = Figure(figsize=(WIDTH_IN, height_in), layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(title, loc="left", fontsize=12, fontweight="bold", color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=9, colors=INK)
    figure.supxlabel(f"{note}\n{source(document)}", x=0.01, ha="left", fontsize=7.5, color=INK)
    return figure, axes


def source(document: Document) -> str:
    """Where the picture comes from: the criteria, each switch that is not at its default, the program."""
    changed = [f"{each['name']} = {each['value']}" for each in document["switches"] if each["changed"]]
    switches = f"switches: {'; '.join(changed)}" if changed else "every switch at its default"
    return f"Source: lesion table handed over; {document['criteria']}; {switches}; {document['engine']}."


def best_of(patient: Document) -> str:
    """The best response without confirmation: the pictures show time points."""
    return str(patient["best"]["unconfirmed"]["response"])


def changes(patient: Document) -> list[tuple[float, float]]:
    """Weeks since the first dose and change of the sum in per cent, where it is complete; the baseline first."""
    points = [each for each in patient["time_points"] if each["targets"]["from_baseline_percent"] is not None]
    found = [(each["days_since_first_dose"] / 7, float(each["targets"]["from_baseline_percent"])) for each in points]
    return [(0.0, 0.0), *found]


def named(patients: Sequence[Document]) -> list[str]:
    """A name for each patient: as it came, else a number."""
    return [each["patient"] or f"patient {number}" for number, each in enumerate(patients, 1)]


def nothing_to_draw(why: str) -> InputError:
    """The refusal of an empty picture."""
    return InputError(f"There is nothing to draw: {why}. Nothing was written.")


def legend(axes: Axes, handles: Sequence[Artist]) -> None:
    """The words of the shapes, beside the picture and never on it."""
    axes.legend(handles=handles, fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.08, 1.0))


def limits(axes: Axes) -> None:
    """The limits of partial response and progression as dashed lines with words."""
    axes.axhline(0, color=INK, linewidth=0.8, zorder=1)
    axes.axhline(-30, color=FAINT, linewidth=0.9, linestyle=(0, (5, 3)), zorder=0)
    axes.annotate(" −30 %", (1.0, -30), xycoords=("axes fraction", "data"), fontsize=8, va="center", color=INK)
    axes.axhline(20, color=FAINT, linewidth=0.9, linestyle=(0, (1, 2)), zorder=0)
    axes.annotate(" +20 %", (1.0, 20), xycoords=("axes fraction", "data"), fontsize=8, va="center", color=INK)
