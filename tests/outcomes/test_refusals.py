"""What cannot be right is one sentence, and nothing is computed from it."""

from collections.abc import Callable

import numpy as np
import pytest

from aldes.errors import InputError
from aldes.outcomes import cox, cumulative_incidence, cure, kaplan_meier, landmark, log_rank, restricted_mean, sample
from aldes.outcomes.limits import clopper_pearson, wilson, z_of

YES, NO = True, False


@pytest.mark.parametrize(
    ("time", "event", "more", "fault"),
    [
        ([], [], {}, "no rows"),
        ([1.0, -2.0], [YES, NO], {}, "In row 2 time is below zero"),
        ([1.0, np.nan, np.nan], [YES, NO, NO], {}, "In row 2 time is missing or not finite, as in 1 more"),
        ([1.0, np.inf], [YES, NO], {}, "In row 2 time is missing or not finite"),
        (["a", "b"], [YES, NO], {}, "no plain numbers"),
        ([YES, NO], [YES, NO], {}, "no plain numbers"),
        ([1.0, 2.0], [0.5, 1.0], {}, "true or false"),
        ([1.0, 2.0], [1, -1], {}, "true or false"),
        ([1.0, 2.0], [YES], {}, "different lengths"),
        ([1.0, 2.0], [YES, NO], {"entry": [0.0, 2.0]}, "In row 2 time is not after entry"),
        ([1.0, 2.0], [YES, NO], {"entry": [-1.0, 0.0]}, "In row 1 entry is below zero"),
        ([1.0, 2.0], [YES, NO], {"weight": [1.0, 0.0]}, "In row 2 weight is not above zero"),
    ],
)
def test_a_table_that_cannot_be_right_is_refused(
    time: list[object], event: list[object], more: dict[str, list[float]], fault: str
) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        sample(time, event, **more)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


ALL_CENSORED = sample([1.0, 2.0, 3.0], [NO, NO, NO])
SOME = sample([1.0, 2.0, 3.0], [YES, NO, YES])


@pytest.mark.parametrize(
    ("ask", "fault"),
    [
        (lambda: cumulative_incidence(ALL_CENSORED), "No event of any cause"),
        (lambda: log_rank([SOME]), "compares groups"),
        (lambda: log_rank([ALL_CENSORED, ALL_CENSORED]), "No event was seen in any group"),
        (lambda: log_rank([SOME, sample([1.0], [YES], weight=[0.5])]), "counts patients"),
        (lambda: cox(ALL_CENSORED, np.eye(3)[:, :1], ("x",)), "No event was seen"),
        (lambda: cox(SOME, np.ones((3, 1)), ("age",)), "'age' is the same for every patient"),
        (lambda: cox(SOME, np.array([[0, 0], [1, 2], [3, 6]], dtype=float), ("a", "b")), "say the same thing twice"),
        (
            lambda: cox(sample([1.0, 2, 3, 4], [YES, YES, NO, NO]), np.array([[1.0], [1], [0], [0]]), ("g",)),
            "no finite",
        ),
        (lambda: restricted_mean(kaplan_meier(SOME), 0), "after the origin"),
        (lambda: restricted_mean(kaplan_meier(ALL_CENSORED), 9), "beyond the last time"),
        (lambda: landmark(kaplan_meier(SOME), -1), "from the origin on"),
        (lambda: landmark(kaplan_meier(SOME), float("nan")), "from the origin on"),
        (lambda: cure(sample([0.0, 2, 3], [YES, YES, NO])), "A time is zero"),
        (lambda: cure(sample([1.0, 1, 3], [YES, YES, NO])), "two different times"),
        (lambda: cure(sample([1.0, 2, 3, 4], [YES, NO, NO, YES])), "followed beyond the last event"),
        (lambda: z_of(95), "between 0 and 1"),
        (lambda: wilson(3, 2), "between 0 and its patients"),
        (lambda: clopper_pearson(-1, 2), "between 0 and its patients"),
    ],
)
def test_what_cannot_be_estimated_is_refused(ask: Callable[[], object], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        ask()


def test_a_curve_says_nothing_beyond_the_last_patient_still_without_the_event() -> None:
    curve = kaplan_meier(sample([1.0, 2.0, 3.0], [YES, NO, NO]))
    assert landmark(curve, 3.5) is None
    here = landmark(curve, 3.0)
    assert here is not None
    assert here.survival.value == pytest.approx(2 / 3)


def test_survival_that_came_to_zero_stays_there() -> None:
    later = landmark(kaplan_meier(sample([1.0, 2.0], [YES, YES])), 9)
    assert later is not None
    assert (later.survival.value, later.at_risk) == (0, 0)


def test_a_survival_of_one_has_no_interval() -> None:
    start = landmark(kaplan_meier(SOME), 0.5)
    assert start is not None
    assert start.survival.value == 1
    assert np.isnan(start.survival.lower)


def test_where_nobody_ever_had_the_event_there_is_no_interval_and_no_cure_fraction() -> None:
    assert np.all(np.isnan(kaplan_meier(ALL_CENSORED).lower))
    with pytest.raises(InputError):
        cure(ALL_CENSORED)
