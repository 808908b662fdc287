"""Swimmer: each patient's time from the first dose: courses, response, progression, death, still followed."""

from datetime import date

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from aldes.response.pictures.style import COLOURS, INK, MARKERS, Document, frame, legend, named

RESPONSES = ("CR", "PR")
PALE = "#DDDDDD"
WEEK = 7


def swimmer(document: Document) -> Figure:
    """One lane a patient, the longest on top; what happened stands on it as shapes with words in the legend."""
    patients = sorted(
        zip(named(document["patients"]), document["patients"], strict=True),
        key=lambda each: (_weeks(each[1], each[1]["last_day"]), each[0]),
    )
    note = (
        f"n = {len(patients)} patients. Without confirmation. "
        "Arrow: no progression, death or another therapy at the end."
    )
    figure, axes = frame(1.9 + 0.42 * max(len(patients), 3), "Time in response", document, note)
    for place, (_, patient) in enumerate(patients):
        _lane(axes, place, patient)
    axes.set_yticks(range(len(patients)), [name for name, _ in patients])
    axes.set_ylim(-0.7, len(patients) - 0.3)
    axes.set_xlim(0, max(_weeks(each, each["last_day"]) for _, each in patients) * 1.07 + 1)
    axes.set_xlabel("weeks since the first dose", fontsize=10)
    legend(axes, _legend())
    return figure


def _lane(axes: Axes, place: int, patient: Document) -> None:
    end = _weeks(patient, patient["last_day"])
    axes.barh(place, end, height=0.5, color=PALE, edgecolor=INK, linewidth=0.6, zorder=1)
    lasted = patient["response_duration"]["unconfirmed"]
    if lasted:
        since, until = (_weeks(patient, lasted[key]) for key in ("since", "until"))
        axes.barh(
            place,
            until - since,
            left=since,
            height=0.5,
            color="#9ED8F5",
            hatch="///",
            edgecolor=INK,
            linewidth=0.6,
            zorder=2,
        )
    for course in patient["courses"]:
        axes.plot(
            _weeks(patient, course["first_dose"]),
            place - 0.34,
            marker="^",
            color=INK,
            markersize=5,
            clip_on=False,
            zorder=4,
        )
    seen: set[str] = set()
    for point in patient["time_points"]:
        answer = point["overall"]
        first = answer in (*RESPONSES, "PD") and answer not in seen and point["counts"]
        if first:
            seen.add(answer)
            size = 12 if answer == "CR" else 8
            axes.plot(
                _weeks(patient, point["day"]),
                place,
                marker=MARKERS[answer],
                color=COLOURS[answer],
                markersize=size,
                markeredgecolor=INK,
                markeredgewidth=0.8,
                zorder=5,
            )
    if patient["death"]:
        axes.plot(_weeks(patient, patient["death"]), place, marker="X", color=INK, markersize=9, zorder=6)
    if patient["other_therapy"]:
        axes.plot(
            _weeks(patient, patient["other_therapy"]),
            place,
            marker="D",
            color="white",
            markeredgecolor=INK,
            markersize=6,
            zorder=6,
        )
    if not (patient["death"] or patient["progression"] or patient["other_therapy"]):
        axes.annotate("", (end + 1.4, place), (end, place), arrowprops={"arrowstyle": "->", "color": INK})


def _weeks(patient: Document, day: str) -> float:
    return (date.fromisoformat(day) - date.fromisoformat(patient["first_dose"])).days / WEEK


def _legend() -> list[Line2D]:
    def shape(marker: str, colour: str, words: str, size: float = 8) -> Line2D:
        return Line2D(
            [], [], linestyle="", marker=marker, color=colour, markeredgecolor=INK, markersize=size, label=words
        )

    return [
        Line2D([], [], color="#9ED8F5", linewidth=8, label="in response (hatched)"),
        Line2D([], [], color=PALE, linewidth=8, label="followed"),
        shape("^", INK, "a course begins", 5),
        shape(MARKERS["CR"], COLOURS["CR"], "first CR", 12),
        shape(MARKERS["PR"], COLOURS["PR"], "first PR"),
        shape(MARKERS["PD"], COLOURS["PD"], "progression"),
        shape("X", INK, "death"),
        shape("D", "white", "another therapy", 6),
    ]
