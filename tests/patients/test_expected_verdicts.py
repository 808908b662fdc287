"""The patients whom clinicians described from the sources before the code: what `aldes assess` says of each bundle."""

import json
import tomllib
from datetime import datetime
from importlib.resources import as_file, files
from typing import Any

import pytest

from aldes.cli import exits
from aldes.cli.app import main

PATIENTS = files("aldes").joinpath("patients")
DECIDING = {"excluded": "yes", "undetermined": "unknown", "caution": "yes"}
Case = dict[str, Any]


def case(name: str) -> Case:
    return tomllib.loads(PATIENTS.joinpath(name, "case.toml").read_text(encoding="utf-8"))


ASKED = {each.name: case(each.name) for each in PATIENTS.iterdir() if each.joinpath("case.toml").is_file()}
ASKED = {name: asked for name, asked in sorted(ASKED.items()) if asked.get("ask") == "assess"}
VERDICTS = [
    pytest.param(name, each, id=f"{name} {each['protocol']}")
    for name, asked in ASKED.items()
    for each in asked["assess"]
]
LATER = [
    pytest.param(name, each, id=f"{name} {each['row']} {each['now']:%m-%d}")
    for name, asked in ASKED.items()
    for each in asked.get("later", [])
]


def assess(
    name: str, protocol: str, now: datetime, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, Case]:
    """What the command prints, and its exit code."""
    with as_file(PATIENTS) as folder:
        words = ["assess", str(folder / name / "bundle.json"), "--site", "demo", "--protocol", protocol]
        monkeypatch.setattr("sys.argv", ["aldes", *words, "--now", now.isoformat(), "--json"])
        with pytest.raises(SystemExit) as left:
            main()
    out, err = capsys.readouterr()
    assert err == ""
    return int(left.value.code or 0), json.loads(out)


def test_six_patients_are_asked_before_a_course() -> None:
    assert list(ASKED) == [
        "brain-metastases-treated",
        "prior-checkpoint-inhibitor",
        "recent-vegf-inhibitor",
        "refusal-coronary-disease",
        "retreatment-too-early",
        "undetermined-tests-missing",
    ]


@pytest.mark.parametrize(("name", "expected"), VERDICTS)
def test_the_verdict_is_the_one_that_clinicians_wrote(
    name: str, expected: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, document = assess(name, expected["protocol"], ASKED[name]["now"], capsys, monkeypatch)
    assert document["verdict"] == expected["verdict"]
    assert code == exits.BY_VERDICT[expected["verdict"]]
    if "because" in expected:
        assert document["because"] == expected["because"]
    assert set(expected.get("unknown", [])) <= set(document["because"])
    assert set(expected.get("caution", [])) <= set(document["cautions"])
    if "settle" in expected:
        assert {each["finding"] for each in document["settle"]["findings"]} == set(expected["settle"])
        assert document["settle"]["blocked"] == []


@pytest.mark.parametrize(("name", "expected"), VERDICTS)
def test_every_deciding_row_says_its_source_and_every_known_value_its_time(
    name: str, expected: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, document = assess(name, expected["protocol"], ASKED[name]["now"], capsys, monkeypatch)
    rows = {each["row"]: each for each in document["rows"]}
    for row in document["because"]:
        assert rows[row]["answer"] == DECIDING[document["verdict"]]
        assert rows[row]["source"]
        assert rows[row]["findings"]
        for each in rows[row]["findings"]:
            of_the_record = each["finding"] in ("courses_before", "days_since_discharge")
            assert each["time"] or each["value"] is None or of_the_record
            assert each["value"] is not None or each["why"]
    assert document["alert"] == []


@pytest.mark.parametrize(("name", "later"), LATER)
def test_the_day_from_which_time_alone_answers_otherwise(
    name: str, later: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, document = assess(name, later["protocol"], later["now"], capsys, monkeypatch)
    (row,) = (each for each in document["rows"] if each["row"] == later["row"])
    assert row["answer"] == later["answer"]


@pytest.mark.parametrize("name", ASKED)
def test_without_a_site_nobody_is_said_to_have_no_listed_exclusion(
    name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_file(PATIENTS) as folder:
        now = ASKED[name]["now"].isoformat()
        words = ["aldes", "assess", str(folder / name / "bundle.json"), "--now", now, "--json"]
        monkeypatch.setattr("sys.argv", words)
        with pytest.raises(SystemExit):
            main()
    assert json.loads(capsys.readouterr().out)["verdict"] in ("undetermined", "excluded")
