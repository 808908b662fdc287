"""The seven functions in which the model is written, beside the operators: one text for numbers, arrays and symbols.

A plain number goes to `math`, an array of patients to NumPy, a symbol to the recorder. NumPy is loaded by the first
array that comes, so that a single patient needs none.
"""

import math
from types import ModuleType
from typing import Any

from aldes.mechanism.symbols import Symbol, recorded

Value = Any  # a float, an array with one place a patient, or a symbol


def exp(x: Value) -> Value:
    """e to the power of x."""
    return math.exp(x) if type(x) is float else _call("exp", x)


def log(x: Value) -> Value:
    """The natural logarithm."""
    return math.log(x) if type(x) is float else _call("log", x)


def power(x: Value, exponent: Value) -> Value:
    """x, at least 0, to the power of the exponent."""
    return _call("power", x, exponent)


def minimum(x: Value, y: Value) -> Value:
    """The smaller of two."""
    return _call("minimum", x, y)


def maximum(x: Value, y: Value) -> Value:
    """The larger of two."""
    return _call("maximum", x, y)


def clip(x: Value, least: Value, most: Value) -> Value:
    """x, but never below `least` nor above `most`."""
    return minimum(maximum(x, least), most)


def where(condition: Value, yes: Value, no: Value) -> Value:
    """`yes` where the condition holds, else `no`; both are computed, so both must be computable."""
    return _call("where", condition, yes, no)


_PLAIN: dict[str, Any] = {
    "exp": math.exp,
    "log": math.log,
    "power": pow,
    "minimum": min,
    "maximum": max,
    "where": lambda condition, yes, no: yes if condition else no,
}


def _call(name: str, *values: Value) -> Value:
    for value in values:
        if isinstance(value, Symbol):
            return recorded(name, *values)
        if hasattr(value, "__array_ufunc__"):
            return getattr(_numpy(), name)(*values)
    return _PLAIN[name](*values)


def _numpy() -> ModuleType:
    import numpy

    return numpy
