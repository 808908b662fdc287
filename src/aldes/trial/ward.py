"""What the virtual ward assumes: how it measures, what it charts that the model does not show, how it works."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ModelError, nearest
from aldes.findings.read import vocabulary
from aldes.trial.moment import rank_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How one finding of the model is measured and charted."""

    finding: str
    words: str
    noise: float = 0.0
    relative: bool = False
    step: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WardRules:
    """The whole of ward.toml, with what a design changed."""

    measured: Mapping[str, Measured]
    assumed: Mapping[str, float]  # as the chart holds them
    limits: Mapping[str, tuple[float, float]]  # lower and upper reference limit
    fluid_ml_per_h: float
    weaned_by: float
    home_after_h: float
    vitals_every_h: float
    lab_at_h: float


def ward_rules(changed: Mapping[str, Any] | None = None) -> WardRules:
    """The virtual ward's rules; `changed` replaces assumed values by finding and settings by name.

    Raises
    ------
    ModelError
        For a name that is neither, with the nearest one, or a value that the finding cannot have.
    """
    table = _table()
    assumed, settings = dict(table["assumed"]), dict(table["ward"])
    for name, value in (changed or {}).items():
        if name in settings:
            settings[name] = _number(name, value)
        elif name in vocabulary().findings and name not in table["measured"]:
            assumed[name] = value
        else:
            known = [*settings, *(each for each in vocabulary().findings if each not in table["measured"])]
            raise ModelError(f"The virtual ward cannot assume '{name}'.{nearest(name, known)}")
    return WardRules(
        measured={name: Measured(finding=name, **each) for name, each in table["measured"].items()},
        assumed={name: _charted(name, value) for name, value in assumed.items()},
        limits={name: (low, high) for name, (low, high) in table["limits"].items()},
        **settings,
    )


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files("aldes.trial") / "ward.toml").read_text(encoding="utf-8"))


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -24 <= value <= 1e4:
        raise ModelError(f"The virtual ward's '{name}' came as {value!r}; a number is wanted.")
    return float(value)


def _charted(name: str, value: Any) -> float:
    """An assumed value as the chart holds it."""
    finding = vocabulary()[name]
    if finding.codes and value not in finding.codes:
        near = nearest(str(value), finding.codes)
        raise ModelError(f"{value!r} is no code of '{name}' ({', '.join(finding.codes)}).{near}")
    rank = rank_of(finding, value)
    if rank is None:
        raise ModelError(f"The virtual ward assumes no value of '{name}'.")
    low, high = map(float, finding.survivable or (-1e15, 1e15))
    if not low <= rank <= high and not finding.codes:
        raise ModelError(f"'{name}' came as {value}; {low:g} to {high:g} {finding.unit} can be survived.")
    return rank
