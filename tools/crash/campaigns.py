"""The campaigns: how often what is done to the record, and what is left of it."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from crash.disk import Fault, Plan
from crash.history import Told
from crash.trial import Found, failing, killed

TIMES = 40  # events of the one client on a failing disk


def kills(times: int, seed: int) -> Found:
    """Two processes of two clients each, killed at random moments; a new record after every 25."""
    found, chance = Found(), Random(seed)
    for start in range(0, times, 25):
        with TemporaryDirectory(prefix="aldes-kill-") as folder:
            told = Told()
            for number in range(start, min(start + 25, times)):
                found += killed(Path(folder) / "record.sqlite", told, chance, number)
    return found


def calls(fault: Fault, places: Iterator[int] | range, seed: int = 0) -> Found:
    """A fault at each of these calls of SQLite to its disk, from the creation of the record on."""
    found = Found()
    for at in places:
        with TemporaryDirectory(prefix="aldes-call-") as folder:
            found += failing(Path(folder) / "record.sqlite", Plan(fault=fault, at=at, seed=seed + at), TIMES)
    return found
