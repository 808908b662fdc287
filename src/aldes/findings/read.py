"""Read the vocabulary files into findings, and refuse it when a word in it cannot be right."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from aldes.errors import ProtocolError, nearest
from aldes.findings.formula import names_in
from aldes.findings.vocabulary import Derivation, Finding, Group, Kind, Vocabulary, Worse

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
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
        Naming file, finding and fault.
    """
    data = tomllib.loads(text, parse_float=Decimal)
    found: dict[str, Finding] = {}
    for table in data.get("finding", []):
        _add(found, _measured(table, file), file)
    for table in data.get("course", []):
        _add(found, _course(table), file)
    for table in data.get("derived", []):
        _add(found, _derived(table, found, file), file)
    return Vocabulary(found, _codes(found.values(), file))


def _add(found: dict[str, Finding], finding: Finding, file: str) -> None:
    if finding.name in found:
        raise ProtocolError(f"{file}: finding '{finding.name}' is defined twice; keep one.")
    found[finding.name] = finding


def _measured(table: Mapping[str, Any], file: str) -> Finding:
    name = str(table.get("name", "?"))
    known = Finding.__dataclass_fields__
    for key in table:
        if key not in known:
            raise ProtocolError(f"{file}: finding '{name}': '{key}' is no field.{nearest(key, known)}")
    try:
        finding = Finding(**{key: _field(key, value) for key, value in table.items()})
    except (TypeError, ValueError, ArithmeticError) as fault:
        raise ProtocolError(f"{file}: finding '{name}': {fault}.") from None
    _check(finding, file)
    return finding


def _field(key: str, value: Any) -> Any:
    match key:
        case "kind":
            return Kind(value)
        case "group":
            return Group(value)
        case "worse":
            return Worse(value)
        case "molar" | "absent":
            return Decimal(value)
        case "survivable":
            return (Decimal(value[0]), Decimal(value[1]))
        case "units" | "loinc" | "snomed" | "codes":
            return tuple(value)
    return value


def _check(finding: Finding, file: str) -> None:
    faults = {
        "a number needs a unit and a survivable range": finding.kind is Kind.NUMBER
        and not (finding.unit and finding.survivable),
        "its own unit must be among the accepted units": bool(finding.unit) and finding.unit not in finding.units,
        "a flag is worse when true, or when false": finding.kind is Kind.FLAG
        and finding.worse not in (Worse.TRUE, Worse.FALSE),
        "a number is worse low, high or none": finding.kind is Kind.NUMBER
        and finding.worse in (Worse.TRUE, Worse.FALSE),
        "a code needs its codes, best first, and is worse high, or none": finding.kind is Kind.CODE
        and not (finding.codes and finding.worse in (Worse.HIGH, Worse.NONE)),
    }
    for fault, present in faults.items():
        if present:
            raise ProtocolError(f"{file}: finding '{finding.name}': {fault}.")


def _course(table: Mapping[str, Any]) -> Finding:
    kind = Kind(table.get("kind", "number"))
    worse = Worse.TRUE if kind is Kind.FLAG else Worse.NONE
    return Finding(
        name=table["name"],
        words=table["words"],
        kind=kind,
        group=Group.COURSE,
        worse=worse,
        unit=table.get("unit", ""),
    )


def _derived(table: Mapping[str, Any], found: Mapping[str, Finding], file: str) -> Finding:
    name, op = str(table["name"]), str(table["op"])
    if op not in OPS:
        raise ProtocolError(f"{file}: derived '{name}': '{op}' is no op.{nearest(op, OPS)}")
    inputs = names_in(str(table["formula"])) if op == "formula" else (str(table.get("of", "")),)
    for each in inputs:
        if each not in found:
            raise ProtocolError(f"{file}: derived '{name}' asks '{each}', which is no finding.{nearest(each, found)}")
    of = found[inputs[0]]
    return Finding(
        name=name,
        words=table["words"],
        kind=Kind.NUMBER,
        group=of.group,
        worse=_derived_worse(op, table, of),
        unit=_derived_unit(op, table, of),
        system=of.system,
        topic=of.topic,
        derived=Derivation(
            op=op,
            of="" if op == "formula" else of.name,
            anchor=table.get("anchor", ""),
            since=table.get("since", ""),
            window_h=Decimal(table["window_h"]) if "window_h" in table else None,
            against=table.get("against", ""),
            episode=table.get("episode", ""),
            formula=table.get("formula", ""),
        ),
    )


def _derived_worse(op: str, table: Mapping[str, Any], of: Finding) -> Worse:
    """A current value keeps its direction, a baseline or reference limit has none, more hours and counts are worse."""
    if op == "formula":
        return Worse(table["worse"])
    if op in ("baseline", "limit_low", "limit_high"):
        return Worse.NONE
    return Worse.HIGH if op in ("hours_while", "count") else of.worse


def _derived_unit(op: str, table: Mapping[str, Any], of: Finding) -> str:
    if op == "formula":
        return str(table.get("unit", ""))
    return {"hours_while": "h", "count": ""}.get(op, of.unit)


def _codes(findings: Iterable[Finding], file: str) -> dict[tuple[str, str], str]:
    codes: dict[tuple[str, str], str] = {}
    for finding in findings:
        if finding.derived or finding.group is Group.COURSE:
            continue
        own = [(OWN, finding.name)]
        public = [(LOINC, code) for code in finding.loinc] + [(SNOMED, code) for code in finding.snomed]
        for key in own + public:
            if codes.setdefault(key, finding.name) != finding.name:
                raise ProtocolError(f"{file}: code {key[1]} leads to '{codes[key]}' and to '{finding.name}'; keep one.")
    return codes
