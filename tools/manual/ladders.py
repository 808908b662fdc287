"""The grading tables: each term of the Common Terminology Criteria with its grades, in words, by version."""

from collections.abc import Iterator

from aldes.findings.read import vocabulary
from aldes.questions.parse import parse
from aldes.questions.words import in_words
from aldes.toxicity.ctcae.ladder import HIGHEST, LOWEST, Criteria, Ladder, Rung
from aldes.toxicity.ctcae.read import VERSIONS, read
from manual.asking import citation, finding, findings
from manual.page import Block, Card, Cell, Code, Line, Link, Mark, Page, Section, Table

PART = "Grades"
JUDGED = "a clinician says so"


def ladder_pages() -> Iterator[Page]:
    """One page for the first version, and one for each later one and for other units, with what differs there."""
    first = read(VERSIONS[0])
    yield _page(first, first.ladders, f"ctcae-{first.version}", "Each term in the order of the evidence.")
    for version in VERSIONS[1:]:
        changed = read(version)
        lead = f"What takes the place of version {first.version}; every other term is kept as there."
        yield _page(changed, _differing(changed, first), f"ctcae-{version}", lead)
    si = read(VERSIONS[0], "si")
    lead = "For a site that reports in mmol/L: the limits that the criteria print in that unit."
    yield _page(si, _differing(si, first), f"ctcae-{si.version}-si", lead)


def _differing(criteria: Criteria, first: Criteria) -> tuple[Ladder, ...]:
    before = {each.id: each for each in first.ladders}
    return tuple(each for each in criteria.ladders if before.get(each.id) != each)


def _page(criteria: Criteria, ladders: tuple[Ladder, ...], name: str, lead: str) -> Page:
    return Page(
        path=f"{name}.html",
        title=criteria.words,
        part=PART,
        lead=f"{lead} A grade is certain only on valid values; a grade that a clinician charted counts beside them. "
        "Where a higher grade is not known to be absent, the grade is unknown.",
        sections=(
            Section(id="glance", title="At a glance", blocks=(_glance(ladders),)),
            Section(id="terms", title="Terms", blocks=tuple(_card(each) for each in ladders)),
            *_removed(criteria),
        ),
    )


def _glance(ladders: tuple[Ladder, ...]) -> Table:
    grades = range(LOWEST, HIGHEST + 1)
    body = tuple(
        Line(cells=(_to(each), *(_words(each, grade) for grade in grades), Mark(each.status.value))) for each in ladders
    )
    heads = ("term", *(f"grade {grade}" for grade in grades), "status")
    return Table(caption="At a glance", heads=heads, lines=body)


def _to(ladder: Ladder) -> Cell:
    return Link(ladder.words, f"#{ladder.id}")


def _words(ladder: Ladder, grade: int) -> str:
    rung = ladder.rung(grade)
    return rung.words if rung else "does not exist"


def _card(ladder: Ladder) -> Card:
    instead = _in_words(ladder.instead_if) if ladder.instead_if else ""
    entries: tuple[tuple[str, Cell], ...] = (
        ("note", ladder.note),
        ("asked otherwise", f"where {instead}" if instead else ""),
        ("MedDRA", ladder.meddra),
        ("name", Code(ladder.name)),
        ("a clinician charts it as", finding(ladder.judged)),
        ("findings", findings(*(rung.question for rung in ladder.rungs))),
        ("source", citation(ladder.source)),
        ("status", Mark(ladder.status.value)),
    )
    filled = tuple(each for each in entries if each[1] != "")
    return Card(id=ladder.id, title=ladder.words, label="term", entries=filled, tables=(_rungs(ladder),))


def _rungs(ladder: Ladder) -> Table:
    heads = ("grade", "what it is", "asks", *(["asked otherwise"] if ladder.instead_if else []))
    body = tuple(Line(cells=_rung(rung, otherwise=bool(ladder.instead_if))) for rung in ladder.rungs)
    missing = tuple(Line(cells=(str(grade), "does not exist", *[""] * (len(heads) - 2))) for grade in ladder.absent)
    lines = tuple(sorted((*body, *missing), key=lambda line: str(line.cells[0])))
    return Table(caption=f"Grades of {ladder.words}", heads=heads, lines=lines)


def _rung(rung: Rung, *, otherwise: bool) -> tuple[Cell, ...]:
    asks = _in_words(rung.text) if rung.text else JUDGED
    return (str(rung.grade), rung.words, asks, *([_in_words(rung.instead or rung.text)] if otherwise else []))


def _in_words(text: str) -> str:
    """A predicate in words; a limit that is printed in another unit stands in the grade's own words."""
    return "as printed, converted exactly" if "{" in text else in_words(parse(text, vocabulary()), vocabulary())


def _removed(criteria: Criteria) -> Iterator[Section]:
    if criteria.removed:
        body = tuple(Line(cells=(each.id, each.term, each.why)) for each in criteria.removed)
        found: tuple[Block, ...] = (Table(caption="Not graded", heads=("id", "term", "why"), lines=body),)
        yield Section(id="removed", title="Not graded", blocks=found)
