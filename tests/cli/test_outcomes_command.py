"""`aldes outcomes` and `aldes evidence trials`: words, documents, pictures, one sentence for what cannot be right."""

import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from aldes.cli.app import main
from aldes.cli.outcomes_paper import number, p_words, percent

SCHEMA = json.loads(files("aldes.outcomes").joinpath("report.schema.json").read_text(encoding="utf-8"))

TABLE = """time,event,arm,why
3,1,high,progression
6,1,high,death
9,0,high,
12,1,high,progression
20,0,high,
24,0,high,
2,1,low,progression
4,1,low,progression
5,1,low,death
8,0,low,
11,1,low,progression
30,0,low,
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "patients.csv"
    path.write_text(TABLE, encoding="ascii")
    return path


def run(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str, str]:
    monkeypatch.setattr("sys.argv", ["aldes", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


Run = tuple[pytest.MonkeyPatch, pytest.CaptureFixture[str]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return monkeypatch, capsys


def test_a_table_is_answered_in_words(table: Path, terminal: Run) -> None:
    code, out, _ = run(["outcomes", str(table), "--by", "arm", "--at", "6,12"], *terminal)
    assert code == 0
    assert out.startswith("12 PATIENTS, 7 events; times in months")
    assert "high                          6       3" in out
    assert "log-rank: chi-square" in out
    assert "hazard ratio of low against high" in out
    assert "Describes the patients of the table" in out
    assert all(len(line) <= 104 for line in out.splitlines())


def test_the_document_has_the_same_numbers_and_null_where_none_can_be_said(table: Path, terminal: Run) -> None:
    _, out, _ = run(["outcomes", str(table), "--by", "arm", "--at", "6,40", "--json"], *terminal)
    document = json.loads(out)
    high, low = document["groups"]
    assert (high["patients"], high["events"], high["censored"]) == (6, 3, 3)
    assert high["landmarks"][0]["survival"] == pytest.approx(4 / 6)
    assert high["landmarks"][0]["at_risk"] == 5
    assert high["landmarks"][1]["survival"] is None
    assert high["landmarks"][1]["why"] == "nobody followed so far"
    assert low["median"]["value"] == 8  # exactly half from 5 to 11 months: the middle
    assert low["median"]["upper"] is None
    assert "NaN" not in out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--by", "arm"],
        ["--by", "arm", "--cause", "why", "--cure"],
        ["--by", "arm", "--at", "0,6,99", "--horizon", "6"],
    ],
)
def test_every_document_fits_its_schema(arguments: list[str], table: Path, terminal: Run) -> None:
    _, out, _ = run(["outcomes", str(table), *arguments, "--json"], *terminal)
    jsonschema.validate(json.loads(out), SCHEMA)


def test_the_schema_refuses_what_is_no_report(table: Path, terminal: Run) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    _, out, _ = run(["outcomes", str(table), "--json"], *terminal)
    document = json.loads(out)
    for wrong in (document | {"unit": "hours"}, document | {"groups": []}, document | {"more": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMA)


def test_causes_are_told_apart(table: Path, terminal: Run) -> None:
    _, out, _ = run(["outcomes", str(table), "--cause", "why", "--at", "12", "--json"], *terminal)
    document = json.loads(out)
    by_cause = {each["cause"]: each["groups"][0]["at"][0]["incidence"] for each in document["causes"]}
    survival = document["groups"][0]["landmarks"][0]["survival"]
    assert sum(by_cause.values()) + survival == pytest.approx(1)


def test_one_cause_alone_is_told_as_its_own_incidence(tmp_path: Path, terminal: Run) -> None:
    path = tmp_path / "one.csv"
    path.write_text("time,event,why\n1,1,death\n2,0,\n3,1,death\n4,0,\n", encoding="ascii")
    _, out, _ = run(["outcomes", str(path), "--cause", "why", "--at", "1", "--json"], *terminal)
    assert json.loads(out)["causes"][0]["groups"][0]["at"][0]["incidence"] == pytest.approx(0.25)


def test_a_cure_fraction_is_refused_in_words_where_nothing_levels_off(table: Path, terminal: Run) -> None:
    code, out, _ = run(["outcomes", str(table), "--by", "arm", "--cure"], *terminal)
    assert code == 0
    assert "cure fraction" in out


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_the_curves_are_drawn_with_their_numbers_at_risk(
    suffix: str, table: Path, tmp_path: Path, terminal: Run
) -> None:
    picture = tmp_path / f"curves{suffix}"
    asked = [
        "outcomes",
        str(table),
        "--by",
        "arm",
        "--plot",
        str(picture),
        "--source",
        "invented",
        "--outcome",
        "alive",
    ]
    assert run(asked, *terminal)[0] == 0
    assert picture.stat().st_size > 5000
    if suffix == ".svg":
        text = picture.read_text(encoding="utf-8")
        for word in ("at risk", "high", "low", "n = 12", "Source: invented", "months", "alive", "censored"):
            assert f"{word}" in text
        first = picture.read_bytes()
        run(asked, *terminal)
        assert picture.read_bytes() == first


def test_each_group_differs_by_its_line_and_not_by_colour_alone(table: Path, tmp_path: Path, terminal: Run) -> None:
    picture = tmp_path / "curves.svg"
    run(["outcomes", str(table), "--by", "arm", "--plot", str(picture)], *terminal)
    assert "stroke-dasharray" in picture.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--by", "armm"], "no column 'armm' for the group. Did you mean 'arm'?"),
        (["--at", "twelve"], "as text that is no plain number"),
        (["--at", "-3"], "A landmark is a time from the origin on"),
        (["--plot", "curves.gif"], "A picture is written as .svg, .pdf, .png"),
        (["--plot", "/nowhere/at/all/curves.svg"], "The picture cannot be written"),
        (["--start", "time"], "Give --time, or --start and --end"),
        (["--start", "time", "--end", "time", "--unit", "days"], "are in months"),
        (["--event", "why"], "the event is empty or cannot be read"),
    ],
)
def test_what_cannot_be_right_is_one_sentence_and_exit_code_3(
    arguments: list[str], fault: str, table: Path, terminal: Run
) -> None:
    code, out, err = run(["outcomes", str(table), *arguments], *terminal)
    assert (code, out) == (3, "")
    assert fault in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "said"), [(1234.4, "1,234"), (42.84, "42.8"), (9.004, "9"), (0.5, "0.5"), (100, "100")]
)
def test_a_number_has_three_digits_that_count_and_no_trailing_zero(value: float, said: str) -> None:
    assert number(value) == said


def test_shares_and_p_values_are_never_printed_as_nothing() -> None:
    assert percent(0.005) == "0.5 %"
    assert p_words(1e-9) == "p < 0.0001"
    assert p_words(0.0452) == "p = 0.045"
    assert p_words(0.5) == "p = 0.50"


# ── published outcomes ───────────────────────────────────────────────────────────────────────────────────────
def test_published_figures_are_listed_with_their_place_and_status(terminal: Run) -> None:
    code, out, _ = run(["evidence", "trials", "--endpoint", "response", "--series", "select"], *terminal)
    assert code == 0
    assert "select.orr" in out
    assert "25 %  (30 of 120; 95 % interval 17.5 to 33.7 %; p 0.0014; against historical 14%)" in out
    assert "source: select-2015 abstract; read" in out


def test_figures_are_found_by_risk_and_by_years(terminal: Run) -> None:
    _, out, _ = run(["evidence", "trials", "--risk", "favourable", "--json"], *terminal)
    assert [each["id"] for each in json.loads(out)["figures"]] == [
        "proclaim_imdc.os_favourable",
        "proclaim_imdc.os2y_favourable",
    ]
    _, out, _ = run(["evidence", "trials", "--era", "1985-1999", "--endpoint", "response", "--json"], *terminal)
    series = {each["series"] for each in json.loads(out)["figures"]}
    assert "fda_pool_rcc" in series
    assert not {"select", "proclaim_2015"} & series


def test_a_pool_names_its_series_and_every_one_left_out(terminal: Run) -> None:
    _, out, _ = run(["evidence", "trials", "--endpoint", "response", "--tumour", "mRCC", "--pool", "--json"], *terminal)
    whole = json.loads(out)["pools"]["strata"][0]
    names = [each["name"] for each in whole["series"]]
    assert names == ["nci_klapper2008", "select", "proclaim_2015/prospective", "christie_early/unselected"]
    assert whole["pooled"]["patients"] == 720
    assert {each["id"] for each in whole["left_out"]} == {
        "fda_pool_rcc.orr_upd",
        "nci_rct_yang2003.orr_hd",
        "proclaim_2015.orr_retro",
    }
    assert whole["pooled"]["prediction"]["upper"] > whole["pooled"]["proportion"]["upper"]


def test_newer_therapies_stand_beside_and_say_that_they_are_not_compared(terminal: Run) -> None:
    _, out, _ = run(["evidence", "trials", "--endpoint", "complete response", "--newer"], *terminal)
    assert "CheckMate 214" in out
    assert "are not compared" in out


@pytest.mark.parametrize(
    "kind",
    [
        "response",
        "complete response",
        "treatment death",
        "median survival",
        "survival at a time",
        "duration of response",
    ],
)
def test_a_forest_is_drawn_with_counts_source_and_what_is_not_comparable(
    kind: str, tmp_path: Path, terminal: Run
) -> None:
    picture = tmp_path / "forest.svg"
    code, _, err = run(["evidence", "trials", "--endpoint", kind, "--newer", "--plot", str(picture)], *terminal)
    assert (code, err) == (0, "")
    text = picture.read_text(encoding="utf-8")
    assert "are not compared" in text
    assert "Source: register of aldes" in text
    assert "fda_pool_rcc" in text or kind == "survival at a time"


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (["--endpoint", "respons"], "Did you mean 'response'?"),
        (["--regimen", "high dose"], "is no regimen; use one of"),
        (["--series", "selct"], "Did you mean 'select'?"),
        (["--era", "1999"], "An era is two years"),
        (["--tumour", "kidney"], "is no tumour"),
        (["--pool"], "Only counted proportions are pooled"),
        (["--plot", "forest.svg"], "A forest shows"),
        (["--endpoint", "response", "--plot", "forest.gif"], "A picture is written as"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(arguments: list[str], fault: str, terminal: Run) -> None:
    code, out, err = run(["evidence", "trials", *arguments], *terminal)
    assert code in (3, 4)
    assert out == ""
    assert fault in err
    assert err.count("\n") == 1
