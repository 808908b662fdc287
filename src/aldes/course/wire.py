"""Events as canonical JSON, and back: one text for one event, so that its hash means something.

A field that equals its default is not written, so a field that is added later with a default leaves every older text as
it was, and an older journal still reads. A default that was ever written by is never changed. Decimals, times and
days are texts; a value that may be a number, a flag or a code says which: `{"number": "87"}`, `true`, `"sinus"`.
"""

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache, lru_cache
from types import UnionType
from typing import Any, NoReturn, Union, cast, get_args, get_origin, get_type_hints

from aldes.course.events import AnyEvent, Event
from aldes.course.people import WardEvent
from aldes.errors import JournalError
from aldes.findings.charted import Value

Recorded = AnyEvent | WardEvent  # what any stream of a journal holds

_Json = Any  # what json.loads makes
_Write = Callable[[Any], _Json]
_Read = Callable[[_Json], Any]
_Form = tuple[_Write, _Read]

AT_ONCE = 250  # texts that are parsed together: what is read is let go of before the collector looks at it
KIND = "event"  # under this key stands the name of the event's class


def write(event: Recorded) -> str:
    """The canonical JSON of an event.

    Raises
    ------
    JournalError
        When the event holds what cannot be read back exactly: a time without a zone, a number without an end.
    """
    form = _forms().get(type(event).__name__)
    if form is None:
        _refuse(f"an event of the kind {type(event).__name__}")
    text = json.dumps(
        {KIND: type(event).__name__, **form[0](event)}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    try:
        text.encode()
    except UnicodeEncodeError:
        _refuse("text with half a character")
    return text


def read(text: str) -> Recorded:
    """The event that this text tells.

    Raises
    ------
    JournalError
        When the kind or a field is unknown, a needed field is missing, or a value has another type.
    """
    return read_all([text])[0]


def read_all(texts: Sequence[str]) -> tuple[Recorded, ...]:
    """The events that these texts tell; a long course is read at one go (hazard H89).

    Raises
    ------
    JournalError
        As `read`.
    """
    with _undisturbed():
        return tuple(
            event for start in range(0, len(texts), AT_ONCE) for event in _read(texts[start : start + AT_ONCE])
        )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No collection of garbage meanwhile: there is none, and it would look at all that was read again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read(texts: Sequence[str]) -> Iterator[Recorded]:
    try:
        told = json.loads(f"[{','.join(texts)}]")
    except ValueError:
        _refuse("a text that is no JSON")
    if len(told) != len(texts):
        _refuse("a text that is no JSON")
    try:
        yield from map(_event, told)
    except TypeError:  # a list or an object, where a cached reader wants a text
        _refuse("a value of another type than its field's")


def _event(told: _Json) -> Recorded:
    if not isinstance(told, dict):
        _refuse("a text that is no JSON object")
    kind = told.pop(KIND, None)
    form = _forms().get(kind) if isinstance(kind, str) else None
    if form is None:
        _refuse(f"an event of the kind {kind if isinstance(kind, str) and kind.isidentifier() else '?'}")
    return cast("Recorded", form[1](told))


def canonical(text: str) -> Recorded:
    """The event that this text tells, if it is the one text of that event.

    Raises
    ------
    JournalError
        As `read`, and when the same event has another canonical text: a key twice, another order, a blank.
    """
    event = read(text)
    if write(event) != text:
        _refuse(f"a {type(event).__name__} that is not in its canonical form")
    return event


def kinds() -> Mapping[str, type[Event]]:
    """Every kind of event that a journal may hold, by name: the members of the unions and what is derived of them."""
    found: dict[str, type[Event]] = {}
    waiting = [*get_args(AnyEvent), *get_args(WardEvent)]
    while waiting:
        kind = waiting.pop()
        found[kind.__name__] = kind
        waiting += filter(_is_finished, kind.__subclasses__())
    return found


def _is_finished(kind: type) -> bool:
    """Whether a class is the one of its name: a dataclass with slots leaves behind the class that it was made of."""
    return vars(sys.modules[kind.__module__]).get(kind.__name__) is kind


@cache
def _forms() -> Mapping[str, _Form]:
    return {name: _form(cast("Any", kind)) for name, kind in kinds().items()}


def _refuse(what: str) -> NoReturn:
    raise JournalError(
        f"The record cannot keep or read {what}. We take the events that this version of the program knows, each field "
        "with its type. Nothing was written; look whether a newer version wrote this record."
    )


@cache
def _form(hint: Any) -> _Form:
    """How a value of this type is written and read."""
    if hint == Value:
        return _write_value, _read_value
    if get_origin(hint) in (UnionType, Union):
        return _optional(hint)
    if get_origin(hint) is tuple:
        return _tuple(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enumerated(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    raise TypeError(f"an event has a field of the type {hint}, for which there is no wire form")


# ── plain values ──


def _exactly(kind: type) -> _Form:
    def same(value: Any) -> Any:
        if type(value) is not kind:
            _refuse(f"a {type(value).__name__} where a {kind.__name__} belongs")
        return value

    return same, same


def _write_decimal(value: Any) -> str:
    if not isinstance(value, Decimal) or not value.is_finite():
        _refuse("a number that is no finite decimal")
    return str(value)


@lru_cache(maxsize=4096)  # the same values come again and again
def _decimal(told: _Json) -> Decimal:
    try:
        value = Decimal(told) if isinstance(told, str) else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or str(value) != told:
        _refuse("a number that is no finite decimal")
    return value


def _write_time(value: Any) -> str:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        _refuse("a time without a zone")
    return value.isoformat()


@lru_cache(maxsize=4096)  # an event and its entry often tell one time three times
def _time(told: _Json) -> datetime:
    try:
        value = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        value = None
    if value is None or value.utcoffset() is None or value.isoformat() != told:
        _refuse("a time without a zone")
    return value


def _write_day(value: Any) -> str:
    if type(value) is not date:
        _refuse("a day that is none")
    return value.isoformat()


def _read_day(told: _Json) -> date:
    try:
        value = date.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        value = None
    if value is None or value.isoformat() != told:
        _refuse("a day that is none")
    return value


_PLAIN: Mapping[Any, _Form] = {
    str: _exactly(str),
    int: _exactly(int),
    bool: _exactly(bool),
    Decimal: (_write_decimal, _decimal),
    datetime: (_write_time, _time),
    date: (_write_day, _read_day),
}


def _write_value(value: Any) -> _Json:
    if isinstance(value, Decimal):
        return {"number": _write_decimal(value)}
    if type(value) not in (bool, str):
        _refuse(f"a {type(value).__name__} as a charted value")
    return value


def _read_value(told: _Json) -> Value:
    if type(told) is dict:
        is_number = len(told) == 1 and "number" in told
        return _decimal(told["number"]) if is_number else _refuse("a charted value that is none")
    if not isinstance(told, bool | str):
        _refuse("a charted value that is none")
    return told


# ── what is made of others ──


def _optional(hint: Any) -> _Form:
    write_it, read_it = _form(_without_none(hint))
    return (
        lambda value: None if value is None else write_it(value),
        lambda told: None if told is None else read_it(told),
    )


def _without_none(hint: Any) -> Any:
    parts = set(get_args(hint)) - {type(None)}
    inner = next(iter(parts)) if len(parts) == 1 else Value
    if inner is Value and parts != set(get_args(Value)):
        raise TypeError(f"an event has a field of the type {hint}, for which there is no wire form")
    return inner


def _tuple(hint: Any) -> _Form:
    parts = get_args(hint)
    if parts[-1] is Ellipsis:
        write_it, read_it = _form(parts[0])
        return (
            lambda value: [write_it(each) for each in _of(tuple, value)],
            lambda told: tuple(read_it(each) for each in _of(list, told)),
        )
    forms = [_form(part) for part in parts]

    def paired(values: Any, kind: type) -> Any:
        if len(_of(kind, values)) != len(forms):
            _refuse(f"a list of {len(values)} where {len(forms)} belong together")
        return zip(forms, values, strict=True)

    return (
        lambda value: [form[0](each) for form, each in paired(value, tuple)],
        lambda told: tuple(form[1](each) for form, each in paired(told, list)),
    )


def _of(kind: type, value: Any) -> Any:
    return value if isinstance(value, kind) else _refuse(f"a {type(value).__name__} where a list belongs")


def _enumerated(hint: type[StrEnum]) -> _Form:
    known = {each.value: each for each in hint}

    def write_it(value: Any) -> str:
        return value.value if isinstance(value, hint) else _refuse(f"a word that is no {hint.__name__}")

    def read_it(told: _Json) -> StrEnum:
        found = known.get(told) if isinstance(told, str) else None
        return found if found is not None else _refuse(f"a word that is no {hint.__name__}")

    return write_it, read_it


def _dataclass(hint: Any) -> _Form:
    """Fields by name; one that equals its default is left out."""
    types = get_type_hints(hint)
    parts = [(each.name, each.default, *_field_form(types[each.name], each.default)) for each in fields(hint)]
    if any(each.default_factory is not MISSING for each in fields(hint)) or hasattr(hint, "__post_init__"):
        raise TypeError(f"{hint.__name__} makes more of its fields than they are, and the wire form knows only values")

    def write_it(value: Any) -> _Json:
        if type(value) is not hint:
            _refuse(f"a {type(value).__name__} where a {hint.__name__} belongs")
        told = {}
        for name, default, write_field, _ in parts:
            field = getattr(value, name)
            if type(field) is not type(default) or field != default:
                told[name] = write_field(field)
        return told

    shape = _shapes(hint, {name: read_it for name, _, _, read_it in parts})
    make = object.__new__

    def read_it(told: _Json) -> Any:
        if not isinstance(told, dict):
            _refuse(f"what is no {hint.__name__}")
        present, absent = shape(tuple(told))
        made = make(hint)  # as its __init__ makes it, which costs twice as much for one field after the other
        for (put, read_field), value in zip(present, told.values(), strict=True):
            if read_field is None:  # a plain text, of which an event has most: looked at here, without a call
                put(made, value if type(value) is str else _refuse("what is no text where one belongs"))
            else:
                put(made, read_field(value))
        for put, default in absent:
            put(made, default)
        return made

    return write_it, read_it


def _field_form(hint: Any, default: Any) -> _Form:
    """As the type says; where None is the default it is never written, so it is never read either."""
    write_it, read_it = _form(hint)
    if default is None:
        read_it = _form(_without_none(hint))[1]
    return write_it, read_it


_Put = Callable[[Any, Any], None]  # sets one field of a value that is being made
_Shape = tuple[Sequence[tuple[_Put, _Read | None]], Sequence[tuple[_Put, Any]]]


def _shapes(hint: Any, readers: Mapping[str, _Read]) -> Callable[[tuple[str, ...]], _Shape]:
    """How the fields that are told are read, and which defaults stand for the others; there are few such shapes."""
    puts = {each.name: getattr(hint, each.name).__set__ for each in fields(hint)}
    defaults = {each.name: each.default for each in fields(hint)}

    @lru_cache(maxsize=256)
    def shape(told: tuple[str, ...]) -> _Shape:
        if not readers.keys() >= set(told):
            _refuse(f"a field of a {hint.__name__} that we do not know")
        absent = [(puts[name], default) for name, default in defaults.items() if name not in told]
        if missing := sorted(name for name, default in defaults.items() if name not in told and default is MISSING):
            _refuse(f"a {hint.__name__} without {', '.join(missing)}")
        plain = _PLAIN[str][1]
        return [(puts[name], None if readers[name] is plain else readers[name]) for name in told], absent

    return shape
