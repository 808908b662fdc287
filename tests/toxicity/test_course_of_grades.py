"""Grades over a course: the worst of each day, another version, and what somebody signed."""

from datetime import date, datetime, timedelta

import pytest
from courses import FIRST_DOSE, HOUR, NOW, course, demo, graded, result

from aldes.course.events import CourseEnded, CycleOpened, GradeRecorded, SlotClosed, SlotState
from aldes.course.fold import replay
from aldes.errors import InputError
from aldes.toxicity.ctcae.days import Cell, days
from aldes.toxicity.ctcae.read import read
from aldes.toxicity.ctcae.recording import recorded
from aldes.toxicity.ctcae.regrade import differences

DAY_1, DAY_2, DAY_3 = (date(2026, 11, day) for day in (18, 19, 20))


def by_day(name: str, *events: object, version: str = "5.0") -> dict[date, str]:
    found = days(course(*events), read(version), demo(), NOW)  # type: ignore[arg-type]
    return {day: cell.words for day, cell in found.get(name, {}).items()}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_day_has_the_worst_of_its_grades() -> None:
    found = by_day(
        "fever",
        result("temperature", 38.5, at=at("2026-11-18T10:00-06:00")),
        result("temperature", 39.6, at=at("2026-11-18T14:00-06:00")),
        result("temperature", 36.9, at=at("2026-11-18T22:00-06:00")),
        result("temperature", 37.0, at=at("2026-11-20T08:00-06:00")),
    )

    assert found == {DAY_1: "2", DAY_3: "0"}


def test_a_day_without_a_result_has_no_cell_and_no_grade_0() -> None:
    assert by_day("fever", result("temperature", 38.5, at=at("2026-11-18T10:00-06:00"))).keys() == {DAY_1}
    assert by_day("fever") == {}


def test_days_are_those_of_the_sites_calendar() -> None:
    late = result("temperature", 39.5, at=at("2026-11-19T05:30+00:00"))  # 23:30 of the 18th in Chicago

    assert by_day("fever", late) == {DAY_1: "2"}


def test_one_doubtful_result_leaves_the_day_open() -> None:
    found = by_day(
        "hyperkalaemia",
        result("potassium", 5.7, high=5, at=at("2026-11-19T06:00-06:00")),
        result("potassium", 6.9, high=5, at=at("2026-11-19T12:00-06:00"), status="preliminary"),
        result("potassium", 4.4, high=5, at=at("2026-11-19T18:00-06:00")),
    )

    assert found == {DAY_2: "2?"}


def test_a_grade_judged_in_the_evening_settles_the_mornings_result() -> None:
    found = by_day(
        "anaemia",
        result("haemoglobin", 9.0, low=12, at=at("2026-11-19T05:00-06:00")),
        result("grade_anaemia", "0", at=at("2026-11-19T19:00-06:00")),
    )

    assert found == {DAY_2: "2"}


def test_a_grade_of_the_next_day_settles_nothing_of_the_day_before() -> None:
    found = by_day(
        "anaemia",
        result("haemoglobin", 9.0, low=12, at=at("2026-11-19T05:00-06:00")),
        result("grade_anaemia", "0", at=at("2026-11-20T00:01-06:00")),
    )

    assert found[DAY_2] == "2?"


def test_two_versions_differ_where_their_limits_do_and_each_difference_is_listed() -> None:
    events = (
        result("neutrophils", 1.7, low=2, at=at("2026-11-18T06:00-06:00")),
        result("neutrophils", 0.9, low=2, at=at("2026-11-19T06:00-06:00")),
        result("neutrophils", 0.3, low=2, at=at("2026-11-20T06:00-06:00")),
        result("temperature", 38.2, at=at("2026-11-20T06:00-06:00")),
    )
    found = differences(course(*events), read("5.0"), read("6.0"), demo(), NOW)

    of_neutrophils = [
        (each.day, each.before, each.after) for each in found if each.name == "neutrophil_count_decreased"
    ]
    assert of_neutrophils == [
        (DAY_1, Cell(1, 1), Cell(0, 0)),
        (DAY_2, Cell(3, 3), Cell(2, 2)),
        (DAY_3, Cell(4, 4), Cell(3, 3)),
    ]
    assert {each.name for each in found} == {"neutrophil_count_decreased"}


def test_a_term_that_a_version_does_not_grade_is_listed_with_the_reason() -> None:
    found = differences(
        course(result("lymphocytes", 0.3, low=1, at=at("2026-11-19T06:00-06:00"))),
        read("5.0"),
        read("6.0"),
        demo(),
        NOW,
    )
    gone = [each for each in found if each.name == "lymphocyte_count_decreased"]

    assert [(each.before, each.after) for each in gone] == [(Cell(3, 3), None)]
    assert "6.0" in gone[0].why


def test_the_same_version_differs_nowhere() -> None:
    events = (result("platelets", 30, low=150), result("temperature", 39.5))

    assert differences(course(*events), read("5.0"), read("5.0"), demo(), NOW) == ()


def test_a_recorded_grade_keeps_term_version_time_signer_and_entries() -> None:
    platelets = result("platelets", 40, low=150)
    grade = graded("platelet_count_decreased", platelets)
    event = recorded(grade, by="physician", happened_at=NOW, recorded_at=NOW)
    kept = replay([event], course(platelets)).grades

    assert [(each.term, each.grade, each.version, each.by) for each in kept] == [
        ("platelet_count_decreased", 3, "5.0", "physician")
    ]
    assert kept[0].at == NOW
    assert kept[0].findings == (platelets.entry.id,)


def test_recorded_grades_go_with_the_patient_into_the_next_course() -> None:
    event = GradeRecorded(happened_at=NOW, recorded_at=NOW, by="physician", term="nausea", grade=2, version="5.0")
    ended = CourseEnded(happened_at=NOW, recorded_at=NOW)

    assert [each.term for each in replay([event, ended]).grades] == ["nausea"]


def test_an_unknown_grade_is_not_recorded() -> None:
    with pytest.raises(InputError, match=r"is unknown .*platelet count: not charted.* Only a known grade is recorded"):
        recorded(graded("platelet_count_decreased"), by="physician", happened_at=NOW, recorded_at=NOW)


def test_a_grade_that_nobody_signs_is_not_recorded() -> None:
    grade = graded("platelet_count_decreased", result("platelets", 40, low=150))
    with pytest.raises(InputError, match="Name the role that signs it"):
        recorded(grade, by=" ", happened_at=NOW, recorded_at=NOW)


def test_a_recorded_grade_that_another_version_gives_otherwise_is_listed() -> None:
    then = FIRST_DOSE + 30 * HOUR
    neutrophils = result("neutrophils", 0.9, low=2, at=then - timedelta(hours=1))
    event = GradeRecorded(
        happened_at=then, recorded_at=then, by="physician", term="neutrophil_count_decreased", grade=3, version="5.0"
    )
    found = differences(course(neutrophils, event), read("5.0"), read("6.0"), demo(), NOW)

    assert [(each.before, each.after) for each in found if each.recorded] == [(Cell(3, 3), Cell(2, 2))]
    same = differences(course(neutrophils, event), read("5.0"), read("5.0"), demo(), NOW)
    assert [each for each in same if each.recorded] == []


def test_a_day_of_cycle_1_is_graded_by_its_own_baseline_after_cycle_2_began() -> None:
    second = FIRST_DOSE + timedelta(days=14)
    events = (
        result("weight", 70, at=FIRST_DOSE - HOUR),
        result("weight", 78, at=FIRST_DOSE + 26 * HOUR),
        result("weight", 76, at=second - HOUR),
        CycleOpened(happened_at=second, recorded_at=second, cycle=2),
        SlotClosed(happened_at=second, recorded_at=second, cycle=2, number=1, state=SlotState.GIVEN),
    )
    found = days(course(*events), read("5.0"), demo(), second + 2 * HOUR)["weight_gain"]

    assert found[DAY_2] == Cell(2, 2)  # 78 against 70, not against the 76 before cycle 2
