"""What a run of the calibration found, kept as a file that pages and papers read: nobody types its numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aldes.mechanism.digest import digest

PAPERS = Path(__file__).parents[2] / "docs"
RULE = "hold rule"  # who holds doses where no protocol is named
NURSE = "nci-2001"  # the protocol of the run with the virtual nurse that the papers show


def place(held_by: str = RULE) -> Path:
    """Where the run is kept in which this rule or protocol held doses."""
    return PAPERS / ("calibration.json" if held_by == RULE else f"calibration-{held_by}.json")


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


def kept(path: Path | None = None) -> Result:
    """The run that was kept last: of the stated rule, or the one at `path`."""
    path = path or place()
    table = json.loads(path.read_text(encoding="utf-8"))
    simulated = {
        (target, part): value for target, parts in table.pop("targets").items() for part, value in parts.items()
    }
    return Result(**table | {"beside": tuple(table["beside"])}, simulated=simulated)


def keep(result: Result, path: Path | None = None) -> None:
    """Keep a run, at `path` or in its place; six digits, since two machines agree on no more."""
    path = path or place(result.held_by)
    targets: dict[str, dict[str, float]] = {}
    for (target, part), value in result.simulated.items():
        if target != "shape":
            targets.setdefault(target, {})[part] = float(f"{value:.6g}")
    fields = {name: getattr(result, name) for name in ("model", "patients", "seed", "held_by", "beside")}
    path.write_text(json.dumps(fields | {"targets": targets}, indent=1) + "\n", encoding="utf-8")
