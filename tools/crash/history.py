"""The check of a history: what was acknowledged is there once and in order, no version lacks, nothing was invented."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aldes.course.chain import digest
from aldes.course.events import CareTaken
from aldes.course.journal import Journal
from crash.clients import shown


@dataclass(slots=True)
class Told:
    """What the clients said: asked for, and acknowledged with its place."""

    asked: dict[str, str] = field(default_factory=dict)  # id → course
    done: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # id → course, version, position
    refused: int = 0
    unsure: int = 0

    def hear(self, lines: Iterable[str]) -> None:
        """Take in what was said."""
        for line in lines:
            match line.split():
                case ["asked", id, course]:
                    self.asked[id] = course
                case ["done", id, course, version, position]:
                    self.done[id] = (course, int(version), int(position))
                case ["refused", _]:
                    self.refused += 1
                case ["unsure", _]:
                    self.unsure += 1


def faults(journal: Journal, told: Told) -> Iterator[str]:
    """Each way in which the record is not what its clients were told."""
    found: dict[str, tuple[str, int, int]] = {}
    versions: dict[str, int] = defaultdict(int)
    newest: dict[str, int] = {}  # client → the number of its last event
    for position, each in enumerate(journal.kept(), start=1):
        versions[each.course] += 1
        if each.position != position or each.version != versions[each.course]:
            yield f"event {each.position} ({each.course} {each.version}) stands at {position} ({versions[each.course]})"
        event = each.event
        id = event.what if isinstance(event, CareTaken) else "?"
        if id in found:
            yield f"{id} is there twice"
        if told.asked.get(id) != each.course or each.command != id:
            yield f"{id} was never asked for in this course"
        found[id] = (each.course, each.version, each.position)
        client, _, number = id.rpartition("-")
        if newest.get(client, -1) >= int(number):
            yield f"{id} stands behind a later one of its client"
        newest[client] = int(number)
        if journal.document(digest(shown(id))) is None:
            yield f"the document of {id} is not there"
    for id, place in told.done.items():
        if found.get(id) != place:
            yield f"{id} was acknowledged at {place} and stands at {found.get(id)}"


def missing(journal: Journal, told: Told) -> list[str]:
    """What was asked for, and is not there: allowed, as long as it was not acknowledged."""
    there = {each.command for each in journal.kept()}
    return [id for id in told.asked if id not in there]
