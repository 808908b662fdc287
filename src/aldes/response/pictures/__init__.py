"""Pictures of response: waterfall, spider, swimmer, sums over the courses. Only this loads Matplotlib."""

from aldes.response.pictures.draw import draw

__all__ = ["draw"]
