"""One virtual patient on the terminal, as a table and as a picture."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aldes.cli.outputs import picture_path, table_path
from aldes.cli.tables import write_table
from aldes.errors import AldesError

try:
    import numpy as np

    from aldes.mechanism.ensemble import first_sets, varied
    from aldes.trial.header import header
    from aldes.trial.patient import read_patient
    from aldes.trial.trace import Trace, trace
except ModuleNotFoundError as missing:
    raise AldesError(f"A simulation needs {missing.name}; run: pip install 'aldes[lab]'.") from None


UNSURE = "uncertainty of the parameters; that of the equations is not in it"


def simulate(file: str, plot: str | None, table: str | None, ensemble: int, *, as_json: bool) -> None:
    """Nurse the patient of a file through the regimen; print every slot, write table and picture where asked for."""
    patient, picture, hours = read_patient(Path(file)), picture_path(plot), table_path(table)
    sets = first_sets(ensemble) if ensemble else ()
    found = trace(patient)
    others = [shown(trace(replace(patient, params=varied(patient.params, each.factors)))) for each in sets]
    if hours:
        write_table(hours, {"hour": found.hours, **found.columns})
    if picture:
        from aldes.trial.pictures import draw_trace

        draw_trace(found, picture)
    if as_json:
        print(json.dumps(_document(found) | {"ensemble": _ranges(others)}, ensure_ascii=False, indent=2))
    else:
        print("\n".join([*_page(found), *_ensemble(found, others)]))


def _page(found: Trace) -> Iterator[str]:
    arm = found.patient.arm
    yield f"{found.patient.id}, {found.patient.params.weight:g} kg: a simulation, no real patient and no forecast"
    yield from (f"  {line}" for line in header(arm, found.care))
    for each in found.slots:
        why = f"  {', '.join(each.rows)}" if each.rows else ""
        yield f"cycle {each.cycle}, slot {each.number:>2}, hour {each.hour:>5g}  {each.decision:<12}{why}"
    given = sum(each.decision == "give" for each in found.slots)
    yield f"{given} of {len(found.slots)} doses given; the last sum of diameters is {_last(found):.0f} mm"


def shown(found: Trace) -> dict[str, float]:
    """The endpoints of one patient, by what they are."""
    return {
        "doses given": sum(each.decision == "give" for each in found.slots),
        "lowest mean pressure, mmHg": float(np.nanmin(found.columns["mean_pressure_mmhg"])),
        "highest creatinine, mg/dL": float(np.nanmax(found.columns["creatinine_mg_per_dl"])),
        "most weight, kg": float(np.nanmax(found.columns["weight_kg"])),
        "last sum of diameters, mm": _last(found),
    }


def _ranges(others: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    names = others[0] if others else {}
    return {name: (min(each[name] for each in others), max(each[name] for each in others)) for name in names}


def _ensemble(found: Trace, others: Sequence[Mapping[str, float]]) -> Iterator[str]:
    if others:
        yield f"with {len(others)} other sets of parameters, least to most: {UNSURE}"
    own = shown(found)
    for name, (least, most) in _ranges(others).items():
        yield f"  {name:<28}{own[name]:>8.3g}   {least:.3g} to {most:.3g}"


def _last(found: Trace) -> float:
    return float(found.columns["sum_of_diameters_mm"][-1])


def _document(found: Trace) -> dict[str, Any]:
    return {
        "id": found.patient.id,
        "header": list(header(found.patient.arm, found.care)),
        "slots": [
            {name: getattr(each, name) for name in ("cycle", "number", "hour", "decision", "rows")}
            for each in found.slots
        ],
        "sum_of_diameters_mm": _last(found),
    }
