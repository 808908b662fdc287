"""A record as lines of JSON, with every hash: what another program reads, and what a record can be restored from."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from aldes.course.chain import Kept, beginning, broken
from aldes.errors import JournalError
from aldes.journals.disk import write_durably
from aldes.journals.record import Contents

FORM = 1  # of the lines


def lines(told: Contents) -> Iterator[str]:
    """The lines of a record: itself, its epochs, commands, documents, its events in order, and its end."""
    yield _line({"form": FORM, "record": dict(told.about)})
    for number, epoch, position, why in told.epochs:
        yield _line({"epoch": epoch, "number": number, "position": position, "why": why})
    for id, digest, course, version, position in told.commands:
        yield _line({"command": id, "digest": digest, "course": course, "version": version, "position": position})
    for digest, text in told.documents:
        yield _line({"document": digest, "text": text})
    position, head = 0, ""
    for each in told.events:
        position, head = each.position, each.head
        yield _line(
            {
                "event": each.text,
                "course": each.course,
                "version": each.version,
                "position": each.position,
                "command": each.command,
                "previous": each.previous,
                "hash": each.hash,
                "head": each.head,
            }
        )
    yield _line({"end": position, "head": head})


def write_export(told: Contents, target: Path) -> None:
    """The lines of a record in a new file, on the disk when this returns."""
    write_durably(target, "".join(f"{line}\n" for line in lines(told)))


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def read_lines(told: Iterable[str]) -> Contents:
    """What these lines hold, whole and unaltered.

    Raises
    ------
    JournalError
        When a line is none of ours, the end is missing, or the chain does not hold.
    """
    try:
        first, *rest = (json.loads(line) for line in told)
        contents = _contents(first, rest)
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        raise JournalError(
            "The export is not whole, or holds a line that is none of ours. Export the record again; "
            "nothing was written."
        ) from fault
    begins = beginning(contents.about["kind"], contents.about["record"])
    if any(broken(contents.events, begins)):
        raise JournalError("The export holds events that are not those that were written. Nothing was written.")
    return contents


def _contents(first: dict[str, Any], rest: list[dict[str, Any]]) -> Contents:
    if first["form"] != FORM:
        raise ValueError("another form")
    events = [_event(line) for line in rest if "event" in line]
    end, head = (events[-1].position, events[-1].head) if events else (0, "")
    if (rest[-1]["end"], rest[-1]["head"]) != (end, head):
        raise ValueError("the end is missing")
    return Contents(
        about={name: str(value) for name, value in first["record"].items()},
        epochs=[(line["number"], line["epoch"], line["position"], line["why"]) for line in rest if "epoch" in line],
        commands=[_command(line) for line in rest if "command" in line and "event" not in line],
        documents=[(line["document"], line["text"]) for line in rest if "document" in line],
        events=events,
    )


def _command(line: dict[str, Any]) -> tuple[Any, ...]:
    return (line["command"], line["digest"], line["course"], line["version"], line["position"])


def _event(line: dict[str, Any]) -> Kept:
    return Kept(
        course=line["course"],
        version=line["version"],
        position=line["position"],
        text=line["event"],
        command=line["command"],
        previous=line["previous"],
        hash=line["hash"],
        head=line["head"],
    )
