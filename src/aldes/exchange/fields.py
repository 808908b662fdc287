"""Fields of our own JSON form, read exactly or refused with a sentence: a question is stated right or not at all."""

from datetime import datetime
from decimal import Decimal

from aldes.errors import InputError, nearest
from aldes.exchange.document import Json
from aldes.exchange.text import code_shown
from aldes.exchange.times import read_time
from aldes.findings.charting import CLOCK_SKEW


def known_keys(came: Json, known: tuple[str, ...], place: str) -> dict[str, Json]:
    """The object, if it has none but these keys.

    Raises
    ------
    InputError
        Naming the nearest right word for the first key that is none of them.
    """
    if not isinstance(came, dict):
        raise InputError(f"'{place}' is not an object. We read its keys {', '.join(known)}. Send it so.")
    for key in came:
        if key not in known:
            near = nearest(key[:60], known) or f" We read {', '.join(known)}."
            raise InputError(f"'{place}' holds the key {code_shown(key)}, which we do not know.{near}")
    return came


def instant(came: Json, place: str) -> datetime:
    """An instant with its zone.

    Raises
    ------
    InputError
        For any other time.
    """
    when = read_time(came)
    if when.instant is None:
        raise InputError(f"'{place}' {when.imprecise}. We read date, time and zone, as 2024-03-05T08:00:00+01:00.")
    return when.instant


def past(came: Json, place: str, now: datetime) -> datetime:
    """An instant that lies not in the future, 5 minutes of difference between clocks aside."""
    at = instant(came, place)
    if at > now + CLOCK_SKEW:
        raise InputError(f"'{place}' lies in the future. We read what has happened. Correct it, or 'now'.")
    return at


def whole(came: Json, place: str, most: int) -> int:
    """A whole number from 1 to `most`."""
    if not isinstance(came, Decimal) or came != came.to_integral_value() or not 1 <= came <= most:
        raise InputError(f"'{place}' is not a whole number from 1 to {most}. Send it so.")
    return int(came)


def flag(block: dict[str, Json], key: str) -> bool:
    """True or false under this key; false where it is absent."""
    came = block.get(key, False)
    if not isinstance(came, bool):
        raise InputError(f"'{key}' is neither true nor false. Send it so.")
    return came


def row_id(came: Json, place: str) -> str:
    """A row's id; that the protocol has such a row is checked where the protocol is known."""
    if isinstance(came, str) and code_shown(came).startswith("'"):
        return came
    raise InputError(f"'{place}' is not the id of a row. We read ids such as HOLD-RESP-01. Send it so.")


def listed(block: dict[str, Json], key: str, most: int) -> list[Json]:
    """The list under this key, empty where there is none; refused when it is endless."""
    came = block.get(key)
    if came is None:
        return []
    if not isinstance(came, list) or len(came) > most:
        raise InputError(f"'{key}' is not a list of at most {most}. Send it so.")
    return came
