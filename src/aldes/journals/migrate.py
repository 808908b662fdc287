"""Bring a store's tables to this version, forward only, inside one transaction of the caller's (hazard H66)."""

from collections.abc import Mapping, Sequence

from aldes import __version__
from aldes.course.keeping import Kind
from aldes.errors import JournalError
from aldes.journals import record
from aldes.journals.ask import Ask
from aldes.journals.fence import numbers, ours
from aldes.journals.schema import Step


def migrated(ask: Ask, schema: Sequence[Step], kind: Kind, known: bool) -> Mapping[str, str]:
    """What the record says of itself once its tables are there; `known` says whether they were there before.

    Raises
    ------
    JournalError
        When the record is of the other kind, or a newer program's tables are there.
    """
    newest = schema[-1].number
    if not known:
        _apply(ask, schema)
        record.found(ask, kind, newest)
        return record.about(ask)
    told = record.about(ask)
    _refuse_newer_schema(told, newest)
    _refuse_other_kind(told, kind)
    _apply(ask, [step for step in schema if step.number > int(told["schema"])])
    if numbers(told["engine"]) <= ours():
        _raise_fence(ask, told, newest)
    return record.about(ask)


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
