"""What a stored result of the model rests on, as one hash: the equations as computed, and every parameter's numbers."""

from collections.abc import Iterator
from hashlib import sha256

from aldes.mechanism.equations import equations
from aldes.mechanism.read import DEFAULT_SET, Parameter, read_parameters

SETS = (DEFAULT_SET, "label-clearance")


def digest() -> str:
    """Twelve hexadecimal digits that change when an equation or a parameter's number does, and with no mere word."""
    lines = [*map(str, equations()), *(line for each in SETS for line in _numbers(each))]
    return sha256("\n".join(lines).encode()).hexdigest()[:12]


def _numbers(set_name: str) -> Iterator[str]:
    for each in read_parameters(set_name).values():
        yield f"{set_name} {each.name} {each.value!r} {each.per} {each.per_reference!r} {_spread(each)}"


def _spread(each: Parameter) -> str:
    spread = each.spread
    return f"{spread.normal} {spread.size!r} {spread.shared!r}" if spread else "the same for all"
