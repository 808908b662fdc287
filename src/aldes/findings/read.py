"""Read the vocabulary files into findings, and refuse it when a word in it cannot be right."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.findings.fields import Fields
from aldes.findings.formula import names_in
from aldes.findings.vocabulary import Derivation, Finding, Group, Kind, Vocabulary, Worse
from aldes.units import UNITS

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ICD10 = ("http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm")  # of conditions only
OWN = "urn:aldes:finding"  # findings and statements that no public code system names

OPS = (
    "baseline",
    "min",
    "max",
    "sum",
    "change",
    "hours_while",
    "count",
    "limit_low",
    "limit_high",
    "formula",
)
LONGEST_WINDOW_H = 10_000  # our policy: beyond any course
_TABLES = ("finding", "course", "derived")
_ANCHORS = ("cycle", "course")
_SINCE = ("last_dose", "cycle")
_AGAINST = ("last_dose", "previous", "peak")
_EPISODES = ("current", "longest")
_OF_ANYTHING = ("hours_while", "count")
_ARGUMENTS = {
    "baseline": ("of", "anchor"),
    "min": ("of", "since", "window_h"),
    "max": ("of", "since", "window_h"),
    "sum": ("of", "window_h"),
    "change": ("of", "against"),
    "hours_while": ("of", "episode"),
    "count": ("of", "since"),
    "limit_low": ("of", "anchor"),
    "limit_high": ("of", "anchor"),
    "formula": ("formula", "unit", "worse"),
}


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with the program."""
    return parse(text(), "vocabulary")


def text() -> str:
    """The files of the vocabulary, one after the other."""
    terms = sorted(each.name for each in files("aldes.findings").joinpath("terms").iterdir())
    return "\n".join(
        files("aldes.findings").joinpath("terms", name).read_text(encoding="utf-8")
        for name in terms
        if name.endswith(".toml")
    )


def parse(text: str, file: str) -> Vocabulary:
    """A vocabulary from TOML text.

    Raises
    ------
    ProtocolError
        Naming file, finding, fault and the nearest right word, in one line.
    """
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        raise ProtocolError(f"{file}: it is not TOML: {fault}.") from None
    for key in data:
        if key not in _TABLES:
            raise ProtocolError(f"{file}: '{key[:60]}' is no table of it.{nearest(key[:60], _TABLES)}")
    found: dict[str, Finding] = {}
    for fields in _tables(data, "finding", file):
        _add(found, _measured(fields), file)
    for fields in _tables(data, "course", file):
        _add(found, _course(fields), file)
    for fields in _tables(data, "derived", file):
        _add(found, _derived(fields, found), file)
    return Vocabulary(found, _codes(found.values(), file))


def _tables(data: Mapping[str, Any], sort: str, file: str) -> list[Fields]:
    tables = data.get(sort, [])
    return [Fields(each, sort, file) for each in (tables if isinstance(tables, list) else [tables])]


def _add(found: dict[str, Finding], finding: Finding, file: str) -> None:
    if finding.name in found:
        raise ProtocolError(f"{file}: finding '{finding.name}' is defined twice; keep one.")
    found[finding.name] = finding


def _measured(fields: Fields) -> Finding:
    fields.only([key for key in Finding.__dataclass_fields__ if key != "derived"])
    finding = Finding(
        name=fields.name(),
        words=fields.text("words"),
        kind=fields.choice(Kind, "kind"),
        group=fields.choice(Group, "group"),
        worse=fields.choice(Worse, "worse"),
        unit=fields.text("unit", ""),
        units=fields.texts("units"),
        molar=fields.number("molar"),
        loinc=fields.texts("loinc"),
        snomed=fields.texts("snomed"),
        icd10=fields.texts("icd10"),
        atc=fields.texts("atc"),
        survivable=fields.range("survivable"),
        codes=fields.texts("codes"),
        system=fields.text("system", ""),
        absent=fields.number("absent"),
        topic=fields.text("topic", ""),
        grave=fields.flag("grave"),
        qualifier=fields.flag("qualifier"),
        source=fields.text("source", ""),
    )
    _check(finding, fields)
    return finding


def _check(finding: Finding, fields: Fields) -> None:
    numeric, flag = finding.kind is Kind.NUMBER, finding.kind is Kind.FLAG
    faults = {
        "a fact of the course is written as [[course]]": finding.group is Group.COURSE,
        "a number needs a unit and a survivable range": numeric and not (finding.unit and finding.survivable),
        "its own unit must be among the accepted units": bool(finding.unit) and finding.unit not in finding.units,
        "only a number has units, a survivable range, a molar factor or a number for none": not numeric
        and bool(finding.units or finding.survivable or finding.molar or finding.absent is not None),
        "a molar factor must be above zero": finding.molar is not None and finding.molar <= 0,
        "a number is worse low, high or none": numeric and finding.worse in (Worse.TRUE, Worse.FALSE),
        "a flag is worse when true, when false, or none": flag and finding.worse in (Worse.LOW, Worse.HIGH),
        "a code needs its codes, best first, and is worse high, or none": finding.kind is Kind.CODE
        and not (finding.codes and finding.worse in (Worse.HIGH, Worse.NONE)),
        "only a code has codes": finding.kind is not Kind.CODE and bool(finding.codes),
        "only a flag of the history is said by drugs": bool(finding.atc)
        and not (flag and finding.group is Group.HISTORY),
    }
    for fault, present in faults.items():
        if present:
            raise fields.fault(f"{fault}.")
    for unit in finding.units:
        if unit not in UNITS:
            raise fields.fault(f"'{unit}' is no unit of our table.{nearest(unit, UNITS)}")


def _course(fields: Fields) -> Finding:
    fields.only(("name", "words", "kind", "unit"))
    kind = fields.choice(Kind, "kind", Kind.NUMBER)
    if kind is Kind.CODE:
        raise fields.fault("a fact of the course is a number or a flag.")
    return Finding(
        name=fields.name(),
        words=fields.text("words"),
        kind=kind,
        group=Group.COURSE,
        worse=Worse.TRUE if kind is Kind.FLAG else Worse.NONE,
        unit=fields.text("unit", ""),
    )


def _derived(fields: Fields, found: Mapping[str, Finding]) -> Finding:
    name, op = fields.name(), fields.text("op")
    if op not in OPS:
        raise fields.fault(f"'{op[:60]}' is no op.{nearest(op[:60], OPS)}")
    of = found[_inputs(fields, op, found)[0]]
    fields.only(("name", "words", "op", *_ARGUMENTS[op]))
    return Finding(
        name=name,
        words=fields.text("words"),
        kind=Kind.NUMBER,
        group=of.group,
        worse=_derived_worse(op, fields, of),
        unit=_derived_unit(op, fields, of),
        system=of.system,
        topic=of.topic,
        derived=Derivation(
            op=op,
            of="" if op == "formula" else of.name,
            anchor=_said(fields, "anchor", _ANCHORS),
            since=_said(fields, "since", _ANCHORS if op == "count" else _SINCE),
            window_h=_window(fields),
            against=_said(fields, "against", _AGAINST),
            episode=_said(fields, "episode", _EPISODES),
            formula=fields.text("formula") if op == "formula" else "",
        ),
    )


def _inputs(fields: Fields, op: str, found: Mapping[str, Finding]) -> tuple[str, ...]:
    """The findings that it is derived from, each defined before it."""
    try:
        inputs = names_in(fields.text("formula")) if op == "formula" else (fields.text("of", ""),)
    except ProtocolError as fault:
        message = str(fault)
        raise (fault if message.startswith(fields.after) else fields.fault(message)) from None
    if not inputs:
        raise fields.fault("its formula asks no finding.")
    for each in inputs:
        if each not in found:
            raise ProtocolError(f"{fields.where} asks '{each}', which is no finding.{nearest(each, found)}")
        if found[each].kind is not Kind.NUMBER and op not in _OF_ANYTHING:
            raise fields.fault(f"'{each}' is no number, and {op} needs one; {' and '.join(_OF_ANYTHING)} do not.")
    return inputs


def _said(fields: Fields, key: str, known: tuple[str, ...]) -> str:
    return fields.one_of(known, key) if key in fields.table else ""


def _window(fields: Fields) -> Decimal | None:
    hours = fields.number("window_h")
    if hours is not None and not 0 < hours <= LONGEST_WINDOW_H:
        raise fields.fault(f"'window_h' must be above 0 and at most {LONGEST_WINDOW_H} hours.")
    return hours


def _derived_worse(op: str, fields: Fields, of: Finding) -> Worse:
    """A current value keeps its direction, a baseline or reference limit has none, more hours and counts are worse."""
    if op == "formula":
        return fields.choice(Worse, "worse")
    if op in ("baseline", "limit_low", "limit_high"):
        return Worse.NONE
    return Worse.HIGH if op in ("hours_while", "count") else of.worse


def _derived_unit(op: str, fields: Fields, of: Finding) -> str:
    if op == "formula":
        return fields.text("unit", "")
    return {"hours_while": "h", "count": ""}.get(op, of.unit)


def _codes(findings: Iterable[Finding], file: str) -> dict[tuple[str, str], str]:
    codes: dict[tuple[str, str], str] = {}
    for finding in findings:
        if finding.derived or finding.group is Group.COURSE:
            continue
        own = [(OWN, finding.name)]
        public = [(LOINC, code) for code in finding.loinc] + [(SNOMED, code) for code in finding.snomed]
        public += [(system, code) for system in ICD10 for code in finding.icd10]
        for key in own + public:
            if codes.setdefault(key, finding.name) != finding.name:
                raise ProtocolError(f"{file}: code {key[1]} leads to '{codes[key]}' and to '{finding.name}'; keep one.")
    return codes
