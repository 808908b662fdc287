"""Predicates that look like a limit and ask something else are refused when they are read."""

import pytest

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.questions.parse import parse


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
