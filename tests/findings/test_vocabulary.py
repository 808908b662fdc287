"""The vocabulary: each finding's words, codes, units and ranges, and the reader that refuses a wrong one."""

from decimal import Decimal

import pytest
from moments import WELL, number

from aldes.errors import ProtocolError
from aldes.findings.convert import convert
from aldes.findings.read import LOINC, OWN, SNOMED, parse, vocabulary
from aldes.findings.vocabulary import Finding, Group, Kind, Worse, absent_value, worst_of
from aldes.protocols.interaction import ATC_CODE

FINDINGS = tuple(vocabulary().findings.values())
CHARTED = [each for each in FINDINGS if not each.derived and each.group is not Group.COURSE]
NUMBERS = [each for each in CHARTED if each.kind is Kind.NUMBER]


def named(findings: list[Finding]) -> list[object]:
    return [pytest.param(each, id=each.name) for each in findings]


# ── what ships ───────────────────────────────────────────────────────────────────────────────────────────────


def check_digit(code: str) -> int:
    """The last digit of a LOINC code, from the digits before it (modulus 10)."""
    digits = [int(digit) for digit in reversed(code.partition("-")[0])]
    doubled = [2 * digit - 9 * (digit > 4) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    return -sum(doubled) % 10


LOINCS = [(each.name, code) for each in FINDINGS for code in each.loinc]


@pytest.mark.parametrize(("name", "code"), LOINCS)
def test_a_loinc_code_passes_its_check_digit(name, code):
    assert code.count("-") == 1
    assert int(code[-1]) == check_digit(code)


def test_a_mistyped_loinc_code_would_not_pass():
    assert check_digit("2160-0") == 0
    assert check_digit("2610-0") != 0


@pytest.mark.parametrize("finding", named([each for each in FINDINGS if each.snomed]))
def test_a_snomed_code_is_a_number_that_passes_its_check_digit(finding):
    for code in finding.snomed:
        assert verhoeff(code) == 0


@pytest.mark.parametrize("finding", named([each for each in FINDINGS if each.atc]))
def test_a_drug_says_only_what_stays_so_and_its_codes_are_of_the_index(finding):
    assert (finding.kind, finding.group) == (Kind.FLAG, Group.HISTORY)
    assert all(ATC_CODE.fullmatch(code) and len(code) >= len("L01FF") for code in finding.atc)


def test_a_drug_of_a_class_says_the_finding_and_a_class_above_it_does_not():
    assert vocabulary().said_by_drug(["L01FF02"]) == ("prior_pd1",)
    assert vocabulary().said_by_drug(["L01F", "L01FX04"]) == ()
    assert vocabulary().said_by_drug([]) == ()


def verhoeff(code: str) -> int:
    """0 for a whole number of digits whose last one checks the others (dihedral group of the pentagon)."""
    check = 0
    for place, digit in enumerate(reversed(code)):
        number = int(digit)
        for _ in range(place % 8):
            number = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)[number]
        check = _turned(check, number)
    return check


def _turned(a: int, b: int) -> int:
    """The product of two symmetries of a pentagon: 0 to 4 turn it, 5 to 9 mirror it."""
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


@pytest.mark.parametrize("finding", named(NUMBERS))
def test_a_number_is_read_in_its_own_unit_unchanged(finding):
    assert finding.unit in finding.units
    assert convert(Decimal("1.5"), finding.unit, finding) == Decimal("1.5")


@pytest.mark.parametrize("finding", named(NUMBERS))
def test_a_survivable_range_is_a_range_of_a_body(finding):
    assert finding.survivable is not None
    lowest, highest = finding.survivable
    assert 0 <= lowest < highest


@pytest.mark.parametrize("name", WELL)
def test_a_well_patient_lies_well_inside_the_survivable_range(name):
    lowest, highest = vocabulary()[name].survivable or (Decimal(0), Decimal(0))
    value = number(WELL[name])
    assert isinstance(value, Decimal)
    assert lowest * 2 <= value <= highest / Decimal("1.02")


@pytest.mark.parametrize("finding", named([each for each in NUMBERS if each.absent is not None]))
def test_absent_is_survivable_and_as_good_as_it_gets(finding):
    assert finding.survivable is not None
    assert finding.worse is Worse.HIGH
    assert finding.absent == finding.survivable[0]


@pytest.mark.parametrize("finding", named([each for each in CHARTED if each.system]))
def test_a_statement_has_something_to_say_of_each_finding_it_covers(finding):
    absent = absent_value(finding)
    best = {Kind.FLAG: False, Kind.CODE: finding.codes and finding.codes[0]}
    assert absent is not None
    assert absent == best.get(finding.kind, finding.survivable and finding.survivable[0])


def test_the_systems_are_those_a_statement_may_name():
    assert vocabulary().systems == {"cardiac", "neuro", "lungs", "gut", "liver", "skin", "infection", "support"}


@pytest.mark.parametrize("finding", named([each for each in FINDINGS if each.derived]))
def test_a_baseline_or_limit_has_no_worse_direction_and_all_else_has_one(finding):
    settled = finding.derived.op in ("baseline", "limit_low", "limit_high")
    assert (finding.worse is Worse.NONE) is (
        settled or finding.name.startswith("calcium_corrected")
    )  # harmful on both sides


def test_every_finding_has_words():
    assert all(each.words and each.words == each.words.strip() for each in FINDINGS)


def test_a_code_leads_to_one_finding():
    by_code = vocabulary().by_code
    assert by_code[LOINC, "2160-0"] == "creatinine"
    assert by_code[SNOMED, "49436004"] == "atrial_fibrillation"
    assert by_code[OWN, "phenylephrine"] == "phenylephrine"


def test_derived_findings_and_course_facts_cannot_be_charted():
    charted_names = {name for _, name in vocabulary().by_code.items()}
    assert charted_names == {each.name for each in CHARTED}


# ── which of two values is worse ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "values", "worst"),
    [
        ("spo2", (Decimal(97), Decimal(84), Decimal(90)), Decimal(84)),
        ("creatinine", (Decimal(1), Decimal(3), Decimal(2)), Decimal(3)),
        ("seizure", (False, True, False), True),
        ("mental_status", ("changed", "severe", "normal"), "severe"),
        ("spo2", (), None),
    ],
)
def test_the_worst_of_some_values(name, values, worst):
    assert worst_of(vocabulary()[name], values) == worst


# ── the reader ───────────────────────────────────────────────────────────────────────────────────────────────

RIGHT = """
[[finding]]
name = "lactate"
words = "blood lactate"
kind = "number"
group = "lab"
unit = "mmol/L"
units = ["mmol/L"]
survivable = [0.1, 40]
worse = "high"
loinc = ["2524-7"]

[[finding]]
name = "rigor"
words = "rigor"
kind = "flag"
group = "judged"
worse = "true"

[[finding]]
name = "mood"
words = "mood"
kind = "code"
group = "judged"
worse = "high"
codes = ["calm", "low"]

[[derived]]
name = "lactate_high"
words = "highest lactate"
op = "max"
of = "lactate"
since = "last_dose"
"""


def test_a_right_file_is_read():
    found = parse(RIGHT, "own.toml")
    assert found["lactate"].survivable == (Decimal("0.1"), Decimal(40))
    assert (found["lactate_high"].worse, found["lactate_high"].unit) == (Worse.HIGH, "mmol/L")


FAULTS = {
    "twice": ('name = "rigor"', 'name = "lactate"', "'lactate' is defined twice; keep one"),
    "no field": ("unit =", "unti =", "'unti' is no field. Did you mean 'unit'?"),
    "no kind": ('kind = "flag"', 'kind = "flagg"', "finding 'rigor': 'flagg' is not a valid Kind"),
    "no group": ('group = "lab"', 'group = "labor"', "finding 'lactate': 'labor' is not a valid Group"),
    "no direction": ('worse = "true"', 'worse = "yes"', "finding 'rigor': 'yes' is not a valid Worse"),
    "no words": ('words = "rigor"\n', "", "finding 'rigor': "),
    "no unit": ('unit = "mmol/L"\n', "", "a number needs a unit and a survivable range"),
    "no range": ("survivable = [0.1, 40]\n", "", "a number needs a unit and a survivable range"),
    "range of words": ("[0.1, 40]", '["low", "high"]', "finding 'lactate': "),
    "own unit": ('units = ["mmol/L"]', 'units = ["mg/dL"]', "its own unit must be among the accepted units"),
    "flag high": ('worse = "true"', 'worse = "high"', "a flag is worse when true"),
    "no codes": ('codes = ["calm", "low"]\n', "", "a code needs its codes, best first, and is worse high"),
    "code low": (
        'worse = "high"\ncodes',
        'worse = "low"\ncodes',
        "a code needs its codes, best first, and is worse high",
    ),
    "no op": ('op = "max"', 'op = "maxx"', "derived 'lactate_high': 'maxx' is no op. Did you mean 'max'?"),
    "of nothing": ('of = "lactate"', 'of = "lactat"', "asks 'lactat', which is no finding. Did you mean 'lactate'?"),
    "one code twice": (
        'name = "rigor"',
        'name = "rigor"\nloinc = ["2524-7"]',
        "code 2524-7 leads to 'lactate' and to 'rigor'; keep one",
    ),
}


@pytest.mark.parametrize(("right", "wrong", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_wrong_file_is_refused_with_file_finding_and_fault(right, wrong, message):
    assert right in RIGHT
    with pytest.raises(ProtocolError) as refused:
        parse(RIGHT.replace(right, wrong, 1), "own.toml")
    assert str(refused.value).startswith("own.toml: ")
    assert message in str(refused.value)


def test_a_formula_that_asks_no_finding_is_refused():
    text = RIGHT.replace('op = "max"\nof = "lactate"', 'op = "formula"\nformula = "lactate + lactat"\nworse = "high"')
    with pytest.raises(ProtocolError, match="asks 'lactat', which is no finding"):
        parse(text, "own.toml")
