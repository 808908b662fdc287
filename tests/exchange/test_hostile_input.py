"""Whatever comes, the answer is a reading or one clear sentence; never a crash, never an endless wait."""

import gzip
import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fhir_patient import bundle, concept, dose, observation, quantity, reading_of, spo2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aldes.course.events import FindingCharted
from aldes.errors import InputError
from aldes.exchange import Reading, read
from aldes.findings.read import vocabulary

NOW = datetime(2024, 3, 5, 8, 0, tzinfo=UTC)


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as refusal:
        read(data, now=NOW)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ('{"id": "a"}'.encode("utf-16"), "UTF-16"),
        ('{"id": "a"}'.encode("utf-16-le"), "zero bytes"),
        ('{"id": "a"}'.encode("utf-32-be"), "zero bytes"),
        (b'{"id": "\xff"}', "not UTF-8"),
        (b'{"id":\n"\xc3\x28"}', "Line 2"),
        (b'{"id": "\xed\xa0\x80"}', "not UTF-8"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><Bundle/>", "JSON only"),
        (b"  <Bundle xmlns='http://hl7.org/fhir'/>", "JSON only"),
        (gzip.compress(b"{}", mtime=0), "compressed"),
        (b"PK\x03\x04", "compressed"),
        (b"[]", "not a JSON object"),
        (b"{", "not JSON: line 1"),
        (b'{"id": "a",}', "not JSON"),
        (b"{'id': 1}", "not JSON"),
        (b'{"id": "a\nb"}', "not JSON"),
        (b'{"id": 01}', "not JSON"),
        (b'{"id": NaN}', "NaN"),
        (b'{"id": Infinity}', "Infinity"),
        (b'{"id": -Infinity}', "-Infinity"),
        (b'{"id": "a", "id": "b"}', "one key twice"),
        (b'{"findings": [{"name": "spo2", "name": "spo2"}]}', "one key twice"),
        (b'{"id": "a"}\n{"id": "b"}', "at line 2"),
        (b'{"id": "a"}\n\n\n{"id": "b"}\n{"id": "c"}', "at line 4"),
        (b'{"id": "a"} and more', "at line 1"),
    ],
)
def test_what_is_not_one_plain_json_document_is_refused_with_a_sentence(data, said):
    assert said in refused(data)


def nested(levels: int) -> bytes:
    return b'{"findings": ' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"


@pytest.mark.parametrize("levels", [41, 1000, 1_000_000])
def test_a_document_deeper_than_40_levels_is_refused(levels):
    assert "deeper than 40" in refused(nested(levels))


def test_a_document_of_40_levels_is_read_as_json():
    assert "not an object" in refused(nested(40))


def test_brackets_inside_strings_are_no_depth():
    text = json.dumps({"id": "[" * 60 + '\\"{{'}).encode()
    assert read(text, now=NOW).id


def test_an_endless_string_of_escapes_ends_soon():
    began = time.perf_counter()
    refused(b'{"id": "' + b'\\"' * 2_000_000)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(("size", "large"), [(5_000_000, False), (5_000_001, True)])
def test_more_than_5_mb_are_refused_before_they_are_read(size, large):
    said = refused(b"x" * size)
    assert ("5,000,000" in said) is large


def test_a_large_bundle_is_read_in_a_few_seconds():
    panels = [spo2(id=f"o{n}", effectiveDateTime=f"2024-03-05T0{n % 8}:{n % 60:02}:00Z") for n in range(4990)]
    began = time.perf_counter()
    assert len(reading_of(bundle(*panels)).events) == 4990
    assert time.perf_counter() - began < 10


def within_10_seconds(*resources: Any) -> Reading:
    began = time.perf_counter()
    came = reading_of(bundle(*resources))
    assert time.perf_counter() - began < 10
    return came


def test_one_observation_with_endless_components_and_performers_ends_soon():
    parts = [{"code": concept("8480-6"), "valueQuantity": quantity(n, "mm[Hg]")} for n in range(15_000)]
    performers = [{"reference": "#r"}] * 15_000
    contained = [{"resourceType": "PractitionerRole", "id": f"r{n}"} for n in range(15_000)]
    panel = observation(concept("85354-9"), id=None, component=parts, performer=performers, contained=contained)
    assert within_10_seconds(panel).events


def test_many_versions_of_one_resource_end_soon():
    roles = [{"resourceType": "PractitionerRole", "id": "r", "active": n} for n in range(2_400)]
    judged = [spo2(n, id=f"o{n}", performer=[{"reference": "PractitionerRole/r"}] * 20) for n in range(2_400)]
    assert within_10_seconds(*roles, *judged).events


@pytest.mark.parametrize("odd", ["\\ud800", "\\u0000", "\\u202e", "a\\u0301" * 500])
def test_odd_characters_neither_crash_nor_stay(odd):
    came = read(f'{{"id": "x{odd}", "findings": [{{"name": "{odd}", "value": 1}}]}}'.encode(), now=NOW)
    assert came.id
    assert len(came.id) <= 64
    everything_said(came).encode("utf-8")
    assert not set(came.id) & {"\u202e", "\x00", "\ud800"}


def test_a_file_is_read_like_its_bytes(tmp_path):
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle(spo2())), encoding="utf-8")
    assert read(path, now=NOW) == read(path.read_bytes(), now=NOW)


def test_a_missing_file_is_one_sentence():
    with pytest.raises(InputError, match="cannot be read"):
        read(Path("/nowhere/at/all.json"), now=NOW)


def test_the_reading_time_needs_a_zone():
    with pytest.raises(ValueError, match="zone"):
        read(b"{}", now=datetime(2024, 3, 5))  # noqa: DTZ001  # the fault under test


def everything_said(came: Reading) -> str:
    """Every text that a reading hands on."""
    entries = [event.entry for event in came.events if isinstance(event, FindingCharted)]
    said = [*came.alert, came.id or "", came.patient or "", came.protocol or ""]
    said += [text for each in came.not_used for text in (each.where, each.what, each.why)]
    said += [text for each in entries for text in (each.id, each.text, each.fault or "", each.role or "")]
    return " ".join(said)


def read_or_refuse(document: Any) -> None:
    """A reading whose events all have happened, or a refusal."""
    with suppress(InputError):
        came = read(json.dumps(document).encode(), now=NOW)
        times = [event.happened_at for event in came.events]
        assert times == sorted(times)
        assert all(event.happened_at <= event.recorded_at for event in came.events)
        everything_said(came).encode("utf-8")


WORDS = st.sampled_from(
    [
        *("resourceType", "Bundle", "Patient", "Observation", "Condition", "Encounter", "id", "entry", "resource"),
        *("status", "final", "code", "coding", "system", "value", "valueQuantity", "unit", "period", "start", "end"),
        *("findings", "entries", "course", "slots", "bundle", "now", "name", "time", "http://loinc.org", "59408-5"),
        *("2024-03-05T07:40:00Z", "2024-03-05", "Patient/p1", "reference", "subject", "aldesleukin", "given", "%"),
        *vocabulary().findings,
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8) | WORDS
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=6), inner, max_size=5)
)
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@FUZZ
@given(TREES)
def test_any_json_is_read_or_refused(document):
    read_or_refuse(document)


@FUZZ
@given(st.dictionaries(st.sampled_from(["id", "protocol", "now", "course", "findings", "entries", "bundle"]), TREES))
def test_any_batch_line_is_read_or_refused(document):
    read_or_refuse(document)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, each in steps for found in places(each, (*path, key)))]


def put(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """The document with one place replaced."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = put(tree[path[0]], path[1:], value)
    return copy


PRESSURE = observation(
    concept("85354-9"), id="bp", component=[{"code": concept("8480-6"), "valueQuantity": quantity(88, "mm[Hg]")}]
)
SOUND = bundle(spo2(), PRESSURE, dose(), dose("2024-03-05T08:00:00Z", id="d2", status="not-done"))
SUBJECT = {"reference": "Patient/p1"}
REFERRAL = bundle(
    {
        "resourceType": "MedicationStatement",
        "id": "m1",
        "status": "stopped",
        "medicationCodeableConcept": concept("L01EX03", "http://www.whocc.no/atc"),
        "subject": SUBJECT,
        "effectivePeriod": {"start": "2023-10-01", "end": "2024-02-01"},
    },
    {
        "resourceType": "Procedure",
        "id": "pr1",
        "status": "completed",
        "code": concept("108022006", "http://snomed.info/sct"),
        "subject": SUBJECT,
        "performedDateTime": "2024-01-20",
    },
    {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": concept("24587-8"),
        "subject": SUBJECT,
        "effectiveDateTime": "2024-03-01T09:00:00Z",
        "conclusionCode": [concept("260385009", "http://snomed.info/sct")],
        "resultsInterpreter": [{"reference": "PractitionerRole/doctor"}],
    },
)
LINE = {
    "id": "a",
    "now": "2024-03-05T08:00:00Z",
    "course": {
        "cycle": 1,
        "cycle_starts": ["2024-03-05T00:00:00Z"],
        "slots": [{"number": 1, "start": "2024-03-05T00:00:00Z", "state": "given", "rows": ["X"]}],
        "standing_holds": [{"row": "HYP-01", "onset": "2024-03-05T01:00:00Z"}],
        "stops": [{"row": "STOP-CV-01", "scope": "for good", "confirmed": True, "cycle": 1}],
        "discharge": "2024-01-01T00:00:00Z",
        "weights": {"dosing": 70},
        "target": 90,
    },
    "findings": [
        {"name": "urine", "value": 400, "unit": "mL", "period": ["2024-03-04T23:00:00Z", "2024-03-05T07:00:00Z"]}
    ],
}


@FUZZ
@given(st.sampled_from([(whole, place) for whole in (SOUND, REFERRAL, LINE) for place in places(whole)]), TREES)
def test_a_sound_document_with_one_part_replaced_is_read_or_refused(chosen, part):
    whole, place = chosen
    read_or_refuse(put(whole, place, part))


@FUZZ
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data):
    with suppress(InputError):
        read(data, now=NOW)


@FUZZ
@given(st.lists(st.lists(st.text(max_size=12) | WORDS, min_size=11, max_size=11), max_size=5))
def test_any_table_is_read_or_refused(rows):
    text = "name,value,unit,time,status,low,high,start,end,id,role\n" + "\n".join(",".join(row) for row in rows)
    with suppress(InputError):
        read(text.encode("utf-8", "replace"), now=NOW)
