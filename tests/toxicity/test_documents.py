"""The documents of this room keep to their schemas, and the schemas refuse what would mislead."""

import copy
import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from bedsides import site
from jsonschema import Draft202012Validator
from test_notices import CONFIRMED

from aldes import ward
from aldes.exchange import read as read_record
from aldes.protocols.read import read

PATIENTS = sorted(Path(str(files("aldes").joinpath("patients"))).glob("*/bundle.json"))
ASK = {"watch": ward.watch, "leak": ward.leak, "interactions": ward.interactions}
SCHEMAS = {
    name: json.loads(files("aldes.toxicity").joinpath(f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ASK
}


def asked(bundle: Path, protocol: str, at_site: str | None) -> ward.Asked:
    now = tomllib.loads((bundle.parent / "case.toml").read_text(encoding="utf-8"))["now"]
    reading = read_record(bundle, now=now)
    return ward.Asked(events=reading.events, protocol=read(protocol, at_site), now=now, alert=reading.alert)


def document(kind: str, bundle: Path, protocol: str, at_site: str | None = "demo") -> dict[str, Any]:
    return json.loads(json.dumps(ASK[kind](asked(bundle, protocol, at_site)), allow_nan=False))


@pytest.mark.parametrize("kind", ASK)
def test_the_schema_is_a_schema(kind):
    Draft202012Validator.check_schema(SCHEMAS[kind])


@pytest.mark.parametrize("at_site", ["demo", None])
@pytest.mark.parametrize("protocol", ["us-label-2023", "consensus-2014", "institution-2015", "nci-2001"])
@pytest.mark.parametrize("bundle", PATIENTS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("kind", ASK)
def test_every_bundled_patients_document_keeps_to_it(kind, bundle, protocol, at_site):
    Draft202012Validator(SCHEMAS[kind]).validate(document(kind, bundle, protocol, at_site))


def test_a_site_with_confirmed_thresholds_keeps_to_it_too(tmp_path):
    path = site(tmp_path, CONFIRMED, orders='orders = ["orders-a", "orders-b"]')
    found = document("watch", PATIENTS[0], "us-label-2023", path)
    Draft202012Validator(SCHEMAS["watch"]).validate(found)
    assert {each["row"] for each in found["notices"]} == {"ALM-01", "ALM-08"}
    assert len(found["off"]) == 10


@pytest.mark.parametrize("kind", ASK)
def test_no_key_may_be_left_out_and_none_added(kind):
    whole, schema = document(kind, PATIENTS[0], "consensus-2014"), Draft202012Validator(SCHEMAS[kind])
    for key in whole:
        assert not schema.is_valid({name: value for name, value in whole.items() if name != key})
    assert not schema.is_valid({**whole, "score": 3})


def overdue(whole: dict[str, Any]) -> dict[str, Any]:
    return next(each for each in whole["items"] if each["state"] == "overdue")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: overdue(d).update(overdue_since=None),
        lambda d: overdue(d).update(state="fine"),
        lambda d: overdue(d).update(state="owed"),
        lambda d: d["premedication"][0].update(offer="ask first", why=""),
        lambda d: d["premedication"][0].update(do={"fluid_ml": 500}),
        lambda d: d.update(phase="follow-up"),
    ],
)
def test_a_planted_fault_of_what_is_owed_is_refused(spoil):
    schema = Draft202012Validator(SCHEMAS["watch"])
    found = (document("watch", each, "consensus-2014") for each in PATIENTS)
    admitted = (
        each for each in found if each["items"] and each["premedication"]
    )  # to a clinic's patient nothing is owed
    whole = copy.deepcopy(next(each for each in admitted if each["items"][0]["state"] == "overdue"))
    assert schema.is_valid(whole)
    spoil(whole)
    assert not schema.is_valid(whole)


def test_an_unknown_component_may_not_show_a_value():
    schema = Draft202012Validator(SCHEMAS["leak"])
    whole = document("leak", PATIENTS[0], "consensus-2014")
    unknown = next(each for each in whole["components"] if each["value"] is None)
    unknown["value_words"] = "normal"
    assert not schema.is_valid(whole)
