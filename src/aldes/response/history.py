"""From rows to one patient's history: days in order, a baseline, courses, and every contradiction refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise

from aldes.errors import InputError, nearest
from aldes.numbers import number
from aldes.response.courses import courses_of
from aldes.response.lesion import Assessment, History, Lesion, Role, Seen, State
from aldes.response.limits import LEAST_BASELINE_MM
from aldes.response.measured import OF_TARGETS, check_same, lesion_of, refusal, seen_of
from aldes.response.rows import EVENTS, Row


def histories(rows: Iterable[Row], today: date) -> tuple[History, ...]:
    """The history of each patient, in the order in which they come.

    Raises
    ------
    InputError
        For the first fault of any row, naming its place: nothing is computed from the rest.
    """
    by_patient: dict[str, list[Row]] = {}
    for row in rows:
        by_patient.setdefault(row.patient, []).append(row)
    if not by_patient:
        raise InputError("No lesion and no event came. Send a row for each lesion at each assessment.")
    return tuple(history(each, today) for each in by_patient.values())


def history(rows: Sequence[Row], today: date) -> History:
    """One patient's history.

    Raises
    ------
    InputError
        For a fault of a row, for days out of order, and where the first dose or a baseline is missing.
    """
    _check_days(rows, today)
    events = [row for row in rows if row.event]
    courses = courses_of(events)
    lesions, assessments = _assessments(rows)
    start = courses[0].first_dose
    before = [each for each in assessments if each.day <= start and each.seen]
    if not before:
        raise InputError(
            f"{rows[0].where}: no lesion was assessed on or before the first dose, so that nothing can be compared. "
            "Send the baseline. Nothing was computed."
        )
    later = tuple(each for each in assessments if each.day > start)
    found = History(
        patient=rows[0].patient,
        lesions=lesions,
        baseline=before[-1],
        later=later,
        courses=courses,
        death=_only(events, "death"),
        other_therapy=_only(events, "other therapy"),
        last_day=rows[-1].day,
    )
    _check_baseline(found, rows)
    return found


def _check_days(rows: Sequence[Row], today: date) -> None:
    for earlier, row in pairwise(rows):
        if row.day < earlier.day:
            raise refusal(
                row, f"its day {row.day} lies before that of {earlier.where}, {earlier.day}", "Put the rows in order."
            )
        if earlier.event == "death":
            raise refusal(row, "it comes after the death", "Correct the day, or the death.")
    if rows[-1].day > today:
        raise refusal(rows[-1], f"its day {rows[-1].day} lies in the future", "Correct the day.")
    for row in rows:
        if bool(row.event) == bool(row.lesion):
            raise refusal(row, "it names neither or both of a lesion and an event", "Name one of the two.")
        if row.event and row.event not in EVENTS:
            near = nearest(row.event[:40], EVENTS) or f" We read {', '.join(EVENTS)}."
            raise refusal(row, "the event is none that we know", f"Correct it.{near}")


def _only(events: Sequence[Row], name: str) -> date | None:
    return next((row.day for row in events if row.event == name), None)


def _assessments(rows: Sequence[Row]) -> tuple[dict[str, Lesion], list[Assessment]]:
    """Every lesion, and each day on which any was looked at or should have been."""
    lesions: dict[str, Lesion] = {}
    found: list[Assessment] = []
    for day, group in groupby(rows, key=lambda row: row.day):
        of_day = list(group)
        seen = dict(_seen(of_day, lesions))
        missed = [row for row in of_day if row.event == "missed assessment"]
        if missed and seen:
            raise refusal(missed[0], "an assessment was missed on a day on which lesions were seen", "Leave one out.")
        if seen or missed:
            found.append(Assessment(day=day, seen=seen, marker_raised=_marker(of_day)))
        elif any(row.event.startswith("marker") for row in of_day):
            raise refusal(of_day[0], "a marker stands on a day without an assessment", "Enter it under that day.")
    return lesions, found


def _seen(rows: Sequence[Row], lesions: dict[str, Lesion]) -> Iterator[tuple[str, Seen]]:
    """Each lesion of one day once; the parts of one that fragmented are added together."""
    parts: dict[str, dict[str, Seen]] = {}
    for row in rows:
        if not row.lesion:
            continue
        if row.lesion in lesions:
            check_same(row, lesions[row.lesion])
        else:
            lesions[row.lesion] = lesion_of(row)
        known = parts.setdefault(row.lesion, {})
        if row.part in known or (known and "" in (row.part, *known)):
            raise refusal(
                row,
                f"lesion {row.lesion} came twice on {row.day}",
                "Send each lesion once a day; the parts of a fragmented one each with a name in 'part'.",
            )
        known[row.part] = seen_of(row, lesions[row.lesion])
        if row.part and known[row.part].mm is None:
            raise refusal(row, f"a part of lesion {row.lesion} came without a diameter", "Measure each part.")
    for id, each in parts.items():
        first = next(iter(each.values()))
        yield (
            id,
            replace(first, mm=sum((one.mm or Decimal(0) for one in each.values()), Decimal(0))) if first.mm else first,
        )


def _marker(rows: Sequence[Row]) -> bool | None:
    said = {row.event for row in rows if row.event.startswith("marker")}
    if len(said) > 1:
        raise refusal(rows[0], "the marker is both normal and raised on one day", "Leave one out.")
    return said == {"marker raised"} if said else None


def _check_baseline(history: History, rows: Sequence[Row]) -> None:
    """Each lesion of the baseline is there, and either all have a role or none."""
    roles = [each.role is not None for each in history.at_baseline()]
    if any(roles) and not all(roles):
        raise InputError(
            f"{rows[0].where}: some lesions of the baseline have a role and others have none. "
            "Give each one, or none, so that they are chosen by the rule. Nothing was computed."
        )
    for lesion in history.afterwards():
        if lesion.role is Role.TARGET:
            raise InputError(
                f"{_place(rows, lesion.id)}: lesion {lesion.id} is a target and was not seen at the baseline. "
                "A lesion first seen later is a new one. Leave its role out. Nothing was computed."
            )
    allowed = {State.MEASURED, State.PRESENT, State.TOO_SMALL}
    for id, seen in history.baseline.seen.items():
        place = _place(rows, id)
        if seen.state not in allowed:
            raise InputError(
                f"{place}: lesion {id} is {seen.state} at baseline. Send what is there. Nothing was computed."
            )
        if seen.mm is None or seen.mm >= LEAST_BASELINE_MM:
            continue
        raise InputError(
            f"{place}: lesion {id} came with {number(seen.mm)} mm at baseline, below "
            f"{number(LEAST_BASELINE_MM)} mm. Was it in cm? Send mm, or the state present. Nothing was computed."
        )


def check_targets(history: History, targets: Iterable[Lesion]) -> None:
    """Targets are measured: what belongs to non-target disease is refused for them.

    Raises
    ------
    InputError
        Naming lesion and day.
    """
    for lesion in targets:
        for each in history.later:
            if each.of(lesion.id).state not in OF_TARGETS:
                raise InputError(
                    f"Lesion {lesion.id} is a target and is {each.of(lesion.id).state} on {each.day}. "
                    "A target is measured, too small, absent, merged or not evaluated. Correct it. "
                    "Nothing was computed."
                )


def _place(rows: Sequence[Row], lesion: str, day: date | None = None) -> str:
    return next(row.where for row in rows if row.lesion == lesion and day in (None, row.day))
