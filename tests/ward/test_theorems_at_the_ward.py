"""Doubt never permits: over the bundled patients, entry by entry."""

import random
import tomllib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import builders as b
import pytest

from aldes import ward
from aldes.administration.decision import Word
from aldes.course.events import AnyEvent, FindingCharted
from aldes.course.fold import replay
from aldes.exchange import read as read_record
from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Kind, Worse

PATIENTS = sorted(path.parent.name for path in Path(str(files("aldes").joinpath("patients"))).glob("*/bundle.json"))
PERMISSIVE = [Word.STOP, Word.HOLD, Word.INSUFFICIENT, Word.GIVE]
SAMPLE = 6  # entries a patient and protocol; each costs a replay

every_case = pytest.mark.parametrize(
    ("patient", "protocol"), [(patient, protocol) for patient in PATIENTS for protocol in b.PROTOCOLS]
)


@cache
def record(patient: str):
    folder = Path(str(files("aldes").joinpath("patients", patient)))
    now = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))["now"]
    return read_record(folder / "bundle.json", now=now).events, now


def word(events, protocol, now) -> Word:
    return ward.next_dose(ward.walk(events, b.demo(protocol)), b.demo(protocol), now).word


@cache
def answered(patient: str, protocol: str) -> Word:
    events, now = record(patient)
    return word(events, protocol, now)


def sampled(patient: str, newest_only: bool = False) -> list[int]:
    """Positions of some charted entries; the draw is the same each time."""
    events, _ = record(patient)
    found = [index for index, event in enumerate(events) if isinstance(event, FindingCharted)]
    if newest_only:
        found = list({b.finding_of(events[index]): index for index in found}.values())
    return random.Random(patient).sample(found, min(SAMPLE, len(found)))


def changed(events, index, **entry) -> list[AnyEvent]:
    event = events[index]
    return [*events[:index], replace(event, entry=replace(event.entry, **entry)), *events[index + 1 :]]


@every_case
def test_an_entry_that_is_not_final_never_permits(patient, protocol):
    events, now = record(patient)
    for index in sampled(patient):
        doubtful = changed(events, index, valid=None, fault="preliminary")
        assert PERMISSIVE.index(word(doubtful, protocol, now)) <= PERMISSIVE.index(answered(patient, protocol))


@every_case
def test_a_newest_value_that_becomes_unusable_never_permits(patient, protocol):
    """A result taken out entirely shows the one before; what was charted and cannot be read does not."""
    events, now = record(patient)
    for index in sampled(patient, newest_only=True):
        unusable = changed(events, index, worst=None, valid=None, fault="no value")
        given = word(unusable, protocol, now) is Word.GIVE
        assert not given or answered(patient, protocol) is Word.GIVE


@every_case
def test_a_worse_newest_number_never_permits(patient, protocol):
    events, now = record(patient)
    for index in sampled(patient, newest_only=True):
        entry = events[index].entry
        finding = vocabulary()[entry.finding]
        if finding.kind is not Kind.NUMBER or finding.worse is Worse.NONE or not isinstance(entry.valid, Decimal):
            continue
        assert finding.survivable
        end = finding.survivable[0 if finding.worse is Worse.LOW else 1]
        worse = changed(events, index, worst=(entry.valid + end) / 2, valid=(entry.valid + end) / 2)
        assert PERMISSIVE.index(word(worse, protocol, now)) <= PERMISSIVE.index(answered(patient, protocol))


@every_case
def test_live_recording_is_the_fold_of_the_events_returned(patient, protocol):
    events, _ = record(patient)
    course, kept = b.Course(), []
    for event in events:
        course, returned = ward.recorded(course, event, b.demo(protocol))
        kept += returned
    assert replay(kept) == course
