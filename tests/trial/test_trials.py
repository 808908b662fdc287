"""Designs are read strictly; the same person is in every arm; chunks change nothing; a finished chunk is kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aldes.errors import ModelError, ProtocolError
from aldes.mechanism.ensemble import first_sets
from aldes.trial import arm as arms
from aldes.trial.arm import fingerprint, in_set, run_arm
from aldes.trial.design import Design, parse
from aldes.trial.noise import normals
from aldes.trial.patient import patient
from aldes.trial.summary import endpoints, pairs

DESIGN = """
[trial]
id = "one"
patients = 6
seed = 5
chunk = 3

[follow]
first_day = 31
every_days = 100
last_day = 131

[[arm]]
id = "label"
protocol = "us-label-2023"
regimen = "high-dose"
"""

OWN = """
[[regimen]]
id = "three-doses"
words = "three doses of half the amount, every 12 hours"
iu_per_kg = 300_000
route = "vein"
over_h = 0.25
every_h = 12
doses = 3
cycle_days = [0]
source = "assumption docs/decisions/0018-the-mechanism.md, own schedules"
status = "assumed"
"""

ASKS = """
id = "asks"
words = "a protocol that asks what no model shows"
extends = "us-label-2023"

[[hold]]
id = "OWN-01"
words = "potassium above 7 mmol/L"
hold = "potassium > 7"
resume = "potassium <= 6"
source = "assumption docs/decisions/0030-the-virtual-nurse.md, a row for a test"
status = "policy"

[required.potassium]
"""


def design(text: str = DESIGN) -> Design:
    return parse(text, "one.toml")


@pytest.fixture(scope="module")
def whole() -> arms.Columns:
    """All six patients at once."""
    return arms.nurse(design(), design().arms[0], range(6))


@pytest.mark.slow
def test_a_patient_is_the_same_in_any_chunk(whole: arms.Columns) -> None:
    late = arms.nurse(design(), design().arms[0], range(4, 6))
    for name in ("doses 1", "doses 2", "held", "bolus", "best", "first_diameter"):
        assert np.array_equal(whole[name][4:], late[name]), name


def test_doses_stay_within_what_a_cycle_has(whole: arms.Columns) -> None:
    assert whole["doses 1"].max() <= 14
    assert whole["doses 1"].min() >= 0
    assert 1 <= whole["doses 1"].mean() <= 14


def test_slots_are_given_held_or_left_out_and_never_lost(whole: arms.Columns) -> None:
    closed = whole["doses 1"] + whole["doses 2"] + whole["held"] + whole["omitted"]
    stopped = whole["stopped"] > 0
    assert (closed[~stopped] == 28).all()


def test_a_finished_chunk_is_kept_and_an_interrupted_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: arms.Columns
) -> None:
    asked: list[range] = []

    def nursed(_: Design, __: object, numbers: range) -> arms.Columns:
        asked.append(numbers)
        if numbers.start == 3 and len(asked) == 2:
            raise KeyboardInterrupt
        return {name: values[numbers.start : numbers.stop] for name, values in whole.items()}

    monkeypatch.setattr(arms, "nurse", nursed)
    with pytest.raises(KeyboardInterrupt):
        run_arm(design(), design().arms[0], tmp_path, lambda *_: None)
    found = run_arm(design(), design().arms[0], tmp_path, lambda *_: None)
    assert asked == [range(3), range(3, 6), range(3, 6)]
    assert np.array_equal(found["doses 1"], whole["doses 1"])
    assert not list(tmp_path.glob("*.part.npz"))


def test_another_design_is_another_result(tmp_path: Path) -> None:
    one, other = design(), design(DESIGN.replace("seed = 5", "seed = 6"))
    assert fingerprint(one, one.arms[0]) == fingerprint(design(), design().arms[0])
    assert fingerprint(one, one.arms[0]) != fingerprint(other, other.arms[0])
    assert fingerprint(one, one.arms[0]) != fingerprint(one, in_set(one.arms[0], first_sets(1)[0]))


def test_a_schedule_of_ones_own_that_changed_is_another_result(tmp_path: Path) -> None:
    text = DESIGN.replace('regimen = "high-dose"', 'regimen = "own.toml"')
    found = []
    for doses in (3, 4):
        (tmp_path / "own.toml").write_text(OWN.replace("doses = 3", f"doses = {doses}"))
        read = parse(text, "one.toml", tmp_path)
        found.append(fingerprint(read, read.arms[0]))
    assert found[0] != found[1]


def test_the_table_says_each_endpoint_of_each_arm_and_who_gets_more_doses(whole: arms.Columns) -> None:
    one = arms.Results(arm=design().arms[0], columns=whole)
    other = arms.Results(arm=replace(one.arm, id="other"), columns=whole | {"doses 1": whole["doses 1"] - 1})
    table = {each.words: each.values for each in endpoints(design(), (one, other))}
    assert table["patients"] == ("6", "6")
    assert len(table) >= 14
    assert list(pairs((one, other))) == [
        "other against label: 0.0 % get more doses, 100.0 % fewer, mean difference -1.00"
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("us-label-2023", "us-label-2033"), "Did you mean 'us-label-2023'"),
        (('regimen = "high-dose"', 'regimen = "high-doze"'), "Did you mean 'high-dose'"),
        (('regimen = "high-dose"', 'regimen = "subcutaneous-18"'), "doses into a vein"),
        (('regimen = "high-dose"', 'stops = "sometimes"'), "stops is always or again"),
        (('regimen = "high-dose"', 'parameters = "konrad"'), "konrad-1990"),
        (('regimen = "high-dose"', "assumed = { spo3 = 97 }"), "Did you mean 'spo2'"),
        (('regimen = "high-dose"', "assumed = { spo2 = 970 }"), "can be survived"),
        (('regimen = "high-dose"', "assumed = { creatinine = 1 }"), "cannot assume 'creatinine'"),
        (("patients = 6", "patients = 0"), "a whole number from 1"),
        (("patients = 6", "patients = true"), "a whole number from 1"),
        (("patients = 6", "patient = 6"), "'patient' is not known"),
        (("last_day = 131", "last_day = 30"), "comes before the first"),
        (("[[arm]]", "[arm]"), "one [[arm]] or more"),
        (("[trial]", "[trail]"), "'trail' is not known"),
        (("[trial]", "[trial"), "is no TOML"),
    ],
)
def test_a_faulty_design_is_refused_in_one_sentence(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises((ModelError, ProtocolError), match=sentence.replace("[", r"\[")) as refused:
        design(DESIGN.replace(*change))
    assert "\n" not in str(refused.value)


def test_two_arms_of_one_name_are_refused() -> None:
    with pytest.raises(ModelError, match="two arms have one id"):
        design(DESIGN + DESIGN[DESIGN.index("[[arm]]") :])


# ── a schedule of one's own ──


def test_a_schedule_of_ones_own_lies_beside_the_design_and_beside_the_patient(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    arm = parse(DESIGN.replace('"high-dose"', '"own.toml"'), "one.toml", tmp_path).arms[0]
    assert [dose.start_h for dose in arm.regimen.doses] == [0, 12, 24]
    one = patient({"protocol": "us-label-2023", "regimen": "own.toml"}, "patient.json", tmp_path)
    assert one.arm.regimen == arm.regimen


def test_a_schedule_of_ones_own_is_nursed(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN)
    small = DESIGN.replace('"high-dose"', '"own.toml"').replace("patients = 6", "patients = 2")
    read = parse(small, "one.toml", tmp_path)
    found = arms.nurse(read, read.arms[0], range(2))
    assert set(found["doses 1"]) <= {0, 1, 2, 3}
    assert (found["doses 1"] + found["held"] + found["omitted"])[found["stopped"] == 0].tolist() in ([3], [3, 3], [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("every_h = 12", "every_h = 0.1"), "must not overlap"),
        (("doses = 3", "dozes = 3"), "Did you mean 'doses'"),
        (("iu_per_kg = 300_000", "iu_per_kg = -1"), "a number from"),
        (('route = "vein"', 'route = "mouth"'), "write vein or skin"),
    ],
)
def test_a_faulty_schedule_of_ones_own_is_refused(change: tuple[str, str], sentence: str, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN.replace(*change))
    with pytest.raises(ModelError, match=sentence):
        parse(DESIGN.replace('"high-dose"', '"own.toml"'), "one.toml", tmp_path)


def test_a_schedule_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        parse(DESIGN.replace('"high-dose"', '"none.toml"'), "one.toml", tmp_path)


def test_a_protocol_that_asks_what_the_model_cannot_show_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "asks.toml").write_text(ASKS)
    read = parse(DESIGN.replace('"us-label-2023"', '"asks.toml"'), "one.toml", tmp_path)
    with pytest.raises(ModelError, match="which the model does not show"):
        arms.nurse(read, read.arms[0], range(2))


# ── one patient ──


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({"protocl": "nci-2001"}, "Did you mean 'protocol'"),
        ({}, "protocol is missing"),
        ({"protocol": "nci-2001", "weight_kg": 20}, "We take 30 to 250 kg"),
        ({"protocol": "nci-2001", "weight_kg": "80"}, "a number of kilograms"),
        ({"protocol": "nci-2001", "values": {"clearance": 1}}, "is not in the model"),
        ({"protocol": "nci-2001", "values": {"cl": -1}}, "0 or above"),
        ({"protocol": "nci-2001", "values": {"cl": -1}, "number": 3}, "0 or above"),
        ({"protocol": "nci-2001", "values": {"clr": 1}, "number": 3}, "is not in the model"),
        ({"protocol": "nci-2001", "weight_kg": 400}, "We take 30 to 250 kg"),
        ({"protocol": "nci-2001", "values": [1]}, "values is an object"),
        ({"protocol": "nci-2001", "number": 3, "weight_kg": 80}, "a weight of his or her own"),
        ({"protocol": "nci-2001", "days": 0}, "a whole number from 1"),
        ({"protocol": "nci-2001", "assumed": 3}, "assumed is an object"),
    ],
)
def test_a_faulty_patient_is_refused_in_one_sentence(table: dict[str, object], sentence: str) -> None:
    with pytest.raises(Exception, match=sentence) as refused:
        patient(table, "patient.json")
    assert "\n" not in str(refused.value)


def test_a_virtual_patient_is_the_one_of_this_number_in_any_trial() -> None:
    one = patient({"protocol": "nci-2001", "number": 3, "seed": 5}, "patient.json")
    again = patient({"protocol": "us-label-2023", "number": 3, "seed": 5}, "patient.json")
    assert one.params == again.params
    assert one.params != patient({"protocol": "nci-2001", "number": 4, "seed": 5}, "patient.json").params


# ── the chance of measuring ──


def test_the_chance_of_a_measurement_depends_on_patient_finding_and_hour_alone() -> None:
    all_ten = normals(1, "creatinine", 22.0, range(10))
    assert np.array_equal(all_ten[6:8], normals(1, "creatinine", 22.0, range(6, 8)))
    assert not np.array_equal(all_ten, normals(1, "creatinine", 46.0, range(10)))
    assert not np.array_equal(all_ten, normals(1, "platelets", 22.0, range(10)))
    assert not np.array_equal(all_ten, normals(2, "creatinine", 22.0, range(10)))


def test_the_chances_are_standard_normal() -> None:
    drawn = normals(1, "systolic", 0.0, range(20_000))
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.03
