"""The table of targets: published, simulated, tolerance, verdict."""

from collections.abc import Iterator, Mapping

import numpy as np

from aldes.mechanism.targets import Part, Target, read_targets
from calibration.people import Outcome
from calibration.result import RULE, Result

Simulated = Mapping[tuple[str, str], float]


def of_population(o: Outcome) -> dict[tuple[str, str], float]:
    """The numbers that only a population has."""
    responders = o.response >= 2
    doses = o.doses_1 + o.doses_2
    found = {
        ("C15", "mean"): float(o.peak_creatinine_1.mean()),
        ("C16", "share"): 100 * float(o.returned.mean()),
        ("C17", "of the baseline"): 100 * float(o.lymphocytes_24h.mean()),
        ("C18", "of the baseline"): 100 * float(o.lymphocytes_day_4.mean()),
        ("C22", "median"): float(np.median(o.doses_1)),
        ("C24", "difference of means"): float(doses[responders].mean() - doses[~responders].mean()),
    }
    for grade, name in enumerate(("progression", "stable", "partial", "complete")):
        found["C23", name] = 100 * float((o.response == grade).mean())
    return found


def lines(simulated: Simulated, by: str = RULE) -> Iterator[str]:
    """The table as Markdown; a row a part, the verdict a target."""
    yield "| id | observable | published | simulated | tolerance | verdict | source |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for target in read_targets().values():
        for number, part in enumerate(target.parts):
            yield _line(target, part, simulated, by, first=number == 0)


def verdict(target: Target, simulated: Simulated, by: str = RULE) -> str:
    """Met when all parts are; with who held the doses, where that counts."""
    met = all(part.is_met(simulated[target.id, part.name]) for part in target.parts)
    return ("met" if met else "MISSED") + (f", {by}" if target.needs else "")


def side_by_side(*runs: Result) -> Iterator[str]:
    """What depends on who holds doses, a column a run, as Markdown."""
    yield f"| what depends on who holds doses | published | {' | '.join(run.held_by for run in runs)} |"
    yield "| --- " * (len(runs) + 2) + "|"
    for target in read_targets().values():
        for part in target.parts if target.needs else ():
            words = f"{target.words}: {part.name}" if len(target.parts) > 1 else target.words
            cells = (_simulated(part, run.simulated[target.id, part.name]) for run in runs)
            yield f"| {target.id}, {words} | {_published(part)} | {' | '.join(cells)} |"


def counted(simulated: Simulated) -> str:
    """How many are met."""
    met = [target.id for target in read_targets().values() if verdict(target, simulated).startswith("met")]
    missed = [id for id in read_targets() if id not in met]
    return f"{len(met)} of {len(read_targets())} met" + (f"; missed: {', '.join(missed)}" if missed else "")


def _published(part: Part) -> str:
    """A number with its unit, or the source's words."""
    return f"{part.published} {part.unit}".strip() if part.published[0].isdigit() else part.published


def _simulated(part: Part, number: float) -> str:
    """The number of a run with its unit, marked where it is outside the tolerance."""
    return f"{number:.3g} {part.unit}".strip() + ("" if part.is_met(number) else " ✗")


def _line(target: Target, part: Part, simulated: Simulated, by: str, *, first: bool) -> str:
    words = f"{target.words}: {part.name}" if len(target.parts) > 1 else target.words
    cells = (
        target.id if first else "",
        words,
        _published(part),
        _simulated(part, simulated[target.id, part.name]),
        f"{part.least:g} to {part.most:g}",
        verdict(target, simulated, by) if first else "",
        "; ".join(source.source for source in target.sources) if first else "",
    )
    return f"| {' | '.join(cells)} |"
