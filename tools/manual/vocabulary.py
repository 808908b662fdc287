"""The vocabulary: each finding with its unit, codes, limits, who answers no, how it is derived, who asks it."""

from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Derivation, Finding, Group, Kind, Worse, absent_value
from aldes.numbers import exact, number
from aldes.units import UNITS, Dimension, Unit, show
from manual.asking import finding
from manual.blocks import cell, label
from manual.content import asked_by
from manual.page import Card, Cell, Code, Line, Link, Page, Section, Table, capital, joined, run

GROUPS = {
    Group.VITAL: "Vital signs",
    Group.LAB: "Laboratory",
    Group.FLUID: "Fluids",
    Group.WEIGHT: "Weight",
    Group.SUPPORT: "Drugs and devices of support",
    Group.JUDGED: "What only a clinician can say",
    Group.WORKUP: "Work-up before a course",
    Group.HISTORY: "History: what once was so stays so",
    Group.READINESS: "What must be in place before a cycle",
    Group.COURSE: "What the record of the course says",
}
WITH_WORDS = {  # fields of a finding that the card puts into words
    *("name", "words", "kind", "group", "worse", "unit", "units", "molar", "loinc", "snomed", "survivable", "codes"),
    *("system", "absent", "topic", "grave", "derived", "atc"),
}
WORSE = {
    Worse.LOW: "lower is worse",
    Worse.HIGH: "higher is worse",
    Worse.TRUE: "yes is worse",
    Worse.FALSE: "no is worse",
    Worse.NONE: "no direction: not a current value",
}


def vocabulary_page() -> Page:
    """All findings by who measures or judges them."""
    every = tuple(vocabulary().findings.values())
    asked = asked_by()
    sections = [
        Section(id=f"group-{group}", title=words, blocks=tuple(_card(each, asked[each.name]) for each in found))
        for group, words in _groups()
        if (found := [each for each in every if each.group == group and each.derived is None])
    ]
    derived = tuple(_card(each, asked[each.name]) for each in every if each.derived is not None)
    return Page(
        path="vocabulary.html",
        title="Vocabulary",
        part="Vocabulary",
        lead="What a protocol may ask of a patient. A rule can name nothing else, and cannot ask whether a finding is "
        "missing.",
        sections=(
            _systems(),
            *sections,
            Section(
                id="derived",
                title="Derived findings",
                lead="Computed from other findings by a fixed operation or exact arithmetic; clinical judgement is "
                "never derived. A yes may rest on anything charted, a no only on valid, final and fresh values.",
                blocks=derived,
            ),
        ),
    )


def _groups() -> Iterator[tuple[Group, str]]:
    for group in Group:
        yield group, GROUPS.get(group, str(group).capitalize())


def _card(each: Finding, rows: list[Link]) -> Card:
    entries = tuple((label, cell) for label, cell in _entries(each, rows) if cell != "")
    return Card(id=each.name, title=each.words, label=each.name, entries=entries)


def _entries(each: Finding, rows: list[Link]) -> Iterator[tuple[str, Cell]]:
    yield "value", _values(each)
    yield "unit", unit_words(each.unit)
    yield "computed", derivation(each.derived) if each.derived else ""
    yield "units accepted", joined(tuple(_accepted(code) for code in each.units))
    yield "1 mg/dL is", f"{number(each.molar)} micromol/L" if each.molar else ""
    yield "LOINC codes", ", ".join(each.loinc)
    yield "SNOMED CT codes, recalled", ", ".join(each.snomed)
    yield "ATC codes of drugs that say it", ", ".join(each.atc)
    yield "direction", WORSE.get(each.worse, f"{each.worse} is worse")
    yield "survivable", _survivable(each)
    yield "who answers no", "" if each.derived else answers_no(each)
    yield "holds when no row names it", "yes" if each.grave or each.group is Group.SUPPORT else ""
    yield "topic", each.topic
    for name in (field.name for field in fields(each) if field.name not in WITH_WORDS):
        yield label(name), cell(getattr(each, name), name=name)
    yield "asked by", joined(tuple(rows)) if rows else ""


def _values(each: Finding) -> str:
    if each.kind is Kind.CODE:
        order = "one of" if each.worse is Worse.NONE else "one of, best first"
        return f"{order}: {', '.join(each.codes)}"
    return "yes or no" if each.kind is Kind.FLAG else "a number"


def unit_words(code: str) -> str:
    """A unit as people read it."""
    return UNITS[code].words if code in UNITS else code


def _accepted(code: str) -> Cell:
    return run(unit_words(code), " (", Link(code, f"units.html#{anchor(code)}"), ")")


def _survivable(each: Finding) -> str:
    if each.survivable is None:
        return ""
    low, high = each.survivable
    return f"{number(low)} to {show(high, each.unit)}; outside it a value is kept, may hold, and never answers no"


def answers_no(each: Finding) -> str:
    """Who can say that a limit is not reached, or that a thing is not so."""
    if each.group is Group.COURSE:
        return "the record of the course"
    measured = "a valid, final measurement, fresh where the site sets an age"
    charted = measured if each.kind is Kind.NUMBER else "an explicit charted value"
    absent = absent_value(each)
    if not each.system or absent is None:
        return f"{charted}, and nothing else"
    reads = "" if isinstance(absent, bool) else f" (it then reads {cell(absent)})"
    return f"{charted}, or a clinician's signed statement for the system “{each.system}”{reads}"


def derivation(op: Derivation) -> Cell:
    """How a derived finding is computed, in words."""
    of = finding(op.of)
    since = {"last_dose": "since the last dose", "cycle": "since the cycle began", "course": "since the course began"}
    window = f"in the last {number(op.window_h)} hours" if op.window_h is not None else since.get(op.since, "")
    against = {
        "previous": "minus the result before it",
        "last_dose": "minus the value at the last dose",
        "peak": "minus the peak since the hold began",
    }
    match op.op:
        case "formula":
            return Code(op.formula)
        case "baseline":
            return run("the newest value of ", of, f" in the 7 days before the first dose of the {op.anchor}")
        case "min" | "max":
            return run("lowest" if op.op == "min" else "highest", " value of ", of, f" {window}")
        case "sum":
            return run("sum of ", of, f" {window}, each hour counted exactly once")
        case "change":
            return run("newest value of ", of, f" {against.get(op.against, op.against)}")
        case "hours_while":
            return run(f"hours that the {op.episode} episode of ", of, " has lasted")
        case "count":
            return run("how often ", of, f" was charted {window}")
        case "limit_low" | "limit_high":
            side = "lower" if op.op == "limit_low" else "upper"
            return run(f"the {side} reference limit printed with the newest result of ", of)
    return run(f"{op.op} of ", of)


def _systems() -> Section:
    found = vocabulary()
    body = tuple(
        Line(
            cells=(system, joined(tuple(finding(each.name) for each in found.in_system(system)))), id=f"system-{system}"
        )
        for system in sorted(found.systems)
    )
    return Section(
        id="systems",
        title="Statements by organ system",
        lead="A clinician's signed “none of the listed” answers no for these findings until the next slot or a later "
        "event of the system. It never clears a charted yes and never answers a resume question.",
        blocks=(Table(caption="What each statement covers", heads=("system", "findings"), lines=body),),
    )


# ── units ──


def units_page() -> Page:
    """The closed table of units."""
    sections = []
    for dimension in Dimension:
        found = [unit for unit in UNITS.values() if unit.dimension is dimension]
        if found:
            body = tuple(_unit(unit, found[0]) for unit in found)
            title = capital(dimension.value)
            heads = ("unit", "UCUM code", "conversion, exact")
            table = Table(caption=title, heads=heads, lines=body)
            sections.append(Section(id=anchor(dimension.value), title=title, blocks=(table,)))
    return Page(
        path="units.html",
        title="Units",
        part="Vocabulary",
        lead="A value in any other unit is kept and shown, and answers no question with no. The drug itself is counted "
        "in IU alone.",
        sections=tuple(sections),
    )


def _unit(unit: Unit, first: Unit) -> Line:
    return Line(id=anchor(unit.code), cells=(unit.words, Code(unit.code), _conversion(unit, first)))


def _conversion(unit: Unit, first: Unit) -> str:
    if unit is first:
        return "the unit that the others are converted into"
    factor = _exactly(unit.factor)
    if unit.offset:
        sign = "−" if unit.offset < 0 else "+"
        return f"(value {sign} {_exactly(abs(unit.offset))}) × {factor}, in {first.words}"
    return f"value × {factor}, in {first.words}"


def _exactly(value: Fraction) -> str:
    """A decimal where one is exact, else the fraction."""
    decimal = exact(value)
    if Fraction(decimal) == value:
        return number(decimal)
    return f"{value.numerator}/{value.denominator}"


def anchor(text: str) -> str:
    """A text as the name of a place in a page."""
    return "u-" + "".join(each if each.isalnum() else f"-{ord(each):x}-" for each in text)
