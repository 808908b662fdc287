"""From a dose to the bag: volume, vials, bag, concentration, expiry and the steps."""

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aldes.administration import dose as doses
from aldes.administration import preparation as preparations
from aldes.administration.preparation import Preparation, bag_of
from aldes.errors import InputError, ProtocolError
from aldes.evidence import read_register
from aldes.protocols.read import read
from aldes.units import Dose

LABEL = read("us-label-2023")
order = partial(doses.order, rule=LABEL.dose)
prepare = partial(preparations.prepare, rule=LABEL.preparation, dosing=LABEL.dose)

EIGHT = datetime(2026, 3, 1, 8, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ONE, ALL = Decimal("1.0"), Decimal("1.2")
ORDERED_IU = st.integers(min_value=15_000_000, max_value=175_000_000)


def vials(dose: Dose, usable_ml_per_vial: Decimal) -> int:
    """Vials under the label."""
    assert LABEL.preparation is not None
    return preparations.vials(dose, usable_ml_per_vial, LABEL.preparation)


def made(miu: str, usable_ml_per_vial: Decimal = ONE, prepared_at: datetime | None = EIGHT) -> Preparation:
    """A dose made at eight in the morning at a site that draws 1 mL from each vial."""
    return prepare(Dose.from_miu(Decimal(miu)), usable_ml_per_vial=usable_ml_per_vial, prepared_at=prepared_at)


def words(miu: str) -> str:
    """All steps of a preparation as one text."""
    return " ".join(step.words for step in made(miu).steps)


# ── from weight to bag ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("weight_kg", "volume", "bag", "vials_at_1", "vials_at_1_2", "milligrams_in_a_litre"),
    [
        ("30", "1 mL", 25, 1, 1, "42.3"),
        ("42.3", "1.41 mL", 25, 2, 2, "58.7"),
        ("42.4", "about 1.413 mL", 50, 2, 2, "30.2"),
        ("70", "about 2.333 mL", 50, 3, 2, "49.0"),
        ("100", "about 3.333 mL", 50, 4, 3, "68.8"),
        ("100.1", "about 3.337 mL", 100, 4, 3, "35.5"),
        ("250", "about 8.333 mL", 100, 9, 7, "84.6"),
    ],
)
def test_the_bag_of_a_weight(
    weight_kg: str, volume: str, bag: int, vials_at_1: int, vials_at_1_2: int, milligrams_in_a_litre: str
) -> None:
    dose = order(Decimal(weight_kg), round_to_miu=None, cap_kg=None).dose
    preparation = prepare(dose, usable_ml_per_vial=ONE, prepared_at=EIGHT)
    assert preparation.document()["volume_words"] == volume
    assert preparation.bag.ml == bag
    assert (preparation.vials, vials(dose, ALL)) == (vials_at_1, vials_at_1_2)
    assert preparation.concentration_mg_per_ml is not None
    assert round(preparation.concentration_mg_per_ml * 1000, 1) == Decimal(milligrams_in_a_litre)


@pytest.mark.parametrize(
    ("miu", "bag"),
    [
        ("25.399999", 25),
        ("25.4", 25),
        ("25.400001", 50),
        ("59.999999", 50),
        ("60", 50),
        ("60.000001", 100),
        ("175", 100),
    ],
)
def test_each_limit_belongs_to_the_smaller_bag(miu: str, bag: int) -> None:
    """PREP-08 to PREP-10."""
    assert LABEL.preparation is not None
    assert bag_of(Dose.from_miu(Decimal(miu)), LABEL.preparation).ml == bag


@pytest.mark.parametrize(
    ("miu", "at_1", "at_1_2"),
    [
        ("18", 1, 1),
        ("18.000001", 2, 1),
        ("21.6", 2, 1),
        ("21.600001", 2, 2),
        ("36", 2, 2),
        ("43.2", 3, 2),
        ("43.200001", 3, 3),
    ],
)
def test_vials_at_and_beside_whole_vials(miu: str, at_1: int, at_1_2: int) -> None:
    """UNIT-08."""
    assert made(miu, ONE).vials == at_1
    assert made(miu, ALL).vials == at_1_2


@pytest.mark.parametrize("usable", [ONE, ALL])
def test_both_counts_are_always_shown_and_the_sites_first(usable: Decimal) -> None:
    document = made("42", usable).document()
    assert document["vials"] == (3 if usable == ONE else 2)
    assert document["vials_words"] == (
        "3 vials at 1 mL from each (2 vials at 1.2 mL from each)"
        if usable == ONE
        else "2 vials at 1.2 mL from each (3 vials at 1 mL from each)"
    )
    assert document["vials_by_choice"] == [
        {"usable_ml_per_vial": 1, "vials": 3},
        {"usable_ml_per_vial": 1.2, "vials": 2},
    ]


def test_one_vial_is_said_in_the_singular() -> None:
    assert made("18").document()["vials_words"] == "1 vial at 1 mL from each (1 vial at 1.2 mL from each)"


@pytest.mark.parametrize("usable", ["1.1", "1.22", "0", "NaN"])
def test_a_site_draws_1_or_1_2_ml_and_nothing_else(usable: str) -> None:
    with pytest.raises(ProtocolError, match=r"usable_ml_per_vial is neither 1 mL nor 1\.2 mL"):
        made("42", Decimal(usable))


@pytest.mark.parametrize(
    ("miu", "shown"),
    [
        ("18", "1 mL"),
        ("25.2", "1.4 mL"),
        ("42", "about 2.333 mL"),
        ("25.3818", "about 1.41 mL"),  # exactly 1.4101: reading it as 1.41 is not exact
    ],
)
def test_about_stands_only_where_the_shown_volume_is_inexact(miu: str, shown: str) -> None:
    assert made(miu).document()["volume_words"] == shown


# ── concentration ────────────────────────────────────────────────────────────────────────────────────────────
def test_the_drugs_own_volume_counts() -> None:
    """18 million IU is 1.1 mg in 1 mL, added to 25 mL."""
    assert LABEL.preparation is not None
    assert preparations.concentration(Dose.from_miu(18), Decimal(25), LABEL.preparation) == Fraction("1.1") / 26


# 0.07 mg/mL in 100 mL: x × 1.1 / 18 = 0.07 × (100 + x / 18), so x = 126 / 1.03 million IU
# 0.03 mg/mL in 25 mL: x × 1.1 / 18 = 0.03 × (25 + x / 18), so x = 13.5 / 1.07 million IU
@pytest.mark.parametrize(
    ("iu", "warned"),
    [(122_330_097, False), (122_330_098, True), (12_616_822, True), (12_616_823, False), (60_000_000, False)],
)
def test_outside_the_labels_concentration_the_pharmacist_is_warned(iu: int, warned: bool) -> None:
    """PREP-07, one IU on each side of both limits."""
    preparation = prepare(Dose.from_iu(iu), usable_ml_per_vial=ONE, prepared_at=None)
    assert bool(preparation.warnings) is warned


def test_a_warning_never_shows_a_number_that_lies_inside_the_range() -> None:
    above = prepare(Dose.from_iu(122_330_098), usable_ml_per_vial=ONE, prepared_at=None)
    below = prepare(Dose.from_iu(12_616_822), usable_ml_per_vial=ONE, prepared_at=None)
    assert "about 0.0701 mg/mL, above" in above.warnings[0]
    assert "about 0.0299 mg/mL, below" in below.warnings[0]


def test_the_warning_says_what_to_do() -> None:
    assert made("150").warnings == (
        "The bag of 100 mL would hold about 0.0847 mg/mL, above the label's 0.03 to 0.07 mg/mL (PREP-07). "
        "Let the pharmacist decide on the volume before the bag is made.",
    )


@settings(deadline=None)
@given(st.decimals(min_value=30, max_value=200, places=1))
def test_up_to_200_kg_every_bag_keeps_the_labels_concentration(weight_kg: Decimal) -> None:
    dose = order(weight_kg, round_to_miu=None, cap_kg=None).dose
    assert prepare(dose, usable_ml_per_vial=ONE, prepared_at=None).warnings == ()


# ── expiry ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_infusion_ends_within_48_hours_and_starts_15_minutes_before() -> None:
    assert made("42").expires == datetime(2026, 3, 3, 8, tzinfo=UTC)
    assert made("42").latest_start == datetime(2026, 3, 3, 7, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("prepared_at", "expires"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=BERLIN), "2026-03-30T13:00:00+02:00"),  # an hour is lost in between
        (datetime(2026, 10, 24, 12, tzinfo=BERLIN), "2026-10-26T11:00:00+01:00"),  # an hour is gained
        (datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=BERLIN), "2026-10-27T01:30:00+01:00"),
        (datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN), "2026-10-27T02:30:00+01:00"),
    ],
)
def test_a_bag_keeps_48_elapsed_hours_when_the_clocks_change(prepared_at: datetime, expires: str) -> None:
    """Hazard H18."""
    assert made("42", prepared_at=prepared_at).document()["expires"] == expires


def test_expiry_is_told_in_the_zone_of_the_preparation() -> None:
    document = made("42", prepared_at=datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=-6)))).document()
    assert document["prepared_at"] == "2026-03-01T08:00:00-06:00"
    assert document["latest_start"] == "2026-03-03T07:45:00-06:00"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="came without a time zone"):
        made("42", prepared_at=datetime(2026, 3, 1, 8))  # noqa: DTZ001  # the fault that is tested


def test_nothing_made_yet_has_no_expiry() -> None:
    document = made("42", prepared_at=None).document()
    assert (document["prepared_at"], document["expires"], document["latest_start"]) == (None, None, None)


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_steps_come_in_the_order_of_the_work() -> None:
    bench = "UNIT-08 PREP-02 PREP-03 PREP-05 PREP-04 UNIT-07 PREP-06 PREP-09 STAB-03 STAB-05"
    bedside = "ADM-01 ADM-02 ADM-04 ADM-03 DOSE-03 ADM-03"
    facts = [fact for step in made("42").steps for fact in step.facts]
    assert " ".join(facts) == f"{bench} {bedside}"


@pytest.mark.parametrize("miu", ["18", "42", "150"])
def test_every_step_names_its_source_its_place_and_how_surely_we_know_it(miu: str) -> None:
    for step in made(miu).document()["steps"]:
        for place in step["sources"]:
            fact = read_register().fact(place["fact"])
            assert (place["source"], place["status"]) == (str(fact.source), fact.status.value)


def test_a_step_on_which_sources_disagree_says_so() -> None:
    (storage,) = (step for step in made("42").steps if step.facts == ("STAB-03",))
    assert "The older label allows 2 to 25 °C" in json.dumps(storage.document(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("miu", "step"),
    [
        ("18", "Add it to 25 mL of dextrose 5 % in a PVC bag; use no other diluent."),
        ("42", "Draw about 2.333 mL in all: 42 million IU."),
        ("42", "Add it to 50 mL of dextrose 5 %"),
        ("60.06", "Add it to 100 mL of dextrose 5 %"),
        ("42", "swirl; do not shake"),
        ("42", "neither bacteriostatic water nor sodium chloride"),
        ("42", "1.2 mL of sterile water for injection without preservative"),
        ("42", "no in-line filter"),
        ("42", "over 15 minutes"),
        ("42", "within 48 h"),
        ("42", "Do not freeze"),
        ("42", "room temperature"),
    ],
)
def test_the_steps_say_what_kills_the_drug_or_the_patient_when_forgotten(miu: str, step: str) -> None:
    assert step in words(miu)


def test_the_line_is_flushed_before_and_after() -> None:
    steps = [step.words for step in made("42").steps]
    infusion = next(index for index, each in enumerate(steps) if each.startswith("Infuse"))
    assert "50 mL of dextrose 5 %" in steps[infusion - 1]
    assert "50 mL of dextrose 5 %" in steps[infusion + 1]


def test_the_numbers_of_the_steps_agree_with_the_register() -> None:
    """Our words repeat the register's numbers; when it changes, they must."""
    register = read_register()
    for fact, numbers in {
        "PREP-02": ["1.2 mL"],
        "PREP-03": ["18 million IU"],
        "PREP-07": ["0.03", "0.07 mg/mL"],
        "PREP-08": ["25.4 million IU", "25 mL"],
        "PREP-09": ["60 million IU", "50 mL"],
        "PREP-10": ["60 million IU", "100 mL"],
        "STAB-03": ["48 hours", "2 to 8 °C", "end of the infusion"],
        "DOSE-01": ["600,000 IU per kg"],
        "DOSE-03": ["15 minutes"],
        "ADM-03": ["50 mL"],
        "UNIT-01": ["18 million IU", "1.1 mg"],
    }.items():
        assert all(each in register.fact(fact).words for each in numbers), fact


# ── always ───────────────────────────────────────────────────────────────────────────────────────────────────
@settings(deadline=None, max_examples=100)
@given(ORDERED_IU, st.sampled_from([ONE, ALL]))
def test_the_vials_hold_the_dose_and_none_is_opened_for_nothing(iu: int, usable: Decimal) -> None:
    dose = Dose.from_iu(iu)
    count, held = vials(dose, usable), Fraction(usable) * 18_000_000
    assert (count - 1) * held < iu <= count * held


@settings(deadline=None, max_examples=100)
@given(ORDERED_IU)
def test_the_volume_drawn_holds_the_dose(iu: int) -> None:
    volume = prepare(Dose.from_iu(iu), usable_ml_per_vial=ONE, prepared_at=None).volume_ml
    assert abs(Fraction(volume) * 18_000_000 - iu) < Fraction(1, 10**6)


@settings(deadline=None, max_examples=100)
@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)), st.integers(0, 1))  # noqa: DTZ001
def test_a_bag_never_keeps_longer_than_48_elapsed_hours(wall: datetime, fold: int) -> None:
    prepared_at = wall.replace(tzinfo=ZoneInfo("America/Chicago"), fold=fold)
    preparation = made("42", prepared_at=prepared_at)
    assert preparation.expires is not None
    assert preparation.latest_start is not None
    assert preparation.expires.timestamp() - prepared_at.timestamp() == 48 * 3600
    assert preparation.expires.timestamp() - preparation.latest_start.timestamp() == 15 * 60


def test_the_document_goes_through_json_unchanged() -> None:
    document = made("42").document()
    assert json.loads(json.dumps(document)) == document
    assert {"iu", "miu", "volume_ml", "diluent", "bag_ml", "concentration_mg_per_ml"} <= set(document)
    assert {"vials", "expires", "latest_start", "steps", "warnings"} <= set(document)
    assert (document["iu"], document["miu"], document["volume_ml"]) == (42_000_000, 42, 2.33333333333333)
