"""Any frozen value as a table or a card: a new kind of block gets its place in the manual from its fields alone."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from aldes.errors import ProtocolError
from aldes.evidence.register import cite
from aldes.evidence.source import Citation
from aldes.findings.read import vocabulary
from aldes.numbers import number
from aldes.questions.tree import Question
from aldes.questions.words import in_words
from aldes.units import UNITS
from manual.asking import citation, finding, in_full, linked
from manual.page import Card, Cell, Line, Mark, Table, lines, run, several
from manual.status import MARKS

LAST = ("source", "status", "signed", "topics")  # where it stands comes after what it says
UNFILLED = {"confirmed": "off until the site confirms the limit and its units"}  # what an empty field means
WORDS = {  # what a word in a field means, where the word alone does not say it
    "often": {
        "hours": "",  # the hours stand beside it
        "shift": "once a shift",
        "day": "once a day",
        "dose": "before each dose",
        "cycle": "once, before the first dose of the cycle",
        "course": "once, before the first dose of the course",
        "event": "once, when it is so",
        "unset": "the source gives no interval; the site does",
    },
    "type": {"A": "excludes", "R": "cautions", "T": "must be known", "N": "shown, never decides"},
}
LABELS = {
    "question": "asks",
    "often": "how often",
    "atc": "ATC classes",
    "before_days": "before the first dose, up to",
    "after_days": "after the last dose, up to",
    "recheck_min": "look again after",
    "judged_by": "judged by",
    "tests": "must be known",
    "also": "also said by",
    "cycle2": "before cycle 2",
    "from_dose": "asked from dose",
    "not_if": "but not if",
    "only_if": "only if",
    "resume_by": "judged by",
    "max_age": "at most how old",
    "of": "counts",
    "id": "id",
}


UNITS_IN_NAMES = {"h": "h", "min": "min", "days": "days", "ml": "mL", "kg": "kg"}  # units go last in a field's name
NAMED = ("finding", "findings", "of", "drug", "tests")  # fields that hold names of findings


def label(name: str) -> str:
    """A field's name as a reader sees it; a unit in it goes to the values."""
    words, _, unit = name.rpartition("_")
    return LABELS.get(name, (words if words and unit in UNITS_IN_NAMES else name).replace("_", " "))


def card(block: Any, protocol: str, kind: str, *, without: Sequence[str] = ()) -> Card:
    """A block with an id: its words above, then each field that is filled in."""
    filled = [each for each in cells(block, protocol) if each[0] not in {"id", "words", "name", *without}]
    entries = [(label(key), found) for key, found in sorted(filled, key=lambda each: each[0] in LAST)]
    title = str(getattr(block, "words", "") or block.id)
    return Card(id=block.id, title=title, label=kind, entries=tuple(entries))


def table(items: Sequence[Any], caption: str, protocol: str = "", *, without: Sequence[str] = ()) -> Table:
    """One line for each value, one column for each field that is filled in somewhere."""
    filled = [dict(cells(each, protocol)) for each in items]
    names = [each.name for each in fields(items[0]) if any(each.name in line for line in filled)]
    heads = sorted((name for name in names if name not in without), key=lambda name: name in LAST)
    body = tuple(Line(cells=tuple(line.get(head, "") for head in heads)) for line in filled)
    return Table(caption=caption, heads=tuple(label(head) for head in heads), lines=body)


def cells(block: Any, protocol: str) -> list[tuple[str, Cell]]:
    """The fields of a value that are filled in; a question is read in words, and its text as written is left out."""
    names = {each.name for each in fields(block)}
    found = []
    for each in fields(block):
        if each.name == "text" or each.name.removesuffix("_text") in names - {each.name}:
            continue
        held = getattr(block, each.name)
        text = getattr(block, f"{each.name}_text", getattr(block, "text", "") if each.name == "question" else "")
        if shown := cell(held, protocol, text=text, name=each.name) or UNFILLED.get(each.name, ""):
            found.append((each.name, shown))
    return found


def cell(held: Any, protocol: str = "", *, text: str = "", name: str = "") -> Cell:
    """One value as a reader sees it; what is empty is an empty text."""
    if isinstance(held, Question):
        return in_full(held, text, protocol) if protocol else in_words(held, vocabulary())
    match held:
        case None | "" | () | []:
            return ""
        case bool():
            return "yes" if held else "no"
        case Citation():
            return citation(held)
        case timedelta():
            return f"{number(Decimal(held // timedelta(seconds=1)) / 3600)} h"
        case Enum():
            word = str(held.value)
            return Mark(word) if name == "status" and word in MARKS else WORDS.get(name, {}).get(word, word)
        case int() | Decimal() | float():
            return _with_unit(held, name)
        case str():
            return _word(held, name)
        case (Decimal() as low, Decimal() as high):
            return _with_unit(low, name) if low == high else f"{_plain(low)} to {_with_unit(high, name)}"
        case Mapping():
            return lines(*(_pair(key, each, protocol) for key, each in held.items()))
        case tuple() | list() | frozenset() | set():
            parts = sorted(held) if isinstance(held, frozenset | set) else held
            return several([cell(each, protocol, name=name) for each in parts])
    if is_dataclass(held):
        return lines(*(run(f"{label(key)}: ", each) for key, each in cells(held, protocol)))
    return str(held)


def _plain(held: int | Decimal | float) -> str:
    return number(Decimal(repr(held)) if isinstance(held, float) else Decimal(held))


def _with_unit(held: int | Decimal | float, name: str) -> str:
    unit = UNITS_IN_NAMES.get(name.rpartition("_")[2], "") if "_" in name else ""
    return f"{_plain(held)} {unit}".strip()


def _word(held: str, name: str) -> Cell:
    if name in NAMED and held in vocabulary().findings:
        return finding(held)
    if name == "source":
        return _cited(held)
    if name == "status" and held in MARKS:
        return Mark(held)
    return UNITS[held].words if name == "unit" and held in UNITS else linked(held)


def _cited(held: str) -> Cell:
    """A source as a data file writes it; a reading of ours names no source of the register."""
    try:
        return citation(cite(held))
    except ProtocolError:
        return held


def _pair(key: Any, held: Any, protocol: str) -> Cell:
    return run(f"{key}: ", cell(held, protocol))
