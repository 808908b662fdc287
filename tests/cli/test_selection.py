"""`aldes assess` and `aldes screen` as their users call them."""

import json
from pathlib import Path

import jsonschema
import pytest
from test_commands import run

NOW = "2026-11-20T14:00:00-06:00"
SCHEMA = Path(__file__).parents[2] / "src" / "aldes" / "selection" / "assessment.schema.json"


def line(*findings: tuple[str, object, str]) -> bytes:
    items = [
        {"name": name, "value": value, "time": NOW, "role": "physician"} | ({"unit": unit} if unit else {})
        for name, value, unit in findings
    ]
    return json.dumps({"id": "a", "now": NOW, "findings": items}).encode()


WELL = (
    *(("age", 58, "a"), ("sex", "male", ""), ("kidney_cancer", True, ""), ("metastatic_disease", True, "")),
    *(("lvef", 60, "%"), ("wall_motion_impaired", False, ""), ("coronary_disease", False, "")),
    *(("fev1", 3100, "mL"), ("fev1_percent", 94, "%"), ("creatinine", 97, "umol/L"), ("bilirubin", 10, "umol/L")),
    *(("platelets", 231, "10*9/L"), ("white_cells", 6800, "/uL"), ("haematocrit", 41, "%")),
    *(("renal_impairment", False, ""), ("hepatic_impairment", False, ""), ("cns_impairment", False, "")),
    *(("infection", False, ""), ("allograft", False, ""), ("hypersensitivity", False, "")),
    ("prior_vegf_tki", False, ""),
)


@pytest.mark.parametrize(
    ("more", "code", "headline"),
    [
        ((), 0, "( – ) NO LISTED EXCLUSION"),
        ((("prior_pd1", True, ""),), 13, "[ ! ] NO LISTED EXCLUSION, WITH CAUTION"),
        ((("seizure_disorder", False, ""), ("lvef", 30, "%")), 14, "< ✕ > EXCLUDED BY A LISTED CRITERION"),
    ],
)
def test_assess_says_the_verdict_first_and_exits_with_its_code(
    more: tuple[tuple[str, object, str], ...], code: int, headline: str
) -> None:
    exit_code, out, err = run("assess", "-", "--site", "demo", stdin=line(*WELL, *more))
    assert (exit_code, err) == (code, "")
    assert headline in out
    assert "SANI: its points" in out


def test_assess_without_a_chart_is_undetermined_and_asks() -> None:
    code, out, _ = run("assess", "-", "--site", "demo", stdin=line())
    assert code == 12
    assert "no smaller set would settle it" in " ".join(out.split())


@pytest.mark.parametrize("protocol", ["us-label-2023", "consensus-2014", "uk-smpc-2020", "til-2024"])
@pytest.mark.parametrize("chart", [(), WELL])
def test_every_assessment_keeps_its_schema(protocol: str, chart: tuple[tuple[str, object, str], ...]) -> None:
    _, out, _ = run("assess", "-", "--site", "demo", "--protocol", protocol, "--json", stdin=line(*chart))
    jsonschema.validate(json.loads(out), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_uk_summary_shows_its_regimens_in_words_and_is_not_for_the_bedside() -> None:
    _, out, _ = run("assess", "-", "--site", "demo", "--protocol", "uk-smpc-2020", stdin=line())
    assert "REG-09" in out
    assert "not for the bedside here" in out


TABLE = "id,lvef,deceased\na,60,false\nb,NaN,true\n"


def test_a_table_is_answered_with_what_it_could_not_read(tmp_path: Path) -> None:
    file, out = tmp_path / "t.csv", tmp_path / "o.csv"
    file.write_text(TABLE, encoding="utf-8")
    code, said, err = run("screen", str(file), "--site", "demo", "--as-of", NOW, "--out", str(out), "--json")
    assert (code, err) == (0, "")
    document = json.loads(said)
    assert document["verdicts"] == {"no listed exclusion": 0, "caution": 0, "excluded": 1, "undetermined": 1}
    assert document["faults"] == [{"column": "lvef", "why": "is not read as a plain decimal number", "count": 1}]
    assert out.read_text(encoding="utf-8").splitlines()[2].startswith("b,excluded,SEL-01")


def test_a_table_without_its_instant_says_so_first(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TABLE, encoding="utf-8")
    _, said, _ = run("screen", str(file), "--site", "demo")
    assert said.splitlines()[0] == "2 PATIENTS, as of NOT STATED: say with --as-of when the table was exported"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("screen", "nowhere.csv"), "is no file"),
        (("screen", "TABLE", "--as-of", "2026-11-20T14:00:00"), "has no zone"),
        (("screen", "TABLE", "--out", "verdicts.txt"), "Name such a file"),
    ],
)
def test_wrong_use_of_screen_is_one_sentence(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TABLE, encoding="utf-8")
    code, _, err = run(*(str(file) if each == "TABLE" else each for each in arguments))
    assert code == 3
    assert said in err
    assert "Traceback" not in err
