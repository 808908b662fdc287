"""A table of patients asked at once: known, missing and impossible values."""

import importlib
import math
import sys

import numpy as np
import pytest

from aldes.errors import AldesError, InputError
from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.questions import arrays
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.arrays import DECISIONS, PIECE, ask, decide, flags, numbers, ranks
from aldes.questions.parse import parse
from aldes.questions.tree import AtLeast, Compare, Constant, Flag, Known, Name, Not, Number, Or, Question, Row

MENTAL = vocabulary()["mental_status"].codes


def question(text: str) -> Question:
    return parse(text, vocabulary())


def answers(text: str, **columns: np.ndarray) -> list[int]:
    return ask(question(text), columns).tolist()


def decided(stop: Question, hold: Question, **columns: np.ndarray) -> list[str]:
    return [DECISIONS[code] for code in decide(stop, hold, columns)]


def test_spo2_below_at_and_above_the_limit_and_missing() -> None:
    spo2 = numbers([89.9, 90, 90.1, None])

    assert answers("spo2 < 90", spo2=spo2) == [YES, NO, NO, UNKNOWN]


def test_one_unit_of_least_precision_on_either_side_of_a_limit_counts() -> None:
    near = numbers([math.nextafter(4.5, 0), 4.5, math.nextafter(4.5, 9)])

    assert answers("creatinine > 4.5", creatinine=near) == [NO, NO, YES]
    assert answers("creatinine >= 4.5", creatinine=near) == [NO, YES, YES]


@pytest.mark.parametrize(
    ("op", "expected"),
    [
        ("<", [YES, NO, NO, UNKNOWN]),
        ("<=", [YES, YES, NO, UNKNOWN]),
        (">", [NO, NO, YES, UNKNOWN]),
        (">=", [NO, YES, YES, UNKNOWN]),
        ("==", [NO, YES, NO, UNKNOWN]),
        ("!=", [YES, NO, YES, UNKNOWN]),
    ],
)
def test_every_comparison_with_a_missing_value_is_unknown(op: str, expected: list[int]) -> None:
    assert answers(f"platelets {op} 50", platelets=numbers([49, 50, 51, None])) == expected


def test_missing_spo2_is_not_permission_even_when_the_question_is_turned_round() -> None:
    assert answers("not spo2 >= 90", spo2=numbers([None])) == [UNKNOWN]


def test_a_chained_comparison_means_what_it_says() -> None:
    urine = numbers([10, 80, 81, 159, 160, None])

    assert answers("80 < urine < 160", urine=urine) == [NO, NO, YES, YES, NO, UNKNOWN]


def test_arithmetic_with_a_missing_value_is_unknown() -> None:
    columns = {"systolic": numbers([90, 90, None]), "systolic_target": numbers([95, None, 95])}

    assert ask(question("systolic - systolic_target < 0"), columns).tolist() == [YES, UNKNOWN, UNKNOWN]


def test_a_code_is_asked_by_its_rank_and_a_missing_one_is_unknown() -> None:
    mental_status = ranks(["normal", "changed", "severe", None], MENTAL)

    assert answers("mental_status != 'normal'", mental_status=mental_status) == [NO, YES, YES, UNKNOWN]
    assert answers("mental_status in ('changed', 'severe')", mental_status=mental_status) == [NO, YES, YES, UNKNOWN]


def test_a_certain_yes_outweighs_an_unknown_and_a_certain_no_does_not() -> None:
    columns = {"angina": flags([True, False, None]), "ischaemia_ecg": flags([None, None, None])}

    assert ask(question("angina or ischaemia_ecg"), columns).tolist() == [YES, UNKNOWN, UNKNOWN]
    assert ask(question("angina and ischaemia_ecg"), columns).tolist() == [UNKNOWN, NO, UNKNOWN]


def test_at_least_stays_unknown_while_the_unknown_ones_could_make_up_the_number() -> None:
    groups = tuple(Flag(Name(name)) for name in ("angina", "infection", "seizure"))
    columns = {
        "angina": flags([True, True, True, False]),
        "infection": flags([True, None, False, False]),
        "seizure": flags([None, False, False, None]),
    }

    assert ask(AtLeast(2, groups), columns).tolist() == [YES, UNKNOWN, NO, NO]


def test_one_finding_counted_twice_is_two_parts() -> None:
    twice = (Flag(Name("angina")), Flag(Name("angina")))

    assert ask(AtLeast(2, twice), {"angina": flags([True])}).tolist() == [YES]


def test_known_is_never_unknown() -> None:
    resumed = Known(question("spo2 > 90"))

    assert ask(resumed, {"spo2": numbers([91, 90, None])}).tolist() == [YES, NO, NO]
    assert ask(Not(resumed), {"spo2": numbers([91, 90, None])}).tolist() == [NO, YES, YES]


def test_an_unset_setting_leaves_every_patient_unknown() -> None:
    unset = Constant(UNKNOWN, "site setting min_interval_h is not set")

    assert ask(Or((unset, question("spo2 < 90"))), {"spo2": numbers([80, 95])}).tolist() == [YES, UNKNOWN]


def test_no_row_at_all_is_no_reason() -> None:
    assert ask(Or(()), {"spo2": numbers([80])}).tolist() == [NO]


def test_a_row_asked_twice_says_yes_on_charted_and_no_only_on_valid_values() -> None:
    below = {view: Compare("<", Name("spo2", view, "HOLD-RESP-01"), Number(90.0)) for view in View}
    asked = Row("HOLD-RESP-01", Or((Known(below[View.CHARTED]), below[View.VALID])))
    columns = {"spo2@charted": numbers([85, 95, 95]), "spo2@valid": numbers([None, None, 95])}

    assert ask(asked, columns).tolist() == [YES, UNKNOWN, NO]


def test_with_one_column_a_finding_a_row_asked_twice_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    less = arrays._COMPARE["<"]
    monkeypatch.setitem(arrays._COMPARE, "<", lambda a, b: compared.append(1) or less(a, b))
    below = {view: Compare("<", Name("spo2", view, "HOLD-RESP-01"), Number(90.0)) for view in View}

    asked = ask(Or((Known(below[View.CHARTED]), below[View.VALID])), {"spo2": numbers([85, 95, None])})

    assert asked.tolist() == [YES, NO, UNKNOWN]
    assert len(compared) == 1


def test_the_column_of_the_row_goes_before_the_column_of_the_finding() -> None:
    below = Compare("<", Name("systolic", View.RESUME, "HYP-01"), Number(90.0))
    columns = {"systolic": numbers([120]), "systolic@resume": numbers([110]), "systolic@resume@HYP-01": numbers([80])}

    assert ask(below, columns).tolist() == [YES]


def test_patients_of_every_piece_are_asked() -> None:
    spo2 = np.full(2 * PIECE + 3, 95.0)
    spo2[[0, PIECE - 1, PIECE, 2 * PIECE, 2 * PIECE + 2]] = 80

    assert np.flatnonzero(ask(question("spo2 < 90"), {"spo2": spo2}) == YES).tolist() == [
        *(0, PIECE - 1, PIECE, 2 * PIECE, 2 * PIECE + 2)
    ]


def test_a_table_without_patients_has_no_answers() -> None:
    assert answers("spo2 < 90", spo2=numbers([])) == []


def test_a_whole_number_column_is_asked_as_numbers() -> None:
    assert answers("spo2 < 90", spo2=np.array([89, 90])) == [YES, NO]


STOP, HOLD = Flag(Name("angina")), Flag(Name("infection"))


@pytest.mark.parametrize(
    ("stop", "hold", "decision"),
    [
        (True, True, "stop"),
        (True, None, "stop"),
        (None, True, "hold"),
        (False, True, "hold"),
        (None, False, "insufficient"),
        (False, None, "insufficient"),
        (None, None, "insufficient"),
        (False, False, "give"),
    ],
)
def test_only_a_clear_no_to_both_questions_gives(stop: bool | None, hold: bool | None, decision: str) -> None:
    assert decided(STOP, HOLD, angina=flags([stop]), infection=flags([hold])) == [decision]


def test_infinity_is_refused() -> None:
    with pytest.raises(InputError, match="Column 'spo2' holds infinity"):
        answers("spo2 < 90", spo2=numbers([95, math.inf]))


def test_a_number_of_more_than_15_digits_is_refused() -> None:
    assert answers("platelets < 50", platelets=numbers([math.nextafter(1e15, 0)])) == [NO]
    with pytest.raises(InputError, match="more than 15 digits"):
        answers("platelets < 50", platelets=numbers([-1e15]))


def test_a_flag_column_of_true_and_false_is_refused_since_false_would_read_as_unknown() -> None:
    with pytest.raises(InputError, match="Column 'angina' holds bool; it needs int8: \\+1 yes, -1 no, 0 not known"):
        answers("angina", angina=np.array([True, False]))


@pytest.mark.parametrize("value", [-2, 2])
def test_a_flag_beyond_yes_and_no_is_refused(value: int) -> None:
    with pytest.raises(InputError, match="Column 'angina'"):
        answers("angina", angina=np.array([0, value], dtype=np.int8))


@pytest.mark.parametrize("rank", [-2, len(MENTAL)])
def test_a_rank_that_no_code_has_is_refused(rank: int) -> None:
    with pytest.raises(InputError, match="Column 'mental_status'"):
        answers("mental_status == 'severe'", mental_status=np.array([rank], dtype=np.int8))


def test_a_misspelt_code_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InputError, match=r"'Severe' is no code of this finding; .* Did you mean 'severe'\?"):
        ranks(["normal", "Severe"], MENTAL)


def test_text_in_a_number_column_is_refused() -> None:
    with pytest.raises(InputError, match="Column 'spo2' holds <U3; it needs numbers"):
        answers("spo2 < 90", spo2=np.array(["n/a"]))


def test_an_absent_column_is_a_mistake_and_not_an_unknown() -> None:
    with pytest.raises(InputError, match="no column 'spo2'"):
        answers("spo2 < 90", sp02=numbers([95]))


def test_columns_of_unequal_length_are_refused() -> None:
    with pytest.raises(InputError, match="equally many"):
        answers("spo2 < 90", spo2=numbers([95, 95]), systolic=numbers([100]))


def test_a_table_without_columns_is_refused() -> None:
    with pytest.raises(InputError, match="no column"):
        ask(Constant(UNKNOWN), {})


def test_without_numpy_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.delitem(sys.modules, "aldes.questions.arrays")

    with pytest.raises(AldesError, match=r"needs NumPy, which is not here; run: pip install 'aldes\[lab\]'"):
        importlib.import_module("aldes.questions.arrays")
