"""The organs that lesions lie in."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

NODES = "lymph node"


@cache
def organs() -> Mapping[str, tuple[str, ...]]:
    """Each organ with its SNOMED CT codes."""
    text = files("aldes.response").joinpath("organs.toml").read_text(encoding="utf-8")
    return {name: tuple(table["snomed"]) for name, table in tomllib.loads(text).items()}
