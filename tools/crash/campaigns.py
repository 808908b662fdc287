"""The campaigns: how often what is done to the record, and what is left of it."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from crash.cluster import Cluster
from crash.disk import Fault, Plan
from crash.history import Told
from crash.trial import Found, failing, killed, server_killed

TIMES = 40  # events of the one client on a failing disk


def kills(times: int, seed: int) -> Found:
    """Two processes of two clients each, killed at random moments; a new record after every 25."""
    found, chance = Found(), Random(seed)
    for start in range(0, times, 25):
        with TemporaryDirectory(prefix="aldes-kill-") as folder:
            told = Told()
            for number in range(start, min(start + 25, times)):
                found += killed(str(Path(folder) / "record.sqlite"), told, chance, number)
    return found


def server_kills(server: Cluster, times: int, seed: int) -> Found:
    """Two processes of two clients each, whose server falls at random moments; one record for all."""
    found, chance, told, address = Found(), Random(seed), Told(), server.address()
    for number in range(times):
        found += server_killed(server, address, told, chance, number)
    return found


def client_kills(server: Cluster, times: int, seed: int) -> Found:
    """Two processes of two clients each on a server, killed at random moments."""
    found, chance, told, address = Found(), Random(seed), Told(), server.address()
    for number in range(times):
        found += killed(address, told, chance, number)
    return found


def calls(fault: Fault, places: Iterator[int] | range, seed: int = 0) -> Found:
    """A fault at each of these calls of SQLite to its disk, from the creation of the record on."""
    found = Found()
    for at in places:
        with TemporaryDirectory(prefix="aldes-call-") as folder:
            found += failing(Path(folder) / "record.sqlite", Plan(fault=fault, at=at, seed=seed + at), TIMES)
    return found
