"""The hazards with their controls and the tests that show them, from the page that the tests read."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from manual.page import Card, Cell, Code, Line, Link, Page, Section, Table, capital, joined, lines
from manual.papers import ROOT, one_line, rendered

FILE = "docs/safety/hazards.md"
SEVERITY = {"5": "death or permanent harm", "4": "serious harm", "3": "temporary harm", "2": "delay", "1": "nuisance"}
NOTHING = "-"


class Hazard(NamedTuple):
    """One row of the page."""

    id: str
    words: str
    severity: str
    control: str
    where: str
    test: str
    state: str


@cache
def hazards() -> tuple[Hazard, ...]:
    """The rows of the page, in its order."""
    text = (ROOT / FILE).read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"
    ]
    return tuple(Hazard(*row) for row in rows[2:])


def hazard_pages() -> Iterator[Page]:
    """The hazards, and what their controls and tests say of themselves."""
    found = hazards()
    built = sum(each.state.startswith("built") for each in found)
    title, _ = rendered(FILE)
    counted = (
        f"{len(found)} hazards: {built} with a control in force, {len(found) - built} open. "
        "An open hazard is one that this version does not keep in check: whoever puts the program to use must."
    )
    yield Page(
        path="hazards.html",
        title=title,
        part="Safety",
        lead=counted,
        sections=(
            Section(id="glance", title="At a glance", blocks=(_glance(found),)),
            *(
                Section(
                    id=f"severity-{level}",
                    title=f"Severity {level}: {words}",
                    blocks=tuple(_card(each) for each in found if each.severity == level),
                )
                for level, words in SEVERITY.items()
                if any(each.severity == level for each in found)
            ),
        ),
    )
    yield _checks(found)


def _glance(found: tuple[Hazard, ...]) -> Table:
    body = tuple(
        Line(cells=(Link(each.id, f"#{each.id}"), each.words, each.severity, one_line(each.state, FILE)))
        for each in found
    )
    return Table(caption="Hazards", heads=("id", "hazard", "severity", "state"), lines=body)


def _card(hazard: Hazard) -> Card:
    entries: tuple[tuple[str, Cell], ...] = (
        ("control", one_line(hazard.control, FILE) if hazard.control != NOTHING else "nothing is built"),
        ("where", lines(*(Link(each, f"checks.html#{anchor(each)}") for each in listed(hazard.where)))),
        ("shown by", lines(*(Link(sentence(each), f"checks.html#{anchor(each)}") for each in listed(hazard.test)))),
        ("state", one_line(hazard.state, FILE)),
    )
    return Card(
        id=hazard.id,
        title=hazard.words,
        label=f"severity {hazard.severity}",
        entries=tuple(e for e in entries if e[1] != ""),
    )


def listed(cell: str) -> list[str]:
    """The paths or tests of one cell."""
    return [] if cell == NOTHING else [part.strip().strip("`") for part in cell.split(",")]


def sentence(test: str) -> str:
    """A test by the sentence that its name is."""
    name = test.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    return capital(re.sub(r"\b(iu|ecg|fhir|json|csv|sql)\b", lambda found: found[0].upper(), name))


def anchor(path: str) -> str:
    """A path as the name of a place in a page."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path)


# ── what controls and tests say of themselves ──


def _checks(found: tuple[Hazard, ...]) -> Page:
    controls = list(dict.fromkeys(path for each in found for path in listed(each.where)))
    tests = list(dict.fromkeys(test for each in found for test in listed(each.test)))
    return Page(
        path="checks.html",
        title="Controls and tests of the hazards",
        part="Safety",
        lead="Where each control stands in the program, and the tests that show it. They run with every change.",
        sections=(
            Section(id="controls", title="Controls", blocks=(_controls(sorted(controls), found),)),
            Section(id="tests", title="Tests", blocks=(_tests(sorted(tests), found),)),
        ),
    )


def _controls(paths: list[str], found: tuple[Hazard, ...]) -> Table:
    body = tuple(
        Line(id=anchor(path), cells=(Code(path), _docstring(ROOT / path), _named(found, path, "where")))
        for path in paths
    )
    return Table(caption="Controls", heads=("file", "what it is", "hazards"), lines=body)


def _tests(tests: list[str], found: tuple[Hazard, ...]) -> Table:
    body = tuple(
        Line(id=anchor(test), cells=(sentence(test), Code(test.partition("::")[0]), _named(found, test, "test")))
        for test in tests
    )
    return Table(caption="Tests", heads=("what is shown", "file", "hazards"), lines=body)


def _named(found: tuple[Hazard, ...], text: str, field: str) -> Cell:
    named = (each.id for each in found if text in listed(getattr(each, field)))
    return joined(tuple(Link(id, f"hazards.html#{id}") for id in named))


def _docstring(path: Path) -> str:
    """The first sentence of a module, or of a data file's first comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0]
    first = text.partition("\n")[0]
    return first.removeprefix("# ") if first.startswith("# ") else ""
