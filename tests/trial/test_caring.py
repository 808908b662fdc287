"""What the virtual nurse carries out: exact steps alone, and none whose exclusion is not known to be absent."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from aldes.protocols.compile import compiled
from aldes.protocols.read import read
from aldes.protocols.row import Protocol
from aldes.trial.asking import Asking
from aldes.trial.caring import Caring
from aldes.trial.chart import NEVER, Chart
from aldes.trial.moment import Moment
from aldes.trial.standing import Standing

ROW = """
[[care]]
id = "VIRTUAL-09"
words = "platelets below 100"
when = "platelets < 100"
advice = "for a test"
do = {do}
{more}
source = "til-2024 table 2, renal"
status = "read"
"""
BOLUS = "{ fluid_ml = 500, over_min = 30 }"
EXCLUDED = 'not_if = "creatinine > 2"\nnot_if_source = "til-2024 table 2, fever"'


def protocol(folder: Path, do: str, more: str = "") -> Protocol:
    own = folder / "own.toml"
    text = files("aldes.protocols").joinpath("sites", "virtual.toml").read_text(encoding="utf-8")
    own.write_text(text + ROW.format(do=do, more=more), encoding="utf-8")
    return read("us-label-2023", str(own))


def bolus(found: Protocol, **charted: float) -> float:
    """Litres that one patient is given after these values were charted."""
    chart = Chart(1)
    for finding, value in charted.items():
        chart.add(finding, 0.0, np.array([value]))
    moment = Moment(
        now=0.0,
        chart=chart,
        facts={},
        max_age_h={},
        limits={},
        stated=frozenset(),
        slot_opened=-8.0,
        last_dose=np.array([NEVER]),
        cycle_start=None,
        course_start=None,
    )
    caring = Caring(found, 1, weaned_by=0.1)
    caring.act(Asking(moment, Standing(compiled(found), 1)), 0.0, np.array([True]))
    return float(caring.bolus[0])


@pytest.mark.parametrize(("platelets", "litres"), [(99, 0.5), (100, 0), (101, 0)])
def test_a_bolus_is_given_below_the_limit(tmp_path: Path, platelets: float, litres: float) -> None:
    assert bolus(protocol(tmp_path, BOLUS), platelets=platelets) == litres


def test_what_is_not_charted_starts_no_step(tmp_path: Path) -> None:
    assert bolus(protocol(tmp_path, BOLUS)) == 0


@pytest.mark.parametrize(("creatinine", "litres"), [(1.9, 0.5), (2, 0.5), (2.1, 0)])
def test_a_step_waits_where_what_excludes_it_is_present(tmp_path: Path, creatinine: float, litres: float) -> None:
    assert bolus(protocol(tmp_path, BOLUS, EXCLUDED), platelets=50, creatinine=creatinine) == litres


def test_a_step_waits_while_what_excludes_it_is_not_known(tmp_path: Path) -> None:
    assert bolus(protocol(tmp_path, BOLUS, EXCLUDED), platelets=50) == 0


@pytest.mark.parametrize(
    ("do", "carried"),
    [
        (BOLUS, True),
        ("{ fluid_ml = 500, over_min = 60 }", True),
        ("{ fluid_ml = 500, over_min = 61 }", False),
        ('{ drug = "phenylephrine", start = 0.1, step = 0.1, max = 1, unit = "ug/kg/min" }', True),
        ('{ drug = "dopamine", start = 2, step = 1, max = 5, unit = "ug/kg/min" }', False),
    ],
)
def test_what_the_nurse_cannot_carry_out_is_named_and_never_half_done(tmp_path: Path, do: str, carried: bool) -> None:
    caring = Caring(protocol(tmp_path, do), 1, weaned_by=0.1)
    assert ("VIRTUAL-09" in caring.advised) is not carried
    assert ("VIRTUAL-09" in {row.id for row in caring.rows}) is carried
