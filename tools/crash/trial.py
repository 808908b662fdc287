"""One trial: clients record in a process of its own, something happens to it, and what is left is looked at."""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from time import sleep

from aldes.course.journal import Journal
from aldes.course.keeping import Kind
from aldes.errors import JournalError
from aldes.journals import sqlite
from aldes.journals.opening import open_store
from aldes.journals.sqlite import SqliteJournal
from crash.clients import Tell, Work, at_once, insist, told_to, work
from crash.cluster import Cluster
from crash.disk import Disk, Fault, Plan
from crash.history import Told, faults, missing

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["crash.trial"])
NEVER_FLUSHED = ("PRAGMA synchronous = off; PRAGMA synchronous", 0)
COURSES = ("a", "b", "c")
CARELESS = tuple(each if "synchronous" not in each[0] else NEVER_FLUSHED for each in sqlite.SETTINGS)
SMALL_LOG = 12  # pages, so that the log is carried into the file often


@dataclass(slots=True)
class Found:
    """What one or more trials left."""

    trials: int = 0
    struck: int = 0  # in which what was planned did happen
    acknowledged: int = 0
    kept_unacknowledged: int = 0  # asked for, kept, and the answer was lost: done once when asked again
    lost_unacknowledged: int = 0
    wrong: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Found") -> "Found":
        """Both together."""
        self.trials += other.trials
        self.struck += other.struck
        self.acknowledged += other.acknowledged
        self.kept_unacknowledged += other.kept_unacknowledged
        self.lost_unacknowledged += other.lost_unacknowledged
        self.wrong += other.wrong
        return self


# ── in the process that suffers ──


def record_until_killed(address: str, tasks: Sequence[Work], pipe: Connection) -> None:
    """Clients in threads, until somebody kills the process or its server."""
    sqlite.LOG_PAGES = SMALL_LOG
    at_once(open_store(address, Kind.DEMO), tasks, told_to(pipe.fileno()))


def record_on(path: Path, plan: Plan, task: Work, careless: bool, pipe: Connection) -> None:
    """One client on a disk that fails as planned; then what the record says of itself."""
    sqlite.LOG_PAGES = SMALL_LOG
    if careless:
        sqlite.SETTINGS = CARELESS
    tell = told_to(pipe.fileno())
    disk = Disk("failing", plan)  # SQLite finds it by its name
    try:
        journal = SqliteJournal(path, Kind.DEMO, reserve_mb=0, vfs="failing")
    except JournalError:
        tell(f"calls {disk.plan.count}")
        return
    work(journal, task, tell)
    if journal.writable():
        _look_back(journal, tell)
    tell(f"calls {plan.count}")
    os._exit(0)


def _look_back(journal: SqliteJournal, tell: Tell) -> None:
    """A record that takes nothing still tells what it holds, and goes on taking nothing."""
    try:
        tell(f"reads {sum(len(journal.read(course)) for course in COURSES)}")
    except JournalError:
        tell("reads 0")
    try:
        insist(journal, "a", "after-0-0", {"a": len(journal.read("a"))})
    except JournalError:
        return
    tell("wrote after it had failed")


# ── in the process that looks ──


def killed(address: str, told: Told, chance: Random, seed: int) -> Found:
    """Two processes record at once; one is killed at some moment, the other a little later."""
    pipes, running, heard = _two_at_work(address, seed)
    for process in running:
        sleep(chance.uniform(0, 0.12))
        _kill(process)
    return _after(address, told, pipes, running, heard)


def server_killed(server: Cluster, address: str, told: Told, chance: Random, seed: int) -> Found:
    """Two processes record at once; at some moment the server falls, as in a power cut, and starts again."""
    pipes, running, heard = _two_at_work(address, seed)
    sleep(chance.uniform(0, 0.3))
    server.stop("immediate")
    server.start()
    for process in running:
        _kill(process)
    return _after(address, told, pipes, running, heard)


def _kill(process: ForkServerProcess) -> None:
    """As `kill -9` does it; one that has ended by itself is not there any more."""
    with suppress(ProcessLookupError):
        os.kill(process.pid or 0, signal.SIGKILL)


def _two_at_work(address: str, seed: int) -> tuple[list[Connection], list[ForkServerProcess], list[bytes]]:
    """Two processes of two clients, and the first that each of them said: both have begun."""
    pipes, running = [], []
    for number in range(2):
        tasks = [Work(name=f"p{number}t{thread}", courses=COURSES, times=10_000, seed=seed) for thread in range(2)]
        reader, process = _started(record_until_killed, address, tasks)
        pipes.append(reader)
        running.append(process)
    return pipes, running, [os.read(pipe.fileno(), 65536) for pipe in pipes]


def _after(
    address: str,
    told: Told,
    pipes: Sequence[Connection],
    running: Sequence[ForkServerProcess],
    heard: Sequence[bytes],
) -> Found:
    lines = [line for pipe, first in zip(pipes, heard, strict=True) for line in _lines(pipe, first)]
    for process in running:
        process.join()
    found = _left(address, told, lines)
    found.struck = 1
    return found


def failing(path: Path, plan: Plan, times: int, careless: bool = False) -> Found:
    """One client on a failing disk; `careless`: by a store that never flushes, to see that this is found out."""
    told = Told()
    task = Work(name="c", courses=COURSES, times=times, seed=plan.at)
    reader, process = _started(record_on, path, plan, task, careless)
    lines = _lines(reader, b"")
    process.join()
    acknowledged = sum(line.startswith("done ") for line in lines)
    found = _left(str(path), told, lines)
    found.struck = process.exitcode == -signal.SIGKILL or any(int(n) >= plan.at for n in _said(lines, "calls"))
    if plan.fault in (Fault.ERROR, Fault.FULL, Fault.FLUSH):
        found.wrong += _ill_behaved(lines, acknowledged)
    return found


def _ill_behaved(lines: Sequence[str], done: int) -> list[str]:
    """What a record did after its disk had failed, and should not have done."""
    reads = [int(count) for count in _said(lines, "reads")]
    wrong = ["it wrote after it had failed"] * ("wrote after it had failed" in lines)
    return wrong + [f"it told {count} events of {done} acknowledged" for count in reads if count < done]


def _said(lines: Sequence[str], what: str) -> list[str]:
    return [line.split()[1] for line in lines if line.startswith(f"{what} ")]


def _started(target: object, *arguments: object) -> tuple[Connection, ForkServerProcess]:
    reader, writer = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=target, args=(*arguments, writer))  # type: ignore[arg-type]
    process.start()
    writer.close()
    return reader, process


def _lines(pipe: Connection, first: bytes) -> list[str]:
    parts = [first]
    while part := os.read(pipe.fileno(), 65536):
        parts.append(part)
    pipe.close()
    return b"".join(parts).decode().splitlines()


def _left(address: str, told: Told, lines: Sequence[str]) -> Found:
    """Open the record again, check its history, and ask again for what was not answered."""
    before = len(told.done)
    told.hear(lines)
    try:
        journal = open_store(address, Kind.DEMO)
    except JournalError as fault:
        return Found(trials=1, wrong=[f"it does not open again: {fault}"])
    try:
        wrong = list(faults(journal, told))
        if why := journal.writable():
            return Found(trials=1, wrong=[*wrong, f"it takes nothing after a restart: {why}"])
        open_ids = [id for id in told.asked if id not in told.done]
        lost = missing(journal, told)
        acknowledged = len(told.done) - before
        _ask_again(journal, told, open_ids)
        wrong += faults(journal, told)
    finally:
        journal.close()
    return Found(
        trials=1,
        acknowledged=acknowledged,
        kept_unacknowledged=len(open_ids) - len(lost),
        lost_unacknowledged=len(lost),
        wrong=wrong,
    )


def _ask_again(journal: Journal, told: Told, open_ids: Sequence[str]) -> None:
    """A client whose answer was lost asks for the same again: done once, whether it was kept or not."""
    known = {course: len(journal.read(course)) for course in COURSES}
    for id in open_ids:
        course = told.asked[id]
        version, position = insist(journal, course, id, known)
        known[course] = max(known[course], version)
        told.done[id] = (course, version, position)
