"""Read the ladders of a version, and refuse a file with a gap, a wrong direction or a word that cannot be right."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.findings.convert import convert
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind
from aldes.protocols.fields import Fields, known_keys, tables
from aldes.protocols.row import Status
from aldes.questions.answer import UNKNOWN
from aldes.questions.signs import BOTH, signs
from aldes.questions.tree import And, Constant, Flag, In, Known, Name, Not, Or, Question
from aldes.toxicity.ctcae.ladder import HIGHEST, LOWEST, Criteria, Ladder, Removed, Rung

VERSIONS = ("5.0", "6.0")
UNITS = ("conventional", "si")
DEATH = 5
_GRADES = range(LOWEST, HIGHEST + 1)
_KEYS = {"id", "name", "term", "by", "meddra", "judged", "source", "status", "note", "absent", "instead_if"}
_CONVERTED = re.compile(r"\{([0-9.]+) (\S+) (\w+)\}")
_CONTRADICTION = "grade 5 is charted, and the record does not say that the patient has died"


@cache
def read(version: str = "5.0", units: str = "conventional") -> Criteria:
    """The criteria of a version; "si" takes the limits that it prints in mmol/L.

    Raises
    ------
    ProtocolError
        For another version, or naming file, term and fault.
    """
    for word, known, what in ((version, VERSIONS, "version of CTCAE"), (units, UNITS, "set of CTCAE units")):
        if word not in known:
            raise ProtocolError(f"'{word}' is no {what} here; there are {' and '.join(known)}.{nearest(word, known)}")
    names = ["ctcae-5.0", *["ctcae-si"] * (units == "si"), *["ctcae-6.0"] * (version == "6.0")]
    return parse([(name, _text(name)) for name in names], version, units)


def parse(layers: list[tuple[str, str]], version: str, units: str = "conventional") -> Criteria:
    """The criteria from TOML texts, each laid over the one before by the terms' ids.

    Raises
    ------
    ProtocolError
        Naming file, term and fault.
    """
    ladders: dict[str, Ladder] = {}
    removed: list[Removed] = []
    for file, text in layers:
        table = _loaded(file, text)
        known_keys(table, {"version", "term", "removed"}, f"{file}: ")
        for entry in tables(table, "removed", file):
            fields = Fields(entry, f"{file}: removed {entry.get('id', '?')}: ", {})
            fields.known({"id", "why"})
            gone = ladders.pop(fields.text("id"), None)
            if gone is None:
                raise ProtocolError(f"{fields.where}this id is no term of it.{nearest(fields.text('id'), ladders)}")
            removed.append(Removed(id=gone.id, name=gone.name, term=gone.words, why=fields.text("why")))
        seen: set[str] = set()
        for entry in tables(table, "term", file):
            ladder = _ladder(entry, f"{file}: term {entry.get('id', '?')}: ")
            if ladder.id in seen:
                raise ProtocolError(f"{file}: term {ladder.id}: this id stands twice; each term needs its own.")
            seen.add(ladder.id)
            ladders[ladder.id] = ladder
    return Criteria(version=version, units=units, ladders=tuple(ladders.values()), removed=tuple(removed))


def _text(name: str) -> str:
    return files("aldes.toxicity.ctcae").joinpath("criteria", f"{name}.toml").read_text(encoding="utf-8")


def _loaded(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ProtocolError(f"{file}: it is not TOML: {fault}.") from None


def _ladder(table: Mapping[str, Any], where: str) -> Ladder:
    fields = Fields(table, where, {})
    fields.known(_KEYS | {str(grade) for grade in _GRADES})
    judged = fields.optional("judged") or f"grade_{fields.text('name')}"
    absent = _absent(fields, judged)
    condition = _question(fields, "instead_if")
    rungs = tuple(_rung(fields, grade, judged, condition) for grade in _GRADES if grade not in absent)
    _check_direction(rungs, where)
    return Ladder(
        id=fields.text("id"),
        name=fields.text("name"),
        term=fields.text("term"),
        by=fields.optional("by"),
        meddra=str(fields.whole("meddra", 99_999_999)),
        judged=judged,
        source=fields.citation(),
        status=fields.choice(Status, "status"),
        note=fields.optional("note"),
        instead_if=fields.predicate("instead_if"),
        rungs=rungs,
        absent=absent,
    )


def _absent(fields: Fields, judged: str) -> tuple[int, ...]:
    """The grades that do not exist: each grade is said to be absent, or stands with its words."""
    absent = tuple(fields.table.get("absent", ()))
    if any(type(each) is not int or each not in _GRADES for each in absent):
        raise ProtocolError(f"{fields.where}absent must be a list of grades from {LOWEST} to {HIGHEST}.")
    written = {grade for grade in _GRADES if str(grade) in fields.table}
    for grade in set(_GRADES) - {DEATH}:
        if (grade in absent) is (grade in written):
            raise ProtocolError(f"{fields.where}grade {grade} must either stand with its words or be named as absent.")
    if DEATH in written:
        raise ProtocolError(f"{fields.where}grade {DEATH} is death related to it and is not written out; remove it.")
    finding = vocabulary().findings.get(judged)
    if finding is None or finding.kind is not Kind.CODE:
        known = [name for name in vocabulary().findings if name.startswith("grade_")]
        raise ProtocolError(f"{fields.where}'{judged}' is no judged grade of the vocabulary.{nearest(judged, known)}")
    if missing := [grade for grade in (written | {DEATH}) - set(absent) if str(grade) not in finding.codes]:
        raise ProtocolError(f"{fields.where}'{judged}' has no code for grade {missing[0]}; add it.")
    return absent


def _rung(fields: Fields, grade: int, judged: str, condition: Question | None) -> Rung:
    """The question is yes where a clinician charted this grade or a higher one, whatever the numbers say."""
    at_least = _judged(judged, grade)
    if grade == DEATH:
        return Rung(grade=grade, words="death related to it", text="", question=_death(at_least))
    rung = Fields(fields.table[str(grade)], f"{fields.where}grade {grade}: ", {})
    rung.known({"words", "ask", "instead"})
    asked, instead = _question(rung, "ask"), _question(rung, "instead")
    if (instead is not None) and (condition is None or asked is None):
        raise ProtocolError(f"{rung.where}'instead' needs 'ask' beside it, and the term's 'instead_if'.")
    return Rung(
        grade=grade,
        words=rung.text("words"),
        text=rung.predicate("ask"),
        instead=rung.predicate("instead"),
        question=at_least if asked is None else Or((Known(at_least), *_either(asked, instead, condition))),
    )


def _judged(judged: str, grade: int) -> In:
    codes = tuple(code for code in vocabulary()[judged].codes if int(code) >= grade)
    return In(Name(judged), codes)


def _death(judged: In) -> Question:
    """Only of a patient who has died; a grade 5 of a living one contradicts the record and is unknown."""
    doubt = And((Known(judged), Constant(UNKNOWN, _CONTRADICTION)))
    return Or((And((Flag(Name("deceased")), judged)), doubt))


def _either(asked: Question, instead: Question | None, condition: Question | None) -> Iterator[Question]:
    """Which of the two is asked follows from the condition; where that is unknown, both together still answer."""
    if instead is None or condition is None:
        yield asked
        return
    yield And((Not(condition), asked))
    yield And((condition, instead))
    yield And((asked, instead))


def _question(fields: Fields, key: str) -> Question | None:
    if key not in fields.table:
        return None
    text = _CONVERTED.sub(_limit, fields.predicate(key))
    return Fields({key: text}, fields.where, {}).question(key, worse=None)


def _limit(found: re.Match[str]) -> str:
    """A limit printed in another unit, brought into the finding's own as a value of the patient would be."""
    value, unit, finding = found.groups()
    return str(convert(Decimal(value), unit, vocabulary()[finding]))


def _check_direction(rungs: tuple[Rung, ...], where: str) -> None:
    """Each measurement moves every grade one way: a ladder that could fall as its value becomes worse is refused."""
    ways: dict[str, int] = {}
    for rung in rungs:
        for name, sign in _measured_signs(rung.question):
            if sign is BOTH or ways.setdefault(name, sign) != sign:
                raise ProtocolError(f"{where}grade {rung.grade}: '{name}' moves the grade both ways; turn one round.")


def _measured_signs(question: Question) -> Iterator[tuple[str, int]]:
    """Of current values and judged grades; a baseline or limit stands on both sides, a condition only chooses."""
    for name, sign in signs(question, vocabulary()):
        finding = vocabulary()[name]
        settled = finding.derived is not None and finding.derived.op in ("baseline", "limit_low", "limit_high")
        if not settled and finding.kind is not Kind.FLAG:
            yield name, sign
