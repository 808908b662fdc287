"""On the same state a tighter protocol never gives where a looser one holds; every check of a run is asked."""

from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from aldes.mechanism.course import run
from aldes.mechanism.population import draw
from aldes.mechanism.regimen import PlannedDose, regimen
from aldes.mechanism.rest import resting
from aldes.mechanism.solve import advance, as_arrays, spread_out
from aldes.protocols.compile import Compiled, compiled
from aldes.protocols.read import read
from aldes.trial.arm import run_arm
from aldes.trial.asking import Asking
from aldes.trial.chart import Truths
from aldes.trial.design import read_design
from aldes.trial.moment import Moment
from aldes.trial.nurse import Nurse
from aldes.trial.record import Slot
from aldes.trial.standing import Standing
from aldes.trial.summary import pairs, ranges
from aldes.trial.ward import ward_rules

PATIENTS = range(8)
TIGHTER = """
[[relative]]
id = "CONS-REN-03-R"
words = "creatinine from 1.8 mg/dL on"
relative = "creatinine >= 1.8"
group = "creatinine"
source = "site tighter, for a test"
status = "policy"
topics = ["creatinine"]
"""


class Watched(Nurse):
    """A nurse who at each check also asks another protocol of the very same chart."""

    other: Compiled
    compared: int = 0
    checks: int = 0
    stricter: int = 0

    def _decide(self, dose: PlannedDose, moment: Moment, active: Truths) -> Slot:
        afresh = [Standing(each, self.patients) for each in (self.compiled, self.other)]
        loose, tight = (Asking(moment, each).decide() for each in afresh)
        assert (tight >= loose).all(), f"cycle {dose.cycle}, slot {dose.number}"
        self.checks += 1
        self.compared += int(active.sum())
        self.stricter += int((tight > loose).sum())
        return super()._decide(dose, moment, active)


@pytest.mark.slow
def test_a_tighter_protocol_never_gives_where_a_looser_one_holds(tmp_path: Path) -> None:
    own = tmp_path / "tighter.toml"
    own.write_text(files("aldes.protocols").joinpath("sites", "virtual.toml").read_text(encoding="utf-8") + TIGHTER)
    p, plan = as_arrays(draw([str(each) for each in PATIENTS], seed=2)), regimen("high-dose")
    nurse = Watched(read("consensus-2014", "virtual"), plan, ward_rules(), seed=2, numbers=PATIENTS)
    nurse.other = compiled(read("consensus-2014", str(own)))
    for _ in run(spread_out(resting(p), len(PATIENTS)), p, plan, nurse, advance, until_h=112.0, every_h=112.0):
        pass
    assert nurse.checks == sum(dose.start_h < 112.0 for dose in plan.doses)  # every state at which a dose is decided
    assert nurse.compared > 50
    assert nurse.stricter > 5
    assert np.isfinite(nurse.record.doses()).all()


@pytest.mark.slow
def test_over_a_population_the_mean_number_of_doses_does_not_rise(tmp_path: Path) -> None:
    """The bundled example on a small draw: the shares with more and with fewer doses are printed."""
    folder = Path(str(files("aldes.trial"))) / "examples"
    design = read_design(folder / "tighter.toml")
    small = replace(design, patients=24, chunk=24, visits=replace(design.visits, last_day=47))
    loose, tight = (run_arm(small, arm, tmp_path, lambda *_: None) for arm in small.arms)
    assert tight["doses 1"].sum() < loose["doses 1"].sum()
    assert (tight["doses 1"] + tight["doses 2"]).mean() <= (loose["doses 1"] + loose["doses 2"]).mean()
    (line,) = pairs((loose, tight))
    assert "get more doses" in line
    table = {each.words: each.values for each in ranges(small, [loose, tight])}
    least, most = table["doses in cycle 1: median (quartiles)"][0].split(" to ")
    assert float(least) <= float(most)
