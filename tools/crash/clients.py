"""Clients that record as fast as they can, and say aloud what they ask and what was acknowledged."""

import os
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Thread

from aldes.course.chain import digest
from aldes.course.events import CareTaken
from aldes.course.journal import Command, Journal
from aldes.errors import JournalError, MovedOnError, ReadOnlyError

BEGAN = datetime(2024, 3, 6, 16, 0, tzinfo=UTC)

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one client does: so many events, one after the other, each in a course drawn at random."""

    name: str
    courses: Sequence[str]
    times: int
    seed: int


def told_to(pipe: int) -> Tell:
    """Each line in one write, so that a killed process has told whole lines or none."""
    return lambda line: void(os.write(pipe, f"{line}\n".encode()))


def void(_: object) -> None:
    """Nothing."""


def shown(id: str) -> str:
    """The document that comes with an event."""
    return f'{{"shown":"{id}"}}'


def work(journal: Journal, task: Work, tell: Tell) -> None:
    """Record until all is done or the record takes nothing more."""
    chance, known = random.Random(f"{task.name}/{task.seed}"), dict.fromkeys(task.courses, 0)
    for number in range(task.times):
        id, course = f"{task.name}-{task.seed}-{number}", chance.choice(task.courses)
        tell(f"asked {id} {course}")
        try:
            version, position = insist(journal, course, id, known)
        except ReadOnlyError:
            tell(f"refused {id}")
            return
        except JournalError:
            tell(f"unsure {id}")
            continue
        tell(f"done {id} {course} {version} {position}")


def insist(journal: Journal, course: str, id: str, known: dict[str, int]) -> tuple[int, int]:
    """Record one event, however often another client is quicker."""
    command = Command(id=id, digest=sha256(id.encode()).hexdigest())
    at = BEGAN + timedelta(seconds=known[course])
    event = CareTaken(happened_at=at, recorded_at=at, by="nurse", row="MON-V-01", what=id)
    text = shown(id)
    while True:
        try:
            appended = journal.append(course, [event], known[course], command, {digest(text): text})
        except MovedOnError:
            known[course] += len(journal.read(course, after=known[course]))
        else:
            known[course] = appended.version
            return appended.version, appended.position


def at_once(journal: Journal, tasks: Sequence[Work], tell: Tell) -> None:
    """All these clients, each in a thread of its own."""
    threads = [Thread(target=work, args=(journal, task, tell)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
