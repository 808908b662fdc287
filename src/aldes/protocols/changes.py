"""What a hospital changed: the difference between the printed protocol and the one that its patients are asked by.

A row that a site replaces keeps its id, so that a reader who knows the printed row would take the changed one for it.
Every surface therefore lists the changes, with what stood there before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from aldes.evidence.source import Citation
from aldes.protocols.row import Protocol
from aldes.questions import tree

_NAMES = {"text": "asks", "resume_text": "resumes", "not_if_text": "not if", "only_if_text": "only if"}
_OTHERWISE = {"id", "finding", "max_age"}  # an age is told among the settings
# Told by the text they were read from; a constant is a setting that the site made or did not make.
_QUESTIONS = (tree.And, tree.Or, tree.Not, tree.Compare, tree.In, tree.Flag, tree.Constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """One field of a row, as it was printed and as it is asked."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row that is not as printed: replaced, added, removed, signed or confirmed."""

    row: str
    change: str
    words: str
    fields: tuple[Altered, ...] = ()

    @property
    def line(self) -> str:
        """The change in one line for a page."""
        told = "; ".join(f"{each.field} {each.before or '(none)'} → {each.after or '(none)'}" for each in self.fields)
        return f"{self.row} {self.change}: {told or self.words}"


def changes(printed: Protocol, asked: Protocol) -> tuple[Change, ...]:
    """Everything in which `asked` differs from `printed`: rows of every kind, counting rules, what is required."""
    before, after = _parts(printed), _parts(asked)
    found = [_change(name, before.get(name), after.get(name)) for name in dict.fromkeys([*before, *after])]
    return tuple(change for change in (*found, _counting(printed, asked)) if change is not None)


def _parts(protocol: Protocol) -> dict[str, Any]:
    parts: dict[str, Any] = {row.id: row for row in protocol.every_row()}
    for row in protocol.rows_before():
        parts[f"{row.id} before a course" if row.id in parts else row.id] = row
    parts |= {count.id: count for count in protocol.counts}
    parts |= {f"required {name}": each for name, each in protocol.required.items()}
    parts |= {f"not covered {each.topic}": each for each in protocol.not_covered}
    return parts | {"dose": protocol.dose, "preparation": protocol.preparation}


def _change(name: str, before: Any, after: Any) -> Change | None:
    if before is None and after is None:
        return None
    if after is None:
        return Change(row=name, change="removed", words=_words(before))
    if before is None:
        told = tuple(each for each in _told(after).items() if each[0] in ("asks", "resumes"))
        return Change(
            row=name,
            change="added",
            words=_words(after),
            fields=tuple(Altered(field=field, before="", after=text) for field, text in told if text),
        )
    altered = tuple(_altered(_told(before), _told(after)))
    return Change(row=name, change=_how(altered), words=_words(after), fields=altered) if altered else None


def _counting(printed: Protocol, asked: Protocol) -> Change | None:
    """A file of its own may settle the counting rule; a site's choice stands among the settings."""
    if asked.counting_needed or asked.counting == printed.counting:
        return None
    rule = Altered(field="rule", before=printed.counting or "", after=asked.counting or "")
    return Change(row="counting", change="replaced", words="the counting rule in force", fields=(rule,))


def _how(altered: tuple[Altered, ...]) -> str:
    """A signature and a confirmed threshold change no limit; everything else replaces what was printed."""
    names = {each.field for each in altered}
    if names <= {"signed", "status"} and any(each.field == "signed" and each.after for each in altered):
        return "signed"
    return "confirmed" if names == {"confirmed"} else "replaced"


def _altered(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Altered]:
    for field in dict.fromkeys([*before, *after]):
        if before.get(field, "") != after.get(field, ""):
            yield Altered(field=field, before=before.get(field, ""), after=after.get(field, ""))


def _told(part: Any) -> dict[str, str]:
    """The fields of a row as text."""
    found = {each.name: getattr(part, each.name) for each in fields(part) if each.name not in _OTHERWISE}
    return {_NAMES.get(name, name): _text(value) for name, value in found.items() if not isinstance(value, _QUESTIONS)}


def _words(part: Any) -> str:
    return str(getattr(part, "words", "") or getattr(part, "reason", ""))


def _text(value: Any) -> str:
    match value:
        case None | "":
            return ""
        case Enum():
            return str(value.value)
        case str() | int() | Decimal() | Citation() | timedelta():
            return str(value)
        case tuple():
            return ", ".join(map(_text, value))
    if is_dataclass(value):
        return "; ".join(f"{name} {text}" for name, text in _told(value).items() if text)
    return str(value)


def settings(protocol: Protocol) -> dict[str, str]:
    """What the site settled, by name: its settings as it wrote them, then how old each measurement may be, in hours."""
    ages = {name: each.max_age for name, each in protocol.required.items() if each.max_age is not None}
    hours = {f"max_age_h.{name}": f"{age / timedelta(hours=1):g}" for name, age in ages.items()}
    return {**protocol.settings, **hours}
