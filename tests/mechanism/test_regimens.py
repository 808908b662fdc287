"""Regimens say when which amount is given, and an impossible one never runs."""

import re
from pathlib import Path

import pytest

from aldes.errors import ModelError
from aldes.mechanism import read_regimen, regimen, regimens, typical
from aldes.mechanism.regimen import NMOL_PER_IU, Route, parse

OWN = """
[[regimen]]
id = "own"
words = "three doses of 42 million IU"
iu = 42_000_000
route = "vein"
over_h = 0.25
starts_h = [0, 8, 20]
cycle_days = [0]
source = "assumption docs/decisions/0018-the-mechanism.md, own schedules"
status = "policy"
"""


def own(old: str, new: str) -> str:
    """The regimen above with one thing changed."""
    assert OWN.count(old) == 1
    return OWN.replace(old, new)


@pytest.mark.parametrize(
    ("id", "doses", "last_start_h", "miu_at_80_kg"),
    [
        ("high-dose", 28, 336 + 104, 48),
        ("high-dose-720", 30, 336 + 112, 57.6),
        ("low-dose-vein", 30, 336 + 112, 5.76),
        ("subcutaneous-nci", 5, 96, 20),
        ("subcutaneous-18", 5, 96, 18),
        ("continuous", 10, 240 + 96, 35.1),
        ("after-til", 6, 40, 48),
    ],
)
def test_a_named_regimen_gives_what_its_source_says(
    id: str, doses: int, last_start_h: float, miu_at_80_kg: float
) -> None:
    found = regimen(id)
    assert len(found.doses) == doses
    assert found.doses[-1].start_h == last_start_h
    assert found.nmol(typical()) / NMOL_PER_IU / 1e6 == pytest.approx(miu_at_80_kg)


def test_every_regimen_has_a_source() -> None:
    assert all(each.source and each.status for each in regimens().values())


def test_an_unknown_regimen_is_refused_with_the_nearest() -> None:
    with pytest.raises(ModelError, match="Did you mean 'high-dose'"):
        regimen("hihg-dose")


def test_doses_one_after_the_other_without_a_gap_are_no_overlap() -> None:
    assert [dose.start_h for dose in regimen("continuous").doses[:3]] == [0, 24, 48]


def test_a_schedule_of_ones_own_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    found = read_regimen(path)
    assert [(dose.start_h, dose.end_h, dose.route) for dose in found.doses] == [
        (0, 0.25, Route.VEIN),
        (8, 8.25, Route.VEIN),
        (20, 20.25, Route.VEIN),
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "starts_h = [0, 8, 20]",
            "starts_h = [0, 0.2, 20]",
            "starts a dose 0.2 h after the first, while the one before",
        ),
        ("starts_h = [0, 8, 20]", "starts_h = [0, 20, 8]", "doses must not overlap and stand in order"),
        ("cycle_days = [0]", "cycle_days = [0, 0.5]", "while the one before runs until 20.25 h"),
        ("over_h = 0.25", "over_h = 9", "while the one before runs until 9 h"),
        ("over_h = 0.25", "over_h = 0", "over_h = 0; a number from"),
        ("over_h = 0.25\n", "", "needs over_h for a dose into a vein"),
        (
            'route = "vein"',
            'route = "skin"',
            "needs over_h for a dose into a vein, and has none for one under the skin",
        ),
        ('route = "vein"', 'route = "muscle"', "goes into 'muscle'; write vein or skin"),
        ("iu = 42_000_000", "iu = 42_000_000_000", "iu = 42000000000; a number from"),
        ("iu = 42_000_000", "iu = -1", "iu = -1; a number from"),
        ("iu = 42_000_000", "iu_per_kg = 600_000\niu = 1", "needs one of iu_per_kg, iu_per_m2 and iu; 2 stand there"),
        ("starts_h", "strats_h", "'strats_h', which is no field. Did you mean 'starts_h'"),
        ("starts_h = [0, 8, 20]", "every_h = 8", "does not say when"),
        ("starts_h = [0, 8, 20]", "every_h = 8\ndoses = 1.5", "doses = 1.5; a whole number"),
        ("starts_h = [0, 8, 20]", "starts_h = [0]\ndoses = 1", "keep one way to say when"),
        ("starts_h = [0, 8, 20]", "starts_h = []", "a list of 1 to 200 numbers"),
        ("assumption docs", "asumption docs", "Did you mean 'assumption'"),
        ("words = ", "wordz = ", "'wordz', which is no field. Did you mean 'words'"),
        ("[[regimen]]", "[[regimens]]", "regimens are written as [[regimen]]"),
        ("[[regimen]]", "[[regimen]", "cannot be read as TOML"),
    ],
)
def test_an_impossible_regimen_is_refused_in_one_sentence(old: str, new: str, fault: str) -> None:
    with pytest.raises(ModelError, match=re.escape(fault)) as caught:
        parse(own(old, new), "own.toml")
    assert str(caught.value).startswith("own.toml: ")
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"'none.toml' cannot be read"):
        read_regimen(tmp_path / "none.toml")


def test_a_file_with_two_regimens_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "two.toml"
    path.write_text(OWN + OWN, encoding="utf-8")
    with pytest.raises(ModelError, match="2 stand there"):
        read_regimen(path)
