"""Which column of a table answers a finding: the finest that there is."""

import pytest

from aldes.errors import InputError
from aldes.findings.view import View
from aldes.questions.columns import candidates, column
from aldes.questions.tree import Name

RESUME = Name("systolic", View.RESUME, "HYP-01")


def test_the_columns_of_a_row_go_from_fine_to_rough() -> None:
    assert candidates(RESUME) == ("systolic@resume@HYP-01", "systolic@resume", "systolic")


def test_a_name_without_a_row_has_no_column_of_a_row() -> None:
    assert candidates(Name("systolic")) == ("systolic@valid", "systolic")


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["systolic", "systolic@resume", "systolic@resume@HYP-01"], "systolic@resume@HYP-01"),
        (["systolic", "systolic@resume", "systolic@resume@HYP-02"], "systolic@resume"),
        (["systolic", "systolic@charted"], "systolic"),
    ],
)
def test_the_finest_column_of_the_table_answers(columns: list[str], found: str) -> None:
    assert column(RESUME, columns) == found


def test_a_misspelt_column_is_a_mistake_and_the_nearest_one_is_named() -> None:
    with pytest.raises(InputError) as refused:
        column(RESUME, ["sistolic", "spo2"])

    assert str(refused.value) == (
        "The table has no column 'systolic'. Give it a column, with empty cells where it is not known."
        " Did you mean 'sistolic'?"
    )


def test_an_absent_column_is_not_guessed() -> None:
    with pytest.raises(InputError) as refused:
        column(RESUME, ["spo2"])

    assert str(refused.value) == (
        "The table has no column 'systolic'. Give it a column, with empty cells where it is not known."
    )


def test_the_view_of_another_question_never_stands_in() -> None:
    with pytest.raises(InputError):
        column(RESUME, ["systolic@charted", "systolic@valid"])
