"""iRECIST a second time, from its tables 2 and 3, as a walk over plain dicts of one time point each."""

from datetime import date
from typing import Any

from slow_recist import TABLE_1, TABLE_2, look_up, pick_targets, tenths

IMMUNE = {"CR": "iCR", "PR": "iPR", "SD": "iSD", "non-CR/non-PD": "non-iCR/non-iUPD", "NE": "NE"}
BETTER = {"PD": 0, "SD": 1, "PR": 2, "CR": 3}


def immune(points: list[dict[str, Any]], rows: list[Any], switches: dict[str, str]) -> list[str]:
    """The answer of each time point up to confirmed progression or another therapy."""
    other = [row.day for row in rows if row.event == "other therapy"]
    if other and switches["other-therapy"] == "is left out":
        points = [each for each in points if each["day"] <= other[0]]
    about: dict[str, Any] = {}
    for row in rows:
        if row.lesion:
            about.setdefault(row.lesion, row)
    seen = {each["day"]: {row.lesion: row for row in rows if row.lesion and row.day == each["day"]} for each in points}
    answers: list[str] = []
    waits: dict[str, Any] | None = None
    for point in points:
        plain = plain_answer(point)
        if waits is None:
            answers.append("iUPD" if plain == "PD" else IMMUNE[plain])
            waits = point if plain == "PD" else None
            continue
        reasons = [
            bool(set(point["names"]) - set(waits["names"])),
            more_target(point, waits),
            more_non_target(point, waits, seen[point["day"]]),
            more_new(point, waits, seen, about),
        ]
        days = (point["day"] - waits["day"]).days
        if any(reasons):
            in_time = days >= 28 and (days <= 56 or switches["irecist-late"] == "confirms")
            answers.append("iCPD" if in_time else "iUPD")
            if in_time:
                break
            if days > 56:
                waits = point
            continue
        answers.append(still(point, waits, plain))
        if answers[-1] not in ("iUPD", "NE"):
            waits = None
    return answers


def plain_answer(point: dict[str, Any]) -> str:
    if point["target"] == "none":
        return look_up(TABLE_2, point["other"], point["new"])
    return look_up(TABLE_1, point["target"], point["other"], point["new"])


def still(point: dict[str, Any], waits: dict[str, Any], plain: str) -> str:
    """What a time point is that confirms nothing."""
    if plain != "PD":
        return IMMUNE[plain]
    if "PD" in (point["target"], point["other"]):
        return "iUPD"
    now, then = point["target"], waits["target"]
    if now in BETTER and then in BETTER and BETTER[now] > BETTER[then]:
        return "iSD" if now == "SD" else "iPR"
    return "iUPD"


def more_target(point: dict[str, Any], waits: dict[str, Any]) -> bool:
    if point["target"] != "PD":
        return False
    return waits["target"] != "PD" or point["sum"] - waits["sum"] >= 50


def more_non_target(point: dict[str, Any], waits: dict[str, Any], seen: dict[str, Any]) -> bool:
    if waits["other"] != "PD":
        return bool(point["other"] == "PD")
    worse = [name for name, row in seen.items() if row.state in ("increased", "further progression")]
    return any(name not in point["names"] for name in worse)


def more_new(
    point: dict[str, Any], waits: dict[str, Any], seen: dict[date, dict[str, Any]], about: dict[str, Any]
) -> bool:
    """Measurable new lesions by 5 mm together, any other by any increase."""
    then, now = seen[waits["day"]], seen[point["day"]]
    new = {name: then[name] for name in waits["names"] if name in then and then[name].method}
    followed = pick_targets(new, about)
    before, after = ([size(at.get(name)) for name in followed] for at in (then, now))
    if followed and None not in before and None not in after and total(after) - total(before) >= 50:
        return True
    return any(grew(then.get(name), now.get(name)) for name in waits["names"] if name not in followed)


def total(sizes: list[int | None]) -> int:
    return sum(each for each in sizes if each is not None)


def size(row: Any) -> int | None:
    if row is None:
        return None
    return 0 if row.state == "absent" else tenths(row)


def grew(then: Any, now: Any) -> bool:
    if now is None:
        return False
    if now.state in ("increased", "further progression"):
        return True
    before, after = tenths(then) if then else None, tenths(now)
    return before is not None and after is not None and after > before


def immune_best(answers: list[str], days: list[date], since: date, switches: dict[str, str]) -> str:
    """Table 3: the best one before confirmed progression."""
    for wanted in ("iCR", "iPR"):
        if wanted in answers:
            return wanted
    for answer, day in zip(answers, days, strict=False):
        if answer in ("iSD", "non-iCR/non-iUPD") and (day - since).days >= int(switches["stable-days"]):
            return answer
    return next((each for each in ("iCPD", "iUPD") if each in answers), "NE")
