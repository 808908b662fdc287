"""A demo ward: the bundled patients at different points of their courses, moved in time so that now is now."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from aldes.course.patient import Patient
from aldes.course.people import Person, Role
from aldes.exchange import read
from aldes.exchange.bundled import Bundled, bundled
from aldes.service.access import Gate
from aldes.ward import Signature, Ward
from aldes.ward.acts import Act, Go, OpenCourse, PinTarget, PinWeight, Prepare, Register, Start, TakeOver

SECRET = "aldes-demo"  # noqa: S105  (printed at the start, of people who do not exist)
NAMES = {
    "physician A": Role.PHYSICIAN,
    "pharmacist A": Role.PHARMACIST,
    "nurse A": Role.NURSE,
    "nurse B": Role.NURSE,
    "reader A": Role.READER,
}
READY, RUNNING = "well-before-dose-6", "cycle-2-after-rest"  # one has its go and its bag, the other runs where it may
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """The people of the demo ward."""

    physician: Person
    pharmacist: Person
    nurse: Person
    other_nurse: Person


def populate(ward: Ward, gate: Gate) -> Staff:
    """Enrol the people and bring in every bundled patient who is on a ward."""
    ids = {name: gate.enrol(name, role, SECRET, "demo") for name, role in NAMES.items()}
    people = gate.people()
    staff = Staff(
        physician=people[ids["physician A"]],
        pharmacist=people[ids["pharmacist A"]],
        nurse=people[ids["nurse A"]],
        other_nurse=people[ids["nurse B"]],
    )
    for patient in bundled():
        _bring_in(ward, patient, staff)
    return staff


def moved(patient: Bundled, now: datetime) -> bytes:
    """The patient's bundle with every instant moved by as much as lies between its own now and this one."""
    by = now - patient.now
    text = patient.bundle.decode("utf-8")
    return _TIME.sub(lambda match: _later(match[0], by), text).encode("utf-8")


def _later(text: str, by: timedelta) -> str:
    at = datetime.fromisoformat(text)
    return (at + by).isoformat()


def _bring_in(ward: Ward, patient: Bundled, staff: Staff) -> None:
    """One patient: the record taken over, registered, the course opened, weight and target settled."""
    now = ward.clock()
    bundle = moved(patient, now)
    for act, person, second in _acts(ward, patient, bundle, now, staff):
        ward.perform(patient.name, act, Signature(person=person, second=second))
    if patient.name in (READY, RUNNING):
        _prepare(ward, patient.name, staff)


def _acts(
    ward: Ward, patient: Bundled, bundle: bytes, now: datetime, staff: Staff
) -> Iterator[tuple[Act, Person, Person | None]]:
    reading = read(bundle, now=now)
    yield TakeOver(events_read=reading.events), staff.nurse, None
    yield Register(patient=_identity(json.loads(bundle))), staff.nurse, None
    yield OpenCourse(why="demo: selection was done elsewhere"), staff.physician, None
    course = ward.course(patient.name)
    for name, act in (("dosing_weight", PinWeight), ("systolic_target", PinTarget)):
        entries = course.entries.get(name, ())
        if entries and isinstance(value := entries[-1].valid, Decimal):
            if act is PinWeight:
                yield PinWeight(kg=value, why="demo: as the referral says"), staff.physician, staff.pharmacist
            else:
                yield PinTarget(mmhg=value), staff.physician, None


def _prepare(ward: Ward, id: str, staff: Staff) -> None:
    """Where the decision gives: the go and a bag; of the second one the dose runs."""
    if ward.decision(id)["decision"] != "give":
        return
    ward.perform(id, Go(), Signature(person=staff.physician))
    ward.perform(id, Prepare(), Signature(person=staff.pharmacist, second=staff.nurse))
    if id == RUNNING:
        bag = next(iter(ward.course(id).bags))
        ward.perform(id, Start(bag=bag), Signature(person=staff.nurse, second=staff.other_nurse))


def _identity(bundle: dict[str, Any]) -> Patient:
    """Who the bundle is about, by its Patient resource."""
    told = next(each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "Patient")
    name = told["name"][0]
    return replace(
        Patient(
            family=name["family"],
            given=" ".join(name["given"]),
            born=date.fromisoformat(told["birthDate"]),
            identifiers=(),
        ),
        identifiers=tuple((each["system"], each["value"]) for each in told["identifier"]),
    )
