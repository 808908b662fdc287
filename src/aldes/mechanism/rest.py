"""A patient at rest: what must hold for nothing to change before the first dose, solved rather than set."""

from typing import Annotated, NamedTuple

from aldes.mechanism.functions import Value, log
from aldes.mechanism.parameters import Params
from aldes.mechanism.state import Given, State


class Rest(NamedTuple):
    """Quantities that follow from the parameters once the resting patient is in balance."""

    lymph: Annotated[Value, "L/h"]
    capillary: Annotated[Value, "mmHg"]  # pressure in the capillary
    diffusion: Annotated[Value, "L/h"]  # permeability times surface of albumin
    albumin: Annotated[Value, "g"]  # in plasma


def at_rest(p: Params) -> Rest:
    """The balance of water and albumin: what leaves the vessels comes back with the lymph."""
    across = p.cp0 - p.ci0
    escaped = p.ter0 * p.cp0 * p.vp0
    lymph = escaped / p.ci0
    return Rest(
        lymph=lymph,
        capillary=p.pressure0 + p.sigma0 * p.pi1 * across + lymph / p.kf,
        diffusion=(escaped - (1 - p.sigma0) * lymph * (p.cp0 + p.ci0) / 2) / across,
        albumin=p.cp0 * p.vp0,
    )


def resting(p: Params) -> State:
    """The state before the first dose; fields are broadcast by whoever solves."""
    return State(
        central=0.0,
        peripheral=0.0,
        depot=0.0,
        passage=0.0,
        exposure=0.0,
        cd25=1.0,
        activation=0.0,
        tnf=1.0,
        induced=0.0,
        released=0.0,
        ifn=0.0,
        dilation=0.0,
        nitrate=1.0,
        leak=1.0,
        scar=0.0,
        plasma=p.vp0,
        interstitium=p.vi0,
        plasma_albumin=p.cp0 * p.vp0,
        interstitial_albumin=p.ci0 * p.vi0,
        creatinine=p.cr0,
        injury=0.0,
        platelets=p.platelets0,
        bilirubin=p.bilirubin0,
        fever=0.0,
        nk_out=0.0,
        t_out=0.0,
        nk=p.nk0,
        cd8=p.cd8_0,
        treg=p.treg0,
        other=p.other0,
        il5=0.0,
        eosinophils=p.eosinophils0,
        burden=0.0,
        effectors=0.0,
        log_tumour=log(p.tumour0),
        new_lesions=0.0,
    )


def untreated(p: Params) -> Given:
    """A patient who drinks what is lost, without the drug and without a vasopressor."""
    return Given(infusion=0.0, injection=0.0, fluid=p.urine0 + p.insensible, pressor=0.0)
