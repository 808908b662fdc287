"""What the model keeps of a patient from moment to moment, and what the ward does to the patient.

Units are annotations; `tests/mechanism/test_units.py` checks them by pretending to measure in other units.
"""

from typing import Annotated, NamedTuple

from aldes.mechanism.functions import Value


class State(NamedTuple):
    """All states; every field is a float or has one place a patient."""

    central: Annotated[Value, "nmol"]  # drug in plasma
    peripheral: Annotated[Value, "nmol"]  # drug in tissue
    depot: Annotated[Value, "nmol"]  # drug under the skin, as far as it will be absorbed
    passage: Annotated[Value, "nmol"]  # of it on the way through lymph
    exposure: Annotated[Value, "nmol*h/L"]  # area under the concentration since the first dose
    cd25: Annotated[Value, "1"]  # high-affinity receptors on T and NK cells, 1 at rest
    activation: Annotated[Value, "1"]  # memory of the drug in lymphocytes, 0 to 1
    tnf: Annotated[Value, "1"]  # tumour necrosis factor, 1 at rest
    induced: Annotated[Value, "1"]  # on the way to interferon-gamma: the lag
    released: Annotated[Value, "1"]  # the second half of that lag
    ifn: Annotated[Value, "1"]  # interferon-gamma and interleukin-6, 0 at rest
    dilation: Annotated[Value, "1"]  # what opens the vessels, 0 at rest
    nitrate: Annotated[Value, "1"]  # serum nitrate, 1 at rest
    leak: Annotated[Value, "1"]  # capillary permeability, 1 at rest
    scar: Annotated[Value, "1"]  # vascular injury that outlives the cycle, 0 at rest
    plasma: Annotated[Value, "L"]
    interstitium: Annotated[Value, "L"]
    plasma_albumin: Annotated[Value, "g"]
    interstitial_albumin: Annotated[Value, "g"]
    creatinine: Annotated[Value, "mg/dL"]
    injury: Annotated[Value, "1"]  # share of the kidney's filtration that is lost until repaired
    platelets: Annotated[Value, "G/L"]
    bilirubin: Annotated[Value, "mg/dL"]
    fever: Annotated[Value, "K"]  # temperature above the resting one
    nk_out: Annotated[Value, "1"]  # share of NK cells that left the blood
    t_out: Annotated[Value, "1"]  # share of T cells that left the blood
    nk: Annotated[Value, "/uL"]
    cd8: Annotated[Value, "/uL"]  # effector cells
    treg: Annotated[Value, "/uL"]
    other: Annotated[Value, "/uL"]  # the other lymphocytes
    il5: Annotated[Value, "1"]
    eosinophils: Annotated[Value, "/uL"]
    burden: Annotated[Value, "h"]  # cumulative drive of this cycle: stands for brain, gut and fatigue
    effectors: Annotated[Value, "1"]  # killing cells that the drug brought about, 0 at rest
    log_tumour: Annotated[Value, "ln mL"]  # natural logarithm of the volume of all target lesions
    new_lesions: Annotated[Value, "1"]  # cumulative hazard of a visible new lesion


class Slow(NamedTuple):
    """The states that go on when the others are back at rest; names and units as in `State`."""

    cd25: Annotated[Value, "1"]
    activation: Annotated[Value, "1"]
    nk: Annotated[Value, "/uL"]
    cd8: Annotated[Value, "/uL"]
    treg: Annotated[Value, "/uL"]
    other: Annotated[Value, "/uL"]
    effectors: Annotated[Value, "1"]
    log_tumour: Annotated[Value, "ln mL"]
    new_lesions: Annotated[Value, "1"]


class Given(NamedTuple):
    """What the ward does, constant until it does something else: the hooks of the virtual nurse."""

    infusion: Annotated[Value, "nmol/h"]  # drug into a vein
    injection: Annotated[Value, "nmol/h"]  # drug into the depot under the skin, times what is absorbed of it
    fluid: Annotated[Value, "L/h"]  # all that is drunk and infused
    pressor: Annotated[Value, "ug/kg/min"]  # phenylephrine, or as much as acts like it
