"""The parameters of the model, in its own units: hours, litres, nanomol, mmHg.

Values, variability and sources stand in `parameters.toml`; a test compares names and units of both.
"""

from typing import Annotated, NamedTuple, get_args, get_type_hints

from aldes.mechanism.functions import Value


class Params(NamedTuple):
    """What differs between patients, or could; every field is a float or has one place a patient."""

    # patient
    weight: Annotated[Value, "kg"]  # body weight
    bsa: Annotated[Value, "m2"]  # body surface

    # drug
    cl: Annotated[Value, "L/h"]  # clearance from plasma at rest
    vc: Annotated[Value, "L"]  # volume of plasma that the drug fills at once
    k12: Annotated[Value, "1/h"]  # from plasma to tissue at rest
    k21: Annotated[Value, "1/h"]  # from tissue to plasma
    f_sc: Annotated[Value, "1"]  # absorbed share of a dose under the skin
    ka: Annotated[Value, "1/h"]  # absorption from under the skin
    lag: Annotated[Value, "h"]  # delay before absorption begins
    vmax: Annotated[Value, "nmol/h"]  # uptake by receptors at saturation, at rest
    km: Annotated[Value, "nmol/L"]  # concentration of half the uptake by receptors
    leak_exchange: Annotated[Value, "1"]  # how much faster a leaky vessel lets the drug into tissue
    leak_clearance: Annotated[Value, "1"]  # how much more of the drug is lost for good while vessels leak

    # receptor
    amax: Annotated[Value, "1"]  # most by which receptors rise
    k_cd25: Annotated[Value, "1/h"]  # turnover of receptors, half-life one day
    cd25_gain: Annotated[Value, "1"]  # how much more each added receptor lets a cell sense
    share_treg: Annotated[Value, "1"]  # regulatory cells' part of the uptake
    share_nk: Annotated[Value, "1"]  # NK cells' part of the uptake
    share_cd8: Annotated[Value, "1"]  # effector cells' part of the uptake
    ec_low: Annotated[Value, "nmol/L"]  # half the signal through the high-affinity receptor
    ec_nk: Annotated[Value, "nmol/L"]  # half the signal in NK cells
    h_nk: Annotated[Value, "1"]  # steepness in NK cells
    ec_cd8: Annotated[Value, "nmol/L"]  # half the signal in effector cells
    h_cd8: Annotated[Value, "1"]  # steepness in effector cells
    w_nk: Annotated[Value, "1"]  # NK cells' part of the activation
    w_cd8: Annotated[Value, "1"]  # effector cells' part of the activation
    w_low: Annotated[Value, "1"]  # high-affinity receptors' part of the activation
    k_on: Annotated[Value, "1/h"]  # activation while the signal is full
    k_off: Annotated[Value, "1/h"]  # loss of activation, half-life 60 h

    # mediators
    k_tnf: Annotated[Value, "1/h"]  # turnover of tumour necrosis factor
    g_tnf: Annotated[Value, "1"]  # rise of tumour necrosis factor at full signal
    p_tnf: Annotated[Value, "1"]  # how much activation adds to it
    k_lag: Annotated[Value, "1/h"]  # each of two steps of the lag before interferon-gamma
    k_ifn: Annotated[Value, "1/h"]  # turnover of interferon-gamma and interleukin-6
    p_ifn: Annotated[Value, "1"]  # how much activation adds to interferon-gamma
    k_dilation: Annotated[Value, "1/h"]  # how fast vessels follow
    s_max: Annotated[Value, "1"]  # most by which vessels open
    v50: Annotated[Value, "1"]  # drive of half the opening
    gamma: Annotated[Value, "1"]  # how far the heart makes up for open vessels
    delta: Annotated[Value, "1"]  # how far flow and pressure follow plasma volume
    k_nitrate: Annotated[Value, "1/h"]  # turnover of nitrate
    g_nitrate: Annotated[Value, "1"]  # rise of nitrate with the drive
    nitrate_other: Annotated[Value, "1"]  # share of nitrate that leaves by other ways than the kidney
    k_leak: Annotated[Value, "1/h"]  # turnover of permeability, half-life 20 h
    g_leak: Annotated[Value, "1"]  # rise of permeability with the drive
    w_tnf: Annotated[Value, "1"]  # tumour necrosis factor's part of it
    w_endothelium: Annotated[Value, "1"]  # high-affinity receptors' part of it, on the vessel itself
    k_scar: Annotated[Value, "1/h"]  # vascular injury by each unit of leak
    k_scar_heal: Annotated[Value, "1/h"]  # healing of vascular injury, half-life 10 days
    g_scar: Annotated[Value, "1"]  # how much more an injured vessel leaks and opens

    # circulation
    map0: Annotated[Value, "mmHg"]  # mean arterial pressure at rest
    e_pressor: Annotated[Value, "1"]  # most by which a vasopressor narrows vessels
    pressor50: Annotated[Value, "ug/kg/min"]  # rate of half that effect

    # fluid
    vp0: Annotated[Value, "L"]  # plasma volume at rest
    vi0: Annotated[Value, "L"]  # interstitial volume at rest
    cp0: Annotated[Value, "g/L"]  # albumin in plasma at rest
    ci0: Annotated[Value, "g/L"]  # albumin in the interstitium at rest
    ter0: Annotated[Value, "1/h"]  # share of plasma albumin that leaves in an hour at rest
    sigma0: Annotated[Value, "1"]  # how well a tight vessel reflects albumin
    kf: Annotated[Value, "L/h/mmHg"]  # filtration coefficient at rest
    pi1: Annotated[Value, "mmHg*L/g"]  # oncotic pressure of albumin with the globulins beside it
    a_sigma: Annotated[Value, "1"]  # how much reflection falls with permeability
    a_kf: Annotated[Value, "1"]  # how much filtration rises with permeability
    compliance: Annotated[Value, "L/mmHg"]  # interstitial volume by each mmHg
    pressure0: Annotated[Value, "mmHg"]  # interstitial pressure at rest
    pc_fixed: Annotated[Value, "1"]  # share of capillary pressure that plasma volume does not move
    lymph_slope: Annotated[Value, "1/mmHg"]  # rise of lymph flow with interstitial pressure
    lymph_least: Annotated[Value, "1"]  # least lymph flow, of that at rest
    lymph_most: Annotated[Value, "1"]  # most lymph flow, of that at rest
    syn: Annotated[Value, "g/h"]  # synthesis of albumin when it lacks
    urine0: Annotated[Value, "L/h"]  # urine at rest
    urine_least: Annotated[Value, "L/h"]  # least urine
    n_dry: Annotated[Value, "1"]  # how steeply urine falls with plasma volume
    n_full: Annotated[Value, "1"]  # how steeply urine rises with plasma volume
    insensible: Annotated[Value, "L/h"]  # water lost by skin and breath
    gut_loss: Annotated[Value, "L/h"]  # water lost by vomiting, diarrhoea and sweat with the drive
    fluid_ward: Annotated[Value, "L/h"]  # what a ward gives all day
    fluid_slope: Annotated[Value, "L/h/mmHg"]  # what it adds for each mmHg below the goal
    fluid_cap: Annotated[Value, "L/h"]  # most that it adds
    map_goal: Annotated[Value, "mmHg"]  # the pressure below which it adds

    # organs
    cr0: Annotated[Value, "mg/dL"]  # creatinine at rest
    cl_cr: Annotated[Value, "L/h"]  # clearance of creatinine at rest
    cr_space: Annotated[Value, "L/kg"]  # water in which creatinine is dissolved
    n_g: Annotated[Value, "1"]  # how steeply filtration falls with pressure
    r_g: Annotated[Value, "1"]  # how much filtration falls with permeability
    g_least: Annotated[Value, "1"]  # least filtration that creatinine sees
    k_injury: Annotated[Value, "1/h"]  # injury of the kidney by each share of filtration that lacks
    k_repair: Annotated[Value, "1/h"]  # repair of the kidney, half-life 3 days
    k_platelets: Annotated[Value, "1/h"]  # turnover of platelets
    c_platelets: Annotated[Value, "1/h"]  # loss of platelets at full activation
    platelets0: Annotated[Value, "G/L"]  # platelets at rest
    k_bilirubin: Annotated[Value, "1/h"]  # turnover of bilirubin
    g_bilirubin: Annotated[Value, "1"]  # how much its removal is slowed at full activation
    bilirubin0: Annotated[Value, "mg/dL"]  # bilirubin at rest
    k_fever: Annotated[Value, "1/h"]  # how fast temperature follows
    fever_most: Annotated[Value, "K"]  # highest fever
    fever_tnf50: Annotated[Value, "1"]  # tumour necrosis factor of half the fever
    burden_most: Annotated[Value, "h"]  # cumulative drive at which brain, gut or fatigue end a cycle

    # cells
    k_nk_out: Annotated[Value, "1/h"]  # NK cells leave the blood at full signal
    k_nk_back: Annotated[Value, "1/h"]  # NK cells return
    k_t_out: Annotated[Value, "1/h"]  # T cells leave the blood at full drive
    k_t_back: Annotated[Value, "1/h"]  # T cells return
    out_most: Annotated[Value, "1"]  # most that leave
    nk0: Annotated[Value, "/uL"]  # NK cells at rest
    cd8_0: Annotated[Value, "/uL"]  # effector cells at rest
    treg0: Annotated[Value, "/uL"]  # regulatory cells at rest
    other0: Annotated[Value, "/uL"]  # other lymphocytes at rest
    mu_nk: Annotated[Value, "1/h"]  # turnover of NK cells
    mu_cd8: Annotated[Value, "1/h"]  # turnover of effector cells
    mu_treg: Annotated[Value, "1/h"]  # turnover of regulatory cells
    mu_other: Annotated[Value, "1/h"]  # turnover of the other lymphocytes
    grow_nk: Annotated[Value, "1/h"]  # growth of NK cells at full activation
    grow_cd8: Annotated[Value, "1/h"]  # growth of effector cells at full activation
    grow_treg: Annotated[Value, "1/h"]  # growth of regulatory cells at full activation
    grow_other: Annotated[Value, "1/h"]  # growth of the other lymphocytes at full activation
    cap_nk: Annotated[Value, "1"]  # most NK cells, of those at rest
    cap_cd8: Annotated[Value, "1"]  # most effector cells, of those at rest
    cap_treg: Annotated[Value, "1"]  # most regulatory cells, of those at rest
    contraction: Annotated[Value, "1/h"]  # death of cells above the resting number once activation is gone
    k_il5: Annotated[Value, "1/h"]  # turnover of interleukin-5, half-life 60 h
    k_eosinophils: Annotated[Value, "1/h"]  # turnover of eosinophils, half-life 30 h
    g_eosinophils: Annotated[Value, "1"]  # rise of eosinophils
    eosinophils0: Annotated[Value, "/uL"]  # eosinophils at rest

    # tumour
    grow_tumour: Annotated[Value, "1/h"]  # growth of the tumour's volume, net of natural immunity
    kappa: Annotated[Value, "1/h"]  # kill by each unit of effectors
    kill_half: Annotated[Value, "mL"]  # tumour volume at which the kill is half saturated
    rho: Annotated[Value, "1/h"]  # recruitment of effectors
    d_effectors: Annotated[Value, "1/h"]  # loss of effectors
    omega: Annotated[Value, "1"]  # how much regulatory cells damp recruitment
    eta: Annotated[Value, "mL"]  # tumour volume of half the recruitment
    residual: Annotated[Value, "1"]  # how far what is left is held when little is left, of its growth
    residual_half: Annotated[Value, "mL"]  # the volume at which that kill is half
    tumour0: Annotated[Value, "mL"]  # volume of all target lesions at the start
    tumour_least: Annotated[Value, "mL"]  # one cell: below it the tumour is gone
    new_rate: Annotated[Value, "1/h"]  # hazard of a visible new lesion at the typical burden
    new_power: Annotated[Value, "1"]  # how that hazard follows the volume
    new_reference: Annotated[Value, "mL"]  # the typical burden


def unit_of(kind: type, name: str) -> str:
    """The unit of a field, from its annotation."""
    return str(get_args(get_type_hints(kind, include_extras=True)[name])[1])
