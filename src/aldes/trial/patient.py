"""One virtual patient as a file describes him or her: body, protocol, regimen, and parameters of one's own."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aldes.errors import ModelError, nearest
from aldes.mechanism.parameters import Params
from aldes.mechanism.population import checked, draw, typical
from aldes.mechanism.read import DEFAULT_SET
from aldes.trial.design import Arm, parse

_KEYS = {
    *("id", "words", "weight_kg", "protocol", "site", "regimen", "parameters", "values", "assumed", "stops", "seed"),
    *("number", "days"),
}
LONGEST_DAYS, USUAL_DAYS = 730, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """The patient, the arm that he or she is nursed in, and for how many days."""

    id: str
    params: Params
    arm: Arm
    seed: int
    number: int  # of a virtual patient of this seed; it also keys the chance of measuring
    days: int


def read_patient(path: Path) -> Patient:
    """The patient of a JSON file.

    Raises
    ------
    ModelError, DoseError, ProtocolError
        In one sentence: what came, what is accepted.
    """
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as fault:
        raise ModelError(f"The patient '{path.name}' cannot be read: {type(fault).__name__}.") from None
    except json.JSONDecodeError as fault:
        raise ModelError(f"{path.name} is no JSON: {fault.msg} in line {fault.lineno}.") from None
    if not isinstance(table, dict):
        raise ModelError(f'{path.name}: a patient is an object, like {{"weight_kg": 70, "protocol": "nci-2001"}}.')
    return patient(table, path.name, path.parent)


def patient(table: Mapping[str, Any], file: str, folder: Path = Path()) -> Patient:
    """The patient of a table; files that it names lie in `folder`; see `read_patient`."""
    for key in table:
        if key not in _KEYS:
            raise ModelError(
                f"{file}: '{key}' is not known; there are {', '.join(sorted(_KEYS))}.{nearest(key, _KEYS)}"
            )
    arm = _arm(table, file, folder)
    number = _whole(table, "number", file, 0, 10**9, default=-1)
    return Patient(
        id=str(table.get("id", "typical patient" if number < 0 else f"virtual patient {number}")),
        params=_params(table, number, file),
        arm=arm,
        seed=_whole(table, "seed", file, 0, 2**32, default=1),
        number=max(number, 0),
        days=_whole(table, "days", file, 1, LONGEST_DAYS, default=USUAL_DAYS),
    )


def _arm(table: Mapping[str, Any], file: str, folder: Path) -> Arm:
    """The arm is read as one of a design, so that both are refused in the same words."""
    own = {key: table[key] for key in ("protocol", "site", "regimen", "parameters", "stops") if key in table}
    lines = ['[trial]\nid = "one"\npatients = 1\n[[arm]]\nid = "one"']
    lines += [f"{key} = {json.dumps(value)}" for key, value in own.items()]
    assumed = table.get("assumed", {})
    if not isinstance(assumed, Mapping):
        raise ModelError(f"{file}: assumed is an object of findings and values.")
    lines += ["[assumed]", *(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in assumed.items())]
    return parse("\n".join(lines), file, folder).arms[0]


def _params(table: Mapping[str, Any], number: int, file: str) -> Params:
    values = table.get("values", {})
    if not isinstance(values, Mapping) or not all(_is_number(each) for each in values.values()):
        raise ModelError(f"{file}: values is an object of parameters and numbers.")
    set_name = str(table.get("parameters", DEFAULT_SET))
    if number < 0:
        weight = table.get("weight_kg", 80)
        if not _is_number(weight):
            raise ModelError(f"{file}: weight_kg came as {weight!r}; a number of kilograms is wanted.")
        return typical(weight_kg=float(weight), set_name=set_name, values=values)
    if "weight_kg" in table:
        raise ModelError(f"{file}: a virtual patient has a weight of his or her own; leave out weight_kg or number.")
    drawn = draw([str(number)], _whole(table, "seed", file, 0, 2**32, default=1), set_name)[0]
    return drawn._replace(**checked(values))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(table: Mapping[str, Any], key: str, file: str, least: int, most: int, *, default: int) -> int:
    found = table.get(key, default)
    if found == default:
        return default
    if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
        raise ModelError(f"{file}: {key} came as {found!r}; a whole number from {least} to {most} is wanted.")
    return found
