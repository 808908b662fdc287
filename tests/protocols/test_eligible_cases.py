"""Every row asked before a course answers as its lines say, and no row is without them."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from eligible import PROTOCOLS, Eligible, disagreements, eligible, rows_of

from aldes.findings.read import vocabulary
from aldes.findings.vocabulary import Group, Worse
from aldes.protocols.cases import read_cases
from aldes.protocols.eligibility import Eligibility, Retreatment, Type
from aldes.protocols.read import read
from aldes.protocols.verdict import not_met, twice
from aldes.questions.answer import NO, UNKNOWN, YES
from aldes.questions.ask import ask
from aldes.questions.signs import against_worse
from aldes.questions.tree import names
from cases import Cell, extreme

ALL = [line for protocol in PROTOCOLS for line in eligible(protocol)]
Selected = Eligibility | Retreatment
EVERY_ROW = [
    pytest.param(row, id=f"{protocol} {id}")
    for protocol in PROTOCOLS
    for id, row in rows_of(read(protocol, "demo")).items()
]


@pytest.mark.parametrize("line", ALL, ids=lambda line: line.name)
def test_the_row_answers_as_the_line_says(line: Eligible) -> None:
    assert list(disagreements(line, line.site())) == []


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_row_has_lines_for_each_of_its_answers(protocol: str) -> None:
    for id, row in rows_of(read(protocol, "demo")).items():
        shown = {
            key
            for line in eligible(protocol)
            if line.row == id
            for key in ("yes", "no", "unknown")
            if key in line.table
        }
        test = isinstance(row, Eligibility) and row.type is Type.TEST
        assert ({"no", "unknown"} if test else {"yes", "no"}) - shown == set(), id


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_line_speaks_of_a_row_that_is_not_there(protocol: str) -> None:
    assert {line.row for line in eligible(protocol)} - set(rows_of(read(protocol, "demo"))) == set()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_every_row_is_of_the_type_that_the_lines_say(protocol: str) -> None:
    said = {id: each["type"] for each in read_cases(protocol).get("selects", []) for id in each["rows"]}
    assert {row.id: row.type.value for row in read(protocol, "demo").eligibility} == said


def test_every_small_change_of_a_row_is_noticed_by_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "tools"))
    tool = import_module("mutate_before")
    cases, own = sys.modules["cases"], sys.modules["eligible"]
    mutants = [each for protocol in PROTOCOLS for each in tool.of_protocol(protocol)]
    survivors = [each.name for each in mutants if not tool.is_killed(each, cases, own)]

    assert len(mutants) > 1000
    assert [each for each in survivors if not any(tool.fnmatchcase(each, why) for why in tool.read_reasons())] == []


def test_an_unchanged_row_contradicts_none_of_its_lines() -> None:
    assert all(
        list(disagreements(line, read(line.protocol, "demo"))) == [] for line in ALL if "settings" not in line.table
    )


# ── missing is not permission ──


def asked_of(row: Selected) -> list[str]:
    return sorted({name.finding for name in names(twice(row))})


def cells_of(row: Selected, *, worst: bool) -> dict[str, Cell]:
    """Everything that the row asks at its worst, or at its best; sex and age as one who is asked about."""
    cells: dict[str, Cell] = {name: extreme(vocabulary()[name], worst=worst) for name in asked_of(row)}
    neutral: dict[str, Cell] = {"sex": "female", "age": 17.0 if worst else 50.0, "courses_before": 1.0}
    neutral |= {"days_since_discharge": 3.0 if worst else 90.0, "stops_in_force": 1.0 if worst else 0.0}
    return {name: neutral.get(name, value) for name, value in cells.items()}


def answer(row: Selected, cells: dict[str, Cell]) -> object:
    return ask(twice(row), lambda name: cells.get(name.finding))


@pytest.mark.parametrize("row", EVERY_ROW)
def test_a_row_of_which_nothing_is_known_is_unknown(row: Selected) -> None:
    assert answer(row, {"courses_before": 1.0}) is UNKNOWN


@pytest.mark.parametrize("row", EVERY_ROW)
def test_no_missing_finding_turns_a_yes_into_a_no(row: Selected) -> None:
    worst = cells_of(row, worst=True)
    if answer(row, worst) is YES:
        for name in worst:
            assert answer(row, worst | {name: None}) is not NO, name


def need_not_be_asked(row: Selected, cells: dict[str, Cell]) -> bool:
    """Whether the row says of whom it need not be asked, and this is one of them."""
    unless = getattr(row, "unless", None)
    return unless is not None and ask(unless, lambda name: cells.get(name.finding)) is YES


@pytest.mark.parametrize("row", EVERY_ROW)
def test_one_missing_finding_never_makes_the_row_no_by_itself(row: Selected) -> None:
    """It is no without the finding only where it is no whatever the finding is."""
    best = cells_of(row, worst=False)
    for name in best:
        if need_not_be_asked(row, best | {name: None}):
            continue
        ends = (extreme(vocabulary()[name], worst=worst) for worst in (False, True))
        could_be = {answer(row, best | {name: end}) for end in ends}
        assert answer(row, best | {name: None}) is not NO or could_be == {NO}, name


@pytest.mark.parametrize("row", EVERY_ROW)
def test_what_would_make_a_row_no_is_never_said_to_hold_while_it_is_yes(row: Selected) -> None:
    worst = cells_of(row, worst=True)
    if answer(row, worst) is YES:
        assert ask(not_met(row), lambda name: worst.get(name.finding)) is not YES


@pytest.mark.parametrize("row", EVERY_ROW)
def test_an_exclusion_or_caution_becomes_yes_only_toward_worse(row: Selected) -> None:
    if row.question is not None and getattr(row, "type", None) is not Type.SHOWN:
        assert against_worse(row.question, vocabulary()) == ()


def test_every_judged_word_has_a_finding_that_only_a_physician_denies() -> None:
    for id in ("EL-REN-04", "EL-HEP-02", "EL-CNS-03", "EL-TX-01", "CI-01"):
        row = rows_of(read("us-label-2023", "demo"))[id]
        assert all(vocabulary()[name].group in (Group.JUDGED, Group.HISTORY) for name in asked_of(row))


def test_sex_and_age_have_no_worse_end_to_hide_behind() -> None:
    assert {vocabulary()[name].worse for name in ("sex", "age")} == {Worse.NONE}
