"""How the pictures look: readable in print and by the colour-blind, each group with a colour, a line and a word."""

from contextlib import AbstractContextManager
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from aldes.errors import InputError

# Okabe and Ito's colours, told apart with any colour vision; beside each a kind of line and a marker for print in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINES: tuple[tuple[float, tuple[float, ...]], ...] = (
    (0, ()),  # solid
    (0, (6, 2)),
    (0, (2, 1.5)),
    (0, (7, 2, 1, 2)),
    (0, (4, 1, 1, 1, 1, 1)),
    (0, (10, 3)),
    (0, (1, 2)),
)
MARKERS = ("|", "x", "+", "1", "2", "3", "4")
INK, FAINT = "#222222", "#777777"
SUFFIXES = (".svg", ".pdf", ".png")
RESOLUTION = 200  # dots an inch, for PNG


def styled() -> AbstractContextManager[None]:
    """The settings under which a picture is made and written: the same document makes the same bytes."""
    return mpl.rc_context(
        {
            "font.family": "DejaVu Sans",
            "svg.hashsalt": "aldes",
            "svg.fonttype": "none",  # text stays text, so that it can be searched and read aloud
            "pdf.fonttype": 42,
        }
    )


def check_path(path: Path) -> Path:
    """The path, if a picture can have that form.

    Raises
    ------
    InputError
        For another suffix.
    """
    if path.suffix not in SUFFIXES:
        raise InputError(f"A picture is written as {', '.join(SUFFIXES)}. Name such a file with --plot.")
    return path


def save(figure: Figure, path: Path) -> None:
    """Write the picture; the same figure makes the same bytes.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    metadata = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix)
    try:
        with styled():
            figure.savefig(check_path(path), dpi=RESOLUTION, metadata=metadata)
    except OSError as fault:
        raise InputError(f"The picture cannot be written ({fault.strerror}). Check its folder.") from None
