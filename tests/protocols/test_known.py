"""What must be known: a question that is no for every value there can be, unknown without one, on every back end."""

from collections.abc import Callable

import numpy as np
import pytest

from aldes.errors import InputError
from aldes.findings.read import vocabulary
from aldes.protocols.known import must_be_known
from aldes.questions import arrays
from aldes.questions.answer import NO, UNKNOWN
from aldes.questions.ask import ask
from aldes.questions.tree import Compare, Name


def only(value: object) -> Callable[[Name], object]:
    """A patient of whom this one value is known, or nothing."""
    return lambda name: value


@pytest.mark.parametrize(
    ("finding", "values"),
    [
        ("lvef", (0.0, 60.0, -1e9, 1e9)),
        ("pregnant", (True, False)),
        ("consent_signed", (True, False)),
        ("mental_status", vocabulary()["mental_status"].codes),
    ],
)
def test_it_is_no_for_whatever_is_known_and_unknown_for_what_is_not(finding: str, values: tuple[object, ...]) -> None:
    question = must_be_known(finding)
    assert all(ask(question, only(value)) is NO for value in values)
    assert ask(question, only(None)) is UNKNOWN


def test_numpy_takes_an_unknown_flag_for_unknown() -> None:
    table = {"pregnant": arrays.flags([True, False, None])}
    assert arrays.ask(must_be_known("pregnant"), table).tolist() == [-1, -1, 0]


def test_numpy_takes_an_unknown_code_for_unknown() -> None:
    codes = vocabulary()["mental_status"].codes
    table = {"mental_status": arrays.ranks([*codes, None], codes)}
    assert arrays.ask(must_be_known("mental_status"), table).tolist() == [-1] * len(codes) + [0]


@pytest.mark.parametrize("finding", ["pregnant", "mental_status"])
def test_a_flag_or_code_that_is_asked_as_a_number_is_refused(finding: str) -> None:
    with pytest.raises(InputError, match="Ask it by its kind"):
        arrays.ask(Compare("!=", Name(finding), Name(finding)), {finding: np.zeros(3, dtype=np.int8)})


def test_the_tests_of_these_lines_are_of_three_kinds() -> None:
    assert {vocabulary()[name].kind.value for name in ("lvef", "pregnant", "mental_status")} == {
        "number",
        "flag",
        "code",
    }
