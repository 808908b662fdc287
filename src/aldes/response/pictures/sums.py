"""Sums: one patient's sum of diameters over the courses, with the limits that answered."""

from datetime import date

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from aldes.errors import InputError
from aldes.response.pictures.style import (
    COLOURS,
    FAINT,
    INK,
    MARKERS,
    PAPER,
    Document,
    frame,
    legend,
    nothing_to_draw,
)

COURSE_DAYS = 19  # a course whose last dose is not known is drawn as long as its schedule is: two cycles, day 1 to 19
DASHED, DOTTED = (0, (5, 3)), (0, (1, 2))
SHADE = "#E6E6E6"


def sums(document: Document) -> Figure:
    """Sum over time with each time point's answer; courses are shaded, lesions thin lines."""
    if len(document["patients"]) != 1:
        raise InputError("The sums over the courses are drawn of one patient. Choose one with --patient.")
    (patient,) = document["patients"]
    if patient["baseline"]["sum_mm"] is None or not patient["time_points"]:
        raise nothing_to_draw("the patient has no target lesion, or no assessment after the baseline")
    targets = [each["lesion"] for each in patient["baseline"]["lesions"] if each["role"] == "target"]
    name = f" of {patient['patient']}" if patient["patient"] else ""
    note = f"n = 1 patient, {len(targets)} target lesions. A shape that is not filled: not every target was evaluated."
    figure, axes = frame(4.8, f"Sum of target diameters{name} over the courses", document, note)
    _courses(axes, patient)
    for lesion in targets:
        _lesion(axes, patient, lesion)
    _limits(axes, patient, _absolute_mm(document))
    _sum(axes, patient)
    axes.set_xlabel("days since the first dose", fontsize=10)
    axes.set_ylabel("sum of diameters, mm", fontsize=10)
    _bound(axes, patient)
    legend(axes, _handles())
    return figure


def _sum(axes: Axes, patient: Document) -> None:
    points = [each for each in patient["time_points"] if each["targets"]["complete"]]
    days = [_day(patient, patient["baseline"]["day"]), *(_day(patient, each["day"]) for each in points)]
    values = [patient["baseline"]["sum_mm"], *(each["targets"]["sum_mm"] for each in points)]
    axes.plot(days, values, color=INK, linewidth=1.8, zorder=3)
    axes.plot(days[0], values[0], marker="o", color=INK, markersize=7, zorder=4)
    _say(axes, f"baseline\n{values[0]:g} mm", days[0], values[0])
    for point in patient["time_points"]:
        total = point["targets"]["sum_mm"]
        if total is not None:
            _answer(axes, point, _day(patient, point["day"]), total)


def _answer(axes: Axes, point: Document, day: int, total: float) -> None:
    """The shape and word of a time point, with the sum and any new lesion."""
    answer = point["overall"]
    face = COLOURS[answer] if point["targets"]["complete"] else "white"
    size = 14 if answer == "CR" else 9
    axes.plot(day, total, marker=MARKERS[answer], markersize=size, color=face, markeredgecolor=INK, zorder=5)
    new = f"\nnew: {', '.join(point['new'])}" if point["new"] else ""
    _say(axes, f"{answer}\n{total:g} mm{new}", day, total)


def _say(axes: Axes, words: str, day: float, value: float) -> None:
    axes.annotate(
        words,
        (day, value),
        xytext=(0, 10),
        textcoords="offset points",
        fontsize=8,
        ha="center",
        va="bottom",
        color=INK,
        bbox=PAPER,
        zorder=6,
    )


def _limits(axes: Axes, patient: Document, absolute_mm: int) -> None:
    """What the next sum was held against: 30 % below the baseline, and progression above the nadir so far."""
    axes.axhline(0.7 * patient["baseline"]["sum_mm"], color=FAINT, linewidth=1, linestyle=DASHED, zorder=1)
    days = [_day(patient, patient["baseline"]["day"]), *(_day(patient, each["day"]) for each in patient["time_points"])]
    limits = [
        max(1.2 * each["targets"]["nadir_mm"], each["targets"]["nadir_mm"] + absolute_mm)
        for each in patient["time_points"]
    ]
    axes.step(days, [*limits, limits[-1]], where="post", color=COLOURS["PD"], linewidth=1.4, linestyle=DOTTED, zorder=2)


def _absolute_mm(document: Document) -> int:
    return int(next(each["value"] for each in document["switches"] if each["name"] == "absolute-increase"))


def _courses(axes: Axes, patient: Document) -> None:
    for course in patient["courses"]:
        start = _day(patient, course["first_dose"])
        end = _day(patient, course["last_dose"]) if course["last_dose"] else start + COURSE_DAYS - 1
        axes.axvspan(start, end + 1, color=SHADE, linewidth=0, zorder=0)
        axes.annotate(
            f"course {course['course']}",
            ((start + end + 1) / 2, 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, -4),
            textcoords="offset points",
            fontsize=8,
            ha="center",
            va="top",
            color=INK,
        )


def _lesion(axes: Axes, patient: Document, name: str) -> None:
    """One target by itself, thin, with its name at the end of its line."""
    first = next(each["mm"] for each in patient["baseline"]["lesions"] if each["lesion"] == name)
    days, values = [_day(patient, patient["baseline"]["day"])], [first]
    for point in patient["time_points"]:
        adds = next((each["adds_mm"] for each in point["lesions"] if each["lesion"] == name), None)
        if adds is not None:
            days.append(_day(patient, point["day"]))
            values.append(adds)
    axes.plot(days, values, color=FAINT, linewidth=0.9, marker=".", markersize=4, zorder=2, clip_on=False)
    axes.annotate(
        name,
        (days[0], values[0]),
        xytext=(-5, 0),
        textcoords="offset points",
        fontsize=7,
        ha="right",
        va="center",
        color=INK,
    )


def _bound(axes: Axes, patient: Document) -> None:
    sums = [each["targets"]["sum_mm"] or 0 for each in patient["time_points"]]
    axes.set_ylim(0, max([patient["baseline"]["sum_mm"], *sums]) * 1.35)
    first, last = _day(patient, patient["baseline"]["day"]), _day(patient, patient["time_points"][-1]["day"])
    span = last - first
    axes.set_xlim(first - 0.12 * span, last + 0.08 * span)


def _handles() -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=INK, linewidth=1.8, label="sum of diameters"),
        Line2D([], [], color=FAINT, linewidth=0.9, marker=".", label="one target lesion"),
        Line2D([], [], color=COLOURS["PD"], linewidth=1.4, linestyle=DOTTED, label="progression from here on"),
        Line2D([], [], color=FAINT, linewidth=1, linestyle=DASHED, label="30 % below the baseline"),
        Patch(facecolor=SHADE, label="a course"),
    ]


def _day(patient: Document, day: str) -> int:
    return (date.fromisoformat(day) - date.fromisoformat(patient["first_dose"])).days
