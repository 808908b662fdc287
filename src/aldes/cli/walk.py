"""Walk the bundled patients: the main job on real input, with embedded defaults."""

import json
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

from aldes import ward
from aldes.cli.paper import page
from aldes.errors import AldesError
from aldes.exchange import read
from aldes.protocols.read import read as read_protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundled:
    """A patient that ships with the program: a bundle, and the instant and protocol it is asked with."""

    name: str
    bundle: bytes
    now: datetime
    protocol: str


def bundled() -> Iterator[Bundled]:
    """The bundled patients, in the order of their names."""
    with as_file(files("aldes").joinpath("patients")) as folder:
        for each in sorted(folder.iterdir()):
            if (each / "case.toml").is_file():
                case = tomllib.loads((each / "case.toml").read_text(encoding="utf-8"))
                bundle = (each / "bundle.json").read_bytes()
                yield Bundled(name=each.name, bundle=bundle, now=case["now"], protocol=case["protocol"])


def answer(patient: Bundled, protocol: str, site: str | None) -> dict[str, Any]:
    """The decision document of a bundled patient."""
    reading = read(patient.bundle, now=patient.now)
    not_used = [
        {"where": each.where, "what": each.what, "why": each.why, "count": each.count} for each in reading.not_used
    ]
    resolved = read_protocol(protocol, site)
    return ward.answer(
        reading.events, resolved, patient.now, patient=patient.name, not_used=not_used, alert=reading.alert
    )


def walk_patients(site: str | None, as_json: bool) -> None:
    """Print each bundled patient's decision; on a terminal, let the reader look on under another protocol."""
    patients = list(bundled())
    documents = [answer(each, each.protocol, site) for each in patients]
    if as_json:
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    for document in documents:
        _show(document)
    print(_table(documents))
    if sys.stdin.isatty() and sys.stdout.isatty():
        _look_on(patients, site)


def _show(document: dict[str, Any]) -> None:
    print(f"━━ {document['id'].replace('-', ' ')} ".ljust(100, "━"))
    print(page(document))


def _table(documents: list[dict[str, Any]]) -> str:
    return "\n".join(["━━ all patients ".ljust(100, "━"), *map(_line, documents)])


def _line(document: dict[str, Any]) -> str:
    rows = ", ".join(each["row"] for each in document["because"][:4])
    return f"  {document['id']:<28} {document['words']:<32} {rows}"


def _look_on(patients: list[Bundled], site: str | None) -> None:
    """Ask for a patient and a protocol until the reader presses return."""
    by_name = {each.name: each for each in patients}
    print("\nLook on: type a patient's name and one of us-label-2023, consensus-2014, institution-2015; return ends.")
    while words := input("> ").split():
        patient = by_name.get(words[0])
        if patient is None:
            print(f"No bundled patient is called '{words[0]}'; there are {', '.join(by_name)}.")
            continue
        try:
            _show(answer(patient, words[1] if len(words) > 1 else patient.protocol, site))
        except AldesError as fault:
            print(fault)
