"""The endpoints of a virtual trial, as a table of arms and as columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aldes.trial.arm import Results
from aldes.trial.chart import Numbers, Truths
from aldes.trial.design import Design
from aldes.trial.follow import RESPONSES
from aldes.trial.grading import GRADED

ROWS_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One line of the table: what it is, and what each arm showed."""

    words: str
    values: tuple[str, ...]
    numbers: tuple[float, ...] = ()  # the same as numbers, where each arm has one


def endpoints(design: Design, arms: Sequence[Results]) -> Iterator[Endpoint]:
    """The table, line by line."""
    yield Endpoint(words="patients", values=tuple(f"{len(each['patient']):,}" for each in arms))
    cycles = max(len([name for name in each.columns if name.startswith("doses ")]) for each in arms)
    for cycle in range(1, cycles + 1):
        yield Endpoint(
            words=f"doses in cycle {cycle}: median (quartiles)",
            values=tuple(_spread(each.columns.get(f"doses {cycle}")) for each in arms),
            numbers=tuple(_median(each.columns.get(f"doses {cycle}")) for each in arms),
        )
    yield _share("stopped for good, for the course or a cycle", [each["stopped"] > 0 for each in arms])
    yield _mean("slots held, mean", [each["held"] for each in arms])
    yield _mean("slots left out for want of knowledge, mean", [each["omitted"] for each in arms])
    yield _mean("fluid in boluses, L, mean", [each["bolus"] for each in arms])
    for term in GRADED:
        found = [each.columns.get(f"grade {term}") for each in arms]
        words = f"{term.replace('_', ' ')}: CTCAE grade 3 or more"
        yield _share(words, [each >= 3 if each is not None else None for each in found])
    for rank, words in reversed(list(enumerate(RESPONSES))):
        yield _share(f"best response: {words}", [each["best"] == rank for each in arms])
    last = design.visits.last_day
    yield _share(f"no progression seen by day {last}", [np.isinf(each["progressed_day"]) for each in arms])


def pairs(arms: Sequence[Results]) -> Iterator[str]:
    """The same person in two arms: who gets more doses where."""
    first, *others = arms
    for other in others:
        more = _total(other) - _total(first)
        yield (
            f"{other.arm.id} against {first.arm.id}: {100 * (more > 0).mean():.1f} % get more doses, "
            f"{100 * (more < 0).mean():.1f} % fewer, mean difference {more.mean():+.2f}"
        )


def _total(arm: Results) -> Numbers:
    doses = [values for name, values in arm.columns.items() if name.startswith("doses ")]
    return np.asarray(np.sum(doses, axis=0), dtype=float)


def ranges(design: Design, sets: Sequence[Results]) -> Iterator[Endpoint]:
    """Of each endpoint of one arm the least and the most over these sets of parameters."""
    for each in endpoints(design, sets):
        if each.numbers and not np.isnan(each.numbers).any():
            values = (f"{min(each.numbers):.3g} to {max(each.numbers):.3g}",)
            yield Endpoint(words=each.words, values=values, numbers=(min(each.numbers), max(each.numbers)))


def _median(doses: Numbers | None) -> float:
    return float("nan") if doses is None else float(np.median(doses))


def _spread(doses: Numbers | None) -> str:
    if doses is None:
        return "-"
    low, middle, high = np.percentile(doses, (25, 50, 75))
    return f"{middle:g} ({low:g} to {high:g})"


def _share(words: str, found: Sequence[Truths | None]) -> Endpoint:
    shares = [float("nan") if each is None else 100 * float(each.mean()) for each in found]
    values = tuple("-" if np.isnan(share) else f"{share:.1f} %" for share in shares)
    return Endpoint(words=words, values=values, numbers=tuple(shares))


def _mean(words: str, found: Sequence[Numbers]) -> Endpoint:
    means = tuple(float(each.mean()) for each in found)
    return Endpoint(words=words, values=tuple(f"{mean:.2f}" for mean in means), numbers=means)
