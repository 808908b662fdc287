"""Pictures of outcomes: curves with their numbers at risk, and forests of proportions."""

from aldes.outcomes.pictures.curves import draw_curves
from aldes.outcomes.pictures.forest import ForestRow, draw_forest

__all__ = ["ForestRow", "draw_curves", "draw_forest"]
