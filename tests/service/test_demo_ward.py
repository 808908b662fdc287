"""The demo ward: every bundled patient of a ward, at the point of the course where the bundle stands, now."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aldes.course.journal import MemoryJournal
from aldes.course.keeping import Kind
from aldes.errors import InputError, ProtocolError
from aldes.exchange.bundled import bundled
from aldes.service.access import Gate
from aldes.service.demo import NAMES, READY, RUNNING, moved, populate
from aldes.ward import Ward

NOW = datetime(2026, 6, 5, 14, 35, tzinfo=UTC)


@pytest.fixture(scope="module")
def ward():
    found = Ward(MemoryJournal(Kind.DEMO), protocol="us-label-2023", site="demo", clock=lambda: NOW)
    populate(found, Gate(found, found.clock))
    return found


def test_every_bundled_patient_of_a_ward_is_there_and_registered(ward):
    names = [each.name for each in bundled()]
    assert list(ward.courses()) == names
    for name in names:
        course = ward.course(name)
        assert course.patient.identifiers == (("urn:aldes:demo", name),)
        assert course.pins.protocol == "us-label-2023"


def test_named_people_with_roles_are_there(ward):
    assert {each.name: each.role for each in ward.people().values()} == NAMES


def expectations():
    """What clinicians wrote of each bundled patient under the ward's protocol."""
    for patient in bundled():
        case = tomllib.loads(Path("src/aldes/patients", patient.name, "case.toml").read_text(encoding="utf-8"))
        for each in case["expect"]:
            if each["protocol"] == "us-label-2023":
                yield patient.name, each["decision"]


@pytest.mark.parametrize(("name", "decision"), [*expectations()])
def test_the_decision_is_the_one_that_clinicians_wrote(ward, name, decision):
    """Moved in time, and with weight and target settled by two people, the answer of each patient stays."""
    if name == RUNNING and decision == "give":
        decision = "hold"  # its dose runs: the next one is too early
    assert ward.decision(name)["decision"] == decision


def test_one_has_its_go_and_its_bag_and_one_runs(ward):
    ready, running = ward.course(READY), ward.course(RUNNING)
    assert (ready.go is not None, len(ready.bags), ready.infusing) == (True, 1, None)
    assert running.infusing is not None


def test_instants_move_together_and_days_stay():
    patient = next(iter(bundled()))
    text = moved(patient, patient.now + timedelta(days=400, minutes=7)).decode()
    assert '"birthDate": "' in text
    assert text.count("T") == patient.bundle.decode().count("T")
    again = moved(patient, patient.now)
    assert again.decode().count("2026-") == patient.bundle.decode().count("2026-")


def test_the_ward_is_served_on_this_machine_alone():
    from aldes.cli.serve import Serving, serve

    with pytest.raises(InputError, match="this machine alone"):
        serve(Serving(host="0.0.0.0", port=1, store="x", protocol="us-label-2023", site=None, anchor=None, demo=False))  # noqa: S104


def test_at_the_bedside_no_protocol_is_a_default():
    from aldes.cli.app import parser

    given = parser().parse_args(["serve"])
    with pytest.raises(ProtocolError, match="no protocol is a default"):
        given.run(given)


def test_a_demo_record_never_takes_the_place_of_a_live_one(tmp_path):
    """Hazard H87."""
    from aldes.cli.serve import _lay_anew
    from aldes.errors import JournalError
    from aldes.journals import open_journal

    path = tmp_path / "ward.db"
    open_journal(str(path), Kind.LIVE).close()
    with pytest.raises(JournalError, match="This is a live record"):
        _lay_anew(str(path))
    assert path.exists()
