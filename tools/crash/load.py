"""`make load`: many clients at once on each store, and the check of the history that they leave."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from aldes.course.keeping import Kind
from aldes.journals import open_journal
from crash.clients import Work, at_once, told_to
from crash.cluster import cluster, is_here
from crash.history import Told, faults
from crash.trial import PROCESSES


def record_all(address: str, tasks: Sequence[Work], pipe: Connection) -> None:
    """Clients in threads, until all is done."""
    journal = open_journal(address, Kind.DEMO)
    at_once(journal, tasks, told_to(pipe.fileno()))
    journal.close()


def at_load(address: str, clients: int, events: int, courses: int, processes: int = 4) -> tuple[float, list[str]]:
    """How many seconds this many clients took for these events, and what is wrong with the history."""
    open_journal(address, Kind.DEMO).close()
    names = tuple(f"course-{number}" for number in range(courses))
    shares = [events // clients + (number < events % clients) for number in range(clients)]
    tasks = [Work(name=f"c{number}", courses=names, times=share, seed=0) for number, share in enumerate(shares)]
    began, told = perf_counter(), Told()
    told.hear(_heard(address, [tasks[number::processes] for number in range(processes)]))
    took = perf_counter() - began
    journal = open_journal(address, Kind.DEMO)
    wrong = list(faults(journal, told))
    if why := journal.writable():
        wrong.append(why)
    if len(told.done) != events:
        wrong.append(f"{len(told.done)} of {events} were acknowledged")
    journal.close()
    return took, wrong


def _heard(address: str, shares: Sequence[Sequence[Work]]) -> list[str]:
    """What the clients of all processes said."""
    reader, writer = PROCESSES.Pipe(duplex=False)
    running = [PROCESSES.Process(target=record_all, args=(address, share, writer)) for share in shares]
    for process in running:
        process.start()
    writer.close()
    parts = []
    while part := os.read(reader.fileno(), 65536):
        parts.append(part)
    for process in running:
        process.join()
    return b"".join(parts).decode().splitlines()


def main() -> int:
    """Both stores, one line each; 1 when a history is not what was acknowledged."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--courses", type=int, default=20)
    given = parser.parse_args()
    with TemporaryDirectory(prefix="aldes-load-") as folder:
        stores = {"SQLite": str(Path(folder) / "record.sqlite")}
        if is_here():
            stores["PostgreSQL"] = cluster().address()
        failed = 0
        for name, address in stores.items():
            took, wrong = at_load(address, given.clients, given.events, given.courses)
            print(
                f"{name}: {given.clients} clients in 4 processes, {given.events} events in {given.courses} courses: "
                f"{took:.1f} s, {given.events / took:.0f} events/s; {len(wrong)} wrong",
                flush=True,
            )
            print(*(f"  {each}\n" for each in wrong[:20]), sep="", end="")
            failed += len(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
