"""Draw one picture of a response document into a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from aldes.errors import InputError
from aldes.response.pictures.spider import spider
from aldes.response.pictures.sums import sums
from aldes.response.pictures.swimmer import swimmer
from aldes.response.pictures.waterfall import waterfall

PICTURES: Mapping[str, Callable[[Mapping[str, Any]], Figure]] = {
    "waterfall": waterfall,
    "spider": spider,
    "swimmer": swimmer,
    "sums": sums,
}
RESOLUTION = 200  # dots an inch, for PNG


def draw(picture: str, document: Mapping[str, Any], path: Path) -> None:
    """Write the picture; the suffix of the path decides its form.

    Raises
    ------
    InputError
        When there is nothing to draw, or the file cannot be written.
    """
    # The same document makes the same bytes; text stays text, so that it can be searched and read aloud.
    with mpl.rc_context({"svg.hashsalt": "aldes", "svg.fonttype": "none", "pdf.fonttype": 42, "hatch.linewidth": 0.8}):
        figure = PICTURES[picture](document)
        metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix)
        try:
            figure.savefig(path, dpi=RESOLUTION, metadata=metadata)
        except OSError as fault:
            raise InputError(f"The picture cannot be written ({fault.strerror}). Check its folder.") from None
