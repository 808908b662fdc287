"""Grade a whole table at once: NumPy and SQL ask the same ladders as the bedside.

A table has a column a finding, derived ones included, named as `questions/columns.py` says.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aldes.questions import arrays
from aldes.questions.sql import write
from aldes.toxicity.ctcae.ladder import Ladder

UNKNOWN = -1


def grade_table(ladder: Ladder, table: arrays.Table) -> NDArray[np.int8]:
    """The grade of each patient, 0 to 5; -1 where it is unknown."""
    answers = arrays.answers([rung.question for rung in ladder.rungs], table)
    found: NDArray[Any] = np.zeros(len(answers[0]), np.int8)
    for rung, answer in zip(ladder.rungs, answers, strict=True):  # from the mildest: a higher one has the last word
        found = np.where(answer == 1, np.int8(rung.grade), np.where(answer == 0, np.int8(UNKNOWN), found))
    return found


def write_grade(ladder: Ladder, columns: Collection[str]) -> str:
    """The grade as a SQL expression: the highest that is true, NULL once a higher one is not known."""
    cases = [
        f"WHEN {asked} THEN {rung.grade} WHEN ({asked}) IS NULL THEN NULL"
        for rung in reversed(ladder.rungs)
        for asked in [write(rung.question, columns)]
    ]
    return f"(CASE {' '.join(cases)} ELSE 0 END)"
