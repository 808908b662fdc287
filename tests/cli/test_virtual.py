"""`aldes simulate` and `aldes trial` as their users call them."""

import csv
import json
from importlib.resources import files
from pathlib import Path

import pytest
from test_commands import run

EXAMPLES = Path(str(files("aldes.trial").joinpath("examples")))


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A patient who is followed for two days only."""
    path = tmp_path_factory.mktemp("virtual") / "patient.json"
    path.write_text(json.dumps({"id": "short", "weight_kg": 70, "protocol": "nci-2001", "days": 2}), encoding="utf-8")
    return path


def test_the_page_says_first_that_it_is_a_simulation(short: Path) -> None:
    code, out, err = run("simulate", str(short))
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "short, 70 kg: a simulation, no real patient and no forecast"
    assert "assumed, since the model does not show them: heart_rate 90" in out
    assert "cycle 1, slot  1, hour     0  give" in out
    assert "of 6 doses given" in out


def test_a_simulation_writes_its_hours_as_a_table_and_its_picture(short: Path, tmp_path: Path) -> None:
    table, picture = tmp_path / "hours.csv", tmp_path / "one.svg"
    assert run("simulate", str(short), "--table", str(table), "--plot", str(picture))[0] == 0
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["hour"] for row in rows[:3]] == ["0", "1", "2"]
    assert float(rows[1]["interleukin_2_iu_per_ml"]) > 100
    assert "A simulation by a model: no real patient, no forecast." in picture.read_text(encoding="utf-8")


def test_other_sets_of_parameters_give_a_range_that_is_called_what_it_is(short: Path, tmp_path: Path) -> None:
    picture = tmp_path / "one.png"
    code, out, err = run("simulate", str(short), "--ensemble", "2", "--json", "--plot", str(picture))
    assert (code, err) == (0, "")
    found = json.loads(out)["ensemble"]
    least, most = found["lowest mean pressure, mmHg"]
    assert 40 < least < most < 120
    assert picture.stat().st_size > 10_000


def test_a_bar_shows_how_far_a_trial_is_and_only_to_people(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from aldes.cli import trial

    trial._progress("label", 50, 100)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    trial._progress("label", 50, 100)
    trial._progress("label", 100, 100)
    shown = capsys.readouterr().err
    assert "█" * 15 + "·" * 15 + " 50 of 100" in shown
    assert shown.endswith("100 of 100\n")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("--table", "hours.xlsx"), "A table is written as .csv, .parquet; 'hours.xlsx' came."),
        (("--plot", "one.gif"), "A picture is written as .svg, .pdf, .png; 'one.gif' came."),
        (("--plot", "nowhere/one.png"), "its folder is not there"),
        (("--ensemble", "1000"), "The ensemble has"),
    ],
)
@pytest.mark.parametrize("command", ["simulate", "trial"])
def test_what_cannot_be_written_is_said_before_the_work(
    command: str, asked: tuple[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from aldes.cli import simulate, trial

    if command == "trial" and asked[0] == "--table":
        return  # a trial writes its tables into its folder
    monkeypatch.chdir(tmp_path)
    for module, work in ((simulate, "trace"), (trial, "run_arm")):
        monkeypatch.setattr(module, work, lambda *_: pytest.fail("it worked first"))
    file = EXAMPLES / {"simulate": "patient.json", "trial": "tighter.toml"}[command]
    code, _, err = run(command, str(file), *asked)
    assert code == 3
    assert sentence in err


def test_a_patient_that_is_no_json_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "patient.json"
    path.write_text("{weight", encoding="utf-8")
    code, out, err = run("simulate", str(path))
    assert (code, out) == (3, "")
    assert "is no JSON" in err


def test_the_bundled_examples_are_read() -> None:
    from aldes.trial.design import read_design
    from aldes.trial.patient import read_patient

    assert [each.id for each in read_design(EXAMPLES / "three-protocols.toml").arms] == [
        "label",
        "consensus",
        "guideline",
    ]
    loose, tight = read_design(EXAMPLES / "tighter.toml").arms
    assert {row.id for row in loose.protocol.rows} == {row.id for row in tight.protocol.rows}
    differ = [one.id for one, other in zip(loose.protocol.rows, tight.protocol.rows, strict=True) if one != other]
    assert differ == ["CONS-REN-03-R"]
    assert read_patient(EXAMPLES / "patient.json").params.weight == 70


@pytest.mark.slow
def test_a_trial_prints_its_endpoints_and_keeps_its_columns(tmp_path: Path) -> None:
    design = tmp_path / "small.toml"
    arms = "".join(
        f'[[arm]]\nid = "{id}"\nprotocol = "{id}"\nregimen = "after-til"\n' for id in ("us-label-2023", "nci-2001")
    )
    design.write_text(f'[trial]\nid = "small"\npatients = 3\n[follow]\nlast_day = 47\n{arms}', encoding="utf-8")
    picture = tmp_path / "small.png"
    code, out, err = run("trial", str(design), "--out", str(tmp_path / "kept"), "--plot", str(picture))
    assert (code, err) == (0, "")
    assert out.startswith("small: virtual patients, no real ones; seed 1.")
    assert "doses in cycle 1: median (quartiles)" in out
    assert "nci-2001 against us-label-2023:" in out
    assert picture.stat().st_size > 10_000
    for kind in ("parquet", "csv"):
        assert {each.stem for each in (tmp_path / "kept").glob(f"*.{kind}")} == {"us-label-2023", "nci-2001"}
    assert "CTCAE grade 3 or more" in out


@pytest.mark.slow
def test_a_trial_in_another_set_of_parameters_gives_ranges(tmp_path: Path) -> None:
    design = tmp_path / "small.toml"
    arm = '[[arm]]\nid = "one"\nprotocol = "us-label-2023"\nregimen = "after-til"\n'
    design.write_text(f'[trial]\nid = "small"\npatients = 2\n[follow]\nlast_day = 47\n{arm}', encoding="utf-8")
    code, out, err = run("trial", str(design), "--out", str(tmp_path / "kept"), "--ensemble", "1")
    assert (code, err) == (0, "")
    assert "one: least to most over 1 other sets of parameters: uncertainty of the parameters" in out
    _, ranges = out.split("least to most over")
    assert "doses in cycle 1" in ranges
