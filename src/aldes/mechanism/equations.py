"""The equations as they are computed: each block of the model run on symbols, a line a quantity."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from aldes.mechanism import model
from aldes.mechanism.parameters import Params, unit_of
from aldes.mechanism.rest import Rest, at_rest
from aldes.mechanism.state import Given, State
from aldes.mechanism.symbols import Part, Symbol


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One quantity of one block, and what it is computed from."""

    block: str
    name: str
    unit: str
    expression: Part

    def __str__(self) -> str:
        left = f"d {self.name}/dt" if self.block == "rhs" else self.name
        return f"{left} = {self.expression}"


def equations() -> tuple[Equation, ...]:
    """All equations, in the order of the model; those of `rhs` are derivatives an hour.

    In each block the quantities of the earlier ones stand by their names, as the code has them.
    """
    y, p, rest, given = (named(kind) for kind in (State, Params, Rest, Given))
    signal, vessel = named(model.Signals), named(model.Vessels)
    found = [
        *_lines("at_rest", at_rest(p)),
        *_lines("signals", model.signals(y, p)),
        *_lines("drug", model.drug(y, p, signal)),
        *_lines("vessels", model.vessels(y, p, given)),
        *_lines("fluids", model.fluids(y, p, rest, vessel)),
        *_lines("immune", model.immune(y, p, Symbol("sensed"))),
        *_lines("tumour", model.tumour(y, p)),
        *_lines("rhs", model.rhs(y, p, rest, given)),
    ]
    return tuple(found)


def named(kind: type[Any]) -> Any:
    """A state, a set of parameters and the like, in which every field is its own name."""
    return kind(*(Symbol(name) for name in kind._fields))


def _lines(block: str, fields: NamedTuple) -> Iterator[Equation]:
    for name, expression in fields._asdict().items():
        yield Equation(block=block, name=name, unit=unit_of(type(fields), name), expression=expression)
