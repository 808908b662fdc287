"""The fields of one block of a protocol or site file, each read strictly; a fault is one line that names the place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.evidence.register import cite
from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.numbers import DIGITS
from aldes.protocols.coverage import TOPICS
from aldes.protocols.ids import checked, shown
from aldes.protocols.row import Status
from aldes.questions.parse import parse
from aldes.questions.signs import against_worse
from aldes.questions.tree import Question

LARGEST_SETTING = 100_000  # hours, minutes or days: beyond any clinical use

Table = Mapping[str, Any]
Settings = Mapping[str, float | None]  # what a predicate may name beside findings; None: the site has not set it


def known_keys(table: object, known: Iterable[str], where: str) -> None:
    """Refuse a key that is no field here, with the nearest right one."""
    if not isinstance(table, Mapping):
        raise ProtocolError(f"{where}a table is wanted here.")
    for key in table:
        if key not in set(known):
            raise ProtocolError(f"{where}'{shown(key)}' is no field.{nearest(key, known)}")


def tables(table: Table, key: str, file: str) -> list[Table]:
    """The blocks [[key]] of a file, in order."""
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(each, Mapping) for each in entries):
        raise ProtocolError(f"{file}: '{key}' must be written as [[{key}]], one block a row.")
    return entries


def positive(value: object, where: str) -> Decimal:
    """A finite number above zero, at most 100,000."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite() or value <= 0:
        raise ProtocolError(f"{where} must be a number above zero; '{value}' stands there.")
    if value > LARGEST_SETTING:
        raise ProtocolError(f"{where} must be at most {LARGEST_SETTING}; a larger number stands there.")
    if len("".join(map(str, Decimal(value).as_tuple().digits)).rstrip("0")) > DIGITS:
        raise ProtocolError(f"{where} must have at most {DIGITS} significant digits; a longer number stands there.")
    return Decimal(value)


def whole(value: object, key: str, where: str, most: int) -> int:
    """A whole number from 1 to `most`."""
    if type(value) is not int or not 1 <= value <= most:
        raise ProtocolError(f"{where}{key} must be a whole number from 1 to {most}; '{value}' stands there.")
    return value


@dataclass(frozen=True, slots=True)
class Fields:
    """One block, with where it stands ("us-label-2023: row HOLD-RESP-01: ") and what its predicates may name."""

    table: Table
    where: str
    settings: Settings

    def known(self, keys: Iterable[str]) -> None:
        """Refuse every key but these."""
        known_keys(self.table, keys, self.where)

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip():
            raise ProtocolError(f"{self.where}'{key}' is missing; write {key} = \"...\".")
        return value

    def id(self) -> str:
        """The id of a block, which no name of the compiler's may be."""
        return checked(self.text("id"), self.where)

    def optional(self, key: str) -> str:
        """A text, empty where the key is left out."""
        return self.text(key) if key in self.table else ""

    def listed(self, key: str) -> tuple[str, ...]:
        """A list of words, empty where the key is left out."""
        values = self.table.get(key, [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise ProtocolError(f"{self.where}'{key}' must be a list of words; write {key} = [\"...\"].")
        return tuple(values)

    def choice(self, kind: Any, key: str) -> Any:
        """A member of an enumeration, by its value."""
        text = self.text(key)
        known = [each.value for each in kind]
        if text not in known:
            raise ProtocolError(f"{self.where}{key} '{text}' is none of {', '.join(known)}.{nearest(text, known)}")
        return kind(text)

    def one_of(self, kind: Any, key: str, accepted: tuple[Any, ...]) -> Any:
        """A member of an enumeration, of these only."""
        found = self.choice(kind, key)
        if found not in accepted:
            raise ProtocolError(f"{self.where}{key} is {' or '.join(accepted)}; '{found}' stands there.")
        return found

    def yes_or_no(self, key: str) -> bool:
        """True or false; false where the key is left out."""
        value = self.table.get(key, False)
        if not isinstance(value, bool):
            raise ProtocolError(f"{self.where}'{key}' is true or false, without quotes; '{value}' stands there.")
        return value

    def whole(self, key: str, most: int, default: int | None = None) -> int:
        """A whole number from 1 to `most`."""
        return whole(self.table.get(key, default), key, self.where, most)

    def topics(self, key: str = "topics") -> tuple[str, ...]:
        """Coverage topics."""
        topics = self.listed(key)
        for topic in topics:
            if topic not in TOPICS:
                raise ProtocolError(f"{self.where}'{topic}' is no coverage topic.{nearest(topic, TOPICS)}")
        return topics

    def citation(self, key: str = "source") -> Citation:
        """A source of the register and the exact place in it."""
        source = self.text(key)
        try:
            return cite(source)
        except ProtocolError as fault:
            raise ProtocolError(f"{self.where}{fault}") from None

    def cited(self) -> dict[str, Any]:
        """What every row has: id, words, source with its place, status, and who signed it."""
        return {
            "id": self.id(),
            "words": self.text("words"),
            "source": self.citation(),
            "status": self.choice(Status, "status"),
            "signed": self.optional("signed"),
        }

    def predicate(self, key: str) -> str:
        """A predicate as written, on one line; empty where the key is left out."""
        return " ".join(self.optional(key).split())

    def question(self, key: str, *, worse: bool | None) -> Question | None:
        """The parsed predicate, or None where the key is left out.

        `worse` True: it may move toward *yes* only as the patient becomes worse; False: only as the patient becomes
        better; None: either way.
        """
        if key not in self.table:
            return None
        self.text(key)
        try:
            question = parse(self.predicate(key), vocabulary(), self.settings)
        except ProtocolError as fault:
            raise ProtocolError(f"{self.where}{fault}") from None
        if worse is not None and (wrong := against_worse(question, vocabulary(), toward_better=not worse)):
            raise ProtocolError(
                f"{self.where}a better '{wrong[0]}' would make the answer stricter, or a worse one milder; "
                "turn the comparison round"
            )
        return question

    def needed(self, key: str, *, worse: bool | None) -> Question:
        """A predicate that must be there."""
        self.text(key)
        question = self.question(key, worse=worse)
        if question is None:
            raise ProtocolError(f"{self.where}'{key}' is missing; write {key} = \"...\".")
        return question
