"""Predicates that look like a limit and ask something else are refused when they are read."""

import pytest

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.questions.parse import parse
from aldes.questions.tree import Compare, Name, Number


@pytest.mark.parametrize("text", ["0 * spo2 < 1", "spo2 * 0 < 1", "0 * spo2 > 1", "-0 * spo2 < 1"])
def test_a_product_with_zero_would_ask_only_whether_a_finding_is_known(text: str) -> None:
    """As a resume question `0 * spo2 < 1` would lift a hold as soon as anything is measured."""
    with pytest.raises(ProtocolError, match="a product with zero asks only whether a finding is known"):
        parse(text, vocabulary())


@pytest.mark.parametrize("digits", [309, 310, 400])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_limit_of_hundreds_of_digits_is_refused_with_a_sentence(digits: int, sign: str) -> None:
    with pytest.raises(ProtocolError, match="is no number that a limit can have"):
        parse(f"spo2 < {sign}{'9' * digits}", vocabulary())


@pytest.mark.parametrize("text", ["spo2 < True", "spo2 < -True", "spo2 < -False"])
def test_true_and_false_are_never_numbers(text: str) -> None:
    with pytest.raises(ProtocolError, match="is no term"):
        parse(text, vocabulary())


@pytest.mark.parametrize(
    "written",
    ["90.0000000000000001", "89.9999999999999999", "0.1234567890123456", "1234567890.123456", "123456789012345.6"],
)
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_limit_of_more_digits_than_a_double_keeps_is_refused(written: str, sign: str) -> None:
    """Read as a double it would be another limit: 90.0000000000000001 becomes 90."""
    with pytest.raises(ProtocolError, match="at most 15 significant digits"):
        parse(f"spo2 < {sign}{written}", vocabulary())


@pytest.mark.parametrize("written", ["0x5A", "0b1", "0o17", "9_0"])
def test_a_limit_in_other_letters_than_digits_is_refused(written: str) -> None:
    with pytest.raises(ProtocolError, match="at most 15 significant digits"):
        parse(f"spo2 < {written}", vocabulary())


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("123456.789012345", 123456.789012345),
        ("90.00000000000000000", 90.0),
        ("0.000000100000000000000", 1e-7),
        ("2.5e2", 250.0),
        ("90.", 90.0),
        (".5", 0.5),
    ],
)
def test_zeros_at_either_end_are_no_digits_that_count(written: str, value: float) -> None:
    assert parse(f"spo2 < {written}", vocabulary()) == Compare("<", Name("spo2"), Number(value))
