"""When which amount of the drug is given: named regimens, or a schedule of one's own, checked before anything runs."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from aldes.errors import ModelError, ProtocolError, nearest
from aldes.evidence.register import cite
from aldes.mechanism.functions import Value
from aldes.mechanism.parameters import Params
from aldes.units import MG_PER_IU, MILLION

DALTON = 15_300  # molecular weight of the drug, us-label-2023 section 11
NMOL_PER_IU = float(MG_PER_IU * MILLION / DALTON)  # mg × 1e-3 g ÷ g/mol × 1e9 nmol: 3.994 nmol in a million IU
INJECTED_OVER_H = 0.05  # an injection fills its depot in three minutes
LONGEST_H = 366 * 24
MOST_DOSES = 200
_LIMITS = {"iu_per_kg": 1e6, "iu_per_m2": 4e7, "iu": 1.75e8}  # above any regimen that was ever given


class Route(StrEnum):
    """Where the drug goes in."""

    VEIN = "vein"
    SKIN = "skin"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDose:
    """One dose of a regimen: hours since the first one."""

    cycle: int
    number: int  # in the cycle, from 1
    start_h: float
    over_h: float
    route: Route

    @property
    def end_h(self) -> float:
        """When it has run in."""
        return self.start_h + self.over_h


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A regimen with all its doses, in order."""

    id: str
    words: str
    per: str  # iu_per_kg, iu_per_m2 or iu
    amount: float
    doses: tuple[PlannedDose, ...]
    source: str
    status: str

    def nmol(self, p: Params) -> Value:
        """One dose of each patient, in nmol."""
        size = {"iu_per_kg": p.weight, "iu_per_m2": p.bsa, "iu": 1.0}[self.per]
        return NMOL_PER_IU * self.amount * size

    @property
    def cycle_starts_h(self) -> tuple[float, ...]:
        """When each cycle begins: with its first dose."""
        return tuple(dose.start_h for dose in self.doses if dose.number == 1)


_KEYS = {
    *("id", "words", "iu_per_kg", "iu_per_m2", "iu", "route", "over_h", "every_h", "doses", "starts_h"),
    *("cycle_days", "source", "status"),
}


def regimen(id: str) -> Regimen:
    """A named regimen.

    Raises
    ------
    ModelError
        For a name that is not there, with the nearest one.
    """
    known = regimens()
    if id not in known:
        raise ModelError(f"The regimen '{id}' is not there.{nearest(id, known)}")
    return known[id]


@cache
def regimens() -> Mapping[str, Regimen]:
    """All named regimens."""
    text = (files("aldes.mechanism") / "regimens.toml").read_text(encoding="utf-8")
    return {each.id: each for each in parse(text, "regimens.toml")}


def read_regimen(path: Path) -> Regimen:
    """The one regimen of a file of one's own.

    Raises
    ------
    ModelError
        When the file cannot be read, or holds none or several.
    """
    try:
        found = parse(path.read_text(encoding="utf-8"), path.name)
    except (OSError, UnicodeDecodeError) as fault:
        raise ModelError(f"The regimen file '{path.name}' cannot be read: {type(fault).__name__}.") from None
    if len(found) != 1:
        raise ModelError(f"{path.name}: one [[regimen]] is wanted; {len(found)} stand there.")
    return found[0]


def parse(text: str, file: str) -> list[Regimen]:
    """Regimens from TOML text, each checked.

    Raises
    ------
    ModelError
        Naming file, regimen and fault.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ModelError(f"{file}: this cannot be read as TOML: {fault}.") from None
    blocks = data.get("regimen", [])
    if set(data) - {"regimen"} or not isinstance(blocks, list):
        raise ModelError(f"{file}: regimens are written as [[regimen]], one block each, and nothing else.")
    return [_regimen(block, f"{file}: the regimen '{block.get('id', '?')}'") for block in blocks]


def _regimen(block: Mapping[str, Any], where: str) -> Regimen:
    for key in block:
        if key not in _KEYS:
            raise ModelError(f"{where} has '{key}', which is no field.{nearest(key, _KEYS)}")
    for key in ("id", "words", "route", "cycle_days", "source", "status"):
        if key not in block:
            raise ModelError(f"{where} has no {key}; add it.")
    per = [key for key in _LIMITS if key in block]
    if len(per) != 1:
        raise ModelError(f"{where} needs one of iu_per_kg, iu_per_m2 and iu; {len(per)} stand there.")
    if block["route"] not in list(Route):
        raise ModelError(f"{where} goes into '{block['route']}'; write vein or skin.")
    try:
        cite(str(block["source"]))
    except ProtocolError as fault:
        raise ModelError(f"{where}: {fault}") from None
    return Regimen(
        id=str(block["id"]),
        words=str(block["words"]),
        per=per[0],
        amount=_number(block[per[0]], per[0], where, most=_LIMITS[per[0]]),
        doses=_doses(block, where),
        source=str(block["source"]),
        status=str(block["status"]),
    )


def _doses(block: Mapping[str, Any], where: str) -> tuple[PlannedDose, ...]:
    route = Route(block["route"])
    if (route is Route.VEIN) is not ("over_h" in block):
        raise ModelError(f"{where} needs over_h for a dose into a vein, and has none for one under the skin.")
    over_h = _number(block["over_h"], "over_h", where) if route is Route.VEIN else INJECTED_OVER_H
    starts = _starts(block, where)
    days = [_number(day, "cycle_days", where, least=0.0) for day in _listed(block, "cycle_days", where)]
    doses = tuple(
        PlannedDose(cycle=cycle, number=number, start_h=24 * day + start, over_h=over_h, route=route)
        for cycle, day in enumerate(days, 1)
        for number, start in enumerate(starts, 1)
    )
    _refuse_overlap(doses, where)
    return doses


def _starts(block: Mapping[str, Any], where: str) -> Sequence[float]:
    if "starts_h" in block:
        if {"every_h", "doses"} & set(block):
            raise ModelError(f"{where} has starts_h and every_h or doses; keep one way to say when.")
        return [_number(start, "starts_h", where, least=0.0) for start in _listed(block, "starts_h", where)]
    if not {"every_h", "doses"} <= set(block):
        raise ModelError(f"{where} does not say when; write starts_h, or every_h with doses.")
    every, doses = _number(block["every_h"], "every_h", where), block["doses"]
    if type(doses) is not int or not 1 <= doses <= MOST_DOSES:
        raise ModelError(f"{where} has doses = {doses!r}; a whole number from 1 to {MOST_DOSES} is wanted.")
    return [every * each for each in range(doses)]


def _refuse_overlap(doses: Sequence[PlannedDose], where: str) -> None:
    for before, after in pairwise(doses):
        if after.start_h < before.end_h - 1e-9:
            raise ModelError(
                f"{where} starts a dose {after.start_h:g} h after the first, while the one before runs until "
                f"{before.end_h:g} h; doses must not overlap and stand in order."
            )


def _listed(block: Mapping[str, Any], key: str, where: str) -> list[Any]:
    found = block[key]
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_DOSES:
        raise ModelError(f"{where} has {key} = {found!r}; a list of 1 to {MOST_DOSES} numbers is wanted.")
    return found


def _number(value: object, key: str, where: str, least: float = 1e-6, most: float = LONGEST_H) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ModelError(f"{where} has {key} = {value!r}; a number from {least:g} to {most:g} is wanted.")
    return float(value)
