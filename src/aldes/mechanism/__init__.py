"""The mechanistic simulator: interleukin-2 in plasma, lymphocytes, mediators, capillary leak, organs and tumour.

The room knows no rules and no nurse: `course.Ward` is where one comes in. A forecast informs; the bedside's decision
cannot reach this room.
"""

from aldes.mechanism.course import StandingWard, Ward, run
from aldes.mechanism.parameters import Params
from aldes.mechanism.population import draw, typical
from aldes.mechanism.regimen import Regimen, read_regimen, regimen, regimens
from aldes.mechanism.rest import at_rest, resting, untreated
from aldes.mechanism.state import Given, State

__all__ = [
    "Given",
    "Params",
    "Regimen",
    "StandingWard",
    "State",
    "Ward",
    "at_rest",
    "draw",
    "read_regimen",
    "regimen",
    "regimens",
    "resting",
    "run",
    "typical",
    "untreated",
]
