"""The bundled examples, with the answers that were written before the code."""

import tomllib
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from aldes.exchange.lesions import read_lesions
from aldes.response.document import response_document
from aldes.response.history import histories
from aldes.response.switches import set_switches

FOLDER = files("aldes.response").joinpath("examples")
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(FOLDER.joinpath("expected.toml").read_text(encoding="utf-8"))
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def answers() -> dict[str, dict[str, Any]]:
    """The program's answers under the names of the expected file."""
    found = histories(read_lesions(FOLDER.joinpath("invented.csv").read_bytes(), NOW).rows, NOW.date())
    document = response_document(found, set_switches(), irecist=True)
    return {each["patient"]: _answers(each) for each in document["patients"]}


def _answers(patient: dict[str, Any]) -> dict[str, Any]:
    points, free, lasted = (
        patient["time_points"],
        patient["progression_free"],
        patient["response_duration"]["unconfirmed"],
    )
    return {
        "targets": [each["lesion"] for each in patient["baseline"]["lesions"] if each["role"] == "target"],
        "baseline_mm": patient["baseline"]["sum_mm"],
        "sums": [each["targets"]["sum_mm"] for each in points],
        "overall": [each["overall"] for each in points],
        "rows": [each["row"] for each in points],
        "best": patient["best"]["unconfirmed"]["response"],
        "confirmed": patient["best"]["confirmed"]["response"],
        "free_days": free["days"],
        "free_event": free["event"],
        "response_days": lasted["days"] if lasted else None,
        "immune": [each["overall"] for each in patient["irecist"]["time_points"]],
        "immune_best": patient["irecist"]["best"],
        "immune_free_days": patient["irecist"]["progression_free"]["days"],
        "shrank": patient["next_course"]["shrank"],
    }


@pytest.mark.parametrize("patient", EXPECTED)
def test_an_example_is_answered_as_expected_before_the_code(patient: str) -> None:
    found, expected = answers()[patient], EXPECTED[patient]
    assert sorted(found.pop("targets")) == sorted(expected["targets"])
    assert {key: found[key] for key in expected if key != "targets"} == {
        key: value for key, value in expected.items() if key != "targets"
    }


def test_the_examples_say_that_they_are_made_up() -> None:
    assert "made up" in FOLDER.joinpath("expected.md").read_text(encoding="utf-8")
