"""Who the patient is, as two identifiers on every screen need it; the record's key is never made of it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """Names, birth date and identifiers, as the hospital knows them."""

    family: str
    given: str
    born: date
    identifiers: tuple[tuple[str, str], ...]  # system, value; at least one

    def is_named_as(self, other: "Patient") -> bool:
        """Whether name and birth date are the same."""
        return (self._name, self.born) == (other._name, other.born)

    @property
    def _name(self) -> tuple[str, str]:
        return self.family.casefold().strip(), self.given.casefold().strip()
