"""Generated patients, each set hard in one respect, and a plain way to write them for another program."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aldes.outcomes.sample import Sample, sample

Floats = NDArray[np.float64]


class People(NamedTuple):
    """Patients as plain columns of one length."""

    time: Floats
    cause: NDArray[np.int64]
    entry: Floats
    weight: Floats
    group: NDArray[np.int64]
    x: Floats

    def sample(self) -> Sample:
        return sample(self.time, self.cause, entry=self.entry, weight=self.weight)

    def groups(self) -> list[Sample]:
        return [self.sample().where(self.group == each) for each in np.unique(self.group)]

    def write(self, path: Path) -> None:
        header = ",".join(self._fields)
        np.savetxt(path, np.column_stack(self), delimiter=",", header=header, comments="", fmt="%.17g")


def people(n: int, seed: int, *, tied: bool = False, late: bool = False, weights: str = "one") -> People:
    """Times of two causes with censoring; x shortens them."""
    draw = np.random.default_rng(seed)
    x, group = draw.normal(size=n), draw.integers(0, 3, n)
    time = draw.exponential(12, n) * np.exp(-0.5 * x) + 0.05
    cause = draw.choice([0, 1, 2], n, p=[0.35, 0.4, 0.25])
    if tied:
        time = np.ceil(time)
    entry = np.where(draw.random(n) < 0.5, np.floor(time * draw.uniform(0, 0.95, n) * 4) / 4, 0.0) if late else 0 * time
    weight = {"one": np.ones(n), "counts": draw.integers(1, 5, n) * 1.0, "sampling": draw.uniform(0.3, 3, n)}[weights]
    return People(time, cause, entry, weight, group, x)


def hard_cases() -> dict[str, People]:
    """The sets that every estimate is compared on."""
    plain = people(120, 1)
    one = plain.cause * 0
    one[7] = 1
    both = plain._replace(cause=np.where(plain.time > np.median(plain.time), 2, 1))
    early = people(60, 9, tied=True)
    return {
        "plain": plain,
        "ties": people(150, 2, tied=True),
        "late-entry": people(150, 3, late=True),
        "late-entry-and-ties": people(200, 4, tied=True, late=True),
        "late-entry-and-few-ties": _rounded(people(60, 8, late=True)),
        "counts": people(100, 5, tied=True, weights="counts"),
        "sampling-weights": people(120, 6, tied=True, weights="sampling"),
        "sampling-weights-and-late-entry": people(150, 7, tied=True, late=True, weights="sampling"),
        "all-censored": plain._replace(cause=plain.cause * 0),
        "one-event": plain._replace(cause=one),
        "everybody-dies": early._replace(cause=np.maximum(early.cause, 1)),
        "two-patients": People(*(column[[np.argmin(plain.time), np.argmax(plain.time)]] for column in both)),
        "events-at-the-origin": early._replace(time=early.time - 1),
    }


def _rounded(those: People) -> People:
    """Times to the next quarter, so that a few events are tied."""
    return those._replace(time=np.ceil(those.time * 4) / 4)
