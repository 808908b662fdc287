"""Acts of the ward as JSON: `{"do": "go"}`, each field under its own name, read exactly or refused with a sentence."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast, get_args, get_type_hints

from aldes.course.events import EntryRetracted, FindingCharted, MedicationListed, RecordDoubted, StatementMade
from aldes.course.patient import Patient
from aldes.errors import InputError, nearest
from aldes.exchange.batch import read_items, read_line
from aldes.exchange.document import Json
from aldes.exchange.fields import instant, known_keys
from aldes.exchange.reading import NotUsed
from aldes.exchange.text import clean
from aldes.numbers import parse_decimal
from aldes.ward import acts
from aldes.ward.acts import Act, Chart, Correct, TakeOver

MOST_ITEMS, LONGEST_WHY, LONGEST_LIST = 500, 2_000, 500  # our policy (hazards H76 and H81)
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRead:
    """An act, and what of its record or items did not count."""

    act: Act
    not_used: tuple[NotUsed, ...] = ()
    alert: tuple[str, ...] = ()


def name_of(kind: type[Act]) -> str:
    """The act's name on the wire: `HoldSlot` is "hold slot"."""
    return _CAPITAL.sub(" ", kind.__name__).lower()


KINDS: Mapping[str, type[Act]] = {
    name_of(each): each
    for each in (getattr(acts, name) for name in acts.__all__)
    if isinstance(each, type) and issubclass(each, Act) and each is not Act
}


def read_act(came: Json, now: datetime, key: str) -> ActRead:
    """The act that a JSON object names; `key` begins the ids of entries that bring none of their own.

    Raises
    ------
    InputError
        When the act is unknown, a field is missing, unknown or of another type.
    """
    if not isinstance(came, dict) or not isinstance(came.get("do"), str):
        raise InputError("An act is an object whose 'do' names it. Send it so.")
    kind = KINDS.get(str(came["do"]))
    if kind is None:
        near = nearest(str(came["do"])[:60], KINDS) or f" We know {', '.join(sorted(KINDS))}."
        raise InputError(f"'do' names no act that we know.{near}")
    body = {name: value for name, value in came.items() if name != "do"}
    if kind is Chart:
        return _chart(body, now, key)
    if kind is Correct:
        return _correct(body, now, key)
    if kind is TakeOver:
        return _take_over(body, now)
    known_keys(body, tuple(each.name for each in fields(cast("Any", kind))), str(came["do"]))
    return ActRead(act=kind(**_fields(kind, body)))


# ── acts that bring entries ──


def _chart(body: dict[str, Json], now: datetime, key: str) -> ActRead:
    items = known_keys(body, ("items",), "chart").get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_ITEMS:
        raise InputError(f"'items' is not a list of 1 to {MOST_ITEMS} items. Send it so.")
    reading = read_items([_completed(each, now, f"{key}-{number}") for number, each in enumerate(items)], "items", now)
    entries = [each for each in reading.events if isinstance(each, FindingCharted | StatementMade | MedicationListed)]
    if others := [
        each for each in reading.events if not isinstance(each, FindingCharted | StatementMade | MedicationListed)
    ]:
        word = "retraction" if isinstance(others[0], EntryRetracted) else "dose"
        raise InputError(
            f"'items' holds a {word}. We chart findings, statements and drugs here; a {word} has its own act."
        )
    if reading.alert:
        raise InputError(" ".join(reading.alert))
    return ActRead(act=Chart(entries=tuple(entries)), not_used=reading.not_used)


def _correct(body: dict[str, Json], now: datetime, key: str) -> ActRead:
    known_keys(body, ("id", "item", "why"), "correct")
    reading = _chart({"items": [body.get("item")]}, now, key)
    entry = reading.act.entries[0] if isinstance(reading.act, Chart) else None
    if not isinstance(entry, FindingCharted):
        raise InputError("'item' is not one finding. A correction is one newer value. Send it so.")
    id, why = _text(body.get("id"), "id"), _text(body.get("why"), "why")
    return ActRead(act=Correct(id=id, entry=entry, why=why), not_used=reading.not_used)


def _take_over(body: dict[str, Json], now: datetime) -> ActRead:
    record = known_keys(body, ("record",), "take over").get("record")
    if not isinstance(record, dict):
        raise InputError("'record' is not an object. We read a FHIR R4 bundle or a batch line. Send it so.")
    reading = read_line(record, now)
    doubts = tuple(RecordDoubted(happened_at=now, recorded_at=now, why=each) for each in reading.alert)
    unused = sum(each.count for each in reading.not_used)
    taken = TakeOver(events_read=(*reading.events, *doubts), unused=unused)
    return ActRead(act=taken, not_used=reading.not_used, alert=reading.alert)


def _completed(item: Json, now: datetime, id: str) -> Json:
    """An item with an id of this act's, and the time of now where it brings neither time nor period."""
    if not isinstance(item, dict):
        return item
    timed = item if "time" in item or "period" in item else item | {"time": now.isoformat()}
    return timed if "id" in timed else timed | {"id": id}


# ── fields by their types ──


def _fields(kind: type[Act], body: dict[str, Json]) -> dict[str, Any]:
    types = get_type_hints(kind)
    missing = [each.name for each in fields(cast("Any", kind)) if each.name not in body and _needed(each)]
    if missing:
        raise InputError(f"'{name_of(kind)}' lacks {', '.join(missing)}. Send it with the act.")
    return {name: _value(value, types[name], name) for name, value in body.items()}


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _value(came: Json, hint: Any, name: str) -> Any:
    parts = get_args(hint)
    if type(None) in parts:
        return None if came is None else _value(came, next(each for each in parts if each is not type(None)), name)
    if hint in _READ:
        return _READ[hint](came, name)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enumerated(came, hint, name)
    if parts and parts[0] is str:
        return tuple(_text(each, name) for each in _list(came, name))
    raise TypeError(f"an act has a field of the type {hint}, which cannot come as JSON")


def _text(came: Json, name: str) -> str:
    """Text for people: composed, one line, without control or bidirectional characters (hazard H81)."""
    if not isinstance(came, str) or len(came) > LONGEST_WHY:
        raise InputError(f"'{name}' is not a text of at most {LONGEST_WHY:,} characters. Send it so.")
    words = came.split(" ")
    return " ".join(part for word in words if (part := clean(word) if len(word) <= 60 else _long(word)))


def _long(word: str) -> str:
    return "".join(clean(word[start : start + 60]) for start in range(0, len(word), 60))


def _whole(came: Json, name: str) -> int:
    if not isinstance(came, Decimal) or came != came.to_integral_value() or not 0 <= came <= 1000:
        raise InputError(f"'{name}' is not a whole number. Send it so.")
    return int(came)


def _decimal(came: Json, name: str) -> Decimal:
    if isinstance(came, str):
        return parse_decimal(came)
    if not isinstance(came, Decimal) or not came.is_finite():
        raise InputError(f"'{name}' is not a number. Send it as a number, or as a plain decimal in quotes.")
    return came


def _patient(came: Json, name: str) -> Patient:
    told = known_keys(came, ("family", "given", "born", "identifiers"), name)
    identifiers = tuple(_identifier(each, f"{name}.identifiers") for each in _list(told.get("identifiers"), name))
    return Patient(
        family=_text(told.get("family"), f"{name}.family"),
        given=_text(told.get("given"), f"{name}.given"),
        born=_day(told.get("born"), f"{name}.born"),
        identifiers=identifiers,
    )


def _identifier(came: Json, name: str) -> tuple[str, str]:
    told = known_keys(came, ("system", "value"), name)
    return _text(told.get("system"), f"{name}.system"), _text(told.get("value"), f"{name}.value")


def _day(came: Json, name: str) -> date:
    try:
        if isinstance(came, str) and len(came) == len("1966-05-04"):
            return date.fromisoformat(came)
    except ValueError:
        pass
    raise InputError(f"'{name}' is not a day. We read year, month and day, as 1966-05-04. Send it so.")


def _list(came: Json, name: str) -> list[Json]:
    if not isinstance(came, list) or len(came) > LONGEST_LIST:
        raise InputError(f"'{name}' is not a list of at most {LONGEST_LIST}. Send it so.")
    return came


def _enumerated(came: Json, hint: type[StrEnum], name: str) -> StrEnum:
    known = {each.value: each for each in hint}
    if not isinstance(came, str) or came not in known:
        near = nearest(came[:80], known) if isinstance(came, str) else ""
        raise InputError(f"'{name}' is none of {', '.join(known)}.{near}")
    return known[came]


_READ: Mapping[Any, Callable[[Json, str], Any]] = {
    str: _text,
    int: _whole,
    Decimal: _decimal,
    datetime: instant,
    Patient: _patient,
}
