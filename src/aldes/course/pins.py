"""What a course pins when it opens, so that it keeps the rules that it began with (semantics, section 6)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """A protocol resolved with its site, by content."""

    protocol: str
    site: str | None = None
    pin: str  # sha256 over rows, settings and the vocabulary rows that they use
    ctcae: str = ""  # the version that grades are given by
    engine: str = ""  # the program that opened the course
    demo: bool = False  # the site is made up: a live record takes no such course
