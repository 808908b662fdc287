"""Preparation is the protocol's own: one bag for all by the older label, three by the newer."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from aldes.administration.dose import order
from aldes.administration.preparation import Preparation, prepare
from aldes.errors import ProtocolError
from aldes.protocols.read import read

OLDER = """
id = "older"
words = "as the older label prepares it"
extends = "us-label-2023"
bedside = true

[preparation]
words = "as the older label has it"
miu_per_ml = 18
diluent = "dextrose 5 %"
least_mg_per_ml = 0.03
most_mg_per_ml = 0.07
keeps_h = 48
bags = [
  { up_to_mg = 1.5, below_ml = 50, fact = "PREP-12" },
  { ml = 50, fact = "PREP-12" },
]

[[preparation.step]]
at = "bench"
words = "Add {volume} to {bag} of {diluent}."
facts = ["PREP-12"]

[[preparation.step]]
at = "bench"
words = "Keep it cold; use it within 48 h of reconstitution."
facts = ["STAB-02"]
"""
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def older(tmp_path: Path) -> str:
    path = tmp_path / "older.toml"
    path.write_text(OLDER, encoding="utf-8")
    return str(path)


def made(protocol: str, weight_kg: str) -> Preparation:
    rules = read(protocol)
    assert rules.dose is not None
    assert rules.preparation is not None
    dose = order(Decimal(weight_kg), rules.dose, round_to_miu=None, cap_kg=None).dose
    return prepare(dose, rules.preparation, rules.dose, usable_ml_per_vial=Decimal(1), prepared_at=NOON)


@pytest.mark.parametrize(
    ("weight_kg", "newer_ml", "older_ml"),
    [("35", 25, None), ("40.9", 25, None), ("41", 25, 50), ("70", 50, 50), ("100", 50, 50), ("101", 100, 50)],
)
def test_one_dose_two_bags(older: str, weight_kg: str, newer_ml: int, older_ml: int | None) -> None:
    """1.5 mg is 24.545 million IU by UNIT-01, the dose of 40.9 kg; PREP-08 to -10 and PREP-12."""
    assert made("us-label-2023", weight_kg).bag.ml == newer_ml
    assert made(older, weight_kg).bag.ml == older_ml


def test_a_volume_that_the_source_does_not_print_is_settled_by_the_pharmacist(older: str) -> None:
    small = made(older, "35")
    assert (small.document()["bag_ml"], small.document()["concentration_mg_per_ml"]) == (None, None)
    assert small.warnings == (
        "For a dose of 21 million IU the source wants less than 50 mL and prints no volume (PREP-12). "
        "Let the pharmacist settle it before the bag is made.",
    )
    assert "to less than 50 mL (the source prints no volume" in small.steps[0].words


def test_the_older_labels_one_bag_leaves_its_own_range_in_heavy_patients(older: str) -> None:
    assert made(older, "100").warnings == ()
    assert "above the label's 0.03 to 0.07 mg/mL" in made(older, "110").warnings[0]


def test_each_label_cites_its_own_facts(older: str) -> None:
    assert {fact for step in made(older, "70").steps for fact in step.facts} == {"PREP-12", "STAB-02"}
    assert "STAB-03" in {fact for step in made("us-label-2023", "70").steps for fact in step.facts}


def test_both_keep_48_hours_and_an_infusion_takes_15_minutes(older: str) -> None:
    for protocol in ("us-label-2023", older):
        assert made(protocol, "70").expires == NOON + timedelta(hours=48)
        assert made(protocol, "70").latest_start == NOON + timedelta(hours=47, minutes=45)


def test_protocols_whose_source_says_nothing_of_it_take_the_present_labels() -> None:
    label = read("us-label-2023")
    for name in ("consensus-2014", "institution-2015"):
        assert (read(name).dose, read(name).preparation) == (label.dose, label.preparation)


def test_no_part_of_a_protocol_doses_anybody() -> None:
    assert {(read(name).dose, read(name).preparation) for name in ("interactions", "orders-a")} == {(None, None)}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{ ml = 50, fact", "{ ml = 50, below_ml = 40, fact", "a band has ml, or below_ml"),
        ("  { ml = 50, fact", "  { up_to_miu = 90, ml = 50, fact", "only the last has no upper end"),
        ('"PREP-12" },\n]', '"PREP-99" },\n]', "PREP-99"),
        ("keeps_h = 48", "keeps_h = 0", "keeps_h must be a number above zero"),
        ("most_mg_per_ml = 0.07", "most_mg_per_ml = 0.02", "lies below most_mg_per_ml"),
        ("{volume}", "{volme}", "may leave vials, volume, dose, bag, diluent open"),
        ('at = "bench"\nwords = "Keep', 'at = "home"\nwords = "Keep', "done at the bench or at the bedside"),
        ('diluent = "dextrose 5 %"', 'dilutent = "dextrose 5 %"', "Did you mean 'diluent'?"),
    ],
)
def test_a_fault_of_a_preparation_is_one_line_that_names_it(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in OLDER
    path = tmp_path / "faulty.toml"
    path.write_text(OLDER.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProtocolError, match="preparation") as refused:
        read(str(path))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("weight_kg", ["35", "40.9", "41", "70", "101"])
def test_the_bundled_earlier_label_prepares_as_this_file_reads_it(older: str, weight_kg: str) -> None:
    bundled, here = made("us-label-1992", weight_kg), made(older, weight_kg)

    assert (bundled.bag, bundled.warnings, bundled.expires) == (here.bag, here.warnings, here.expires)
    assert {"PREP-12", "STAB-02"} <= {fact for step in bundled.steps for fact in step.facts}
    assert "STAB-03" not in {fact for step in bundled.steps for fact in step.facts}
