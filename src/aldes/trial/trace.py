"""One patient hour by hour: the model's state, what the ward did, and every slot with its reason."""

from dataclasses import dataclass

import numpy as np

from aldes.mechanism.course import run
from aldes.mechanism.follow import slow
from aldes.mechanism.model import signals, vessels
from aldes.mechanism.parameters import Params
from aldes.mechanism.regimen import NMOL_PER_IU
from aldes.mechanism.rest import resting, untreated
from aldes.mechanism.solve import advance, advance_slow, spread_out
from aldes.mechanism.state import State
from aldes.questions.arrays import DECISIONS
from aldes.trial.arm import AFTER_LAST_DOSE_H
from aldes.trial.chart import Numbers
from aldes.trial.follow import SLOW_STEP_H, diameter
from aldes.trial.measuring import RESTING_TEMPERATURE
from aldes.trial.nurse import Nurse
from aldes.trial.patient import Patient

EVERY_H = 1.0
ML_PER_L = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotShown:
    """One slot of the course: what was decided, and the rows that held."""

    cycle: int
    number: int
    hour: float
    decision: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """Columns of equal length by name with their unit: a place an hour, and after the ward one every half day."""

    patient: Patient
    hours: Numbers
    columns: dict[str, Numbers]
    slots: tuple[SlotShown, ...]
    charted: dict[str, tuple[Numbers, Numbers]]  # finding → hours and values
    care: tuple[str, ...]  # rows of care that nobody could carry out exactly: they are advice


def trace(patient: Patient) -> Trace:
    """Nurse one patient through the regimen and follow the tumour to the last day."""
    arm, p = patient.arm, patient.params
    ward = Nurse(
        arm.protocol,
        arm.regimen,
        arm.rules,
        seed=patient.seed,
        numbers=range(patient.number, patient.number + 1),
        confirming=arm.confirming,
    )
    until_h = min(24.0 * patient.days, max(dose.start_h for dose in arm.regimen.doses) + AFTER_LAST_DOSE_H)
    rows, hours, states = [], [], []
    for hour, y in run(spread_out(resting(p), 1), p, arm.regimen, ward, advance, until_h=until_h, every_h=EVERY_H):
        rows.append(_shown(y, p, float(ward.caring.pressor[0])))
        hours.append(hour)
        states.append(y)
    last = states[-1]
    now, hour = slow(last), until_h
    while hour + SLOW_STEP_H <= 24.0 * patient.days:
        now = advance_slow(now, p, SLOW_STEP_H, SLOW_STEP_H)
        hour += SLOW_STEP_H
        rows.append(_shown(last._replace(**now._asdict()), p, 0.0) | _AFTER)
        hours.append(hour)
    return Trace(
        patient=patient,
        hours=np.array(hours),
        columns={name: np.array([row[name] for row in rows]) for name in rows[0]},
        slots=tuple(_slots(ward)),
        charted={name: _one(ward, name) for name in ward.chart.findings()},
        care=ward.caring.advised,
    )


def _shown(y: State, p: Params, pressor: float) -> dict[str, float]:
    """What the picture and the table show, each in the unit that its name ends with."""
    pressure = vessels(y, p, untreated(p)._replace(pressor=pressor)).map
    concentration = signals(y, p).concentration
    blood = y.nk * (1 - y.nk_out) + (y.cd8 + y.treg + y.other) * (1 - y.t_out)
    found = {
        "interleukin_2_iu_per_ml": concentration / NMOL_PER_IU / ML_PER_L,
        "activation": y.activation,
        "nk_per_ul": y.nk,
        "cd8_per_ul": y.cd8,
        "treg_per_ul": y.treg,
        "lymphocytes_in_blood_per_ul": blood,
        "tnf_fold": y.tnf,
        "ifn_gamma_drive": y.ifn,
        "leak_fold": y.leak,
        "mean_pressure_mmhg": pressure,
        "phenylephrine_ug_per_kg_min": pressor,
        "weight_kg": p.weight + y.plasma - p.vp0 + y.interstitium - p.vi0,
        "albumin_g_per_l": y.plasma_albumin / y.plasma,
        "creatinine_mg_per_dl": y.creatinine,
        "platelets_thousand_per_ul": y.platelets,
        "bilirubin_mg_per_dl": y.bilirubin,
        "temperature_c": RESTING_TEMPERATURE + y.fever,
        "tumour_ml": np.exp(y.log_tumour),
        "sum_of_diameters_mm": diameter(np.exp(np.asarray(y.log_tumour))),
    }
    return {name: float(np.ravel(value)[0]) for name, value in found.items()}


_AFTER = {  # what has gone back to rest when only cells and tumour are followed
    name: float("nan")
    for name in (
        *("interleukin_2_iu_per_ml", "lymphocytes_in_blood_per_ul", "tnf_fold", "ifn_gamma_drive", "leak_fold"),
        *("mean_pressure_mmhg", "phenylephrine_ug_per_kg_min", "weight_kg", "albumin_g_per_l"),
        *("creatinine_mg_per_dl", "platelets_thousand_per_ul", "bilirubin_mg_per_dl", "temperature_c"),
    )
}


def _slots(ward: Nurse) -> list[SlotShown]:
    found = []
    for slot in ward.record.slots:
        if slot.closed[0]:
            rows = tuple(row for row, who in slot.rows.items() if who[0])
            decision = DECISIONS[int(slot.decision[0])]
            found.append(SlotShown(cycle=slot.cycle, number=slot.number, hour=slot.hour, decision=decision, rows=rows))
    return found


def _one(ward: Nurse, finding: str) -> tuple[Numbers, Numbers]:
    series = ward.chart.series(finding)
    there = ~np.isnan(series.values[:, 0])
    return series.hours[there], series.values[there, 0]
