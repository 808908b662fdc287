"""One arm of a virtual trial: its patients chunk by chunk, each chunk kept as soon as it is done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aldes.mechanism.course import run
from aldes.mechanism.ensemble import AcceptedSet, varied
from aldes.mechanism.population import draw
from aldes.mechanism.rest import resting
from aldes.mechanism.solve import advance, as_arrays, spread_out
from aldes.trial.design import Arm, Design
from aldes.trial.follow import follow
from aldes.trial.nurse import Nurse

AFTER_LAST_DOSE_H = 24.0 * 7  # everything is computed until here; then cells and tumour go on alone

Columns = dict[str, npt.NDArray[np.float64]]
Progress = Callable[[str, int, int], None]  # arm, patients done, patients in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What one arm showed: one place a patient in every column."""

    arm: Arm
    columns: Columns

    def __getitem__(self, name: str) -> npt.NDArray[np.float64]:
        return self.columns[name]

    def held(self) -> dict[str, float]:
        """Of each row that held a dose, how many doses of 100 patients it held."""
        rows = {name.removeprefix("held "): values for name, values in self.columns.items() if name.startswith("held ")}
        shares = {row: 100 * float(values.mean()) for row, values in rows.items() if values.any()}
        return dict(sorted(shares.items(), key=lambda pair: -pair[1]))


def run_arm(design: Design, arm: Arm, folder: Path, progress: Progress) -> Results:
    """All patients of an arm; a chunk that this very design computed before is read, not computed again."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = []
    for start in range(0, design.patients, design.chunk):
        end = min(start + design.chunk, design.patients)
        parts.append(_chunk(design, arm, range(start, end), folder))
        progress(arm.id, end, design.patients)
    return Results(arm=arm, columns=_joined(parts))


def _chunk(design: Design, arm: Arm, numbers: range, folder: Path) -> Columns:
    path = folder / f"{arm.id}-{fingerprint(design, arm)}-{numbers.start}-{numbers.stop}.npz"
    if not path.exists():
        unfinished = path.with_suffix(".part.npz")
        columns: dict[str, Any] = {**nurse(design, arm, numbers)}
        np.savez(unfinished, **columns)
        unfinished.rename(path)  # so that an interrupted run leaves no half a chunk
    with np.load(path) as kept:
        return dict(kept)


def nurse(design: Design, arm: Arm, numbers: range) -> Columns:
    """These patients through the arm's regimen and follow-up."""
    ids = [str(number) for number in numbers]
    p = varied(as_arrays(draw(ids, design.seed, arm.parameters)), arm.factors)
    ward = Nurse(arm.protocol, arm.regimen, arm.rules, seed=design.seed, numbers=numbers, confirming=arm.confirming)
    until_h = max(dose.start_h for dose in arm.regimen.doses) + AFTER_LAST_DOSE_H
    until_h = min(until_h, 24.0 * design.visits.first_day)
    start = spread_out(resting(p), len(ids))
    *_, (_, last) = run(start, p, arm.regimen, ward, advance, until_h=until_h, every_h=until_h)
    followed = follow(last, p, ids, design.seed, design.visits, until_h)
    return {
        "patient": np.array(numbers, dtype=float),
        **{f"doses {cycle}": ward.record.doses(cycle) for cycle in _cycles(arm)},
        **{f"held {row}": count for row, count in _held(ward).items()},
        "held": _sum([slot.held for slot in ward.record.slots], len(ids)),
        "omitted": _sum([slot.omitted for slot in ward.record.slots], len(ids)),
        **{f"grade {term}": ward.grading.worst[term] for term in ward.grading.worst},
        "bolus": ward.caring.boluses,
        "stopped": _sum([stop.confirmed for stop in ward.standing.stops.values()], len(ids)),
        "best": followed.best,
        "progressed_day": followed.progressed_day,
        "first_diameter": followed.diameters[0],
    }


def _cycles(arm: Arm) -> range:
    return range(1, max(dose.cycle for dose in arm.regimen.doses) + 1)


def _held(ward: Nurse) -> Columns:
    found: Columns = {}
    for slot in ward.record.slots:
        for row, who in slot.rows.items():
            found[row] = found.get(row, np.zeros(ward.patients)) + who
    return found


def _sum(truths: list[npt.NDArray[np.bool_]], patients: int) -> npt.NDArray[np.float64]:
    total = np.zeros(patients)
    for each in truths:
        total += each
    return total


def _joined(parts: list[Columns]) -> Columns:
    """The chunks one after the other; a row that held nobody in a chunk held no dose there."""
    names = list(dict.fromkeys(name for part in parts for name in part))
    return {name: np.concatenate([part.get(name, np.zeros(len(part["patient"]))) for part in parts]) for name in names}


def in_set(arm: Arm, found: AcceptedSet) -> Arm:
    """The same arm with another set of calibrated parameters."""
    return replace(arm, id=f"{arm.id}, set {found.number}", factors=found.factors)


def fingerprint(design: Design, arm: Arm) -> str:
    """What results depend on: the design's text, the files that the arm names, and the whole of the program's."""
    own = f"{arm.protocol.pin} {arm.regimen} {sorted(arm.factors.items())}"
    return sha256(b"\x00".join([design.text.encode(), own.encode(), _program()])).hexdigest()[:12]


@cache  # what is edited meanwhile belongs to the next run
def _program() -> bytes:
    paths = sorted(path for path in Path(str(files("aldes"))).rglob("*") if path.suffix in (".py", ".toml"))
    return b"\x00".join(path.read_bytes() for path in paths)
