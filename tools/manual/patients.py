"""The bundled patients: each one's story as clinicians wrote it, and the expected answers with their rows."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aldes.administration.decision import Word
from aldes.administration.document import PEOPLE_READ as DECISIONS
from aldes.protocols.compile import unnamed
from aldes.protocols.read import read
from aldes.protocols.verdict import Verdict
from aldes.selection.document import PEOPLE_READ as VERDICTS
from manual.asking import finding
from manual.content import anchors, path_of
from manual.page import Cell, Code, Line, Link, Page, Section, Table, joined, lines, run
from manual.papers import ROOT, rendered

PART = "Patients"
FOLDER = ROOT / "src" / "aldes" / "patients"
SCOPES = {"cycle": "this cycle", "course": "this course"}
SELECTION = ("eligibility", "retreatment")  # kinds of rows that are asked before a course
DECIDING = ("because", "unknown")
HEADS = ("protocol", "asked", "expected answer", "rows", "what would settle it")
Expected = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """One bundled patient, with the questions whose answers were written before the code."""

    name: str
    case: Mapping[str, Any]

    @property
    def file(self) -> str:
        """The story, in the repository."""
        return f"src/aldes/patients/{self.name}/expected.md"

    @property
    def path(self) -> str:
        """Its page of the manual."""
        return f"patient-{self.name}.html"

    @property
    def before_a_course(self) -> bool:
        """Whether selection is asked, and not the next dose."""
        return bool(self.case.get("ask") == "assess")

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Each question with its answer."""
        return tuple(self.case["assess" if self.before_a_course else "expect"])


def patients() -> tuple[Patient, ...]:
    """The patients that ship with the program, by name."""
    found = sorted(FOLDER.glob("*/case.toml"))
    return tuple(Patient(name=each.parent.name, case=tomllib.loads(each.read_text("utf-8"))) for each in found)


def patient_pages() -> Iterator[Page]:
    """The list of all patients, then one page for each."""
    yield Page(
        path="patients.html",
        title="Patients",
        name="all patients",
        part=PART,
        lead="Fictitious patients who ship with the program as FHIR bundles. Each answer was written from the sources "
        "before the program could give one, and the tests ask for it again.",
        sections=(
            _all("on-the-ward", "Before the next dose", [each for each in patients() if not each.before_a_course]),
            _all("before-a-course", "Before a course", [each for each in patients() if each.before_a_course]),
        ),
    )
    yield from (_page(each) for each in patients())


def _all(id: str, title: str, found: list[Patient]) -> Section:
    body = tuple(Line(cells=(Link(_title(each), each.path), lines(*_in_short(each)))) for each in found)
    return Section(
        id=id,
        title=title,
        blocks=(Table(caption=title, heads=("patient", "expected answer"), lines=body, narrow=True),),
    )


def _title(patient: Patient) -> str:
    return rendered(patient.file)[0]


def _in_short(patient: Patient) -> Iterator[Cell]:
    for each in patient.expected:
        yield run(_protocol(each["protocol"]), f": {answer(each)}{_later(each)}")


def _later(expected: Expected) -> str:
    return f" (asked {expected['now']:%Y-%m-%d %H:%M})" if "now" in expected else ""


def answer(expected: Expected) -> str:
    """The decision or verdict as people read it; of a stop its scope."""
    if "verdict" in expected:
        return VERDICTS[Verdict(expected["verdict"])]
    scope = f", {SCOPES.get(expected['scope'], expected['scope'])}" if expected.get("scope") else ""
    return DECISIONS[Word(expected["decision"])] + scope


def _page(patient: Patient) -> Page:
    title, story = rendered(patient.file)
    asked = Section(
        id="asked",
        title="Asked of the program",
        lead=run(
            "Asked of ",
            Code(f"src/aldes/patients/{patient.name}/bundle.json"),
            " with the site demo, whose settings are invented.",
        ),
        blocks=tuple(_tables(patient)),
    )
    return Page(path=patient.path, title=title, part=PART, sections=(*story, asked), listed=False)


def _tables(patient: Patient) -> Iterator[Table]:
    found = [_cells(each, patient) for each in patient.expected]
    width = (
        len(HEADS) if any(each[-1] != "" for each in found) else len(HEADS) - 1
    )  # what nothing settles has no column
    body = tuple(Line(cells=each[:width]) for each in found)
    yield Table(caption="Expected answers", heads=HEADS[:width], lines=body)
    if later := patient.case.get("later", []):
        cells = (
            (
                _protocol(e["protocol"]),
                _at(e["now"]),
                row(e["protocol"], e["row"], selection=patient.before_a_course),
                e["answer"],
            )
            for e in later
        )
        heads = ("protocol", "asked", "row", "answer")
        yield Table(caption="What time alone changes", heads=heads, lines=tuple(Line(cells=each) for each in cells))
    if grades := patient.case.get("grade", []):
        graded = tuple(Line(cells=(e["term"], f"CTCAE {e['ctcae']}", f"grade {e['grade']}")) for e in grades)
        yield Table(caption="Expected grades", heads=("term", "criteria", "grade"), lines=graded, narrow=True)


def _cells(expected: Expected, patient: Patient) -> tuple[Cell, ...]:
    protocol = expected["protocol"]
    selection = patient.before_a_course
    rows = [row(protocol, each, selection=selection) for key in DECIDING for each in expected.get(key, [])]
    rows += [run(row(protocol, each, selection=selection), " (caution)") for each in expected.get("caution", [])]
    settled = [finding(each) for key in ("settle", "measure") for each in expected.get(key, [])]
    return (
        _protocol(protocol),
        _at(expected.get("now", patient.case["now"])),
        answer(expected),
        joined(tuple(rows)) if rows else "none",
        lines(*settled),
    )


def _at(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"


def _protocol(protocol: str) -> Link:
    return Link(protocol, path_of(protocol))


def row(protocol: str, id: str, *, selection: bool) -> Cell:
    """A row of a protocol, as a link to its card among those of the same question; an id of our own stays a word."""
    resolved = read(protocol)
    places = {own: place for (kind, own), place in anchors(resolved).items() if (kind in SELECTION) is selection}
    places |= {each.id: each.id for each in unnamed(resolved)}
    return Link(id, f"{path_of(protocol)}#{places[id]}") if id in places else Code(id)
