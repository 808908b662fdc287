"""Strict JSON: one document, no key twice, no NaN, no depth without end; numbers as they were written."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import NoReturn

from aldes.errors import InputError
from aldes.exchange.text import decode
from aldes.numbers import LONGEST_NUMBER, measurable

DEEPEST = 40  # our policy (hazard H76); the deepest of the real bundles that we know has 15


@dataclass(frozen=True, slots=True)
class LongNumber:
    """A number with more characters, or of another size, than any measurement has: kept as unusable."""

    characters: int


Json = None | bool | Decimal | LongNumber | str | list["Json"] | dict[str, "Json"]


def parse(data: bytes) -> Json:
    """The one JSON document in these bytes.

    Raises
    ------
    InputError
        For anything else: naming the line, never the content.
    """
    text = decode(data)
    _check_depth(text)
    start = len(text) - len(text.lstrip())
    try:
        document, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as fault:
        raise InputError(
            f"The input is not JSON: line {fault.lineno}, column {fault.colno}: {fault.msg}. "
            "We read one JSON document. Correct it at its source."
        ) from None
    _check_end(text, end)
    return _typed(document)


def fingerprint(part: Json) -> str:
    """A short name made from content alone: the same content always has it, other content practically never."""
    return sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _typed(document: object) -> Json:
    """The decoder below builds nothing but these."""
    if document is None or isinstance(document, bool | Decimal | LongNumber | str | list | dict):
        return document
    raise InputError("The input is not JSON. We read one JSON document. Correct it at its source.")


# A whole string, or one bracket; possessive, so that no text makes it look twice at a character.
_STRUCTURE = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


def _check_depth(text: str) -> None:
    """Before the decoder, whose own limit is a crash."""
    depth = 0
    for match in _STRUCTURE.finditer(text):
        token = match.group()
        if token in ("[", "{"):
            depth += 1
            if depth > DEEPEST:
                raise InputError(f"The input is nested deeper than {DEEPEST} levels. No record is. Check its source.")
        elif token in ("]", "}"):
            depth -= 1


def _check_end(text: str, end: int) -> None:
    rest = text[end:]
    if not rest.strip():
        return
    line = text.count("\n", 0, end + len(rest) - len(rest.lstrip())) + 1
    raise InputError(
        f"More follows the first JSON document, at line {line}. We read one document at a time. "
        "Split the file; lines of a batch go through the batch command."
    )


def _number(text: str) -> Decimal | LongNumber:
    if len(text) > LONGEST_NUMBER:
        return LongNumber(len(text))
    value = Decimal(text)
    return value if measurable(value) else LongNumber(len(text))


def _no_constant(text: str) -> NoReturn:
    raise InputError(f"The input holds {text}, which is no JSON number. We read finite numbers. Correct its source.")


def _object(pairs: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(
                "An object of the input holds one key twice, so that its meaning depends on the reader. "
                "We read each key once. Correct it at its source."
            )
        found[key] = value
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_int=_number, parse_constant=_no_constant
)
