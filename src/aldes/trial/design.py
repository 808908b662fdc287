"""The design of a virtual trial: its arms, how many patients, what the ward assumes, and how long they are followed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aldes.errors import ModelError, nearest
from aldes.mechanism.read import DEFAULT_SET, read_parameters
from aldes.mechanism.regimen import Regimen, Route, read_regimen, regimen
from aldes.protocols.read import read as read_protocol
from aldes.protocols.row import Protocol
from aldes.trial.follow import Visits
from aldes.trial.nurse import CONFIRM, Confirming
from aldes.trial.ward import WardRules, ward_rules

SITE = "virtual"
MOST_PATIENTS = 1_000_000
_TRIAL = {"id", "words", "patients", "seed", "chunk"}
_ARM = {"id", "words", "protocol", "site", "regimen", "parameters", "assumed", "stops", "lifts"}
_FOLLOW = {"first_day", "every_days", "last_day"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm: the same people as in every other one, nursed by this protocol through this regimen."""

    id: str
    words: str
    protocol: Protocol
    regimen: Regimen
    parameters: str
    rules: WardRules
    confirming: Confirming
    factors: Mapping[str, float] = field(default_factory=dict)  # on parameters of everybody: a set of the ensemble


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """A whole trial."""

    id: str
    words: str
    patients: int
    seed: int
    chunk: int
    visits: Visits
    arms: tuple[Arm, ...]
    text: str  # as it was written: what the results depend on


def read_design(path: Path) -> Design:
    """The design of a file.

    Raises
    ------
    ModelError
        Naming the file and the fault, with the nearest right word.
    ProtocolError
        For a fault of a protocol or site that an arm names.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ModelError(f"The design '{path.name}' cannot be read: {type(fault).__name__}.") from None
    return parse(text, path.name, path.parent)


def parse(text: str, file: str, folder: Path = Path()) -> Design:
    """A design from its text; files that it names lie in `folder`; see `read_design`."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ModelError(f"{file} is no TOML: {fault}.") from None
    _known(tables, {"trial", "arm", "follow", "assumed"}, file)
    trial = _table(tables, "trial", file)
    _known(trial, _TRIAL, f"{file}, [trial]")
    arms = tables.get("arm", [])
    if not isinstance(arms, list) or not arms:
        raise ModelError(f"{file}: a trial has one [[arm]] or more; none stands there.")
    common = _table(tables, "assumed", file, needed=False)
    found = tuple(_arm(each, common, folder, f"{file}, arm {place}") for place, each in enumerate(arms, 1))
    if len({each.id for each in found}) < len(found):
        raise ModelError(f"{file}: two arms have one id. Give each its own.")
    return Design(
        id=_text(trial, "id", f"{file}, [trial]"),
        words=str(trial.get("words", "")),
        patients=_whole(trial, "patients", f"{file}, [trial]", 1, MOST_PATIENTS),
        seed=_whole(trial, "seed", f"{file}, [trial]", 0, 2**32, default=1),
        chunk=_whole(trial, "chunk", f"{file}, [trial]", 1, 5000, default=250),
        visits=_visits(_table(tables, "follow", file, needed=False), f"{file}, [follow]"),
        arms=found,
        text=text,
    )


def _arm(table: Mapping[str, Any], common: Mapping[str, Any], folder: Path, where: str) -> Arm:
    _known(table, _ARM, where)
    own = table.get("assumed", {})
    if not isinstance(own, Mapping):
        raise ModelError(f"{where}: assumed is a table of findings and values.")
    plan = _regimen(_text(table, "regimen", where, default="high-dose"), folder)
    protocol, site = _text(table, "protocol", where), _text(table, "site", where, default=SITE)
    if any(dose.route is not Route.VEIN for dose in plan.doses):
        raise ModelError(f"{where}: the virtual ward nurses doses into a vein; '{plan.id}' has others.")
    parameters = _text(table, "parameters", where, default=DEFAULT_SET)
    read_parameters(parameters)
    stops = _text(table, "stops", where, default="always")
    if stops not in CONFIRM:
        raise ModelError(f"{where}: stops is {' or '.join(CONFIRM)}; '{stops}' came.{nearest(stops, CONFIRM)}")
    return Arm(
        id=_text(table, "id", where),
        words=str(table.get("words", "")),
        protocol=read_protocol(_beside(protocol, folder), _beside(site, folder)),
        regimen=plan,
        parameters=parameters,
        rules=ward_rules({**common, **own}),
        confirming=Confirming(stops=stops, lifts=bool(table.get("lifts", True))),
    )


def _regimen(name: str, folder: Path) -> Regimen:
    """A bundled regimen, or the schedule of one's own in a file beside the design."""
    return read_regimen(folder / name) if name.endswith(".toml") else regimen(name)


def _beside(name: str, folder: Path) -> str:
    """A file of one's own lies beside the design; a bundled name stays a name."""
    return str(folder / name) if name.endswith(".toml") else name


def _visits(table: Mapping[str, Any], where: str) -> Visits:
    """About four weeks after a course (TMR-01: day 47), then every 12 weeks (TMR-03)."""
    _known(table, _FOLLOW, where)
    found = Visits(
        first_day=_whole(table, "first_day", where, 30, 3650, default=47),
        every_days=_whole(table, "every_days", where, 7, 3650, default=84),
        last_day=_whole(table, "last_day", where, 30, 3650, default=719),
    )
    if found.last_day < found.first_day:
        raise ModelError(f"{where}: the last visit, day {found.last_day}, comes before the first, {found.first_day}.")
    return found


def _table(tables: Mapping[str, Any], name: str, file: str, *, needed: bool = True) -> Mapping[str, Any]:
    found = tables.get(name, {})
    if not isinstance(found, Mapping) or (needed and not found):
        raise ModelError(f"{file}: the table [{name}] is missing.")
    return found


def _known(table: Mapping[str, Any], known: set[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ModelError(
                f"{where}: '{key}' is not known; there are {', '.join(sorted(known))}.{nearest(key, known)}"
            )


def _text(table: Mapping[str, Any], key: str, where: str, default: str | None = None) -> str:
    found = table.get(key, default)
    if not isinstance(found, str) or not found:
        raise ModelError(f'{where}: {key} is missing; write {key} = "...".')
    return found


def _whole(table: Mapping[str, Any], key: str, where: str, least: int, most: int, default: int | None = None) -> int:
    found = table.get(key, default)
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise ModelError(f"{where}: {key} came as {found!r}; a whole number from {least} to {most} is wanted.")
    return found
