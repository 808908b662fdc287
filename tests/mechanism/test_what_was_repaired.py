"""What the prototype missed, and what the ward can do: two cycles of the typical patient, and single equations."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from aldes.mechanism import Params, State, at_rest, regimen, resting, run, typical, untreated
from aldes.mechanism.course import StandingWard
from aldes.mechanism.model import rhs, tumour, vessels
from aldes.mechanism.solve import advance, spread_out

CYCLE_2_H = 336
REPAIR = np.array([0.5, 1.0, 2.0])  # of the usual rate of repair: slow, usual and fast kidneys


@pytest.fixture(scope="module")
def hourly() -> list[State]:
    """Three patients who differ in the repair of the kidney alone, through two cycles of all doses."""
    p = treated()
    start = spread_out(resting(p), 3)
    return [y for _, y in run(start, p, regimen("high-dose"), StandingWard(last_h=1e9), advance, until_h=480)]


def treated() -> Params:
    return typical(values={})._replace(k_repair=typical().k_repair * REPAIR)


def both(hourly: list[State], read: Callable[[State], Any], best: Callable[..., Any] = np.max) -> tuple[float, float]:
    """An extreme of the usual patient in cycle 1 and in cycle 2."""
    seen = [float(np.ravel(read(y))[1]) for y in hourly]
    return best(seen[:CYCLE_2_H]), best(seen[CYCLE_2_H:])


def test_the_area_of_the_last_dose_is_about_two_thirds_of_the_first(hourly: list[State]) -> None:
    area = [float(y.exposure[1]) for y in hourly]
    assert 0.55 < (area[112] - area[104]) / (area[8] - area[0]) < 0.85


def test_plasma_volume_stays_within_a_tenth_while_doses_go_on(hourly: list[State]) -> None:
    filled = [float(y.plasma[1]) / typical().vp0 for y in hourly[: 14 * 8]]
    assert min(filled) > 0.9
    assert max(filled) < 1.1


def test_the_second_cycle_is_not_tolerated_better(hourly: list[State]) -> None:
    p = treated()
    pressure = both(hourly, lambda y: vessels(y, p, untreated(p)).map, np.min)
    assert pressure[1] <= pressure[0]
    for read in (lambda y: y.creatinine, lambda y: y.plasma + y.interstitium):
        first, second = both(hourly, read)
        assert second >= first


def test_a_kidney_that_repairs_slowly_is_still_ill_a_week_later(hourly: list[State]) -> None:
    a_week_later = hourly[104 + 7 * 24].creatinine / typical().cr0
    assert a_week_later[0] > a_week_later[1] > a_week_later[2] > 1
    assert a_week_later[0] > 1.15 > a_week_later[2]


def test_the_rebound_of_lymphocytes_is_a_peak_and_no_plateau(hourly: list[State]) -> None:
    count = [float((y.nk + y.cd8 + y.treg + y.other)[1]) for y in hourly[:CYCLE_2_H]]
    highest = int(np.argmax(count))
    assert 104 + 2 * 24 < highest < 104 + 6 * 24
    assert count[CYCLE_2_H - 1] - count[0] < 0.75 * (count[highest] - count[0])


def test_the_burden_of_a_cycle_begins_anew(hourly: list[State]) -> None:
    assert hourly[CYCLE_2_H].burden[1] > 20
    assert hourly[CYCLE_2_H + 1].burden[1] < 1


# ── new lesions are a hazard ─────────────────────────────────────────────────────────────────────────────────
def hazard(**changes: float) -> float:
    y = resting(typical())._replace(**changes)
    return float(tumour(y, typical()).new_lesions)


def test_a_larger_tumour_seeds_more_and_one_under_control_less() -> None:
    usual = hazard()
    assert hazard(log_tumour=np.log(typical().tumour0 * 8)) == pytest.approx(2 * usual, rel=1e-3)
    assert hazard(effectors=50) < usual / 2


def test_a_tumour_that_is_gone_neither_grows_nor_seeds() -> None:
    p = typical()
    gone = resting(p)._replace(log_tumour=np.log(p.tumour_least) - 0.01)
    assert (tumour(gone, p).growth, tumour(gone, p).new_lesions) == (0, 0)


@pytest.mark.parametrize(("volume_ml", "grows"), [(0.05, False), (5.0, True)])
def test_what_is_left_is_held_when_it_is_small_and_grows_when_it_is_not(volume_ml: float, grows: bool) -> None:
    y = resting(typical())._replace(log_tumour=np.log(volume_ml))
    assert (tumour(y, typical()).growth > 0) is grows


# ── what the ward does ───────────────────────────────────────────────────────────────────────────────────────
def test_a_vasopressor_raises_the_pressure_and_no_more_than_its_limit() -> None:
    p = typical()
    y, off = resting(p)._replace(dilation=1.0), untreated(p)
    pressures = [vessels(y, p, off._replace(pressor=rate)).map for rate in (0.0, 0.5, 1.0, 1e6)]
    assert pressures == sorted(pressures)
    assert pressures[3] / pressures[0] == pytest.approx((1 + p.e_pressor) ** (1 - p.gamma), rel=1e-3)


def test_fluid_goes_into_plasma_first() -> None:
    p = typical()
    slopes = rhs(resting(p), p, at_rest(p), untreated(p)._replace(fluid=untreated(p).fluid + 0.5))
    assert slopes.plasma == pytest.approx(0.5)
    assert slopes.interstitium == pytest.approx(0, abs=1e-12)


def test_a_held_dose_leaves_no_trace_of_the_drug() -> None:
    class NoDose(StandingWard):
        def gives(self, dose: Any, y: State, p: Params) -> float:
            return 0.0

    p = typical()
    ward = NoDose(last_h=0.0)
    *_, (_, y) = run(spread_out(resting(p), 1), p, regimen("high-dose"), ward, advance, until_h=48.0)
    assert y.exposure[0] == 0
    assert (y.creatinine[0], y.plasma[0]) == pytest.approx((p.cr0, p.vp0), rel=1e-9)


def test_the_ward_looks_as_often_as_it_wants() -> None:
    looked: list[float] = []

    class Watchful(StandingWard):
        def cares(self, hour: float, y: State, p: Params) -> tuple[Any, Any]:
            looked.append(hour)
            return untreated(p).fluid, 0.0

    p = typical()
    ward = Watchful(last_h=1e9)
    seen = [
        hour
        for hour, _ in run(
            spread_out(resting(p), 1), p, regimen("high-dose"), ward, advance, until_h=2.0, every_h=1.0, look_h=0.25
        )
    ]
    assert seen == [0, 1, 2]
    assert looked == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]
