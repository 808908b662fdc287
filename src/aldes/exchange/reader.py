"""The one reader: bytes or a file in, one patient's reading out, whatever the form."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from aldes.course.events import RecordDoubted
from aldes.errors import InputError
from aldes.exchange.batch import read_line
from aldes.exchange.document import parse
from aldes.exchange.reading import Reading
from aldes.exchange.table import read_table
from aldes.exchange.text import MOST_BYTES


class Form(StrEnum):
    """The form of an input."""

    AUTO = "auto"  # told by its first character
    JSON = "json"  # a FHIR R4 bundle, or a batch line
    CSV = "csv"


def read(source: bytes | Path, *, now: datetime, form: Form = Form.AUTO, patient_id: str | None = None) -> Reading:
    """One patient's events, and everything that was not used with its reason.

    `now` is the reader's clock: what lies later has not happened. A batch line may say its own.

    Raises
    ------
    InputError
        When the input cannot be read at all; an entry that is merely unusable is reported in the reading.
    """
    if now.tzinfo is None:
        raise ValueError("now needs a zone")
    data = _bytes(source) if isinstance(source, Path) else source
    if form is Form.CSV or (form is Form.AUTO and data.lstrip()[:1] not in (b"{", b"[")):
        return _doubting(read_table(data, now), now)
    document = parse(data)
    if not isinstance(document, dict):
        raise InputError(
            "The input is not a JSON object. We read a FHIR R4 bundle or one batch line. Send one of these."
        )
    return _doubting(read_line(document, now, patient_id), now)


def _doubting(reading: Reading, clock: datetime) -> Reading:
    """What must be said first must also be settled first: each alert is a doubt in the record."""
    now = reading.now or clock
    doubts = [RecordDoubted(happened_at=now, recorded_at=now, why=each) for each in reading.alert]
    return replace(reading, events=(*reading.events, *doubts))


def _bytes(path: Path) -> bytes:
    """The file's content, at most one byte more than we read."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise InputError(f"The file cannot be read ({fault.strerror}). Check its path and permissions.") from None
