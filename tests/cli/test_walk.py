"""`aldes walk`: each bundled patient with what made the answer, then all of them in a line each."""

import json

import jsonschema
import pytest
from test_commands import run
from test_selection import SCHEMA

from aldes.cli.paper import WIDTH, short


@pytest.fixture(scope="module")
def walked() -> str:
    code, out, err = run("walk")
    assert (code, err) == (0, "")
    return out


def patient(walked: str, name: str) -> str:
    """The page of one patient, from its title to the next."""
    return walked.split(f"━━ {name} ")[1].split("\n━━ ")[0]


def test_a_walk_shows_the_ward_s_patients_and_those_before_a_course(walked: str) -> None:
    titles = [line for line in walked.splitlines() if line.startswith("━━ ")]
    assert len(titles) == 12 + 6 + 2
    assert titles[-2].startswith("━━ all patients, before the next dose ")
    assert titles[-1].startswith("━━ all patients, before a course ")


def test_a_refused_patient_is_shown_with_row_value_time_and_source(walked: str) -> None:
    page = " ".join(patient(walked, "refusal coronary disease").split())
    assert "< ✕ > EXCLUDED BY A LISTED CRITERION" in page
    assert "EL-CV-02 abnormal ejection fraction" in page
    assert "significant coronary artery disease: yes at 2026-11-19 16:30 (21 h 30 min ago), physician" in page
    assert "source: us-label-2023 4, contraindications" in page


def test_what_is_missing_is_shown_as_the_smallest_set_that_would_settle_it(walked: str) -> None:
    page = patient(walked, "undetermined tests missing")
    settled = page.split("settled by")[1].split("not answered")[0]
    assert [line.strip() for line in settled.strip().splitlines()] == [
        "pregnant, or pregnancy test positive",
        "left-ventricular ejection fraction",
        "impaired wall motion of the heart",
        "significant coronary artery disease",
        "forced expiratory volume in one second (FEV1)",
        "FEV1 in percent of predicted",
        "no smaller set would settle it",
    ]
    assert "forced expiratory volume in one second (FEV1): older than 60 days" in page


def test_an_earlier_drug_is_shown_with_the_day_of_its_end(walked: str) -> None:
    page = " ".join(patient(walked, "recent vegf inhibitor").split())
    assert "an earlier VEGF-receptor inhibitor: yes at 2026-10-16" in page
    assert "days since the last dose of a VEGF-receptor inhibitor: 35 d" in page


def test_where_protocols_differ_each_has_its_line(walked: str) -> None:
    lines = [" ".join(line.split()) for line in walked.splitlines()]
    at = lines.index("brain-metastases-treated no listed exclusion")
    assert lines[at + 1] == "under us-label-1992 excluded by a listed criterion EL-CNS-01"


def test_a_verdict_is_no_wider_than_a_page(walked: str) -> None:
    pages = walked.split("━━ brain metastases treated ")[1].split("━━ all patients")[0]
    assert max(map(len, pages.splitlines())) <= WIDTH


def test_a_walk_in_json_holds_a_decision_or_an_assessment_of_each() -> None:
    _, out, _ = run("walk", "--json")
    documents = json.loads(out)
    verdicts = [each for each in documents if "verdict" in each]
    assert (len(documents), len(verdicts)) == (18, 6)
    for each in verdicts:
        jsonschema.validate(each, json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("1.19909502262444 mg/dL", "1.1990… mg/dL"),
        ("1.49999999999999 mg/dL", "1.4999… mg/dL"),  # still below 1.5
        ("1.50000000000001 mg/dL", "1.5000… mg/dL"),  # still above 1.5
        ("0.584795321637427 mg/dL", "0.5847… mg/dL"),
        ("1.234567 mg/dL", "1.234567 mg/dL"),
        ("10,000.5 mL", "10,000.5 mL"),
        ("58 %", "58 %"),
        ("unknown", "unknown"),
    ],
)
def test_a_converted_value_is_cut_and_never_rounded_across_a_limit(words: str, shown: str) -> None:
    assert short(words) == shown
