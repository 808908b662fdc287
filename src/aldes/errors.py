"""What a caller can do wrong, as a small tree of exceptions.

    AldesError
    ├── InputError          patient data that cannot be read at all
    │   ├── UnitError       a unit that is missing, unknown or of another kind
    │   └── DoseError       a weight or dose that no order may carry
    ├── ProtocolError       a protocol, site or vocabulary file with a fault
    ├── ModelError          a parameter, regimen or run of the mechanism that cannot be
    ├── ActError            an act that the ward does not take, as the course or its decision stands
    │   └── MayNotError     an act that is not for these people
    └── JournalError        a record that cannot take this event
        ├── MovedOnError    another writer was quicker: read again, decide again
        ├── NoRecordError   there is no record where one was to be
        ├── DamagedError    the files of the record cannot be read
        └── ReadOnlyError   the record takes nothing now, whatever is asked

Every message says what came, what is accepted and what to do next. None carries a name, a birth date or
a record number. An entry that is merely unusable is no exception: it is kept and reported beside the decision.
"""

from collections.abc import Iterable
from difflib import get_close_matches


class AldesError(Exception):
    """The root: one clear sentence for the person who asked."""


class InputError(AldesError):
    """Patient data that cannot be read at all."""


class UnitError(InputError):
    """A unit that is missing, unknown, or of another kind than the finding's."""


class DoseError(InputError):
    """A weight or dose outside what any order may carry."""


class ProtocolError(AldesError):
    """A protocol, site or vocabulary file with a fault: file, row, fault, nearest right word."""


class ModelError(AldesError):
    """A parameter, a regimen or a run of the mechanism that cannot be: name, fault, nearest right word."""


class ActError(AldesError):
    """An act that the ward does not take, as the course or its decision stands; nothing was recorded."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(f"{sentence} Nothing was recorded.")


class MayNotError(ActError):
    """An act that is not for these people; nothing was recorded."""


class JournalError(AldesError):
    """A record that cannot take this event."""


class MovedOnError(JournalError):
    """Another writer was quicker; nothing was written."""


class NoRecordError(JournalError):
    """There is no record at the place that was named."""


class DamagedError(JournalError):
    """The files of the record are not those of a database any more."""


class ReadOnlyError(JournalError):
    """The record takes nothing now: its disk, its files or a newer version of the program are in the way."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A closing sentence that names the nearest known word, or nothing when none is near."""
    near = get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""
