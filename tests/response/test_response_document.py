"""The response document keeps to its schema, and the schema refuses what would mislead."""

import copy
import json
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from lesion_histories import BASELINE, TODAY, after, event, generated, history_of, row, sizes

from aldes import ward
from aldes.errors import InputError
from aldes.response.history import histories
from aldes.response.lesion import History
from aldes.response.switches import known_switches, set_switches

SCHEMA = json.loads(files("aldes.response").joinpath("response.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
WELL = history_of(*sizes((-7, "30"), (46, "20"), (80, "20")))


def document(*found: History, irecist: bool = True, settings: tuple[str, ...] = ()) -> dict[str, Any]:
    """The document as a reader of JSON gets it."""
    whole = ward.responses(found, set_switches(settings), irecist=irecist) | {"next_course": None}
    return json.loads(json.dumps(whole, allow_nan=False))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("irecist", [True, False])
def test_a_document_keeps_to_the_schema(seed: int, irecist: bool) -> None:
    try:
        VALIDATOR.validate(document(histories(generated(seed)[0], TODAY)[0], irecist=irecist))
    except InputError as refusal:
        if "no lesion that is disease" not in str(refusal):
            raise


def test_disease_without_a_size_keeps_to_the_schema() -> None:
    effusion = row(BASELINE, "E1", state="present", organ="pleura", kind="effusion")
    VALIDATOR.validate(document(history_of(effusion, row(after(46), "E1", state="present", organ="pleura"))))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("patients", 0, "best", "confirmed", "response"), "MR"),
        (("patients", 0, "time_points", 0, "counts"), "yes"),
        (("patients", 0, "time_points", 0, "targets", "sum_mm"), -1),
        (("patients", 0, "progression_free", "event"), None),
        (("patients", 0, "first_dose"), "12 January 2026"),
        (("patients", 0, "irecist", "best"), "PD"),
        (("switches", 0, "status"), "sure"),
    ],
)
def test_what_would_mislead_is_refused(path: tuple[Any, ...], wrong: object) -> None:
    whole = copy.deepcopy(document(WELL))
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = wrong
    with pytest.raises(ValidationError):
        VALIDATOR.validate(whole)


def test_every_key_is_owed_and_none_is_added() -> None:
    whole = document(WELL)
    for key in whole:
        with pytest.raises(ValidationError):
            VALIDATOR.validate({name: value for name, value in whole.items() if name != key})
    with pytest.raises(ValidationError):
        VALIDATOR.validate(whole | {"decision": "give"})


def test_every_switch_is_told_with_how_it_is_set() -> None:
    told = document(WELL, settings=("confirm-days=35",))["switches"]
    assert [each["name"] for each in told] == list(known_switches())
    assert [(each["name"], each["value"], each["default"]) for each in told if each["changed"]] == [
        ("confirm-days", "35", "28")
    ]


def test_a_target_says_what_it_adds_to_the_sum() -> None:
    (patient,) = document(history_of(*sizes((-7, "30"), (46, "too small"))))["patients"]
    (lesion,) = patient["time_points"][0]["lesions"]
    assert lesion == {"lesion": "L1", "state": "too small", "mm": None, "adds_mm": 5}


@pytest.mark.parametrize(("now", "asked"), [("3.7", True), ("3.8", False), ("240", True), ("239", False)])
def test_an_eightfold_change_is_shown_to_be_looked_at(now: str, asked: bool) -> None:
    (patient,) = document(history_of(*sizes((-7, "30"), (46, now))))["patients"]
    assert any("was one of them in cm?" in each for each in patient["doubts"]) is asked


def test_months_are_days_in_other_words() -> None:
    (patient,) = document(history_of(*sizes((-7, "30"), (365, "30"))))["patients"]
    assert (patient["progression_free"]["days"], patient["progression_free"]["months"]) == (365, 12)


def test_a_scan_too_early_and_perhaps_a_new_lesion_are_looked_at() -> None:
    rows = [event(after(18), "last dose"), *sizes((-7, "30"), (30, "30"))]
    rows.append(row(after(30), "X1", state="equivocal", organ="liver"))
    (patient,) = document(history_of(*rows))["patients"]
    assert [each.split(": ")[1] for each in patient["doubts"]] == [
        "12 days after the last dose of course 1, too early to tell",
        "perhaps a new lesion",
    ]
