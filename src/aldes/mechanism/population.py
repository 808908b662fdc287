"""Patients of flesh in numbers: the typical one, one with given values, and any number of virtual ones.

A virtual patient's number is drawn by hashing seed, patient and the parameter's name. So a patient is the same person
in every arm, in any order, in any chunk, on any machine, and a new parameter changes nobody's others.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from math import exp, sqrt
from statistics import NormalDist
from typing import Any

from aldes.errors import DoseError, ModelError, nearest
from aldes.mechanism.parameters import Params
from aldes.mechanism.read import DEFAULT_SET, Parameter, read_parameters

LIGHTEST_KG, HEAVIEST_KG = 30, 250  # as an order of the ward: `administration.dose`
FARTHEST = 3.0  # standard deviations: a normal draw ends there, so that no pressure and no albumin becomes absurd
RESPONSIVENESS = "responsiveness"
_TYPICAL_KG, _TYPICAL_M2 = 80.0, 1.95


def typical(
    *, weight_kg: float = _TYPICAL_KG, set_name: str = DEFAULT_SET, values: Mapping[str, float] | None = None
) -> Params:
    """The typical patient of this weight, with some parameters replaced by values in the model's units.

    Raises
    ------
    DoseError
        For a weight outside 30 to 250 kg.
    ModelError
        For a name that is not in the model, with the nearest one, or a negative value.
    """
    given = checked(values or {})
    parameters = read_parameters(set_name)
    body = _body(weight_kg)
    return Params(**{name: given.get(name, _scaled(each, body)) for name, each in parameters.items()} | body | given)


def checked(values: Mapping[str, float]) -> dict[str, float]:
    """Values of one's own for some parameters.

    Raises
    ------
    ModelError
        For a name that is not in the model, with the nearest one, or a value below 0.
    """
    for name, value in values.items():
        if name not in Params._fields:
            raise ModelError(f"The parameter '{name}' is not in the model.{nearest(name, Params._fields)}")
        if not 0 <= value < float("inf"):
            raise ModelError(f"The parameter '{name}' came as {value:g}; a finite number, 0 or above, is wanted.")
    return dict(values)


def draw(ids: Sequence[str], seed: int, set_name: str = DEFAULT_SET) -> list[Params]:
    """The virtual patients of these ids, one after the other."""
    return [_draw(each, seed, set_name) for each in ids]


def standard_normal(seed: int, patient: str, name: str) -> float:
    """The one number that this patient has under this name, from a standard normal distribution."""
    return _NORMAL.inv_cdf(uniform(seed, patient, name))


def uniform(seed: int, patient: str, name: str) -> float:
    """The one number between 0 and 1, both excluded, that this patient has under this name."""
    digest = blake2b(f"{seed}\x1f{patient}\x1f{name}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") // 2**11 + 0.5) / 2**53


_NORMAL = NormalDist()


def _draw(patient: str, seed: int, set_name: str) -> Params:
    parameters = read_parameters(set_name)
    responsiveness = standard_normal(seed, patient, RESPONSIVENESS)
    weight_kg = _varied(parameters["weight"], patient, seed, responsiveness)
    body = _body(min(max(weight_kg, LIGHTEST_KG), HEAVIEST_KG))
    drawn = {
        name: _varied(each, patient, seed, responsiveness) / each.value * _scaled(each, body)
        if each.spread
        else _scaled(each, body)
        for name, each in parameters.items()
    }
    return Params(**drawn | body)


def _varied(each: Parameter, patient: str, seed: int, responsiveness: float) -> float:
    if each.spread is None:
        return each.value
    own = standard_normal(seed, patient, each.name)
    z = each.spread.shared * responsiveness + sqrt(1 - each.spread.shared**2) * own
    if each.spread.normal:
        return each.value + each.spread.size * min(max(z, -FARTHEST), FARTHEST)
    return each.value * exp(each.spread.size * z)


def _body(weight_kg: float) -> dict[str, Any]:
    """Weight and surface; the surface grows with the root of the weight, as by Mosteller at one height."""
    if not LIGHTEST_KG <= weight_kg <= HEAVIEST_KG:
        raise DoseError(
            f"A weight came as {weight_kg:g} kg. We take {LIGHTEST_KG} to {HEAVIEST_KG} kg. "
            "Check weight and unit; nothing was simulated."
        )
    return {"weight": float(weight_kg), "bsa": _TYPICAL_M2 * sqrt(weight_kg / _TYPICAL_KG)}


def _scaled(each: Parameter, body: Mapping[str, float]) -> float:
    return each.value * body[each.per] / each.per_reference if each.per else each.value
