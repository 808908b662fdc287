"""The patients whom clinicians described from the sources before the code: what selection says of each."""

import tomllib
from pathlib import Path

import pytest
from people import DAY, NOW, answer, assessed, chart, charted
from test_assess import HISTORY

from aldes.course.events import AnyEvent, CourseEnded, Discharged
from aldes.protocols.read import names_of_protocols
from aldes.protocols.verdict import Verdict

EXPECTED = Path(__file__).parents[2] / "docs" / "expected"
AGO = 30 * DAY
HOME: list[AnyEvent] = [
    Discharged(happened_at=NOW - AGO, recorded_at=NOW - AGO),
    CourseEnded(happened_at=NOW - AGO, recorded_at=NOW - AGO),
]
CHARTS: dict[str, list[AnyEvent]] = {
    "refusal-coronary-disease": chart({"age": 64, "stress_test_abnormal": True, "coronary_disease": True}),
    "undetermined-tests-missing": [
        *chart(
            {"age": 44, "sex": "female", "reproductive_potential": True, "ecog": 1},
            without=[
                "lvef",
                "wall_motion_impaired",
                "coronary_disease",
                "stress_test_abnormal",
                "fev1",
                "fev1_percent",
            ],
        ),
        charted("fev1", "2.9", 746),
        charted("fev1_percent", 101, 746),
    ],
    "brain-metastases-treated": chart(
        {"age": 49, "cns_metastases": True, "brain_scan_positive": True}, without=["prior_pd1"]
    ),
    "prior-checkpoint-inhibitor": chart(
        {"age": 57, "sex": "female", "reproductive_potential": False, "prior_pd1": True}
    ),
    "recent-vegf-inhibitor": chart(
        {"age": 61, "prior_vegf_tki": True, "vegf_tki_days": 35}, without=["stress_test_abnormal"]
    ),
    "retreatment-too-early": [*HOME, *chart(HISTORY)],
}


def expectations() -> list[object]:
    found = []
    for name in CHARTS:
        for each in tomllib.loads((EXPECTED / f"{name}.toml").read_text(encoding="utf-8"))["assess"]:
            if each["protocol"] in names_of_protocols():
                found.append(pytest.param(name, each, id=f"{name} {each['protocol']}"))
    return found


@pytest.mark.parametrize(("name", "expected"), expectations())
def test_selection_says_what_the_clinicians_wrote(name: str, expected: dict[str, object]) -> None:
    found = assessed(CHARTS[name], str(expected["protocol"]))
    assert found.verdict.value == expected["verdict"]
    if "because" in expected:
        assert list(found.because) == expected["because"]
    assert set(expected.get("unknown", [])) <= set(found.because)  # type: ignore[call-overload]
    assert set(expected.get("caution", [])) <= set(found.cautions)  # type: ignore[call-overload]


def test_a_stress_test_turns_undetermined_into_caution() -> None:
    done = [*CHARTS["recent-vegf-inhibitor"], charted("stress_test_abnormal", False)]
    assert assessed(done).verdict is Verdict.CAUTION
    assert answer(assessed(done), "EL-CV-06") == "no"
