"""Each form that a predicate may take, with its whole tree, and each refusal, with its whole sentence."""

import pytest

from aldes.errors import ProtocolError
from aldes.findings.read import vocabulary
from aldes.findings.view import View
from aldes.questions.answer import UNKNOWN
from aldes.questions.parse import DEEPEST, LONGEST, SMALLEST, WIDEST, parse
from aldes.questions.tree import And, Arithmetic, Compare, Constant, Flag, In, Name, Not, Number, Or, Question

SPO2 = Name("spo2", View.VALID, None)
ANGINA, SEIZURE, TAMPONADE = (Flag(Name(each)) for each in ("angina", "seizure", "tamponade"))


def question(text: str, **settings: float | None) -> Question:
    return parse(text, vocabulary(), settings)


def refusal(text: str, **settings: float | None) -> str:
    with pytest.raises(ProtocolError) as refused:
        question(text, **settings)
    return str(refused.value)


# ── what may stand there ──


@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "==", "!="])
def test_spo2_is_compared_with_ninety(op: str) -> None:
    assert question(f"spo2 {op} 90") == Compare(op, SPO2, Number(90.0))


def test_predicates_are_read_without_settings_too() -> None:
    assert parse("  spo2 < 90  ", vocabulary()) == Compare("<", SPO2, Number(90.0))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("angina", ANGINA),
        ("not angina", Not(ANGINA)),
        ("angina and seizure and tamponade", And((ANGINA, SEIZURE, TAMPONADE))),
        ("angina or seizure or tamponade", Or((ANGINA, SEIZURE, TAMPONADE))),
        ("angina or not (seizure and tamponade)", Or((ANGINA, Not(And((SEIZURE, TAMPONADE)))))),
    ],
)
def test_flags_are_joined_as_written(text: str, tree: Question) -> None:
    assert question(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("mental_status == 'severe'", In(Name("mental_status"), ("severe",))),
        ("'severe' == mental_status", In(Name("mental_status"), ("severe",))),
        ("mental_status != 'normal'", Not(In(Name("mental_status"), ("normal",)))),
        ("'normal' != mental_status", Not(In(Name("mental_status"), ("normal",)))),
        ("mental_status in 'severe'", In(Name("mental_status"), ("severe",))),
        ("mental_status in ('changed', 'severe')", In(Name("mental_status"), ("changed", "severe"))),
        ("mental_status in ['changed', 'severe']", In(Name("mental_status"), ("changed", "severe"))),
        ("mental_status in {'changed', 'severe'}", In(Name("mental_status"), ("changed", "severe"))),
    ],
)
def test_mental_status_is_held_against_its_codes(text: str, tree: Question) -> None:
    assert question(text) == tree


def test_a_chain_of_three_signs_is_three_comparisons_of_neighbours() -> None:
    diastolic, systolic = Name("diastolic"), Name("systolic")

    assert question("30 <= diastolic < systolic != 300") == And(
        (
            Compare("<=", Number(30.0), diastolic),
            Compare("<", diastolic, systolic),
            Compare("!=", systolic, Number(300.0)),
        )
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("creatinine + 1", Arithmetic("+", Name("creatinine"), Number(1.0))),
        ("creatinine - 1.5", Arithmetic("-", Name("creatinine"), Number(1.5))),
        ("1.5 - creatinine", Arithmetic("-", Number(1.5), Name("creatinine"))),
        ("creatinine * 2", Arithmetic("*", Name("creatinine"), Number(2.0))),
        ("2 * creatinine", Arithmetic("*", Number(2.0), Name("creatinine"))),
        ("creatinine / 2", Arithmetic("/", Name("creatinine"), Number(2.0))),
        ("creatinine * -2", Arithmetic("*", Name("creatinine"), Number(-2.0))),
        ("creatinine - creatinine_limit", Arithmetic("-", Name("creatinine"), Name("creatinine_limit"))),
    ],
)
def test_creatinine_may_be_calculated_with(written: str, read: Arithmetic) -> None:
    assert question(f"{written} > 3") == Compare(">", read, Number(3.0))


@pytest.mark.parametrize(
    ("written", "value"),
    [("90", 90.0), ("89.9", 89.9), ("-1", -1.0), ("-0.5", -0.5), ("0", 0.0), ("1e-9", SMALLEST), ("-1e-9", -SMALLEST)],
)
def test_a_limit_is_read_as_the_nearest_double(written: str, value: float) -> None:
    assert question(f"spo2 < {written}") == Compare("<", SPO2, Number(value))


def test_a_limit_has_at_most_fifteen_digits_before_the_point() -> None:
    assert WIDEST == 10.0**15
    assert question("spo2 < 999999999999999") == Compare("<", SPO2, Number(999_999_999_999_999.0))
    assert question("spo2 > -999999999999999") == Compare(">", SPO2, Number(-999_999_999_999_999.0))


def test_two_findings_of_one_unit_are_compared() -> None:
    assert question("systolic < systolic_target") == Compare("<", Name("systolic"), Name("systolic_target"))


def test_the_sum_has_the_unit_of_whichever_side_has_one() -> None:
    below = Compare("<", Arithmetic("+", Number(5.0), Name("systolic")), Name("systolic_target"))

    assert question("5 + systolic < systolic_target") == below


# ── site settings ──


def test_a_setting_stands_for_its_number() -> None:
    assert question("creatinine > top", top=4.5) == Compare(">", Name("creatinine"), Number(4.5))


def test_a_finding_may_be_divided_by_a_setting() -> None:
    divided = Compare("<", Arithmetic("/", Name("urine_8h"), Number(8.0)), Number(10.0))

    assert question("urine_8h / hours < 10", hours=8.0) == divided


@pytest.mark.parametrize(
    "text", ["creatinine > top", "top < creatinine", "creatinine - 1 > top + creatinine_limit", "1 + top > creatinine"]
)
def test_a_setting_that_nobody_made_makes_the_comparison_unknown(text: str) -> None:
    assert question(text, top=None) == Constant(UNKNOWN, "site setting top is not set")


def test_of_a_chain_only_the_comparison_with_the_unset_setting_is_unknown() -> None:
    unset, above = Constant(UNKNOWN, "site setting least is not set"), Compare("<", Name("urine_8h"), Number(160.0))

    assert question("least < urine_8h < 160", least=None) == And((unset, above))


# ── what may not stand there, and what to write instead ──


def test_a_predicate_has_at_most_five_hundred_characters() -> None:
    assert LONGEST == 500
    assert question("angina".rjust(500)) == ANGINA
    assert refusal("angina".rjust(501)) == (
        "the predicate has 501 characters; at most 500 are read. Make two rows of it"
    )


def test_a_predicate_has_at_most_twenty_levels() -> None:
    assert DEEPEST == 20
    deepest = question("not " * 18 + "angina")  # a name is two levels: itself, and that it is read
    for _ in range(18):
        assert isinstance(deepest, Not)
        deepest = deepest.part
    assert deepest == ANGINA
    assert refusal("not " * 19 + "angina") == ("the predicate is nested more than 20 levels deep. Make two rows of it")


def test_the_deepest_branch_counts_wherever_it_stands() -> None:
    deep = "not " * 18 + "angina"

    for text in (f"({deep}) or seizure", f"seizure or ({deep})"):
        assert refusal(text) == "the predicate is nested more than 20 levels deep. Make two rows of it"


def test_a_comment_belongs_into_the_words() -> None:
    assert refusal("spo2 < 90 # at rest") == "the predicate holds a comment; put it into the row's words"


@pytest.mark.parametrize("text", ["spo2 <", "spo2 < 90)", "spo2 < 90; angina", "", "spo2 below 90", "angina\x00"])
def test_what_is_no_expression_is_answered_with_an_example(text: str) -> None:
    assert refusal(text) == f"'{text}' cannot be read as a predicate; write for example: spo2 < 90"


@pytest.mark.parametrize("text", ["90", "'normal'", "True", "spo2 + 1", "angina if seizure else tamponade", "-angina"])
def test_what_is_no_question_is_answered_with_what_is_one(text: str) -> None:
    assert refusal(text) == f"'{text}' is not a question; write a comparison or the name of a flag"


@pytest.mark.parametrize(("name", "kind"), [("spo2", "a number"), ("mental_status", "a code")])
def test_a_value_alone_is_no_question(name: str, kind: str) -> None:
    assert refusal(f"not {name}") == f"'{name}' is {kind}, not yes or no; compare it with a value"


@pytest.mark.parametrize("text", ["spo2 is None", "spo2 is not None", "spo2 not in (1, 2)", "80 < spo2 in (90, 91)"])
def test_nothing_may_ask_whether_a_finding_is_missing(text: str) -> None:
    assert refusal(text) == "only < <= > >= == != and `in` compare; missing is unknown and cannot be asked for"


@pytest.mark.parametrize("text", ["spo2 == spo2", "spo2 != spo2", "creatinine - 1 < creatinine - 1"])
def test_a_finding_against_itself_would_ask_whether_it_is_missing(text: str) -> None:
    assert refusal(text) == "it compares a finding with itself; nothing may ask whether a finding is missing"


def test_two_units_are_not_compared() -> None:
    assert refusal("spo2 < creatinine") == "it compares % with mg/dL; both sides need one unit"
    assert refusal("creatinine < spo2 * 2 + 1") == "it compares % with mg/dL; both sides need one unit"


def test_the_number_on_the_left_hides_no_unit() -> None:
    assert refusal("2 * creatinine < spo2") == "it compares % with mg/dL; both sides need one unit"


@pytest.mark.parametrize("op", ["+", "-"])
def test_two_units_are_not_added_or_subtracted(op: str) -> None:
    assert refusal(f"spo2 {op} creatinine > 3") == "it adds % and mg/dL; both need one unit"


def test_two_numbers_are_not_compared() -> None:
    assert refusal("80 < 90") == "it compares two numbers; ask a finding"
    assert refusal("top < 90", top=80.0) == "it compares two numbers; ask a finding"


def test_two_numbers_are_not_calculated_with() -> None:
    assert refusal("spo2 < 80 + 10") == "it calculates with two numbers; write the result"


def test_two_findings_are_not_multiplied() -> None:
    assert refusal("weight * phenylephrine > 3") == (
        "a product of two findings has no unit here; make a derived finding of it"
    )


@pytest.mark.parametrize("by", ["0", "0.0", "-0", "weight", "(weight + 1)"])
def test_division_is_only_by_a_number(by: str) -> None:
    assert refusal(f"urine_8h / {by} < 10") == ("division is only by a non-zero number; make a derived finding of it")


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_codes_have_no_less_and_no_more(op: str) -> None:
    assert refusal(f"mental_status {op} 'severe'") == (
        f"'mental_status' is compared with '{op}'; codes know == != and `in`"
    )


def test_a_misspelt_code_is_answered_with_all_codes_and_the_nearest() -> None:
    sentence = (
        "'Severe' is no code of mental_status (normal, changed, moderate confusion or agitation, severe). "
        "Did you mean 'severe'?"
    )

    assert refusal("mental_status == 'Severe'") == sentence
    assert refusal("'Severe' == mental_status") == sentence
    assert refusal("mental_status in ('normal', 'Severe')") == sentence


@pytest.mark.parametrize("text", ["mental_status in spo2", "mental_status in (1,)", "mental_status in ('normal', 1)"])
def test_only_quoted_codes_stand_in_a_list(text: str) -> None:
    assert refusal(text) == (
        "'' is no code of mental_status (normal, changed, moderate confusion or agitation, severe)."
    )


@pytest.mark.parametrize("text", ["mental_status in ()", "mental_status in []"])
def test_a_list_of_no_codes_would_always_answer_no(text: str) -> None:
    assert refusal(text) == "'mental_status' is compared with no code; name at least one of its codes"


@pytest.mark.parametrize(
    ("text", "named"),
    [("spo2 == '90'", "spo2"), ("'yes' == angina", "angina"), ("spo2 in (90, 91)", "spo2"), ("1 == '1'", "1")],
)
def test_only_a_coded_finding_has_codes(text: str, named: str) -> None:
    assert refusal(text) == f"'{named}' has no codes; only a coded finding is compared with a quoted code"


@pytest.mark.parametrize(
    "term", ["spo2 ** 2", "spo2 // 2", "spo2 % 2", "-spo2", "+90", "abs(spo2)", "spo2.valid", "None", "True", "1j"]
)
def test_other_calculations_are_no_terms(term: str) -> None:
    assert refusal(f"{term} < 90") == f"'{term}' is no term; write names, numbers, + - * and / by a number"


@pytest.mark.parametrize(("name", "kind"), [("angina", "a yes or no"), ("mental_status", "a code")])
def test_only_a_number_is_more_or_less(name: str, kind: str) -> None:
    assert refusal(f"{name} > 1") == f"'{name}' is {kind}; arithmetic and < > need a number"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1e15", "1000000000000000.0"),
        ("-1e15", "-1000000000000000.0"),
        ("1e999", "inf"),
        ("-1e999", "-inf"),
        ("9e-10", "9e-10"),
        ("-9e-10", "-9e-10"),
    ],
)
def test_no_limit_is_that_great_or_that_small(written: str, read: str) -> None:
    assert refusal(f"spo2 < {written}") == f"'{read}' is no number that a limit can have"


def test_a_setting_is_held_to_the_same_numbers_as_a_limit() -> None:
    assert refusal("spo2 < top", top=1e15) == "'1000000000000000.0' is no number that a limit can have"


def test_a_misspelt_finding_is_answered_with_the_nearest() -> None:
    sentence = "'sp02' is no finding of the vocabulary. Did you mean 'spo2'?"

    assert refusal("sp02 < 90") == sentence
    assert refusal("sp02") == sentence
    assert refusal("sp02 == 'normal'") == sentence


def test_a_misspelt_setting_is_answered_with_the_nearest() -> None:
    assert refusal("creatinine > min_intervall_h", min_interval_h=None) == (
        "'min_intervall_h' is no finding of the vocabulary. Did you mean 'min_interval_h'?"
    )


def test_a_word_like_no_other_is_answered_without_a_guess() -> None:
    assert refusal("qqqq < 90") == "'qqqq' is no finding of the vocabulary."
