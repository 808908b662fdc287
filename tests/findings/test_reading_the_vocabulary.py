"""The reader of a vocabulary file: every field it keeps, and every refusal word for word."""

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aldes.errors import ProtocolError
from aldes.findings.read import LOINC, OPS, OWN, SNOMED, parse
from aldes.findings.vocabulary import Derivation, Finding, Group, Kind, Vocabulary, Worse

D = Decimal
LACTATE = """
[[finding]]
name = "lactate"
words = "blood lactate"
kind = "number"
group = "lab"
unit = "mmol/L"
units = ["mmol/L", "mg/dL"]
molar = 111
loinc = ["2524-7", "32693-4"]
snomed = ["270982000"]
survivable = [0.1, 40]
worse = "high"
system = "support"
absent = 0
topic = "lactate"
source = "our own example"
"""
RIGOR = """
[[finding]]
name = "rigor"
words = "rigor"
kind = "flag"
group = "judged"
worse = "true"
"""
MOOD = """
[[finding]]
name = "mood"
words = "mood"
kind = "code"
group = "judged"
worse = "high"
codes = ["calm", "low"]
"""
AGE = """
[[course]]
name = "bag_age"
words = "age of the bag"
unit = "h"
"""
CLOSED = """
[[course]]
name = "closed"
words = "the course is closed"
kind = "flag"
"""


def derived(op: str, of: str = "lactate", more: str = "") -> str:
    return f'[[derived]]\nname = "own"\nwords = "own words"\nop = "{op}"\nof = "{of}"\n{more}\n'


def read(text: str) -> Vocabulary:
    return parse(text, "own.toml")


def own(op: str, of: str = "lactate", more: str = "") -> Finding:
    return read(LACTATE + RIGOR + derived(op, of, more))["own"]


def refusal(text: str) -> str:
    with pytest.raises(ProtocolError) as refused:
        read(text)
    return str(refused.value)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_field_of_a_number_is_kept():
    assert read(LACTATE)["lactate"] == Finding(
        name="lactate",
        words="blood lactate",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=Worse.HIGH,
        unit="mmol/L",
        units=("mmol/L", "mg/dL"),
        molar=D(111),
        loinc=("2524-7", "32693-4"),
        snomed=("270982000",),
        survivable=(D("0.1"), D(40)),
        system="support",
        absent=D(0),
        topic="lactate",
        source="our own example",
    )


def test_numbers_are_read_as_decimals_as_they_stand():
    """A double would turn 0.1 into 0.1000000000000000055."""
    found = read(LACTATE.replace("absent = 0", "absent = 0.1").replace("molar = 111", "molar = 11.1"))["lactate"]
    assert (str(found.absent), str(found.molar)) == ("0.1", "11.1")
    assert [str(each) for each in found.survivable] == ["0.1", "40"]
    assert all(isinstance(each, Decimal) for each in found.survivable)


def test_a_whole_number_is_a_decimal_too():
    found = read(LACTATE)["lactate"]
    assert isinstance(found.absent, Decimal)
    assert isinstance(found.molar, Decimal)


def test_lists_are_read_as_tuples():
    found = read(LACTATE + MOOD)
    assert (found["mood"].codes, found["mood"].kind) == (("calm", "low"), Kind.CODE)
    assert all(isinstance(each, tuple) for each in (found["lactate"].units, found["lactate"].loinc))
    assert isinstance(found["mood"].codes, tuple)


def test_a_fact_of_the_course_is_a_number_without_a_worse_direction():
    assert read(AGE)["bag_age"] == Finding(
        name="bag_age", words="age of the bag", kind=Kind.NUMBER, group=Group.COURSE, worse=Worse.NONE, unit="h"
    )


def test_a_fact_of_the_course_may_be_a_flag_which_is_worse_when_true():
    assert read(CLOSED)["closed"] == Finding(
        name="closed", words="the course is closed", kind=Kind.FLAG, group=Group.COURSE, worse=Worse.TRUE, unit=""
    )


def test_an_empty_file_has_no_findings():
    assert dict(read("").findings) == {}


# ── derived findings ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_derived_finding_takes_group_system_and_topic_from_what_it_is_derived_from():
    assert own("max", more='since = "cycle"\nwindow_h = 8') == Finding(
        name="own",
        words="own words",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=Worse.HIGH,
        unit="mmol/L",
        system="support",
        topic="lactate",
        derived=Derivation(op="max", of="lactate", since="cycle", window_h=D(8)),
    )


@pytest.mark.parametrize(
    ("op", "field", "value"),
    [
        ("baseline", "anchor", "course"),
        ("min", "since", "last_dose"),
        ("change", "against", "peak"),
        ("hours_while", "episode", "longest"),
    ],
)
def test_the_argument_of_an_op_is_kept_and_the_others_stay_empty(op, field, value):
    found = own(op, more=f'{field} = "{value}"').derived
    assert found == replace(Derivation(op=op, of="lactate"), **{field: value})


def test_a_window_of_hours_is_an_exact_decimal():
    found = own("sum", more="window_h = 0.1").derived
    assert str(found.window_h) == "0.1"
    assert isinstance(found.window_h, Decimal)
    assert isinstance(own("sum", more="window_h = 8").derived.window_h, Decimal)


@pytest.mark.parametrize(
    ("op", "worse", "unit"),
    [
        ("baseline", Worse.NONE, "mmol/L"),
        ("min", Worse.LOW, "mmol/L"),
        ("max", Worse.LOW, "mmol/L"),
        ("sum", Worse.LOW, "mmol/L"),
        ("change", Worse.LOW, "mmol/L"),
        ("hours_while", Worse.HIGH, "h"),
        ("count", Worse.HIGH, ""),
        ("limit_low", Worse.NONE, "mmol/L"),
        ("limit_high", Worse.NONE, "mmol/L"),
    ],
)
def test_direction_and_unit_follow_from_the_op(op, worse, unit):
    low = LACTATE.replace('worse = "high"', 'worse = "low"')
    found = read(low + derived(op))["own"]
    assert (found.worse, found.unit) == (worse, unit)


def test_every_op_but_the_formula_has_its_direction_tested():
    assert set(OPS) == {
        *("baseline", "min", "max", "sum", "change"),
        *("hours_while", "count", "limit_low", "limit_high", "formula"),
    }


FORMULA = """
[[derived]]
name = "own"
words = "own words"
op = "formula"
formula = "lactate / bag_age"
unit = "mmol/L/h"
worse = "low"
"""


def test_a_formula_states_its_own_unit_and_direction_and_belongs_to_its_first_finding():
    assert read(LACTATE + AGE + FORMULA)["own"] == Finding(
        name="own",
        words="own words",
        kind=Kind.NUMBER,
        group=Group.LAB,
        worse=Worse.LOW,
        unit="mmol/L/h",
        system="support",
        topic="lactate",
        derived=Derivation(op="formula", formula="lactate / bag_age"),
    )


def test_a_formula_may_be_a_plain_count_without_a_unit():
    found = read(LACTATE + AGE + FORMULA.replace('unit = "mmol/L/h"\n', ""))["own"]
    assert found.unit == ""


def test_a_derived_finding_may_be_derived_from_another():
    text = LACTATE + derived("max", more='since = "cycle"')
    found = read(text + derived("change", of="own", more='against = "previous"').replace('"own"\nw', '"rise"\nw'))
    assert found["rise"].derived == Derivation(op="change", of="own", against="previous")


# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_code_leads_to_its_finding_and_each_finding_has_a_code_of_our_own():
    text = LACTATE + RIGOR + AGE + derived("max", more='since = "cycle"')
    assert read(text).by_code == {
        ("urn:aldes:finding", "lactate"): "lactate",
        ("urn:aldes:finding", "rigor"): "rigor",
        ("http://loinc.org", "2524-7"): "lactate",
        ("http://loinc.org", "32693-4"): "lactate",
        ("http://snomed.info/sct", "270982000"): "lactate",
    }


def test_the_code_systems_are_named_by_their_published_addresses():
    assert (LOINC, SNOMED, OWN) == ("http://loinc.org", "http://snomed.info/sct", "urn:aldes:finding")


def test_the_order_of_the_tables_in_the_file_hides_no_code():
    assert read(AGE + derived("max", more='since = "cycle"') + LACTATE).by_code[LOINC, "2524-7"] == "lactate"


def test_one_code_in_both_systems_is_no_clash():
    found = read(LACTATE + RIGOR + 'snomed = ["2524-7"]\n')
    assert (found.by_code[LOINC, "2524-7"], found.by_code[SNOMED, "2524-7"]) == ("lactate", "rigor")


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────

NUMBER = "a number needs a unit and a survivable range"
CODE = "a code needs its codes, best first, and is worse high, or none"
REFUSALS = {
    "twice": (LACTATE + LACTATE, "own.toml: finding 'lactate' is defined twice; keep one."),
    "twice as a fact": (
        LACTATE + AGE.replace("bag_age", "lactate"),
        "own.toml: finding 'lactate' is defined twice; keep one.",
    ),
    "twice as derived": (
        LACTATE + derived("max").replace('"own"', '"lactate"'),
        "own.toml: finding 'lactate' is defined twice; keep one.",
    ),
    "no field": (
        LACTATE + 'codess = ["a"]\n',
        "own.toml: finding 'lactate': 'codess' is no field. Did you mean 'codes'?",
    ),
    "no field near": (LACTATE + "q = 1\n", "own.toml: finding 'lactate': 'q' is no field."),
    "no field and no name": ('[[finding]]\nq = "a"\n', "own.toml: finding '?': 'q' is no field."),
    "no kind": (
        RIGOR.replace('"flag"', '"flagg"'),
        "own.toml: finding 'rigor': 'flagg' is not a valid Kind (number, flag, code). Did you mean 'flag'?",
    ),
    "number without unit": (
        LACTATE.replace('unit = "mmol/L"\n', ""),
        f"own.toml: finding 'lactate': {NUMBER}.",
    ),
    "number without range": (
        LACTATE.replace("survivable = [0.1, 40]\n", ""),
        f"own.toml: finding 'lactate': {NUMBER}.",
    ),
    "own unit": (
        LACTATE.replace('units = ["mmol/L", "mg/dL"]', 'units = ["mg/dL"]'),
        "own.toml: finding 'lactate': its own unit must be among the accepted units.",
    ),
    "flag high": (
        RIGOR.replace('worse = "true"', 'worse = "high"'),
        "own.toml: finding 'rigor': a flag is worse when true, when false, or none.",
    ),
    "code without codes": (MOOD.replace('codes = ["calm", "low"]\n', ""), f"own.toml: finding 'mood': {CODE}."),
    "code low": (MOOD.replace('"high"', '"low"'), f"own.toml: finding 'mood': {CODE}."),
    "no op": (
        LACTATE + derived("maxx"),
        "own.toml: derived 'own': 'maxx' is no op. Did you mean 'max'?",
    ),
    "of nothing": (
        LACTATE + derived("max", of="lactat"),
        "own.toml: derived 'own' asks 'lactat', which is no finding. Did you mean 'lactate'?",
    ),
    "of no word": (
        LACTATE + derived("max").replace('of = "lactate"\n', ""),
        "own.toml: derived 'own' asks '', which is no finding.",
    ),
    "of itself": (
        LACTATE + derived("max", of="own"),
        "own.toml: derived 'own' asks 'own', which is no finding.",
    ),
    "formula of nothing": (
        LACTATE + FORMULA,
        "own.toml: derived 'own' asks 'bag_age', which is no finding.",
    ),
    "one code twice": (
        LACTATE + RIGOR + 'loinc = ["2524-7"]\n',
        "own.toml: code 2524-7 leads to 'lactate' and to 'rigor'; keep one.",
    ),
    "one concept twice": (
        LACTATE + RIGOR + 'snomed = ["270982000"]\n',
        "own.toml: code 270982000 leads to 'lactate' and to 'rigor'; keep one.",
    ),
}


@pytest.mark.parametrize(("text", "sentence"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_wrong_file_is_refused_word_for_word(text, sentence):
    assert refusal(text) == sentence


@pytest.mark.parametrize(
    "text",
    [
        LACTATE.replace("[0.1, 40]", '["low", "high"]'),
        LACTATE.replace("absent = 0", 'absent = "none"'),
        RIGOR.replace('words = "rigor"\n', ""),
    ],
    ids=["range of words", "absent in words", "no words"],
)
def test_a_value_that_cannot_be_read_names_file_and_finding(text):
    assert refusal(text).startswith(("own.toml: finding 'lactate': ", "own.toml: finding 'rigor': "))


HEAD = "own.toml: finding 'lactate': "
RIGOR_AT = "own.toml: finding 'rigor': "
MOOD_AT = "own.toml: finding 'mood': "
OWN_AT = "own.toml: derived 'own': "
AGE_AT = "own.toml: course 'bag_age': "


def changed(text, right, wrong):
    assert right in text
    return text.replace(right, wrong, 1)


FAULTS = {
    "not TOML": ("[[finding", "own.toml: it is not TOML: "),
    "no table": (
        changed(LACTATE, "[[finding]]", "[[findings]]"),
        "own.toml: 'findings' is no table of it. Did you mean",
    ),
    "a word as a table": ('finding = "lactate"', "own.toml: a finding must be written as [[finding]]"),
    "a list of words": ('finding = ["lactate"]', "own.toml: a finding must be written as [[finding]]"),
    "one bracket": (changed(RIGOR, "[[finding]]", "[finding.rigor]"), "own.toml: finding '?': 'rigor' is no field."),
    "no name": (changed(RIGOR, 'name = "rigor"\n', ""), "own.toml: finding '?': 'name' is missing"),
    "a number for a name": (changed(RIGOR, '"rigor"', "7"), "own.toml: finding '7': 'name' must be one line of text"),
    "a name of two lines": (
        changed(RIGOR, 'name = "rigor"', 'name = "a\\nb"'),
        "own.toml: finding '?': 'name' must be",
    ),
    "a name with a point": (
        changed(RIGOR, 'name = "rigor"', 'name = "standing.x"'),
        "own.toml: finding 'standing.x': a name",
    ),
    "a name in capitals": (
        changed(RIGOR, 'name = "rigor"', 'name = "Rigor"'),
        "own.toml: finding 'Rigor': a name has small",
    ),
    "no words": (changed(RIGOR, 'words = "rigor"\n', ""), RIGOR_AT + "'words' is missing"),
    "empty words": (changed(RIGOR, 'words = "rigor"', 'words = " "'), RIGOR_AT + "'words' must be one line of text"),
    "no group": (changed(RIGOR, 'group = "judged"\n', ""), RIGOR_AT + "'group' is missing"),
    "a near group": (changed(RIGOR, '"judged"', '"judge"'), RIGOR_AT + "'judge' is not a valid Group (vital, lab,"),
    "a fact among findings": (changed(RIGOR, '"judged"', '"course"'), RIGOR_AT + "a fact of the course is written as"),
    "a near direction": (
        changed(LACTATE, '"high"', '"hihg"'),
        HEAD + "'hihg' is not a valid Worse (low, high,",
    ),
    "a number worse when true": (changed(LACTATE, '"high"', '"true"'), HEAD + "a number is worse low, high or none."),
    "units in words": (changed(LACTATE, '["mmol/L", "mg/dL"]', '"mmol/L"'), HEAD + "'units' must be a list of words"),
    "units twice": (changed(LACTATE, '"mmol/L", "mg/dL"', '"mmol/L", "mmol/L"'), HEAD + "'units' names one word twice"),
    "a near unit": (
        changed(LACTATE, '"mg/dL"', '"mg/dl"'),
        HEAD + "'mg/dl' is no unit of our table. Did you mean 'mg/dL'?",
    ),
    "codes as numbers": (
        changed(LACTATE, '["2524-7", "32693-4"]', "[2524, 32693]"),
        HEAD + "'loinc' must be a list of words",
    ),
    "a molar factor in words": (changed(LACTATE, "111", '"111"'), HEAD + "'molar' must be a number"),
    "a molar factor of nothing": (changed(LACTATE, "111", "0"), HEAD + "a molar factor must be above zero."),
    "a molar factor without end": (changed(LACTATE, "111", "inf"), HEAD + "'molar' must be a finite number"),
    "a molar factor that is none": (changed(LACTATE, "111", "nan"), HEAD + "'molar' must be a finite number"),
    "a huge molar factor": (changed(LACTATE, "111", "1e999999"), HEAD + "'molar' must be a finite number"),
    "a molar factor that is true": (changed(LACTATE, "111", "true"), HEAD + "'molar' must be a number"),
    "a range of one": (changed(LACTATE, "[0.1, 40]", "[0.1]"), HEAD + "'survivable' must be two numbers"),
    "a range as a number": (changed(LACTATE, "[0.1, 40]", "40"), HEAD + "'survivable' must be two numbers"),
    "a range reversed": (changed(LACTATE, "[0.1, 40]", "[40, 0.1]"), HEAD + "'survivable' must rise"),
    "a range of words": (changed(LACTATE, "[0.1, 40]", '["low", "high"]'), HEAD + "'survivable' must be a number"),
    "a flag with a unit": (RIGOR + 'unit = "%"\nunits = ["%"]\n', RIGOR_AT + "only a number has units"),
    "a judged flag said by drugs": (
        RIGOR + 'atc = ["L01FF"]\n',
        RIGOR_AT + "only a flag of the history is said by drugs.",
    ),
    "a flag with codes": (RIGOR + 'codes = ["a"]\n', RIGOR_AT + "only a code has codes."),
    "codes twice": (changed(MOOD, '["calm", "low"]', '["calm", "calm"]'), MOOD_AT + "'codes' names one word twice"),
    "grave in words": (RIGOR + 'grave = "true"\n', RIGOR_AT + "'grave' is true or false"),
    "a derivation among findings": (LACTATE + "derived = 1\n", HEAD + "'derived' is no field."),
    "a fact without words": (changed(AGE, 'words = "age of the bag"\n', ""), AGE_AT + "'words' is missing"),
    "a fact with a near kind": (
        AGE + 'kind = "numbr"\n',
        AGE_AT + "'numbr' is not a valid Kind (number, flag, code). Did you",
    ),
    "a fact of codes": (AGE + 'kind = "code"\n', AGE_AT + "a fact of the course is a number or a flag."),
    "a fact with a near field": (changed(AGE, "unit =", "unti ="), AGE_AT + "'unti' is no field. Did you mean 'unit'?"),
    "derived without words": (
        LACTATE + changed(derived("max"), 'words = "own words"\n', ""),
        OWN_AT + "'words' is missing",
    ),
    "derived without an op": (LACTATE + changed(derived("max"), 'op = "max"\n', ""), OWN_AT + "'op' is missing"),
    "derived without a name": (
        LACTATE + changed(derived("max"), 'name = "own"\n', ""),
        "own.toml: derived '?': 'name' is",
    ),
    "a near argument": (
        LACTATE + derived("min", more='sinse = "cycle"'),
        OWN_AT + "'sinse' is no field. Did you mean 'since'?",
    ),
    "an argument of another op": (LACTATE + derived("min", more='anchor = "cycle"'), OWN_AT + "'anchor' is no field."),
    "a near anchor": (
        LACTATE + derived("baseline", more='anchor = "cycel"'),
        OWN_AT + "anchor 'cycel' is none of cycle,",
    ),
    "a near since": (
        LACTATE + derived("min", more='since = "last dose"'),
        OWN_AT + "since 'last dose' is none of last_dose,",
    ),
    "a count since a dose": (
        LACTATE + derived("count", more='since = "last_dose"'),
        OWN_AT + "since 'last_dose' is none of",
    ),
    "a near against": (
        LACTATE + derived("change", more='against = "peek"'),
        OWN_AT + "against 'peek' is none of last_dose,",
    ),
    "a near episode": (
        LACTATE + derived("hours_while", more='episode = "long"'),
        OWN_AT + "episode 'long' is none of current,",
    ),
    "a window in words": (LACTATE + derived("sum", more='window_h = "8"'), OWN_AT + "'window_h' must be a number"),
    "a window of nothing": (LACTATE + derived("sum", more="window_h = 0"), OWN_AT + "'window_h' must be above 0"),
    "an endless window": (
        LACTATE + derived("sum", more="window_h = 1e30"),
        OWN_AT + "'window_h' must be above 0 and at most",
    ),
    "of a list": (
        LACTATE + derived("max").replace('of = "lactate"', "of = [1]"),
        OWN_AT + "'of' must be one line of text",
    ),
    "the greatest of a flag": (RIGOR + derived("max", of="rigor"), OWN_AT + "'rigor' is no number, and max needs one"),
    "no formula": (
        LACTATE + AGE + changed(FORMULA, 'formula = "lactate / bag_age"\n', ""),
        OWN_AT + "'formula' is missing",
    ),
    "an unreadable formula": (
        LACTATE + changed(FORMULA, "lactate / bag_age", "lactate /"),
        OWN_AT + "The formula 'lactate /'",
    ),
    "a formula of numbers": (
        LACTATE + changed(FORMULA, "lactate / bag_age", "7 + 1"),
        OWN_AT + "its formula asks no finding.",
    ),
    "a formula of flags": (RIGOR + changed(FORMULA, "lactate / bag_age", "rigor + 1"), OWN_AT + "'rigor' is no number"),
    "a formula without direction": (
        LACTATE + AGE + changed(FORMULA, 'worse = "low"\n', ""),
        OWN_AT + "'worse' is missing",
    ),
    "a formula of one op": (LACTATE + AGE + FORMULA + 'of = "lactate"\n', OWN_AT + "'of' is no field."),
}


@pytest.mark.parametrize(("text", "beginning"), FAULTS.values(), ids=FAULTS.keys())
def test_every_fault_is_one_line_with_file_finding_and_fault(text, beginning):
    # A course fact stands behind the measured findings of a file, whatever its place there.
    message = refusal(text)
    assert message.startswith(beginning)
    assert "\n" not in message


@given(data=st.data())
def test_no_change_of_one_value_crashes_the_reader(data):
    """Any other value in the place of one: read or refused in one line, never another exception."""
    blocks = (
        LACTATE,
        RIGOR,
        MOOD,
        AGE,
        derived("max", more='since = "cycle"\nwindow_h = 8'),
        FORMULA.replace("own", "x"),
    )
    lines = "".join(blocks).splitlines()
    place = data.draw(st.sampled_from([at for at, line in enumerate(lines) if " = " in line]))
    odd = st.sampled_from(
        ["7", "-1", "true", "nan", "1e400", "[]", "[1]", '[""]', "{}", '""', '"x"', '"\u202e"', "1979-05-27"]
    )
    lines[place] = f"{lines[place].split(' = ')[0]} = {data.draw(odd)}"
    with contextlib.suppress(ProtocolError):
        read("\n".join(lines))
