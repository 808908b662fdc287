"""One virtual patient on the terminal, as a table and as a picture."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aldes.cli.tables import write_table
from aldes.errors import AldesError

try:
    from aldes.trial.header import header
    from aldes.trial.patient import read_patient
    from aldes.trial.trace import Trace, trace
except ModuleNotFoundError as missing:
    raise AldesError(f"A simulation needs {missing.name}; run: pip install 'aldes[lab]'.") from None


def simulate(file: str, plot: str | None, table: str | None, as_json: bool) -> None:
    """Nurse the patient of a file through the regimen; print every slot, write table and picture where asked for."""
    found = trace(read_patient(Path(file)))
    if table:
        write_table(Path(table), {"hour": found.hours, **found.columns})
    if plot:
        from aldes.trial.pictures import draw_trace

        draw_trace(found, Path(plot))
    if as_json:
        print(json.dumps(_document(found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_page(found)))


def _page(found: Trace) -> Iterator[str]:
    arm = found.patient.arm
    yield f"{found.patient.id}, {found.patient.params.weight:g} kg: a simulation, no real patient and no forecast"
    yield from (f"  {line}" for line in header(arm, found.care))
    for each in found.slots:
        why = f"  {', '.join(each.rows)}" if each.rows else ""
        yield f"cycle {each.cycle}, slot {each.number:>2}, hour {each.hour:>5g}  {each.decision:<12}{why}"
    given = sum(each.decision == "give" for each in found.slots)
    yield f"{given} of {len(found.slots)} doses given; the last sum of diameters is {_last(found):.0f} mm"


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
