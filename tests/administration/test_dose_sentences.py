"""What the order of a dose says when it refuses and when the site's cap or rounding acts; word for word (H01, H02)."""

from decimal import Decimal
from functools import partial

import pytest

from aldes.administration import dose as doses
from aldes.administration.dose import OrderedDose
from aldes.errors import DoseError, ProtocolError
from aldes.protocols.read import read
from aldes.units import Dose

order = partial(doses.order, rule=read("us-label-2023").dose)

D = Decimal


def refusal(weight_kg: object, step: object = None, cap: object = None) -> str:
    with pytest.raises(DoseError) as refused:
        order(weight_kg, round_to_miu=step, cap_kg=cap)  # type: ignore[arg-type]  # a caller without a type checker
    return str(refused.value)


def fault_of_the_site(step: object = None, cap: object = None) -> str:
    with pytest.raises(ProtocolError) as refused:
        order(D(70), round_to_miu=step, cap_kg=cap)  # type: ignore[arg-type]  # a caller without a type checker
    return str(refused.value)


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("weight_kg", ["70", 70.0, 70, None, D("NaN")])
def test_a_weight_that_is_no_exact_decimal_is_refused(weight_kg: object) -> None:
    assert refusal(weight_kg) == (
        "The dosing weight came as something that is no exact number. "
        "We take kilograms as a decimal. Check the weight; nothing was ordered."
    )


@pytest.mark.parametrize(("weight_kg", "shown"), [("29.9", "29.9 kg"), ("250.1", "250.1 kg"), ("70000", "70,000 kg")])
def test_a_weight_outside_the_range_is_refused_with_what_to_check(weight_kg: str, shown: str) -> None:
    assert refusal(D(weight_kg)) == (
        f"The dosing weight came as {shown}. We order for 30 to 250 kg. "
        "Check the weight, and that it is in kilograms and not in pounds; nothing was ordered."
    )


@pytest.mark.parametrize(
    ("weight_kg", "step", "cap", "came"),
    [
        ("44.01", "22", None, "dose for 44.01 kg came as 22 million IU"),
        ("59.99", "42", None, "dose for 59.99 kg came as 42 million IU"),
        ("200", "42", "59.99", "dose for 59.99 kg came as 42 million IU"),  # the cap counts as the weight
        ("30", "36", None, "dose for 30 kg came as 0 million IU"),
    ],
)
def test_rounding_beyond_the_range_is_refused_with_the_setting(
    weight_kg: str, step: str, cap: str | None, came: str
) -> None:
    assert refusal(D(weight_kg), D(step), cap and D(cap)) == (
        f"After the site's rounding the {came}. We order 500,000 to 700,000 IU/kg. "
        "Check the setting round_to_miu with the pharmacist; nothing was ordered."
    )


@pytest.mark.parametrize("step", [D(0), D(-1), D("NaN"), 1.0])
def test_a_step_that_is_none_is_named_as_the_sites_setting(step: object) -> None:
    assert fault_of_the_site(step=step) == (
        "The site's setting round_to_miu is no step. Give a number of million IU above 0, or say that there is none."
    )


@pytest.mark.parametrize("cap", [D("29.9"), D("250.1"), D("NaN"), 100.0])
def test_a_cap_that_is_no_weight_is_named_as_the_sites_setting(cap: object) -> None:
    assert fault_of_the_site(cap=cap) == (
        "The site's setting cap_kg is no weight that we order for. Give 30 to 250 kg, or say that there is none."
    )


def test_a_wrong_weight_is_said_before_a_wrong_setting() -> None:
    assert refusal(D(20), D(0), D(0)).startswith("The dosing weight came as 20 kg.")


@pytest.mark.parametrize("cap", ["30", "250"])
def test_a_cap_at_either_end_of_the_range_is_a_cap(cap: str) -> None:
    assert order(D(250), round_to_miu=None, cap_kg=D(cap)).dosed_kg == D(cap)


@pytest.mark.parametrize("step", ["0.1", "0.5", "1"])
def test_a_step_above_zero_is_a_step(step: str) -> None:
    assert order(D(70), round_to_miu=D(step), cap_kg=None).dose == Dose.from_miu(42)


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("weight_kg", "cap", "per_kg"),
    [
        ("150", "100", "400,000"),
        ("120", "100", "500,000"),
        ("110", "100", "about 545,455"),  # 545,454.5…
        ("130", "100", "about 461,538"),  # 461,538.46…
        ("101", "100", "about 594,059"),  # 594,059.4…
    ],
)
def test_a_cap_says_what_is_left_for_each_kilogram(weight_kg: str, cap: str, per_kg: str) -> None:
    assert order(D(weight_kg), round_to_miu=None, cap_kg=D(cap)).notes == (
        f"The site's cap acts: dosed for {cap} kg, not for {weight_kg} kg. "
        f"That is {per_kg} IU for each kilogram of the dosing weight.",
    )


def test_cap_and_rounding_are_both_said_and_the_cap_first() -> None:
    ordered = order(D(125), round_to_miu=D(22), cap_kg=D("72.5"))
    assert ordered.notes == (
        "The site's cap acts: dosed for 72.5 kg, not for 125 kg. "
        "That is 352,000 IU for each kilogram of the dosing weight.",
        "Rounded from 43.5 million IU to 44 million IU; the site's step is 22 million IU.",
    )


def test_an_order_keeps_the_weight_that_was_pinned_and_the_one_that_counted() -> None:
    ordered = order(D("150"), round_to_miu=D(1), cap_kg=D("100.5"))
    assert (ordered.weight_kg, ordered.dosed_kg, ordered.capped) == (D(150), D("100.5"), True)
    assert (ordered.before_rounding, ordered.dose) == (Dose.from_miu(D("60.3")), Dose.from_miu(60))


@pytest.mark.parametrize("cap", [None, "250", "70"])
def test_a_cap_that_does_not_act_is_not_said(cap: str | None) -> None:
    ordered = order(D(70), round_to_miu=None, cap_kg=cap and D(cap))
    assert (ordered.capped, ordered.notes) == (False, ())


def test_iu_per_kilogram_are_those_of_the_patients_own_weight() -> None:
    ordered: OrderedDose = order(D("42.3"), round_to_miu=D(1), cap_kg=None)
    assert ordered.iu_per_kg == D("591016.548463357")  # 25 million IU for 42.3 kg: 591,016.5484633569…


def test_the_document_of_a_capped_and_rounded_order() -> None:
    document = order(D(125), round_to_miu=D(22), cap_kg=D("72.5")).document()
    assert document == {
        "iu": 44_000_000,
        "miu": 44,
        "words": "44 million IU",
        "mg_information": 2.68888888888889,
        "weight_kg": 125,
        "dosed_kg": 72.5,
        "iu_per_kg": 352_000,
        "capped": True,
        "notes": [
            "The site's cap acts: dosed for 72.5 kg, not for 125 kg. "
            "That is 352,000 IU for each kilogram of the dosing weight.",
            "Rounded from 43.5 million IU to 44 million IU; the site's step is 22 million IU.",
        ],
        "source": "us-label-2023 2, dosage and administration: dose",
        "status": "read",
    }
