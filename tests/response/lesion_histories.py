"""Histories of lesions for the tests: small ones by hand, and generated ones that visit every edge."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from aldes.response.history import histories
from aldes.response.lesion import History
from aldes.response.rows import Row
from aldes.response.switches import known_switches, set_switches
from aldes.response.timepoints import Course, read

START = date(2026, 1, 12)
TODAY = date(2030, 1, 1)
BASELINE = START - timedelta(days=7)


def row(day: date, lesion: str, value: str | None = None, **more: Any) -> Row:
    """A lesion of the lung on CT, in mm; a node where the organ says so."""
    told: dict[str, Any] = {"organ": "lung", "method": "CT"} | more
    node = told["organ"] == "lymph node"
    size = {"value": Decimal(value), "unit": "mm", "axis": "short" if node else "long"} if value else {}
    return Row(where=f"line {day}", day=day, lesion=lesion, **{**size, **told})


def event(day: date, name: str) -> Row:
    return Row(where=f"line {day}", day=day, event=name)


def after(days: int) -> date:
    """So many days after the first dose."""
    return START + timedelta(days=days)


def history_of(*rows: Row) -> History:
    """The one history of these rows and a first dose, put in order."""
    ordered = sorted([event(START, "course"), *rows], key=lambda each: (each.day, each.event == "death"))
    return histories(ordered, TODAY)[0]


def course_of(*rows: Row, switches: tuple[str, ...] = ()) -> Course:
    return read(history_of(*rows), set_switches(switches))


def sizes(*pairs: tuple[int, str], lesion: str = "L1") -> list[Row]:
    """One lesion over time: days after the first dose and a size or a state; the baseline is day -7."""
    return [
        row(after(day), lesion, said) if said[0].isdigit() else row(after(day), lesion, state=said)
        for day, said in pairs
    ]


# ── generated ────────────────────────────────────────────────────────────────────────────────────────────────
ORGANS = ("lung", "liver", "lymph node", "kidney", "adrenal", "brain", "bone")
FACTORS = ("0", "0.1", "0.5", "0.69", "0.7", "0.71", "0.8", "1", "1.05", "1.19", "1.2", "1.21", "1.5")


def generated(seed: int) -> tuple[list[Row], dict[str, str]]:
    """Rows of one patient, and how the switches are set."""
    random = Random(seed)
    return list(_rows(random)), _switches(random)


def _switches(random: Random) -> dict[str, str]:
    found = {}
    for name, switch in known_switches().items():
        numbers = {"confirm-days": ["28", "42"], "stable-days": ["42", "56", "0"], "absolute-increase": ["5", "0"]}
        numbers |= {"too-small": ["5", "3"], "missed-between": ["0", "1", "2"]}
        options = list(switch.options) or numbers[name]
        found[name] = switch.default if random.random() < 0.6 else random.choice(options)
    return found


def _rows(random: Random) -> Iterator[Row]:
    lesions = [f"L{number}" for number in range(1, random.randint(1, 8) + 1)]
    about = {name: _about(random) for name in lesions}
    marker = random.random() < 0.15
    sizes_now: dict[str, Decimal] = {}
    for name in lesions:
        if about[name]["kind"] in ("", "cyst", "bone with soft tissue"):
            sizes_now[name] = Decimal(random.choice((8, 9, 10, 11, 14, 15, 16, 20, 25, 30, 40)))
            yield row(BASELINE, name, str(sizes_now[name]), **about[name])
        else:
            yield row(BASELINE, name, state="present", **about[name])
    if marker:
        yield event(BASELINE, "marker raised")
    yield event(START, "course")
    day = START
    news: list[str] = []
    if random.random() < 0.7:
        yield event(after(18), "last dose")
    steps = [random.choice((20, 25, 28, 29, 42, 45, 56, 70)) for _ in range(random.randint(0, 6))]
    other = random.randint(1, 6) if random.random() < 0.1 else None
    trend = random.choice((FACTORS[:6], FACTORS[2:9], FACTORS[6:], FACTORS))
    for number, step in enumerate(steps, 1):
        day += timedelta(days=step)
        day = max(day, after(19))
        if random.random() < 0.08:
            yield event(day, "missed assessment")
            continue
        came = list(_assessment(random, day, number, lesions, about, sizes_now, trend, news))
        yield from came
        if marker and came and random.random() < 0.8:
            yield event(day, random.choice(("marker raised", "marker normal")))
        if other == number:
            day += timedelta(days=1)
            yield event(day, "other therapy")
    if random.random() < 0.15:
        yield event(day + timedelta(days=40), "death")


def _about(random: Random) -> dict[str, str]:
    organ = random.choice(ORGANS)
    kind = ""
    if organ == "bone":
        kind = random.choice(("bone", "bone with soft tissue"))
    elif organ != "lymph node" and random.random() < 0.15:
        kind = random.choice(("cyst", "effusion", "diffuse"))
    method = random.choice(("CT", "CT", "CT", "MRI", "X-ray", "ultrasound", "calliper"))
    return {
        "organ": organ,
        "kind": kind,
        "method": method,
        "irradiated": random.choice(("no", "no", "", "yes", "progressed")),
    }


def _assessment(
    random: Random,
    day: date,
    number: int,
    lesions: list[str],
    about: dict[str, dict[str, str]],
    sizes_now: dict[str, Decimal],
    trend: tuple[str, ...],
    news: list[str],
) -> Iterator[Row]:
    """Each lesion again, unless it is missed; now and then a new one."""
    factor = Decimal(random.choice(trend))
    for name in lesions:
        if random.random() < 0.04:
            continue
        if name in sizes_now:
            own = factor if random.random() < 0.8 else Decimal(random.choice(FACTORS))
            yield _again(random, day, name, about[name], sizes_now, own)
        else:
            state = random.choice(("present", "present", "absent", "absent", "absent", "increased", "not evaluated"))
            yield row(day, name, state="progression" if random.random() < 0.03 else state, organ=about[name]["organ"])
    for name in news:
        state = random.choice(("present", "absent", "equivocal", "increased", "not evaluated"))
        yield row(day, name, state=state, **about[name])
    if random.random() < 0.1:
        state = random.choice(("present", "equivocal", "equivocal", "measured"))
        size = str(random.choice((6, 8, 9, 10, 12))) if state == "measured" else None
        about[f"X{number}"] = {"organ": random.choice(ORGANS[:6])}
        yield row(day, f"X{number}", size, state=state, **about[f"X{number}"])
        news.append(f"X{number}")


def _again(
    random: Random, day: date, name: str, about: dict[str, str], sizes_now: dict[str, Decimal], factor: Decimal
) -> Row:
    """The same lesion, grown or shrunk; what is nothing is absent, and small things may be too small."""
    size = (sizes_now[name] * factor).quantize(Decimal("0.1"))
    told = {"organ": about["organ"], "method": about["method"]}
    if size < 2 or size > 300 or random.random() < 0.03:
        return row(day, name, state=random.choice(("absent", "absent", "too small", "not evaluated", "merged")), **told)
    if size * 10 == sizes_now[name] or sizes_now[name] * 10 == size:
        size += Decimal("0.1")
    sizes_now[name] = size
    return row(day, name, str(size), **told)
