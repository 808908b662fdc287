"""The decision document keeps to its schema, and the schema refuses what would mislead."""

import copy
import json
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from aldes import ward
from aldes.exchange import read as read_record
from aldes.protocols.read import read

SCHEMA = json.loads(files("aldes.administration").joinpath("decision.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
PATIENTS = sorted(Path(str(files("aldes").joinpath("patients"))).glob("*/bundle.json"))
PROTOCOLS = ("us-label-2023", "consensus-2014", "institution-2015", "nci-2001")


@cache
def document(bundle: Path, protocol: str, site: str | None) -> dict[str, Any]:
    """The decision document as a reader of JSON gets it."""
    now = tomllib.loads((bundle.parent / "case.toml").read_text(encoding="utf-8"))["now"]
    reading = read_record(bundle, now=now)
    not_used = [{"where": n.where, "what": n.what, "why": n.why, "count": n.count} for n in reading.not_used]
    found = ward.answer(reading.events, read(protocol, site), now, not_used=not_used, alert=reading.alert)
    return json.loads(json.dumps(found, allow_nan=False))


def of(decision: str) -> dict[str, Any]:
    """A bundled patient's document with this decision, to be spoiled in one respect."""
    found = (document(bundle, protocol, "demo") for bundle in PATIENTS for protocol in PROTOCOLS)
    return copy.deepcopy(next(each for each in found if each["decision"] == decision))


def first_finding(whole: dict[str, Any]) -> dict[str, Any]:
    """The first value that decided."""
    return next(found for reason in whole["because"] for found in reason["findings"])


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("site", ["demo", None])
@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("bundle", PATIENTS, ids=lambda path: path.parent.name)
def test_every_bundled_patient_s_document_keeps_to_the_schema(bundle, protocol, site):
    VALIDATOR.validate(document(bundle, protocol, site))


def objects(node: Any):
    """Every object schema at any depth."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object" and "additionalProperties" in node:
            yield node
        for each in node.values():
            yield from objects(each)
    elif isinstance(node, list):
        for each in node:
            yield from objects(each)


def test_every_object_is_closed_and_described():
    found = list(objects(SCHEMA))
    assert len(found) >= 12
    assert all(each["additionalProperties"] is False and each["description"] for each in found)


@pytest.mark.parametrize("decision", ["give", "hold", "stop", "insufficient"])
def test_no_key_may_be_left_out(decision):
    whole = of(decision)
    for key in whole:
        assert not VALIDATOR.is_valid({name: value for name, value in whole.items() if name != key})


@pytest.mark.parametrize(
    ("decision", "spoil"),
    [
        ("give", lambda d: d.update(decision="proceed")),
        ("give", lambda d: d.update(words="give it")),
        ("give", lambda d: d.update(extra=1)),
        ("give", lambda d: d.update(scope="this cycle")),
        ("give", lambda d: d["measure"].append({"finding": "spo2", "words": "", "why": "", "rows": ["X"], "by": ""})),
        ("give", lambda d: d.update(cycle=0)),
        ("give", lambda d: d.update(asked_at="yesterday")),
        ("give", lambda d: d["dose"].update(iu=0)),
        ("give", lambda d: d["dose"].update(weight_kg=29)),
        ("give", lambda d: d["dose"]["steps"][0].update(note="x")),
        ("hold", lambda d: d.update(because=[])),
        ("hold", lambda d: d["dose"].update(provisional=False)),
        ("hold", lambda d: d["because"][0].update(status="red")),
        ("hold", lambda d: d["because"][0].update(kind="holds")),
        ("hold", lambda d: d["because"][0].update(answer="no")),
        ("hold", lambda d: first_finding(d).update(name="x")),
        ("hold", lambda d: d["would_give_if"][0].update(any_of=[])),
        ("hold", lambda d: d["would_give_if"][0]["any_of"][0].update(op="=")),
        ("stop", lambda d: d.update(scope=None)),
        ("stop", lambda d: d.update(scope="for ever")),
        ("stop", lambda d: d.update(confirmed=None)),
        ("stop", lambda d: d.update(would_give_if=[])),
        ("stop", lambda d: d.update(dose={"iu": None, "why_not": "x", "provisional": True})),
        ("insufficient", lambda d: d.update(because=[])),
        ("insufficient", lambda d: d["measure"][0].update(rows=[])),
    ],
)
def test_a_planted_fault_is_refused(decision, spoil):
    spoiled = of(decision)
    assert VALIDATOR.is_valid(spoiled)
    spoil(spoiled)
    assert not VALIDATOR.is_valid(spoiled)
