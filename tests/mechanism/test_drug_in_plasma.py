"""Where the drug is linear it follows the closed form, and nothing of it is lost or made."""

from collections.abc import Callable

import numpy as np
import pytest

from aldes.mechanism import Given, Params, at_rest, reference, regimen, resting, run, solve, typical, untreated
from aldes.mechanism.closed_form import concentration, hybrid_constants
from aldes.mechanism.course import StandingWard
from aldes.mechanism.regimen import NMOL_PER_IU

LINEAR = {"vmax": 0.0, "leak_exchange": 0.0, "leak_clearance": 0.0}
INFUSED_H, NMOL = 0.25, 190.0


def linear(set_name: str = "konrad-1990") -> Params:
    return typical(set_name=set_name, values=LINEAR)


def infused(p: Params, hours: list[float], advance: Callable[..., object]) -> list[float]:
    """Concentrations at these hours after one infusion of 15 minutes."""
    rest, off = at_rest(p), untreated(p)
    y = advance(resting(p), p, rest, off._replace(infusion=NMOL / INFUSED_H), INFUSED_H, 0.0125)
    seen = []
    for before, hour in zip([INFUSED_H, *hours], hours, strict=False):
        y = advance(y, p, rest, off, hour - before, 0.0125)
        seen.append(float(y.central) / float(p.vc))
    return seen


def tight(*args: object) -> object:
    return reference.advance(*args, relative=1e-12)


@pytest.mark.parametrize("set_name", ["konrad-1990", "label-clearance"])
def test_the_reference_solver_follows_the_closed_form(set_name: str) -> None:
    p, hours = linear(set_name), [0.5, 1.0, 2.0, 4.0, 8.0]
    expected = [concentration(p, [(0.0, INFUSED_H, NMOL)], hour) for hour in hours]
    assert infused(p, hours, tight) == pytest.approx(expected, rel=1e-8)


def test_our_solver_follows_the_closed_form_at_a_short_step() -> None:
    p, hours = linear(), [0.5, 1.0, 2.0, 4.0, 8.0]
    expected = [concentration(p, [(0.0, INFUSED_H, NMOL)], hour) for hour in hours]

    def ours(y: object, *args: object) -> object:
        return solve.advance(solve.spread_out(y, 1), *args)  # 0.0125 h: a quarter of the usual step

    assert infused(p, hours, lambda *args: first(ours(*args))) == pytest.approx(expected, rel=1e-6)


def first(y: object) -> object:
    return type(y)(*(float(np.asarray(field)[0]) for field in y))


def test_infusions_add_up_in_the_closed_form() -> None:
    p = linear()
    both = concentration(p, [(0.0, 0.25, 100.0), (8.0, 0.25, 50.0)], 9.0)
    assert both == pytest.approx(
        concentration(p, [(0.0, 0.25, 100.0)], 9.0) + concentration(p, [(0.0, 0.25, 50.0)], 1.0), rel=1e-12
    )


@pytest.mark.parametrize(("set_name", "fast_min", "slow_min"), [("konrad-1990", 12.9, 85), ("label-clearance", 13, 85)])
def test_half_lives_are_the_printed_ones(set_name: str, fast_min: float, slow_min: float) -> None:
    minutes = [60 * np.log(2) / rate for rate in hybrid_constants(linear(set_name))]
    assert minutes == pytest.approx([fast_min, slow_min], rel=1e-3)


def test_what_was_infused_is_what_was_cleared() -> None:
    """Mass balance: the area under the concentration is the dose over the clearance."""
    p = linear()
    rest, off = at_rest(p), untreated(p)
    y = tight(resting(p), p, rest, off._replace(infusion=NMOL / INFUSED_H), INFUSED_H, 0.0)
    y = tight(y, p, rest, off, 72.0, 0.0)
    assert y.exposure == pytest.approx(NMOL / p.cl, rel=1e-9)


def test_at_any_time_the_drug_is_in_the_body_cleared_or_bound() -> None:
    """With receptors and leak: what is missing from plasma and tissue is the integral of both ways out."""
    p = typical()
    rest, off = at_rest(p), untreated(p)
    step, y, out = 0.005, solve.spread_out(resting(p), 1), 0.0
    for hour in np.arange(0, 4, step):
        given = off._replace(infusion=NMOL / INFUSED_H if hour < INFUSED_H - 1e-9 else 0.0)
        before = _lost(y, p)
        y = solve.advance(y, p, rest, given, step, step)
        out += step * (before + _lost(y, p)) / 2
    assert float(y.central[0] + y.peripheral[0]) + out == pytest.approx(NMOL, rel=1e-4)


def _lost(y: object, p: Params) -> float:
    from aldes.mechanism.model import drug, signals

    ways = drug(y, p, signals(y, p))
    return float(np.asarray(ways.cleared + ways.bound)[0])


def test_a_million_units_are_3_994_nmol() -> None:
    assert pytest.approx(3.994, abs=5e-4) == NMOL_PER_IU * 1e6


def test_absorbed_under_the_skin_is_the_printed_share() -> None:
    p = typical(values=LINEAR)
    hours = list(
        run(
            resting(p),
            p,
            regimen("subcutaneous-18"),
            StandingWard(last_h=0),
            reference.advance,
            until_h=23.0,
            every_h=23.0,
        )
    )
    y = hours[-1][1]
    given = p.f_sc * regimen("subcutaneous-18").nmol(p)
    assert y.depot + y.passage + y.central + y.peripheral + p.cl * y.exposure == pytest.approx(given, rel=1e-6)


def test_no_drug_leaves_everything_as_it_was() -> None:
    given = untreated(typical())
    assert given == Given(infusion=0.0, injection=0.0, fluid=given.fluid, pressor=0.0)
