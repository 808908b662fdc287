"""Walk the bundled patients: the main job on real input, with embedded defaults."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from aldes import ward
from aldes.cli.assess import brief
from aldes.cli.paper import page
from aldes.errors import AldesError
from aldes.exchange import read
from aldes.exchange.bundled import ASSESS, NEXT_DOSE, Bundled, bundled
from aldes.protocols.read import read as read_protocol

Document = dict[str, Any]


def answer(patient: Bundled, protocol: str, site: str | None) -> Document:
    """The decision document of a bundled patient; of one who is asked about before a course, the assessment."""
    asked = as_asked(patient, protocol, site)
    if patient.ask == ASSESS:
        return ward.assess(asked)
    return ward.answer(
        asked.events, asked.protocol, asked.now, patient=asked.patient, not_used=asked.not_used, alert=asked.alert
    )


def as_asked(patient: Bundled, protocol: str, site: str | None) -> ward.Asked:
    """What is asked about a bundled patient, read from the bundle."""
    reading = read(patient.bundle, now=patient.now)
    not_used = tuple(
        {"where": each.where, "what": each.what, "why": each.why, "count": each.count} for each in reading.not_used
    )
    return ward.Asked(
        events=reading.events,
        protocol=read_protocol(protocol, site),
        now=patient.now,
        patient=patient.name,
        not_used=not_used,
        alert=reading.alert,
    )


def walk_patients(site: str | None, as_json: bool) -> None:
    """Print each bundled patient's decision or verdict; on a terminal, let the reader look on."""
    patients = [*bundled(NEXT_DOSE), *bundled(ASSESS)]
    documents = [answer(each, each.protocol, site) for each in patients]
    if as_json:
        print(json.dumps(documents, ensure_ascii=False, indent=2))
        return
    for document in documents:
        _show(document)
    print("\n".join(_table(patients, documents, site)))
    if sys.stdin.isatty() and sys.stdout.isatty():
        _look_on(patients, site)


def _show(document: Document) -> None:
    print(_title(document["id"].replace("-", " ")))
    print("\n".join(brief(document)) + "\n" if "verdict" in document else page(document))


def _title(words: str) -> str:
    return f"━━ {words} ".ljust(100, "━")


def _table(patients: list[Bundled], documents: list[Document], site: str | None) -> Iterator[str]:
    """Each patient in a line; under it a line for each other protocol that is expected to say something else."""
    yield _title("all patients, before the next dose")
    titled = False
    for patient, document in zip(patients, documents, strict=True):
        if patient.ask == ASSESS and not titled:
            yield _title("all patients, before a course")
            titled = True
        yield _line(document["id"], document)
        for other in patient.others:
            yield _line(f"  under {other}", answer(patient, other, site))


def _line(words: str, document: Document) -> str:
    rows = [each if isinstance(each, str) else each["row"] for each in document["because"]]
    more = f" and {len(rows) - 4} more" if len(rows) > 4 else ""
    return f"  {words:<28} {document['words']:<34} {', '.join(rows[:4])}{more}"


def _look_on(patients: list[Bundled], site: str | None) -> None:
    """Ask for a patient and a protocol until the reader presses return."""
    by_name = {each.name: each for each in patients}
    print("\nLook on: type a patient's name and a protocol, such as us-label-1992 or consensus-2014; return ends.")
    while words := input("> ").split():
        patient = by_name.get(words[0])
        if patient is None:
            print(f"No bundled patient is called '{words[0]}'; there are {', '.join(by_name)}.")
            continue
        try:
            _show(answer(patient, words[1] if len(words) > 1 else patient.protocol, site))
        except AldesError as fault:
            print(fault)
