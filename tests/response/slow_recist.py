"""RECIST 1.1 a second time, from its tables, slow and plain: lists of dicts, whole numbers of tenths of a millimetre.

Nothing of the program is used but the rows as they are handed over. Tables 1 to 3 stand here as tables.
"""

from datetime import date
from itertools import combinations, pairwise
from typing import Any

ANY = "any"

# Table 1: target, non-target, new lesion → overall. The first line that fits counts.
TABLE_1 = [
    (ANY, ANY, "yes", "PD"),
    ("PD", ANY, ANY, "PD"),
    (ANY, "PD", ANY, "PD"),
    ("CR", "CR", "no", "CR"),
    ("CR", "none", "no", "CR"),
    ("CR", "non-CR/non-PD", "no", "PR"),
    ("CR", "NE", "no", "PR"),
    ("PR", ANY, "no", "PR"),
    ("SD", ANY, "no", "SD"),
    ("NE", ANY, "no", "NE"),
]
# Table 2: non-target, new lesion → overall.
TABLE_2 = [
    (ANY, "yes", "PD"),
    ("PD", ANY, "PD"),
    ("CR", "no", "CR"),
    ("non-CR/non-PD", "no", "non-CR/non-PD"),
    ("NE", "no", "NE"),
]


def look_up(table: list[tuple[str, ...]], *asked: str) -> str:
    for *conditions, answer in table:
        if all(condition in (ANY, said) for condition, said in zip(conditions, asked, strict=True)):
            return answer
    raise AssertionError(asked)


def tenths(row: Any) -> int | None:
    return None if row.value is None else int(row.value * 10)


def responses(rows: list[Any], switches: dict[str, str], overlooked: tuple[date, ...] = ()) -> dict[str, Any]:
    """Everything that RECIST 1.1 says of these rows, as plain values."""
    events = [(row.day, row.event) for row in rows if row.event]
    start = min(day for day, event in events if event == "course")
    days = sorted(
        {row.day for row in rows if row.lesion} | {day for day, event in events if event == "missed assessment"}
    )
    about: dict[str, Any] = {}
    for row in rows:
        if row.lesion and row.lesion not in about:
            about[row.lesion] = row
    baseline_day = max(day for day in days if day <= start and any(r.lesion and r.day == day for r in rows))
    at = {day: {row.lesion: row for row in rows if row.day == day and row.lesion} for day in days}
    baseline = at[baseline_day]
    later = [day for day in days if day > start]

    normal = [n for n, row in baseline.items() if is_node(about[n]) and tenths(row) is not None and tenths(row) < 100]
    targets = pick_targets(baseline, about)
    others = [name for name in baseline if name not in targets and name not in normal]
    new_ones = [name for name in about if name not in baseline]

    def size(name: str, day: date) -> int | None:
        row = at[day].get(name)
        if row is None or row.state in ("not evaluated", "present"):
            return None
        if row.state in ("absent", "merged"):
            return 0
        if row.state == "too small":
            return 10 * int(switches["too-small"])
        return tenths(row)

    base_sum = sum(size(name, baseline_day) or 0 for name in targets)
    points = []
    sums_so_far = [base_sum]
    raised_first = (baseline_day, "marker raised") in events
    for day in later:
        sizes = [size(name, day) for name in targets]
        measured = [each for each in sizes if each is not None]
        total = sum(measured)
        nadir = min(sums_so_far)
        grown = (
            total > nadir and 5 * (total - nadir) >= nadir and total - nadir >= 10 * int(switches["absolute-increase"])
        )
        gone = [target_is_gone(at[day].get(name), about[name]) for name in targets]
        if not targets:
            target = "none"
        elif not measured:
            target = "NE"
        elif len(measured) < len(sizes):
            target = "PD" if grown and switches["missing-target"] == "progression" else "NE"
        elif all(gone):
            target = "CR"
        elif grown:
            target = "PD"
        elif 10 * total <= 7 * base_sum:
            target = "PR"
        else:
            target = "SD"
        if targets and len(measured) == len(sizes) and day not in overlooked:
            sums_so_far.append(total)
        other = non_target(others, at[day], about, raised_first, [e for d, e in events if d == day])
        new = [name for name in new_ones if certainly_there(at[day].get(name), about[name])]
        if switches["equivocal-new-lesion"] == "from the first sight":
            for name in new_ones:
                ever = any(certainly_there(at[each].get(name), about[name]) for each in later)
                here = at[day].get(name)
                if ever and here is not None and here.state == "equivocal":
                    new.append(name)
        new += [name for name in normal if certainly_there(at[day].get(name), about[name])]
        is_new = "yes" if new else "no"
        overall = look_up(TABLE_2, other, is_new) if target == "none" else look_up(TABLE_1, target, other, is_new)
        if overall == "PD" and switches["progression-outside-window"] == "not evaluable" and too_early(day, events):
            overall = "NE"
        here = any(not is_gone for is_gone, s in zip(gone, sizes, strict=True) if s is not None)
        seen = here or bool(new) or other in ("non-CR/non-PD", "PD")
        points.append(
            {
                "day": day,
                "target": target,
                "other": other,
                "overall": overall,
                "seen": seen,
                "sum": total,
                "new": is_new,
                "names": new,
            }
        )
        points[-1]["complete"] = len(measured) == len(sizes)

    again = residual_after(points, base_sum, overlooked, switches)
    if again:
        return responses(rows, switches, overlooked + again)
    after_complete_response(points, overlooked)
    counted = cut(points, events, switches)
    free = progression_free(counted, start, events, switches)
    result = {
        "targets": sorted(targets),
        "overall": [each["overall"] for each in points],
        "target": [each["target"] for each in points],
        "other": [each["other"] for each in points],
        "sums": [each["sum"] if each["complete"] else None for each in points],
        "best": best(counted, start, baseline_day, bool(targets), switches),
        "confirmed": confirmed(counted, start, baseline_day, bool(targets), switches),
        "free": free,
        "points": points,
        "since": baseline_day if switches["stable-from"] == "baseline" else start,
    }
    first = next((each["day"] for each in counted if each["overall"] in ("CR", "PR")), None)
    result["response_days"] = None
    if result["best"] in ("CR", "PR"):
        until = max(free[1], first)
        result["response_days"] = (until - first).days
    return result


def is_node(row: Any) -> bool:
    return row.organ == "lymph node"


def pick_targets(baseline: dict[str, Any], about: dict[str, Any]) -> list[str]:
    """Try every set of measurable lesions: the largest, of most organs, and of those the biggest lesions."""
    measurable = []
    for name, row in baseline.items():
        mm = tenths(row)
        if mm is None or about[name].irradiated == "yes":
            continue
        if about[name].kind not in ("", "solid", "node", "cyst", "bone with soft tissue"):
            continue
        if row.method in ("ultrasound", "PET"):
            continue
        least = 200 if row.method == "X-ray" else 150 if is_node(about[name]) else 100
        if row.slice_mm and row.slice_mm > 5 and row.method in ("CT", "MRI"):
            least = max(least, int(20 * row.slice_mm))
        if mm >= least:
            measurable.append(name)
    liked = sorted(measurable, key=lambda name: (about[name].kind == "cyst", -tenths(baseline[name]), name))
    sets = []
    for many in range(6):
        for chosen in combinations(range(len(liked)), many):
            organs = [about[liked[place]].organ for place in chosen]
            if all(organs.count(organ) <= 2 for organ in organs):
                sets.append((-many, -len(set(organs)), chosen))
    return [liked[place] for place in min(sets)[2]]


def target_is_gone(row: Any, about: Any) -> bool:
    if row is None:
        return False
    if row.state == "absent":
        return True
    if is_node(about):
        return row.state == "too small" or (row.value is not None and row.value < 10)
    return False


def non_target(names: list[str], seen: dict[str, Any], about: dict[str, Any], raised: bool, events: list[str]) -> str:
    if not names and not raised:
        return "none"
    states = []
    for name in names:
        row = seen.get(name)
        if row is None or row.state == "not evaluated":
            states.append("unseen")
        elif row.state in ("progression", "further progression"):
            states.append("worse")
        elif row.state == "absent" or (is_node(about[name]) and row.value is not None and row.value < 10):
            states.append("gone")
        else:
            states.append("there")
    if "worse" in states:
        return "PD"
    if "unseen" in states:
        return "NE"
    if "there" in states:
        return "non-CR/non-PD"
    if raised and "marker normal" not in events:
        return "non-CR/non-PD" if "marker raised" in events else "NE"
    return "CR"


def certainly_there(row: Any, about: Any) -> bool:
    if row is None or row.state in ("equivocal", "absent", "not evaluated", "merged"):
        return False
    return not (is_node(about) and row.value is not None and row.value < 10)


def too_early(day: date, events: list[tuple[date, str]]) -> bool:
    """In a course, or within 14 days of its last dose."""
    began = max(when for when, event in events if event == "course" and when < day)
    ended = [when for when, event in events if event == "last dose" and when >= began]
    nexts = [when for when, event in events if event == "course" and when > began]
    ended = [when for when in ended if not nexts or when < min(nexts)]
    return bool(ended) and (day - max(ended)).days < 14


def residual_after(
    points: list[dict[str, Any]], base_sum: int, overlooked: tuple[date, ...], switches: dict[str, str]
) -> tuple[date, ...]:
    """The days of complete response that were partial, because small disease was overlooked."""
    if switches["disease-after-cr"] == "progression":
        return ()
    complete = [place for place, each in enumerate(points) if each["overall"] == "CR" and each["day"] not in overlooked]
    if not complete:
        return ()
    disease = [place for place, each in enumerate(points) if each["seen"] and place > complete[0]]
    disease = [place for place in disease if points[place]["day"] not in overlooked]
    if not disease:
        return ()
    point = points[disease[0]]
    days = tuple(points[place]["day"] for place in complete if place < disease[0])
    small = point["target"] == "none" or 10 * point["sum"] <= 7 * base_sum
    if point["new"] == "no" and point["other"] != "PD" and point["complete"] and small:
        return days if (days[-1] - days[0]).days < int(switches["confirm-days"]) else ()
    return ()


def after_complete_response(points: list[dict[str, Any]], overlooked: tuple[date, ...]) -> None:
    """Footnote of table 3, read from the front."""
    complete = False
    for point in points:
        if point["overall"] == "CR" and point["day"] in overlooked:
            point["overall"] = "PR"
        elif point["overall"] == "CR":
            complete = True
        elif complete and point["overall"] != "PD":
            point["overall"] = "PD" if point["seen"] else "NE"


def cut(points: list[dict[str, Any]], events: list[tuple[date, str]], switches: dict[str, str]) -> list[dict[str, Any]]:
    other = [day for day, event in events if event == "other therapy"]
    kept = []
    for point in points:
        if other and switches["other-therapy"] == "is left out" and point["day"] > other[0]:
            break
        kept.append(point)
        if point["overall"] == "PD":
            break
    return kept


def best(points: list[dict[str, Any]], start: date, baseline: date, has_targets: bool, switches: dict[str, str]) -> str:
    found = [each["overall"] for each in points]
    if "CR" in found:
        return "CR"
    if "PR" in found:
        return "PR"
    return stable_or_worse(points, start, baseline, has_targets, switches)


def stable_or_worse(
    points: list[dict[str, Any]], start: date, baseline: date, has_targets: bool, switches: dict[str, str]
) -> str:
    since = baseline if switches["stable-from"] == "baseline" else start
    for point in points:
        held = point["overall"] in ("CR", "PR", "SD", "non-CR/non-PD")
        if held and (point["day"] - since).days >= int(switches["stable-days"]):
            return "SD" if has_targets else "non-CR/non-PD"
    return "PD" if any(each["overall"] == "PD" for each in points) else "NE"


def confirmed(
    points: list[dict[str, Any]], start: date, baseline: date, has_targets: bool, switches: dict[str, str]
) -> str:
    """Every pair of assessments with every sequence between them, by table 3."""
    for wanted, good in (("CR", ("CR",)), ("PR", ("CR", "PR"))):
        for i, j in combinations(range(len(points)), 2):
            far = (points[j]["day"] - points[i]["day"]).days >= int(switches["confirm-days"])
            between = [each["overall"] for each in points[i + 1 : j]]
            both = points[i]["overall"] in good and points[j]["overall"] in good
            if far and both and unbroken(between, wanted, good, switches):
                return wanted
    if switches["response-then-pd"] == "response":
        for first, second in pairwise(points):
            if first["overall"] in ("CR", "PR") and second["overall"] == "PD":
                return str(first["overall"])
    return stable_or_worse(points, start, baseline, has_targets, switches)


def unbroken(between: list[str], wanted: str, good: tuple[str, ...], switches: dict[str, str]) -> bool:
    missed = 0
    for each in between:
        if each in good:
            missed = 0
        elif each == "NE":
            missed += 1
            if missed > int(switches["missed-between"]):
                return False
        elif not (each == "SD" and wanted == "PR" and switches["stable-between"] == "allowed"):
            return False
    return True


def progression_free(
    points: list[dict[str, Any]], start: date, events: list[tuple[date, str]], switches: dict[str, str]
) -> tuple[date, date, bool]:
    """From when, until when, and whether it is an event."""
    end = next((each["day"] for each in points if each["overall"] == "PD"), None)
    if end is None:
        deaths = [day for day, event in events if event == "death"]
        other = [day for day, event in events if event == "other therapy"]
        hidden = other and switches["other-therapy"] == "is left out" and deaths and deaths[0] > other[0]
        end = deaths[0] if deaths and not hidden else None
    if end is not None:
        before = [each["overall"] for each in points if each["day"] < end]
        if not (before[-2:] == ["NE", "NE"] and switches["progression-after-missed"] == "is censored before them"):
            return start, end, True
    good = [each["day"] for each in points if each["overall"] != "NE" and (end is None or each["day"] < end)]
    return start, max([start, *good]), False
