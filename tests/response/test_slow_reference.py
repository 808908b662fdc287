"""Two hundred generated histories, answered by the program and by a second reading of the tables."""

from typing import Any

import pytest
from lesion_histories import TODAY, generated
from slow_irecist import immune, immune_best
from slow_recist import responses

from aldes.errors import InputError
from aldes.response.best import best, confirmed_best
from aldes.response.durations import of_response, progression_free
from aldes.response.history import histories
from aldes.response.irecist import second_reading
from aldes.response.rows import Row
from aldes.response.switches import Switches
from aldes.response.timepoints import read

MANY = 200


def program(rows: list[Row], switches: dict[str, str]) -> dict[str, Any]:
    """The program's answers in the form of the reference's."""
    (history,) = histories(rows, TODAY)
    course = read(history, Switches(switches))
    free = progression_free(course)
    lasted = of_response(course, best(course))
    targets = [each.targets for each in course.points]
    return {
        "targets": sorted(each.id for each in course.chosen.targets),
        "overall": [each.overall.value for each in course.points],
        "target": [each.response.value for each in targets],
        "other": [each.non_targets.response.value for each in course.points],
        "sums": [int((each.sum_mm or 0) * 10) if each.complete else None for each in targets],
        "best": best(course).response.value,
        "confirmed": confirmed_best(course).response.value,
        "free": (free.since, free.until, free.event),
        "response_days": lasted.days if lasted else None,
    }


def usable() -> list[tuple[int, list[Row], dict[str, str]]]:
    """The first histories that the program does not refuse: a baseline may hold no disease at all."""
    found: list[tuple[int, list[Row], dict[str, str]]] = []
    seed = 0
    while len(found) < MANY:
        rows, switches = generated(seed)
        try:
            program(rows, switches)
        except InputError as refusal:
            if "no lesion that is disease" not in str(refusal):
                raise
        else:
            found.append((seed, rows, switches))
        seed += 1
    return found


HISTORIES = usable()


@pytest.mark.parametrize(("seed", "rows", "switches"), HISTORIES, ids=[str(each[0]) for each in HISTORIES])
def test_a_history_is_read_as_the_tables_say(seed: int, rows: list[Row], switches: dict[str, str]) -> None:
    expected = responses(rows, switches)
    found = program(rows, switches)
    assert found == {key: expected[key] for key in found}


@pytest.mark.parametrize(("seed", "rows", "switches"), HISTORIES, ids=[str(each[0]) for each in HISTORIES])
def test_a_history_is_read_a_second_time_as_irecist_says(seed: int, rows: list[Row], switches: dict[str, str]) -> None:
    expected = responses(rows, switches)
    answers = immune(expected["points"], rows, switches)
    found = second_reading(read(histories(rows, TODAY)[0], Switches(switches)))
    assert [each.overall.value for each in found.points] == answers
    days = [each["day"] for each in expected["points"]]
    assert found.best.value == immune_best(answers, days, expected["since"], switches)


def test_the_generated_histories_visit_every_answer() -> None:
    found = [program(rows, switches) for _, rows, switches in HISTORIES]
    points = [point for each in found for point in each["overall"]]
    assert set(points) == {"CR", "PR", "SD", "PD", "NE", "non-CR/non-PD"}
    assert {each["best"] for each in found} == {"CR", "PR", "SD", "PD", "NE", "non-CR/non-PD"}
    assert {each["confirmed"] for each in found} == {"CR", "PR", "SD", "PD", "NE", "non-CR/non-PD"}
    assert sum(each["best"] != each["confirmed"] for each in found) > MANY / 20
    assert {each["free"][2] for each in found} == {True, False}


def test_the_generated_histories_visit_every_answer_of_irecist() -> None:
    answers = [immune(responses(rows, switches)["points"], rows, switches) for _, rows, switches in HISTORIES]
    assert {each for found in answers for each in found} == {
        *("iCR", "iPR", "iSD", "non-iCR/non-iUPD", "iUPD", "iCPD", "NE")
    }
