"""What a predicate may say, and the tree that it becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import DEEPEST, LONGEST, parse
from aldes.questions.tree import And, Arithmetic, Compare, Constant, Flag, In, Name, Not, Number, Or, Question, names

SPO2, CREATININE, URINE = Name("spo2"), Name("creatinine"), Name("urine_8h")
MENTAL = Name("mental_status")


def question(text: str, **settings: float | None) -> Question:
    return parse(text, vocabulary(), settings)


def refusal(text: str, **settings: float | None) -> str:
    with pytest.raises(ProtocolError) as refused:
        question(text, **settings)
    return str(refused.value)


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "==", "!="])
def test_a_comparison_keeps_its_sign(op: str) -> None:
    assert question(f"spo2 {op} 90") == Compare(op, SPO2, Number(90.0))
    assert question(f"90 {op} spo2") == Compare(op, Number(90.0), SPO2)


@pytest.mark.parametrize(
    ("text", "value"), [("4.5", 4.5), ("-1.5", -1.5), ("0", 0.0), ("999999999999999", 999999999999999.0)]
)
def test_a_limit_is_the_double_nearest_to_what_is_written(text: str, value: float) -> None:
    assert question(f"creatinine > {text}") == Compare(">", CREATININE, Number(value))


def test_a_chained_comparison_means_what_it_says() -> None:
    assert question("80 <= urine_8h < 160") == And(
        (Compare("<=", Number(80.0), URINE), Compare("<", URINE, Number(160.0)))
    )


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    angina, seizure, tamponade = (Flag(Name(each)) for each in ("angina", "seizure", "tamponade"))

    assert question("angina or seizure and not tamponade") == Or((angina, And((seizure, Not(tamponade)))))
    assert question("(angina or seizure) and tamponade") == And((Or((angina, seizure)), tamponade))


def test_three_parts_are_one_and() -> None:
    assert question("angina and seizure and tamponade") == And(
        (Flag(Name("angina")), Flag(Name("seizure")), Flag(Name("tamponade")))
    )


def test_a_code_is_one_of_a_list() -> None:
    normal = In(MENTAL, ("normal",))

    assert question("mental_status == 'normal'") == normal
    assert question("'normal' == mental_status") == normal
    assert question("mental_status != 'normal'") == Not(normal)
    assert question("mental_status in ('changed', 'severe')") == In(MENTAL, ("changed", "severe"))
    assert question("mental_status in ['severe']") == In(MENTAL, ("severe",))
    assert question("mental_status in 'severe'") == In(MENTAL, ("severe",))


def test_arithmetic_is_read_from_the_left() -> None:
    tree = question("creatinine - creatinine_limit * 2 - 1 > 0")

    assert isinstance(tree, Compare)
    product = Arithmetic("*", Name("creatinine_limit"), Number(2.0))
    assert tree.left == Arithmetic("-", Arithmetic("-", CREATININE, product), Number(1.0))


def test_division_is_by_a_number() -> None:
    assert question("urine_8h / 8 < 10") == Compare("<", Arithmetic("/", URINE, Number(8.0)), Number(10.0))
    assert "division is only by a non-zero number" in refusal("urine_8h / 0 < 10")
    assert "division is only by a non-zero number" in refusal("urine_8h / weight < 10")
    assert refusal("urine_8h / (8 - 8) < 10")


# ── settings ──


def test_a_setting_is_the_number_that_the_site_chose() -> None:
    assert question("hours_since_last_dose < gap", gap=7.0) == question("hours_since_last_dose < 7")


def test_a_setting_that_nobody_made_is_unknown_and_named() -> None:
    assert question("hours_since_last_dose < gap", gap=None) == Constant(UNKNOWN, "site setting gap is not set")


def test_an_unset_setting_within_arithmetic_is_unknown_too() -> None:
    assert question("hours_since_last_dose - gap < 0", gap=None) == Constant(UNKNOWN, "site setting gap is not set")


def test_the_part_beside_an_unset_setting_is_still_asked() -> None:
    tree = question("angina or hours_since_last_dose < gap", gap=None)

    assert tree == Or((Flag(Name("angina")), Constant(UNKNOWN, "site setting gap is not set")))


def test_a_word_that_is_neither_finding_nor_setting_is_answered_with_the_nearest() -> None:
    assert refusal("hours_since_last_dose < gapp", gap=7.0).endswith("Did you mean 'gap'?")
    assert refusal("sp02 < 90").endswith("Did you mean 'spo2'?")


# ── what may not stand there ──


@pytest.mark.parametrize(
    "text",
    [
        *("spo2 is None", "spo2 is not None", "spo2 == None", "None", "spo2 not in (1, 2)"),
        *("known(spo2)", "missing(spo2)", "at_least(2, angina, seizure)", "spo2.valid < 90", "spo2['valid'] < 90"),
        *(
            "(a := 90) < 95",
            "lambda: angina",
            "await angina",
            "yield angina",
            "*angina",
            "angina,",
            "[angina]",
            "{angina}",
        ),
        *(
            "f'{angina}'",
            "f'{spo2}' == 'x'",
            "angina if seizure else seizure",
            "[x for x in angina]",
            "...",
            "1j < spo2",
        ),
        *(
            "spo2 ** 2 < 9",
            "spo2 // 2 < 9",
            "spo2 % 2 < 9",
            "spo2 @ spo2 < 9",
            "spo2 << 1 < 9",
            "~angina",
            "spo2 < +90",
        ),
        *("spo2 | creatinine", "angina & seizure", "angina ^ seizure", "True", "1", "'normal'", "spo2 < 'normal'"),
        *("spo2 < b'9'", "mental_status == b'normal'", "mental_status < 'severe'", "mental_status == 1", "angina == 1"),
        *(
            "angina < seizure",
            "angina + 1 < 2",
            "not spo2",
            "spo2 and angina",
            "spo2 < 90 = angina",
            "import os",
            "spo2; angina",
        ),
        *(
            "__import__('os')",
            "spo2.__class__ == 1",
            "exec('1')",
            "spo2 < 1e15",
            "spo2 < -1e15",
            "spo2 < 1e400",
            "spo2 < nan",
        ),
        *(
            "",
            "   ",
            "spo2 <",
            "< 90",
            "((spo2 < 90)",
            "spo2 < 90)",
            "spo2 < 90 # rest",
            "spo2 < 09",
            "\x00",
            "spo2 < 9\u0660",
        ),
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    assert "\n" not in refusal(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        tree = question(text)
    except ProtocolError:
        return
    assert {name.finding for name in names(tree)} <= set(vocabulary().findings)


@given(
    st.recursive(st.sampled_from(["angina", "spo2 < 90", "1", "x"]), lambda part: st.tuples(part, part), max_leaves=6)
)
def test_no_nesting_breaks_the_reader(parts: object) -> None:
    text = str(parts).replace("'", "").replace(",", " or")
    try:
        tree = question(text)
    except ProtocolError:
        return
    assert {name.finding for name in names(tree)} <= {"angina", "spo2"}


def test_the_longest_and_the_deepest_predicate() -> None:
    assert question("angina".ljust(LONGEST)) == Flag(Name("angina"))
    assert "at most 500 are read" in refusal("angina".ljust(LONGEST + 1))
    deepest = DEEPEST - 2  # the name has two levels: itself, and that it is read
    assert Name("angina") in set(names(question("not " * deepest + "angina")))
    assert "nested more than 20 levels" in refusal("not " * (deepest + 1) + "angina")


def test_thousands_of_brackets_are_refused_and_do_no_harm() -> None:
    assert refusal("(" * 240 + "angina" + ")" * 240)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("spo2 < creatinine", "it compares % with mg/dL"),
        ("creatinine + urine_8h > 3", "it adds mL and mg/dL"),
        ("creatinine - spo2 * 2 > 3", "it adds % and mg/dL"),
        ("systolic < spo2 + 3", "it compares % with mm[Hg]"),
    ],
)
def test_units_must_agree(text: str, fault: str) -> None:
    assert fault in refusal(text)


@pytest.mark.parametrize("text", ["systolic < systolic_target - 5", "creatinine > creatinine_limit * 2"])
def test_a_bare_number_takes_the_unit_of_the_other_side(text: str) -> None:
    assert isinstance(question(text), Compare)


@pytest.mark.parametrize("text", ["2 * 3 < 4", "2 - 1 > 0", "angina or 1 + 1 < 2", "spo2 < 90 - 2", "2 < 3"])
def test_numbers_alone_are_not_compared_or_added(text: str) -> None:
    assert "two numbers" in refusal(text)
