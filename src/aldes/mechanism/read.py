"""Read `parameters.toml` strictly: a name, a unit, a value or a source that cannot be right is one clear sentence."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from math import log, sqrt
from types import MappingProxyType
from typing import Any

from aldes.errors import ModelError, ProtocolError, nearest
from aldes.evidence.register import cite
from aldes.evidence.source import Citation
from aldes.mechanism.parameters import Params, unit_of

DEFAULT_SET = "konrad-1990"


class Standing(StrEnum):
    """How surely a parameter is known."""

    READ = "read"
    DERIVED = "derived"
    RECALLED = "recalled"
    CALIBRATED = "calibrated"  # fitted to the targets that it names, inside its range
    ASSUMED = "assumed"  # a textbook's order of size
    POLICY = "policy"  # what a ward does: an input


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How patients differ: lognormal around the value, or normal."""

    normal: bool
    size: float  # standard deviation of the logarithm, or of the value
    shared: float = 0.0  # part that is the patient's one responsiveness to cytokines


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter in the model's own unit."""

    name: str
    group: str
    words: str
    value: float
    unit: str
    sources: tuple[Citation, ...]
    status: Standing
    per: str = ""  # "weight" or "bsa": what the value grows with
    per_reference: float = 1.0  # the weight or surface that it was written for
    spread: Spread | None = None
    range: tuple[float, float] | None = None
    pins: tuple[str, ...] = ()


_KEYS = {
    *("value", "unit", "words", "source", "status", "per", "per_bsa"),
    *("cv", "sd_ln", "sd", "shared", "range", "pins"),
}
_NEEDED = ("value", "unit", "words", "status", "source")
_FACTORS = {  # (as written, as the model counts): closed, so that a slip is no conversion
    ("1/d", "1/h"): 1 / 24,
    ("1/min", "1/h"): 60.0,
    ("min", "h"): 1 / 60,
    ("d", "h"): 24.0,
    ("L/min", "L/h"): 60.0,
    ("mL/min", "L/h"): 0.06,
    ("mL/h", "L/h"): 0.001,
    ("g/dL", "g/L"): 10.0,
    ("pmol/L", "nmol/L"): 0.001,
    ("L", "mL"): 1000.0,
}


@cache
def read_parameters(set_name: str = DEFAULT_SET) -> Mapping[str, Parameter]:
    """All parameters by name, in the order of the model, with those of a named set in place of the default's.

    Raises
    ------
    ModelError
        For a set that is not there, with the nearest name.
    """
    text = (files("aldes.mechanism") / "parameters.toml").read_text(encoding="utf-8")
    return parse(text, "parameters.toml", set_name)


def parse(text: str, file: str, set_name: str = DEFAULT_SET) -> Mapping[str, Parameter]:
    """Parameters from TOML text.

    Raises
    ------
    ModelError
        Naming file, parameter and fault.
    """
    try:
        groups = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ModelError(f"{file}: this cannot be read as TOML: {fault}.") from None
    sets = {DEFAULT_SET: {}, **groups.pop("set", {})}
    if set_name not in sets:
        raise ModelError(f"The parameter set '{set_name}' is not there.{nearest(set_name, sets)}")
    tables = [(group, name, table) for group, rows in groups.items() for name, table in rows.items()]
    found = {name: read_one(name, group, table, file) for group, name, table in tables}
    if missing := [name for name in Params._fields if name not in found]:
        raise ModelError(f"{file}: the parameter '{missing[0]}' is missing; add its line.")
    for name, table in sets[set_name].items():
        found[name] = read_one(name, set_name, table, file)
    return MappingProxyType({name: found[name] for name in Params._fields})


def read_one(name: str, group: str, table: Any, file: str) -> Parameter:
    """One line of the file, checked.

    Raises
    ------
    ModelError
        Naming file, parameter and fault.
    """
    where = f"{file}: the parameter '{name}'"
    if name not in Params._fields:
        raise ModelError(f"{where} is not in the model.{nearest(name, Params._fields)}")
    if not isinstance(table, Mapping):
        raise ModelError(f"{where} must be a table; write {name} = {{ value = ..., unit = ... }}.")
    for key in table:
        if key not in _KEYS:
            raise ModelError(f"{where} has '{key}', which is no field.{nearest(key, _KEYS)}")
    for key in _NEEDED:
        if key not in table:
            raise ModelError(f"{where} has no {key}; every number here has one.")
    factor = _factor(str(table["unit"]), unit_of(Params, name), where)
    value = _number(table["value"], where) * factor
    return Parameter(
        name=name,
        group=group,
        words=str(table["words"]),
        value=value,
        unit=unit_of(Params, name),
        sources=_citations(table["source"], where),
        status=_status(table["status"], where),
        per=_per(table, where),
        per_reference=_number(table.get("per_bsa", 1.95 if table.get("per") == "bsa" else 80), where),
        spread=_spread(table, factor, where),
        range=_range(table, value, factor, where),
        pins=tuple(table.get("pins", ())),
    )


def _number(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise ModelError(f"{where} came as {value!r}; a finite number, 0 or above, is wanted.")
    return float(value)


def _factor(written: str, wanted: str, where: str) -> float:
    if written == wanted:
        return 1.0
    if (written, wanted) not in _FACTORS:
        accepted = [wanted, *(unit for unit, own in _FACTORS if own == wanted)]
        raise ModelError(f"{where} came in '{written}'; it is read in {' or '.join(accepted)}.")
    return _FACTORS[written, wanted]


def _citations(text: object, where: str) -> tuple[Citation, ...]:
    """All that a line cites, apart by a semicolon."""
    try:
        return tuple(map(cite, str(text).split(";")))
    except ProtocolError as fault:
        raise ModelError(f"{where}: {fault}") from None


def _status(word: object, where: str) -> Standing:
    if word not in list(Standing):
        raise ModelError(f"{where} has the status '{word}'; use one of {', '.join(Standing)}.")
    return Standing(str(word))


def _per(table: Mapping[str, Any], where: str) -> str:
    per = table.get("per", "")
    if per not in ("", "weight", "bsa"):
        raise ModelError(f"{where} grows with '{per}'; write weight or bsa, or leave it out.")
    return str(per)


def _spread(table: Mapping[str, Any], factor: float, where: str) -> Spread | None:
    kinds = [key for key in ("cv", "sd_ln", "sd") if key in table]
    if len(kinds) > 1:
        raise ModelError(f"{where} has {' and '.join(kinds)}; keep one.")
    shared = _number(table.get("shared", 0), where)
    if shared > 1 or (shared and not kinds):
        raise ModelError(f"{where} shares {shared:g} of its variability; 0 to 1 of what it has is wanted.")
    if not kinds:
        return None
    size = _number(table[kinds[0]], where)
    match kinds[0]:
        case "cv":
            return Spread(normal=False, size=_log_sd(size), shared=shared)
        case "sd_ln":
            return Spread(normal=False, size=size, shared=shared)
    return Spread(normal=True, size=size * factor, shared=shared)


def _log_sd(cv: float) -> float:
    """The standard deviation of the logarithm that gives a lognormal this coefficient of variation."""
    return sqrt(log(1 + cv * cv))


def _range(table: Mapping[str, Any], value: float, factor: float, where: str) -> tuple[float, float] | None:
    if "range" not in table:
        if table["status"] == Standing.CALIBRATED:
            raise ModelError(f"{where} is calibrated and has no range; write range = [least, most].")
        return None
    ends: Iterable[Any] = table["range"]
    least, most = (_number(end, where) * factor for end in ends)
    if not least <= value * (1 + 1e-12) or not value <= most * (1 + 1e-12):
        raise ModelError(f"{where} lies outside its own range of {least:g} to {most:g}; correct one of them.")
    return least, most
