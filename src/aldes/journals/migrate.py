"""Begin with a store: make its tables, bring them up to this version (hazard H66), fill it, or only look at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aldes import __version__
from aldes.course.keeping import Kind
from aldes.errors import JournalError, NoRecordError
from aldes.journals import record
from aldes.journals.ask import Ask
from aldes.journals.fence import numbers, ours
from aldes.journals.schema import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Change nothing: the record is there, of whichever kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """The store is new and takes over what another record holds."""

    contents: record.Contents
    why: str  # the words of the new epoch


Begin = Kind | Look | Fill  # of a kind: the record is opened for work, and created where it is not there


def begun(ask: Ask, schema: Sequence[Step], begin: Begin, known: bool) -> Mapping[str, str]:
    """What the record says of itself; inside one transaction of the caller's. `known`: its tables were there before.

    Raises
    ------
    JournalError
        When the record is of the other kind, a newer program's tables are there, or it is not there to be looked at.
    """
    match begin:
        case Look():
            return _looked_at(ask, schema, known)
        case Fill(contents=contents, why=why):
            _refuse_known(known)
            _apply(ask, schema)
            record.fill(ask, contents, schema[-1].number, why)
        case Kind() if known:
            _bring_up(ask, schema, begin)
        case Kind():
            _apply(ask, schema)
            record.found(ask, begin, schema[-1].number)
    return record.about(ask)


def _bring_up(ask: Ask, schema: Sequence[Step], kind: Kind) -> None:
    told = record.about(ask)
    _refuse_newer_schema(told, schema[-1].number)
    _refuse_other_kind(told, kind)
    _apply(ask, [step for step in schema if step.number > int(told["schema"])])
    if numbers(told["engine"]) <= ours():
        _raise_fence(ask, told, schema[-1].number)


def _looked_at(ask: Ask, schema: Sequence[Step], known: bool) -> Mapping[str, str]:
    if not known:
        raise NoRecordError("There is no record. Name one that was created before.")
    told = record.about(ask)
    _refuse_newer_schema(told, schema[-1].number)
    if int(told["schema"]) < schema[-1].number:
        raise JournalError(f"The record has the older schema {told['schema']}. Open it once for work, then look at it.")
    return told


def _refuse_known(known: bool) -> None:
    if known:
        raise JournalError("There is a record already. Name a place that is empty; nothing was written.")


def _apply(ask: Ask, missing: Sequence[Step]) -> None:
    for step in missing:
        ask(step.sql)


def _raise_fence(ask: Ask, told: Mapping[str, str], schema: int) -> None:
    """From now on no older program writes here (hazard H90)."""
    for name, value in (("schema", str(schema)), ("engine", __version__)):
        if told[name] != value:
            record.set_about(ask, name, value)


def _refuse_newer_schema(told: Mapping[str, str], schema: int) -> None:
    """Tables that this program does not know are not read either: it could misread them."""
    if int(told["schema"]) > schema:
        raise JournalError(
            f"The record has schema {told['schema']}, written by version {told['engine']} of the program; this one "
            f"({__version__}) knows schemas up to {schema}. Start the newer version."
        )


def _refuse_other_kind(told: Mapping[str, str], kind: Kind) -> None:
    """A store keeps the kind that it was created with (hazard H87)."""
    if told["kind"] != kind:
        raise JournalError(
            f"This is a {told['kind']} record, and a {kind} one was asked for. Name the right one; nothing was written."
        )
