"""Times to an event of one group of patients, as arrays that have been checked once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aldes.errors import AldesError, InputError

try:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
except ModuleNotFoundError:
    raise AldesError("Outcomes need NumPy and SciPy; run: pip install 'aldes[outcomes]'.") from None

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CENSORED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Patients under observation, one a place of each array; all arrays have shape (n,).

    A patient is at risk at time `t` where `entry < t <= time`. Times are in one unit that the caller names.
    """

    time: Floats  # of the event, or when the observation ended without one
    cause: Ints  # 0 where censored, else the number of the cause, from 1
    entry: Floats  # when the observation began; minus infinity where it began at the origin
    weight: Floats  # how many patients a row stands for

    @property
    def size(self) -> int:
        """How many rows."""
        return int(self.time.size)

    @property
    def event(self) -> Bools:
        """Where an event of any cause was seen."""
        seen: Bools = self.cause != CENSORED
        return seen

    @property
    def counts(self) -> bool:
        """Whether every weight is a whole number: rows then stand for that many patients each."""
        return bool(np.all(self.weight == np.rint(self.weight)))

    @property
    def truncated(self) -> bool:
        """Whether anybody came under observation after the origin."""
        return bool(np.any(np.isfinite(self.entry)))

    def where(self, chosen: Bools) -> "Sample":
        """The patients that are marked."""
        return Sample(
            time=self.time[chosen], cause=self.cause[chosen], entry=self.entry[chosen], weight=self.weight[chosen]
        )

    def only(self, cause: int) -> "Sample":
        """The same patients with one cause as the event; any other one censors."""
        return replace(self, cause=(self.cause == cause).astype(np.int64))

    def reversed(self) -> "Sample":
        """The same patients with censoring as the event, for the length of follow-up."""
        return replace(self, cause=(self.cause == CENSORED).astype(np.int64))


def sample(
    time: ArrayLike, event: ArrayLike, *, entry: ArrayLike | None = None, weight: ArrayLike | None = None
) -> Sample:
    """Patients from plain arrays of one length.

    Parameters
    ----------
    time : (n,)
        From the origin to the event or to the end of observation; zero or more.
    event : (n,)
        Whether the event was seen, or the number of its cause with 0 for none.
    entry : (n,)
        When the observation began, for patients who came later than the origin (left truncation).
    weight : (n,)
        Above zero. Whole numbers count patients; others are sampling weights.

    Raises
    ------
    InputError
        Naming the first row that cannot be right, counted from 1.
    """
    if not np.size(time):
        raise InputError("The table has no rows. Give at least two patients; nothing was computed.")
    times = _numbers("time", time)
    cause = _causes(event)
    began = np.full(times.size, -np.inf) if entry is None else _numbers("entry", entry)
    weights = np.ones(times.size) if weight is None else _numbers("weight", weight)
    if not times.size == cause.size == began.size == weights.size:
        raise InputError("The columns have different lengths. Give one value a patient; nothing was computed.")
    _refuse("time is below zero", times < 0, "Times count from the origin, from zero on")
    _refuse("entry is below zero", np.isfinite(began) & (began < 0), "Times count from the origin, from zero on")
    began = np.where(began == 0, -np.inf, began)
    _refuse("time is not after entry", times <= began, "A patient is observed from entry to time")
    _refuse("weight is not above zero", weights <= 0, "A weight says how many patients a row stands for")
    return Sample(time=times, cause=cause, entry=began, weight=weights)


def _numbers(name: str, given: ArrayLike) -> Floats:
    came = np.asarray(given)
    if came.dtype.kind not in "iuf" or came.ndim != 1:
        raise InputError(
            f"The values of {name} are no plain numbers, one a patient. Give numbers; nothing was computed."
        )
    numbers = came.astype(np.float64)
    _refuse(f"{name} is missing or not finite", ~np.isfinite(numbers), "Every patient needs one")
    return numbers


def _causes(given: ArrayLike) -> Ints:
    came = np.asarray(given)
    if came.ndim != 1 or came.dtype.kind not in "biu" or (came.dtype.kind == "i" and np.any(came < 0)):
        raise InputError(
            "An event is true or false, or the number of its cause with 0 for none. Give that; nothing was computed."
        )
    return came.astype(np.int64)


def _refuse(fault: str, wrong: Bools, accepted: str) -> None:
    if np.any(wrong):
        first, many = int(np.argmax(wrong)) + 1, int(np.sum(wrong))
        more = f", as in {many - 1:,} more" if many > 1 else ""
        raise InputError(f"In row {first:,} {fault}{more}. {accepted}; correct the table, nothing was computed.")


def together(samples: Sequence[Sample]) -> Sample:
    """The patients of several samples as one."""
    return Sample(
        time=np.concatenate([each.time for each in samples]),
        cause=np.concatenate([each.cause for each in samples]),
        entry=np.concatenate([each.entry for each in samples]),
        weight=np.concatenate([each.weight for each in samples]),
    )
