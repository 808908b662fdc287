"""The order of one dose: 600,000 IU/kg, kilograms only, never reduced (hazards H01, H02)."""

import inspect
import json
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aldes.administration import dose as doses
from aldes.administration.dose import OrderedDose
from aldes.errors import DoseError, ProtocolError
from aldes.protocols.read import read
from aldes.units import Dose

order = partial(doses.order, rule=read("us-label-2023").dose)

WEIGHTS = st.decimals(min_value=30, max_value=250, places=2)
STEPS = st.one_of(st.none(), st.decimals(min_value="0.1", max_value=25, places=1))
CAPS = st.one_of(st.none(), st.decimals(min_value=30, max_value=250, places=1))


def plain(weight_kg: str) -> OrderedDose:
    """An order at a site that states neither cap nor rounding."""
    return order(Decimal(weight_kg), round_to_miu=None, cap_kg=None)


@pytest.mark.parametrize(
    ("weight_kg", "words"),
    [
        ("30", "18 million IU"),
        ("42.3", "25.38 million IU"),
        ("42.4", "25.44 million IU"),
        ("70", "42 million IU"),
        ("70.00", "42 million IU"),
        ("100", "60 million IU"),
        ("100.1", "60.06 million IU"),
        ("250", "150 million IU"),
    ],
)
def test_the_dose_is_600000_iu_for_each_kilogram(weight_kg: str, words: str) -> None:
    ordered = plain(weight_kg)
    assert ordered.dose.words == words
    assert ordered.iu_per_kg == 600_000
    assert ordered.notes == ()


@pytest.mark.parametrize("weight_kg", ["29.999999", "29.9", "0", "-70", "250.000001", "250.1", "550", "70000"])
def test_a_weight_outside_30_to_250_kg_has_no_order(weight_kg: str) -> None:
    with pytest.raises(DoseError, match="We order for 30 to 250 kg"):
        plain(weight_kg)


def test_the_refusal_says_what_came_and_what_to_check() -> None:
    with pytest.raises(DoseError) as refused:
        plain("29.90")
    assert str(refused.value) == (
        "The dosing weight came as 29.9 kg. We order for 30 to 250 kg. "
        "Check the weight, and that it is in kilograms and not in pounds; nothing was ordered."
    )


@pytest.mark.parametrize("weight_kg", [70, 70.0, "70", True, None, Decimal("NaN"), Decimal("1E+999999")])
def test_a_weight_that_is_no_exact_decimal_has_no_order(weight_kg: object) -> None:
    with pytest.raises(DoseError, match="no exact number"):
        order(weight_kg, round_to_miu=None, cap_kg=None)  # type: ignore[arg-type]  # a caller without a type checker


def test_an_order_has_no_way_to_reduce_the_dose() -> None:
    """DOSE-16."""
    assert list(inspect.signature(doses.order).parameters) == ["weight_kg", "rule", "round_to_miu", "cap_kg"]


@pytest.mark.parametrize(
    ("iu_per_kg", "refused"), [(499_999, True), (500_000, False), (700_000, False), (700_001, True)]
)
def test_no_protocol_may_write_a_reduced_or_a_raised_dose(tmp_path: Path, iu_per_kg: int, refused: bool) -> None:
    """DOSE-16, hazard H02."""
    path = tmp_path / "ours.toml"
    head = 'id = "ours"\nwords = "ours"\nextends = "us-label-2023"\n[dose]\nover_min = 15\nfact = "DOSE-01"\n'
    path.write_text(f"{head}iu_per_kg = {iu_per_kg}\n", encoding="utf-8")
    if refused:
        with pytest.raises(ProtocolError, match="iu_per_kg"):
            read(str(path))
    else:
        assert read(str(path)).dose is not None


@pytest.mark.parametrize("name", ["us-label-2023", "consensus-2014", "institution-2015"])
def test_every_bundled_protocol_doses_600_000_iu_for_each_kilogram(name: str) -> None:
    """DOSE-01."""
    dosing = read(name).dose
    assert dosing is not None
    assert (dosing.iu_per_kg, dosing.over_min, dosing.fact) == (600_000, 15, "DOSE-01")


def test_both_settings_must_be_stated() -> None:
    parameters = inspect.signature(order).parameters
    assert {parameters[name].default for name in ("round_to_miu", "cap_kg")} == {inspect.Parameter.empty}


# ── rounding ─────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("weight_kg", "step", "miu"),
    [
        ("70", "1", "42"),
        ("70.8", "1", "42"),  # 42.48
        ("70.9", "1", "43"),  # 42.54
        ("42.5", "1", "25"),  # 25.5: half a step goes down
        ("42.5", "0.5", "25.5"),
        ("42.3", "0.1", "25.4"),  # 25.38
        ("71", "22", "44"),  # 42.6, two whole vials
    ],
)
def test_the_dose_is_rounded_to_the_sites_step(weight_kg: str, step: str, miu: str) -> None:
    assert order(Decimal(weight_kg), round_to_miu=Decimal(step), cap_kg=None).dose == Dose.from_miu(Decimal(miu))


def test_rounding_is_said() -> None:
    ordered = order(Decimal("42.3"), round_to_miu=Decimal(1), cap_kg=None)
    assert ordered.notes == ("Rounded from 25.38 million IU to 25 million IU; the site's step is 1 million IU.",)
    assert ordered.before_rounding == Dose.from_miu(Decimal("25.38"))


def test_rounding_that_changes_nothing_is_not_said() -> None:
    assert order(Decimal(70), round_to_miu=Decimal(1), cap_kg=None).notes == ()


@pytest.mark.parametrize(
    ("weight_kg", "step", "iu_per_kg"),
    [
        ("44", "22", 500_000),  # 26.4 becomes 22: exactly the least
        ("60", "42", 700_000),  # 36 becomes 42: exactly the most
    ],
)
def test_rounding_may_reach_500000_and_700000_iu_per_kg(weight_kg: str, step: str, iu_per_kg: int) -> None:
    assert order(Decimal(weight_kg), round_to_miu=Decimal(step), cap_kg=None).iu_per_kg == iu_per_kg


@pytest.mark.parametrize(
    ("weight_kg", "step"),
    [
        ("44.01", "22"),  # 22 million IU is 499,886 IU/kg
        ("59.99", "42"),  # 42 million IU is 700,117 IU/kg
        ("30", "22"),  # 733,333
        ("30", "36"),  # half a step: goes down to nothing
        ("30", "100"),  # nothing
    ],
)
def test_rounding_beyond_the_range_has_no_order(weight_kg: str, step: str) -> None:
    with pytest.raises(DoseError, match="We order 500,000 to 700,000 IU/kg"):
        order(Decimal(weight_kg), round_to_miu=Decimal(step), cap_kg=None)


@pytest.mark.parametrize("step", [Decimal(0), Decimal(-1), Decimal("NaN"), 1.0])
def test_a_step_that_is_none_is_a_fault_of_the_site(step: object) -> None:
    with pytest.raises(ProtocolError, match="round_to_miu"):
        order(Decimal(70), round_to_miu=step, cap_kg=None)  # type: ignore[arg-type]  # a caller without a type checker


# ── the site's cap ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("weight_kg", "miu", "capped"), [("99.9", "59.94", False), ("100", "60", False), ("100.1", "60", True)]
)
def test_the_cap_acts_above_it_and_not_at_it(weight_kg: str, miu: str, capped: bool) -> None:
    ordered = order(Decimal(weight_kg), round_to_miu=None, cap_kg=Decimal(100))
    assert ordered.dose == Dose.from_miu(Decimal(miu))
    assert ordered.capped is capped
    assert bool(ordered.notes) is capped


def test_a_cap_may_leave_less_than_500000_iu_per_kg_and_says_so() -> None:
    ordered = order(Decimal(150), round_to_miu=None, cap_kg=Decimal(100))
    assert ordered.iu_per_kg == 400_000
    assert ordered.notes == (
        "The site's cap acts: dosed for 100 kg, not for 150 kg. "
        "That is 400,000 IU for each kilogram of the dosing weight.",
    )


def test_a_cap_does_not_excuse_what_rounding_does() -> None:
    """200 kg capped at 59.99 kg, rounded up to 42 million IU: 700,117 IU/kg of the weight that counts."""
    with pytest.raises(DoseError, match=r"dose for 59\.99 kg came as 42 million IU"):
        order(Decimal(200), round_to_miu=Decimal(42), cap_kg=Decimal("59.99"))


@pytest.mark.parametrize("cap", [Decimal("29.9"), Decimal("250.1"), Decimal(0), Decimal("NaN"), 100.0])
def test_a_cap_that_is_no_weight_is_a_fault_of_the_site(cap: object) -> None:
    with pytest.raises(ProtocolError, match="cap_kg"):
        order(Decimal(70), round_to_miu=None, cap_kg=cap)  # type: ignore[arg-type]  # a caller without a type checker


# ── always ───────────────────────────────────────────────────────────────────────────────────────────────────
@settings(deadline=None, max_examples=200)
@given(WEIGHTS, STEPS, CAPS)
def test_whatever_is_ordered_lies_within_the_range(weight: Decimal, step: Decimal | None, cap: Decimal | None) -> None:
    try:
        ordered = order(weight, round_to_miu=step, cap_kg=cap)
    except DoseError:
        assert step is not None  # only rounding can refuse an ordinary weight
        return
    per_kg = Fraction(ordered.dose.iu) / Fraction(ordered.dosed_kg)
    assert 500_000 <= per_kg <= 700_000
    assert ordered.capped or 500_000 <= ordered.iu_per_kg <= 700_000
    assert abs(ordered.dose.iu - ordered.before_rounding.iu) <= (step or 0) * 500_000  # half a step
    assert ordered.dosed_kg == (weight if cap is None else min(weight, cap))


@settings(deadline=None, max_examples=200)
@given(WEIGHTS, WEIGHTS, CAPS)
def test_a_heavier_patient_never_has_a_smaller_dose(one: Decimal, other: Decimal, cap: Decimal | None) -> None:
    light, heavy = sorted((one, other))
    step = Decimal(1)
    assert order(light, round_to_miu=step, cap_kg=cap).dose <= order(heavy, round_to_miu=step, cap_kg=cap).dose


@settings(deadline=None)
@given(WEIGHTS)
def test_without_rounding_the_dose_is_exact(weight: Decimal) -> None:
    assert order(weight, round_to_miu=None, cap_kg=None).dose.iu == weight * 600_000


def test_the_document_holds_json_values_and_the_place() -> None:
    document = json.loads(json.dumps(plain("42.3").document()))
    assert document == {
        "iu": 25_380_000,
        "miu": 25.38,
        "words": "25.38 million IU",
        "mg_information": 1.551,
        "weight_kg": 42.3,
        "dosed_kg": 42.3,
        "iu_per_kg": 600_000,
        "capped": False,
        "notes": [],
        "source": "us-label-2023 2, dosage and administration: dose",
        "status": "read",
    }
