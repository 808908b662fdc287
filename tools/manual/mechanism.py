"""The mechanism: its pathway, its equations as computed, every parameter, and how it meets what was published.

Simulated numbers come from the run that `make calibration KEEP=1` kept, never from here.
"""

from collections.abc import Iterator
from itertools import groupby

from aldes.evidence.source import Citation
from aldes.mechanism.ensemble import ensemble
from aldes.mechanism.equations import Equation, equations
from aldes.mechanism.parameters import unit_of
from aldes.mechanism.read import Parameter, Standing, read_parameters
from aldes.mechanism.state import State
from aldes.mechanism.targets import Target, read_targets
from calibration.result import Result, kept
from manual.mathml import equation
from manual.page import Cell, Line, Lines, Link, Mark, Page, Section, Table, capital, run
from manual.papers import section
from manual.pathway import picture
from manual.status import MARKS

BLOCKS = {
    "at_rest": "At rest, before the first dose",
    "signals": "What lymphocytes sense",
    "drug": "Where the drug goes",
    "vessels": "The circulation",
    "fluids": "Water and albumin",
    "immune": "Activation, receptors and cells",
    "tumour": "The tumour",
    "rhs": "What changes, by the hour",
}
STANDINGS = {
    Standing.CALIBRATED: "fitted to the published observations that it names, inside its range",
    Standing.ASSUMED: "nothing pins it but a textbook's order of size; a decision page says so",
}
LEAD = (
    "A model of what a dose does, from plasma to pressure and tumour. It informs and never decides: no dose at a bed "
    "rests on it, and no simulation is a forecast of anybody."
)


def mechanism_pages() -> Iterator[Page]:
    """The model, and what it was held against."""
    yield Page(
        path="mechanism.html",
        title="The mechanism",
        part="Mechanism",
        lead=LEAD,
        sections=(
            Section(
                id="pathway",
                title="Pathway",
                lead="An arrow leads from what acts to what it acts on.",
                blocks=(picture(),),
            ),
            Section(
                id="equations",
                title="Equations",
                lead="As the program computes them: the same text, run on symbols. An index belongs to the name; names "
                "stand in the table of parameters.",
                blocks=tuple(_equations()),
            ),
            Section(id="parameters", title="Parameters", blocks=(_standings(), *_parameters())),
        ),
    )
    yield _validation(kept())


def _equations() -> Iterator[Table]:
    for block, found in groupby(equations(), lambda each: each.block):
        lines = tuple(Line(cells=(_meaning(each), equation(each), _unit(each))) for each in found)
        yield Table(caption=BLOCKS[block], heads=("quantity", "equation", "unit"), lines=lines, folded=True)


def _meaning(each: Equation) -> str:
    return each.name.replace("_", " ")


def _unit(each: Equation) -> str:
    return f"{unit_of(State, each.name)}, by the hour" if each.block == "rhs" else _shown(each.unit)


def _shown(unit: str) -> str:
    """A unit for people: of a pure number none."""
    return "" if unit == "1" else unit


def _standings() -> Table:
    known = {status: meaning for status, (_, meaning) in MARKS.items() if status in list(Standing)}
    meanings = known | {status.value: meaning for status, meaning in STANDINGS.items()}
    counts = [each.status.value for each in read_parameters().values()]
    return Table(
        caption=f"{len(counts)} parameters by status",
        heads=("status", "parameters", "meaning"),
        lines=tuple(
            Line(cells=(_mark(each), str(counts.count(each)), meanings[each])) for each in dict.fromkeys(counts)
        ),
    )


def _mark(status: str) -> Cell:
    return Mark(status) if status in MARKS else status


def _parameters() -> Iterator[Table]:
    heads = (
        "name",
        "what it is",
        "value",
        "between patients",
        "range of the fit",
        "pinned by",
        "source and place",
        "status",
    )
    for group, found in groupby(read_parameters().values(), lambda each: each.group):
        lines = tuple(Line(id=f"p-{each.name}", cells=_parameter(each)) for each in found)
        yield Table(caption=f"Parameters: {group}", heads=heads, lines=lines, folded=True)


def _parameter(each: Parameter) -> tuple[Cell, ...]:
    grows = {"": "", "weight": ", grows with weight", "bsa": ", grows with surface"}[each.per]
    ends = f"{each.range[0]:.4g} to {each.range[1]:.4g}" if each.range else ""
    pins = run(*(part for pin in each.pins for part in (Link(pin, f"validation.html#{pin}"), " ")))
    name = each.name.replace("_", " ")
    value = f"{each.value:.4g} {_shown(each.unit)}".strip() + grows
    return (
        name,
        each.words,
        value,
        _spread(each),
        ends,
        pins if each.pins else "",
        _places(each.sources),
        _mark(each.status.value),
    )


def _spread(each: Parameter) -> str:
    if each.spread is None:
        return "the same"
    kind = "normal, SD" if each.spread.normal else "lognormal, SD of the logarithm"
    shared = f"; {each.spread.shared:.3g} of it shared" if each.spread.shared else ""
    return f"{kind} {each.spread.size:.3g}{shared}"


def _places(citations: tuple[Citation, ...]) -> Cell:
    found: list[Cell] = []
    for each in citations:
        found.append(run(Link(each.source, f"sources.html#{each.source}"), f" {each.place}"))
    return found[0] if len(found) == 1 else Lines(tuple(found))


# ── against what was published ──


def _validation(result: Result) -> Page:
    met = sum(_is_met(target, result) for target in read_targets().values())
    lead = (
        f"{result.patients:,} virtual patients, seed {result.seed}, doses held by the {result.held_by}: {met} of "
        f"{len(read_targets())} published observations met. A target that is met was fitted: it is no prediction."
    )
    if not result.is_of_this_model:
        lead += " THE MODEL HAS CHANGED SINCE THIS RUN: these numbers are of an earlier one."
    heads = ("id", "observable", "published", "simulated", "tolerance", "verdict", "source and place")
    lines = tuple(line for target in read_targets().values() for line in _lines(target, result))
    table = Table(caption="Published observations and the model", heads=heads, lines=lines)
    beside = Table(
        caption="Beside the targets",
        heads=("what no target asks",),
        lines=tuple(Line(cells=(capital(each),)) for each in result.beside),
    )
    return Page(
        path="validation.html",
        title="The mechanism against what was published",
        name="Validation",
        part="Mechanism",
        lead=lead,
        sections=(
            Section(id="targets", title="Targets", blocks=(table,)),
            Section(id="beside", title="Beside the targets", blocks=(beside,)),
            Section(id="ensemble", title="Other sets of parameters", lead=_ensemble(), blocks=(_sets(),)),
            Section(
                id="not", title="What it does not do", blocks=(section("docs/calibration.md", "What it does not do"),)
            ),
        ),
    )


def _is_met(target: Target, result: Result) -> bool:
    return all(part.is_met(result.simulated[target.id, part.name]) for part in target.parts)


def _lines(target: Target, result: Result) -> Iterator[Line]:
    for place, part in enumerate(target.parts):
        number = result.simulated[target.id, part.name]
        first = place == 0
        observable = f"{target.words}: {part.name}" if len(target.parts) > 1 else target.words
        published = f"{part.published} {part.unit}" if part.published[0].isdigit() else part.published
        mark = "" if part.is_met(number) else ", outside"
        verdict = ("met" if _is_met(target, result) else "MISSED") + (", hold rule" if target.needs else "")
        yield Line(
            id=target.id if first else "",
            cells=(
                target.id,
                observable,
                published.strip(),
                f"{number:.3g} {part.unit}".strip() + mark,
                f"{part.least:.4g} to {part.most:.4g}",
                verdict if first else "",
                _places(target.sources) if first else "",
            ),
        )


def _ensemble() -> str:
    made = ensemble().made
    return (
        f"Sets of calibrated parameters that meet at least {len(read_targets()) - made['most_missed']} of the "
        f"{len(read_targets())} targets: {made['tried']} were tried, each parameter within a factor of "
        f"{made['within']:g} of its fitted value, inside its range; {made['promising']} of them met the targets of the "
        f"typical patient as far; of these, in order, {made['populations']} were run with {made['people']:,} virtual "
        f"patients, and {len(ensemble().sets)} accepted. What an endpoint ranges over, from set to set, is the "
        "uncertainty of the parameters, not that between patients."
    )


def _sets() -> Table:
    return Table(
        caption="Accepted sets",
        heads=("candidate", "targets missed"),
        lines=tuple(Line(cells=(str(each.number), ", ".join(each.missed) or "none")) for each in ensemble().sets),
        narrow=True,
    )
