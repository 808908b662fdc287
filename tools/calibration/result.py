"""What a run of the calibration found, kept as a file that pages read: nobody types its numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aldes.mechanism.digest import digest

KEPT = Path(__file__).parents[2] / "docs" / "calibration.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The numbers of one run by target and part, and what they rest on."""

    patients: int
    seed: int
    held_by: str
    model: str  # hash of equations and parameters
    simulated: Mapping[tuple[str, str], float]
    beside: tuple[str, ...]  # what no target asks, line by line

    @property
    def is_of_this_model(self) -> bool:
        """Whether equations and parameters are still those of the run."""
        return self.model == digest()


def kept(path: Path = KEPT) -> Result:
    """The run that was kept last."""
    table = json.loads(path.read_text(encoding="utf-8"))
    simulated = {
        (target, part): value for target, parts in table.pop("targets").items() for part, value in parts.items()
    }
    return Result(**table | {"beside": tuple(table["beside"])}, simulated=simulated)


def keep(result: Result, path: Path = KEPT) -> None:
    """Keep a run; six digits, since two machines agree on no more."""
    targets: dict[str, dict[str, float]] = {}
    for (target, part), value in result.simulated.items():
        if target != "shape":
            targets.setdefault(target, {})[part] = float(f"{value:.6g}")
    fields = {name: getattr(result, name) for name in ("model", "patients", "seed", "held_by", "beside")}
    path.write_text(json.dumps(fields | {"targets": targets}, indent=1) + "\n", encoding="utf-8")
