"""Ask before the next dose: one record for a person, or a line a patient for a program."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from aldes import ward
from aldes.cli import exits
from aldes.cli.clock import instant, site_now
from aldes.cli.paper import page
from aldes.errors import AldesError, InputError
from aldes.exchange import Reading, read
from aldes.protocols.read import read as read_protocol

ASKED_WITH = "us-label-2023"  # for commands that only ask; at the bedside no protocol is a default
LONGEST_LINE = 5_000_000  # bytes (hazard H76)


def answer_one(
    file: str, protocol: str | None, site: str | None, now: str | None, patient: str | None, as_json: bool
) -> int:
    """Answer one record on standard output; the exit code of its decision."""
    clock = instant(now) if now else None
    document = _document(content(file), protocol, site, clock, patient)
    if as_json:
        print(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        if protocol is None and document["protocol"] == ASKED_WITH:
            print(f"No protocol was named; asked with {ASKED_WITH}. At the bedside a course pins its own.\n")
        print(page(document), end="")
    return exits.BY_DECISION[document["decision"]]


def answer_batch(
    file: str, protocol: str | None, site: str | None, now: str | None, patient: str | None, as_json: bool
) -> int:
    """Answer every line; a bad line is answered with its error and the rest go on."""
    clock = instant(now) if now else None
    failed = 0
    with _stream(file) as stream:
        for number, line in _lines(stream):
            try:
                document: dict[str, Any] = _document(line, protocol, site, clock, patient)
            except AldesError as fault:
                document = {"id": None, "line": number, "error": str(fault)}
                failed += 1
            print(json.dumps(document, ensure_ascii=False, separators=(",", ":")), flush=True)
    return exits.BAD_INPUT if failed else 0


def _document(
    data: bytes, protocol: str | None, site: str | None, clock: datetime | None, patient: str | None
) -> dict[str, Any]:
    asked = clock or site_now(site)
    reading = read(data, now=asked, patient_id=patient)
    now = reading.now or asked
    if clock is not None and now != clock:
        # What is too new for one clock is too old for the other: neither may decide for the other one.
        raise InputError(
            "The line's own 'now' and --now are two instants, and each finding has one age. Leave one of them out."
        )
    resolved = read_protocol(protocol or reading.protocol or ASKED_WITH, site)
    return ward.answer(
        reading.events,
        resolved,
        now,
        has_course=reading.has_course,
        patient=reading.id or reading.patient,
        not_used=not_used(reading),
        alert=reading.alert,
    )


def not_used(reading: Reading) -> list[dict[str, Any]]:
    """What the reader did not use, in JSON values."""
    return [{"where": each.where, "what": each.what, "why": each.why, "count": each.count} for each in reading.not_used]


def content(file: str) -> bytes:
    """The bytes of a file or of standard input, one more than are read."""
    with _stream(file) as stream:
        return stream.read(LONGEST_LINE + 1)


def _stream(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as fault:
        raise InputError(f"The file cannot be read ({fault.strerror}). Check its path and permissions.") from None


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, each cut one byte after what is read; the rest of a longer line is passed over."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        cut = line
        while cut and not cut.endswith(b"\n"):
            cut = stream.readline(LONGEST_LINE)
        if line.strip():
            yield number, line.rstrip(b"\r\n")
