"""What every journal checks before it keeps anything, so that all of them refuse alike."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import get_args

from aldes.course.chain import digest
from aldes.course.events import CourseOpened, Event, PatientRegistered, PinChanged
from aldes.course.people import WardEvent
from aldes.course.wire import Recorded, canonical, write
from aldes.errors import JournalError, MovedOnError

DEMO_SYSTEM = "urn:aldes:demo"  # the identifiers of bundled and made-up patients


class Kind(StrEnum):
    """What a store is for, fixed when it is created (hazard H87)."""

    DEMO = "demo"
    LIVE = "live"


def texts_of(events: Sequence[Recorded]) -> tuple[str, ...]:
    """The canonical JSON of each; what could not be read back exactly is refused before anything is written."""
    texts = tuple(write(each) for each in events)
    for text in texts:
        canonical(text)
    return texts


def refuse_stream(course: str, events: Sequence[Recorded], is_ward: bool) -> None:
    """The people of the ward stand in its own stream, what happens to a patient in the patient's."""
    if not course or not course.isprintable() or len(course) > 200:
        raise JournalError(
            "A stream is named by 1 to 200 printable characters. Choose another id; nothing was written."
        )
    if any(isinstance(each, get_args(WardEvent)) is not is_ward for each in events):
        raise JournalError(
            "An event of the ward's people came for a patient's stream, or the other way round. "
            "Record it in the stream it belongs to; nothing was written."
        )


def refuse_another_kind(events: Sequence[Recorded], kind: Kind | None) -> None:
    """A live store takes no made-up patient or settings, a demo store no real patient."""
    if kind is None:
        return
    if any(_is_of(each, Kind.LIVE if kind is Kind.DEMO else Kind.DEMO) for each in events):
        other = "real patient" if kind is Kind.DEMO else "made-up patient or made-up settings"
        raise JournalError(
            f"This is a {kind} record, and it takes no {other}. Patients whose identifier has the system "
            f"{DEMO_SYSTEM} are made up. Open the other record; nothing was written."
        )


def _is_of(event: Event, kind: Kind) -> bool:
    match event:
        case PatientRegistered(patient=patient):
            made_up = any(system == DEMO_SYSTEM for system, _ in patient.identifiers)
            return made_up is (kind is Kind.DEMO)
        case CourseOpened(pins=pins) | PinChanged(pins=pins):
            return pins.demo and kind is Kind.DEMO
        case _:
            return False


def refuse_moved_on(version: int, expected: int) -> None:
    """Somebody recorded something since the writer looked."""
    if version != expected:
        raise MovedOnError(
            f"The course has {version} events, you saw {expected}. "
            "Read it again, look at what is new, and record again; nothing was written."
        )


def refuse_another_content(known: str, asked: str) -> None:
    """One id stands for one thing that was asked."""
    if known != asked:
        raise JournalError(
            "This command's id was used before for something else. Give each command an id of its own; "
            "nothing was written."
        )


def refuse_command(id: str | None) -> None:
    """A command is named by what any store can keep."""
    if id is not None and not (0 < len(id) <= 200 and id.isprintable()):
        raise JournalError(
            "A command is named by 1 to 200 printable characters. Choose another id; nothing was written."
        )


def refuse_changed_documents(documents: Mapping[str, str]) -> None:
    """A document is text that any store can keep, under the digest of it."""
    if any("\x00" in text or not _is_whole(text) for text in documents.values()):
        raise JournalError(
            "A document holds a character that no store keeps. Write it as JSON that escapes it; nothing was written."
        )
    if any(digest(text) != key for key, text in documents.items()):
        raise JournalError(
            "A document came under a digest that is not its own. Take `sha256:` and the hash of its UTF-8 bytes; "
            "nothing was written."
        )


def _is_whole(text: str) -> bool:
    """Whether every character can be written in UTF-8; half of a pair cannot."""
    return not any("\ud800" <= each <= "\udfff" for each in text)
