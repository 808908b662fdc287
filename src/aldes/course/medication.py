"""A drug of the patient's list, other than aldesleukin: by its codes and when, never by its text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MedicationKind(StrEnum):
    """What sort of entry of the list it is."""

    TAKEN = "taken"  # a statement that the patient takes it
    ORDERED = "ordered"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Medication:
    """One drug as the record lists it."""

    id: str
    kind: MedicationKind
    where: str  # its place in the input
    codes: tuple[tuple[str, str], ...] = ()  # system, code; none where it came as text only
    start: datetime | None = None
    end: datetime | None = None
    over: bool = False  # stopped or completed: with no end, nobody knows since when
    doubt: str = ""  # why nothing in the entry may be believed
