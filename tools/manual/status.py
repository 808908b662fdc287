"""How surely a place was read: a sign and a sentence for each status, so that no reader depends on colour."""

from manual.page import Line, Mark, Table

MARKS = {  # sign, what it means
    "read": ("●", "the place was read, in the source itself or in a copy of it"),
    "second-hand": ("◐", "read in a page that quotes the source"),
    "recalled": (
        "○",
        "remembered, never compared with the page: it may hold a dose, and never frees one",
    ),
    "derived": ("∴", "our arithmetic on what the source says"),
    "verified locally": ("✓", "recalled, then compared with the printed page by the site's named pharmacist"),
    "policy": ("■", "our own rule, stricter than the sources; a decision page gives the reason"),
    "unknown": ("?", "nobody has found it, and nobody guesses it"),
}


def legend() -> Table:
    """The signs and what they mean."""
    return Table(
        caption="How surely a place was read",
        heads=("status", "meaning"),
        lines=tuple(Line(cells=(Mark(status), meaning)) for status, (_, meaning) in MARKS.items()),
    )
