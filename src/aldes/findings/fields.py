"""Fields of the vocabulary file: each of one sort, or refused in a line that names file, finding and fault."""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from aldes.errors import ProtocolError, nearest
from aldes.numbers import DIGITS, measurable

LONGEST_SHOWN = 60  # characters of a wrong word that a message repeats
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Fields:
    """One table of the file. Every reading method raises ProtocolError for what it cannot take."""

    def __init__(self, table: object, sort: str, file: str) -> None:
        if not isinstance(table, Mapping):
            raise ProtocolError(f"{file}: a {sort} must be written as [[{sort}]], one block each.")
        self.table: Mapping[str, Any] = table
        self.where = f"{file}: {sort} '{_shown(table.get('name', '?'))}'"
        self.after = f"{self.where}: "

    def fault(self, text: str) -> ProtocolError:
        """The refusal to raise."""
        return ProtocolError(f"{self.after}{text}")

    def only(self, known: Collection[str]) -> None:
        """Refuse a field that is none of these."""
        for key in self.table:
            if key not in known:
                raise self.fault(f"'{_shown(key)}' is no field.{nearest(key[:LONGEST_SHOWN], known)}")

    def name(self) -> str:
        """Lower case, so that no finding is taken for a setting, a view or a flag of the record."""
        name = self.text("name")
        if not _NAME.fullmatch(name):
            raise self.fault("a name has small letters and digits in parts joined by one _; write it so.")
        return name

    def text(self, key: str, default: str | None = None) -> str:
        value = self.table.get(key, default)
        if value is None:
            raise self.fault(f"'{key}' is missing; write {key} = \"...\".")
        if not isinstance(value, str) or (default is None and not value.strip()) or not value.isprintable():
            raise self.fault(f"'{key}' must be one line of text; write {key} = \"...\".")
        return value

    def choice(self, kind: type[_Choice], key: str, default: _Choice | None = None) -> _Choice:
        known, word = [each.value for each in kind], self.text(key, default)
        if word not in known:
            near = nearest(word[:LONGEST_SHOWN], known)
            raise self.fault(f"'{_shown(word)}' is not a valid {kind.__name__} ({', '.join(known)}).{near}")
        return kind(word)

    def one_of(self, known: Collection[str], key: str) -> str:
        word = self.text(key)
        if word not in known:
            near = nearest(word[:LONGEST_SHOWN], known)
            raise self.fault(f"{key} '{_shown(word)}' is none of {', '.join(known)}.{near}")
        return word

    def texts(self, key: str) -> tuple[str, ...]:
        values = self.table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(each, str) and each.strip() for each in values):
            raise self.fault(f"'{key}' must be a list of words; write {key} = [\"...\"].")
        if len(set(values)) < len(values):
            raise self.fault(f"'{key}' names one word twice; keep one.")
        return tuple(values)

    def number(self, key: str) -> Decimal | None:
        return _number(self.table[key], f"'{key}'", self) if key in self.table else None

    def range(self, key: str) -> tuple[Decimal, Decimal] | None:
        if key not in self.table:
            return None
        came = self.table[key]
        if not isinstance(came, list) or len(came) != 2:
            raise self.fault(f"'{key}' must be two numbers; write {key} = [0, 100].")
        low, high = (_number(each, f"'{key}'", self) for each in came)
        if low >= high:
            raise self.fault(f"'{key}' must rise from its first number to its second.")
        return low, high

    def flag(self, key: str) -> bool:
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise self.fault(f"'{key}' is true or false, without quotes.")
        return value


def _number(value: object, what: str, fields: Fields) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise fields.fault(f"{what} must be a number, without quotes.")
    number = Decimal(value)
    if not measurable(number) or len(number.as_tuple().digits) > DIGITS:
        raise fields.fault(f"{what} must be a finite number of at most {DIGITS} digits.")
    return number


def _shown(word: object) -> str:
    text = str(word)[:LONGEST_SHOWN]
    return text if text.isprintable() else "?"
