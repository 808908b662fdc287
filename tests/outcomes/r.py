"""R as an outside reference: run once for all tables; where it is not here its tests are skipped and say so."""

import os
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("reference.R")
PACKAGES = "library(survival); library(metafor)"

Answers = dict[tuple[str, str], np.ndarray]


def ask_r(folder: Path) -> Answers:
    """What R says of each table of the folder, by table and quantity."""
    if not _is_here():
        if "r" in os.environ.get("ALDES_REQUIRE", "").replace(",", " ").split():
            pytest.fail("ALDES_REQUIRE names r, and R with the packages survival and metafor is not here")
        pytest.skip("R with the packages survival and metafor is not here")
    run = subprocess.run(["Rscript", str(SCRIPT), str(folder)], capture_output=True, check=False, timeout=60, text=True)
    assert run.returncode == 0, run.stderr
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in (folder / "answers.txt").read_text(encoding="ascii").splitlines():
        table, quantity, _, value = line.split(",")
        found[table, quantity].append(float(value.replace("NA", "nan")))
    return {key: np.array(values) for key, values in found.items()}


def _is_here() -> bool:
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", PACKAGES], capture_output=True, check=False, timeout=60).returncode == 0
