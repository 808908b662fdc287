"""The fields of one TOML table, taken by type; what is left over or of another type is a fault with its place."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from aldes.errors import ProtocolError, nearest

Member = TypeVar("Member", bound=StrEnum)


class Fields:
    """One table being read; `end` refuses what nobody took."""

    def __init__(self, where: str, table: Mapping[str, Any]) -> None:
        self.where, self.table = where, table
        self.taken: set[str] = set()

    def _take(self, name: str) -> Any:
        self.taken.add(name)
        return self.table.get(name)

    def fault(self, name: str, wanted: str) -> ProtocolError:
        """The fault of one field."""
        came = self.table.get(name)
        said = "is missing" if came is None else f"came as {came!r}"
        return ProtocolError(f"{self.where}: '{name}' {said}; write {wanted}.")

    def text(self, name: str) -> str:
        """A text, or an empty one where the field is left out."""
        value = self._take(name)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            raise self.fault(name, "a text, or leave it out")
        return value

    def needed(self, name: str) -> str:
        """A text that must be there."""
        return self.text(name) or self._refuse(name, "a text")

    def _refuse(self, name: str, wanted: str) -> str:
        raise self.fault(name, wanted)

    def member(self, name: str, kind: type[Member]) -> Member:
        """One word of a closed list."""
        word = self.needed(name)
        if word not in [each.value for each in kind]:
            raise self.fault(name, f"one of {', '.join(kind)}")
        return kind(word)

    def number(self, name: str) -> Decimal | None:
        """A number, or nothing."""
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise self.fault(name, "a number")
        return Decimal(value)

    def whole(self, name: str) -> int | None:
        """A whole number from 0 on, or nothing."""
        value = self._take(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise self.fault(name, "a whole number from 0 on")
        return value

    def pair(self, name: str) -> tuple[Decimal, Decimal] | None:
        """Two numbers, the lower first, or nothing."""
        value = self._take(name)
        if value is None:
            return None
        fine = isinstance(value, list) and len(value) == 2 and all(_is_number(each) for each in value)
        if not fine or value[0] > value[1]:
            raise self.fault(name, "two numbers, the lower first")
        return Decimal(value[0]), Decimal(value[1])

    def years(self, name: str) -> tuple[int, int] | None:
        """A first and a last year, or nothing."""
        found = self.pair(name)
        if found and not all(1980 <= each <= 2030 and each == int(each) for each in found):
            raise self.fault(name, "a first and a last year")
        return (int(found[0]), int(found[1])) if found else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty where it is left out."""
        value = self._take(name)
        if value is None:
            return ()
        if (
            not isinstance(value, list)
            or not value
            or not all(isinstance(each, str) and each.strip() for each in value)
        ):
            raise self.fault(name, "a list of texts")
        return tuple(value)

    def tables(self, name: str) -> list[Mapping[str, Any]]:
        """A list of tables, empty where it is left out."""
        value = self._take(name) or []
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise self.fault(name, f"[[…{name}]]")
        return value

    def any(self, name: str) -> Any:
        """Whatever came."""
        return self._take(name)

    def end(self) -> None:
        """Refuse what nobody took."""
        for name in self.table:
            if name not in self.taken:
                raise ProtocolError(f"{self.where}: '{name}' is no field.{nearest(name, self.taken)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)
