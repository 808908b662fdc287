"""How much the long campaigns draw: a part in `make test`, all of it in `make campaign`."""

import os

IS_WHOLE = os.environ.get("ALDES_DRAW") == "whole"


def few(gate: int, whole: int) -> int:
    """The smaller draw, or the whole one where it was asked for."""
    return whole if IS_WHOLE else gate
