"""Other sets of calibrated parameters that meet the published observations about as well: how unsure the fit is.

A set multiplies fitted parameters by factors near 1. None is truer than another; what an endpoint ranges over, from set
to set, is the uncertainty of the parameters and not that between patients. How the sets were found stands in
`ensemble.toml` and docs/calibration.md.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from aldes.errors import ModelError, nearest
from aldes.mechanism.parameters import Params
from aldes.mechanism.read import Parameter, Standing, read_parameters

ROUNDED = 1e-4  # factors are kept with four digits
AS_FITTED: Mapping[str, float] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedSet:
    """One set of factors, and which targets it misses."""

    number: int  # of the candidate, among those that were tried
    factors: Mapping[str, float]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """All accepted sets, and how they were found."""

    made: Mapping[str, Any]
    sets: tuple[AcceptedSet, ...]


def varied(p: Params, factors: Mapping[str, float]) -> Params:
    """The same patients with these parameters multiplied, everybody's by the same factor."""
    return p._replace(**{name: getattr(p, name) * factor for name, factor in factors.items()})


def first_sets(count: int) -> tuple[AcceptedSet, ...]:
    """So many of the bundled sets, in the order in which they were found.

    Raises
    ------
    ModelError
        For none, or more than there are.
    """
    found = ensemble().sets
    if not 1 <= count <= len(found):
        raise ModelError(f"The ensemble has {len(found)} sets of parameters; {count} were asked for.")
    return found[:count]


@cache
def ensemble() -> Ensemble:
    """The bundled ensemble."""
    return parse((files("aldes.mechanism") / "ensemble.toml").read_text(encoding="utf-8"), "ensemble.toml")


def parse(text: str, file: str) -> Ensemble:
    """An ensemble from TOML text, each set checked against the parameters.

    Raises
    ------
    ModelError
        Naming file, set and fault.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ModelError(f"{file}: this cannot be read as TOML: {fault}.") from None
    parameters = read_parameters()
    sets = tuple(_set(each, parameters, file) for each in table.get("set", []))
    return Ensemble(made=MappingProxyType(table.get("made", {})), sets=sets)


def _set(table: Mapping[str, Any], parameters: Mapping[str, Parameter], file: str) -> AcceptedSet:
    where = f"{file}: the set {table['number']}"
    for name, factor in table["factors"].items():
        _check(name, factor, parameters, where)
    factors = MappingProxyType(dict(table["factors"]))
    return AcceptedSet(number=table["number"], factors=factors, missed=tuple(table["missed"]))


def _check(name: str, factor: object, parameters: Mapping[str, Parameter], where: str) -> None:
    if name not in parameters:
        raise ModelError(f"{where}: the parameter '{name}' is not in the model.{nearest(name, parameters)}")
    each = parameters[name]
    if each.status is not Standing.CALIBRATED or each.range is None:
        raise ModelError(f"{where} changes '{name}', which is {each.status} and not calibrated.")
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not factor > 0:
        raise ModelError(f"{where} multiplies '{name}' by {factor!r}; a number above 0 is wanted.")
    least, most = each.range
    value = each.value * factor
    if not least * (1 - ROUNDED) <= value <= most * (1 + ROUNDED):
        raise ModelError(f"{where} brings '{name}' to {value:g}, outside its range of {least:g} to {most:g}.")
