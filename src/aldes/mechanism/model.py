"""The mechanism: from interleukin-2 in plasma to lymphocytes, mediators, leaking vessels, organs and tumour.

Every block takes the states and parameters of a patient and returns named quantities, so that it can be run on
numbers, on a population, or on symbols (`equations.py`). Time is in hours. Equations and sources:
docs/decisions/0018-the-mechanism.md; what was changed in them to meet the observations: 0019.
"""

from typing import Annotated, NamedTuple

from aldes.mechanism.functions import Value, clip, exp, log, maximum, minimum, power, where
from aldes.mechanism.parameters import Params
from aldes.mechanism.rest import Rest
from aldes.mechanism.state import Given, Slow, State


class Signals(NamedTuple):
    """What lymphocytes sense of the drug, each from 0 to 1."""

    concentration: Annotated[Value, "nmol/L"]
    nk: Annotated[Value, "1"]
    cd8: Annotated[Value, "1"]
    low: Annotated[Value, "1"]  # through the high-affinity receptor: full all day at high dose


def signals(y: State, p: Params) -> Signals:
    """How strongly the drug in plasma is sensed."""
    concentration = maximum(y.central, 0.0) / p.vc
    sensed = concentration * (1 + p.cd25_gain * (y.cd25 - 1))
    return Signals(
        concentration=concentration,
        nk=_hill(sensed, p.ec_nk, p.h_nk),
        cd8=_hill(sensed, p.ec_cd8, p.h_cd8),
        low=concentration / (p.ec_low + concentration),
    )


def _hill(concentration: Value, half: Value, steepness: Value) -> Value:
    x = power(concentration / half, steepness)
    return x / (1 + x)


class Drug(NamedTuple):
    """Where the drug goes, each an amount in an hour."""

    cleared: Annotated[Value, "nmol/h"]  # lost for good, mainly by the kidney
    bound: Annotated[Value, "nmol/h"]  # taken up by receptors
    to_tissue: Annotated[Value, "nmol/h"]
    from_tissue: Annotated[Value, "nmol/h"]
    leaving_skin: Annotated[Value, "nmol/h"]
    absorbed: Annotated[Value, "nmol/h"]


def drug(y: State, p: Params, signal: Signals) -> Drug:
    """Two compartments, two steps from under the skin, receptors that saturate, vessels that leak the drug too."""
    opened = y.leak - 1
    receptors = y.cd25 * (p.share_treg * y.treg / p.treg0 + p.share_nk * y.nk / p.nk0 + p.share_cd8 * y.cd8 / p.cd8_0)
    return Drug(
        cleared=p.cl * (1 + p.leak_clearance * opened) * y.central / p.vc,
        bound=p.vmax * receptors * signal.concentration / (p.km + signal.concentration),
        to_tissue=p.k12 * (1 + p.leak_exchange * opened) * y.central,
        from_tissue=p.k21 * y.peripheral,
        leaving_skin=p.ka * y.depot,
        absorbed=p.ka * y.passage,
    )


class Vessels(NamedTuple):
    """The circulation at one moment: algebra of tone and volume."""

    tone: Annotated[Value, "1"]  # systemic vascular resistance, 1 at rest
    output: Annotated[Value, "1"]  # cardiac output, 1 at rest
    map: Annotated[Value, "mmHg"]  # mean arterial pressure
    filtration: Annotated[Value, "1"]  # of the kidney, 1 at rest


def vessels(y: State, p: Params, given: Given) -> Vessels:
    """Open vessels lower the pressure; the heart makes up for part of it, plasma volume for another."""
    narrowed = 1 + p.e_pressor * given.pressor / (given.pressor + p.pressor50)
    dilated = y.dilation * (1 + p.g_scar * y.scar)
    tone = (1 - p.s_max * dilated / (dilated + p.v50)) * narrowed
    filled = power(y.plasma / p.vp0, p.delta)
    pressure = power(tone, 1 - p.gamma) * filled
    return Vessels(
        tone=tone,
        output=power(tone, -p.gamma) * filled,
        map=p.map0 * pressure,
        filtration=power(pressure, p.n_g) / (1 + p.r_g * (y.leak - 1)) * (1 - y.injury),
    )


class Fluids(NamedTuple):
    """Water and albumin across the capillary wall, and urine."""

    reflection: Annotated[Value, "1"]
    filtered: Annotated[Value, "L/h"]
    lymph: Annotated[Value, "L/h"]
    escaped: Annotated[Value, "g/h"]  # albumin out of plasma
    returned: Annotated[Value, "g/h"]  # albumin with the lymph
    urine: Annotated[Value, "L/h"]


def fluids(y: State, p: Params, rest: Rest, vessel: Vessels) -> Fluids:
    """Starling's balance with a leak that opens the pores, and lymph that brings back what it can."""
    opened = y.leak - 1
    in_plasma, in_tissue = y.plasma_albumin / y.plasma, y.interstitial_albumin / y.interstitium
    filled = y.plasma / p.vp0
    risen = (y.interstitium - p.vi0) / p.compliance
    capillary = rest.capillary * (p.pc_fixed + (1 - p.pc_fixed) * filled)
    reflection = p.sigma0 / (1 + p.a_sigma * opened)
    across = (capillary - p.pressure0 - risen) - reflection * p.pi1 * (in_plasma - in_tissue)
    filtered = p.kf * (1 + p.a_kf * opened) * across
    lymph = rest.lymph * clip(1 + p.lymph_slope * risen, p.lymph_least, p.lymph_most)
    diffused = rest.diffusion * y.leak * (in_plasma - in_tissue)
    steepness = where(filled < 1.0, p.n_dry, p.n_full)
    return Fluids(
        reflection=reflection,
        filtered=filtered,
        lymph=lymph,
        escaped=diffused + (1 - reflection) * filtered * (in_plasma + in_tissue) / 2,
        returned=lymph * in_tissue,
        urine=maximum(p.urine_least, p.urine0 * vessel.filtration * power(filled, steepness)),
    )


class Immune(NamedTuple):
    """How fast activation, receptors and cells change: what goes on for weeks after the last dose."""

    activation: Annotated[Value, "1/h"]
    cd25: Annotated[Value, "1/h"]
    nk: Annotated[Value, "/uL/h"]
    cd8: Annotated[Value, "/uL/h"]
    treg: Annotated[Value, "/uL/h"]
    other: Annotated[Value, "/uL/h"]


def immune(y: State | Slow, p: Params, sensed: Value) -> Immune:
    """Cells grow while activated, return to their resting number by turnover, and die back once the drug is gone."""
    a = y.activation
    death = p.contraction * (1 - a)
    return Immune(
        activation=p.k_on * sensed * (1 - a) - p.k_off * a,
        cd25=p.k_cd25 * (1 + p.amax * a - y.cd25),
        nk=_pool(y.nk, p.nk0, p.mu_nk, p.grow_nk * a * (1 - y.nk / (p.cap_nk * p.nk0)), death),
        cd8=_pool(y.cd8, p.cd8_0, p.mu_cd8, p.grow_cd8 * a * (1 - y.cd8 / (p.cap_cd8 * p.cd8_0)), death),
        treg=_pool(y.treg, p.treg0, p.mu_treg, p.grow_treg * a * (1 - y.treg / (p.cap_treg * p.treg0)), death),
        other=_pool(y.other, p.other0, p.mu_other, p.grow_other * a, death),
    )


def _pool(cells: Value, at_rest: Value, turnover: Value, growth: Value, death: Value) -> Value:
    return turnover * (at_rest - cells) + growth * cells - death * maximum(cells - at_rest, 0.0)


class Tumour(NamedTuple):
    """The tumour and what the drug sends against it."""

    effectors: Annotated[Value, "1/h"]
    growth: Annotated[Value, "1/h"]  # of the logarithm of its volume
    new_lesions: Annotated[Value, "1/h"]  # hazard of a visible one


def tumour(y: State | Slow, p: Params) -> Tumour:
    """Growth against a kill that saturates in a large tumour, and a rest that is held in check when it is small."""
    volume = exp(y.log_tumour)
    recruited = y.activation * y.cd8 / p.cd8_0 * volume / (volume + p.eta)
    damped = 1 + p.omega * maximum(y.treg / p.treg0 - 1, 0.0)
    kill = p.kappa * y.effectors
    held = p.residual / (1 + volume / p.residual_half)  # below a volume the rest is held, the same for all who grow
    net = p.grow_tumour * (1 - held) - kill / (1 + volume / p.kill_half)
    present = log(p.tumour_least) < y.log_tumour
    spread = p.new_rate * power(volume / p.new_reference, p.new_power) / (1 + kill / p.grow_tumour)
    return Tumour(
        effectors=p.rho * recruited / damped - p.d_effectors * y.effectors,
        growth=where(present, net, 0.0),
        new_lesions=where(present, spread, 0.0),
    )


def rhs(y: State, p: Params, rest: Rest, given: Given) -> State:
    """Time derivative of every state, an hour."""
    signal = signals(y, p)
    goes = drug(y, p, signal)
    vessel = vessels(y, p, given)
    fluid = fluids(y, p, rest, vessel)
    cells = immune(y, p, p.w_nk * signal.nk + p.w_cd8 * signal.cd8 + p.w_low * signal.low)
    tumours = tumour(y, p)
    a = y.activation
    opening = y.ifn + p.w_tnf * (y.tnf - 1) + p.w_endothelium * signal.low  # of the capillary wall
    return State(
        central=given.infusion + goes.absorbed + goes.from_tissue - goes.to_tissue - goes.cleared - goes.bound,
        peripheral=goes.to_tissue - goes.from_tissue,
        depot=given.injection - goes.leaving_skin,
        passage=goes.leaving_skin - goes.absorbed,
        exposure=signal.concentration,
        cd25=cells.cd25,
        activation=cells.activation,
        tnf=p.k_tnf * (1 + p.g_tnf * signal.nk * (1 + p.p_tnf * a) - y.tnf),
        induced=p.k_lag * (signal.nk * (1 + p.p_ifn * a) - y.induced),
        released=p.k_lag * (y.induced - y.released),
        ifn=p.k_ifn * (y.released - y.ifn),
        dilation=p.k_dilation * (y.ifn - y.dilation),
        nitrate=p.k_nitrate
        * (1 + p.g_nitrate * y.ifn - y.nitrate * (p.nitrate_other + (1 - p.nitrate_other) * vessel.filtration)),
        leak=p.k_leak * (1 + p.g_leak * (1 + p.g_scar * y.scar) * opening - y.leak),
        scar=p.k_scar * (y.leak - 1) * (1 - y.scar) - p.k_scar_heal * y.scar,
        plasma=given.fluid - p.insensible - p.gut_loss * y.ifn - fluid.urine - fluid.filtered + fluid.lymph,
        interstitium=fluid.filtered - fluid.lymph,
        plasma_albumin=fluid.returned - fluid.escaped + p.syn * (1 - y.plasma_albumin / rest.albumin),
        interstitial_albumin=fluid.escaped - fluid.returned,
        creatinine=p.cl_cr * (p.cr0 - maximum(vessel.filtration, p.g_least) * y.creatinine) / (p.cr_space * p.weight),
        injury=p.k_injury * (1 - minimum(vessel.filtration, 1.0)) * (1 - y.injury) - p.k_repair * y.injury,
        platelets=p.k_platelets * (p.platelets0 - y.platelets) - p.c_platelets * a * y.platelets,
        bilirubin=p.k_bilirubin * (p.bilirubin0 - y.bilirubin / (1 + p.g_bilirubin * a)),
        fever=p.k_fever * (p.fever_most * (y.tnf - 1) / (y.tnf - 1 + p.fever_tnf50) - y.fever),
        nk_out=p.k_nk_out * signal.nk * (p.out_most - y.nk_out) - p.k_nk_back * y.nk_out,
        t_out=p.k_t_out * minimum(y.ifn * y.ifn, 1.0) * (p.out_most - y.t_out) - p.k_t_back * y.t_out,
        nk=cells.nk,
        cd8=cells.cd8,
        treg=cells.treg,
        other=cells.other,
        il5=p.k_il5 * (a - y.il5),
        eosinophils=p.k_eosinophils * (p.eosinophils0 * (1 + p.g_eosinophils * y.il5) - y.eosinophils),
        burden=y.ifn,
        effectors=tumours.effectors,
        log_tumour=tumours.growth,
        new_lesions=tumours.new_lesions,
    )
