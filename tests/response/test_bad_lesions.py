"""Bad input: one clear sentence that names the place, and nothing computed from it."""

from datetime import UTC, date, datetime

import pytest

from aldes.errors import InputError
from aldes.exchange.lesions import read_lesions
from aldes.response.history import histories
from aldes.response.lesion import History
from aldes.response.switches import set_switches
from aldes.response.timepoints import read

NOW = datetime(2026, 11, 20, tzinfo=UTC)
HEADER = "date,event,lesion,part,organ,kind,diameter,unit,axis,state,method,slice_mm,irradiated,role"
WELL = """
2026-01-05,,L1,,lung,,30,mm,long,,CT,,,
2026-01-05,,N1,,lymph node,,18,mm,short,,CT,,,
2026-01-12,course,,,,,,,,,,,,
2026-02-27,,L1,,,,20,mm,long,,CT,,,
2026-02-27,,N1,,,,12,mm,short,,CT,,,
"""


def table(text: str, header: str = HEADER) -> tuple[History, ...]:
    data = f"{header}\n{text.strip()}\n".encode()
    return histories(read_lesions(data, NOW).rows, NOW.date())


def well(old: str = "", new: str = "") -> tuple[History, ...]:
    """The sound table with one thing changed in it."""
    assert WELL.count(old) == 1 or not old
    return table(WELL.replace(old, new) if old else WELL)


def test_the_sound_table_is_read() -> None:
    (history,) = well()
    assert read(history, set_switches()).baseline_mm == 48


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("20,mm", "-20,mm", "line 5: lesion L1 came with a negative diameter"),
        ("20,mm", "0,mm", "line 5: lesion L1 came with a diameter of zero. What is gone has the state absent"),
        ("20,mm", "2.0,cm", "line 5: the diameter of lesion L1 came in cm. We read mm"),
        ("20,mm", "20,", "line 5: the diameter of lesion L1 came without the unit mm"),
        ("20,mm", "20,Mm", "line 5: the diameter of lesion L1 came without the unit mm"),
        ("20,mm", "1.9,mm", "line 5: lesion L1 came with 1.9 mm, outside 2 to 500 mm. Was it in cm?"),
        ("20,mm", "501,mm", "line 5: lesion L1 came with 501 mm, outside 2 to 500 mm"),
        ("30,mm", "3.2,mm", "line 2: lesion L1 came with 3.2 mm at baseline, below 5 mm. Was it in cm?"),
        ("20,mm", '"20,5",mm', "line 5: A number came with a comma"),
        ("20,mm", "2e1,mm", "line 5: A number came with an exponent"),
        ("20,mm", "nan,mm", "line 5: A number came as a word that is not a finite number"),
        ("12,mm,short", "12,mm,", "line 6: node N1 came without its axis. A node is measured by its short axis"),
        ("12,mm,short", "12,mm,long", "line 6: node N1 came by its long axis"),
        ("20,mm,long", "20,mm,short", "line 5: lesion L1 came by its short axis"),
        (
            "20,mm,long",
            "20,mm,shrt",
            "line 5: the axis is none that we know. Write short or long. Did you mean 'short'",
        ),
        ("2026-01-05,,L1,,lung", "2026-01-05,,L1,,lungs", "line 2: lesion L1 came with an organ that we do not know"),
        ("2026-01-05,,L1,,lung", "2026-01-05,,L1,,lungs", "Did you mean 'lung'"),
        ("2026-01-05,,L1,,lung", "2026-01-05,,L1,,", "line 2: lesion L1 came with no organ"),
        ("2026-01-05,,L1,,lung,", "2026-01-05,,L1,,lung,node", "line 2: lesion L1 is a node in the organ lung"),
        ("lymph node,,18", "lymph node,solid,18", "line 3: lesion N1 is a solid in the organ lymph node"),
        ("2026-02-27,,L1,,,", "2026-02-27,,L1,,liver,", "line 5: lesion L1 came with another organ than before"),
        ("20,mm,long,", "20,mm,long,gone", "line 5: the state is none that we know"),
        ("20,mm,long,", "20,mm,long,absent", "line 5: lesion L1 is absent and has a diameter all the same"),
        ("20,mm,long,", ",,,", "line 5: lesion L1 has neither a diameter nor a state"),
        ("20,mm,long,", ",,,measured", "line 5: lesion L1 is measured and has no diameter"),
        ("20,mm,long,", ",,,progression", "Lesion L1 is a target and is progression on 2026-02-27"),
        ("2026-02-27,,L1", "2026-01-04,,L1", "line 5: its day 2026-01-04 lies before that of line 4, 2026-01-12"),
        ("2026-02-27,,N1", "2026-02-26,,N1", "line 6: its day 2026-02-26 lies before that of line 5, 2026-02-27"),
        ("2026-02-27,,N1", "2026-11-21,,N1", "line 6: its day 2026-11-21 lies in the future"),
        ("2026-02-27,,N1", "27.02.2026,,N1", "line 6: its date is no day"),
        ("2026-02-27,,N1", "2026-02-30,,N1", "line 6: its date is no day"),
        ("2026-02-27,,N1", "2026-02-27,,L1", "line 6: lesion L1 came twice on 2026-02-27"),
        (
            "2026-01-12,course",
            "2026-01-12,curse",
            "line 4: the event is none that we know. Correct it. Did you mean 'course'",
        ),
        ("2026-01-12,course", "2026-01-12,discharge", "No first dose came"),
        ("2026-01-12,course,", "2026-01-12,course,L1", "line 4: it names neither or both of a lesion and an event"),
        ("2026-02-27,,N1,,,,12,mm,short,,CT,,,", "2026-02-27,,N1", "line 6: it has 3 fields and the header 14"),
        ("2026-02-27,,N1", "2026-02-27,,Jane Doe", "line 6: the lesion has a name that is no code"),
        ("30,mm,long,,CT,,,", "30,mm,long,,CT,0,,", "line 2: the slices are thicker or thinner than any scanner's"),
        ("30,mm,long,,CT", "30,mm,long,,TC", "line 2: the method is none that we know"),
        ("30,mm,long,,CT", "30,mm,long,,", "Nobody said by which method lesion L1 was measured at baseline"),
        ("30,mm,long,", ",,,absent", "line 2: lesion L1 is absent at baseline"),
    ],
)
def test_one_fault_refuses_the_whole_table(old: str, new: str, sentence: str) -> None:
    with pytest.raises(InputError) as refused:
        read(well(old, new)[0], set_switches())
    assert sentence in str(refused.value)
    assert "Doe" not in str(refused.value)


def test_without_a_baseline_nothing_is_compared() -> None:
    with pytest.raises(InputError, match="no lesion was assessed on or before the first dose"):
        table("2026-01-12,course,,,,,,,,,,,,\n2026-02-27,,L1,,lung,,20,mm,long,,CT,,,")


def test_without_disease_nothing_responds() -> None:
    (history,) = table("2026-01-05,,N1,,lymph node,,9,mm,short,,CT,,,\n2026-01-12,course,,,,,,,,,,,,")
    with pytest.raises(InputError, match="no lesion that is disease"):
        read(history, set_switches())


def test_nothing_comes_after_death() -> None:
    with pytest.raises(InputError, match="it comes after the death"):
        table(WELL + "2026-03-01,death,,,,,,,,,,,,\n2026-04-01,,L1,,,,20,mm,long,,CT,,,")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("2026-01-12,course,,,,,,,,,,,,", "two courses begin on one day"),
        ("2026-01-20,discharge,,,,,,,,,,,,\n2026-01-30,last dose,,,,,,,,,,,,", "discharge before its last dose"),
        ("2026-02-01,marker raised,,,,,,,,,,,,", "a marker stands on a day without an assessment"),
    ],
)
def test_days_that_contradict_each_other_are_refused(more: str, sentence: str) -> None:
    lines = WELL.strip().splitlines()
    with pytest.raises(InputError, match=sentence):
        table("\n".join([*lines[:3], more, *lines[3:]]))


def test_a_last_dose_before_any_course_is_refused() -> None:
    with pytest.raises(InputError, match="a last dose stands before any first dose"):
        table("2026-01-01,last dose,,,,,,,,,,,,\n" + WELL)


def test_a_missed_assessment_on_a_day_with_lesions_is_refused() -> None:
    with pytest.raises(InputError, match="missed on a day on which lesions were seen"):
        table(WELL + "2026-02-27,missed assessment,,,,,,,,,,,,")


def test_a_marker_that_is_both_is_refused() -> None:
    with pytest.raises(InputError, match="both normal and raised"):
        table(WELL + "2026-02-27,marker raised,,,,,,,,,,,,\n2026-02-27,marker normal,,,,,,,,,,,,")


def test_a_new_lesion_is_no_target() -> None:
    with pytest.raises(InputError, match="line 7: lesion X1 is a target and was not seen at the baseline"):
        table(WELL + "2026-02-27,,X1,,liver,,20,mm,long,,CT,,,target")


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (HEADER.replace("diameter", "diametre"), "Did you mean 'diameter'"),
        (HEADER.replace("lesion,", ""), "lacks lesion"),
        (HEADER.replace("part", "organ"), "names a column twice"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        table(WELL, header)


def test_a_fault_of_one_patient_refuses_all() -> None:
    header = f"patient,{HEADER}"
    rows = [f"A,{line}" for line in WELL.strip().splitlines()]
    rows += [f"B,{line}" for line in WELL.replace("20,mm", "20,cm").strip().splitlines()]
    with pytest.raises(InputError, match="line 10: the diameter of lesion L1 came in cm"):
        table("\n".join(rows), header)


def test_each_patient_has_days_of_their_own() -> None:
    rows = [f"{name},{line}" for name in "AB" for line in WELL.strip().splitlines()]
    assert [each.patient for each in table("\n".join(rows), f"patient,{HEADER}")] == ["A", "B"]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        read_lesions(b"", NOW)
    with pytest.raises(InputError, match="No lesion and no event came"):
        histories((), date(2026, 11, 20))
